"""Files to take away: data, figures, the scenario, a report. Each is made when it is asked for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import streamlit as st
from matplotlib.figure import Figure

from alssim.app.text import say
from alssim.model.record import RunRecord
from alssim.parameters import dump
from alssim.present.data_files import Columns, csv_text, parquet_bytes
from alssim.present.figures import rendered
from alssim.present.language import in_this_language, spoken
from alssim.present.report import Part, html_report

TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "png": "image/png",
    "svg": "image/svg+xml",
    "html": "text/html",
    "pdf": "application/pdf",
    "toml": "application/toml",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file that is made when somebody asks for it; ``kind`` is the ending of its name."""

    label: str
    stem: str
    kind: str
    make: Callable[[], bytes]

    @property
    def name(self) -> str:
        """The file's name."""
        return f"alssim-{self.stem}.{self.kind}"


def data_files(
    label: str, stem: str, columns: Callable[[], Columns], record: RunRecord
) -> list[File]:
    """Offer columns as CSV and as Parquet; the record lies in the second."""
    return [
        File(label, stem, "csv", lambda: csv_text(columns()).encode()),
        File(label, stem, "parquet", lambda: parquet_bytes(columns(), record)),
    ]


def figure_files(
    label: str, stem: str, draw: Callable[[], Figure], record: RunRecord
) -> list[File]:
    """Offer a figure as PNG and as SVG, with the run record inside."""

    def make(kind: str) -> Callable[[], bytes]:
        return lambda: rendered(draw(), kind, record)

    return [File(label, stem, kind, make(kind)) for kind in ("png", "svg")]


def scenario_file(record: RunRecord) -> File:
    """Offer the scenario of a run: every value that was used."""
    stem = f"scenario-{record.digest[:12]}"
    return File(say("downloads.scenario"), stem, "toml", lambda: record.parameters.encode())


def report_file(
    title: str, stem: str, parts: Callable[[], Iterable[Part]], record: RunRecord
) -> File:
    """Offer a report of the screen as one HTML file."""
    return File(
        say("downloads.report"),
        stem,
        "html",
        lambda: html_report(title, list(parts()), record, spoken()).encode(),
    )


def show_downloads(files: Iterable[File]) -> None:
    """Show a button for each file."""
    with st.expander(say("downloads.title")):
        st.markdown(say("downloads.about"))
        with st.container(horizontal=True):
            for file in files:
                show_download(file)


def show_download(file: File, place: str = "") -> None:
    """Show the button of one file; ``place`` tells two buttons of the same file apart."""
    st.download_button(
        say("downloads.button", label=file.label, kind=file.kind.upper()),
        in_this_language(file.make),
        file.name,
        TYPES[file.kind],
        key=f"download_{place}{file.name}",
        on_click="ignore",
    )


def scenario_text(scenario: object) -> bytes:
    """Return a scenario as a file that gives every value."""
    return dump(scenario).encode()
