"""The installed app, started in an empty folder, answers this machine and calls nobody."""

import os
import sys
import urllib.request
from pathlib import Path

from tests.browser.serving import HERE, serving

THIS_MACHINE = ("127.0.0.1", "localhost")


def start(site: Path, port: int) -> list[str]:
    """Return a command that becomes the server of the installed package, not of the checkout."""
    path = os.pathsep.join([str(HERE / "watcher"), str(site)])
    script = f"""
import os, sys
os.environ["PYTHONPATH"] = {path!r}
sys.path.insert(0, {str(site)!r})
from alssim.app.launch import command
words = command({port}, headless=True)
assert words[4].startswith({str(site)!r}), words
os.execv(words[0], words)
"""
    return [sys.executable, "-c", script]


def test_it_answers_this_machine_and_calls_nobody(site: Path, tmp_path: Path) -> None:
    with serving(tmp_path, lambda port: start(site, port)) as app:
        with urllib.request.urlopen(app.url, timeout=60) as answer:
            assert b"<html" in answer.read()
        used = app.addresses()
    assert f"socket.bind ('127.0.0.1', {app.port})" in used
    assert [line for line in used if not any(here in line for here in THIS_MACHINE)] == []
    assert list((tmp_path / "empty").iterdir()) == []
