"""The installed package works in an empty folder, with no checkout in reach."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCKED = ("streamlit", "matplotlib", "pandas", "numba")


def in_an_empty_folder(site: Path, folder: Path, script: str, first: str = "") -> str:
    """Run a script that sees the installed package; return what it prints.

    ``-P`` keeps the working folder out of sight. The checkout may be known to this Python
    (an editable installation), so the script first makes sure that it is not the one in use.
    """
    guard = f"import alssim; assert alssim.__file__.startswith({str(site)!r}), alssim.__file__\n"
    done = subprocess.run(
        [sys.executable, "-P", "-c", first + guard + script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def files_below(folder: Path) -> set[str]:
    """Return the paths of all parameter files below a folder."""
    found = [*folder.rglob("*.toml"), *folder.rglob("*.csv")]
    return {path.relative_to(folder).as_posix() for path in found}


def test_the_sdist_is_complete(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = "pyproject.toml README.md LICENSE CHANGELOG.md Makefile run.py app.py"
    wanted += " .streamlit/config.toml requirements/app.txt tests/conftest.py src/alssim/py.typed"
    assert set(wanted.split()) - names == set()
    assert {f"parameters/{name}" for name in files_below(ROOT / "parameters")} - names == set()


def test_the_wheel_holds_every_parameter_file_and_the_pages_settings(site: Path) -> None:
    data = site / "alssim" / "data"
    assert files_below(data / "parameters") == files_below(ROOT / "parameters")
    for name in ("app.py", ".streamlit/config.toml"):
        assert (data / name).read_bytes() == (ROOT / name).read_bytes()
    assert (site / "alssim" / "py.typed").exists()


def test_the_wheel_holds_no_stranger(site: Path) -> None:
    tops = {path.name.partition("-")[0] for path in site.iterdir()}
    assert tops == {"alssim"}
    unwanted = ("tests", "run.py", "__pycache__")
    assert [path for path in site.rglob("*") if path.name in unwanted] == []


def test_parameters_are_found_in_an_empty_folder(site: Path, tmp_path: Path) -> None:
    script = "print(alssim.load_scenario('reference').title)"
    assert in_an_empty_folder(site, tmp_path, script).strip()


def test_targets_are_found_in_an_empty_folder(site: Path, tmp_path: Path) -> None:
    script = "from alssim.studies.validation import load_designs, load_targets\n"
    script += "print(len(load_targets()), len(load_designs().trials))"
    assert in_an_empty_folder(site, tmp_path, script).split() == ["151", "7"]


def test_the_model_needs_no_page_and_no_drawing(site: Path, tmp_path: Path) -> None:
    blocked = f"import sys; sys.modules.update(dict.fromkeys({BLOCKED}))\n"
    script = "simulation = alssim.simulate(alssim.load_scenario('reference'), patients=4)\n"
    script += "print(alssim.compare(simulation))"
    assert in_an_empty_folder(site, tmp_path, script, first=blocked).strip()


def test_the_command_is_there(site: Path) -> None:
    (entry,) = site.glob("alssim-*.dist-info/entry_points.txt")
    assert "alssim = alssim.cli:main" in entry.read_text(encoding="utf-8")
