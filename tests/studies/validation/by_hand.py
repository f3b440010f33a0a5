"""Cohorts written down by hand: events by name, and visits as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from alssim.model.anatomy import POOL_COUNT, REGION_COUNT
from alssim.model.events import EVENT, EVENTS
from alssim.model.patients import GENETIC_FORMS, PREFERENCES, Patients
from alssim.studies.validation.cohorts import Cohort, Cohorts
from alssim.studies.validation.designs import Designs, load_designs
from alssim.studies.validation.registry import MEASUREMENTS

Life = Mapping[str, float]
FULL_ITEMS = 4


def people(
    count: int,
    age: Any = 60.0,
    male: Any = True,
    right_handed: Any = True,
    genetic_form: str = "sporadic",
) -> Patients:
    """Return people who differ in what is given alone."""

    def row(value: Any, kind: Any) -> np.ndarray:
        return np.broadcast_to(np.asarray(value, kind), (count,)).copy()

    return Patients(
        number=np.arange(count),
        male=row(male, bool),
        age=row(age, float),
        first_region=row(0, int),
        first_upper=row(False, bool),
        second_region=row(-1, int),
        pace=row(0.06, float),
        slow=row(False, bool),
        spread=row(1.0, float),
        vulnerability=np.ones((count, POOL_COUNT)),
        genetic_form=row(GENETIC_FORMS.index(genetic_form), int),
        cognition=row(0, int),
        capacity=row(100.0, float),
        right_handed=row(right_handed, bool),
        preference=np.zeros((count, len(PREFERENCES))),
        response=row(0.5, float),
    )


def cohort(
    *lives: Life,
    months: int = 0,
    horizon: int = 600,
    items: Any = FULL_ITEMS,
    capacity: Any = 100.0,
    left: Any = 1.0,
    **traits: Any,
) -> Cohort:
    """Return a cohort of these lives; what a life does not name never happens.

    ``months`` is the last visit (0: none kept); visits are full scores unless given as arrays
    that broadcast to [patient, month, ...].
    """
    events = np.full((len(EVENTS), len(lives)), np.nan)
    for patient, life in enumerate(lives):
        for event, month in life.items():
            events[EVENT[event], patient] = month
    visits = months + 1 if months else 0
    shape = (len(lives), visits)
    return Cohort(
        patients=people(len(lives), **traits),
        events=events,
        items=np.broadcast_to(np.asarray(items, np.int8), (*shape, 12)).copy(),
        capacity=np.broadcast_to(np.asarray(capacity, np.float32), shape).copy(),
        left=np.broadcast_to(np.asarray(left, np.float32), (*shape, REGION_COUNT)).copy(),
        horizon=horizon,
        seed=1,
    )


def all_enter() -> Designs:
    """Return the shipped designs, but all who qualify enter, 4 to 6 months after diagnosis.

    False alarm of the months: below 1e-9 a patient.
    """
    shipped = load_designs()
    prompt = {"delay_mean": 5.0, "delay_sd": 0.2, "age": 0.0, "bulbar": 0.0, "duration": 0.0}
    return replace(
        shipped,
        clinics=tuple(replace(one, age=0.0, bulbar=0.0) for one in shipped.clinics),
        trials=tuple(replace(one, **prompt) for one in shipped.trials),
    )


def cohorts(**by_name: Cohort) -> Cohorts:
    """Return cohorts by name, with the shipped designs; all who meet the criteria of one enter."""
    return Cohorts(by_name, all_enter())


def measured(target: str, **by_name: Cohort) -> Sequence[float]:
    """Return what the measurement of a target finds in these cohorts."""
    measurement = MEASUREMENTS[target]
    assert set(measurement.needs) == set(by_name), measurement.needs
    return measurement.statistic(measurement.sample(cohorts(**by_name)))


def life(onset: str = "weakness_left_arm", **events: float) -> Life:
    """Return a life with its first weakness at month 0."""
    return {"onset": 0.0, onset: 0.0, **events}
