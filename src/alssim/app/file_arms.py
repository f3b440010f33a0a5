"""The treatments of an opened scenario, where they are not the shipped ones: to be compared too.

On the screen and in links each has a number for its name, so that no word of a visitor's file
stands in a link.
"""

import re
from dataclasses import replace

from alssim.app.study import Study
from alssim.app.text import say
from alssim.app.world import treatment
from alssim.parameters.locate import TREATMENTS, names
from alssim.parameters.schema import Treatment

BEGIN = "file-"
PLAIN = re.compile(r"[\w ,.;%()+'’–-]{1,80}")
"""Titles that a sentence can hold: they mean nothing else in Markdown."""


def file_arms(study: Study) -> dict[str, Treatment]:
    """Return what the scenario treats with besides shipped treatments, by numbered name."""
    own = [arm for arm in study.record.arms if arm.effects and not _shipped(arm)]
    named = ((f"{BEGIN}{number}", arm) for number, arm in enumerate(own, 1))
    return {name: replace(arm, name=name) for name, arm in named}


def is_of_file(arm: Treatment) -> bool:
    """Whether a treatment on the screen is the scenario's own."""
    return arm.name.startswith(BEGIN)


def file_arm_in_words(arm: Treatment) -> Treatment:
    """Return it as sentences name it: its title if that is plain, and no other word of the file."""
    number = arm.name.removeprefix(BEGIN)
    plain = PLAIN.fullmatch(arm.title) and "www." not in arm.title.lower()
    title = arm.title if plain else say("compare.file.title", number=number)
    return replace(arm, title=title, hypothetical=say("compare.file.hypothetical"))


def _shipped(arm: Treatment) -> bool:
    return arm.name in names(TREATMENTS) and arm == treatment(arm.name)
