"""``alssim app``: what it says before it serves, and what it starts."""

import sys
from typing import Any

import pytest
from tests.cli.conftest import Call


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What would have been served."""
    found: list[tuple[Any, ...]] = []

    def launch(*words: Any) -> int:
        found.append(words)
        return 0

    monkeypatch.setattr("alssim.cli.serving.launch", launch)
    return found


def test_for_oneself(call: Call, started: list[tuple[Any, ...]]) -> None:
    answer = call("app", "--port", "8600", "--headless")
    assert (answer.status, answer.out) == (0, "")
    assert started == [(8600, True)]


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


def test_a_terminal_gets_the_code_white_on_black_and_an_old_one_none(
    call: Call, started: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from alssim.cli.serving import _drawn

    link = "http://192.168.1.20:8501/"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert all(line.startswith("\x1b[97;40m") for line in _drawn(link).splitlines())


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
