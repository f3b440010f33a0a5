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

from alssim.errors import UsageError

PACKAGE = Path(__file__).resolve().parent.parent
FOLDERS = (PACKAGE / "data", PACKAGE.parent.parent)
"""Where the entry script may lie: the data of an installed package, or the top of a checkout."""


def entry_script() -> Path:
    """Return the entry script that has its configuration beside it."""
    for folder in FOLDERS:
        if (folder / "app.py").is_file() and (folder / ".streamlit" / "config.toml").is_file():
            return folder / "app.py"
    raise UsageError("app.py and .streamlit/config.toml are missing; install alssim again")


def command(port: int | None = None, headless: bool = False) -> list[str]:
    """Return the command that serves the app.

    ``port``: a fixed port, else the first free one from 8501 on. ``headless``: open no browser.
    """
    options = ["--server.headless=true"] if headless else []
    if port is not None:
        options.append(f"--server.port={_checked(port)}")
    return [sys.executable, "-m", "streamlit", "run", str(entry_script()), *options]


def launch(port: int | None = None, headless: bool = False) -> int:
    """Serve the app until it is stopped; return the exit status of the server.

    Where it can, the server takes the place of this process: who stops one stops the other.
    """
    if os.name == "posix":
        sys.stdout.flush()
        words = command(port, headless)
        os.execv(words[0], words)
    with subprocess.Popen(command(port, headless)) as server:
        try:
            return server.wait()
        except KeyboardInterrupt:
            server.terminate()
            return server.wait()


def _checked(port: int) -> int:
    if not 1 <= port <= 65535:
        raise UsageError(f"port = {port} is not between 1 and 65535")
    return port
