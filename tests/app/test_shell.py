"""Navigation, links and the pages around the simulator, without a browser."""

import re

import pytest
from tests.app.opening import calm, click, opened, query, told

from alssim.app.documents import document
from alssim.app.registry import GROUPS, PAGES
from alssim.app.text import page_text, say, table
from alssim.parameters import SCENARIOS, names

PAGES_OF_WORK = (
    "claims",
    "cohort",
    "ladder",
    "lessons",
    "parameters",
    "scenarios",
    "trial",
    "validation",
)
PLAIN = ("start", "glossary", "model", "about", *PAGES_OF_WORK)
HOSTILE = ["-5", "1e9", "nan", "<script>", "9" * 500, "٣", "", "../../etc", "-", "![x](http://x)"]


def test_every_page_has_a_group_a_title_and_a_purpose() -> None:
    assert len({one.name for one in PAGES}) == len(PAGES)
    for one in PAGES:
        assert one.group in GROUPS
        assert one.title and one.about.endswith(".")
        assert callable(one.show)


@pytest.mark.parametrize("name", PLAIN)
def test_every_page_opens_with_a_title_and_a_link_that_says_all(name: str) -> None:
    at = opened(name)
    assert len(at.title) == 1
    assert {key: query(at, key) for key in ("v", "scenario", "people", "fate")} == {
        "v": "1",
        "scenario": "reference",
        "people": "1",
        "fate": "1",
    }


HOSTILE_VISITS = [("about", bad) for bad in HOSTILE] + [
    (name, bad) for name in PLAIN for bad in ("<script>", "9" * 500)
]


@pytest.mark.parametrize(("name", "bad"), HOSTILE_VISITS)
def test_hostile_links_open_the_reference_and_say_why(name: str, bad: str) -> None:
    keys = ("scenario", "people", "set", "v", "month", "arms", "n", "by", "part", "zzz")
    at = opened(name, **dict.fromkeys(keys, bad))
    assert query(at, "scenario") == "reference"
    markdown = " ".join(one.value for one in at.markdown)
    if len(bad) > 3:
        assert at.warning or at.error
        assert bad not in markdown


def test_all_problems_of_a_link_show_at_once_and_can_be_put_away() -> None:
    at = opened("about", v="1", set=["pace.median=7", "pace.sdd=1", "title=Cured"], zzz="1")
    shown = " ".join(one.value for one in at.text)
    for key in ("pace.median = 7", "pace.sdd", "title is unknown", "zzz"):
        assert key in shown
    at = click(at, say("link.dismiss"))
    assert not at.error and not at.text


def test_a_link_brings_back_scenario_seeds_and_values() -> None:
    at = opened("about", v="1", scenario="bulbar-onset", people="5", fate="6", set="pace.sd=0.5")
    assert not at.error and not at.warning
    found = [query(at, key) for key in ("scenario", "people", "fate", "set")]
    assert found == ["bulbar-onset", "5", "6", "pace.sd=0.5"]
    assert "Values that differ" in told(at)
    at = click(at, say("link.back"))
    assert query(at, "scenario") == "reference" and "set" not in at.query_params


def test_a_link_that_needs_a_file_says_so() -> None:
    at = opened("about", v="1", file="0123456789ab")
    assert "0123456789ab" in told(at)


def test_the_tour_goes_forth_and_back_and_ends() -> None:
    steps = table("start")["steps"]
    at = click(opened("start"), say("start.tour_start"))
    for step in range(1, len(steps)):
        assert steps[step - 1]["title"] in told(at)
        at = click(at, say("start.tour_next"))
    assert say("start.tour_next") not in [one.label for one in at.button]
    at = click(at, say("start.tour_back"))
    at = click(at, say("start.tour_end"))
    assert say("start.tour_start") in [one.label for one in at.button]


def test_start_says_why_nobody_is_asked_for_their_own_data() -> None:
    at = opened("start")
    assert "no page has a field for a visitor's own age" in told(at)
    assert not at.text_input and not at.number_input


@pytest.mark.parametrize("name", names(SCENARIOS))
def test_every_scenario_can_be_read_and_opened(name: str) -> None:
    at = opened("scenarios")
    at = calm(at.selectbox[0].set_value(name).run())
    if name != "reference":
        at = click(at, say("scenarios.open"))
    assert query(at, "scenario") == name
    assert say("scenarios.opened") in told(at)


def test_seeds_are_for_everybody_on_every_page() -> None:
    at = opened("scenarios")
    at = calm(at.number_input("scenarios_people").set_value(7).run())
    at = calm(at.number_input("scenarios_fate").set_value(8).run())
    assert (query(at, "people"), query(at, "fate")) == ("7", "8")


def test_support_links_are_named_and_lead_to_organisations() -> None:
    links = re.findall(r"\]\((https://[^)]+)\)", page_text("about"))
    assert len(links) >= 4
    assert all(link.startswith("https://") for link in links)


def test_the_manual_is_shown_without_its_own_links() -> None:
    for name in ("model.md", "references.md"):
        text = document(name)
        assert not text.startswith("# ")
        assert not re.search(r"\]\((?!https?://)", text)


def test_the_glossary_explains_every_term() -> None:
    at = opened("glossary")
    for group in table("glossary.groups").values():
        for row in group["terms"]:
            assert row["term"] in told(at) and row["meaning"] in told(at)
