"""The effect-size ladder in words: how large must an effect be, and how early, to matter?"""

import math

from alssim.present.comparison_words import gained_between, told
from alssim.present.words import months_in_words, number, span
from alssim.statistics.survival import Estimate
from alssim.studies.counting import people_of, told_of
from alssim.studies.ladder import MEANINGFUL, Ladder, Needed, earliest_first

MOSTLY = 0.85  # share treated below which it is said that many never begin
VISIBLE = 0.05  # months


def ladder_sentences(ladder: Ladder, months: float = MEANINGFUL) -> tuple[str, ...]:
    """Answer for every target and start, the least demanding start first; then what to mind."""
    words = told("ladder")
    said = [words["question"].format(months=months_in_words(months))]
    for target in ladder.targets:
        asked = earliest_first(ladder, target, months)
        largest, whole = ladder.sizes[-1], told_of(ladder.patients)
        said += [needed_sentence(one, largest, ladder.members, whole) for one in asked]
        if ladder.members > 1:
            said.append(_example(ladder, target, asked[0].start))
    return (*said, *ladder_caveats(ladder))


def needed_sentence(found: Needed, largest: float, members: int = 1, whole: int = 100) -> str:
    """Say the smallest effect that matters for one target and start, or that none does.

    With an ensemble of ``members`` sets: also between which sizes it lies over the sets. Who ever
    begins is told of ``whole`` people.
    """
    words = told("ladder")
    kind = "needed"
    if math.isnan(found.size):
        kind = "never" if found.most >= VISIBLE else "never_nothing"
    text = words[kind].format(
        target=words["target"][found.target],
        start=words["start"][found.start],
        months=months_in_words(found.months),
        percent="" if math.isnan(found.size) else _percent(found.size),
        most=months_in_words(found.most),
        most_percent=f"{100 * largest:.0f}",
    )
    if found.known is not None and members > 1:
        text = f"{text} {_known(found.known, members)}"
    if found.treated >= MOSTLY:
        return str(text)
    treated = people_of(found.treated, whole)
    return f"{text} {words['too_late'].format(treated=treated, whole=whole)}"


def _percent(size: float) -> str:
    return f"{math.ceil(100 * size - 1e-9)}"


def _known(sizes: tuple[float, float], members: int) -> str:
    """Say between which sizes the smallest effect that matters lies over all sets."""
    unknown = sum(map(math.isnan, sizes))
    low, high = ("" if math.isnan(size) else _percent(size) for size in sizes)
    kind = ("known_same" if low == high else "known", "known_some", "known_never")[unknown]
    return str(told("ladder")[kind].format(low=low, high=high, members=members))


def _example(ladder: Ladder, target: str, start: str) -> str:
    """Say both kinds of not knowing for the middle size of one row."""
    row = [rung for rung in ladder.row(target, start) if rung.step.size > 0] or [
        *ladder.row(target, start)
    ]
    rung = row[len(row) // 2]
    low, high = rung.known or (math.nan, math.nan)
    text = told("ladder")["example"].format(
        target=target_name(target),
        start=start_name(start),
        percent=f"{100 * rung.step.size:.0f}",
        chance=gained_between(rung.gained),
        known=gained_between(Estimate(rung.gained.value, low, high)),
        members=ladder.members,
    )
    return str(text)


def ladder_caveats(ladder: Ladder) -> tuple[str, ...]:
    """Say how people fare without, what is not counted, and that all of it is hypothetical."""
    words, said = told("ladder"), []
    if ladder.clock == "onset" and math.isfinite(ladder.usual):
        whole = told_of(ladder.patients)
        said.append(words["usual"].format(alive=people_of(ladder.usual, whole), whole=whole))
    if ladder.restricted:
        said.append(words["restricted"].format(horizon=span(ladder.horizon)))
    if ladder.members > 1:
        said.append(words["members"].format(members=ladder.members))
    return (*said, words["caveat"])


def start_name(start: str) -> str:
    """Return the words for a moment at which an effect begins."""
    return str(told("ladder")["start"][start])


def short_start(start: str) -> str:
    """Return a word or two for a moment at which an effect begins, for a table or a key."""
    return str(told("ladder")["short"][start])


def signed_months(months: float) -> str:
    """Print months gained, a loss with its sign."""
    return f"−{number(months)}" if months <= -VISIBLE else number(months)


def target_name(target: str) -> str:
    """Return the words for what an effect acts on."""
    return str(told("ladder")["target"][target])
