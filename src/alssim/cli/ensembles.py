"""The same command in every parameter set of an ensemble: what chance and knowledge leave open.

The first member is always what was asked for; the others come from a file.
"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from alssim.cli.asking import asked_scenario, progress
from alssim.cli.text import say
from alssim.model.simulate import Progress
from alssim.parameters import Resolved
from alssim.parameters.schema import Scenario
from alssim.present.charts import curve_months
from alssim.present.ensemble_words import caveat_sentences
from alssim.studies.comparison import Comparison
from alssim.studies.comparison.worlds import (
    HALF_YEARS,
    ManyWorlds,
    alive_between,
    bands_of,
    hold_together,
    median_between,
)
from alssim.studies.ensemble import Ensemble, Worlds, read_ensemble, worlds_of

LONGEST = 120.0  # months of the curves with both bands

Simulate = Callable[[Scenario, Progress | None], Comparison]


@dataclass(frozen=True, slots=True)
class Known:
    """The worlds that were asked for, and what a comparison finds in all of them."""

    worlds: Worlds
    many: ManyWorlds


def asked_ensemble(asked: argparse.Namespace) -> Ensemble | None:
    """Return the ensemble that was asked for, if any: that of a file, or the shipped one."""
    if asked.ensemble is None:
        return None
    return read_ensemble(None if asked.ensemble is True else asked.ensemble)


def asked_worlds(asked: argparse.Namespace, found: Resolved[Scenario]) -> Worlds | None:
    """Return the scenario in every world of the ensemble that was asked for, if any."""
    ensemble = asked_ensemble(asked)
    if ensemble is None:
        return None
    return worlds_of(found, ensemble, lambda changes: asked_scenario(asked, changes))


@contextmanager
def over_members(label: str, members: int) -> Iterator[Callable[[int], Progress | None]]:
    """Show one bar over all members; yield what makes the progress of each, counted from 0."""
    with progress(label) as shown:

        def part(member: int) -> Progress | None:
            if shown is None:
                return None
            return lambda done, total: shown(member * total + done, members * total)

        yield part


def in_all_worlds(worlds: Worlds, first: Comparison, simulate: Simulate) -> Known:
    """Compare in every other member as well, and hold all of them together."""
    others = worlds.scenarios[1:]
    with over_members(say("ensemble.following"), len(others)) as part:
        found = [simulate(one, part(number)) for number, one in enumerate(others)]
    months = curve_months(min(first.horizon, LONGEST))
    return Known(worlds, hold_together((first, *found), months))


def ensemble_numbers(worlds: Worlds) -> dict[str, Any]:
    """Return for JSON which parameter sets were used, so that they can be used again."""
    return about_ensemble(worlds.ensemble, worlds.settings, worlds.kept)


def about_ensemble(
    ensemble: Ensemble, settings: tuple[dict[str, float], ...], kept: tuple[str, ...]
) -> dict[str, Any]:
    """Return for JSON the file, its digest, what each member changes and what stays."""
    return {
        "file": ensemble.file,
        "digest": ensemble.digest,
        "members": 1 + len(settings),
        "settings": settings,
        "kept": kept,
    }


def caveats_of(worlds: Worlds, ranges: bool = True) -> list[str]:
    """Say what the sets are and what stays the same in all of them."""
    file, others = worlds.ensemble.file, len(worlds.settings)
    return [*caveat_sentences(file, others, worlds.kept, ranges)]


def known_numbers(found: ManyWorlds, arm: int) -> dict[str, Any]:
    """Return one arm's limits by chance and by knowledge for JSON."""
    first = found.comparisons[0]
    alive = {
        f"{mark.month:g}": dict(
            zip(("chance", "known"), alive_between(found, arm, mark.month), strict=True)
        )
        for mark in first.landmarks
    }
    return {
        "alive": alive,
        "median": {"chance": first.medians[arm], "known": median_between(found, arm)},
        "gain": {"chance": found.gained[arm], "known": found.known[arm]},
        "gain_means": found.means[:, arm],
        "gain_medians": found.medians[:, arm],
        "bands": _band(found, arm),
    }


def _band(found: ManyWorlds, arm: int) -> dict[str, Any]:
    """Return both bands of one arm every half year, as far as the curves are followed."""
    horizon = found.comparisons[0].horizon
    bands = bands_of(found.comparisons, HALF_YEARS[horizon >= HALF_YEARS])
    rows = ("alive", "chance_low", "chance_high", "known_low", "known_high")
    return {"months": bands.months, **{name: getattr(bands, name)[arm] for name in rows}}
