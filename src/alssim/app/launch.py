"""Start the app in a process of its own: ``alssim app``.

Streamlit reads its configuration from the folder of the entry script, above any other file. So
the entry script and ``.streamlit/config.toml`` always lie together: at the top of a checkout, and
in the package's ``data`` folder when installed. From any folder the app then answers this machine
alone, asks nothing at the first start and calls nobody.
"""

import os
import subprocess
import sys
from pathlib import Path

from alssim.app.classroom import Classroom as Classroom
from alssim.app.classroom import checked_port
from alssim.app.classroom import classroom as classroom
from alssim.errors import UsageError

PACKAGE = Path(__file__).resolve().parent.parent
FOLDERS = (PACKAGE / "data", PACKAGE.parent.parent)
"""Where the entry script may lie: the data of an installed package, or the top of a checkout."""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}


def entry_script() -> Path:
    """Return the entry script that has its configuration beside it."""
    for folder in FOLDERS:
        if (folder / "app.py").is_file() and (folder / ".streamlit" / "config.toml").is_file():
            return folder / "app.py"
    raise UsageError("app.py and .streamlit/config.toml are missing; install alssim again")


def command(
    port: int | None = None, headless: bool = False, room: Classroom | None = None
) -> list[str]:
    """Return the command that serves the app.

    ``port``: a fixed port, else the first free one from 8501 on. ``headless``: open no browser.
    ``room``: serve a class there; else this machine alone.
    """
    options = ["--server.headless=true"] if headless else []
    if room is not None:
        options += room.options()
    elif port is not None:
        options.append(f"--server.port={checked_port(port)}")
    return [sys.executable, "-m", "streamlit", "run", str(entry_script()), *options]


def environment(room: Classroom | None = None) -> dict[str, str]:
    """Return the environment of the server.

    Linear algebra runs in one thread: the matrices are small, and many visitors are answered at
    the same time.
    """
    return ONE_THREAD | (dict(os.environ) if room is None else room.environment())


def launch(port: int | None = None, headless: bool = False, room: Classroom | None = None) -> int:
    """Serve the app until it is stopped; return the exit status of the server.

    Where it can, the server takes the place of this process: who stops one stops the other.
    """
    words = command(port, headless, room)
    surroundings = environment(room)
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(words[0], words, surroundings)
    with subprocess.Popen(words, env=surroundings) as server:
        try:
            return server.wait()
        except KeyboardInterrupt:
            server.terminate()
            return server.wait()
