"""The world in which a slide is simulated: the deck's, with the values that the slide changes."""

from dataclasses import replace

from alssim.app.study import Study, value_text
from alssim.app.text import say
from alssim.app.world import care_title
from alssim.parameters.changing import CARE_KEY, editable
from alssim.parameters.walking import Entry
from alssim.present.decks import Slide
from alssim.quantity import Quantity


def world_of(slide: Slide, world: Study, own: bool) -> Study:
    """Return the world of a slide; ``own``: the deck is the visitor's, so its values stay apart."""
    return replace(world, changes=slide.changes, apart=own and bool(slide.changes))


def without_changes(world: Study) -> Study:
    """Return the world of the deck, without the values of one slide."""
    return replace(world, changes=(), apart=False)


def changed_lines(world: Study) -> tuple[str, ...]:
    """Say in words which values of a slide's world differ from those of its scenario."""
    before, after = editable(without_changes(world).record), editable(world.record)
    return tuple(_line(before[key], after[key]) for key, _ in world.changes)


def _line(before: Entry, after: Entry) -> str:
    if before.path == CARE_KEY:
        told = {"before": care_title(before.value), "after": care_title(after.value)}
        return say("present.changed_care", **told)
    about = before.part.about
    unit = about.unit if isinstance(about, Quantity) else ""
    told = {"before": _shown(before.value), "after": _shown(after.value)}
    meaning = f"{about.meaning[:1].upper()}{about.meaning[1:]}"
    return say(
        "present.changed", meaning=meaning, unit=f" {unit}".rstrip(), name=after.path, **told
    )


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else value_text(value)
