"""Read parameter files, uploads and settings into trees; follow what they extend."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from alssim.errors import ParameterError
from alssim.parameters import locate
from alssim.parameters.merging import Leaf, Table, merge, tree
from alssim.parameters.provenance import File
from alssim.parameters.safe_toml import OWN, UPLOAD, Limits, parse
from alssim.plain_text import visible

SETTINGS = "--set"
WORD = re.compile(r"(?!(?:true|false|inf|nan)$)[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Upload:
    """A parameter file that is not on this disk; ``label`` names it in messages.

    It can extend and use named files alone, and is held to stricter limits of size.
    """

    label: str
    content: bytes | str


Source = str | Path | Upload


def read_chain(source: Source, kinds: tuple[str, ...], user: File | None = None) -> list[Table]:
    """Return the file behind a name, path or upload and all that it extends, deepest first.

    ``kinds`` are the folders in which names are looked for; ``user`` is the file that asks.
    Raises ``ParameterError`` if a file is missing, unreadable or extends itself.
    """
    table = read_table(source, kinds, user)
    chain, seen = [table], [_identity(table.file)]
    while extended := extended_by(table):
        table = read_table(extended, kinds, table.file)
        chain.append(table)
        if _identity(table.file) in seen:
            raise _circular(chain)
        seen.append(_identity(table.file))
    return [page.without("extends") for page in reversed(chain)]


def read_table(source: Source, kinds: tuple[str, ...], user: File | None = None) -> Table:
    """Return one file as a tree, with ``extends`` still in it."""
    if isinstance(source, Upload):
        raw = source.content.encode() if isinstance(source.content, str) else source.content
        return _table(raw, File(visible(source.label), Path(source.label).stem), UPLOAD)
    path = locate.find(source, kinds, user if user else File("", folder=Path()))
    file = File(locate.label(path), path.stem, path.parent, path)
    return _table(_content(path, file.label), file, OWN)


def extended_by(table: Table) -> str | None:
    """Return what a file or table extends; raise ``ParameterError`` if that is not a text."""
    node = table.entries.get("extends")
    if node is None:
        return None
    if isinstance(node, Leaf) and isinstance(node.value, str):
        return node.value
    problem = f"{table.file.label}: extends must be the name or the path of one file, as text"
    raise ParameterError(table.file.label, [problem])


def laid_over(chain: Iterable[Table]) -> Table:
    """Merge the files of a chain, the later over the earlier."""
    first, *others = chain
    for table in others:
        first = merge(first, table)
    return first


def settings(overrides: Mapping[str, Any]) -> Table:
    """Return dotted keys and their values, as given with ``--set``, as a tree.

    Raises ``ParameterError`` if one key lies inside the value of another.
    """
    data: dict[str, Any] = {}
    for key, value in overrides.items():
        _put(data, key.split("."), value, key)
    return tree(data, File(SETTINGS, folder=Path(), over=True))


def parse_settings(texts: Iterable[str]) -> dict[str, Any]:
    """Parse texts such as ``pace.median=0.07``; the value is a TOML value or a plain word.

    Raises ``ParameterError`` with all texts that cannot be read.
    """
    found: dict[str, Any] = {}
    problems: list[str] = []
    for text in texts:
        key, equals, value = (part.strip() for part in text.partition("="))
        try:
            if not (key and equals and value):
                raise ParameterError(SETTINGS, [f"{SETTINGS}: {text[:80]!r} is not key=value"])
            found[key] = _setting(key, value)
        except ParameterError as error:
            problems += error.problems
    if problems:
        raise ParameterError(SETTINGS, problems)
    return found


def _setting(key: str, value: str) -> Any:
    if WORD.fullmatch(value):
        return value
    try:
        data = parse(f"value = {value}".encode(), SETTINGS) if "\n" not in value else {}
    except ParameterError:
        data = {}
    if set(data) != {"value"}:
        shown = f"{visible(key[:80])} = {value[:80]!r}"
        raise ParameterError(SETTINGS, [f"{SETTINGS}: {shown} is not one value; {_PLAIN}"])
    return data["value"]


_PLAIN = "a number has a point and no unit (0.05), a list stands in brackets"


def _put(data: dict[str, Any], keys: list[str], value: Any, whole: str) -> None:
    inner: Any = data
    for key in keys[:-1]:
        inner = inner.setdefault(key, {})
        if not isinstance(inner, dict):
            break
    if not all(keys) or not isinstance(inner, dict) or isinstance(inner.get(keys[-1]), dict):
        problem = f"{SETTINGS}: {whole[:80]!r} is not a key, or clashes with another"
        raise ParameterError(SETTINGS, [problem])
    inner[keys[-1]] = value


def _content(path: Path, label: str) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(OWN.size + 1)
    except OSError as error:
        raise ParameterError(label, [f"{label}: cannot be read: {error.strerror}"]) from None


def _table(raw: bytes, file: File, limits: Limits) -> Table:
    data = parse(raw, file.label, limits)
    if not data:
        raise ParameterError(file.label, [f"{file.label}: is empty"])
    return tree(data, replace(file, complete="extends" not in data))


def _identity(file: File) -> str:
    return str(file.path.resolve()) if file.path else file.label


def _circular(chain: list[Table]) -> ParameterError:
    route = " -> ".join(table.file.label for table in chain)
    first = chain[0].file.label
    return ParameterError(first, [f"{first}: extends goes in a circle: {route}"])
