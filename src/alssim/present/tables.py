"""Documented tables of virtual patients: who they are, what happens when, monthly visits.

A table is made from a whole simulation or from any part of one, so that large cohorts are written
part by part. Rows are in order of patient, arm and month; what each column means is told in
``text/tables.toml``. Nothing after death is in a table, apart from ``latent``, which says so.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.model.anatomy import POOLS, REGIONS
from alssim.model.events import CAUSES, EVENT_NAMES, months_of
from alssim.model.function import ITEM_NAMES
from alssim.model.luck import accepts
from alssim.model.patients import COGNITION, GENETIC_FORMS, Patients
from alssim.model.staging import KINGS, first_reached, running_maximum
from alssim.model.visits import Visits
from alssim.parameters.schema import Scenario
from alssim.present.columns import Column, Numbers, Table, Words

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TABLES = ("patients", "events", "visits", "neurons", "latent")
FROM_VISITS = ("visits", "neurons", "latent")
"""Tables that need monthly visits."""
RATED_SCALES = {"kings_alsfrs": (2, 3, 4, 5), "mitos": (1, 2, 3, 4, 5), "ft9": (1, 2, 3, 4, 5)}
"""Stages of the scales that are read from rated items; the last is death."""
MONTH_DECIMALS = 4  # of a month: about four minutes


class Followed(Protocol):
    """A simulation or a part of one, as far as tables need it."""

    @property
    def patients(self) -> Patients:
        """Who they are."""

    @property
    def events(self) -> FloatArray:
        """Months of the events [arm, event, patient]."""

    @property
    def cause(self) -> NDArray[np.int8]:
        """Cause of death [arm, patient]."""

    @property
    def visits(self) -> Visits | None:
        """Monthly visits."""


@cache
def words() -> Mapping[str, Any]:
    """Return what each table and column means; not to be changed."""
    text = files("alssim.present").joinpath("text/tables.toml").read_text("utf-8")
    return tomllib.loads(text)


def make_tables(scenario: Scenario, part: Followed, wanted: Iterable[str]) -> list[Table]:
    """Return the wanted tables of a simulation, or of a part of one.

    Raises ``UsageError`` for an unknown table, or one that needs visits which were not kept.
    """
    return [make_table(scenario, part, name) for name in wanted]


def make_table(scenario: Scenario, part: Followed, name: str) -> Table:
    """Return one table; errors as ``make_tables``."""
    if name not in TABLES:
        raise UsageError(f"there is no table {name!r}; known: {', '.join(TABLES)}")
    return Table(name, _MAKERS[name](scenario, part))


def column_names(name: str) -> tuple[str, ...]:
    """Return the columns of a table, in order."""
    return tuple(words()[name]["columns"])


# -------------------------------------------------------------------------- patients and events


def _patients(scenario: Scenario, part: Followed) -> dict[str, Column]:
    people, care = part.patients, scenario.world.care
    return {
        "patient": Numbers(people.number),
        "sex": Words(people.male, ("female", "male")),
        "age_at_onset": Numbers(people.age, 3),
        "onset_region": Words(_first_weak(part.events), REGIONS),
        "first_hit_region": Words(people.first_region, REGIONS),
        "first_hit_layer": Words(people.first_upper, ("lower", "upper")),
        "second_hit_region": Words(people.second_region, REGIONS),
        "genetic_form": Words(people.genetic_form, GENETIC_FORMS),
        "cognition": Words(people.cognition, COGNITION),
        "handedness": Words(people.right_handed, ("left", "right")),
        "pace": Numbers(people.pace, 6),
        "slow": Numbers(people.slow),
        "spread": Numbers(people.spread, 6),
        "capacity_before": Numbers(people.capacity, 3),
        "accepts_niv": Numbers(accepts(people, "niv", care.niv_acceptance)),
        "accepts_gastrostomy": Numbers(accepts(people, "gastrostomy", care.gastrostomy_acceptance)),
        "accepts_tracheostomy": Numbers(
            accepts(people, "tracheostomy", care.tracheostomy_acceptance)
        ),
        "asks_to_stop_ventilation": Numbers(
            accepts(people, "stop_ventilation", care.ventilation_stop_share)
        ),
        "accepts_hospice": Numbers(accepts(people, "hospice", care.hospice_share)),
        "takes_riluzole": Numbers(accepts(people, "riluzole", care.riluzole_share)),
        "response": Numbers(people.response, 6),
    }


def _first_weak(events: FloatArray) -> IntArray:
    """Return the region that is weak first with usual care [patient]; -1 if none ever is."""
    weak = np.array([months_of(events, f"weakness_{region}")[0] for region in REGIONS])
    first = np.nan_to_num(weak, nan=np.inf).argmin(axis=0)
    return np.where(np.isfinite(weak).any(axis=0), first, -1)


def _events(scenario: Scenario, part: Followed) -> dict[str, Column]:
    found = event_months(part)
    months = np.moveaxis(np.array(list(found.values())), 0, -1).swapaxes(0, 1)
    order = np.argsort(months, axis=-1, kind="stable")  # what never happens comes last
    in_time = np.take_along_axis(months, order, axis=-1)
    patient, arm, place = np.nonzero(np.isfinite(in_time))
    event = order[patient, arm, place]
    died = event == list(found).index("death")
    return {
        **_keys(scenario, part, patient, arm),
        "event": Words(event, tuple(found)),
        "month": Numbers(in_time[patient, arm, place], MONTH_DECIMALS),
        "cause": Words(np.where(died, part.cause[arm, patient], -1), CAUSES),
    }


def event_months(part: Followed) -> dict[str, FloatArray]:
    """Return the months of all events and milestones [arm, patient]; NaN where never in life.

    Stages that are read from rated items are there when visits are: the first visit at or above
    a stage, and death for the last one.
    """
    death = months_of(part.events, "death")
    lived = np.where(part.events > death[:, None], np.nan, part.events)
    found = {name: months_of(lived, name) for name in EVENT_NAMES}
    return found if part.visits is None else found | _rated_stages(part.visits, death)


def _rated_stages(visits: Visits, death: FloatArray) -> dict[str, FloatArray]:
    found = {}
    for scale, (*levels, last) in RATED_SCALES.items():
        stage = np.where(visits.alive, getattr(visits, scale), 0)
        for level in levels:
            found[f"{scale}_{level}"] = first_reached(stage, visits.months, level)
        found[f"{scale}_{last}"] = death
    return found


def _keys(
    scenario: Scenario, part: Followed, patient: NDArray[Any], arm: NDArray[Any]
) -> dict[str, Column]:
    names = tuple(one.name for one in scenario.arms)
    return {"patient": Numbers(part.patients.number[patient]), "arm": Words(arm, names)}


# ------------------------------------------------------------------------------ monthly visits


def _visits(scenario: Scenario, part: Followed) -> dict[str, Column]:
    visits = _kept(part)
    keys, at = _rows(scenario, part, visits.alive)
    stages = {name: Numbers(getattr(visits, name)[at]) for name in ("mitos", "ft9", "docs")}
    return {
        **keys,
        **_seen(visits, at),
        "kings": Words(visits.kings[at], KINGS),
        "kings_alsfrs": Numbers(running_maximum(visits.kings_alsfrs)[at]),
        "kings_alsfrs_raw": Numbers(visits.kings_alsfrs[at]),
        **stages,
    }


def _neurons(scenario: Scenario, part: Followed) -> dict[str, Column]:
    visits = _kept(part)
    keys, at = _rows(scenario, part, visits.alive)
    lost = visits.lost[at]
    return {**keys, **{f"lost_{pool}": Numbers(lost[:, p]) for p, pool in enumerate(POOLS)}}


def _latent(scenario: Scenario, part: Followed) -> dict[str, Column]:
    visits = _kept(part)
    after_death = visits.vital_capacity[~visits.alive]
    if len(after_death) and not after_death.any():
        raise UsageError("these visits end with death; simulate with latent=True")
    keys, at = _rows(scenario, part, np.ones_like(visits.alive))
    return {**keys, "alive": Numbers(visits.alive[at]), **_seen(visits, at)}


def _kept(part: Followed) -> Visits:
    if part.visits is None:
        raise UsageError("these tables need monthly visits; simulate with visits=True")
    return part.visits


At = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]


def _rows(
    scenario: Scenario, part: Followed, shown: NDArray[np.bool_]
) -> tuple[dict[str, Column], At]:
    """Return key columns, and the place [arm, patient, month] of each row that is shown."""
    patient, arm, month = np.nonzero(shown.swapaxes(0, 1))
    return {**_keys(scenario, part, patient, arm), "month": Numbers(month)}, (arm, patient, month)


def _seen(visits: Visits, at: At) -> dict[str, Column]:
    items = visits.items[at]
    return {
        **{name: Numbers(items[:, number]) for number, name in enumerate(ITEM_NAMES)},
        "total": Numbers(items.sum(axis=1)),
        "vital_capacity": Numbers(visits.vital_capacity[at], 2),
        "weight_loss": Numbers(visits.weight_loss[at], 2),
    }


_MAKERS: dict[str, Callable[[Scenario, Followed], dict[str, Column]]] = {
    "patients": _patients,
    "events": _events,
    "visits": _visits,
    "neurons": _neurons,
    "latent": _latent,
}
