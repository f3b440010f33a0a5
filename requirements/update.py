"""Write the lock files of this folder anew: ``python requirements/update.py`` (needs uv).

``app.txt`` is what the app needs, ``fast.txt`` the compiled engine on top of it, ``test.txt`` what
the tests and checks need besides. One resolution serves all three, so they never disagree; it
holds for every Python and system that ``pyproject.toml`` admits, and names no place to load from.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent / "pyproject.toml"
EXTRAS = ("fast", "parquet", "test", "dev")
COMPILED = {"llvmlite", "numba"}
NEWEST = "pandas>=3; python_version >= '3.15'"  # older ones have nothing built for it
HEADINGS = {
    "app.txt": "What the app needs",
    "fast.txt": "The compiled engine, on top of app.txt",
    "test.txt": "What the tests and checks need, on top of app.txt",
}


def resolve(*options: str) -> dict[str, list[str]]:
    """Resolve the project and its build tools: package -> its locked entries, in order."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    besides = "\n".join([*project["build-system"]["requires"], NEWEST])
    oldest = project["project"]["requires-python"].removeprefix(">=")
    command = ["uv", "pip", "compile", str(PROJECT), "-", "--universal", "--generate-hashes"]
    plain = ["--no-header", "--no-annotate", "--quiet", "--python-version", oldest, *options]
    found = subprocess.run(
        [*command, *plain], check=True, stdout=subprocess.PIPE, text=True, input=besides
    )
    entries: dict[str, list[str]] = {}
    for entry in re.split(r"\n(?=\S)", found.stdout.strip()):
        name = re.split(r"[=\s]", entry, maxsplit=1)[0]
        entries.setdefault(name, []).append(entry)
    return entries


def write(file: str, entries: dict[str, list[str]]) -> None:
    """Write one lock file."""
    heading = f"# {HEADINGS[file]}. Made by requirements/update.py; do not edit."
    lines = [heading, *(entry for name in sorted(entries) for entry in entries[name])]
    text = "\n".join(lines) + "\n"
    if "://" in text or "--index" in text:
        sys.exit(f"{file} would name a place to load from")
    (HERE / file).write_text(text, encoding="utf-8", newline="\n")
    print(f"{file}: {len(entries)} packages")


def main() -> None:
    """Resolve once, split in three."""
    everything = resolve(*(f"--extra={name}" for name in EXTRAS))
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder) / "pins.txt"
        pins.write_text("\n".join(entry for both in everything.values() for entry in both))
        app = resolve(f"--constraints={pins}")
    write("app.txt", {name: everything[name] for name in app})
    write("fast.txt", {name: everything[name] for name in COMPILED})
    rest = everything.keys() - app.keys() - COMPILED
    write("test.txt", {name: everything[name] for name in rest})


if __name__ == "__main__":
    main()
