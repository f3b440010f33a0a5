"""QR codes of links, for a screen that is projected and for a terminal."""

from html import escape
from io import StringIO

import segno

BORDER = 4  # modules of white around the code, as its standard asks
WHITE_ON_BLACK, AS_BEFORE = "\x1b[97;40m", "\x1b[0m"


def qr_svg(link: str, label: str) -> str:
    """Draw a link as SVG, black on white in every theme; ``label``: what a screen reader says."""
    drawn = _code(link).svg_inline(border=BORDER, omitsize=True, light="#fff")
    return f'<div class="qr" role="img" aria-label="{escape(label)}">{drawn}</div>'


def qr_text(link: str, colour: bool) -> str:
    """Draw a link in block characters, for a terminal.

    ``colour``: set white on black for the terminal, whose own colours may be the other way round.
    """
    out = StringIO()
    _code(link).terminal(out, border=BORDER, compact=True)
    lines = out.getvalue().rstrip("\n").split("\n")
    return "\n".join(f"{WHITE_ON_BLACK}{line}{AS_BEFORE}" if colour else line for line in lines)


def _code(link: str) -> segno.QRCode:
    return segno.make(link, error="m", micro=False)
