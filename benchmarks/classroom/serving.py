"""The app, served as ``alssim app --class --headless`` serves it, and what its server uses.

Memory and processor time are read from ``/proc``; where there is none (not on Linux) they are 0.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alssim.app.launch import classroom, command
from benchmarks.classroom.counting import BOOK
from benchmarks.classroom.machine import free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Server:
    """A running app: its address, its process, and the list of what it simulated."""

    url: str
    process: int
    book: Path

    def memory(self) -> float:
        """Return the resident memory of the server and its children in MiB."""
        pages = sum(int(_read(one, "statm").split()[1]) for one in _family(self.process))
        return pages * os.sysconf("SC_PAGE_SIZE") / MIB if pages else 0.0

    def seconds(self) -> float:
        """Return the processor seconds of the server and its children so far."""
        ticks = 0
        for one in _family(self.process):
            words = _read(one, "stat").rpartition(")")[2].split()
            ticks += int(words[11]) + int(words[12])
        return ticks / os.sysconf("SC_CLK_TCK") if ticks else 0.0

    def simulated(self) -> Counter[str]:
        """Return how often each simulation was carried out so far."""
        return Counter(self.book.read_text(encoding="utf-8").split())


@contextmanager
def serving() -> Iterator[Server]:
    """Serve the app on a free port of this machine, from an empty folder, until the block ends."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        room = classroom("127.0.0.1", free_port())
        words = command(headless=True, room=room)
        words[2] = "benchmarks.classroom.counting"
        book = folder / "simulated.txt"
        book.touch()
        paths = (str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", ""))
        surroundings = room.environment() | {
            "PYTHONPATH": os.pathsep.join(path for path in paths if path),
            BOOK: str(book),
        }
        with (folder / "log.txt").open("w", encoding="utf-8") as log:
            started = subprocess.Popen(
                words, cwd=folder, env=surroundings, stdout=log, stderr=subprocess.STDOUT
            )
            try:
                _wait(started, room.link, folder / "log.txt")
                yield Server(room.link, started.pid, book)
            finally:
                started.terminate()
                started.wait()


def _wait(started: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    """Return when the server answers; end the benchmark if it does not."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and started.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"the app did not start:\n{log.read_text(encoding='utf-8')}")


def _family(process: int) -> list[int]:
    """Return a process and all below it."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        words = _read(int(place.name), "stat").rpartition(")")[2].split()
        if words:
            parents[int(place.name)] = int(words[1])
    found = [process] if process in parents else []
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def _read(process: int, what: str) -> str:
    try:
        return Path(f"/proc/{process}/{what}").read_text(encoding="utf-8")
    except OSError:
        return ""
