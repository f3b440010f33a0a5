"""Compare the arms of a simulation: the same virtual patients with and without a treatment.

Arms are twins, not groups: every patient lives once in each arm, with the same luck. So gains are
counted patient by patient, intervals are those of paired differences, and there is no two-sample
test. All times are months on the chosen clock, which is that of the untreated twin in every arm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from alssim.errors import UsageError
from alssim.statistics.contrasts import paired_shares
from alssim.statistics.survival import (
    BoolArray,
    Estimate,
    FloatArray,
    IntArray,
    SurvivalCurve,
    influence,
    kaplan_meier,
    median,
    normal_half_width,
    survival_at,
)

Clock = Literal["onset", "diagnosis"]
Endpoint = Literal["death", "death_or_tracheostomy", "death_tracheostomy_or_niv_22h"]

ENDPOINT_EVENTS: dict[Endpoint, tuple[str, ...]] = {
    "death": ("death",),
    "death_or_tracheostomy": ("death", "tracheostomy"),
    "death_tracheostomy_or_niv_22h": ("death", "tracheostomy", "niv_22h"),
}
LANDMARKS = (12.0, 24.0, 36.0, 60.0)
NOTICEABLE = 0.5  # months; a smaller gain or loss counts as unchanged
LEVEL = 0.95
BIN_WIDTHS = (0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 60.0)
MOST_BINS = 25


class Followed(Protocol):
    """A scenario, as far as a comparison needs it."""

    @property
    def horizon(self) -> float:
        """Months after the first symptom at which the simulation stops."""


class Twins(Protocol):
    """A simulation, as far as a comparison needs it."""

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms; the first is usual care without added treatment."""

    @property
    def scenario(self) -> Followed:
        """What was simulated."""

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Whether a patient's treatment ever began [arm, patient]."""

    def months(self, event: str) -> NDArray[np.float64]:
        """Return the months of an event since the first symptom [arm, patient]; NaN = never."""


@dataclass(frozen=True, slots=True)
class GainSummary:
    """Months gained by the patients of one arm against themselves with usual care.

    Quantiles and mean are of restricted gains: time after the end of follow-up is not counted.
    Shares are 0-1 of the patients: ``gains`` and ``loses`` by more than half a month,
    ``unchanged`` in between, ``never_treated``, and ``restricted``, whose gain is cut short by
    the end of follow-up. ``mean`` carries a 95 % interval over patients (not-a-number for one).
    """

    arm: str
    median: float
    lower_quartile: float
    upper_quartile: float
    mean: Estimate
    gains: float
    unchanged: float
    loses: float
    never_treated: float
    restricted: float


@dataclass(frozen=True, slots=True)
class Landmark:
    """Survival of every arm at one month.

    ``alive`` [arm] shares 0-1; ``people`` [arm] the same of 100 people, rounded; ``difference``
    [arm] from the first arm, with a 95 % interval for paired shares.
    """

    month: float
    alive: tuple[float, ...]
    people: tuple[int, ...]
    difference: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The same patients in every arm.

    arms        names; arms[0] is usual care, against which the others are held
    clock       what month 0 is: first symptom, or diagnosis, of the untreated twin
    endpoint    the event that ends a life in this comparison
    horizon     months on the clock after which nobody is followed
    members     [patient] numbers of the patients compared, in the simulation
    left_out    patients without a month 0 (never diagnosed) or without any follow-up
    time        [arm, patient] months to the endpoint or to the end of follow-up
    ended       [arm, patient] whether the endpoint was reached by then
    gain        [arm, patient] months gained against arms[0]; negative = lost
    restricted  [arm, patient] whether the end of follow-up cuts that gain short: the patient
                has not reached the endpoint in this arm or in arms[0]
    curves, medians, gains    one per arm
    landmarks   those within the follow-up
    """

    arms: tuple[str, ...]
    clock: Clock
    endpoint: Endpoint
    horizon: float
    members: IntArray
    left_out: int
    time: FloatArray
    ended: BoolArray
    gain: FloatArray
    restricted: BoolArray
    curves: tuple[SurvivalCurve, ...]
    medians: tuple[Estimate, ...]
    gains: tuple[GainSummary, ...]
    landmarks: tuple[Landmark, ...]

    def __post_init__(self) -> None:
        for row in (self.members, self.time, self.ended, self.gain, self.restricted):
            row.flags.writeable = False

    @property
    def patients(self) -> int:
        """Number of patients compared."""
        return len(self.members)


@dataclass(frozen=True, slots=True, eq=False)
class GainHistogram:
    """Share of patients by months gained; the middle bin holds those left unchanged.

    low, high [bin] months, share [bin] 0-1. Bins left of the middle hold low <= gain < high, bins
    right of it low < gain <= high, so that they agree with the shares of ``GainSummary``.
    """

    low: FloatArray
    high: FloatArray
    share: FloatArray


def compare(
    simulation: Twins,
    horizon: float | None = None,
    clock: Clock = "onset",
    endpoint: Endpoint = "death",
    landmarks: Sequence[float] = LANDMARKS,
) -> Comparison:
    """Hold every arm of a simulation against its first.

    Parameters
    ----------
    horizon : months on the clock after which nobody is followed; None = as long as simulated
    clock : count months from the first symptom or from diagnosis
    endpoint : the event that ends a life in this comparison
    landmarks : months at which to count who is alive; those beyond the horizon are left out

    Raises ``UsageError`` for an unknown clock or endpoint, a horizon that was not simulated, a
    landmark that is not above 0, or when no patient can be followed.
    """
    _check_words(clock, endpoint)
    limit = _horizon(simulation, horizon)
    start = _start(simulation, clock)
    follow = np.minimum(limit, simulation.scenario.horizon - start)
    members = np.flatnonzero(follow > 0)  # false for not-a-number: never diagnosed
    if not members.size:
        raise UsageError(f"no patient can be followed from {clock}")
    end = _ends(simulation, endpoint)[:, members] - start[members]
    time, ended = np.fmin(end, follow[members]), end <= follow[members]
    gain, restricted = time - time[0], ~ended | ~ended[0]
    restricted[0] = False
    curves = tuple(kaplan_meier(time[arm], ended[arm]) for arm in range(len(time)))
    return Comparison(
        arms=simulation.arms,
        clock=clock,
        endpoint=endpoint,
        horizon=limit,
        members=members,
        left_out=len(start) - len(members),
        time=time,
        ended=ended,
        gain=gain,
        restricted=restricted,
        curves=curves,
        medians=tuple(median(curve) for curve in curves),
        gains=_gains(simulation, members, gain, restricted),
        landmarks=_landmarks(curves, time, ended, landmarks, limit),
    )


def gain_histogram(gain: FloatArray) -> GainHistogram:
    """Count patients by months gained, in bins of one width around a middle bin of +-0.5.

    ``gain`` [patient] months. The width is the smallest round one that needs at most 25
    bins; one empty bin may stand on either side of the middle.
    """
    if not len(gain):
        raise UsageError("gain must list at least one patient")
    for width in BIN_WIDTHS:
        bins = _bin(gain, width)
        first, last = min(int(bins.min()), -1), max(int(bins.max()), 1)
        if last - first < MOST_BINS:
            break
    share = np.bincount(bins - first, minlength=last - first + 1) / len(gain)
    number = np.arange(first, last + 1, dtype=np.float64)
    return GainHistogram(_edge(number - 0.5, width), _edge(number + 0.5, width), share)


def _bin(gain: FloatArray, width: float) -> IntArray:
    beyond = np.ceil(np.maximum(np.abs(gain) - NOTICEABLE, 0) / width)
    return np.asarray(np.sign(gain) * beyond, np.int64)


def _edge(position: FloatArray, width: float) -> FloatArray:
    away = NOTICEABLE + (np.abs(position) - 0.5) * width
    return np.asarray(np.sign(position) * away, np.float64)


def _check_words(clock: str, endpoint: str) -> None:
    for name, value, allowed in (
        ("clock", clock, get_args(Clock)),
        ("endpoint", endpoint, get_args(Endpoint)),
    ):
        if value not in allowed:
            raise UsageError(f"{name} = {value!r} is not one of: {', '.join(allowed)}")


def _horizon(simulation: Twins, horizon: float | None) -> float:
    simulated = float(simulation.scenario.horizon)
    if horizon is None:
        return simulated
    if not 0 < horizon <= simulated:
        raise UsageError(f"horizon = {horizon:g} is not within the simulated 0 to {simulated:g}")
    return float(horizon)


def _start(simulation: Twins, clock: Clock) -> FloatArray:
    """Return month 0 of the clock in months since the first symptom [patient]."""
    diagnosis = simulation.months("diagnosis")[0]
    return np.zeros_like(diagnosis) if clock == "onset" else diagnosis


def _ends(simulation: Twins, endpoint: Endpoint) -> FloatArray:
    """Return the first of the endpoint's events [arm, patient]; NaN = none."""
    first, *others = (simulation.months(event) for event in ENDPOINT_EVENTS[endpoint])
    for other in others:
        first = np.fmin(first, other)
    return first


def _gains(
    simulation: Twins, members: IntArray, gain: FloatArray, restricted: BoolArray
) -> tuple[GainSummary, ...]:
    treated = simulation.treated[:, members]
    return tuple(
        _gain_summary(arm, gain[k], restricted[k], treated[k])
        for k, arm in enumerate(simulation.arms)
    )


def _gain_summary(
    arm: str, gain: FloatArray, restricted: BoolArray, treated: BoolArray
) -> GainSummary:
    lower, middle, upper = np.quantile(gain, [0.25, 0.5, 0.75])
    return GainSummary(
        arm=arm,
        median=float(middle),
        lower_quartile=float(lower),
        upper_quartile=float(upper),
        mean=_mean(gain),
        gains=float(np.mean(gain > NOTICEABLE)),
        unchanged=float(np.mean(np.abs(gain) <= NOTICEABLE)),
        loses=float(np.mean(gain < -NOTICEABLE)),
        never_treated=float(np.mean(~treated)),
        restricted=float(np.mean(restricted)),
    )


def _mean(gain: FloatArray) -> Estimate:
    """Mean over patients with a normal interval."""
    mean = float(np.mean(gain))
    if len(gain) < 2:
        return Estimate(mean, float("nan"), float("nan"))
    half = normal_half_width(LEVEL, float(np.std(gain, ddof=1)) / np.sqrt(len(gain)))
    return Estimate(mean, mean - half, mean + half)


def _landmarks(
    curves: tuple[SurvivalCurve, ...],
    time: FloatArray,
    ended: BoolArray,
    months: Sequence[float],
    horizon: float,
) -> tuple[Landmark, ...]:
    if wrong := [month for month in months if not month > 0]:
        raise UsageError(f"landmark {wrong[0]:g} is not above 0")
    known = [m for m in months if m <= horizon and not _unknown(curves, m)]
    return tuple(_landmark(curves, time, ended, float(month)) for month in known)


def _unknown(curves: tuple[SurvivalCurve, ...], month: float) -> bool:
    return any(bool(np.isnan(survival_at(curve, month))) for curve in curves)


def _landmark(
    curves: tuple[SurvivalCurve, ...], time: FloatArray, ended: BoolArray, month: float
) -> Landmark:
    alive = tuple(float(survival_at(curve, month)) for curve in curves)
    effects = [influence(c, time[k], ended[k], month) for k, c in enumerate(curves)]
    return Landmark(
        month=month,
        alive=alive,
        people=tuple(round(100 * share) for share in alive),
        difference=tuple(
            paired_shares(alive[k] - alive[0], effects[k] - effects[0], LEVEL)
            if k
            else Estimate(0.0, 0.0, 0.0)
            for k in range(len(curves))
        ),
    )
