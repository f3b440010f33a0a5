"""Repeated scores of many patients, reduced to what a straight line per patient needs.

With a random intercept and slope, all that a patient's scores y at times t say is in seven sums:
their number, those of t, t squared, y, t y and y squared (for residual y), and the sum 1. So the
cost of a fit does not grow with the number of visits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from alssim.errors import UsageError
from alssim.statistics.followup import BoolArray, FloatArray, IntArray

TOGETHER = 8_000  # patients of all replicates fitted in one go; more do not fit the cache
NO_NOISE = 1e-13  # of the squares around the mean line: less than this is rounding

Rows = IntArray | BoolArray
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Repeated scores, as they are given to a model.

    value  [replicate, patient, visit]  the score; 0 where it is missing
    time   [replicate, patient, visit]  when it was rated
    seen   [replicate, patient, visit]  whether there is a score
    single                              whether one trial was given, without a replicate axis
    """

    value: FloatArray
    time: FloatArray
    seen: BoolArray
    single: bool


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """What the scores say about a straight line of each patient; all but two [replicate, patient].

    count      scores
    time       sum of the times
    time_time  sum of the squared times
    level      sum of the scores
    drift      sum of score x time
    square     sum of the squared scores
    on_level   [replicate, patient, term]  what each fixed term adds to the level
    on_slope   [replicate, patient, term]  what each fixed term adds to the slope
    """

    count: FloatArray
    time: FloatArray
    time_time: FloatArray
    level: FloatArray
    drift: FloatArray
    square: FloatArray
    on_level: FloatArray
    on_slope: FloatArray


def read_scores(scores: ArrayLike, times: ArrayLike) -> Scores:
    """Read scores [patient, visit] or [replicate, patient, visit]; not-a-number is missing.

    ``times`` has the shape of ``scores`` or one that spreads to it, such as [visit].
    """
    given = np.asarray(scores, np.float64)
    if given.ndim not in (2, 3):
        raise UsageError(
            f"scores must be [patient, visit] or [replicate, patient, visit]; shape {given.shape}"
        )
    value = given if given.ndim == 3 else given[None]
    seen = ~np.isnan(value)
    time = np.asarray(times, np.float64)
    try:
        time = np.broadcast_to(time, value.shape)
    except ValueError:
        raise UsageError(f"times has shape {time.shape}, scores has {given.shape}") from None
    if not np.isfinite(value[seen]).all() or not np.isfinite(time[seen]).all():
        raise UsageError("scores and their times must be finite numbers; NaN = no score")
    return Scores(np.where(seen, value, 0.0), np.where(seen, time, 0.0), seen, given.ndim == 2)


def per_patient(name: str, values: ArrayLike, scores: Scores) -> FloatArray:
    """Read one number per patient as [replicate, patient]."""
    given = np.asarray(values, np.float64)
    shape = scores.value.shape[:2]
    if given.shape not in (shape[1:], shape):
        expected = shape[1:] if scores.single else shape
        raise UsageError(f"{name} has shape {given.shape}, expected {expected}: one per patient")
    if not np.isfinite(given).all():
        raise UsageError(f"{name} must hold finite numbers")
    return np.broadcast_to(given, shape)


def per_patient_columns(name: str, values: ArrayLike | None, scores: Scores) -> FloatArray:
    """Read several numbers per patient as [replicate, patient, column], each with mean 0."""
    shape = scores.value.shape[:2]
    if values is None:
        return np.zeros((*shape, 0))
    given = np.asarray(values, np.float64)
    if given.shape[:-1] not in (shape[1:], shape):
        raise UsageError(f"{name} has shape {given.shape}, expected [patient, column]")
    if not np.isfinite(given).all():
        raise UsageError(f"{name} must hold finite numbers")
    return np.broadcast_to(given - given.mean(axis=-2, keepdims=True), (*shape, given.shape[-1]))


def two_arms(treated: ArrayLike, scores: Scores) -> FloatArray:
    """Read the arm of each patient as 0 or 1 [replicate, patient]; both must occur."""
    arm = per_patient("treated", treated, scores)
    if not np.isin(arm, (0.0, 1.0)).all():
        raise UsageError("treated must be true or false for each patient")
    rated = scores.seen.any(axis=2)
    for name, value in (("treated", 1.0), ("untreated", 0.0)):
        if (empty := np.flatnonzero(~((arm == value) & rated).any(axis=1))).size:
            raise UsageError(f"replicate {empty[0]} has no {name} patient with a score")
    return arm


def straight_lines(scores: Scores, on_level: FloatArray, on_slope: FloatArray) -> Lines:
    """Sum up the scores of each patient."""
    value, time = scores.value, scores.time
    return Lines(
        scores.seen.sum(axis=2, dtype=np.float64),
        time.sum(axis=2),
        np.einsum("rpv,rpv->rp", time, time),
        value.sum(axis=2),
        np.einsum("rpv,rpv->rp", time, value),
        np.einsum("rpv,rpv->rp", value, value),
        on_level,
        on_slope,
    )


def scaled(scores: Scores) -> tuple[Scores, FloatArray]:
    """Measure time in units of its typical distance from 0, and return that unit [replicate]."""
    square = np.einsum("rpv,rpv->r", scores.time, scores.time)
    unit = np.sqrt(square / np.maximum(scores.seen.sum(axis=(1, 2)), 1))
    if (bad := np.flatnonzero(~(unit > 0))).size:
        raise UsageError(f"replicate {bad[0]}: a slope needs scores at more than one time")
    return replace(scores, time=scores.time / unit[:, None, None]), unit


def without_line(
    scores: Scores, on_level: FloatArray, on_slope: FloatArray
) -> tuple[Scores, FloatArray]:
    """Take the least-squares line off all scores; return the rest and the line [replicate, term].

    What is left is small, so that sums of its squares lose no digits.
    """
    lines = straight_lines(scores, on_level, on_slope)
    gram, toward = least_squares_sums(lines)
    line = solve(gram, toward)
    level = np.einsum("rpk,rk->rp", on_level, line)[..., None]
    slope = np.einsum("rpk,rk->rp", on_slope, line)[..., None]
    rest = np.where(scores.seen, scores.value - level - slope * scores.time, 0.0)
    return replace(scores, value=rest), line


def least_squares_sums(lines: Lines) -> tuple[FloatArray, FloatArray]:
    """Return X'X [replicate, term, term] and X'y [replicate, term] of the fixed terms."""
    level, slope = lines.on_level, lines.on_slope
    first = lines.count[..., None] * level + lines.time[..., None] * slope
    second = lines.time[..., None] * level + lines.time_time[..., None] * slope
    gram = products(level, first) + products(slope, second)
    return gram, totals(level, lines.level) + totals(slope, lines.drift)


def products(left: FloatArray, right: FloatArray) -> FloatArray:
    """Sum over patients the products of terms [replicate, term, term]."""
    return np.asarray(np.swapaxes(left, 1, 2) @ right)


def totals(terms: FloatArray, weights: FloatArray) -> FloatArray:
    """Sum over patients the weighted terms [replicate, term]."""
    return np.asarray((weights[:, None, :] @ terms)[:, 0])


def solve(gram: FloatArray, toward: FloatArray) -> FloatArray:
    """Solve the normal equations of each replicate, or say which replicate has no answer."""
    scale = np.sqrt(np.einsum("rkk->rk", gram))
    even = gram / np.maximum(scale[:, :, None] * scale[:, None, :], 1e-300)
    weakest = np.linalg.eigvalsh(even)[:, 0]
    if (bad := np.flatnonzero(~(weakest > 1e-10))).size:
        raise UsageError(
            f"replicate {bad[0]}: the fixed terms cannot be told apart; leave out a covariate "
            "that is constant or follows from the others"
        )
    return np.asarray(np.linalg.solve(gram, toward[..., None])[..., 0])


def rows_of(record: Record, rows: Rows) -> Record:
    """Return the given replicates of a dataclass of arrays with leading replicate axis."""
    named = ((field.name, getattr(record, field.name)) for field in fields(record))  # type: ignore[arg-type]
    return replace(record, **{k: v[rows] for k, v in named if isinstance(v, np.ndarray)})  # type: ignore[type-var]


def joined(parts: Sequence[Record], single: bool) -> Record:
    """Put portions of replicates together; one trial loses the replicate axis."""
    whole: dict[str, object] = {}
    for field in fields(parts[0]):  # type: ignore[arg-type]
        values = [getattr(part, field.name) for part in parts]
        if isinstance(values[0], np.ndarray):
            stack = np.concatenate(values)
            whole[field.name] = np.asarray(stack[0]) if single else stack
    return replace(parts[0], **whole)  # type: ignore[type-var]


def portions(replicates: int, patients: int) -> list[IntArray]:
    """Divide replicates into portions that are fitted in one go."""
    size = max(1, TOGETHER // max(patients, 1))
    return np.array_split(np.arange(replicates), max(1, -(-replicates // size)))


def own_lines(lines: Lines) -> tuple[FloatArray, FloatArray]:
    """Return the noise around each patient's own line, and how their slopes and levels vary.

    [replicate], and [replicate, 3]: the elements 00, 01, 11 of D x noise by the method of moments.
    """
    n, t, tt = lines.count, lines.time, lines.time_time
    area = n * tt - t * t
    use = (n >= 3) & (area > 1e-12 * n * tt)
    safe = np.where(use, area, 1.0)
    level = np.where(use, (tt * lines.level - t * lines.drift) / safe, 0.0)
    slope = np.where(use, (n * lines.drift - t * lines.level) / safe, 0.0)
    squares = lines.square - level * lines.level - slope * lines.drift
    spare = np.where(use, n - 2, 0).sum(axis=1)
    noise = np.where(use, squares, 0).sum(axis=1) / np.maximum(spare, 1)
    size = np.maximum(use.sum(axis=1), 1)
    errors = [np.where(use, part / safe, 0).sum(axis=1) / size for part in (tt, -t, n)]
    moments = [
        (x * y).sum(axis=1) / size for x, y in ((level, level), (level, slope), (slope,) * 2)
    ]
    return noise, np.stack(
        [moment - noise * error for moment, error in zip(moments, errors, strict=True)], axis=1
    )


def check_noise(scores: Scores, lines: Lines) -> None:
    """Raise ``UsageError`` where scores leave no noise to estimate."""
    counts = scores.seen.sum(axis=2)
    if (bad := np.flatnonzero((counts >= 3).sum(axis=1) < 1)).size:
        raise UsageError(f"replicate {bad[0]}: no patient has three scores, noise is unknown")
    if (bad := np.flatnonzero(counts.sum(axis=1) <= lines.on_level.shape[2])).size:
        raise UsageError(f"replicate {bad[0]}: no more scores than fixed terms")
    size = lines.square.sum(axis=1) / counts.sum(axis=1)
    if (bad := np.flatnonzero(own_lines(lines)[0] <= NO_NOISE * size)).size:
        raise UsageError(f"replicate {bad[0]}: every score lies on a straight line, without noise")


def first_guess(lines: Lines) -> tuple[Lines, FloatArray, BoolArray]:
    """Guess how the patients' own lines vary, from least-squares lines of each patient.

    Returns the a, b, c [replicate, 3] of the model D = L L', L = [[a, 0], [b, c]], in units of
    the noise. A search over these is smooth up to a variance of zero only where that variance
    comes second. So level and slope change places in the replicates [replicate] where the slopes
    vary more (in scaled time); the lines come back changed.
    """
    noise, spread = own_lines(lines)
    share = spread / noise[:, None]
    turn = share[:, 0] < share[:, 2]
    first = np.sqrt(np.maximum(np.maximum(share[:, 0], share[:, 2]), 0.1))
    last = np.maximum(np.minimum(share[:, 0], share[:, 2]), 0.1)
    cross = np.clip(share[:, 1] / first, -0.9 * np.sqrt(last), 0.9 * np.sqrt(last))
    return _turned(lines, turn), np.stack([first, cross, np.sqrt(last - cross**2)], axis=1), turn


def _turned(lines: Lines, turn: BoolArray) -> Lines:
    """Let level and slope change places in some replicates."""
    patient, term = turn[:, None], turn[:, None, None]
    return Lines(
        np.where(patient, lines.time_time, lines.count),
        lines.time,
        np.where(patient, lines.count, lines.time_time),
        np.where(patient, lines.drift, lines.level),
        np.where(patient, lines.level, lines.drift),
        lines.square,
        np.where(term, lines.on_slope, lines.on_level),
        np.where(term, lines.on_level, lines.on_slope),
    )


def no_scores_after(scores: Scores, end: FloatArray, died: BoolArray) -> None:
    """Raise ``UsageError`` where a patient [replicate, patient] is rated after death."""
    late = scores.seen & died[..., None] & (scores.time > end[..., None])
    if late.any():
        trial, patient, visit = np.argwhere(late)[0]
        raise UsageError(
            f"replicate {trial}, patient {patient}: a score at "
            f"{scores.time[trial, patient, visit]:g}, after death at {end[trial, patient]:g}"
        )
