"""Parameters: typed values are kept, checked by the reader, used when right, and written out."""

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.opening import calm, click, opened, query, told

from alssim.app.study import Study, value_text
from alssim.app.text import say
from alssim.parameters import Upload, load_scenario
from alssim.parameters.changing import editable

MINE = b'extends = "reference"\ntitle = "Mine"\n[pace]\nmedian = 0.07\n'


def typed(at: AppTest, key: str, text: str) -> AppTest:
    """Type a value."""
    return calm(at.text_input(f"edit_{key}").set_value(text).run())


def test_a_good_value_is_used_at_once_and_is_in_the_link() -> None:
    at = typed(opened("parameters"), "pace.median", "0.08")
    assert query(at, "set") == "pace.median=0.08"
    assert at.success[0].value == say("parameters.in_use")
    assert any("--set pace.median=0.08" in one.value for one in at.code)
    assert any("pace.median = 0.08" in one.value for one in at.code)


@pytest.mark.parametrize("bad", ["7", "abc", "nan", "[1]", '"x', "1e999", "-1", "<b>"])
def test_a_bad_value_stays_as_typed_with_the_reason_and_is_not_used(bad: str) -> None:
    at = typed(opened("parameters"), "pace.median", bad)
    assert at.text_input("edit_pace.median").value == bad
    assert at.error and "set" not in at.query_params
    reasons = [one.value for one in at.text if "pace.median" in one.value]
    assert len(reasons) == 2  # in the list of all, and beside the value


def test_all_bad_values_show_at_once_and_good_ones_wait_for_them() -> None:
    at = typed(opened("parameters"), "pace.median", "7")
    at = typed(at, "pace.sd", "9")
    at = typed(at, "pace.women", "0.1")
    shown = " ".join(one.value for one in at.text)
    assert "pace.median = 7" in shown and "pace.sd = 9" in shown
    assert "set" not in at.query_params
    at = typed(typed(at, "pace.median", "0.07"), "pace.sd", "0.5")
    assert sorted(at.query_params["set"]) == ["pace.median=0.07", "pace.sd=0.5", "pace.women=0.1"]


def test_what_is_typed_outlives_a_look_at_another_part() -> None:
    at = typed(opened("parameters"), "pace.median", "7")
    at = calm(at.selectbox("parameters_group").set_value("spread").run())
    at = calm(at.selectbox("parameters_group").set_value("pace").run())
    assert at.text_input("edit_pace.median").value == "7"


def test_one_value_or_all_can_be_taken_back() -> None:
    at = typed(typed(opened("parameters"), "pace.median", "0.07"), "pace.sd", "0.5")
    at = calm(at.button("back_pace.sd").click().run())
    assert query(at, "set") == "pace.median=0.07"
    at = click(at, say("parameters.back_all"))
    assert "set" not in at.query_params
    assert at.text_input("edit_pace.median").value != "0.07"


def test_choices_and_care_are_chosen_from_a_list() -> None:
    at = opened("parameters", v="1", part="care")
    at = calm(at.selectbox("edit_care.extends").set_value("no-niv").run())
    assert query(at, "set") == "care.extends=no-niv"
    at = calm(at.selectbox("edit_care.extends").set_value("modern").run())
    assert "set" not in at.query_params


def test_every_part_of_the_model_opens() -> None:
    at = opened("parameters")
    groups = at.selectbox("parameters_group").options
    assert len(groups) > 40
    for place in range(0, len(groups), 6):
        at = calm(at.selectbox("parameters_group").set_value(_name(groups[place])).run())
        assert len(at.text_input) + len(at.selectbox) > 1


def _name(title: str) -> str:
    return title.partition(":")[0]


def upload(content: bytes) -> AppTest:
    """Open a file."""
    at = opened("parameters")
    return calm(at.file_uploader("parameters_file").upload("mine.toml", content).run())


def test_a_file_of_ones_own_is_used_and_stays_out_of_the_link() -> None:
    at = upload(MINE)
    assert not at.error
    assert at.text_input("edit_pace.median").value == "0.07"
    link = str(dict(at.query_params))
    assert "0.07" not in link and "Mine" not in link and len(query(at, "file")) == 12
    assert say("link.private") in told(at)
    at = typed(at, "pace.sd", "0.5")
    assert "0.5" not in str(dict(at.query_params).get("set", ""))
    at = click(at, say("link.back"))
    assert at.text_input("edit_pace.median").value != "0.07"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"x = ", "TOML"),
        (b'extends = "../x.toml"\n', "is a path"),
        (b'extends = "reference"\n[pace]\nmedian = 7\nsdd = 1\n', "sdd"),
        (b"a." * 30000 + b"a = 1", "characters"),
    ],
)
def test_a_bad_file_is_refused_with_all_reasons(content: bytes, word: str) -> None:
    at = upload(content)
    assert at.error and any(word in one.value for one in at.text)
    assert query(at, "scenario") == "reference" and "file" not in at.query_params


def test_too_many_changes_for_a_link_offer_the_file() -> None:
    at = opened("parameters")
    found = editable(Study().record).items()
    many = tuple((key, value_text(entry.value)) for key, entry in found if key.startswith("items."))
    at.session_state["study"] = Study(changes=many)
    at = calm(at.run())
    assert say("link.too_long") in told(at)
    assert "set" not in at.query_params and len(query(at, "file")) == 12


def test_the_file_on_the_screen_gives_the_same_scenario() -> None:
    at = typed(opened("parameters"), "pace.median", "0.08")
    file = next(one.value for one in at.code if one.value.startswith("extends"))
    assert load_scenario(Upload("mine.toml", file)).record.world.pace.median == 0.08


MARKS = "![x](http://a.org/x.png) <img src=http://a.org/y> :red[z] *w*"
SOURCED = f'[pace]\nmedian = {{ value = 0.08, unit = "per month", source = "{MARKS}" }}'


def test_a_source_shows_its_letters_and_nothing_else() -> None:
    """An image that a file names would be fetched from elsewhere."""
    at = upload(SOURCED.encode())
    said = [one.value for one in at.markdown if "a\\.org" in one.value]
    assert len(said) == 1 and MARKS not in said[0]
    assert "\\!\\[x\\]\\(http\\:" in said[0] and "\\<img" in said[0]
