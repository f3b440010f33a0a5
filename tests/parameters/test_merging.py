"""Files lie over one another by simple laws."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parameters.kinds import TOY, read

from alssim.parameters.merging import Leaf, Node, Table, merge, row_keys, tree
from alssim.parameters.provenance import File

LAW = settings(deadline=None, derandomize=True)
GROUPS = st.dictionaries(
    st.sampled_from(["pace", "mix", "death"]),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9)),
)


def plain(node: Node) -> Any:
    """Return the bare content of a tree."""
    if isinstance(node, Table):
        return {key: plain(inner) for key, inner in node.entries.items()}
    assert isinstance(node, Leaf)
    return node.value


def table(data: dict[str, Any], label: str = "a.toml") -> Table:
    return tree(data, File(label))


@LAW
@given(GROUPS, GROUPS)
def test_the_upper_file_wins_key_by_key(below: dict[str, Any], above: dict[str, Any]) -> None:
    merged = plain(merge(table(below), table(above)))
    for group in {*below, *above}:
        assert merged[group] == {**below.get(group, {}), **above.get(group, {})}


@LAW
@given(GROUPS, GROUPS, GROUPS)
def test_three_files_merge_in_either_order(
    a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]
) -> None:
    one, two, three = table(a), table(b), table(c)
    assert plain(merge(one, merge(two, three))) == plain(merge(merge(one, two), three))


@LAW
@given(GROUPS)
def test_nothing_changes_nothing(data: dict[str, Any]) -> None:
    assert merge(table(data), table({}, "b.toml")) == table(data)
    assert plain(merge(table({}), table(data))) == data


@LAW
@given(GROUPS, GROUPS)
def test_each_value_remembers_its_file(below: dict[str, Any], above: dict[str, Any]) -> None:
    merged = merge(table(below, "below.toml"), table(above, "above.toml"))
    for group, values in merged.entries.items():
        assert isinstance(values, Table)
        for key, leaf in values.entries.items():
            assert isinstance(leaf, Leaf)
            expected = "above.toml" if key in above.get(group, {}) else "below.toml"
            assert leaf.file.label == expected


def test_a_table_over_rows_changes_the_row_it_names() -> None:
    change = read("[signs.twitch]\nweight = 5", "mine.toml")
    merged = merge(read(TOY), change)
    rows = merged.entries["signs"]
    assert isinstance(rows, list)
    assert row_keys(rows) == ["cramp", "twitch"]
    assert [plain(row)["weight"] for row in rows if isinstance(row, Table)] == [2.0, 5]


def test_a_list_of_rows_replaces_the_list() -> None:
    merged = merge(read(TOY), read('[[signs]]\nname = "new"', "mine.toml"))
    rows = merged.entries["signs"]
    assert isinstance(rows, list)
    assert row_keys(rows) == ["new"]


def test_rows_without_a_name_of_their_own_are_counted_from_one() -> None:
    rows = read("doses = [{size = 0}, {name = 'a'}, {name = 'a'}, {name = 'b'}]").entries["doses"]
    assert isinstance(rows, list)
    assert row_keys(rows) == ["1", "2", "3", "b"]
