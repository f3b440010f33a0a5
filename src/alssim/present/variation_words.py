"""Where variation comes from: rows of text, rows of numbers and sentences for several numbers."""

import math
from collections.abc import Iterator, Sequence

from alssim.present.comparison_words import told, variation_sentence
from alssim.present.words import arm_name, months_in_words, number, of_100, span
from alssim.studies.variation import Variation

Cell = str | float | int
PARTS = ("between", "within", "parameters")


def what_in_words(arms: Sequence[str], arm: int) -> str:
    """Return the words for what varies: months lived with usual care, or gained with an arm."""
    words = told()["variation"]["gained" if arm else "lived"]
    return str(words.format(usual=arm_name(arms[0]), arm=arm_name(arms[arm])))


def variation_sentences(
    arms: Sequence[str], found: Sequence[Variation], cut_at: float | None
) -> Iterator[str]:
    """Say for each arm how much of the variation comes from where, and how to read it.

    ``cut_at`` is the month at which the simulation ends with people alive; None if nobody is.
    """
    words = told()["variation"]
    for arm, one in enumerate(found):
        moves = 2 * math.sqrt(one.parameters) if one.members > 1 else 0.0
        known = words["moves"].format(months=months_in_words(moves)) if one.members > 1 else ""
        yield f"{variation_sentence(one, what_in_words(arms, arm))} {known}".rstrip()
    yield words["reading"]
    if found[0].members < 2:
        yield words["single"]
    if cut_at is not None:
        yield words["restricted"].format(horizon=span(cut_at))


def variation_table(arms: Sequence[str], found: Sequence[Variation]) -> Iterator[list[str]]:
    """Yield a heading and one row of text for each number: its average and its parts."""
    words = told()["variation"]
    columns = ("average", *PARTS, "error")
    yield [words["rows"], *(words[f"{name}_column"] for name in columns)]
    for arm, one in enumerate(found):
        parts = (_cell(one, part) for part in PARTS)
        error = words["error_cell"].format(months=number(2 * one.error))
        yield [what_in_words(arms, arm), _signed(one.mean), *parts, error]


def variation_rows(arms: Sequence[str], found: Sequence[Variation]) -> Iterator[list[Cell]]:
    """Yield a heading and the numbers of each part: variance, SD, share of all variation."""
    yield ["number", "arm", "mean", "part", "variance", "sd", "share"]
    for arm, one in enumerate(found):
        name = ("gained" if arm else "lived", arms[arm], one.mean)
        for part, share in shares(one).items():
            variance = getattr(one, part)
            yield [*name, part, variance, math.sqrt(variance), share]
        yield [*name, "monte_carlo", one.error**2, one.error, math.nan]


def shares(found: Variation) -> dict[str, float]:
    """Return the share 0-1 of each part; not-a-number for parameters of one set alone."""
    within, between, parameters = found.shares
    known = parameters if found.members > 1 else math.nan
    return {"between": between, "within": within, "parameters": known}


def _cell(found: Variation, part: str) -> str:
    variance = getattr(found, part)
    if math.isnan(variance):
        return "-"
    within, between, parameters = of_100(found.shares) if sum(found.shares) else (0, 0, 0)
    count = {"within": within, "between": between, "parameters": parameters}[part]
    text = told()["variation"]["cell"].format(count=count, sd=number(math.sqrt(variance)))
    return str(text)


def _signed(months: float) -> str:
    return f"-{number(months)}" if months <= -0.05 else number(months)
