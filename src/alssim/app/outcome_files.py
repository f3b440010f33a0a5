"""What can be taken away from a comparison: data, figures, the scenario and a report."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from alssim.app import export
from alssim.app.downloads import File, data_files, figure_files, report_file, scenario_file
from alssim.app.text import say
from alssim.model.record import RunRecord
from alssim.present import figures, vega, words
from alssim.present.report import Part
from alssim.present.words import Names
from alssim.studies.comparison import Comparison

ARM = 1


def comparison_files(
    stem: str,
    shown: Comparison,
    whole: Comparison,
    names: Names,
    month: float,
    record: RunRecord,
    limits: Sequence[str],
) -> list[File]:
    """Offer the files of a comparison: ``shown`` up to its horizon, ``whole`` as followed.

    ``month``: the landmark; ``limits``: what to read with the result.
    """

    def survival() -> Figure:
        return figures.survival_figure(shown, names, month)

    def gains() -> Figure:
        return figures.gain_figure(whole, names, ARM)

    def parts() -> list[Part]:
        pictures = (figures.rendered(draw(), "svg", record) for draw in (survival, gains))
        first, second = pictures
        told = [words.headline(shown, names, month, ARM), words.median_sentence(shown, names, ARM)]
        gained = [words.gain_sentence(whole, names, ARM), words.shares_sentence(whole, ARM)]
        survival_alt = vega.survival_alt(shown, names, month, ARM)
        gain_alt = vega.gain_alt(whole, names, ARM)
        return [
            Part(say("downloads.curves"), told, figure=first, alt=survival_alt),
            Part(say("compare.gained"), gained, figure=second, alt=gain_alt),
            Part(say("compare.limits"), limits),
        ]

    curves, people = say("downloads.curves"), say("downloads.people")
    return [
        *data_files(curves, f"{stem}-curves", lambda: export.curves(shown), record),
        *data_files(people, f"{stem}-people", lambda: export.people(shown), record),
        *figure_files(say("downloads.survival_picture"), f"{stem}-survival", survival, record),
        *figure_files(say("downloads.gains_picture"), f"{stem}-gains", gains, record),
        scenario_file(record),
        report_file(say("compare.title"), stem, parts, record),
    ]
