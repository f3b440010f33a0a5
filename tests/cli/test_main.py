"""The command line as a whole: help, version, exit statuses, pipes, what is loaded when."""

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from tests.cli.conftest import Call

import alssim
from alssim.app import launch
from alssim.cli import MODULES, arguments, drawing, files, kinds, main
from alssim.cli.text import plain, words
from alssim.model.backend import Backend
from alssim.present import figures, table_files
from alssim.studies.comparison import Clock, Endpoint

PYTHON = (sys.executable, "-c", "import sys; from alssim.cli import main; sys.exit(main())")


def test_help_names_every_command(call: Call) -> None:
    answer = call("--help")
    assert answer.status == 0
    assert [name for name in MODULES if name not in answer.out] == []
    assert " ".join(words()["notice"].split()) in " ".join(answer.out.split())


@pytest.mark.parametrize("command", MODULES)
def test_every_command_has_help(call: Call, command: str) -> None:
    answer = call(command, "--help")
    assert answer.status == 0 and answer.err == ""
    assert answer.out.startswith(f"usage: alssim {command}")


def test_the_version_is_told(call: Call) -> None:
    assert call("--version").out == f"alssim {alssim.__version__}\n"


@pytest.mark.parametrize("typed", [(), ("cure",), ("run", "--nonsense"), ("check",)])
def test_words_that_mean_nothing_are_refused(call: Call, typed: tuple[str, ...]) -> None:
    answer = call(*typed)
    assert answer.status == 2 and answer.out == ""
    assert answer.err.startswith("usage: alssim")


@pytest.mark.parametrize("empty", ["", "  "])
@pytest.mark.parametrize(
    ("typed", "option"),
    [
        (("run", "--out"), "--out"),
        (("run", "--set", "horizon=12", "--out"), "--out"),
        (("run", "--with"), "--with"),
        (("run",), "SCENARIO"),
        (("compare", "--figure"), "--figure"),
        (("compare", "--gains"), "--gains"),
        (("story", "--patient", "1", "--figure"), "--figure"),
        (("check", "reference"), "FILE"),
        (("story", "--patient", "1"), "SCENARIO"),
        (("explain", "pace"), "SCENARIO"),
        (("dump",), "SCENARIO"),
    ],
)
def test_a_file_or_folder_without_a_name_is_refused(
    call: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: tuple[str, ...],
    option: str,
    empty: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = call(*typed, empty)
    assert answer.status == 2 and answer.out == ""
    assert answer.err.count(f"argument {option}: it is empty; give a name") == 1
    assert answer.err.count("error: ") == 1
    assert not any(tmp_path.iterdir())


def test_choices_are_those_of_the_model() -> None:
    assert get_args(Backend) == arguments.BACKENDS
    assert get_args(Clock) == arguments.CLOCKS
    assert get_args(Endpoint) == arguments.ENDPOINTS
    assert arguments.FORMATS == table_files.FORMATS
    assert arguments.KINDS == files.KINDS
    assert {kind.removeprefix(".") for kind in drawing.FIGURES} == set(figures.KINDS)


def test_an_unexpected_error_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(kinds, "load_any", broken)
    with pytest.raises(ZeroDivisionError):
        main(["check", "reference"])


def test_the_app_is_launched(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int | None, bool]] = []

    def launched(port: int | None, headless: bool) -> int:
        asked.append((port, headless))
        return 5

    monkeypatch.setattr(launch, "launch", launched)
    assert call("app").status == 5
    assert call("app", "--port", "8600", "--headless").status == 5
    assert asked == [(None, False), (8600, True)]


def test_a_port_that_cannot_be_is_refused(call: Call) -> None:
    answer = call("app", "--port", "0")
    assert answer.status == 2 and "port = 0 is not between 1 and 65535" in answer.err


def test_json_knows_no_infinity() -> None:
    assert plain({"a": float("nan"), "b": (float("inf"), 1.5), 3: True}) == {
        "a": None,
        "b": [None, 1.5],
        "3": True,
    }


def test_a_reader_that_leaves_early_causes_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*PYTHON, "list", "care"], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode == 141


def test_small_questions_load_nothing_heavy() -> None:
    script = (
        "import sys; from alssim.cli import main; main(['explain', 'pace.median', '--json']);"
        "print([m for m in ('matplotlib', 'streamlit', 'numba', 'rich', 'pyarrow')"
        " if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stderr.strip() == "[]", done.stderr
    assert done.stdout.startswith("{")
