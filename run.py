#!/usr/bin/env python3
"""Set everything up, then do one thing.

    python3 run.py                  open the app in the browser
    python3 run.py test             run all tests and checks (more words go to pytest)
    python3 run.py alssim WORDS     the command line, as in: python3 run.py alssim --help
    python3 run.py clean            remove what this script made

On Windows write ``py run.py``. Needs Python 3.11 or newer and, the first time, the internet.
Everything goes into the folder ``.venv`` beside this file; versions and their checksums come
from ``requirements/``. A set-up that was interrupted starts over by itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCKS = ROOT / "requirements"
VENV = ROOT / ".venv"
RECORD = VENV / "alssim-setup.json"  # parts that are installed; marks the folder as ours
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
COMMAND = VENV / ("Scripts/alssim.exe" if WINDOWS else "bin/alssim")
PARTS = {"app": ["app"], "test": ["app", "test"]}
SIDE_BY_SIDE = ["--numprocesses=auto", "--dist=loadgroup", "--no-loadscope-reorder"]
STRAY = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_HASHES")
NO_VENV = """\
This Python cannot make virtual environments ({reason}).
  Debian, Ubuntu:  sudo apt install python3-venv
  Fedora:          sudo dnf install python3-pip
  elsewhere:       install Python from its own site
Then run the same command again."""
NO_INSTALL = """\
The installation did not finish. Mostly this is the network: run the same command again.
What was downloaded is kept. If it fails again, `python3 run.py clean` starts afresh."""
NOT_OURS = """\
There is a folder .venv here that this script did not make, or that was left half removed.
Rename or delete it, then run the same command again: {folder}"""
NO_NUMBA = """\
The compiled engine (numba) is not to be had for this Python or computer.
alssim works without it, with the same results, but takes longer."""


def main(words: list[str]) -> int:
    """Do what the words ask for; return the exit code."""
    command, rest = (words[0], words[1:]) if words else ("app", [])
    if command in ("-h", "--help", "help"):
        print((__doc__ or "").strip())
        return 0
    if command == "clean":
        return clean()
    if command not in ("app", "test", "alssim"):
        print(f"unknown command: {command}\n\n{(__doc__ or '').strip()}", file=sys.stderr)
        return 2
    prepare("test" if command == "test" else "app")
    if command == "test":
        os.chdir(ROOT)
        return become(PYTHON, ["-m", "pytest", *SIDE_BY_SIDE, *rest])
    return become(COMMAND, ["app", *rest] if command == "app" else rest)


def prepare(level: str) -> None:
    """Install what is missing for a level; do nothing where all is there."""
    have = recorded()
    missing = [part for part in PARTS[level] if have.get(part) != fingerprint(part)]
    if not missing:
        return
    if "app" in missing:
        have, missing = {}, PARTS[level]
    print("Setting up in .venv: a minute or two the first time.", flush=True)
    for tool in installers():
        if set_up(tool, have, missing):
            return
    sys.exit(NO_INSTALL)


def installers() -> list[str]:
    """Return the tools to try, quickest first."""
    return ["uv", "pip"] if shutil.which("uv") else ["pip"]


def set_up(tool: str, have: dict[str, str], missing: list[str]) -> bool:
    """Install the missing parts with one tool; say whether it went well."""
    if have and tool == "pip" and not has_pip():
        have, missing = {}, ["app", *(part for part in missing if part != "app")]
    if not have:
        make_environment(with_pip=tool == "pip")
    RECORD.write_text("{}", encoding="utf-8")
    try:
        for part in missing:
            install(tool, part)
    except subprocess.CalledProcessError:
        return False
    now = {**have, **{part: fingerprint(part) for part in missing}}
    RECORD.write_text(json.dumps(now), encoding="utf-8")
    return True


def install(tool: str, part: str) -> None:
    """Install one part from its lock file, and with the first part alssim itself."""
    run_installer(tool, ["--require-hashes", "-r", str(LOCKS / f"{part}.txt")])
    if part == "app":
        run_installer(tool, ["--no-deps", "--no-build-isolation", "-e", str(ROOT)])
        install_compiled_engine(tool)


def install_compiled_engine(tool: str) -> None:
    """Install numba where it is to be had; only a test machine insists on it."""
    lock = str(LOCKS / "fast.txt")
    try:
        run_installer(tool, ["--no-deps", "--only-binary=:all:", "--require-hashes", "-r", lock])
    except subprocess.CalledProcessError:
        if os.environ.get("CI"):
            raise
        print(NO_NUMBA, flush=True)


def run_installer(tool: str, options: list[str]) -> None:
    """Run ``pip install`` or its quicker twin inside the environment."""
    python = str(PYTHON)
    if tool == "uv":
        command = ["uv", "pip", "install", "--python", python]
    else:
        command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-compile"]
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    subprocess.run([*command, *quiet, *options], check=True, cwd=ROOT, env=tidy_environment())


def has_pip() -> bool:
    """Say whether the environment has its own pip."""
    probe = [str(PYTHON), "-c", "import pip"]
    return subprocess.run(probe, capture_output=True, env=tidy_environment()).returncode == 0


def make_environment(with_pip: bool) -> None:
    """Make an empty environment in place of the old one."""
    remove_environment()
    VENV.mkdir()
    RECORD.write_text("{}", encoding="utf-8")
    try:
        import venv

        venv.EnvBuilder(with_pip=with_pip, symlinks=not WINDOWS).create(VENV)
    except (ImportError, subprocess.CalledProcessError, SystemExit) as reason:
        remove_environment()
        sys.exit(NO_VENV.format(reason=type(reason).__name__))


def remove_environment() -> None:
    """Remove the environment, if it is ours."""
    if not VENV.exists():
        return
    if not RECORD.exists() and any(VENV.iterdir()):
        sys.exit(NOT_OURS.format(folder=VENV))
    try:
        shutil.rmtree(VENV)
    except OSError as reason:
        sys.exit(f"Cannot remove {VENV}: {reason}\nIs the app still running?")


def recorded() -> dict[str, str]:
    """Return the fingerprints of the installed parts; empty if anything looks wrong."""
    try:
        found = json.loads(RECORD.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if PYTHON.exists() and isinstance(found, dict) else {}


def fingerprint(part: str) -> str:
    """Return a digest of all that decides what an installed part holds."""
    import tomllib

    described = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    relevant = [described["project"], described["tool"]["hatch"]]
    files = ["app", "fast"] if part == "app" else ["app", part]
    locks = [(LOCKS / f"{name}.txt").read_text(encoding="utf-8") for name in files]
    here = [str(ROOT), sys.version, sys.base_prefix]
    return hashlib.sha256(json.dumps([relevant, locks, here]).encode()).hexdigest()


def tidy_environment() -> dict[str, str]:
    """Return the environment without settings that would lead an installation astray."""
    return {name: value for name, value in os.environ.items() if name not in STRAY}


def become(program: Path, words: list[str]) -> int:
    """Hand over to another program; where that cannot be done, wait for it."""
    command = [str(program), *words]
    if WINDOWS:
        return subprocess.call(command, env=tidy_environment())
    os.execve(command[0], command, tidy_environment())


def clean() -> int:
    """Remove the environment and the caches of the tools."""
    remove_environment()
    for cache in (".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache"):
        shutil.rmtree(ROOT / cache, ignore_errors=True)
    print("Removed. To uninstall alssim altogether, delete this folder.")
    return 0


def use_newer_python() -> None:
    """Where this Python is too old, go on with a newer one or say what is needed."""
    this = tuple(sys.version_info)
    if this >= (3, 11):
        return
    for minor in range(19, 10, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer and subprocess.run([newer, "-c", ""], stderr=subprocess.DEVNULL).returncode == 0:
            sys.exit(subprocess.call([newer, str(Path(__file__).resolve()), *sys.argv[1:]]))
    sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0])


if __name__ == "__main__":
    try:
        use_newer_python()
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Run the same command again: what was downloaded is kept.")
