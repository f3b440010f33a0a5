"""Hold every arm of a simulation against its first: curves, medians, gains, people at landmarks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alssim.errors import UsageError
from alssim.parameters.outcomes import TrialEntry, usual_outcomes
from alssim.statistics.contrasts import paired_shares
from alssim.statistics.followup import BoolArray, FloatArray, FollowUp, IntArray, follow_up
from alssim.statistics.survival import (
    Estimate,
    SurvivalCurve,
    curve_of,
    influence,
    median,
    survival_at,
)
from alssim.studies.comparison.clocks import (
    Clock,
    Endpoint,
    Twins,
    check_clock,
    check_endpoint,
    endpoint_months,
    month_zero,
)
from alssim.studies.comparison.gains import LEVEL, GainSummary, gain_summary
from alssim.studies.counting import people_of, told_of

LANDMARKS = (12.0, 24.0, 36.0, 60.0)
MOST_ARMS = 8


@dataclass(frozen=True, slots=True)
class Landmark:
    """Survival of every arm at one month.

    ``alive`` [arm] shares 0-1; ``people`` [arm] the same as people of ``whole``, which is 100, or
    all patients where they are fewer; ``difference`` [arm] from the first arm, a share with a
    95 % interval for paired shares.
    """

    month: float
    alive: tuple[float, ...]
    people: tuple[int, ...]
    difference: tuple[Estimate, ...]
    whole: int


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The same patients in every arm.

    arms        names; arms[0] is usual care, against which the others are held
    clock       what month 0 is, of the untreated twin
    endpoint    the event that ends a life in this comparison
    horizon     months on the clock after which nobody is followed
    members     [patient] numbers of the patients compared, in the simulation
    begin       [patient] month 0 of each, in months since the first symptom
    left_out    patients without a month 0 (never diagnosed, not fit for a trial), without any
                follow-up, or who have left before they would be observed
    time        [arm, patient] months to the endpoint or to the end of follow-up
    ended       [arm, patient] whether the endpoint was reached by then
    gain        [arm, patient] months gained against arms[0]; negative = lost
    restricted  [arm, patient] whether the end of follow-up cuts that gain short: the patient
                has not reached the endpoint in this arm or in arms[0]
    curves, medians, gains    one per arm
    landmarks   those within the follow-up
    cut         whether the horizon was set below what was simulated: gains are restricted means
    observed_from  from when patients are observed, None = from month 0
    entry       [patient] that moment in months on the clock (left truncation), or None
    """

    arms: tuple[str, ...]
    clock: Clock
    endpoint: Endpoint
    horizon: float
    members: IntArray
    begin: FloatArray
    left_out: int
    time: FloatArray
    ended: BoolArray
    gain: FloatArray
    restricted: BoolArray
    curves: tuple[SurvivalCurve, ...]
    medians: tuple[Estimate, ...]
    gains: tuple[GainSummary, ...]
    landmarks: tuple[Landmark, ...]
    cut: bool = False
    observed_from: Clock | None = None
    entry: FloatArray | None = None

    def __post_init__(self) -> None:
        for row in (self.members, self.begin, self.time, self.ended, self.gain, self.restricted):
            row.flags.writeable = False

    @property
    def patients(self) -> int:
        """Number of patients compared."""
        return len(self.members)

    def seen(self, arm: int) -> FollowUp:
        """Return the follow-up of one arm, patient by patient."""
        return follow_up(self.time[arm], self.ended[arm], self.entry)


def compare(
    simulation: Twins,
    horizon: float | None = None,
    clock: Clock = "onset",
    endpoint: Endpoint = "death",
    landmarks: Sequence[float] = LANDMARKS,
    observed_from: Clock | None = None,
    trial_entry: TrialEntry | None = None,
) -> Comparison:
    """Hold every arm of a simulation against its first.

    Parameters
    ----------
    horizon : months on the clock after which nobody is followed; None = as long as simulated
    clock : count months from the first symptom, from diagnosis or from trial entry
    endpoint : the event that ends a life in this comparison
    landmarks : months at which to count who is alive; those beyond the horizon are left out
    observed_from : patients are under observation only from this moment on, as in a clinic that
        sees people from diagnosis; None = from month 0
    trial_entry : when people enter trials; None = as in the file of usual outcomes

    Raises ``UsageError`` for an unknown clock or endpoint, a horizon that was not simulated, a
    landmark that is not above 0, more than eight arms, or when no patient can be followed.
    """
    if len(simulation.arms) > MOST_ARMS:
        raise UsageError(f"{len(simulation.arms)} arms; a comparison has at most {MOST_ARMS}")
    check_clock("clock", clock)
    check_endpoint(endpoint)
    limit = _horizon(simulation, horizon)
    rule = trial_entry or usual_outcomes().trial_entry
    start = month_zero(simulation, clock, rule)
    follow = np.minimum(limit, simulation.scenario.horizon - start)
    end = endpoint_months(simulation, endpoint) - start
    entry = _entry(simulation, start, observed_from, rule)
    members = np.flatnonzero(_followed(end, follow, entry))
    if not members.size:
        raise UsageError(f"no patient can be followed from {observed_from or clock}")
    return _held(
        simulation,
        members,
        end[:, members],
        follow[members],
        landmarks,
        clock=clock,
        endpoint=endpoint,
        horizon=limit,
        begin=start[members],
        left_out=len(start) - len(members),
        cut=limit < simulation.scenario.horizon,
        observed_from=observed_from,
        entry=None if entry is None else entry[members],
    )


def _entry(
    simulation: Twins, start: FloatArray, observed_from: Clock | None, rule: TrialEntry
) -> FloatArray | None:
    if observed_from is None:
        return None
    check_clock("observed_from", observed_from)
    return month_zero(simulation, observed_from, rule) - start


def _followed(end: FloatArray, follow: FloatArray, entry: FloatArray | None) -> BoolArray:
    """Say who can be followed in every arm [patient]; not-a-number is no."""
    there = follow > 0
    if entry is None:
        return there
    return np.asarray(there & (entry < np.fmin(end, follow).min(axis=0)), np.bool_)


def _held(
    simulation: Twins,
    members: IntArray,
    end: FloatArray,
    follow: FloatArray,
    landmarks: Sequence[float],
    *,
    clock: Clock,
    endpoint: Endpoint,
    horizon: float,
    begin: FloatArray,
    left_out: int,
    cut: bool,
    observed_from: Clock | None,
    entry: FloatArray | None,
) -> Comparison:
    time, ended = np.fmin(end, follow), end <= follow
    gain, restricted = time - time[0], ~ended | ~ended[0]
    restricted[0] = False
    seen = [follow_up(*pair, entry) for pair in zip(time, ended, strict=True)]
    curves = tuple(map(curve_of, seen))
    return Comparison(
        arms=simulation.arms,
        clock=clock,
        endpoint=endpoint,
        horizon=horizon,
        members=members,
        begin=begin,
        left_out=left_out,
        time=time,
        ended=ended,
        gain=gain,
        restricted=restricted,
        curves=curves,
        medians=tuple(median(curve) for curve in curves),
        gains=_gains(simulation, members, gain, restricted),
        landmarks=_landmarks(curves, seen, landmarks, horizon),
        cut=cut,
        observed_from=observed_from,
        entry=entry,
    )


def _horizon(simulation: Twins, horizon: float | None) -> float:
    simulated = float(simulation.scenario.horizon)
    if horizon is None:
        return simulated
    if not 0 < horizon <= simulated:
        raise UsageError(f"horizon = {horizon:g} is not within the simulated 0 to {simulated:g}")
    return float(horizon)


def _gains(
    simulation: Twins, members: IntArray, gain: FloatArray, restricted: BoolArray
) -> tuple[GainSummary, ...]:
    treated = simulation.treated[:, members]
    return tuple(
        gain_summary(arm, gain[k], restricted[k], treated[k])
        for k, arm in enumerate(simulation.arms)
    )


def _landmarks(
    curves: tuple[SurvivalCurve, ...],
    seen: Sequence[FollowUp],
    months: Sequence[float],
    horizon: float,
) -> tuple[Landmark, ...]:
    if wrong := [month for month in months if not month > 0]:
        raise UsageError(f"landmark {wrong[0]:g} is not above 0")
    known = [m for m in months if m <= horizon and not _unknown(curves, m)]
    return tuple(_landmark(curves, seen, float(month)) for month in known)


def _unknown(curves: tuple[SurvivalCurve, ...], month: float) -> bool:
    return any(bool(np.isnan(survival_at(curve, month))) for curve in curves)


def _landmark(
    curves: tuple[SurvivalCurve, ...], seen: Sequence[FollowUp], month: float
) -> Landmark:
    alive = tuple(float(survival_at(curve, month)) for curve in curves)
    effects = [
        influence(curve, one.time, one.event, month, one.entry)
        for curve, one in zip(curves, seen, strict=True)
    ]
    whole = told_of(seen[0].patients)
    return Landmark(
        month=month,
        alive=alive,
        people=tuple(people_of(share, whole) for share in alive),
        difference=tuple(
            paired_shares(alive[k] - alive[0], effects[k] - effects[0], LEVEL)
            if k
            else Estimate(0.0, 0.0, 0.0)
            for k in range(len(curves))
        ),
        whole=whole,
    )
