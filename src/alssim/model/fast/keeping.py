"""Let what is compiled be kept where ``alssim.model.compiled`` says."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numba

from alssim.model.compiled import folder

config: Any = numba.config


@contextmanager
def own_folder() -> Iterator[None]:
    """Keep what is compiled within under the digest; where that cannot be, as numba does."""
    place, before = folder(), config.CACHE_DIR
    try:
        place.mkdir(parents=True, exist_ok=True)
        config.CACHE_DIR = str(place)
    except OSError:
        pass  # a folder that cannot be written to: numba finds another place
    try:
        yield
    finally:
        config.CACHE_DIR = before
