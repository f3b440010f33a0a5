"""The plan of the house: size of the rooms, names on the doors, who may call whom."""

import ast
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "alssim"
WRITTEN = ("src", "tests", "benchmarks", "requirements", "app.py", "run.py")
MODULES = sorted(
    path
    for place in WRITTEN
    for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
)
LONGEST_MODULE = 450
LONGEST_FUNCTION = 60
COMPILED_LOOP = 100  # one patient's whole state in local names, as numba wants it
VAGUE_MODULE = re.compile(r"(?i)^(utils?|helpers?|misc|common|manager)$")
VAGUE_NAME = re.compile(r"(^|_)(utils?|helpers?)($|_)|Manager|Helper|Utils|^_?get_|^do_step")


def relative(path: Path) -> str:
    """Return a path as seen from the top of the project."""
    return path.relative_to(ROOT).as_posix()


def check(tool: str, *words: str) -> None:
    """Run a checking tool and show what it says if it is not content."""
    if not find_spec(tool):
        pytest.skip(f"{tool} is not installed (extra: dev)")
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_no_module_is_too_long(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_MODULE, f"{relative(path)} has {lines} lines: split it"


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=relative)
def test_functions_fit_on_a_screen(path: Path) -> None:
    longest = COMPILED_LOOP if path.parent.name == "fast" else LONGEST_FUNCTION
    lines = {f.name: f.end_lineno - f.lineno + 1 for f in functions(path) if f.end_lineno}
    assert {name: count for name, count in lines.items() if count > longest} == {}


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=relative)
def test_names_say_what_a_thing_is(path: Path) -> None:
    assert not VAGUE_MODULE.match(path.stem), relative(path)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    names = [node.name for node in ast.walk(tree) if isinstance(node, kinds)]
    assert [name for name in names if VAGUE_NAME.search(name)] == []


def test_imports_run_one_way() -> None:
    script = "from importlinter.cli import lint_imports_command as check; check()"
    check("importlinter", "-c", script, "--no-cache")


def test_style() -> None:
    check("ruff", "-m", "ruff", "check", "--no-cache", ".")


def test_layout() -> None:
    check("ruff", "-m", "ruff", "format", "--no-cache", "--check", "--diff", ".")


def test_types() -> None:
    check("mypy", "-m", "mypy")
