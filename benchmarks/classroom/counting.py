"""Serve the app as ``python -m streamlit`` does, and write down everything that is simulated.

    python -m benchmarks.classroom.counting run app.py ...

Each line of the file that ``ALSSIM_COUNTED`` names stands for one simulation; equal lines stand for
equal ones.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from streamlit.web.cli import main

from alssim.model import simulate
from alssim.parameters.schema import Scenario

BOOK = "ALSSIM_COUNTED"
"""Environment variable with the name of the file."""


def count_simulations(book: Path) -> None:
    """Write a line for every simulation that this process carries out from now on."""
    carry_out = simulate.simulate_parts

    def counted(scenario: Scenario, **options: Any) -> Iterator[simulate.Part]:
        asked = (scenario, options.get("visits"), options.get("latent"), options.get("first"))
        with book.open("a", encoding="utf-8") as lines:
            lines.write(f"{hash(repr(asked)):x}\n")
        return carry_out(scenario, **options)

    simulate.simulate_parts = counted


if __name__ == "__main__":
    count_simulations(Path(os.environ[BOOK]))
    sys.exit(main())
