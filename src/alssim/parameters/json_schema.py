"""Describe a parameter file as a JSON Schema, made from the annotations of its record."""

from typing import Any

from alssim.parameters.shape import Group, Part, Rows, Value, has_default, in_place, layout, shape
from alssim.quantity import Choice, Quantity

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TYPES = {float: "number", int: "integer", bool: "boolean", str: "string"}
Schema = dict[str, Any]


def json_schema(
    kind: type[Any], by_name: tuple[type[Any], ...] = (), complete: bool = False
) -> Schema:
    """Return the JSON Schema of the files of a kind of record.

    Rows of a kind in ``by_name`` may be names of files. A ``complete`` file gives every value that
    has no default; else a file may extend another and leave out what does not differ.
    """
    schema = _table(kind, by_name, complete)
    if not complete:
        schema["properties"]["extends"] = {"type": "string", "description": "file it rests on"}
    return {"$schema": DRAFT, "title": kind.__name__, **schema}


def _table(kind: type[Any], by_name: tuple[type[Any], ...], complete: bool) -> Schema:
    schema: Schema = {"type": "object", "description": _summary(kind)}
    schema["properties"] = _properties(kind, by_name, complete)
    schema["additionalProperties"] = False
    if complete:
        schema["required"] = _required(kind)
    return schema


def _properties(kind: type[Any], by_name: tuple[type[Any], ...], complete: bool) -> Schema:
    found: Schema = {}
    clashes = []
    for name, part in shape(kind).items():
        keys = layout(kind)[name]
        if in_place(part):
            found |= _properties(part.kind, by_name, complete)
        elif len(keys) > 1:
            clashes.append((keys, part))
        else:
            found[name] = _part(part, by_name, complete)
    for (group, key), part in clashes:
        found[group] = _named_or_table(found[group], key, _part(part, by_name, complete))
    return found


def _named_or_table(table: Schema, key: str, value: Schema) -> Schema:
    inner = {**table, "properties": {key: value, **table["properties"]}}
    return {"anyOf": [value, inner]}


def _part(part: Part, by_name: tuple[type[Any], ...], complete: bool) -> Schema:
    if isinstance(part, Value):
        return _value(part)
    inner = _table(part.kind, by_name, complete or isinstance(part, Rows))
    if isinstance(part, Group):
        return inner
    if part.kind in by_name:
        return {"type": "array", "items": {"anyOf": [{"type": "string"}, _open(inner)]}}
    return {"type": "array", "items": inner}


def _open(table: Schema) -> Schema:
    """Let a row extend a file, so that it need not be complete."""
    inner = {key: value for key, value in table.items() if key != "required"}
    extends = {"type": "string", "description": "file it rests on"}
    return {**inner, "properties": {"extends": extends, **table["properties"]}}


def _value(part: Value) -> Schema:
    bare = _bare(part)
    inner: Schema = {"value": bare, "source": {"type": "string"}}
    text = part.about.meaning
    if isinstance(part.about, Quantity):
        inner["unit"] = {"const": part.about.unit}
        text = f"{text} ({part.about.unit})"
    table = {
        "type": "object",
        "properties": inner,
        "required": ["value"],
        "additionalProperties": False,
    }
    return {"description": text, "anyOf": [bare, table]}


def _bare(part: Value) -> Schema:
    bare: Schema = {"type": TYPES[part.base]}
    if isinstance(part.about, Quantity):
        bare |= {"minimum": part.about.low, "maximum": part.about.high}
    if isinstance(part.about, Choice):
        bare["enum"] = list(part.about.options)
    if not part.is_list:
        return bare
    size = {} if part.length == -1 else {"minItems": part.length, "maxItems": part.length}
    return {"type": "array", "items": bare, **size}


def _required(kind: type[Any]) -> list[str]:
    found: list[str] = []
    for name, part in shape(kind).items():
        if in_place(part):
            found += _required(part.kind)
        elif name not in has_default(kind) and len(layout(kind)[name]) == 1:
            found.append(name)
    return found


def _summary(kind: type[Any]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]
