"""What an ensemble of parameter sets says: chance and knowledge apart, and what is in neither."""

import math
from collections.abc import Iterator, Sequence

from alssim.present.comparison_words import told
from alssim.present.words import Names, arm_name, landmark_of, span, texts
from alssim.statistics.survival import Estimate
from alssim.studies.comparison.arms import Comparison
from alssim.studies.comparison.worlds import MANY, ManyWorlds, alive_between, median_between
from alssim.studies.counting import people_of


def alive_sentence(
    found: ManyWorlds, month: float | None = None, names: Names | None = None
) -> str:
    """Say how many of 100, or of fewer, are alive with usual care, by chance and by knowledge.

    Empty where nobody is counted at any landmark.
    """
    first = found.comparisons[0]
    if not first.landmarks:
        return ""
    mark = landmark_of(first, month)
    chance, known = alive_between(found, 0, mark.month)
    words = told()["worlds"]["alive"].format(
        usual=arm_name(first.arms[0], names),
        whole=mark.whole,
        count=people_of(chance.value, mark.whole),
        alive=texts()["endpoint"][first.endpoint]["alive"],
        after=_after(first, mark.month),
        chance=people_between(chance, mark.whole),
        known=people_between(known, mark.whole),
        members=len(found.comparisons),
    )
    return str(words)


def caveat_sentences(
    file: str, others: int, kept: Sequence[str] = (), ranges: bool = True
) -> Iterator[str]:
    """Say what the sets are, what a range over them is, and what stays the same in all.

    ``others`` counts the sets of the file, beside the one that was asked for; ``ranges`` says
    whether ranges over sets are shown.
    """
    words = told()["worlds"]
    yield words["caveat"].format(members=others + 1, others=others, file=file)
    if ranges:
        yield words["all" if others + 1 < MANY else "most"]
    if kept:
        yield words["kept"].format(keys=", ".join(kept))


def known_rows(found: ManyWorlds, labels: Sequence[str]) -> Iterator[list[str]]:
    """Yield the arms, the medians and the people alive at each landmark, as ranges.

    ``labels`` name the rows: the heading, the median, then each landmark.
    """
    first = found.comparisons[0]
    arms = range(len(first.arms))
    heading = told()["worlds"]["title"].format(members=len(found.comparisons))
    yield [heading, *map(arm_name, first.arms)]
    yield [labels[1], *(months_between(median_between(found, arm)) for arm in arms)]
    for label, mark in zip(labels[2:], first.landmarks, strict=True):
        known = (alive_between(found, arm, mark.month)[1] for arm in arms)
        yield [label, *(people_between(one, mark.whole) for one in known)]


def people_between(shares: Estimate, whole: int) -> str:
    """Print limits of a share as people: ``38 to 44`` of 100; the same words for a single one."""
    return _between(*(f"{whole * end:.0f}" if math.isfinite(end) else "" for end in _ends(shares)))


def months_between(months: Estimate) -> str:
    """Print limits in months: ``29.1 to 33.4``."""
    return _between(*(f"{end:.1f}" if math.isfinite(end) else "" for end in _ends(months)))


def _ends(found: Estimate) -> tuple[float, float]:
    return found.low, found.high


def _between(low: str, high: str) -> str:
    unknown = told()["unknown"] if not (low or high) else "?"
    if low == high:
        return low or str(unknown)
    return str(told()["range"].format(low=low or "?", high=high or "?"))


def _after(first: Comparison, month: float) -> str:
    return str(texts()["clock"][first.clock]["after"].format(span=span(month)))
