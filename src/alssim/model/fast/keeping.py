"""Where the compiled code is kept: in a folder of its own for each state of the model's source.

numba looks at the file of the compiled function alone. Equations and constants come from other
files, so an edit there would go unseen and old code would run.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numba

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parent  # the model package
config: Any = numba.config


def source_digest() -> str:
    """Return a digest of every source file of the model."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*.py")):
        digest.update(path.relative_to(SOURCES).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def own_folder() -> Iterator[None]:
    """Let what is compiled within be kept under the digest; where that cannot be, as numba does."""
    folder, before = HERE / "__pycache__" / source_digest(), config.CACHE_DIR
    try:
        folder.mkdir(parents=True, exist_ok=True)
        config.CACHE_DIR = str(folder)
    except OSError:
        pass  # a folder that cannot be written to: numba finds another place
    try:
        yield
    finally:
        config.CACHE_DIR = before
