"""Figures that a command writes: refused before the work begins, written whole or not at all."""

from pathlib import Path
from typing import TYPE_CHECKING

from alssim.cli.text import say
from alssim.errors import UsageError
from alssim.model.record import RunRecord

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES = (".svg", ".png", ".pdf")


def check_figure(option: str, file: str | None) -> None:
    """Refuse a figure that could not be written; ``option`` is what asked for it."""
    if file is None:
        return
    path = Path(file)
    if path.suffix.lower() not in FIGURES:
        raise UsageError(say("errors.figure_kind", option=option, file=file))
    if not path.parent.is_dir():
        raise UsageError(
            say("errors.no_figure_folder", option=option, file=file, folder=path.parent)
        )


def write_figure(figure: "Figure", file: str | Path, record: RunRecord) -> None:
    """Write a figure with the record of the run inside; raise ``UsageError`` if that fails."""
    from alssim.present.figures import save

    try:
        save(figure, file, record)
    except OSError as error:
        raise UsageError(say("errors.not_written", file=file, reason=error.strerror)) from None
