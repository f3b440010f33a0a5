"""A tree becomes a record, or all its problems, each with file and dotted key."""

import pytest
from tests.parameters.kinds import TOY, Play, Toy, load, read

from alssim.errors import ParameterError
from alssim.parameters.merging import merge
from alssim.parameters.provenance import MOST_PROBLEMS


def problems(change: str, kind: type = Toy, strict: bool = True) -> list[str]:
    """Return the problems of the toy with a change laid over it."""
    table = merge(read(TOY), read(change, "mine.toml", complete=False))
    with pytest.raises(ParameterError) as refused:
        load(kind, table, strict)
    return refused.value.problems


def test_the_toy_is_built_and_each_value_has_its_origin() -> None:
    resolved = load(Toy, read(TOY))
    assert resolved.record.pace.median == 0.1
    assert [sign.weight for sign in resolved.record.signs] == [2.0, 3.0]
    origin = resolved.origins["pace.median"]
    assert (origin.value, origin.unit) == (0.1, "per month")
    assert (origin.source, origin.file) == ("a book", "toy.toml")
    assert resolved.origins["signs.cramp.weight"].source == "a table"
    assert resolved.origins["signs.twitch.weight"].source == "its own source"
    assert resolved.origins["pace.mode"].source == "default"
    assert set(resolved.origins) == {
        *(
            f"pace.{key}"
            for key in ["median", "steps", "fast", "mode", "words", "pair", "labels", "limit"]
        ),
        *("mix.left", "mix.right"),
        *(f"signs.{n}.{key}" for n in ("cramp", "twitch") for key in ("name", "source")),
        *(f"signs.{n}.{key}" for n in ("cramp", "twitch") for key in ("weight", "offset")),
    }


def test_a_bare_change_says_where_it_was_set() -> None:
    change = read("[pace]\nmedian = 1\n[signs.cramp]\nweight = 1", "mine.toml", complete=False)
    resolved = load(Toy, merge(read(TOY), change))
    assert resolved.record.pace.median == 1.0
    assert isinstance(resolved.record.pace.median, float)
    assert resolved.origins["pace.median"].source == "set in mine.toml"
    assert resolved.origins["signs.cramp.weight"].source == "set in mine.toml"
    assert resolved.origins["signs.cramp.weight"].file == "mine.toml"


def test_a_whole_float_is_a_whole_number() -> None:
    change = read("[pace]\nsteps = 5.0", complete=False)
    assert type(load(Toy, merge(read(TOY), change)).record.pace.steps) is int


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("[pace]\nmedian = 2", "pace.median = 2 is outside 0 to 1 per month"),
        ("[pace]\nmedian = true", "pace.median = True is not a number; allowed: 0 to 1 per month"),
        ("[pace]\nmedian = nan", "pace.median = nan is not a finite number; "
         "allowed: 0 to 1 per month"),
        ("[pace]\nmedian = -inf", "pace.median = -inf is not a finite number; "
         "allowed: 0 to 1 per month"),
        ("[pace]\nmedian = 0x" + "f" * 300,
         "pace.median = a very long number is not a finite number; "
         "allowed: 0 to 1 per month"),
        ("[pace]\nmedian = 2026-01-01",
         "pace.median = the date or time 2026-01-01 is not a number; "
         "allowed: 0 to 1 per month"),
        ("[pace]\nmedian = [1]", "pace.median = a list is not a number; allowed: 0 to 1 per month"),
        ("[pace]\nmedian = {}", "pace.median = a table is not a single value"),
        ("[pace]\nmedian = {valu = 1, unit = 'a'}",
         "pace.median = a table with valu, unit, and without value, is not a single value"),
        ("[pace]\nmedian = {value = 1, source = ' '}",
         "pace.median has an empty source; leave it out, or say where the number comes from"),
        ("[pace]\nmedian = {unit = 'per month'}", "pace.median has no value"),
        ("[pace]\nmedian = {value = 1, unit = 'per year'}",
         "pace.median has the unit 'per year'; its unit is 'per month'"),
        ("[pace]\nmedian = {value = 1, source = 3}",
         "pace.median has a wrong source: 3 is not text"),
        ("[pace]\nmedian = {value = 1, sourse = 'x'}",
         "pace.median has an unknown key 'sourse'; did you mean source?"),
        ("[pace]\nmode = {value = 'run', unit = 'm'}", "pace.mode has the unit 'm'; it has none"),
        ("[pace]\nsteps = 2.5", "pace.steps = 2.5 is not a whole number; allowed: 1 to 100 steps"),
        ("[pace]\nmedain = 1", "pace.medain is unknown; did you mean median?"),
        ("[pase]\nmedian = 1", "pase is unknown; did you mean pace?"),
        ("median = 1", "median is unknown; did you mean pace.median?"),
        ("'a b' = 1", "'a b' is unknown; known: pace, mix, signs"),
        ("pace = 3", "pace must be a table, as in [pace]"),
        ("signs = 3", "signs must be a list of tables, as in [[signs]]"),
        ("signs = [{name = 'a', source = 'b', weight = 1}, 3]", "signs.2 = 3 is not a table"),
        ("[signs.crmap]\nweight = 1", "signs.crmap is unknown; did you mean cramp?"),
        ("signs.cramp = 3", "signs.1 = 3 is not a table"),
        ("[[signs]]\nname = 'a'\nsource = 'b'", "signs.a.weight is missing"),
        ("[mix]\nleft = 0.5", "mix: left and right add to 1.25, not to 1"),
    ],
)  # fmt: skip
def test_each_problem_names_file_and_key(change: str, problem: str) -> None:
    found = problems(change)
    assert found == [f"mine.toml: {problem}"]


def test_all_problems_come_at_once() -> None:
    change = "[pace]\nmedian = 7\nsteps = 'x'\nfats = true\n[mix]\nleft = 1\n[other]\n[signs.x]\n"
    found = problems(change)
    keys = [problem.split()[1] for problem in found]
    assert keys == ["other", "pace.fats", "pace.median", "pace.steps", "mix:", "signs.x"]


def test_a_complete_file_gives_unit_and_source_of_each_number() -> None:
    bare = read("[pace]\nmedian = 0.1\n[mix]\nleft = {value = 0, unit = 'share'}\nright = 1\n"
                "[[signs]]\nname = 'a'\nsource = ''\nweight = 1")  # fmt: skip
    with pytest.raises(ParameterError) as refused:
        load(Toy, bare)
    assert refused.value.problems == [
        "toy.toml: pace.median has no unit and no source",
        "toy.toml: mix.left has no source",
        "toy.toml: mix.right has no unit and no source",
        "toy.toml: signs.a.weight has no unit and no source",
    ]
    assert load(Toy, bare, strict=False).record.mix.right == 1.0


def test_what_is_missing_is_named_once() -> None:
    with pytest.raises(ParameterError) as refused:
        load(Toy, read("[pace]"))
    assert refused.value.problems == [
        "toy.toml: pace.median is missing",
        "toy.toml: mix is missing",
        "toy.toml: signs is missing",
    ]


def test_thousands_of_problems_are_cut_short() -> None:
    many = "\n".join(f"k{number} = 1" for number in range(3000))
    found = problems(many)
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1] == f"and {3000 - MOST_PROBLEMS} further problems"


def test_a_group_in_place_and_a_value_of_the_same_name() -> None:
    change = read('title = "game"\n[pace]\nextends = "quick"\nmedian = 0.5\n[[doses]]\nsize = 0.25')
    play = load(Play, merge(read(TOY), change), strict=False)
    assert play.record.pace == "quick"
    assert play.record.toy.pace.median == 0.5
    assert play.record.spare.size == 0.5
    assert play.origins["doses.1.size"].value == 0.25
    assert play.origins["pace.extends"].value == "quick"
    assert play.origins["spare.size"].source == "default"
