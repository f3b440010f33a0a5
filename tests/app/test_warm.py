"""Compiling at the very first start happens beside the server, so that nobody waits for it."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from alssim.app import warm
from alssim.model import backend, compiled

pytestmark = pytest.mark.skipif(not backend.has_numba(), reason="the fast back end is missing")


@pytest.fixture
def unmarked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place that holds all compiled code but, as after a start cut short, no mark of it."""
    backend.warm_up()
    here = tmp_path / compiled.source_digest()
    shutil.copytree(compiled.folder(), here)
    (here / compiled.MARK).unlink()
    monkeypatch.setattr(backend, "_loaded", threading.Event())
    monkeypatch.setattr(compiled, "folder", lambda: here)
    monkeypatch.setattr(warm, "folder", lambda: here)
    return here


def test_another_process_finishes_what_is_kept(unmarked: Path) -> None:
    before = {path.name for path in unmarked.iterdir()}
    assert not compiled.is_kept()
    with warm.compiling():
        pass
    assert compiled.is_kept()
    assert {path.name for path in unmarked.iterdir()} == before | {compiled.MARK}


@pytest.mark.parametrize("ending", ["raise SystemExit(1)", "import os; os.abort()"])
def test_what_cannot_be_compiled_is_not_tried_in_the_server(
    ending: str, unmarked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "COMPILE", ending)
    monkeypatch.setattr(warm, "warm_up", lambda: pytest.fail("the server compiled"))
    warm.make_ready()
    assert not compiled.is_kept()


def test_what_is_kept_is_loaded_without_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[bool] = []
    monkeypatch.setattr(warm, "is_kept", lambda: True)
    monkeypatch.setattr(warm, "warm_up", lambda: loaded.append(True))
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("another process"))
    warm.make_ready()
    assert loaded == [True]


def test_the_compiler_ends_with_its_server() -> None:
    alone = subprocess.run([sys.executable, "-c", warm.COMPILE], input=b"", check=False)
    assert alone.returncode == 1
