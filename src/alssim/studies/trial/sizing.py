"""How large a trial must be for a power, found by carrying trials out."""

from dataclasses import dataclass, replace

import numpy as np

from alssim.errors import UsageError
from alssim.model.simulate import Progress
from alssim.parameters.trial import Trial
from alssim.studies.trial.drawing import draw
from alssim.studies.trial.endpoints import analyse
from alssim.studies.trial.pool import Pool
from alssim.studies.trial.replicates import RATINGS_AT_ONCE, Chance, chance, check_replicates

SMALLEST = 8  # patients per arm
STEPS = 14


@dataclass(frozen=True, slots=True)
class Tried:
    """One size that was tried: patients in the control arm, and power."""

    per_arm: int
    power: Chance


@dataclass(frozen=True, slots=True)
class Sizing:
    """The size found.

    per_arm   patients in the control arm; None where even the largest trial the pool allows
              falls short. ``low`` and ``high`` are where the power's interval lets it lie
    tried     all sizes, smallest first
    """

    endpoint: str
    power: float
    replicates: int
    per_arm: int | None
    low: int | None
    high: int | None
    tried: tuple[Tried, ...]


def check_power(power: float) -> None:
    """Raise ``UsageError`` unless a size can be found for a power."""
    if not 0.05 <= power <= 0.99:
        raise UsageError(f"power = {power:g}; allowed: 0.05 to 0.99")


def size_for(
    pool: Pool, power: float = 0.8, replicates: int = 500, progress: Progress | None = None
) -> Sizing:
    """Find the size at which the primary endpoint is significant in a share of the trials.

    Sizes are tried from the design's own, doubled or halved until the power is met between two
    of them; then the size is read off a straight line of the power's normal quantile against
    the square root of the size, which is how power grows, fitted to all sizes tried.

    Raises ``UsageError`` for a power that is not between 0.05 and 0.99, and for fewer than 2 or
    more than 100,000 trials of a size.
    """
    check_power(power)
    check_replicates(replicates)
    most = int(len(pool) / (1 + pool.trial.allocation))
    tried: dict[int, Tried] = {}
    size = min(pool.trial.per_arm, most)
    for step in range(STEPS):
        tried[size] = _try(pool, size, replicates)
        if progress is not None:
            progress(step + 1, STEPS)
        found = _next(tried, power, most)
        if found is None:
            break
        size = found
    rows = tuple(tried[size] for size in sorted(tried))
    best = _read_off(rows, power, most, replicates)
    return Sizing(pool.trial.endpoints[0].name, power, replicates, *best, rows)


def _try(pool: Pool, size: int, replicates: int) -> Tried:
    design = replace(pool.trial, per_arm=size, pool=max(pool.trial.pool, len(pool)))
    at_once = max(1, RATINGS_AT_ONCE // (design.size * len(pool.months)))
    positive = 0
    for start in range(0, replicates, at_once):
        numbers = np.arange(start, min(start + at_once, replicates))
        positive += _positive(pool, design, numbers)
    return Tried(size, chance(positive, replicates))


def _positive(pool: Pool, design: Trial, numbers: np.ndarray) -> int:
    result = analyse(draw(pool, numbers, design), design.endpoints[0])
    return int((result.effect.p < design.significance).sum())


def _next(tried: dict[int, Tried], power: float, most: int) -> int | None:
    """Return the next size to try; None where the power is met between two near sizes."""
    below = [size for size, row in tried.items() if row.power.value < power]
    above = [size for size, row in tried.items() if row.power.value >= power]
    if not above:
        return min(2 * max(below), most) if max(below) < most else None
    if not below:
        return max(min(above) // 2, SMALLEST) if min(above) > SMALLEST else None
    low, high = max(below), min(above)
    middle = round(np.sqrt(low * high))
    return middle if high > 1.25 * low and middle not in tried else None


def _read_off(
    rows: tuple[Tried, ...], power: float, most: int, replicates: int
) -> tuple[int | None, int | None, int | None]:
    from scipy.special import ndtri

    inside = 0.5 / replicates
    roots = np.sqrt([row.per_arm for row in rows])
    lines = []
    for name in ("value", "high", "low"):
        shares = np.clip([getattr(row.power, name) for row in rows], inside, 1 - inside)
        lines.append(_crossing(roots, ndtri(shares), float(ndtri(power)), most))
    return lines[0], lines[1], lines[2]


def _crossing(roots: np.ndarray, quantiles: np.ndarray, wanted: float, most: int) -> int | None:
    """Return the size at which the line through the quantiles meets the one wanted."""
    order = np.argsort(np.abs(quantiles - wanted))[:4]
    if len(order) < 2:
        return None
    slope, start = np.polyfit(roots[order], quantiles[order], 1)
    if slope <= 0:
        return None
    size = int(np.ceil(max((wanted - start) / slope, 0.0) ** 2))
    return max(size, 2) if size <= most else None
