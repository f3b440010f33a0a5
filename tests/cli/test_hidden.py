"""Nothing that stands in a file, or in its name, steers the terminal (about 6 s)."""

import contextlib
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli.conftest import Call

from alssim.cli import main
from alssim.plain_text import hidden_character

EVIL = "\x1b[31m\x07\x9b2J\u202e\u2066\r\x7f"
ESCAPED = json.dumps("\x1b[31m\x07")[1:-1] + "\u009b2J\u202e\u2066"  # as TOML can hold it
FILES = {
    "title": 'title = "a@b"',
    "summary": 'summary = """a\n@b"""',
    "notes": 'notes = "@"',
    "name": 'name = "@"',
    "care": 'care = "@"',
    "a key": '"@" = 1',
    "a key in a group": '[pace]\n"@" = 1',
    "a value": '[pace]\nmedian = "@"',
    "a unit": '[pace]\nmedian = {value = 0.07, unit = "@"}',
    "a source": '[pace]\nmedian = {value = 0.07, source = "@"}',
    "a key beside a value": '[pace]\nmedian = {value = 0.07, "@" = 1}',
    "what it extends": 'extends = "@"',
    "a path": 'extends = "@.toml"',
    "an arm": 'arms = ["untreated", "@"]',
    "an arm's name": 'arms = ["untreated", {extends = "msc-found", name = "@"}]',
    "an arm's key": 'arms = ["untreated", {extends = "msc-found", "@" = 1}]',
    "an arm's text": 'arms = ["untreated", {extends = "msc-found", claim = "@"}]',
    "citations": 'arms = ["untreated", {extends = "msc-found", citations = ["@"]}]',
    "a choice": 'arms = ["untreated", {extends = "msc-found", evidence = "@"}]',
    "currency": 'arms = ["untreated", {extends = "msc-found", cost = {currency = "@"}}]',
    "a row that is not there": '[symptoms."@"]\nshare = 1',
    "a row's label": '[symptoms.cramps]\nlabel = "@"',
    "a row's name": '[symptoms.cramps]\nname = "@"\nshare = 7',
}  # fmt: skip
COMMANDS = (
    ("check",), ("check", "--json"), ("explain", "pace"), ("explain", "pace.median", "--json"),
    ("dump",), ("run", "--patients", "2"), ("story", "--patient", "1"), ("compare", "--json"),
)  # fmt: skip


def words(command: tuple[str, ...], file: str) -> list[str]:
    """Return the words of a command about a file."""
    first, *rest = command
    key = [rest.pop(0)] if first == "explain" else []
    return [first, *key, file, *rest]


def hidden(*shown: str) -> list[str]:
    """Name hidden characters in what a terminal was sent."""
    return [found for text in shown if (found := hidden_character(text, lines=True))]


@pytest.mark.parametrize("place", FILES)
def test_a_file_that_hides_characters_is_refused_with_a_clear_error(
    call: Call, tmp_path: Path, place: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(FILES[place].replace("@", ESCAPED), encoding="utf-8")
    for command in (("check",), ("check", "--json"), ("run",), ("explain", "pace.median")):
        answer = call(*words(command, str(file)))
        assert answer.status == 2, answer
        assert hidden(answer.out, answer.err) == []
    assert "\\x1b" in call("check", str(file)).err or "u001b" in call("check", str(file)).err


@pytest.mark.parametrize("raw", ["\x1b", "\x00", "\x7f", "\x9b"])
def test_raw_control_characters_are_refused(call: Call, tmp_path: Path, raw: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(f'title = "a{raw}b"'.encode())
    answer = call("check", str(file))
    assert answer.status == 2 and hidden(answer.out, answer.err) == []


@pytest.mark.skipif(os.name == "nt", reason="such a file cannot be named there")
def test_the_name_of_a_file_steers_nothing(call: Call, tmp_path: Path) -> None:
    file = tmp_path / f"{EVIL}.toml"
    for text in ('title = "a"\nname = "a"\n[pace]\nmedian = 0.07', "title = 3", "title = "):
        file.write_text(text, encoding="utf-8")
        for command in COMMANDS:
            answer = call(*words(command, str(file)))
            assert hidden(answer.out, answer.err) == [], command


def test_what_is_typed_steers_nothing(call: Call) -> None:
    typed = (
        ("run", EVIL), ("run", "--" + EVIL), ("run", "--patients", EVIL), ("run", "--set", EVIL),
        ("run", "--set", f"{EVIL}=1"), ("run", "--set", f"title={EVIL}"), ("explain", EVIL),
        ("story", "--patient", "1", "--arm", EVIL), ("compare", "--figure", f"{EVIL}/a.svg"),
        ("run", "--with", EVIL), ("sweep", "--out", "x", "--vary", EVIL),
        ("sweep", "--out", "x", "--vary", f"{EVIL}=1"), ("list", EVIL), (EVIL,),
    )  # fmt: skip
    for one in typed:
        answer = call(*one)
        assert answer.status == 2 and hidden(answer.out, answer.err) == [], one


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SOME = st.sampled_from([*EVIL, "\n", "a", '"', "\\"])


def toml(text: str) -> str:
    """Return a text as a TOML file holds it: hidden characters raw or as escapes."""
    return "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.sampled_from(sorted(FILES)), ANY | st.text(SOME, max_size=8), st.sampled_from(COMMANDS))
def test_no_text_reaches_the_terminal_raw(
    tmp_path_factory: pytest.TempPathFactory, place: str, text: str, command: tuple[str, ...]
) -> None:
    """A fuzz: any text at any place of a file, under any command."""
    file = tmp_path_factory.mktemp("fuzz") / "mine.toml"
    written = FILES[place].replace("@", toml(text))
    file.write_text(f"patients = 2\nhorizon = 30\n{written}", encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(words(command, str(file)))
    assert status in (0, 2)
    assert hidden(out.getvalue(), err.getvalue()) == []
