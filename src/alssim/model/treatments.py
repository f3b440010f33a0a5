"""Treatments become arrays before the engine runs; the engine never hears their names.

The time course of an effect is a profile since its start (delay, ramp, duration, waning, repeat
doses), integrated exactly over each step. Starts are months of this person, rounded up to a step:
nothing changes before the month at which a treatment starts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alssim.model.fate import Fate
from alssim.model.patients import GENETIC_FORMS, PREFERENCES, Patients
from alssim.model.state import CHANNELS, NEVER, Effects
from alssim.parameters.schema import Effect, Harms, Replacement, Treatment, World

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FAR = 1e9  # months; what comes later never comes
LASTS = 600.0  # months; a duration of this or more never ends
DAYS_PER_MONTH = 30.4375
DECIMALS = 9
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """One effect as it is given: who gets how much of it, from which step on.

    size, start [patient]; a start of NEVER means that this person is never treated.
    """

    effect: Effect
    size: FloatArray
    start: IntArray


def profile(effect: Effect, month: FloatArray) -> FloatArray:
    """Return the share of the full effect at ``month`` months since its start, 0-1."""
    since = month - effect.delay
    ramp = np.clip(since, 0, effect.ramp) / effect.ramp if effect.ramp > 0 else np.ones_like(since)
    dose_age = np.mod(since, effect.repeat_every) if effect.repeat_every > 0 else since
    lasting = (
        np.ones_like(since) if effect.duration >= LASTS else (dose_age < effect.duration) * 1.0
    )
    waning = 0.5 ** (np.maximum(dose_age, 0) / effect.half_life) if effect.half_life > 0 else 1.0
    return np.where(since >= 0, ramp * lasting * waning, 0.0)


def profile_steps(effect: Effect, steps: int, months: float) -> FloatArray:
    """Return the mean of the profile over each step of 1 / steps months since the start [age].

    Integrated between its corners by Gauss-Legendre: exact to rounding. A constant tail is cut off;
    the last value stays.
    """
    ends = np.arange(int(np.ceil(months * steps)) + 2) / steps
    corners = np.unique(np.concatenate([ends, _corners(effect, ends[-1])]))
    half, middle = np.diff(corners) / 2, (corners[1:] + corners[:-1]) / 2
    values = profile(effect, middle[:, None] + half[:, None] * _NODES)
    pieces = half * (values * _WEIGHTS).sum(axis=1)
    step = np.searchsorted(ends, middle, side="right") - 1
    means = np.round(np.bincount(step, weights=pieces) * steps, DECIMALS)
    changes = np.flatnonzero(means != means[-1])
    return np.asarray(means[: (changes[-1] + 2 if len(changes) else 1)])


def _corners(effect: Effect, last: float) -> FloatArray:
    """Return the months at which the profile has a corner or a jump, up to ``last``."""
    repeat = effect.repeat_every
    doses = effect.delay + (np.arange(0, last, repeat) if repeat > 0 else np.zeros(1))
    found = np.concatenate([doses, doses + effect.duration, [effect.delay + effect.ramp]])
    return found[(found > 0) & (found < last)]


def starting_step(month: FloatArray, steps: int) -> IntArray:
    """Return the first step that begins at or after a month; NEVER for months that do not come."""
    known = np.abs(month) < FAR
    step = np.ceil(np.where(known, month, 0.0) * steps - 1e-9)
    return np.where(known, step, NEVER).astype(np.int64)


def give(effect: Effect, start: IntArray, patients: Patients) -> Given:
    """Return an effect as these patients get it: non-responders and non-carriers get none of it.

    Only carriers are given an effect that acts in carriers alone.
    """
    works = patients.response < effect.responders
    if effect.carriers == "sod1":
        carrier = patients.genetic_form == GENETIC_FORMS.index("sod1")
        works, start = works & carrier, np.where(carrier, start, NEVER)
    return Given(effect, np.where(works, effect.size, 0.0), start)


def give_background(
    treatment: Treatment, share: float, start: IntArray, patients: Patients
) -> Given:
    """Return the drug of usual care as its share of patients takes it."""
    takes = patients.preference[:, PREFERENCES.index("riluzole")] < share
    given = give(treatment.effects[0], start, patients)
    return Given(given.effect, given.size * takes, np.where(takes, start, NEVER))


def compile_effects(
    given: list[Given],
    world: World,
    fate: Fate,
    horizon: int,
    harm: FloatArray,
    on_diagnosis: int = -1,
) -> Effects:
    """Return effects as arrays for the engine; ``harm`` [patient]: month of death by treatment."""
    steps = world.numerics.steps_per_month
    before = max([0.0, *(-one.effect.month for one in given)])
    shapes = [profile_steps(one.effect, steps, horizon + before) for one in given]
    longest = max([1, *(len(shape) for shape in shapes)])
    count = len(harm)
    return Effects(
        channel=np.array([CHANNELS.index(one.effect.target) for one in given], dtype=np.int64),
        size=np.array([one.size for one in given]).reshape(len(given), count),
        start=np.array([one.start for one in given], dtype=np.int64).reshape(len(given), count),
        stop=np.array([_stop(one, fate, steps) for one in given], dtype=np.int64).reshape(
            len(given), count
        ),
        shape=np.array(
            [np.pad(shape, (0, longest - len(shape)), mode="edge") for shape in shapes]
        ).reshape(len(given), longest),
        travel=travel_steps(world.replacement, steps),
        regrow=1.0 / (steps * world.replacement.growth_months),
        on_diagnosis=on_diagnosis,
        harm=harm,
    )


def _stop(given: Given, fate: Fate, steps: int) -> IntArray:
    """Return the step from which an effect is stopped: after an exponential time."""
    if given.effect.stopping == 0:
        return np.full(len(given.start), NEVER)
    after = starting_step(fate.stopping / max(given.effect.stopping, 1 / FAR), steps)
    return np.where(given.start == NEVER, NEVER, given.start + after).astype(np.int64)


def travel_steps(replacement: Replacement, steps: int) -> IntArray:
    """Return the steps that an axon needs from its cell to its muscle [region]."""
    arm, leg = replacement.arm_distance, replacement.leg_distance
    centimetres = np.array(
        [
            replacement.bulbar_distance,
            arm,
            arm,
            replacement.trunk_distance,
            replacement.respiratory_distance,
            leg,
            leg,
        ]
    )
    months = centimetres * 10 / (replacement.axon_speed * DAYS_PER_MONTH)
    return np.ceil(months * steps).astype(np.int64)


def first_start(given: list[Given], steps: int) -> FloatArray:
    """Return the month in which each person's treatment begins [patient]; inf for never."""
    start = np.min([one.start for one in given], axis=0)
    return np.where(start == NEVER, np.inf, start / steps)


def harm_month(harms: Harms, start: FloatArray, fate: Fate) -> FloatArray:
    """Return the month of death by the treatment itself [patient]; inf for never."""
    begin = np.maximum(start, 0.0)
    procedure = np.where(fate.procedure < harms.procedure_death, begin, np.inf)
    if harms.extra_hazard == 0:
        return procedure
    wait = fate.harm / harms.extra_hazard
    return np.minimum(procedure, np.where(wait < harms.extra_hazard_months, begin + wait, np.inf))


def complication_month(harms: Harms, start: FloatArray, fate: Fate) -> FloatArray:
    """Return the month of a serious complication that is survived [patient]; inf for never."""
    return np.where(
        fate.complication < harms.procedure_complication, np.maximum(start, 0.0), np.inf
    )
