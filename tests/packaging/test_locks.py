"""The lock files: pinned, with checksums, for all systems, and without a place to load from."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ROOT / "requirements"
PIN = re.compile(r"^([a-z0-9-]+)==([^\s\\]+)", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(file: str) -> set[str]:
    """Return the names of the packages that a lock file pins."""
    return {name for name, _ in PIN.findall((LOCKS / file).read_text(encoding="utf-8"))}


def names(requirements: list[str]) -> set[str]:
    """Return the package names of some requirements."""
    return {re.split(r"[\[<>=!~; ]", text, maxsplit=1)[0].lower() for text in requirements}


@pytest.mark.parametrize("file", ["app.txt", "fast.txt", "test.txt"])
def test_a_lock_pins_with_checksums_and_names_no_address(file: str) -> None:
    text = (LOCKS / file).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--(extra-)?index|--find)", text, re.MULTILINE)
    for entry in re.split(r"\n(?=\S)", text.strip())[1:]:
        assert PIN.match(entry) and "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_locks_hold_all_that_the_project_asks_for() -> None:
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    assert names(project["dependencies"]) <= pins("app.txt")
    assert names(PROJECT["build-system"]["requires"]) <= pins("app.txt")
    assert names(extras["fast"]) <= pins("fast.txt")
    wanted = names([*extras["parquet"], *extras["test"], *extras["dev"]])
    assert wanted <= pins("app.txt") | pins("test.txt")


def test_no_package_is_locked_twice() -> None:
    assert pins("app.txt").isdisjoint(pins("fast.txt") | pins("test.txt"))
    assert pins("fast.txt").isdisjoint(pins("test.txt"))
