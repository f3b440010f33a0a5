"""The arithmetic of one step, written once for both back ends.

Every function uses + - * / alone, so it takes arrays (numpy) or single numbers (numba) and gives
the same bits in both, on every processor. No exp, log or power.
"""

from typing import Any

SIXTH = 1.0 / 6.0
TWENTY_FOURTH = 1.0 / 24.0


def growth_factor(x: Any) -> Any:
    """Return exp(x) for x >= 0 by its series up to x**4: it never falls as x grows.

    The error is below x**5 / 120 * exp(x).
    """
    return 1.0 + x * (1.0 + x * (0.5 + x * (SIXTH + x * TWENTY_FOURTH)))


def grow(q: Any, factor: Any) -> Any:
    """Carry local pathology along dq/dt = r q (1 - q), exactly; ``factor`` = exp(r dt)."""
    return q * factor / (1.0 + q * (factor - 1.0))


def relax(state: Any, target: Any, keep: Any, gain: Any) -> Any:
    """Carry a first-order state toward the mean target of the step (Crank-Nicolson)."""
    return keep * state + gain * target


def survive(survival: Any, hazard: Any) -> Any:
    """Multiply a survival share by exp(-hazard), rationally: in (0, 1], falling in hazard."""
    return survival / (1.0 + hazard * (1.0 + hazard * (0.5 + hazard * SIXTH)))


def pressure(oxidative: Any, gain: Any, flames: Any) -> Any:
    """Return what oxidative stress, and the share that inflammation adds, make of the hazard."""
    return 1.0 + gain * oxidative + flames


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
