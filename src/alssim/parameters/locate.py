"""Find the parameter files: in a checkout beside ``src``, or inside the installed package."""

import re
from pathlib import Path

from alssim.errors import ParameterError
from alssim.parameters.provenance import File, suggestion
from alssim.plain_text import visible

WORLDS, TREATMENTS, CARE, SCENARIOS = "worlds", "treatments", "care", "scenarios"
OUTCOMES, TRIALS = "outcomes", "trials"
KINDS = (TREATMENTS, CARE, SCENARIOS, OUTCOMES, TRIALS)
FOLDERS = {WORLDS: ".", **{kind: kind for kind in KINDS}}
SINGULAR = {
    WORLDS: "world",
    TREATMENTS: "treatment",
    CARE: "care setting",
    SCENARIOS: "scenario",
    OUTCOMES: "file of outcomes",
    TRIALS: "trial",
}
ENSEMBLE = "ensemble.toml"  # beside the worlds, but none of them: sets of parameters
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


def folder() -> Path:
    """Return the folder of the parameter files.

    Raises ``ParameterError`` if the package was installed without them.
    """
    package = Path(__file__).resolve().parents[1]
    for found in (package / "data" / "parameters", package.parents[1] / "parameters"):
        if (found / "reference.toml").is_file():
            return found
    raise ParameterError("parameters", ["the parameter files are missing; install alssim again"])


def names(kind: str) -> list[str]:
    """List the names of the files of a kind, sorted; ``kind`` is ``worlds`` or one of ``KINDS``."""
    found = (folder() / FOLDERS[kind]).glob("*.toml")
    return sorted(path.stem for path in found if not _is_ensemble(path))


def shipped_ensemble() -> Path:
    """Return the file of the ensemble that ships; it need not be there."""
    return folder() / ENSEMBLE


def find(wanted: str | Path, kinds: tuple[str, ...], user: File) -> Path:
    """Return the file behind a name, or behind a path that starts where ``user`` lies.

    A name is looked for in the folders of ``kinds``, in order; a file does not find itself, so
    the scenario ``reference`` can extend the world ``reference``. What ends in ``.toml`` or holds
    a slash is a path. Raises ``ParameterError`` with the closest names if there is no such file.
    """
    text = str(wanted)
    if isinstance(wanted, Path) or _is_path(text):
        return _find_path(text, kinds, user)
    if NAME.fullmatch(text):
        for kind in kinds:
            path = folder() / FOLDERS[kind] / f"{text}.toml"
            if path.is_file() and path != user.path and not _is_ensemble(path):
                return path
    known = _known(kinds)
    raise _not_found(user, f"there is no {_words(kinds)} {_quoted(text)}", text, known)


def label(path: Path) -> str:
    """Name a file in messages: within the parameter folder, or as given."""
    try:
        return visible(path.resolve().relative_to(folder()).as_posix())
    except ValueError:
        return visible(str(path))


def _is_ensemble(path: Path) -> bool:
    return path == folder() / ENSEMBLE


def lies_among_worlds(path: Path | None) -> bool:
    """Whether a file lies in the parameter folder itself, as ``reference.toml`` does."""
    return path is not None and path.resolve().parent == folder()


def _known(kinds: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(name for kind in kinds for name in names(kind)))


def _is_path(text: str) -> bool:
    return text.endswith(".toml") or "/" in text or "\\" in text


def _find_path(text: str, kinds: tuple[str, ...], user: File) -> Path:
    if user.folder is None:
        listed = ", ".join(_known(kinds))
        problem = f"{_quoted(text)} is a path; this file can use names alone: {listed}"
        raise ParameterError(user.label, [f"{user.label}: {problem}"])
    path = user.folder / text
    if _is_file(path):
        return path
    known = [*_neighbours(path), *_known(kinds)]
    raise _not_found(user, f"there is no file {_quoted(text)}", Path(text).stem, known)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long, or holds a null character
        return False


def _neighbours(path: Path) -> list[str]:
    try:
        return sorted(other.name for other in path.parent.glob("*.toml"))[:200]
    except (OSError, ValueError):
        return []


def _not_found(user: File, problem: str, word: str, known: list[str]) -> ParameterError:
    hint = suggestion(word, known)
    prefix = f"{user.label}: " if user.label else ""
    return ParameterError(user.label or word[:80], [f"{prefix}{problem}{hint}"])


def _words(kinds: tuple[str, ...]) -> str:
    return " or ".join(SINGULAR[kind] for kind in kinds)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:77]}...")
