"""Serve the app in an empty folder, and write down whom its server talks to."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from benchmarks.classroom.machine import free_port

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1] / "src"
START_SECONDS = 90


@dataclass(frozen=True)
class Served:
    """A running app: its address, and the file that lists the addresses its server used."""

    url: str
    port: int
    book: Path

    def addresses(self) -> list[str]:
        """Return what the server bound to, connected to, sent to or looked up."""
        return self.book.read_text(encoding="utf-8").splitlines()


@contextmanager
def serving(folder: Path, make: Callable[[int], list[str]]) -> Iterator[Served]:
    """Run a command that serves the app, in an empty folder with an empty home."""
    port, book = free_port(), folder / "addresses.txt"
    book.touch()
    (folder / "home").mkdir()
    (folder / "empty").mkdir()
    paths = [str(HERE / "watcher"), str(SOURCE), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "HOME": str(folder / "home"),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "WATCHED_ADDRESSES": str(book),
    }
    server = subprocess.Popen(
        make(port),
        cwd=folder / "empty",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    rest = _wait_until_served(server)
    try:
        yield Served(f"http://127.0.0.1:{port}", port, book)
    finally:
        server.terminate()
        server.wait()
        rest.join()
        if server.stdout is not None:
            server.stdout.close()


def _wait_until_served(server: subprocess.Popen[str]) -> threading.Thread:
    """Read until the server names its address; return a thread that reads on."""
    assert server.stdout is not None
    guard = threading.Timer(START_SECONDS, server.kill)
    guard.start()
    said = []
    for line in server.stdout:
        said.append(line)
        if "URL:" in line:
            break
    else:
        pytest.fail("the app did not start:\n" + "".join(said))
    guard.cancel()
    rest = threading.Thread(target=_drain, args=(server.stdout,), daemon=True)
    rest.start()
    return rest


def _drain(pipe: IO[str]) -> None:
    for _ in pipe:
        pass
