"""Deaths in order, for Cox regressions with Efron's ties.

Of d deaths at one time, the j-th (j = 0 .. d-1) is compared with all at risk, less the part j/d
of the d who die then. Each such comparison is a slot; there are as many as deaths. Where patients
have weights, sums are weighted and a slot counts for the mean weight of those who die then, as
lifelines has it too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alssim.statistics.followup import FloatArray, FollowUp, IntArray, freeze


@dataclass(frozen=True, slots=True, eq=False)
class Deaths:
    """When deaths happen, the slots they make, and who is at risk.

    times    [step]   distinct times of deaths, ascending
    tied     [step]   deaths at each
    step     [slot]   to which time a slot belongs
    part     [slot]   j/d: the part of those dying then that the slot leaves out
    step_of  [death]  to which time a death belongs, deaths in the order of the patients
    dying    [death]  the patients who die, in the order of time
    leaving, entering   patients in the order in which they leave and enter; None: all from
                        the start
    weight   [patient] what each counts for in sums; None: 1
    """

    times: FloatArray
    tied: IntArray
    step: IntArray
    part: FloatArray
    step_of: IntArray
    dying: IntArray
    leaving: "Order"
    entering: "Order | None"
    weight: FloatArray | None = None

    def __post_init__(self) -> None:
        freeze(self)

    def slot_weight(self) -> FloatArray:
        """Return what each slot counts for [slot]: the mean weight of those who die then."""
        if self.weight is None:
            return np.ones(len(self.step))
        return np.asarray((self.per_step(self.weight[self.dying]) / self.tied)[self.step])

    def per_step(self, row: FloatArray) -> FloatArray:
        """Sum over the slots of each time: [slot, ...] to [step, ...]."""
        starts = np.cumsum(self.tied) - self.tied
        return np.asarray(np.add.reduceat(row, starts, axis=0), np.float64)

    def per_slot(self, row: FloatArray) -> FloatArray:
        """Sum over those at risk in each slot, weighted: [patient, ...] to [slot, ...]."""
        if self.weight is not None:
            row = row * self.weight.reshape(-1, *[1] * (row.ndim - 1))
        present = self.leaving.sums_from(row)
        if self.entering is not None:
            present = present - self.entering.sums_from(row)
        lost = self.per_step(row[self.dying])
        part = self.part.reshape(-1, *[1] * (row.ndim - 1))
        return np.asarray(present[self.step] - part * lost[self.step], np.float64)

    def per_patient(self, row: FloatArray) -> FloatArray:
        """Sum over the times at which each patient is at risk: [step, ...] to [patient, ...]."""
        found = self.leaving.sums_up_to(row)
        return found if self.entering is None else found - self.entering.sums_up_to(row)


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """Patients in the order of some time of theirs, against the times of the deaths.

    patients  [patient]  numbers, by ascending time
    first     [step]     how many of them have a time before that of the death
    steps     [patient]  how many deaths' times are at or before the patient's
    """

    patients: IntArray
    first: IntArray
    steps: IntArray

    def __post_init__(self) -> None:
        freeze(self)

    @classmethod
    def of(cls, time: FloatArray, deaths: FloatArray) -> "Order":
        """Put times [patient] in order, against the times of deaths [step]."""
        patients = np.argsort(time, kind="stable")
        first = np.searchsorted(time[patients], deaths, side="left")
        return cls(patients, first, np.searchsorted(deaths, time, side="right"))

    def sums_from(self, row: FloatArray) -> FloatArray:
        """Sum [patient, ...] over whose time is at or after each death's: [step, ...]."""
        sums = np.cumsum(row[self.patients[::-1]], axis=0)
        return np.asarray(sums[len(row) - 1 - self.first] * _any(self.first < len(row), row))

    def sums_up_to(self, row: FloatArray) -> FloatArray:
        """Sum [step, ...] over the deaths at or before each patient's time: [patient, ...]."""
        sums = np.concatenate((np.zeros((1, *row.shape[1:])), np.cumsum(row, axis=0)))
        return np.asarray(sums[self.steps], np.float64)


def deaths_of(seen: FollowUp, weight: FloatArray | None = None) -> Deaths:
    """Put the deaths of a follow-up in order; ``weight`` [patient], None: all count for 1."""
    times, step_of, tied = np.unique(seen.time[seen.event], return_inverse=True, return_counts=True)
    step = np.repeat(np.arange(len(times)), tied)
    before = np.cumsum(tied) - tied
    leaving = Order.of(seen.time, times)
    return Deaths(
        times,
        tied,
        step,
        (np.arange(len(step)) - before[step]) / tied[step],
        step_of,
        leaving.patients[seen.event[leaving.patients]],
        leaving,
        None if seen.entry is None else Order.of(seen.entry, times),
        weight,
    )


def sum_clusters(each: FloatArray, cluster: NDArray[np.generic] | None) -> FloatArray:
    """Add up the rows of each cluster: [patient, ...] to [cluster, ...]."""
    if cluster is None:
        return each
    _, codes, sizes = np.unique(cluster, return_inverse=True, return_counts=True)
    together = each[np.argsort(codes, kind="stable")]
    return np.asarray(np.add.reduceat(together, np.cumsum(sizes) - sizes, axis=0), np.float64)


def _any(some: NDArray[np.bool_], row: FloatArray) -> FloatArray:
    """Return 1 where there is anybody to sum over, 0 elsewhere; to multiply rows of this shape."""
    return some.astype(np.float64).reshape(-1, *[1] * (row.ndim - 1))
