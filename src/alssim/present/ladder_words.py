"""The effect-size ladder in words: how large must an effect be, and how early, to matter?"""

import math

from alssim.present.comparison_words import told
from alssim.present.words import months_in_words, number, span
from alssim.studies.ladder import MEANINGFUL, Ladder, Needed, earliest_first

MOSTLY = 0.85  # share treated below which it is said that many never begin
VISIBLE = 0.05  # months


def ladder_sentences(ladder: Ladder, months: float = MEANINGFUL) -> tuple[str, ...]:
    """Answer for every target and start, the least demanding start first; then what to mind."""
    words = told("ladder")
    said = [words["question"].format(months=months_in_words(months))]
    for target in ladder.targets:
        said += [
            needed_sentence(one, ladder.sizes[-1]) for one in earliest_first(ladder, target, months)
        ]
    return (*said, *ladder_caveats(ladder))


def needed_sentence(found: Needed, largest: float) -> str:
    """Say the smallest effect that matters for one target and start, or that none does."""
    words = told("ladder")
    kind = "needed"
    if math.isnan(found.size):
        kind = "never" if found.most >= VISIBLE else "never_nothing"
    text = words[kind].format(
        target=words["target"][found.target],
        start=words["start"][found.start],
        months=months_in_words(found.months),
        percent="" if math.isnan(found.size) else f"{math.ceil(100 * found.size - 1e-9)}",
        most=months_in_words(found.most),
        most_percent=f"{100 * largest:.0f}",
    )
    if found.treated >= MOSTLY:
        return str(text)
    return f"{text} {words['too_late'].format(treated=f'{100 * found.treated:.0f}')}"


def ladder_caveats(ladder: Ladder) -> tuple[str, ...]:
    """Say how people fare without, what is not counted, and that all of it is hypothetical."""
    words, said = told("ladder"), []
    if ladder.clock == "onset" and math.isfinite(ladder.usual):
        said.append(words["usual"].format(alive=round(100 * ladder.usual)))
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
