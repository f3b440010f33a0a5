"""Load worlds, treatments, care settings, scenarios, trials: checked, with each value's origin."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any

from alssim.errors import ParameterError
from alssim.parameters.building import assemble
from alssim.parameters.checking import Checked
from alssim.parameters.json_schema import json_schema
from alssim.parameters.locate import (
    CARE,
    KINDS,
    OUTCOMES,
    SCENARIOS,
    TREATMENTS,
    TRIALS,
    WORLDS,
    lies_among_worlds,
)
from alssim.parameters.merging import Leaf, Node, Row, Table, merge, renamed
from alssim.parameters.outcomes import Outcomes, load_outcomes
from alssim.parameters.provenance import File, Notes, Resolved
from alssim.parameters.reading import (
    Source,
    Upload,
    extended_by,
    laid_over,
    read_chain,
    read_table,
    settings,
)
from alssim.parameters.schema import Care, Scenario, Treatment, World
from alssim.parameters.shape import kinds_within, top_keys
from alssim.parameters.trial import Trial
from alssim.quantity import Text

NOTHING: Mapping[str, Any] = {}
REFERENCE = "reference"
BACKGROUND = "riluzole-like"  # the drug of usual care
UNTREATED = "untreated"  # the arm of a scenario that names none


@dataclass(frozen=True, slots=True, kw_only=True)
class CareSetting(Checked):
    """A care file: the care that it offers, complete, and words for people."""

    name: Annotated[str, Text("short name: the file's name")]
    title: Annotated[str, Text("name for people")]
    summary: Annotated[str, Text("what is offered, in a sentence or two", lines=True)] = ""
    claim: Annotated[str, Text("what is claimed", lines=True)] = ""
    found: Annotated[str, Text("what trials found", lines=True)] = ""
    hypothetical: Annotated[str, Text("what is assumed about the effect", lines=True)] = ""
    citations: Annotated[tuple[str, ...], Text("published sources")] = ()
    care: Care


def needs_source(kind: type[Any], name: str) -> bool:
    """Whether a number gives its source: each of a world; other files may hold bare values."""
    return kind in kinds_within(World)


def load_world(
    source: Source = REFERENCE, overrides: Mapping[str, Any] = NOTHING
) -> Resolved[World]:
    """Load a world by name, path or upload, with changes by dotted key.

    Raises ``ParameterError`` with all problems, each with its file and key.
    """
    notes = Notes(needs_source)
    table = merge(laid_over(read_chain(source, (WORLDS,))), settings(overrides))
    return notes.resolved(assemble(World, table, "", notes), label_of(source))


def load_treatment(source: Source, overrides: Mapping[str, Any] = NOTHING) -> Resolved[Treatment]:
    """Load a treatment by name, path or upload, with changes by dotted key.

    Raises ``ParameterError`` with all problems, each with its file and key.
    """
    notes = Notes(needs_source)
    table = merge(_named(read_chain(source, (TREATMENTS,))), settings(overrides))
    return notes.resolved(assemble(Treatment, table, "", notes), label_of(source))


def load_care(source: Source, world: Source = REFERENCE) -> Resolved[CareSetting]:
    """Load a care setting; what it leaves open is as in ``world``.

    Raises ``ParameterError`` with all problems, each with its file and key.
    """
    notes = Notes(needs_source)
    below = laid_over(read_chain(world, (WORLDS,))).only("care")
    table = merge(below, _care_file(source, None))
    return notes.resolved(assemble(CareSetting, table, "", notes), label_of(source))


def load_scenario(source: Source, overrides: Mapping[str, Any] = NOTHING) -> Resolved[Scenario]:
    """Load a scenario with its world, its care and its treatments, with changes by dotted key.

    The order, each over the one before: the world that it extends (``reference`` unless said),
    the care setting that it names, the scenario's own values, ``overrides``.
    Raises ``ParameterError`` with all problems, each with its file and key.
    """
    notes = Notes(needs_source)
    world, own = _world_and_own(read_chain(source, (SCENARIOS, WORLDS)))
    changes, arm_changes = _changes(overrides)
    own = _with_background(_with_arms(_titled(merge(own, changes)), notes), notes)
    table = laid_over([world, _care_below(own, notes), own, arm_changes])
    return notes.resolved(assemble(Scenario, table, "", notes), label_of(source))


def load_trial(source: Source, overrides: Mapping[str, Any] = NOTHING) -> Resolved[Trial]:
    """Load the design of a trial with its treatment, with changes by dotted key.

    Raises ``ParameterError`` with all problems, each with its file and key.
    """
    notes = Notes(needs_source)
    own = _titled(_named(read_chain(source, (TRIALS,))))
    node = own.entries.get("treatment")
    if node is not None and not isinstance(node, list):
        drug = _arm(node, notes)
        own = own.put("treatment", drug) if isinstance(drug, Table) else own
    table = merge(own, settings(overrides))
    return notes.resolved(assemble(Trial, table, "", notes), label_of(source))


def file_schema(kind: type[Any]) -> dict[str, Any]:
    """Return the JSON Schema of the files of a world, treatment, care, scenario or trial."""
    return json_schema(kind, by_name=(Treatment,))


def load_any(source: Source) -> Resolved[Any]:
    """Load a file of any kind: told by its folder, else by the keys that it holds."""
    kinds = (SCENARIOS, TREATMENTS, CARE, WORLDS, OUTCOMES, TRIALS)
    table = read_table(source, kinds)
    exact = table.file.path or source
    return _LOADERS[_kind(table)](exact)


_LOADERS: dict[str, Callable[[Source], Resolved[Any]]] = {
    WORLDS: load_world,
    TREATMENTS: load_treatment,
    CARE: load_care,
    SCENARIOS: load_scenario,
    OUTCOMES: load_outcomes,
    TRIALS: load_trial,
}


def label_of(source: Source) -> str:
    """Name a source in messages."""
    return source.label if isinstance(source, Upload) else str(source)


def _kind(table: Table) -> str:
    if lies_among_worlds(table.file.path):
        return WORLDS
    keys = set(table.entries) - {"name", "title", "summary", "extends"}
    if table.file.folder and table.file.folder.name in KINDS:
        return table.file.folder.name
    if keys & (set(top_keys(Outcomes)) - {"name", "title"}):
        return OUTCOMES
    if keys & (set(top_keys(Trial)) - set(top_keys(Scenario)) - set(top_keys(Treatment))):
        return TRIALS
    if keys & (set(top_keys(Treatment)) - set(top_keys(Scenario))):
        return TREATMENTS
    if "extends" not in table.entries and keys and keys <= set(top_keys(World)) and len(keys) > 3:
        return WORLDS
    return SCENARIOS


def _named(chain: list[Table]) -> Table:
    """Merge a chain; its record is named after the last file unless that gives a name itself."""
    *below, last = chain
    return laid_over([*(table.without("name") for table in below), renamed(last, last.file.name)])


def _titled(table: Table) -> Table:
    """Give a scenario without a title its name as one."""
    return table if "title" in table.entries else table.put("title", table.entries["name"])


def _world_and_own(chain: list[Table]) -> tuple[Table, Table]:
    """Split a scenario's chain into its world and what lies above that."""
    worlds = [table for table in chain if _is_world(table)]
    own = [_with_care_table(_incomplete(table)) for table in chain if not _is_world(table)]
    world = laid_over(worlds or read_chain(REFERENCE, (WORLDS,)))
    last = chain[-1].file
    return world, _named(own) if own else renamed(Table(last, {}), last.name)


def _is_world(table: Table) -> bool:
    return lies_among_worlds(table.file.path)


def _incomplete(table: Table) -> Table:
    """Mark a file as one that rests on another, so its values may be bare."""
    return _refiled(table, replace(table.file, complete=False))


def _refiled(table: Table, file: File) -> Table:
    return Table(file, {key: _refiled_node(node, file) for key, node in table.entries.items()})


def _refiled_node(node: Node, file: File) -> Node:
    if isinstance(node, list):
        return [_refiled_row(row, file) for row in node]
    return _refiled(node, file) if isinstance(node, Table) else replace(node, file=file)


def _refiled_row(row: Row, file: File) -> Row:
    return _refiled(row, file) if isinstance(row, Table) else replace(row, file=file)


def _with_care_table(table: Table) -> Table:
    """Read ``care = "full"`` as ``[care] extends = "full"``."""
    node = table.entries.get("care")
    if isinstance(node, Leaf) and isinstance(node.value, str):
        return table.put("care", Table(node.file, {"extends": node}))
    return table


def _care_below(own: Table, notes: Notes) -> Table:
    """Return the care setting that a scenario names, as a table to lay below it.

    A scenario that gives every value of its care, as a dump does, needs no such file.
    """
    care = own.entries.get("care")
    try:
        named = extended_by(care) if isinstance(care, Table) else None
        user = _file_that_extends(care) if isinstance(care, Table) else None
        return _care_file(named or _usual_care(), user).only("care")
    except ParameterError as error:
        if not (isinstance(care, Table) and set(top_keys(Care)) <= set(care.entries)):
            notes.adopt(error)
        return Table(own.file, {})


def _file_that_extends(table: Table) -> File | None:
    node = table.entries.get("extends")
    return node.file if isinstance(node, Leaf) else None


def _usual_care() -> str:
    return str(next(item.default for item in fields(Scenario) if item.name == "care"))


def _care_file(source: Source, user: File | None) -> Table:
    chain = read_chain(source, (CARE, WORLDS), user)
    own = [_incomplete(table) for table in chain if not _is_world(table)]
    if not own:
        raise ParameterError(label_of(source), [f"{label_of(source)}: is not a care setting"])
    return _named(own)


def _changes(overrides: Mapping[str, Any]) -> tuple[Table, Table]:
    """Return changes by dotted key as two trees: those within a treatment come last."""
    inside = {key: value for key, value in overrides.items() if _in_a_treatment(key)}
    others = {
        "care.extends" if key == "care" and isinstance(value, str) else key: value
        for key, value in overrides.items()
        if key not in inside
    }
    return settings(others), settings(inside)


def _in_a_treatment(key: str) -> bool:
    """Say whether a key is a value of an arm or of the drug of usual care."""
    return key.startswith(("arms.", "background.")) and key != "background.extends"


def _with_arms(own: Table, notes: Notes) -> Table:
    """Put the treatments that a scenario names, or changes in place, into its tree."""
    node = own.entries.get("arms", Leaf([UNTREATED], own.file))
    if isinstance(node, Leaf) and isinstance(node.value, str):
        notes.report(node.file, f'arms must be a list, as in arms = ["{UNTREATED}"]')
        node = Leaf([UNTREATED], own.file)
    if isinstance(node, Leaf) and isinstance(node.value, (list, tuple)):
        node = [replace(node, value=name) for name in node.value]
    if not isinstance(node, list) or not node:
        return own
    found = [arm for row in node if (arm := _arm(row, notes))]
    return own.put("arms", found or Leaf([], own.file))


def _with_background(own: Table, notes: Notes) -> Table:
    """Put the drug of usual care into a scenario's tree: the one it names, else riluzole."""
    node = own.entries.get("background", Leaf(BACKGROUND, own.file))
    drug = None if isinstance(node, list) else _arm(node, notes)
    return own.put("background", drug) if isinstance(drug, Table) else own


def _arm(row: Row, notes: Notes) -> Row | None:
    """Return the tree of one treatment; None, with its problems noted, if it cannot be read."""
    try:
        if isinstance(row, Leaf) and isinstance(row.value, str):
            return _named(read_chain(row.value, (TREATMENTS,), row.file))
        if isinstance(row, Table) and (base := extended_by(row)):
            below = _named(read_chain(base, (TREATMENTS,), row.file))
            return merge(below, row.without("extends"))
    except ParameterError as error:
        notes.adopt(error)
        return None
    return row
