"""One self-contained HTML page of a validation: tables, figures as inline SVG, the run record."""

import io
from collections.abc import Iterable, Iterator
from html import escape

from matplotlib.figure import Figure

from alssim.present import validation_words as words
from alssim.present.validation_figures import figures
from alssim.studies.validation.study import Row, Validation
from alssim.studies.validation.targets import CALIBRATION, VALIDATION, Target

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1b2a33; max-width: 1200px;
  margin: 2em auto; padding: 0 1em; }
td:first-child { white-space: nowrap; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; vertical-align: top; padding: .3em .5em;
  border-bottom: 1px solid #e3e8eb; }
thead th { background: #f4f6f7; }
tr.miss td.result { color: #9c2f00; font-weight: bold; }
tr.pass td.result { color: #00664b; }
.scroll { overflow-x: auto; }
figure { margin: 1em 0; } figure svg { max-width: 100%; height: auto; }
pre { background: #f4f6f7; padding: 1em; overflow-x: auto; font-size: 12px; }
"""
MAIN = ("id", "quantity", "unit", "published", "interval", "simulated", "allowed", "distance")


def page(found: Validation) -> str:
    """Return the page of a validation."""
    say = words.texts()
    head = f"<title>{escape(say['title'])}</title><style>{STYLE}</style>"
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{head}</head><body>',
            f"<h1>{escape(say['title'])}</h1>",
            *_paragraphs([say["notice"], say["lead"].format(patients=found.record.patients)]),
            *_list(words.tally_sentences(found)),
            *_main_tables(found),
            *_heading("figures"),
            *(_drawn(name, figure) for name, figure in figures(found).items()),
            *_heading("prognosis"),
            *_list(words.prognosis_sentences(found.prognosis)),
            *_heading("care"),
            *_list(words.care_sentences(found.care)),
            *_heading("rules"),
            *_paragraphs([say["rule"], say["interval"]]),
            *_list(words.rule_sentences()),
            *_heading("how"),
            _methods(found.rows),
            *_heading("inputs"),
            _inputs(found.inputs),
            *_heading("record"),
            f"<pre>{escape(found.record.short())}\n\n{escape(found.record.parameters)}</pre>",
            "</body></html>\n",
        ]
    )


def _main_tables(found: Validation) -> Iterator[str]:
    for use in (CALIBRATION, VALIDATION):
        yield from _heading(use)
        yield _rows_table(found.of_use(use))
    yield from _paragraphs([words.texts()["star"]])


def _rows_table(rows: Iterable[Row]) -> str:
    body = [
        _line([*_main_cells(row)], "pass" if row.passed else "miss", words.result(row))
        for row in rows
    ]
    return _table([*MAIN, "result"], body)


def _main_cells(row: Row) -> Iterator[str]:
    target = row.target
    yield f"{target.id}{' *' if target.is_core else ''}"
    yield target.quantity
    yield target.unit
    yield words.published(target)
    yield words.published_interval(target)
    yield words.simulated(row)
    yield words.allowed(row)
    yield words.distance(row)


def _methods(rows: Iterable[Row]) -> str:
    columns = ("id", "definition", "how", "citation", "note")
    body = [
        _line([one.id, one.definition, words.how(one), _cited(one), one.note])
        for one in (row.target for row in rows)
    ]
    return _table(columns, body)


def _inputs(targets: Iterable[Target]) -> str:
    columns = ("id", "quantity", "value", "unit", "definition", "citation", "note")
    body = [
        _line(
            [
                one.id,
                one.quantity,
                words.number(one.value),
                one.unit,
                one.definition,
                _cited(one),
                one.note,
            ]
        )
        for one in targets
    ]
    return _table(columns, body)


def _cited(target: Target) -> str:
    return f"{target.citation} ({target.doi_or_pmid})" if target.doi_or_pmid else target.citation


def _table(columns: Iterable[str], body: list[str]) -> str:
    names = words.texts()["columns"]
    heads = "".join(f'<th scope="col">{escape(names[name])}</th>' for name in columns)
    lines = "\n".join(body)
    return (
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>\n{lines}\n</tbody></table></div>"
    )


def _line(cells: list[str], kind: str = "", result: str = "") -> str:
    shown = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    if not kind:
        return f"<tr>{shown}</tr>"
    return f'<tr class="{kind}">{shown}<td class="result">{escape(result)}</td></tr>'


def _drawn(name: str, figure: Figure) -> str:
    """Return a figure as inline SVG, with its title for those who do not see it."""
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None}, facecolor=figure.get_facecolor())
    svg = file.getvalue()
    label = escape(words.texts()["figures"][name], quote=True)
    return f'<figure role="img" aria-label="{label}">{svg[svg.index("<svg") :]}</figure>'


def _heading(name: str) -> Iterator[str]:
    yield f"<h2>{escape(words.texts()['sections'][name])}</h2>"


def _paragraphs(texts: Iterable[str]) -> Iterator[str]:
    return (f"<p>{escape(text)}</p>" for text in texts)


def _list(texts: Iterable[str]) -> Iterator[str]:
    yield "<ul>"
    yield from (f"<li>{escape(text)}</li>" for text in texts)
    yield "</ul>"
