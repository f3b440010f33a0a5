"""Figures that a command writes: refused before the work begins, written whole or not at all."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from alssim.cli.text import say
from alssim.errors import UsageError
from alssim.model.record import RunRecord

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES = (".svg", ".png", ".pdf")


def check_places(asked: argparse.Namespace, *figures: str) -> None:
    """Refuse figures and a folder that could not be written, all at once.

    ``figures`` are the options that ask for figures, without their dashes.
    """
    refuse([*_bad_figures(asked, figures), *_bad_folder(getattr(asked, "out", None))])


def refuse(problems: list[str]) -> None:
    """Raise ``UsageError`` with all problems, one in a line each, if there are any."""
    if problems:
        raise UsageError("\n  ".join(problems))


def _bad_figures(asked: argparse.Namespace, figures: tuple[str, ...]) -> Iterator[str]:
    for name in figures:
        file, option = getattr(asked, name), f"--{name}"
        if file is None:
            continue
        if Path(file).suffix.lower() not in FIGURES:
            yield say("errors.figure_kind", option=option, file=file)
        elif not (folder := Path(file).parent).is_dir():
            yield say("errors.no_figure_folder", option=option, file=file, folder=folder)


def _bad_folder(out: str | None) -> Iterator[str]:
    """Yield why a folder could not be written to; it need not be there yet."""
    if out is None:
        return
    try:
        there = next(
            place for place in (Path(out), *Path(out).absolute().parents) if place.exists()
        )
    except OSError as error:
        yield say("errors.not_written", file=out, reason=error.strerror)
        return
    if not there.is_dir():
        yield say("errors.not_folder", folder=there)
    elif not os.access(there, os.W_OK | os.X_OK):
        yield say("errors.closed_folder", folder=out, place=there)


def write_figure(figure: "Figure", file: str | Path, record: RunRecord) -> None:
    """Write a figure with the record of the run inside; raise ``UsageError`` if that fails."""
    from alssim.present.figures import save

    try:
        save(figure, file, record)
    except OSError as error:
        raise UsageError(say("errors.not_written", file=file, reason=error.strerror)) from None
