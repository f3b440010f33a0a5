"""A report of one screen as a single HTML file that needs nothing else, with its run record."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from alssim.model.record import RunRecord
from alssim.present.charts import LIGHT
from alssim.present.words import texts

STYLE = f"""
body {{ font: 17px/1.5 system-ui, sans-serif; color: {LIGHT.ink}; background: {LIGHT.paper};
  max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
img {{ max-width: 100%; height: auto; }}
table {{ border-collapse: collapse; }}
th, td {{ border: 1px solid {LIGHT.grid}; padding: 0.25rem 0.6rem; text-align: left; }}
footer, .notice {{ color: {LIGHT.muted}; font-size: 0.9rem; }}
pre {{ overflow-x: auto; font-size: 0.8rem; }}
@media print {{ details {{ display: none; }} }}
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a report: heading, sentences, rows of a table and a figure with its words."""

    heading: str
    sentences: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()
    figure: bytes = b""  # SVG
    alt: str = ""


def html_report(title: str, parts: Sequence[Part], record: RunRecord, language: str = "en") -> str:
    """Return a report; its last part is the run record with every parameter.

    The first row of a table is its heading. All words are escaped.
    """
    body = "\n".join(_part(part) for part in parts)
    words = texts()["report"]
    return f"""<!DOCTYPE html>
<html lang="{escape(language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)}</title><style>{STYLE}</style></head>
<body>
<h1>{escape(title)}</h1>
<p class="notice">{escape(texts()["charts"]["virtual"])}</p>
{body}
<footer><p>{escape(record.short())}</p>
<details><summary>{escape(words["parameters"])}</summary><pre>{escape(record.parameters)}</pre></details>
</footer>
</body></html>
"""


def _part(part: Part) -> str:
    lines = [f"<h2>{escape(part.heading)}</h2>"]
    lines += [f"<p>{escape(sentence)}</p>" for sentence in part.sentences]
    if part.figure:
        picture = base64.b64encode(part.figure).decode("ascii")
        source = f"data:image/svg+xml;base64,{picture}"
        lines.append(f'<img src="{source}" alt="{escape(part.alt)}">')
    if part.rows:
        lines.append(_table(part.rows))
    return "\n".join(lines)


def _table(rows: Sequence[Sequence[object]]) -> str:
    heading = "".join(f'<th scope="col">{escape(str(cell))}</th>' for cell in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in rows[1:]
    )
    return f"<table><thead><tr>{heading}</tr></thead><tbody>{body}</tbody></table>"
