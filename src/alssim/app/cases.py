"""Named virtual people: who of the cohort is typical of an onset or a course."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from alssim.app.text import table
from alssim.model.anatomy import ARMS, BULBAR, LEGS, REGIONS
from alssim.model.simulate import Simulation

Mask = NDArray[np.bool_]

YOUNG = 45
"""Years of age at the first symptom below which a course counts as of young onset."""


def first_weak(people: Simulation) -> NDArray[np.int64]:
    """Return the region that is weak first [patient], an index into ``REGIONS``."""
    weak = np.array([people.months(f"weakness_{region}")[0] for region in REGIONS])
    return np.asarray(np.nan_to_num(weak, nan=np.inf).argmin(axis=0), np.int64)


def _usual(people: Simulation) -> Mask:
    return np.asarray(~people.patients.slow & (people.patients.age >= YOUNG))


def _onset(*regions: int) -> Callable[[Simulation], Mask]:
    return lambda people: np.isin(first_weak(people), regions) & _usual(people)


CASES: Mapping[str, Callable[[Simulation], Mask]] = {
    "arm": _onset(*ARMS),
    "leg": _onset(*LEGS),
    "speech": _onset(BULBAR),
    "slow": lambda people: people.patients.slow,
    "young": lambda people: ~people.patients.slow & (people.patients.age < YOUNG),
}
"""A case and who belongs to it [patient]."""


def members(people: Simulation, case: str) -> list[int]:
    """Return the patients of a case, the most typical course first.

    Typical is near the middle of the case in length of life and in the time until a second
    region is affected. Who does not pass through all of King's stages comes last. Only people
    who are diagnosed are counted; ties keep their order.
    """
    found = np.flatnonzero(CASES[case](people) & diagnosed_within(people))
    life, second = (_from_middle(people, event, found) for event in ("death", "second_region"))
    apart = life + second + ~_all_stages(people)[found]
    return [int(patient) for patient in found[np.argsort(apart, kind="stable")]]


def case_of(people: Simulation, patient: int) -> str | None:
    """Return the case to which a patient belongs; None for who fits none."""
    diagnosed = diagnosed_within(people)[patient]
    return next((case for case in CASES if diagnosed and CASES[case](people)[patient]), None)


def _all_stages(people: Simulation) -> Mask:
    """Tell who reaches a third region and the need of a feeding tube or of breathing support."""
    third, tube, mask = (
        np.isfinite(people.months(event)[0])
        for event in ("third_region", "gastrostomy_need", "niv_need")
    )
    return np.asarray(third & (tube | mask), np.bool_)


def _from_middle(people: Simulation, event: str, among: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how far from the middle rank each patient comes, 0 to about 0.5; never is last."""
    months = people.months(event)[0, among]
    order = np.argsort(np.nan_to_num(months, nan=np.inf), kind="stable")
    ranks = np.empty(len(among))
    ranks[order] = np.arange(len(among)) / max(len(among) - 1, 1)
    return np.abs(ranks - 0.5)


def diagnosed_within(people: Simulation) -> Mask:
    """Tell who is diagnosed in life and within the follow-up [patient]."""
    return np.asarray(~np.isnan(people.months("diagnosis")[0]), np.bool_)


def another(order: list[int], patient: int) -> int:
    """Return who comes after a patient in an order, starting again at its end."""
    place = order.index(patient) + 1 if patient in order else 0
    return order[place % len(order)]


def name_of(people: Simulation, patient: int) -> str:
    """Return the made-up first name of a virtual patient."""
    names = table("names")["men" if people.patients.male[patient] else "women"]
    return str(names[int(people.patients.number[patient]) % len(names)])
