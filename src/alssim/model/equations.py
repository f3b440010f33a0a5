"""The arithmetic of one step, written once for both back ends.

Every function uses + - * / alone, so it takes arrays (numpy) or single numbers (numba) and gives
the same bits in both, on every processor. No exp, log or power. What is done at every step changes
an array of its own in place: that is quicker than a new array for every operation.
"""

from typing import Any

SIXTH = 1.0 / 6.0
TWENTY_FOURTH = 1.0 / 24.0


def growth_factor(x: Any) -> Any:
    """Return exp(x) for x >= 0 by its series up to x**4: it never falls as x grows.

    The error is below x**5 / 120 * exp(x).
    """
    value = x * TWENTY_FOURTH
    value += SIXTH
    value *= x
    value += 0.5
    value *= x
    value += 1.0
    value *= x
    value += 1.0
    return value


def grow(q: Any, factor: Any) -> Any:
    """Carry local pathology along dq/dt = r q (1 - q), exactly; ``factor`` = exp(r dt)."""
    below = q * (factor - 1.0)
    below += 1.0
    value = q * factor
    value /= below
    return value


def relax(state: Any, target: Any, keep: Any, gain: Any) -> Any:
    """Carry a first-order state toward the mean target of the step (Crank-Nicolson)."""
    value = gain * target
    value += keep * state
    return value


def survive(survival: Any, hazard: Any) -> Any:
    """Multiply a survival share by exp(-hazard), rationally: in (0, 1], falling in hazard."""
    below = hazard * SIXTH
    below += 0.5
    below *= hazard
    below += 1.0
    below *= hazard
    below += 1.0
    return survival / below


def pressure(oxidative: Any, gain: Any, flames: Any) -> Any:
    """Return what oxidative stress, and the share that inflammation adds, make of the hazard."""
    value = gain * oxidative
    value += 1.0
    value += flames
    return value


def part_of_step(before: Any, after: Any, level: Any) -> Any:
    """Return the part of the step (0-1) after which the line from before to after meets level."""
    return (before - level) / (before - after)


def approach(state: Any, gain: Any, most: Any) -> Any:
    """Carry a loss (state <= 0) toward -most: gain in this step if nothing were lost yet.

    What is left to lose shrinks and never grows again, so the loss neither falls nor passes most.
    """
    part = gain / most
    return (most + state) / (1.0 + part * (1.0 + part * (0.5 + part * SIXTH))) - most


def between(low: Any, high: Any, part: Any) -> Any:
    """Return the point that lies ``part`` of the way from low to high."""
    return low + part * (high - low)
