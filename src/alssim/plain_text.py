"""Text that is safe to show: which characters may stand in it, and how others are made visible.

Some characters are not seen but change what a terminal or a page shows around them: control and
escape characters, and those that turn the direction of writing. A parameter file may not hold them;
elsewhere an escape is shown in their place, a code in visible characters.
"""

import re

# Control characters; soft hyphen; zero width and directional marks, embeddings, overrides and
# isolates; line and paragraph separators; byte order mark; annotation marks; lone surrogates;
# tags. Joiners (U+200C, U+200D), which some scripts need, are welcome.
_HIDDEN = (
    "\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
AROUND = 15  # characters on either side that a message repeats
_IN_A_LINE = re.compile(f"[\x00-\x1f{_HIDDEN}]")
_IN_LINES = re.compile(f"[\x00-\x08\x0b-\x1f{_HIDDEN}]")


def hidden_character(text: str, lines: bool = False) -> str | None:
    """Name the first character that may not be shown, with what stands around it; None if all may.

    ``lines`` allows new lines and tabs.
    """
    found = (_IN_LINES if lines else _IN_A_LINE).search(text)
    if found is None:
        return None
    around = text[max(0, found.start() - AROUND) : found.end() + AROUND]
    return f"U+{ord(found.group()):04X}, in {around!r}"


def visible(text: str, lines: bool = False) -> str:
    """Return the text with every character that may not be shown as an escape.

    ``lines`` keeps new lines and tabs.
    """
    return (_IN_LINES if lines else _IN_A_LINE).sub(_python_escape, text)


def json_visible(document: str) -> str:
    """Return a JSON document that means the same, with hidden characters as escapes.

    Characters below U+0020 stay: such a document holds them between its values alone.
    """
    return re.sub(f"[{_HIDDEN}]", _json_escape, document)


def _python_escape(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode("ascii")


def _json_escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[k : k + 4]}" for k in range(0, len(units), 4))
