"""Where compiled code is kept: in a folder of its own for each state of the model's source.

numba looks at the file of the compiled function alone. Equations and constants come from other
files, so an edit there would go unseen and old code would run.
"""

import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

SOURCES = Path(__file__).resolve().parent  # the model package
MARK = "ready.json"  # written when everything has been compiled and has run
CPU = Path("/proc/cpuinfo")


def source_digest() -> str:
    """Return a digest of every source file of the model."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*.py")):
        digest.update(path.relative_to(SOURCES).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def folder() -> Path:
    """Return the folder of the present source: beside it, else with the user, else for this run.

    A folder named by ``NUMBA_CACHE_DIR`` comes first. Code is only ever read from a place that
    belongs to whoever runs the program.
    """
    digest = source_digest()
    asked = os.environ.get("NUMBA_CACHE_DIR")
    own = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    places = [Path(asked)] if asked else []
    for place in [*places, SOURCES / "fast" / "__pycache__", own / "alssim"]:
        found = place / digest
        try:
            found.mkdir(parents=True, exist_ok=True)
        except (OSError, RuntimeError):
            continue
        if os.access(found, os.W_OK):
            return found
    found = Path(tempfile.mkdtemp(prefix="alssim-")) / digest
    found.mkdir()
    return found


def _here() -> dict[str, object]:
    """Return all that compiled code depends on, besides the source's content."""
    try:
        numba = version("numba")
    except PackageNotFoundError:
        numba = ""
    stamps = max(path.stat().st_mtime_ns for path in SOURCES.rglob("*.py"))
    return {
        "python": sys.implementation.cache_tag,
        "numba": numba,
        "machine": [platform.machine(), _processor()],
        "stamps": stamps,
    }


def _processor() -> str:
    try:
        lines = CPU.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    return next((line for line in lines if line.startswith(("model name", "CPU part"))), "")


def is_kept() -> bool:
    """Say whether the engine has been compiled and has run here, so that it need only be loaded."""
    try:
        return bool(json.loads((folder() / MARK).read_text(encoding="utf-8")) == _here())
    except (OSError, ValueError):
        return False


def mark_kept() -> None:
    """Note that the engine has been compiled and has run; where that cannot be, do nothing."""
    if is_kept():
        return
    unfinished = folder() / f"{MARK}.{os.getpid()}"
    try:
        unfinished.write_text(json.dumps(_here()), encoding="utf-8")
        unfinished.replace(folder() / MARK)
    except OSError:
        return


def forget() -> None:
    """Take away what is kept, as when it is damaged."""
    shutil.rmtree(folder(), ignore_errors=True)
    folder.cache_clear()
