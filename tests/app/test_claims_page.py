"""Claims and evidence: sources beside every claim, tests on a click, the anecdote machine."""

import re

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.opening import calm, click, opened, query, told

from alssim.app.claim_tests import COUNTED
from alssim.app.documents import references
from alssim.app.pages.claims import AFTER, MOMENTS, SERIES
from alssim.app.text import say, table
from alssim.present.claims import TOPICS, VERDICTS, load_claims
from alssim.present.lessons import load_lessons
from alssim.studies.checks import CHECKS
from alssim.studies.watching import check_moment

CLAIMS = load_claims().claims
SLOW = ("riluzole-1994", "riluzole-1996", "edaravone-16", "edaravone-19", "nurown-phase-3")
"""Trials of the same code that take seconds; the others are run here."""
TESTS = [
    (claim.id, place)
    for claim in CLAIMS
    for place, test in enumerate(claim.tests)
    if test.kind != "lesson" and test.name not in SLOW
]


def charts(at: AppTest) -> list[str]:
    """Return the text alternative of every chart."""
    return [one.proto.alt for one in at.get("vega_lite_chart")]


def test_every_claim_stands_beside_its_evidence_and_sources() -> None:
    at = opened("claims", v="1", topic="all")
    text = told(at)
    for claim in CLAIMS:
        assert claim.claim in text and claim.evidence in text
        for name in claim.citations:
            assert f"**{name}.** {references()[name]}" in text
    assert not charts(at)  # nothing runs unasked


@pytest.mark.parametrize("topic", TOPICS)
def test_claims_are_filtered_by_topic(topic: str) -> None:
    at = opened("claims", v="1", topic=topic)
    text = told(at)
    for claim in CLAIMS:
        assert (claim.claim in text) == (claim.topic == topic), claim.id


def test_claims_are_filtered_by_what_the_evidence_says() -> None:
    at = opened("claims", v="1", topic="all", verdict="wrong")
    shown = [claim.id for claim in CLAIMS if claim.claim in told(at)]
    assert shown == [claim.id for claim in CLAIMS if claim.verdict == "wrong"]
    at = calm(at.get("button_group")[1].set_value("all").run())
    assert query(at, "verdict") == "all"
    at = calm(at.get("button_group")[0].set_value("stages").run())
    assert query(at, "topic") == "stages"


def test_every_verdict_and_topic_has_words() -> None:
    assert set(table("claims.verdicts")) == set(table("claims.tally")) | {"all"}
    assert set(table("claims.tally")) == set(VERDICTS)
    assert set(table("claims.topics")) == {*TOPICS, "all"}


def test_every_scenario_of_a_claim_is_counted_or_compares_treatments() -> None:
    counted = {
        (claim.id, place)
        for claim in CLAIMS
        for place, test in enumerate(claim.tests)
        if test.kind == "scenario"
    }
    assert counted - set(COUNTED) == {("ninety-percent-genetic", 0)}
    assert set(COUNTED) <= counted
    assert {name for names in COUNTED.values() for name in names} == set(CHECKS)


@pytest.fixture(scope="module")
def all_claims() -> AppTest:
    return opened("claims", v="1", topic="all", n="100")


@pytest.mark.parametrize(("claim", "place"), TESTS, ids=[f"{a}-{b}" for a, b in TESTS])
def test_every_test_of_a_claim_runs_on_a_click(all_claims: AppTest, claim: str, place: int) -> None:
    at = calm(all_claims.button(f"run_{claim}_{place}").click().run())
    assert not at.error, [one.value for one in at.text]
    assert charts(at) and all(len(alt) > 40 for alt in charts(at))
    at = click(at, say("claims.close"))
    assert not charts(at)


def test_a_button_says_when_it_shows_survival(all_claims: AppTest) -> None:
    labels = {one.key: one.label for one in all_claims.button}
    survival = say("claims.run.survival")
    assert labels["run_two-to-five-years_0"].endswith(survival)
    assert labels["run_msc-protect_0"].endswith(survival)
    assert not labels["run_men-more-often_0"].endswith(survival)


def test_care_is_counted_beside_usual_care(all_claims: AppTest) -> None:
    at = calm(all_claims.button("run_multidisciplinary-care_0").click().run())
    (alt,) = charts(at)
    pairs = re.findall(r"(\d+(?:\.\d)?) minimal care, (\d+(?:\.\d)?) usual care", alt)
    assert len(pairs) == 5
    assert sum(float(usual) - float(minimal) for minimal, usual in pairs) > 0
    at = click(at, say("claims.close"))


def test_every_lesson_of_a_claim_is_named() -> None:
    text = told(opened("claims", v="1", topic="all"))
    titles = {lesson.id: lesson.title for lesson in load_lessons()}
    for claim in CLAIMS:
        for test in claim.tests:
            assert test.kind != "lesson" or titles[test.name] in text


def test_the_same_link_gives_the_same_numbers() -> None:
    numbers = []
    for _ in range(2):
        at = opened("claims", v="1", n="100", people="7", fate="8", moment="month-12", after="6")
        numbers.append(told(click(at, say("claims.machine.run"))))
    other = opened("claims", v="1", n="100", people="8", fate="8", moment="month-12", after="6")
    assert numbers[0] == numbers[1] != told(click(other, say("claims.machine.run")))


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_machine_runs_from_every_moment(moment: str) -> None:
    check_moment(MOMENTS[moment])
    at = opened("claims", v="1", n="300", moment=moment)
    assert query(at, "moment") == moment
    at = click(at, say("claims.machine.run"))
    assert not at.error and len(charts(at)) >= 4
    assert say("claims.machine.limits") in told(at)
    assert len(at.table) == 2
    at = click(at, say("claims.machine.hide"))
    assert not charts(at)


def test_months_and_series_are_stepped_and_kept_in_the_link() -> None:
    at = opened("claims", v="1")
    at = calm(at.button("claims_after_more").click().run())
    assert query(at, "after") == str(AFTER[AFTER.index(3) + 1])
    at = calm(at.button("claims_series_less").click().run())
    assert query(at, "series") == str(SERIES[SERIES.index(10) - 1])
    at = calm(at.button("claims_size_less").click().run())
    assert query(at, "n") == "300"
    at = calm(at.selectbox("claims_moment").set_value("third-region").run())
    assert query(at, "moment") == "third-region"


def test_a_link_never_runs_anything() -> None:
    at = click(opened("claims", v="1", n="100"), say("claims.machine.run"))
    again = opened("claims", **{name: query(at, name) for name in at.query_params})
    assert charts(at) and not charts(again)


@pytest.mark.parametrize("bad", ["-5", "1e9", "<script>", "9" * 500, "../../etc"])
def test_hostile_links_do_no_harm(bad: str) -> None:
    names = ("topic", "verdict", "n", "moment", "after", "series")
    at = opened("claims", v="1", **dict.fromkeys(names, bad))
    assert query(at, "topic") == "treatment" and query(at, "moment") == "diagnosis"
    assert query(at, "n") in ("100", "1000", "3000")


def test_the_page_ends_with_questions_and_registers() -> None:
    at = opened("claims", v="1")
    asking = load_claims().asking
    last = " ".join(one.value for one in at.markdown[-6:])
    for question in asking.questions:
        assert question in last
    for register in asking.registers:
        assert f"[{register.address}]({register.address})" in last
    assert asking.registers_note in last


def test_nobody_is_asked_for_their_own_data() -> None:
    at = opened("claims", v="1", topic="all")
    assert not at.text_input and not at.text_area and not at.number_input
    assert not at.date_input and not at.get("file_uploader")
