"""Small kinds of records to test the machinery with, and what to make them from."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from hypothesis import strategies as st

from alssim.parameters.building import assemble
from alssim.parameters.checking import Checked
from alssim.parameters.merging import Table, tree
from alssim.parameters.provenance import File, Notes, Resolved
from alssim.parameters.safe_toml import parse
from alssim.parameters.shape import Group, Part, Rows, Value, shape
from alssim.quantity import About, Choice, Flag, Quantity, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace(Checked):
    """How fast it goes."""

    median: Annotated[float, Quantity("per month", 0, 1, "typical pace")]
    steps: Annotated[int, Quantity("steps", 1, 100, "steps taken")] = 4
    fast: Annotated[bool, Flag("whether it is fast")] = False
    mode: Annotated[str, Choice(("walk", "run"), "how it moves")] = "walk"
    words: Annotated[str, Text("words for people", lines=True)] = ""
    pair: Annotated[tuple[float, float], Quantity("ratio", -1, 1, "two ratios")] = (0.0, 0.5)
    labels: Annotated[tuple[str, ...], Text("any number of words")] = ()
    limit: Annotated[float | None, Quantity("months", 0, 60, "a limit, or none")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix(Checked):
    """Two shares of one whole."""

    left: Annotated[float, Quantity("share", 0, 1, "share on the left")]
    right: Annotated[float, Quantity("share", 0, 1, "share on the right")]

    def problems(self) -> list[str]:
        total = self.left + self.right
        return [] if abs(total - 1) < 1e-9 else [f"left and right add to {total:g}, not to 1"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign(Checked):
    """A row with a name and a source of its own."""

    name: Annotated[str, Text("short name")]
    source: Annotated[str, Text("where the row comes from")]
    weight: Annotated[float, Quantity("weight", 0, 10, "its weight")]
    offset: Annotated[float, Quantity("weight", -1, 1, "added to it")] = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Toy(Checked):
    """Groups and rows alone."""

    pace: Pace
    mix: Mix
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose(Checked):
    """A row without a name."""

    size: Annotated[float, Quantity("share", 0, 1, "its size")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Play(Checked):
    """A toy in place, values beside it, and a value that shares its name with a group."""

    title: Annotated[str, Text("name for people")]
    count: Annotated[int, Quantity("people", 1, 2**63 - 1, "how many play")] = 1
    pace: Annotated[str, Text("name of the pace")] = "usual"
    toy: Toy
    doses: tuple[Dose, ...] = ()
    spare: Dose = field(default_factory=lambda: Dose(size=0.5))


TOY = """
[pace]
median = { value = 0.1, unit = "per month", source = "a book" }
steps = { value = 8, unit = "steps", source = "assumption: enough" }

[mix]
left = { value = 0.25, unit = "share", source = "a book" }
right = { value = 0.75, unit = "share", source = "the rest" }

[[signs]]
name = "cramp"
source = "a table"
weight = 2.0

[[signs]]
name = "twitch"
source = "another table"
weight = { value = 3, unit = "weight", source = "its own source" }
"""


def every_number(kind: type[Any], name: str) -> bool:
    """Ask a source of every number."""
    return True


def read(text: str, label: str = "toy.toml", complete: bool = True) -> Table:
    """Return the tree of a text."""
    return tree(parse(text.encode(), label), File(label, complete=complete))


def load(kind: type[Any], table: Table, strict: bool = True) -> Resolved[Any]:
    """Build a record of a kind from a tree."""
    notes = Notes(every_number) if strict else Notes()
    return notes.resolved(assemble(kind, table, "", notes), "toy.toml")


def toy() -> Toy:
    """Return the toy of the text above."""
    record: Toy = load(Toy, read(TOY)).record
    return record


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
SHOWN = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])
LINE, LINES = st.text(SHOWN, max_size=400), st.text(SHOWN | st.sampled_from("\n\t"), max_size=400)
NAMES = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)


def values(part: Value, name: str = "") -> st.SearchStrategy[Any]:
    """Draw a value that a field allows."""
    about = part.about
    one: st.SearchStrategy[Any]
    if isinstance(about, Quantity):
        low, high = about.low, about.high
        one = st.integers(int(low), int(high)) if part.base is int else st.floats(low, high)
    elif isinstance(about, Choice):
        one = st.sampled_from(about.options)
    else:
        one = st.booleans() if part.base is bool else NAMES if name == "name" else _words(about)
    if part.is_list:
        size = (0, 3) if part.length == -1 else (part.length, part.length)
        one = st.lists(one, min_size=size[0] or 0, max_size=size[1]).map(tuple)
    return st.none() | one if part.optional else one


def _words(about: About) -> st.SearchStrategy[str]:
    return LINES if isinstance(about, Text) and about.lines else LINE


def records(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Draw a record of a kind, made from its annotations."""
    if kind is Mix:
        return st.integers(0, 64).map(lambda n: Mix(left=n / 64, right=1 - n / 64))
    return st.builds(kind, **{name: _parts(part, name) for name, part in shape(kind).items()})


def _parts(part: Part, name: str) -> st.SearchStrategy[Any]:
    if isinstance(part, Value):
        return values(part, name)
    if isinstance(part, Group):
        return records(part.kind)
    assert isinstance(part, Rows)
    return st.lists(records(part.kind), max_size=3).map(tuple)
