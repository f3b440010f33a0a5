"""Every page and control, run without a browser."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from alssim.app.cases import case_of, members, name_of
from alssim.app.launch import entry_script
from alssim.app.study import Study
from alssim.app.text import say
from alssim.app.world import COHORT, cohort, person, treatment, treatments

SECONDS = 60
HOSTILE = ["-5", "1e9", "nan", "<script>", "9" * 500, "٣", "", "../../etc", "-", "true"]


def walk() -> None:
    from alssim.app.pages.walk import show

    show()


def compare() -> None:
    from alssim.app.pages.compare import show

    show()


def page(show: Callable[[], None], **link: str) -> AppTest:
    """Open a page with a link, and run it."""
    at = AppTest.from_function(show, default_timeout=SECONDS)
    for name, value in link.items():
        at.query_params[name] = value
    return calm(at.run())


def calm(at: AppTest) -> AppTest:
    """Return the page if nothing went wrong on it."""
    assert not at.exception, at.exception[0].message
    return at


def button(at: AppTest, label: str) -> AppTest:
    """Click the one button with a label."""
    (found,) = [one for one in at.button if one.label == label]
    return calm(found.click().run())


def link(at: AppTest, name: str) -> str:
    """Return a value of the page's link."""
    value = at.query_params[name]
    return value[0] if isinstance(value, list) else str(value)


def words(at: AppTest) -> str:
    """Return the running text of the page."""
    return " ".join(one.value for one in at.markdown)


def player(at: AppTest) -> str:
    """Return the key of the player on the page: it names the person shown."""
    return link(at, "patient")


# The notice


def test_the_notice_comes_first_and_one_click_dismisses_it() -> None:
    at = calm(AppTest.from_file(str(entry_script()), default_timeout=SECONDS).run())
    assert at.header[0].value == "Before you start"
    assert "not medical advice" in " ".join(one.value for one in at.markdown)
    assert not at.title
    at = button(at, "I understand, show the simulator")
    assert at.title[0].value == "ALS, one motor neuron at a time"
    assert "not medical advice" in at.markdown[-1].value  # the line at the foot stays


def test_nobody_is_asked_for_their_own_data() -> None:
    for at in (page(walk), page(compare)):
        assert not at.text_input and not at.text_area and not at.number_input
        assert not at.date_input and not at.get("file_uploader")


# Walk the stages


def test_walk_opens_with_a_typical_person() -> None:
    at = page(walk)
    assert at.title[0].value == "Walk the stages"
    assert link(at, "case") == "arm"
    told = " ".join(one.value for one in at.markdown)
    assert re.search(r"\*\*\w+\*\*, \d+\. First symptom in the (left|right) arm", told)


@pytest.mark.parametrize("case", ["arm", "leg", "speech", "slow", "young"])
def test_another_person_like_this_one(case: str) -> None:
    at = page(walk, case=case)
    first = player(at)
    assert link(at, "case") == case
    at = button(at, "Another person like this one")
    assert player(at) != first
    assert link(at, "case") == case


def test_a_shared_link_opens_the_same_person_and_month() -> None:
    at = page(walk, case="leg", patient="17", month="9")
    assert (link(at, "case"), link(at, "patient"), link(at, "month")) == ("leg", "17", "9")


def test_a_treated_twin_is_shown_on_request_and_kept_in_the_link() -> None:
    at = page(walk, case="leg", patient="17", month="9")
    assert "beside" not in at.query_params
    (box,) = at.selectbox
    assert len(box.options) == 1 + len(treatments())
    at = calm(box.select("riluzole-like").run())
    assert (link(at, "beside"), link(at, "month")) == ("riluzole-like", "9")
    told = " ".join(one.value for one in at.markdown)
    assert "Care in both lives: Modern care without riluzole." in told
    again = page(walk, patient="17", beside="riluzole-like")
    assert again.selectbox[0].value == "riluzole-like"


def test_every_person_of_the_largest_cohort_can_be_walked_with() -> None:
    """Beyond the people among whom the cases are found, a person is simulated alone."""
    at = page(walk, patient="9876", month="12")
    assert (link(at, "patient"), link(at, "month")) == ("9876", "12")
    alone = person(Study(), 9876)
    assert f"**{name_of(alone, 0)}**, {int(alone.patients.age[0])}." in words(at)
    assert alone.patients.number.tolist() == [9876]


def test_who_is_asked_for_by_number_stands_among_their_like() -> None:
    """Each person of the cohort is counted with those of the own case, or with none."""
    cohort_ = cohort()
    for number in (0, 7, 250, 399):
        case, at = case_of(cohort_, number), page(walk, patient=str(number))
        if case is None:
            assert f"Number {number} of the virtual people" in words(at)
        else:
            like = len(members(cohort_, case))
            assert link(at, "case") == case and f"One of {like} such people" in words(at)


def test_a_link_says_what_of_it_is_not_shown() -> None:
    at = page(walk, patient="99999", month="999", case="nose", beside="sunshine")
    assert link(at, "patient") == "9999"
    said = [one.value for one in at.text]
    assert say("link.instead", part="patient=99999", taken=9999) in said
    assert say("link.instead", part="month=999", taken=240) in said
    assert say("link.unread", part="case=nose") in said
    assert say("link.unread", part="beside=sunshine") in said
    assert not page(walk, patient="17", month="9", case="leg").warning
    at = page(compare, arms="slowing-from-diagnosis,nope-arm", n="137", years="x")
    said = [one.value for one in at.text]
    assert say("link.unread", part="arms=nope-arm") in said
    assert say("link.instead", part="n=137", taken=100) in said
    assert say("link.unread", part="years=x") in said


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_links_to_a_walk_do_no_harm(bad: str) -> None:
    at = page(walk, case=bad, patient=bad, month=bad, beside=bad)
    assert at.selectbox[0].value == ""
    assert link(at, "case") == "arm"
    assert 0 <= int(link(at, "patient")) < COHORT
    assert int(link(at, "month")) >= 0
    told = "".join(one.value for one in at.markdown)
    assert len(bad) < 3 or bad not in told


# Compare treatments


def test_survival_opens_on_a_click_and_closes_again() -> None:
    at = page(compare, n="100")
    assert not at.get("vega_lite_chart")
    assert "of 100" not in " ".join(one.value for one in at.header)
    at = button(at, "Show survival")
    assert len(at.get("vega_lite_chart")) == 3
    at = button(at, "Hide survival")
    assert not at.get("vega_lite_chart")


def test_survival_stays_closed_for_whoever_opens_a_link() -> None:
    at = button(page(compare, n="100"), "Show survival")
    assert not [name for name in at.query_params if "open" in name or "show" in name]


def test_the_result_is_told_in_words_and_squares() -> None:
    at = button(page(compare, n="100", arms="slowing-from-onset"), "Show survival")
    headline = next(one.value for one in at.header if "of 100" in one.value)
    before, after = map(int, re.findall(r"(\d+) of 100", headline))
    assert after > before
    told = " ".join(one.value for one in at.markdown)
    assert "middle half" in told
    assert told.count('role="img"') == 2  # two panels of squares, each with its label
    assert f"{before} of 100 virtual patients" in told


def test_every_chart_has_a_text_alternative() -> None:
    at = button(page(compare, n="100"), "Show survival")
    for chart in at.get("vega_lite_chart"):
        alt = chart.proto.alt.lower()
        assert "of 100" in alt or "on average" in alt


@pytest.mark.parametrize("name", treatments())
def test_every_treatment_runs_and_says_what_is_known(name: str) -> None:
    at = page(compare, n="100", arms=name)
    preset = treatment(name)
    told = " ".join(one.value for one in at.markdown)
    assert at.header[0].value == preset.title
    for words in (preset.claim, preset.found, preset.hypothetical, preset.evidence):
        assert words in told
    assert all(citation in told for citation in preset.citations)
    at = button(at, "Show survival")
    assert len(at.get("vega_lite_chart")) == 3, [one.value for one in at.error]


def test_steps_do_what_sliders_do() -> None:
    at = page(compare)
    assert at.select_slider[0].value == 1000
    at = calm(at.button("compare_people_less").click().run())
    assert at.select_slider[0].value == 500 and link(at, "n") == "500"
    for _ in range(4):
        at = calm(at.button("compare_people_more").click().run())
    assert at.select_slider[0].value == 2000


def test_a_changed_effect_is_in_the_link_and_can_be_taken_back() -> None:
    name = "slowing-from-diagnosis"
    at = page(compare, arms=name)
    size = treatment(name).effects[0].size
    assert at.slider[0].value == size and "set" not in at.query_params
    at = calm(at.button(f"effect_{name}_0_more").click().run())
    assert at.slider[0].value == pytest.approx(size + 0.05)
    assert link(at, "set") == f"arms.{name}.effects.1.size={size + 0.05:g}"
    at = calm(at.selectbox(f"effect_{name}_start").set_value("month").run())
    assert any(".start=month" in one for one in at.query_params["set"]) and len(at.slider) == 2
    at = button(at, "Back to the preset")
    assert at.slider[0].value == size
    assert "set" not in at.query_params


def test_sliders_keep_to_the_range_of_the_schema() -> None:
    at = page(compare, set="arms.slowing-from-diagnosis.effects.1.size=1")
    assert (at.slider[0].min, at.slider[0].max, at.slider[0].value) == (0.0, 1.0, 1.0)
    at = calm(at.button("effect_slowing-from-diagnosis_0_more").click().run())
    assert at.slider[0].value == 1.0


def test_other_patients_are_another_seed() -> None:
    at = button(page(compare, people="7", fate="3"), "Draw other patients")
    assert (link(at, "people"), link(at, "fate")) == ("8", "4")


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_links_to_a_comparison_do_no_harm(bad: str) -> None:
    names = ("scenario", "arms", "n", "years", "people", "fate", "set", "patient", "month", "v")
    at = page(compare, **dict.fromkeys(names, bad))
    assert link(at, "arms") in treatments()
    assert 100 <= int(link(at, "n")) <= 2000
    assert 0.0 <= at.slider[0].value <= 1.0


def test_the_entry_script_is_thin() -> None:
    assert len(Path(entry_script()).read_text("utf-8").splitlines()) < 10
