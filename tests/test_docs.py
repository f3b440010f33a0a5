"""The documented examples run as they stand."""

import re
import shlex
from pathlib import Path

import pytest

from alssim.cli import main

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
PYTHON_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED_FILE = re.compile(r"`([\w-]+\.toml)`:\n\n```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def name(path: Path) -> str:
    """Return a page's path as seen from the top of the project."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_python_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of a page are run in order, as one session in an empty folder."""
    monkeypatch.chdir(tmp_path)
    session: dict[str, object] = {"__name__": "__example__"}
    text = page.read_text(encoding="utf-8")
    for block in PYTHON_BLOCK.finditer(text):
        line = text[: block.start()].count("\n") + 1
        code = compile("\n" * line + block[1], str(page), "exec")
        exec(code, session)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ``alssim`` lines are run in order, beside the files that the page shows.

    ``alssim app`` is left to the tests that serve it.
    """
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    for file, content in NAMED_FILE.findall(text):
        (tmp_path / file).write_text(content, encoding="utf-8")
    lines = "".join(SHELL_BLOCK.findall(text)).splitlines()
    commands = [shlex.split(line, comments=True) for line in lines]
    for program, *words in filter(None, commands):
        if program == "alssim" and words != ["app"]:
            assert main(words) == 0, words


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_inside_the_project_lead_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in inside if not (page.parent / link).exists()] == []
