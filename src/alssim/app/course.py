"""One virtual person's course as plain lists, for the player: computed once, sent once.

Every list has one value a month from 0 to the person's last. If the person dies within the
follow-up, the last month is that of death; it repeats the state of the last month lived. Where a
simulation holds a second arm, the person's treated twin is told beside.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alssim.app.cases import first_weak
from alssim.app.text import say, table
from alssim.app.twins import twin_lines
from alssim.model.anatomy import REGION_COUNT, REGIONS
from alssim.model.events import CAUSES, EVENTS
from alssim.model.simulate import Simulation
from alssim.model.staging import KINGS, subscores
from alssim.present import words as sentences
from alssim.present.bodymap import COLOURS, HATCH_BELOW, Words
from alssim.present.naming import symptom_label, treatment_in_words

ARM, TREATED = 0, 1
"""Usual care, no added treatment; and the same person with a treatment, where there is one."""


@dataclass(frozen=True, slots=True)
class Life:
    """Which life of which person, and which months of its visits are shown."""

    people: Simulation
    patient: int
    arm: int
    lived: int
    death: int | None

    @property
    def last(self) -> int:
        """The last month shown."""
        return self.lived if self.death is None else self.death

    def rows(self, values: NDArray[Any]) -> NDArray[Any]:
        """Cut [arm, patient, month, ...] to the months shown; death repeats the last row."""
        own = values[self.arm, self.patient, : self.lived + 1]
        return np.concatenate([own, own[-1:].repeat(self.last - self.lived, axis=0)])

    def month(self, event: str) -> int | None:
        """Return the first whole month at which an event has happened."""
        when = float(self.people.months(event)[self.arm, self.patient])
        return None if isnan(when) or ceil(when) > self.last else max(0, ceil(when))


def follow(people: Simulation, patient: int, arm: int = ARM) -> Life:
    """Find the months of a person's life that are shown."""
    assert people.visits is not None
    lived = int(np.count_nonzero(people.visits.alive[arm, patient])) - 1
    when = float(people.months("death")[arm, patient])
    dead = not isnan(when) and when <= people.visits.months[-1]
    return Life(people, patient, arm, lived, lived + 1 if dead else None)


def course(people: Simulation, patient: int, month: int) -> dict[str, Any]:
    """Return everything the player shows of one person, opening at ``month``."""
    life = follow(people, patient)
    twin = follow(people, patient, TREATED) if len(people.scenario.arms) > 1 else None
    last = max(life.last, twin.last if twin else 0)
    number = int(people.patients.number[patient])
    return {
        "person": f"{people.scenario.people}.{people.scenario.fate}.{number}",
        "month": min(max(month, 0), last),
        "last": last,
        "death": life.death,
        "regions": [{"key": key, "name": name} for key, name in body_words().names.items()],
        "part_names": list(table("parts").values()),
        **_curves(life),
        "twin": _beside(twin) if twin else None,
        "scales": [_scale(life, name, last) for name in table("scales")],
        "symptoms": list(_symptoms(life)),
        "milestones": list(_milestones(life)),
        "story": list(_story(life)),
        "colours": COLOURS,
        "hatch_below": HATCH_BELOW,
        "text": {**table("player"), "told": body_words().told},
    }


def body_words() -> Words:
    """Return the words on the body map."""
    names = {region: say(f"regions.{region}") for region in REGIONS}
    return Words(names=names, **table("body"))


def opening_month(people: Simulation, patient: int) -> int:
    """Return where a walk begins: at diagnosis, when something can be seen."""
    return follow(people, patient).month("diagnosis") or 0


def _curves(life: Life) -> dict[str, Any]:
    visits = life.people.visits
    assert visits is not None
    lower, upper = _left(life)
    strength = np.rint(100 * life.rows(visits.strength)).astype(int).T.tolist()
    parts = subscores(life.rows(visits.items)).T.tolist()
    curves = _totals(life)
    layers = {"lower": lower, "upper": upper, "strength": strength}
    names = list(body_words().names.values())
    alts = {
        **{name: _curve_alt(name, values) for name, values in curves.items()},
        **{name: _lines_alt(name, names, values) for name, values in layers.items()},
        "parts": _lines_alt("parts", list(table("parts").values()), parts),
    }
    return {**curves, **layers, "parts": parts, "alts": alts}


def _totals(life: Life) -> dict[str, list[int]]:
    """Return the ALSFRS-R and vital capacity of every month."""
    visits = life.people.visits
    assert visits is not None
    score = life.rows(visits.total).astype(int).tolist()
    capacity = np.rint(life.rows(visits.vital_capacity)).astype(int).tolist()
    return {"score": score, "capacity": capacity}


def _left(life: Life) -> tuple[list[list[int]], list[list[int]]]:
    """Return the motor neurons left [region][month] below and above, in percent."""
    visits = life.people.visits
    assert visits is not None
    neurons = life.people.scenario.world.numerics.neurons_per_pool
    left = np.rint(100 * (1 - life.rows(visits.lost) / neurons)).astype(int).T.tolist()
    return left[:REGION_COUNT], left[REGION_COUNT:]


def _beside(twin: Life) -> dict[str, Any]:
    """Return what is shown of the treated twin."""
    curves = _totals(twin)
    title = treatment_in_words(twin.people.scenario.arms[TREATED]).title
    return {
        "title": title,
        "death": twin.death,
        **curves,
        "lower": _left(twin)[0],
        "kings": _stages(twin, "kings", twin.last),
        "alt": say("alts.twin", title=title, values=_yearly(curves["score"])),
        "notes": twin_lines(twin.people),
    }


def _curve_alt(name: str, values: Sequence[int]) -> str:
    return say(f"alts.{name}", values=_yearly(values))


def _lines_alt(name: str, names: Sequence[str], lines: Sequence[Sequence[int]]) -> str:
    told = "; ".join(f"{line}: {_yearly(one)}" for line, one in zip(names, lines, strict=True))
    return say(f"alts.{name}", values=told)


def _yearly(values: Sequence[int]) -> str:
    """Say the values of every twelfth month and of the last."""
    months = sorted({*range(0, len(values), 12), len(values) - 1})
    return ", ".join(say("alts.at", value=values[month], month=month) for month in months)


def _stages(life: Life, name: str, last: int) -> list[int]:
    """Return the stages of a scale up to a month; who has died stays at the last one."""
    values = life.rows(getattr(life.people.visits, name)).astype(int)
    if life.death is not None:
        values[-1] = len(_labels(name)) - 1
    return [*values.tolist(), *[int(values[-1])] * (last - life.last)]


def _scale(life: Life, name: str, last: int) -> dict[str, Any]:
    about = table(f"scales.{name}")
    labels, values = _labels(name), np.array(_stages(life, name, last))
    firsts = [(int(np.argmax(values == v)), labels[v]) for v in np.unique(values)]
    told = ", ".join(say("alts.stage", stage=label, month=month) for month, label in firsts)
    return {
        "name": about["name"],
        "pill": about["pill"],
        "labels": labels,
        "meanings": about["meanings"],
        "values": values.tolist(),
        "alt": f"{about['name']}: {told}",
    }


def _labels(scale: str) -> list[str]:
    stages = len(table(f"scales.{scale}")["meanings"])
    return list(KINGS) if scale == "kings" else [str(stage) for stage in range(stages)]


def _symptoms(life: Life) -> Iterator[dict[str, Any]]:
    """Yield each symptom that ever appears, with the months at which it is present."""
    visits = life.people.visits
    assert visits is not None
    present = visits.symptoms[life.arm, life.patient, : life.lived + 1]
    for place, symptom in enumerate(life.people.scenario.world.symptoms):
        if runs := _runs(present[:, place]):
            yield {"name": symptom_label(symptom.name, symptom.label), "runs": runs}


def _runs(present: NDArray[np.bool_]) -> list[list[int]]:
    """Return the first and last month of every stretch of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], present, [False]]).astype(np.int8)))
    return [[int(start), int(end) - 1] for start, end in edges.reshape(-1, 2)]


def _milestones(life: Life) -> Iterator[dict[str, Any]]:
    """Yield the marks of the timeline; those of one month share a mark."""
    names: dict[int, list[str]] = {}
    for event, name in sentences.texts()["milestones"].items():
        if (month := life.month(event)) is not None:
            names.setdefault(month, []).append(name)
    for month in sorted(names):
        yield {"month": month, "name": " · ".join(names[month])}


def _story(life: Life) -> list[dict[str, Any]]:
    """Return what happens, in order, in sentences."""
    people, patient, arm = life.people, life.patient, life.arm
    moments = sentences.story(
        {event: float(people.months(event)[arm, patient]) for event in EVENTS},
        age=float(people.patients.age[patient]),
        male=bool(people.patients.male[patient]),
        region=REGIONS[int(first_weak(people)[patient])],
        cause=CAUSES[int(people.cause[arm, patient])],
        horizon=None if life.death else float(life.last),
    )
    return [_moment(life, when, text) for when, text in moments if when <= life.last]


def _moment(life: Life, when: float, text: str) -> dict[str, Any]:
    month = min(max(ceil(when), 0), life.last)
    return {"month": month, "when": say("player.when", month=month), "text": text}
