"""Where compiled code is kept: in a folder of its own for each state of the model's source.

numba looks at the file of the compiled function alone. Equations and constants come from other
files, so an edit there would go unseen and old code would run.
"""

import hashlib
from pathlib import Path

SOURCES = Path(__file__).resolve().parent  # the model package
KERNELS = ("_life", "_silence", "_fill_bytes")  # what takes long to compile


def source_digest() -> str:
    """Return a digest of every source file of the model."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*.py")):
        digest.update(path.relative_to(SOURCES).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def folder() -> Path:
    """Return the folder of the present source."""
    return SOURCES / "fast" / "__pycache__" / source_digest()


def is_kept() -> bool:
    """Say whether the engine has been compiled before, so that it only needs to be loaded."""
    place = folder()
    return all(any(place.glob(f"*/*.{kernel}-*.nbc")) for kernel in KERNELS)
