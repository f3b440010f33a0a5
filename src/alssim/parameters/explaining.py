"""Explain one parameter, or a group of them, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from alssim.errors import ParameterError
from alssim.parameters.checking import shown
from alssim.parameters.provenance import Origin, Resolved, shown_key, suggestion
from alssim.parameters.walking import Entry, entries, groups
from alssim.quantity import Choice, Quantity, limits

UNKNOWN_ORIGIN = Origin(None, "", "", "")


def explain(resolved: Resolved[Any], key: str) -> str:
    """Return value, unit, range, meaning, source and file of one dotted key, in lines.

    For a group it lists the keys in it. Raises ``ParameterError`` for an unknown key, with the
    closest ones.
    """
    found = {entry.path: entry for entry in entries(resolved.record)}
    if key in found:
        return "\n".join(_lines(found[key], resolved.origins))
    inside = [entry for path, entry in found.items() if path.startswith(f"{key}.")]
    if inside:
        return "\n".join(_group_lines(resolved, key, inside))
    hint = suggestion(key, list(found))
    raise ParameterError(resolved.label, [f"{shown_key(key)} is unknown{hint}"])


def _lines(entry: Entry, origins: Mapping[str, Origin]) -> Iterator[str]:
    about, origin = entry.part.about, origins.get(entry.path, UNKNOWN_ORIGIN)
    unit = about.unit if isinstance(about, Quantity) else ""
    yield f"{entry.path} = {_plain(entry.value)} {unit}".rstrip()
    yield f"  meaning: {about.meaning}"
    if isinstance(about, Quantity):
        yield f"  range:   {limits(about)}"
    if isinstance(about, Choice):
        yield f"  options: {', '.join(about.options)}"
    yield f"  source:  {origin.source or '-'}"
    yield f"  file:    {origin.file or '-'}"


def _group_lines(resolved: Resolved[Any], key: str, inside: list[Entry]) -> Iterator[str]:
    kind = groups(type(resolved.record)).get(key) or inside[0].kind
    yield f"{key}: {(kind.__doc__ or '').strip().splitlines()[0]}"
    for entry in inside:
        unit = entry.part.about.unit if isinstance(entry.part.about, Quantity) else ""
        yield f"  {entry.path} = {_plain(entry.value)} {unit}".rstrip()


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_plain, value))
    if isinstance(value, float):
        return f"{value:.12g}"
    return value if isinstance(value, str) else shown(value)
