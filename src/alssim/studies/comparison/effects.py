"""How much the arms differ: months, medians, a hazard ratio with its window, and who is alive.

Every interval is over patients: each patient's influence on the difference, for the two lives of
one person vary together. There is no p-value; twins are no sample of a trial.
"""

from dataclasses import dataclass
from math import nan

import numpy as np

from alssim.errors import UsageError
from alssim.statistics.contrasts import over_patients
from alssim.statistics.followup import FloatArray, FollowUp
from alssim.statistics.means import restricted_mean_influence
from alssim.statistics.medians import paired_median_difference
from alssim.statistics.survival import Estimate, SurvivalCurve, restricted_mean, survival_at
from alssim.statistics.two_arms import hazard_ratio
from alssim.studies.comparison.arms import Comparison
from alssim.studies.comparison.gains import LEVEL

WINDOW = 36.0  # months that a hazard ratio describes, unless asked for others
UNKNOWN = Estimate(nan, nan, nan)


@dataclass(frozen=True, slots=True)
class DescribedRatio:
    """The death hazard of an arm over that of usual care in a window of time: a description.

    It drifts even where the effect does not, as people with a fast course die first; so it
    belongs to its window. ``early`` and ``late``: before and after the month ``split`` that
    halves the events of the window. Intervals over patients (sandwich, both lives of a patient in
    one cluster). Not-a-number: not known, as where nobody reaches the endpoint.
    """

    ratio: Estimate
    begin: float
    until: float
    split: float
    early: float
    late: float


@dataclass(frozen=True, slots=True)
class Precision:
    """What it is worth that both arms hold the same patients.

    paired       standard error of the months gained
    independent  the same if the arms held different people
    worth        how many times as many people independent arms would need for the same error;
                 infinite where all patients gain the same
    """

    paired: float
    independent: float
    worth: float


@dataclass(frozen=True, slots=True)
class Differences:
    """One arm against usual care.

    until      months on the clock to which the mean time lived is restricted
    restricted whether months lived after that exist and are not counted
    mean       mean time lived up to then, minus that with usual care; months, over patients
    median     difference of the medians: not the median of the months gained
    ratio      hazard ratio and its window
    precision  of ``mean``
    """

    arm: str
    until: float
    restricted: bool
    mean: Estimate
    median: Estimate
    ratio: DescribedRatio
    precision: Precision


def differences(
    comparison: Comparison, until: float | None = None, window: float = WINDOW
) -> tuple[Differences, ...]:
    """Hold each arm but the first against the first.

    Parameters
    ----------
    until : months to which the mean is restricted; None = as far as all curves are known
    window : months that the hazard ratio describes, from month 0; the horizon if that is less

    Raises ``UsageError`` for months beyond the follow-up, or not above 0.
    """
    if until is None:
        until = known_until(comparison)
    if not window > 0:
        raise UsageError(f"window = {window:g} is not above 0")
    ends = min(window, comparison.horizon)
    arms = range(1, len(comparison.arms))
    return tuple(_differences(comparison, arm, until, ends) for arm in arms)


def known_until(comparison: Comparison) -> float:
    """Return the last month, up to the horizon, at which the curves of all arms are known."""
    ends = [_end(curve, comparison.horizon) for curve in comparison.curves]
    return min(ends)


def _end(curve: SurvivalCurve, horizon: float) -> float:
    return horizon if not np.isnan(survival_at(curve, horizon)) else min(curve.last, horizon)


def _differences(comparison: Comparison, arm: int, until: float, window: float) -> Differences:
    seen = comparison.seen(0), comparison.seen(arm)
    curves = comparison.curves[0], comparison.curves[arm]
    each = [
        restricted_mean_influence(curve, one, until)
        for curve, one in zip(curves, seen, strict=True)
    ]
    gained = restricted_mean(curves[1], until) - restricted_mean(curves[0], until)
    return Differences(
        comparison.arms[arm],
        until,
        any(float(survival_at(curve, until)) > 0 for curve in curves),
        over_patients(gained, each[1] - each[0], LEVEL),
        paired_median_difference(*seen),
        described_ratio(*seen, window),
        _precision(each[0], each[1]),
    )


def described_ratio(first: FollowUp, second: FollowUp, until: float) -> DescribedRatio:
    """Return the hazard ratio of two courses of the same people up to a month, as a description."""
    time = np.concatenate((first.time, second.time))
    event = np.concatenate((first.event, second.event))
    arm = np.repeat([False, True], first.patients)
    patient = np.tile(np.arange(first.patients), 2)
    entry = (
        None
        if first.entry is None or second.entry is None
        else np.concatenate((first.entry, second.entry))
    )
    counted = np.sort(time[event & (time <= until)])
    if len(counted) < 2:
        return DescribedRatio(UNKNOWN, 0.0, until, nan, nan, nan)
    split = float(counted[(len(counted) - 1) // 2])

    def ratio(begin: float | None, end: float) -> Estimate:
        try:
            return hazard_ratio(time, event, arm, entry, patient, begin, end).robust
        except UsageError:  # nobody dies while both arms are followed
            return UNKNOWN

    early, late = ratio(None, split), ratio(split, until)
    return DescribedRatio(ratio(None, until), 0.0, until, split, early.value, late.value)


def _precision(first: FloatArray, second: FloatArray) -> Precision:
    count = len(first)
    if count < 2:
        return Precision(nan, nan, nan)
    paired = float(np.sum((second - first) ** 2))
    independent = float(np.sum(first**2) + np.sum(second**2))
    scale = count * (count - 1)
    worth = independent / paired if paired > 0 else float("inf")
    return Precision((paired / scale) ** 0.5, (independent / scale) ** 0.5, worth)
