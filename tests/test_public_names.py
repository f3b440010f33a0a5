"""What ``import alssim`` offers, and what it must not load."""

import subprocess
import sys

import alssim

PUBLIC = [
    "AlssimError",
    "Comparison",
    "ParameterError",
    "Patients",
    "RunRecord",
    "Scenario",
    "Simulation",
    "SurvivalCurve",
    "Treatment",
    "UsageError",
    "Visits",
    "World",
    "compare",
    "kaplan_meier",
    "load_scenario",
    "load_treatment",
    "load_world",
    "simulate",
]
HEAVY = ["matplotlib", "streamlit", "pandas", "numba", "pyarrow", "rich"]


def test_the_public_names_are_these() -> None:
    assert sorted(alssim.__all__) == sorted(PUBLIC)
    assert [name for name in alssim.__all__ if not hasattr(alssim, name)] == []


def test_every_public_name_is_described() -> None:
    silent = [name for name in PUBLIC if not getattr(alssim, name).__doc__]
    assert silent == []


def test_importing_loads_nothing_heavy() -> None:
    script = f"import sys, alssim; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
