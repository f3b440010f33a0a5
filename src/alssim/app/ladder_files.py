"""What can be taken away from a ladder: its rungs, both figures, the scenario and a report."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from alssim.app.downloads import File, figure_files, report_file, scenario_file
from alssim.app.text import say
from alssim.model.record import RunRecord
from alssim.present.data_files import columns_of, parquet_bytes
from alssim.present.figures import rendered
from alssim.present.ladder_charts import curves_alt
from alssim.present.ladder_figures import ladder_figure, ladder_map
from alssim.present.ladder_words import ladder_sentences
from alssim.present.report import Part
from alssim.present.study_files import csv_text, ladder_rows
from alssim.studies.ladder import Ladder


def ladder_files(
    ladder: Ladder, target: str, months: float, record: RunRecord, limits: Sequence[str]
) -> list[File]:
    """Offer the files of a ladder; ``months``: those that matter; ``limits``: what to mind."""

    def curves() -> Figure:
        return ladder_figure(ladder, target, months)

    def heat() -> Figure:
        return ladder_map(ladder, target, months)

    def parts() -> list[Part]:
        first, second = (rendered(draw(), "svg", record) for draw in (curves, heat))
        alt = curves_alt(ladder, target)
        rows = list(ladder_rows(ladder))
        return [
            Part(say("ladder.found"), ladder_sentences(ladder, months)),
            Part(say("ladder.curves"), figure=first, alt=alt),
            Part(say("ladder.map"), figure=second, alt=alt),
            Part(say("ladder.limits"), limits),
            Part(say("ladder.files.rungs"), rows=rows),
        ]

    def table() -> bytes:
        return parquet_bytes(columns_of(ladder_rows(ladder)), record)

    rungs = say("ladder.files.rungs")
    stem = f"ladder-{target.replace('_', '-')}"
    return [
        File(rungs, stem, "csv", lambda: csv_text(ladder_rows(ladder)).encode()),
        File(rungs, stem, "parquet", table),
        *figure_files(say("ladder.files.curves"), f"{stem}-curves", curves, record),
        *figure_files(say("ladder.files.map"), f"{stem}-map", heat, record),
        scenario_file(record),
        report_file(say("ladder.title"), stem, parts, record),
    ]
