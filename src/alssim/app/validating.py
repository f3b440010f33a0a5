"""The validation that *Validation* asks for: run once for everybody, with progress and a stop."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from alssim.app.once import PATIENCE, Shelf, stoppable
from alssim.app.study import Study
from alssim.app.text import say
from alssim.model.record import record_of
from alssim.model.simulate import Progress
from alssim.parameters.reading import parse_settings
from alssim.present import validation_words as words
from alssim.present.data_files import Columns
from alssim.studies.validation.cohorts import PLANS, scenarios, simulate_cohorts
from alssim.studies.validation.study import Row, Validation, judge_all

KEPT: Shelf[Validation] = Shelf(16)
FOLLOWED = 0.7
"""Share of the whole time in which people are followed; then targets are measured."""
_one_at_a_time = Lock()
"""Six cohorts of 20,000 people take much memory: two validations never run beside each other."""


def run(study: Study, patients: int, stop: Callable[[], None]) -> Validation:
    """Hold the model against every target, with the visitor's seed and changed values.

    A visitor's own file is not validated: targets are measured in the reference world. Raises
    ``AlssimError`` when the model refuses the values.
    """
    changes = () if study.private else study.changes
    seed = study.record.people
    label = say("validation.working", people=f"{patients:,}")
    with stoppable(label, "validation", stop) as progress:

        def wait() -> None:
            progress(0, 1)

        def work() -> Validation:
            with _alone(wait):
                return _validated(patients, seed, changes, progress)

        return KEPT.once((patients, seed, changes), work, wait)


@contextmanager
def _alone(wait: Callable[[], None]) -> Iterator[None]:
    while not _one_at_a_time.acquire(timeout=PATIENCE):
        wait()
    try:
        yield
    finally:
        _one_at_a_time.release()


def _validated(
    patients: int, seed: int, changes: Sequence[tuple[str, str]], progress: Progress
) -> Validation:
    names = tuple(PLANS)
    settings = parse_settings(f"{key}={value}" for key, value in changes)
    wanted = scenarios(patients, seed, settings, names)

    def following(cohort: str, done: int, whole: int) -> None:
        share = (names.index(cohort) + done / max(whole, 1)) / len(names)
        progress(round(1000 * FOLLOWED * share), 1000)

    def measuring(done: int, whole: int) -> None:
        progress(round(1000 * (FOLLOWED + (1 - FOLLOWED) * done / whole)), 1000)

    cohorts = simulate_cohorts(wanted, progress=following)
    return judge_all(cohorts, record_of(wanted["usual"]), measuring)


def shown_rows(found: Validation, use: str, result: str, area: str) -> list[Row]:
    """Return the rows of a use, a result and an area; ``all`` stands for any."""
    return [
        row
        for row in found.rows
        if use in ("all", row.target.use, "core" if row.target.is_core else "")
        and result in ("all", outcome(row))
        and area in ("all", area_of(row))
    ]


def outcome(row: Row) -> str:
    """Return what became of a row: ``passed``, ``missed`` or ``unmeasured``."""
    if row.measured is None:
        return "unmeasured"
    return "passed" if row.passed else "missed"


def area_of(row: Row) -> str:
    """Return the area of a row: the letters of its id, in small ones."""
    return row.target.id.partition("-")[0].lower()


def missed(found: Validation) -> list[Row]:
    """Return the rows that miss, the farthest first; statements and what is not measured last."""
    rows = [row for row in found.rows if not row.passed]
    return sorted(rows, key=lambda row: -_far(row))


def _far(row: Row) -> float:
    distance = row.verdict.distance if row.verdict else 0.0
    return abs(distance) if math.isfinite(distance) else 0.0


def miss_sentence(row: Row) -> str:
    """Say how far off a row is, without intervals of chance."""
    target, found = row.target, row.measured
    if found is None:
        return say("validation.unmeasured_row", quantity=target.quantity, reason=row.reason)
    if target.rule == "true":
        return say("validation.statement_row", quantity=target.quantity)
    named = {"quantity": target.quantity, "unit": target.unit, "distance": words.distance(row)}
    value, *others = map(words.number, found.values)
    if target.rule == "spread":
        ends = (words.number(target.lo), words.number(target.hi))
        known = say("validation.range", value=words.number(target.value), low=ends[0], high=ends[1])
        return say(
            "validation.missed_row",
            published=known,
            simulated=say("validation.range", value=value, low=others[0], high=others[1]),
            **named,
        )
    simulated = f"{value} (SD {others[0]})" if others else value
    return say(
        "validation.missed_row", published=words.published(target), simulated=simulated, **named
    )


def row_columns(rows: Sequence[Row]) -> Columns:
    """Return every number and word of some rows, for a file."""
    columns: dict[str, list[object]] = {
        "row": [row.target.id for row in rows],
        "use": [row.target.use for row in rows],
        "core": [int(row.target.is_core) for row in rows],
        "quantity": [row.target.quantity for row in rows],
        "unit": [row.target.unit for row in rows],
        "population": [row.target.population for row in rows],
        "published": [words.published(row.target) for row in rows],
        "published_interval": [words.published_interval(row.target) for row in rows],
        "simulated": [words.simulated(row) for row in rows],
        "allowed": [words.allowed(row) for row in rows],
        "distance": [words.distance(row) for row in rows],
        "result": [outcome(row) for row in rows],
        "how": [words.how(row.target) for row in rows],
        "citation": [cited(row) for row in rows],
    }
    return columns


def cited(row: Row) -> str:
    """Return the source of a row with its DOI or number."""
    target = row.target
    return f"{target.citation} ({target.doi_or_pmid})" if target.doi_or_pmid else target.citation
