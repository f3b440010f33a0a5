"""One hundred squares for one hundred people, or as many as there are: accessible SVG text.

Squares, never figures of people. Three kinds, told apart by shape and fill as well as colour: a
full square (alive either way), a square with a diamond cut out (alive in this arm only) and a
small hollow square (not alive).
"""

from html import escape

from alssim.errors import UsageError
from alssim.present.charts import LIGHT, Palette
from alssim.present.words import Names, arm_name, landmark_of, texts
from alssim.studies.comparison import Comparison

CELL = 12
KINDS = ("both", "only", "none")


def squares(
    both: int, only: int, label: str, palette: Palette = LIGHT, arm: int = 1, whole: int = 100
) -> str:
    """Draw 100 squares, ten in a row: ``both`` full ones, ``only`` cut-out ones, the rest hollow.

    ``label`` is what a screen reader says; ``arm`` gives the cut-out squares their colour;
    ``whole`` is how many there are where they are fewer than 100.
    Raises ``UsageError`` unless both counts are at least 0 and together at most ``whole``.
    """
    if both < 0 or only < 0 or both + only > whole:
        raise UsageError(f"{both} and {only} people do not fit into {whole}")
    kinds = ["both"] * both + ["only"] * only + ["none"] * (whole - both - only)
    cells = (
        _square(kind, CELL * (k % 10), CELL * (k // 10), palette, arm)
        for k, kind in enumerate(kinds)
    )
    size = 10 * CELL
    return (
        f'<svg viewBox="0 0 {size} {size}" role="img" aria-label="{escape(label)}" '
        f'style="width:100%;max-width:300px;height:auto">{"".join(cells)}</svg>'
    )


def panels(
    comparison: Comparison,
    palette: Palette = LIGHT,
    names: Names | None = None,
    month: float | None = None,
    arm: int = 1,
) -> tuple[str, str]:
    """Draw 100 people with usual care and 100 with one arm, alive at a landmark; or fewer.

    Whoever is alive in one arm beyond the other's count gets the cut-out square, in that arm.
    """
    usual, treated = _counts(comparison, month, arm)
    both, whole = min(usual, treated), landmark_of(comparison, month).whole
    labels = [_label(comparison, names, month, *pair) for pair in ((0, arm), (arm, 0))]
    return (
        squares(both, usual - both, labels[0], palette, 0, whole),
        squares(both, treated - both, labels[1], palette, arm, whole),
    )


def legend(
    comparison: Comparison,
    palette: Palette = LIGHT,
    names: Names | None = None,
    month: float | None = None,
    arm: int = 1,
) -> tuple[tuple[str, str], ...]:
    """Return (SVG, words) of each kind of square that ``panels`` shows."""
    usual, treated = _counts(comparison, month, arm)
    better = arm if treated >= usual else 0
    words = {
        "state": texts()["endpoint"][comparison.endpoint]["alive"],
        "arm": arm_name(comparison.arms[better], names),
    }
    shown = [kind for kind in KINDS if kind != "only" or usual != treated]
    return tuple(
        (_single(kind, palette, better), texts()["people"][kind].format(**words)) for kind in shown
    )


def _counts(comparison: Comparison, month: float | None, arm: int) -> tuple[int, int]:
    people = landmark_of(comparison, month).people
    return people[0], people[arm]


def _label(
    comparison: Comparison, names: Names | None, month: float | None, arm: int, other: int
) -> str:
    mark = landmark_of(comparison, month)
    people, extra = mark.people, mark.people[arm] - mark.people[other]
    return str(
        texts()["people"]["label_more" if extra > 0 else "label"].format(
            alive=people[arm],
            extra=extra,
            whole=mark.whole,
            state=texts()["endpoint"][comparison.endpoint]["alive"],
            arm=arm_name(comparison.arms[arm], names),
            other=arm_name(comparison.arms[other], names),
        )
    )


def _square(kind: str, x: int, y: int, palette: Palette, arm: int) -> str:
    if kind == "none":
        return (
            f'<rect x="{x + 3}" y="{y + 3}" width="6" height="6" rx="1" fill="none" '
            f'stroke="{palette.muted}" stroke-width="1"/>'
        )
    colour = palette.mark(0 if kind == "both" else arm)
    full = f'<rect x="{x + 1}" y="{y + 1}" width="10" height="10" rx="1.5" fill="{colour}"/>'
    hole = f'<path d="M{x + 6} {y + 3}l3 3l-3 3l-3 -3z" fill="{palette.paper}"/>'
    return full if kind == "both" else full + hole


def _single(kind: str, palette: Palette, arm: int) -> str:
    return (
        f'<svg viewBox="0 0 {CELL} {CELL}" width="18" height="18" aria-hidden="true">'
        f"{_square(kind, 0, 0, palette, arm)}</svg>"
    )
