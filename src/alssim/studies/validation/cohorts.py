"""The cohorts that measurements share: simulated part by part, and cut down to what is measured.

All are the same virtual people with the same fate, seen in different worlds or for other spans:

- ``usual``    the default world until death; events alone
- ``visits``   the default world with monthly visits, also of the course that death cuts off
- ``minimal``  minimal care, with monthly visits
- ``niv``, ``no_niv``  everyone, or no one, uses NIV from the month of need on; no tracheostomy
- ``silent``   the disease held still some months before the first symptom, seen at month 0
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.model.anatomy import ARMS, BULBAR, LEGS, REGION_COUNT, REGIONS
from alssim.model.backend import Backend
from alssim.model.events import months_of
from alssim.model.patients import Patients
from alssim.model.simulate import Part, simulate_parts
from alssim.parameters import load_scenario
from alssim.parameters.schema import Effect, Scenario, Treatment
from alssim.studies.validation.designs import Designs, load_designs

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Progress = Callable[[str, int, int], None]

WHOLE_COURSE, VISITED, CARE_TRIAL = 600, 132, 240  # months
SET_HERE = ("patients", "people", "fate", "horizon", "arms", "name", "title")


@dataclass(frozen=True, slots=True)
class Plan:
    """How a cohort is simulated: changes by dotted key, months, and what is kept of it."""

    changes: Mapping[str, Any]
    horizon: int
    visits: bool = False
    latent: bool = False
    held: bool = False


PLANS: dict[str, Plan] = {
    "usual": Plan({}, WHOLE_COURSE),
    "visits": Plan({}, VISITED, visits=True, latent=True),
    "minimal": Plan({"care": "minimal"}, VISITED, visits=True),
    "niv": Plan({"care.niv_acceptance": 1.0, "care.tracheostomy_acceptance": 0.0}, CARE_TRIAL),
    "no_niv": Plan({"care.niv_acceptance": 0.0, "care.tracheostomy_acceptance": 0.0}, CARE_TRIAL),
    "silent": Plan({}, 1, visits=True, held=True),
}


@dataclass(frozen=True, eq=False)
class Cohort:
    """Virtual patients with what measurements read of their events and visits.

    Months count from the first symptom; not-a-number stands for never in life. Visits are at the
    whole months; their arrays are empty (no month) where visits were not kept.

    patients  who they are
    events    [event, patient]
    items     [patient, month, 12]  ALSFRS-R as rated
    capacity  [patient, month]      vital capacity, % predicted
    left      [patient, month, region]  share of the lower motor neurons left, 0-1
    horizon   months after which nobody is followed
    seed      seed of the people
    """

    patients: Patients
    events: FloatArray
    items: NDArray[np.int8]
    capacity: NDArray[np.float32]
    left: NDArray[np.float32]
    horizon: int
    seed: int

    def __len__(self) -> int:
        return len(self.patients)

    def months(self, event: str) -> FloatArray:
        """Return the month of an event [patient]; not-a-number where it never comes in life."""
        found = months_of(self.events, event)
        return np.where(found > self.death, np.nan, found) if event != "death" else found

    @cached_property
    def death(self) -> FloatArray:
        """Month of death [patient]."""
        return months_of(self.events, "death")

    @cached_property
    def end(self) -> FloatArray:
        """Month of death or tracheostomy [patient], the endpoint of registries."""
        return np.fmin(self.death, self.months("tracheostomy"))

    @cached_property
    def onset(self) -> IntArray:
        """Region that is weak first [patient], an index into REGIONS; -1 if none is."""
        weak = self.weakness
        first = np.nan_to_num(weak, nan=np.inf).argmin(axis=0)
        return np.where(np.isfinite(weak).any(axis=0), first, -1)

    @cached_property
    def weakness(self) -> FloatArray:
        """Month in which each region becomes weak [region, patient]."""
        return np.array([self.months(f"weakness_{region}") for region in REGIONS])

    @property
    def bulbar(self) -> BoolArray:
        """Say who has bulbar onset [patient]."""
        return np.asarray(self.onset == BULBAR)

    @property
    def arm(self) -> BoolArray:
        """Say who has arm onset [patient]."""
        return np.isin(self.onset, ARMS)

    @property
    def leg(self) -> BoolArray:
        """Say who has leg onset [patient]."""
        return np.isin(self.onset, LEGS)

    @cached_property
    def total(self) -> IntArray:
        """ALSFRS-R total at each visit [patient, month]."""
        return np.asarray(self.items.sum(axis=-1, dtype=np.int64))

    @property
    def last_visit(self) -> int:
        """The last month with a visit."""
        return int(self.capacity.shape[1]) - 1


@dataclass(frozen=True, eq=False)
class Cohorts:
    """The cohorts by name, and the designs that measurements follow."""

    by_name: Mapping[str, Cohort]
    designs: Designs

    def __getitem__(self, name: str) -> Cohort:
        return self.by_name[name]


def scenarios(
    patients: int, seed: int, changes: Mapping[str, Any], names: Iterable[str]
) -> dict[str, Scenario]:
    """Return the scenario of each cohort; ``changes`` are laid over the reference scenario.

    Raises ``ParameterError`` with all problems of the changes, and ``UsageError`` for a change of
    what the study sets itself.
    """
    if own := [key for key in changes if key.split(".")[0] in SET_HERE]:
        allowed = "parameters of the world, such as pace.median"
        raise UsageError(f"{own[0]} is set by the validation itself; change {allowed}")
    return {name: _scenario(PLANS[name], patients, seed, changes) for name in names}


def _scenario(plan: Plan, patients: int, seed: int, changes: Mapping[str, Any]) -> Scenario:
    own = {"patients": patients, "people": seed, "fate": seed, "horizon": plan.horizon}
    kept = {key: value for key, value in changes.items() if not _is_offered(key, plan)}
    scenario = load_scenario("reference", {**kept, **plan.changes, **own}).record
    if not plan.held:
        return scenario
    return replace(scenario, arms=(*scenario.arms, hold(load_designs().thresholds.silent_months)))


def _is_offered(key: str, plan: Plan) -> bool:
    """Whether a change is one of care, in a cohort that has a care setting of its own."""
    return "care" in plan.changes and key.split(".")[0] == "care"


def hold(months: float) -> Treatment:
    """Return a treatment that holds the disease still from some months before the first symptom.

    It only serves to count neurons in the silent phase: what it leaves at month 0 is what there
    was at its start.
    """
    still = Effect(target="progression", size=1.0, start="month", month=-months)
    return Treatment(name="held", title="Held still", effects=(still,))


def simulate_cohorts(
    wanted: Mapping[str, Scenario],
    backend: Backend = "auto",
    threads: int = 1,
    progress: Progress | None = None,
) -> Cohorts:
    """Simulate cohorts one after the other.

    ``progress`` is called with the name of the cohort, patients done and patients in all.
    """
    found = {
        name: _simulate(name, scenario, backend, threads, progress)
        for name, scenario in wanted.items()
    }
    return Cohorts(found, load_designs())


def _simulate(
    name: str, scenario: Scenario, backend: Backend, threads: int, progress: Progress | None
) -> Cohort:
    plan = PLANS[name]
    parts = simulate_parts(
        scenario,
        visits=plan.visits,
        latent=plan.latent,
        backend=backend,
        threads=threads,
        progress=None if progress is None else lambda done, total: progress(name, done, total),
    )
    neurons = scenario.world.numerics.neurons_per_pool
    return _joined(scenario, [cut(part, scenario.horizon, neurons) for part in parts])


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """What a cohort keeps of one part."""

    patients: Patients
    events: FloatArray
    items: NDArray[np.int8]
    capacity: NDArray[np.float32]
    left: NDArray[np.float32]


def cut(part: Part, last: int, neurons: int) -> Cut:
    """Keep of a part what measurements read; the last arm, and visits up to month ``last``."""
    events = part.events[-1].copy()
    if part.visits is None:
        none = len(part.patients), 0
        return Cut(
            part.patients,
            events,
            np.zeros((*none, 12), np.int8),
            np.zeros(none, np.float32),
            np.zeros((*none, REGION_COUNT), np.float32),
        )
    visits = part.visits
    lower = visits.lost[-1][..., :REGION_COUNT]
    return Cut(
        part.patients,
        events,
        _lengthened(visits.items[-1], last),
        _lengthened(visits.vital_capacity[-1], last),
        _lengthened((1 - lower / np.float32(neurons)).astype(np.float32), last),
    )


def _lengthened(values: NDArray[Any], last: int) -> NDArray[Any]:
    """Return visits up to a month; after the last one kept everybody is dead (0)."""
    missing = last + 1 - values.shape[1]
    if missing <= 0:
        return values.copy()
    return np.pad(values, [(0, 0), (0, missing), *[(0, 0)] * (values.ndim - 2)])


def _joined(scenario: Scenario, cuts: list[Cut]) -> Cohort:
    traits = Patients.__dataclass_fields__
    people = {
        name: np.concatenate([getattr(one.patients, name) for one in cuts]) for name in traits
    }
    return Cohort(
        patients=Patients(**people),
        events=np.concatenate([one.events for one in cuts], axis=1),
        items=np.concatenate([one.items for one in cuts]),
        capacity=np.concatenate([one.capacity for one in cuts]),
        left=np.concatenate([one.left for one in cuts]),
        horizon=scenario.horizon,
        seed=scenario.people,
    )
