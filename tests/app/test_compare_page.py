"""Several treatments beside usual care: arms, baseline, sections, other worlds. About 25 s."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.opening import calm, click, opened, query, told
from tests.small_ensemble import small_ensemble

from alssim.app import comparing
from alssim.app.address import Address
from alssim.app.arms import NEXT
from alssim.app.building import NAMES, built
from alssim.app.link import ADDRESS, STUDY
from alssim.app.pages.compare import PEOPLE
from alssim.app.study import Study
from alssim.app.world import UNTREATED, treatments
from alssim.parameters import Upload

TWO = "slowing-from-onset,slowing-from-stage-3"
FOUR = "slowing-from-onset,own-2,riluzole-like,msc-claimed"


def shown(**link: str | list[str]) -> AppTest:
    """Open a comparison of few people, and its results."""
    return click(opened("compare", n="100", **link), "Show survival")


def headings(at: AppTest) -> list[str]:
    """Return the headings of the page."""
    return [one.value for one in at.header]


def alts(at: AppTest) -> list[str]:
    """Return the text alternatives of all charts."""
    return [chart.proto.alt for chart in at.get("vega_lite_chart")]


# The arms on the screen


def test_one_treatment_asks_for_no_baseline() -> None:
    at = opened("compare")
    assert at.selectbox[0].label == "Hypothetical treatment"
    assert not [one for one in at.selectbox if one.label == "Count gains against"]
    assert not [one for one in at.button if one.label.startswith("Remove")]


def test_arms_are_added_up_to_four_and_removed() -> None:
    at = opened("compare", n="100")
    for count in (2, 3, 4):
        at = click(at, "Add another treatment")
        assert query(at, "arms") == ",".join(NEXT[:count])
    assert not [one for one in at.button if one.label == "Add another treatment"]
    at = click(at, "Remove treatment 1")
    assert query(at, "arms") == ",".join(NEXT[1:4])
    at = click(at, "Add another treatment")
    assert query(at, "arms").split(",") == [*NEXT[1:4], NEXT[0]]


def test_a_link_opens_all_its_arms() -> None:
    at = opened("compare", arms=FOUR, against="own-2", n="100")
    assert (query(at, "arms"), query(at, "against")) == (FOUR, "own-2")
    assert at.selectbox("compare_treatment_2").value == "own-2"


def test_what_is_chosen_twice_is_followed_once() -> None:
    at = opened("compare", arms=TWO)
    at = calm(at.selectbox("compare_treatment_2").set_value("slowing-from-onset").run())
    assert query(at, "arms") == "slowing-from-onset"
    assert "already on the screen" in told(at)


def test_every_option_of_a_place_can_be_chosen() -> None:
    at = opened("compare")
    assert set(at.selectbox("compare_treatment").options) >= {"One built here"}
    assert len(at.selectbox("compare_treatment").options) == len(treatments()) + 1


def test_a_changed_preset_says_so() -> None:
    at = opened("compare", arms="riluzole-like")
    assert headings(at)[0] == "Riluzole-like drug"
    at = calm(at.button("effect_riluzole-like_0_more").click().run())
    assert headings(at)[0] == "Riluzole-like drug, changed"
    at = click(at, "Back to the preset")
    assert headings(at)[0] == "Riluzole-like drug"


# A treatment built here


def test_a_treatment_is_built_and_held_by_the_link() -> None:
    at = opened("compare", arms="own-1", n="100")
    at = calm(at.selectbox("built_own-1_target").set_value("spread").run())
    at = calm(at.selectbox("built_own-1_start").set_value("month").run())
    for part in ("size", "month", "delay", "responders", "duration_in", "procedure_death"):
        step = "less" if part in ("responders", "duration_in") else "more"
        at = calm(at.button(f"built_own-1_{part}_{step}").click().run())
    assert at.select_slider("built_own-1_procedure_complication").value == 0
    changes = at.query_params["set"]
    assert set(changes) == {
        "arms.own-1.effects.1.target=spread",
        "arms.own-1.effects.1.size=0.35",
        "arms.own-1.effects.1.start=month",
        "arms.own-1.effects.1.month=1",
        "arms.own-1.effects.1.delay=1",
        "arms.own-1.effects.1.duration=120",
        "arms.own-1.effects.1.responders=0.95",
        "arms.own-1.harms.procedure_death=0.01",
    }
    again = opened("compare", arms="own-1", n="100", set=list(changes))
    assert again.query_params["set"] == changes
    at = click(again, "Show survival")
    assert "Built here 1: slows spread, 35 %" in headings(at)
    assert "chosen on this screen" in told(at)


def test_four_built_treatments_fit_into_a_link() -> None:
    values = {
        "effects.1.target": "oxidative_stress",
        "effects.1.size": "0.35",
        "effects.1.start": "month",
        "effects.1.month": "-12",
        "effects.1.delay": "12",
        "effects.1.duration": "120",
        "effects.1.responders": "0.95",
        "harms.procedure_death": "0.05",
        "harms.procedure_complication": "0.15",
    }
    changes = [f"arms.{name}.{key}={value}" for name in NAMES for key, value in values.items()]
    at = opened("compare", arms=",".join(NAMES), set=changes)
    assert at.query_params["set"] == changes and "file" not in at.query_params


def test_a_link_puts_no_words_into_a_built_treatment() -> None:
    at = opened("compare", arms="own-1", set='arms.own-1.title="Cured"')
    assert "Cured" not in " ".join(headings(at))
    assert "cannot be changed here" in told(at)


def test_a_built_treatment_is_read_by_the_reader_of_files() -> None:
    found = built("own-3", {"effects.1.size": "0.5", "harms.procedure_death": "0.02"})
    assert (found.name, found.effects[0].size, found.harms.procedure_death) == ("own-3", 0.5, 0.02)
    assert found.evidence == "none" and not found.citations


# What comes out


def test_several_arms_are_told_one_by_one() -> None:
    at = shown(arms=TWO)
    assert any("alive with :blue[usual care]." in one for one in headings(at))
    assert "of 100** with" in told(at) and "“Slowing from the third region”" in told(at)
    first = [one for one in alts(at) if one.startswith("Bar chart")]
    assert "“Slowing from the first symptom”" in first[0]
    at = calm(at.pills("compare_look").set_value("slowing-from-stage-3").run())
    assert query(at, "look") == "slowing-from-stage-3"
    later = [one for one in alts(at) if one.startswith("Bar chart")]
    assert "“Slowing from the third region”" in later[0]


def test_gains_are_counted_against_the_pinned_arm() -> None:
    at = shown(arms=TWO, against="slowing-from-onset")
    assert any("alive with :blue[“Slowing from the first symptom”]." in one for one in headings(at))
    assert at.pills("compare_look").value == UNTREATED
    assert "usual care takes away" in told(at) or "usual care adds" in told(at)
    assert "never begin" not in told(at)
    assert "nothing is given that could do harm" in told(at)
    at = calm(at.selectbox("compare_against").set_value(UNTREATED).run())
    assert "against" not in at.query_params


def test_the_effect_is_said_in_four_currencies() -> None:
    at = click(shown(), "Follow what they can do")
    for name in ("Rate of neuron loss", "Hazard ratio", "Months of life", "People"):
        assert f"**{name}**: " in told(at)
    assert "open “What people can still do” below" not in told(at)
    assert "motor neurons lost in the first year" in told(at)
    assert "walking without help" in told(at).lower()
    assert any("Walking: " in one for one in alts(at))
    at = click(at, "Hide what they can do")
    assert "motor neurons lost in the first year" not in told(at)


def test_no_p_value_is_shown_for_twins() -> None:
    at = shown(arms=TWO)
    assert not re.search(r"\bp-value|\bp [=<]|significan", told(at))


def test_quality_is_shown_on_a_click_with_its_cost() -> None:
    at = shown(arms="msc-claimed")
    assert "At the price" not in told(at)
    at = click(at, "Show quality-adjusted months")
    assert "rate life in each stage differently" in told(at) and "USD" in told(at)
    at = click(at, "Hide quality-adjusted months")
    assert "At the price" not in told(at)


def test_every_chart_says_what_it_shows() -> None:
    at = click(shown(arms=FOUR), "Follow what they can do")
    found = alts(at)
    assert len(found) == 4 and all(len(one) > 60 for one in found)


# Other worlds


def test_other_worlds_are_followed_on_a_click(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = Path(small_ensemble(tmp_path))
    monkeypatch.setattr(comparing, "shipped_ensemble", lambda: file)
    at = shown()
    before = told(at)
    assert "over 4 sets of parameters" not in before
    at = click(at, "Follow them in every set of parameters")
    assert "over 4 sets of parameters" in told(at)
    assert sum("dotted: knowledge" in one.lower() for one in alts(at)) == 1
    labels = [one.proto.label for one in at.get("download_button")]
    assert any("Bands of chance and knowledge" in label for label in labels)
    at = click(at, "Hide the sets of parameters")
    assert "over 4 sets of parameters" not in told(at)


def test_without_an_ensemble_nothing_is_offered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(comparing, "shipped_ensemble", lambda: tmp_path / "none.toml")
    assert "set of parameters" not in " ".join(one.label for one in shown().button)


# The treatments of an opened scenario


def mine(title: str = "Secret drug") -> AppTest:
    """Go to the comparison after a visitor's own scenario with a treatment of its own."""
    text = f"""extends = "reference"
title = "Mine"
arms = [ "untreated", {{ extends = "slowing-from-onset", name = "secret-drug", title = "{title}",
  summary = "![x](http://example.org/x.png)", claim = "<b>cures</b>", hypothetical = "Mine."}} ]
"""
    text = text.replace(",\n  ", ", ")
    study = Study(given=Upload("m.toml", text))
    return opened("compare", {STUDY: study, ADDRESS: Address(), PEOPLE: 100})


def test_an_opened_scenarios_own_treatment_is_compared_and_stands_in_no_link() -> None:
    at = mine()
    assert at.selectbox("compare_treatment").value == "file-1"
    assert headings(at)[0] == "Secret drug"
    assert "cures" not in " ".join(one.value for one in at.markdown)
    assert "<b>cures</b>" in [one.value for one in at.text]
    at = click(at, "Show survival")
    assert "Nothing here says that it exists" in told(at)
    link = str(dict(at.query_params))
    assert query(at, "arms") == "file-1" and "file=" not in link and query(at, "file")
    assert not re.search("(?i)secret|mine|cures|slowing", link)


def test_an_own_treatment_stands_beside_shipped_ones() -> None:
    at = click(click(mine(), "Add another treatment"), "Show survival")
    assert query(at, "arms") == "file-1,slowing-from-diagnosis"
    assert "“Secret drug”" in told(at)


@pytest.mark.parametrize("title", ["![x](http://a.org/x.png)", "www.example.org", ":red[x]", "*a*"])
def test_a_title_that_means_more_than_its_letters_is_not_said(title: str) -> None:
    at = click(click(mine(title), "Add another treatment"), "Show survival")
    assert title not in " ".join(one.value for one in at.markdown)
    assert "Treatment 1 of the opened scenario" in told(at)


def test_results_of_an_own_treatment_reach_no_cache_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def once(*_: object) -> None:
        raise AssertionError("a cache that others reach was asked")

    monkeypatch.setattr("alssim.app.once.Shelf.once", once)
    assert headings(click(mine(), "Show survival"))


def test_a_treatment_of_a_file_that_is_gone_is_not_chosen() -> None:
    at = click(mine(), "Back to the reference")
    assert at.selectbox("compare_treatment").value == NEXT[0]
    at = opened("compare", arms="file-1", against="file-1", look="file-1")
    assert query(at, "arms") == NEXT[0]
