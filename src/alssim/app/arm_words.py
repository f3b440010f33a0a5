"""The words for a treatment of a comparison, in the language of now.

What is computed holds English words alone, so that run records and files are the same in every
language; a screen says them here.
"""

from dataclasses import replace

from alssim.app.building import NAMES, built_in_words
from alssim.app.file_arms import file_arm_in_words, is_of_file
from alssim.app.text import say
from alssim.app.world import treatment
from alssim.parameters.schema import Treatment
from alssim.present.naming import treatment_in_words


def in_words(arm: Treatment) -> Treatment:
    """Return a treatment as it is shown; for showing alone."""
    if arm.name in NAMES:
        return built_in_words(arm)
    if is_of_file(arm):
        return file_arm_in_words(arm)
    shown = treatment_in_words(arm)
    preset = treatment(arm.name)
    if arm.effects == preset.effects:
        return shown
    return replace(shown, title=say("compare.changed", title=treatment_in_words(preset).title))
