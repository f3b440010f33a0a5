"""The cohort: every control, and survival only for those who ask for it."""

import pytest
from tests.app.opening import calm, click, opened, query, told

from alssim.app.text import say
from alssim.studies.cohort import GROUPS


def test_survival_is_shown_only_to_those_who_ask() -> None:
    at = opened("cohort", v="1", n="30")
    assert len(at.get("vega_lite_chart")) == 2
    assert "die by month" not in told(at) and "Death" not in told(at)
    assert not any("Survival" in one.label for one in at.get("download_button"))
    at = click(at, say("cohort.show"))
    assert len(at.get("vega_lite_chart")) == 3
    assert "die by month" in told(at)
    at = click(at, say("cohort.hide"))
    assert len(at.get("vega_lite_chart")) == 2


def test_a_link_never_opens_survival() -> None:
    at = click(opened("cohort", v="1", n="30"), say("cohort.show"))
    assert not [name for name in at.query_params if "open" in name or "show" in name]


@pytest.mark.parametrize("way", GROUPS)
def test_every_way_to_compare(way: str) -> None:
    at = click(opened("cohort", v="1", n="100", by=way), say("cohort.show"))
    assert query(at, "by") == way
    lines = told(at).count("a quarter die by month")
    assert 1 <= lines <= len(GROUPS[way])


def test_stages_can_be_seen_group_by_group() -> None:
    at = opened("cohort", v="1", n="100", by="sex", whose="women")
    assert query(at, "whose") == "women"
    everyone = opened("cohort", v="1", n="100", by="sex")
    assert everyone.get("vega_lite_chart")[1].proto != at.get("vega_lite_chart")[1].proto


def test_steps_do_what_the_slider_does() -> None:
    at = opened("cohort", v="1", n="30")
    at = calm(at.button("cohort_size_more").click().run())
    assert query(at, "n") == "100"
    at = calm(at.button("cohort_size_less").click().run())
    assert query(at, "n") == "30"


def test_another_patient_and_a_typed_one() -> None:
    at = opened("cohort", v="1", n="10", patient="9")
    assert "Where patient 9 lies" in [one.value for one in at.header]
    at = click(at, say("cohort.next_patient"))
    assert query(at, "patient") == "0"
    at = calm(at.number_input("cohort_patient").set_value(4).run())
    assert query(at, "patient") == "4"


def test_every_chart_has_a_text_alternative() -> None:
    at = click(opened("cohort", v="1", n="100"), say("cohort.show"))
    for chart in at.get("vega_lite_chart"):
        assert len(chart.proto.alt) > 40


def test_a_large_cohort_is_followed_part_by_part() -> None:
    at = opened("cohort", v="1", n="3000")
    assert "3,000 virtual people" in told(at)
    assert not [one for one in at.button if one.label == say("working.stop")]
