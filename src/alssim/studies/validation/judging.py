"""The pass rule: what the interval of a target means, and how far off a simulated value is.

One rule for each kind of interval (``targets.RULES``). It gives every number an allowed interval
around the published one; the standardised distance is 0 at the published number, 1 at the upper
and -1 at the lower end of what is allowed. A row passes when no distance is beyond 1.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from alssim.statistics.contrasts import wilson
from alssim.studies.validation.designs import Thresholds
from alssim.studies.validation.estimates import NORMAL_95
from alssim.studies.validation.measuring import Measured
from alssim.studies.validation.targets import Rule, Target

SHARE_UNIT = "fraction"
LEVEL = 0.95
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Allowed:
    """A published number and the interval that is allowed around it."""

    published: float
    low: float
    high: float

    def distance(self, value: float) -> float:
        """Return the standardised distance; not-a-number where there is no value."""
        if math.isnan(value):
            return math.nan
        room = self.high - self.published if value > self.published else self.published - self.low
        gap = value - self.published
        if abs(gap) <= ROUNDING or math.isinf(room):
            return 0.0
        return gap / room if room > 0 else math.copysign(math.inf, gap)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a simulated value compares: what is allowed for each number, and the worst distance."""

    allowed: tuple[Allowed, ...]
    distances: tuple[float, ...]

    @property
    def distance(self) -> float:
        """The distance that is farthest from 0; not-a-number if one number is missing."""
        if any(math.isnan(one) for one in self.distances):
            return math.nan
        return max(self.distances, key=abs)

    @property
    def passed(self) -> bool:
        """Whether every number lies in what is allowed for it."""
        return all(abs(one) <= 1 + ROUNDING for one in self.distances)


def judge(target: Target, measured: Measured, thresholds: Thresholds) -> Verdict:
    """Hold what was measured against a target."""
    allowed = _RULES[target.rule](target, measured, thresholds)
    pairs = zip(allowed, measured.values, strict=True)
    return Verdict(allowed, tuple(one.distance(value) for one, value in pairs))


def _inside(target: Target, measured: Measured, thresholds: Thresholds) -> tuple[Allowed, ...]:
    return (Allowed(target.value, target.lo, target.hi),)


def _at_most(target: Target, measured: Measured, thresholds: Thresholds) -> tuple[Allowed, ...]:
    return (Allowed(target.value, -math.inf, target.hi),)


def _cases(target: Target, measured: Measured, thresholds: Thresholds) -> tuple[Allowed, ...]:
    return (Allowed(target.value, thresholds.cases_low, thresholds.cases_high),)


def _spread(target: Target, measured: Measured, thresholds: Thresholds) -> tuple[Allowed, ...]:
    room = thresholds.spread * (target.hi - target.lo)
    numbers = (target.value, target.lo, target.hi)
    return tuple(Allowed(number, number - room, number + room) for number in numbers)


def _mean_and_sd(target: Target, measured: Measured, thresholds: Thresholds) -> tuple[Allowed, ...]:
    return _near_by(target.value, thresholds.near), _near_by(target.sd, thresholds.near)


def _near(target: Target, measured: Measured, thresholds: Thresholds) -> tuple[Allowed, ...]:
    close, implied = _near_by(target.value, thresholds.near), implied_by_n(target, measured)
    return (Allowed(target.value, min(close.low, implied.low), max(close.high, implied.high)),)


def _true(target: Target, measured: Measured, thresholds: Thresholds) -> tuple[Allowed, ...]:
    return (Allowed(target.value, target.value, target.value),)


def _near_by(number: float, share: float) -> Allowed:
    room = share * abs(number)
    return Allowed(number, number - room, number + room)


def implied_by_n(target: Target, measured: Measured) -> Allowed:
    """Return the 95 % interval that the source's own number of patients implies.

    From the published standard error if there is one; of a share by Wilson's interval; else from
    the standard error that the same statistic has in a simulated study of as many patients.
    Where the source gives no number of patients it is the published value alone.
    """
    value = target.value
    if not math.isnan(target.se):
        return Allowed(value, value - NORMAL_95 * target.se, value + NORMAL_95 * target.se)
    if not target.n:
        return Allowed(value, value, value)
    if target.unit == SHARE_UNIT:
        low, high = wilson(value, target.n, LEVEL)
        return Allowed(value, float(low), float(high))
    error = measured.error[0] * math.sqrt(measured.patients / target.n)
    room = 0.0 if math.isnan(error) else NORMAL_95 * error
    return Allowed(value, value - room, value + room)


_RULES: dict[Rule, Callable[[Target, Measured, Thresholds], tuple[Allowed, ...]]] = {
    "inside": _inside,
    "at_most": _at_most,
    "cases": _cases,
    "spread": _spread,
    "mean_and_sd": _mean_and_sd,
    "near": _near,
    "true": _true,
}
