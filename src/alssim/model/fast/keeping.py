"""Let what is compiled be kept where ``alssim.model.compiled`` says."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numba

from alssim.model.compiled import folder

config: Any = numba.config


@contextmanager
def own_folder() -> Iterator[None]:
    """Keep what is compiled within in the folder of the present source."""
    before, config.CACHE_DIR = config.CACHE_DIR, str(folder())
    try:
        yield
    finally:
        config.CACHE_DIR = before
