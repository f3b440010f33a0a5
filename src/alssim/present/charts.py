"""What drawn and served charts share: colours, grids of months, places of labels.

Colours are those of Okabe and Ito (2008), told apart by most people with a colour-vision
deficiency; treated arms are dashed as well, so that colour never speaks alone.
"""

from dataclasses import dataclass

import numpy as np

from alssim.statistics.survival import FloatArray, interval_at, survival_at
from alssim.studies.comparison import Comparison

DASHES: tuple[tuple[int, ...], ...] = ((1, 0), (7, 3), (2, 2), (10, 3, 2, 3), (5, 2), (1, 3))
"""Stroke and gap lengths of each arm; the first is a full line."""

RISK_STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120, 240)
CURVE_STEPS = (0.25, 0.5, 1.0, 2.0, 5.0)
MOST_COLUMNS = 7
MOST_POINTS = 260


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a page: ``marks`` for lines and areas and ``words`` for text, one per arm."""

    marks: tuple[str, ...]
    words: tuple[str, ...]
    ink: str
    muted: str
    grid: str
    paper: str

    def mark(self, arm: int) -> str:
        """Return the colour of an arm's line."""
        return self.marks[arm % len(self.marks)]

    def word(self, arm: int) -> str:
        """Return the colour of text that belongs to an arm."""
        return self.words[arm % len(self.words)]


LIGHT = Palette(
    marks=("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"),
    words=("#0072B2", "#B84F00", "#007A59", "#9C4A78", "#8A5F00", "#1C6E9E"),
    ink="#1B2A33",
    muted="#55656E",
    grid="#E3E8EB",
    paper="#FFFFFF",
)
DARK = Palette(
    marks=("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E442", "#D55E00"),
    words=("#56B4E9", "#F0994D", "#3DBF96", "#DB9BBF", "#F0E442", "#F08A4B"),
    ink="#E8EFF2",
    muted="#A7B5BD",
    grid="#33444E",
    paper="#10181D",
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an arm's name stands: month, people of 100, and the side of that point it is on.

    ``key`` is None beside a curve; elsewhere a sample of the line runs from ``month`` to ``key``.
    """

    month: float
    people: float
    side: str  # "left": the text ends here, "right": it begins here
    key: float | None = None


def dash(arm: int) -> tuple[int, ...]:
    """Return the stroke pattern of an arm."""
    return DASHES[arm % len(DASHES)]


def risk_months(horizon: float) -> FloatArray:
    """Return the months at which numbers at risk are printed: at most seven, the first 0."""
    steps = (step for step in RISK_STEPS if horizon / step < MOST_COLUMNS)
    return np.arange(0.0, horizon + 1e-9, next(steps, RISK_STEPS[-1]))


def curve_months(horizon: float) -> FloatArray:
    """Return the months at which a curve is sampled for a screen."""
    steps = (step for step in CURVE_STEPS if horizon / step < MOST_POINTS)
    return np.arange(0.0, horizon + 1e-9, next(steps, CURVE_STEPS[-1]))


def sampled(comparison: Comparison, arm: int, months: FloatArray) -> FloatArray:
    """Return people of 100 alive, lower and upper limit [3, month]; not-a-number = not known."""
    curve = comparison.curves[arm]
    return 100 * np.array([survival_at(curve, months), *interval_at(curve, months)])


def label_spots(comparison: Comparison) -> tuple[Spot, ...]:
    """Place the arms' names where falling curves leave room, one spot per arm.

    Two arms: the lower curve's name to its left and below, the upper one's to its right and
    above. Otherwise all names in the upper right corner, highest curve first.
    """
    months = curve_months(comparison.horizon)
    rows = [sampled(comparison, arm, months) for arm in range(len(comparison.arms))]
    order = np.argsort([-float(np.nanmean(row[0])) for row in rows], kind="stable").tolist()
    spots = _beside(rows, months, order) if len(rows) == 2 else _corner(months, order)
    return tuple(spots[arm] for arm in range(len(rows)))


def _beside(rows: list[FloatArray], months: FloatArray, order: list[int]) -> dict[int, Spot]:
    upper, lower = rows[order[0]], rows[order[1]]
    return {order[0]: _above(upper, months), order[1]: _below(lower, months)}


def _above(row: FloatArray, months: FloatArray) -> Spot:
    at = _first_below(row[0], 55, months, latest=0.45)
    over, under = float(row[2, at]) + 5, max(float(row[1, at]) - 6, 3.0)
    return Spot(float(months[at]), over if over <= 97 else under, "right")


def _below(row: FloatArray, months: FloatArray) -> Spot:
    at = _first_below(row[0], 30, months, latest=0.6)
    people = max(float(row[1, at]) - 4, 3.0)
    return Spot(float(months[at]), people, "left")


def _first_below(alive: FloatArray, people: float, months: FloatArray, latest: float) -> int:
    last = min(int(latest * (len(months) - 1)), int(np.isfinite(alive).sum()) - 1)
    below = np.flatnonzero(alive <= people)
    return min(int(below[0]) if below.size else last, last)


def _corner(months: FloatArray, order: list[int]) -> dict[int, Spot]:
    end = float(months[-1])
    heights = {arm: 96.0 - 7 * place for place, arm in enumerate(order)}
    return {arm: Spot(0.92 * end, height, "left", end) for arm, height in heights.items()}
