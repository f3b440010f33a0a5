"""``alssim app``: what it says before it serves, and what it starts."""

import sys
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest
from tests.cli.conftest import Call

from alssim.app import launch
from alssim.cli.serving import _drawn


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What would have been served."""
    found: list[tuple[Any, ...]] = []

    def launched(*words: Any) -> int:
        found.append(words)
        return 0

    monkeypatch.setattr(launch, "launch", launched)
    return found


def test_for_a_class_it_says_what_is_exposed_and_how_to_stop(
    call: Call, started: list[tuple[Any, ...]]
) -> None:
    answer = call("app", "--class", "bio-7", "--address", "127.0.0.1")
    assert answer.status == 0
    ((port, headless, room),) = started
    assert (port, headless, room.code) == (room.port, False, "BIO7")
    said = " ".join(answer.out.split())
    assert f"http://127.0.0.1:{port}/lessons?code=BIO7" in said
    for told in ("everybody on the network", "without a password", "nothing is stored", "Ctrl-C"):
        assert told in said
    assert "the whole internet" not in said
    assert "█▀" in answer.out and "\x1b" not in answer.out


@pytest.mark.parametrize(("encoding", "drawn"), [("utf-8", True), ("ascii", False)])
def test_a_terminal_gets_white_on_black_or_none_if_it_cannot_draw_it(
    encoding: str, drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = TextIOWrapper(BytesIO(), encoding=encoding)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", terminal)
    lines = _drawn("http://192.168.1.20:8501/").splitlines()
    assert bool(lines) == drawn and all(line.startswith("\x1b[97;40m") for line in lines)


@pytest.mark.parametrize(
    "words",
    [
        ("--address", "127.0.0.1"),
        ("--class", "--address", "0.0.0.0"),
        ("--class", "<b>", "--address", "127.0.0.1"),
        ("--class", "--address", "127.0.0.1", "--port", "70000"),
    ],
)
def test_what_cannot_be_served(
    call: Call, started: list[tuple[Any, ...]], words: tuple[str, ...]
) -> None:
    answer = call("app", *words)
    assert answer.status == 2 and answer.err.startswith("alssim: ") and not started
