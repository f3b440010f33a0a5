"""Present: decks, slides, what is simulated on a click, a visitor's own deck, links, files."""

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.opening import calm, click, opened, query, told

from alssim.app import world
from alssim.app.deck_files import Wanted, as_html, as_pdf
from alssim.app.deck_scenes import stage
from alssim.app.deck_worlds import world_of
from alssim.app.study import Study
from alssim.app.text import say
from alssim.app.world import care_title
from alssim.present.decks import deck_source, read_deck, shipped_decks

DECKS = shipped_decks()
SIMULATED = [
    pytest.param(name, step, id=f"{name}-{step}")
    for name, deck in DECKS.items()
    for step, slide in enumerate(deck.steps, 1)
    if slide.simulated
]
OWN = """title = "Mine, secretly"
[[steps]]
title = "Unheard-of"
text = "Words of mine."
notes = "Only for me."
[steps.live]
show = "cohort"
figure = "stages"
people = 20
"""


def press(at: AppTest, key: str) -> AppTest:
    (found,) = [one for one in at.button if one.key == key]
    return calm(found.click().run())


def keys(at: AppTest) -> set[str | None]:
    return {one.key for one in at.button}


def slide(name: str, step: int, **link: str) -> AppTest:
    return opened("present", v="1", deck=name, step=str(step), **link)


def written(text: str) -> AppTest:
    at = opened("present")
    at = calm(at.text_area[0].set_value(text).run())
    return click(at, say("present.own.use"))


def test_the_list_names_all_decks() -> None:
    at = opened("present")
    assert [one.value for one in at.subheader] == [deck.title for deck in DECKS.values()]
    for deck in DECKS.values():
        assert deck.summary in told(at)
        assert say("present.open", title=deck.title) in [one.label for one in at.button]


def test_nothing_is_simulated_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a simulation ran")

    monkeypatch.setattr("alssim.app.deck_slide.stage", refuse)
    monkeypatch.setattr("alssim.app.deck_files.stage", refuse)
    for name, deck in DECKS.items():
        simulated = [step for step, one in enumerate(deck.steps, 1) if one.simulated]
        for step in (0, *simulated[:2]):
            at = slide(name, step, notes="shown")
            assert not at.get("vega_lite_chart")


@pytest.mark.parametrize(("name", "step"), SIMULATED)
def test_a_click_simulates_and_another_hides(name: str, step: int) -> None:
    live = DECKS[name].steps[step - 1].live
    at = slide(name, step)
    assert (say("present.run_about_survival") in told(at)) == live.survival
    at = press(at, "slide_run")
    assert at.header[0].value and "people 1, fate 1" in told(at)
    for chart in at.get("vega_lite_chart"):
        assert len(chart.proto.alt) > 20
    assert at.get("vega_lite_chart") or live.show == "trials" or not live.treatment
    at = press(at, "slide_hide")
    assert not at.header and "slide_run" in keys(at)


def test_survival_says_so_on_its_button() -> None:
    survival = {(name, step) for name, deck in DECKS.items() for step in range(len(deck.steps))}
    survival = {(n, s) for n, s in survival if DECKS[n].steps[s].live.survival}
    assert survival
    for name, step in survival:
        at = slide(name, step + 1)
        assert say("present.run_survival") in [one.label for one in at.button]


def test_forth_and_back_through_a_deck() -> None:
    deck = DECKS["same-person-twice"]
    at = click(opened("present"), say("present.open", title=deck.title))
    assert (query(at, "deck"), query(at, "step")) == ("same-person-twice", "0")
    at = click(at, say("present.start"))
    for step, one in enumerate(deck.steps, 1):
        assert at.title[0].value == one.title and query(at, "step") == str(step)
        assert say("present.at", step=step, steps=len(deck.steps)) in told(at)
        assert one.question in told(at)
        at = press(at, "slide_next")
    assert at.title[0].value == deck.title and query(at, "step") == "0"
    at = press(click(at, say("present.start")), "slide_back")
    assert at.title[0].value == deck.title
    at = press(at, "present_all")
    assert at.title[0].value == say("present.title") and "deck" not in at.query_params


def test_what_was_opened_stays_open_on_the_way_back() -> None:
    at = press(slide("why-trials-fail", 1), "slide_run")
    at = press(press(at, "slide_next"), "slide_back")
    assert at.get("vega_lite_chart")


def test_notes_are_shown_on_demand_and_by_link() -> None:
    note, *_ = DECKS["why-trials-fail"].steps[0].notes.splitlines()
    at = slide("why-trials-fail", 1)
    assert note not in told(at)
    at = press(at, "slide_turn_notes")
    assert note in told(at) and query(at, "notes") == "shown"
    assert say("present.notes_next", title=DECKS["why-trials-fail"].steps[1].title) in told(at)
    assert note not in told(press(at, "slide_turn_notes"))
    assert note in told(slide("why-trials-fail", 1, notes="shown"))


def test_text_becomes_larger_and_the_link_says_so() -> None:
    at = press(slide("one-course", 1), "slide_size")
    assert query(at, "text") == "large"
    assert say("text_size.usual") in [one.label for one in at.button]
    assert "text" not in press(at, "slide_size").query_params


def test_close_leads_back_to_the_cover() -> None:
    at = press(slide("one-course", 3), "slide_close")
    assert at.title[0].value == DECKS["one-course"].title


@pytest.mark.parametrize(
    ("deck", "step"), [("one-course", "99"), ("one-course", "-4"), ("../x", "1"), ("x", "x")]
)
def test_odd_links_open_something(deck: str, step: str) -> None:
    at = opened("present", v="1", deck=deck, step=step)
    assert at.title[0].value in {say("present.title"), *titles()}


def test_a_link_to_an_unknown_deck_says_so_until_that_is_read() -> None:
    words = say("link.unread", part="deck=nowhere")
    at = opened("present", v="1", deck="nowhere")
    assert words in told(at)
    assert words not in told(press(at, "link_dismiss"))
    assert words not in told(opened("present"))


def titles() -> set[str]:
    return {one.title for deck in DECKS.values() for one in (deck, *deck.steps)}


def test_the_seeds_of_the_link_choose_the_people() -> None:
    heads = []
    for seed in ("1", "77"):
        at = press(slide("same-person-twice", 3, people=seed, fate=seed), "slide_run")
        assert f"people {seed}, fate {seed}" in told(at)
        heads.append(told(at))
    assert heads[0] != heads[1]


# ------------------------------------------------------------------------------ a deck of one's own


def test_a_deck_is_written_and_never_stands_in_the_link() -> None:
    at = written(OWN)
    assert at.title[0].value == "Mine, secretly"
    at = press(click(at, say("present.start")), "slide_run")
    at = press(at, "slide_turn_notes")
    assert "Words of mine." in told(at) and "Only for me." in told(at)
    assert at.get("vega_lite_chart")
    link = str(dict(at.query_params))
    assert query(at, "deck") == "own"
    assert not any(word in link.lower() for word in ("mine", "secret", "unheard", "words"))


def test_somebody_elses_link_to_an_own_deck_says_what_is_missing() -> None:
    at = slide("own", 1)
    assert say("present.own_gone") in told(at) and "Words of mine." not in told(at)


def test_a_wrong_deck_is_refused_with_all_problems_and_nothing_is_lost() -> None:
    bad = OWN.replace('"stages"', '"hundred"').replace("Words of", "<b>Words</b> of")
    at = written(bad)
    assert at.title[0].value == say("present.title")
    problems = [one.value for one in at.text]
    label = say("present.own.label")
    assert len(problems) == 2 and all(one.startswith(f"{label}: steps.1") for one in problems)
    assert at.text_area[0].value == bad
    at = calm(at.text_area[0].set_value(OWN).run())
    at = click(at, say("present.own.use"))
    assert at.title[0].value == "Mine, secretly" and not at.text


def test_a_deck_file_is_opened() -> None:
    at = opened("present")
    at = calm(at.file_uploader[0].upload("mine.toml", OWN.encode(), "application/toml").run())
    assert at.title[0].value == "Mine, secretly"
    at = press(at, "present_all")
    assert at.text_area[0].value == OWN


def test_a_text_that_is_replaced_can_be_brought_back() -> None:
    at = opened("present")
    at = calm(at.text_area[0].set_value("half a deck").run())
    at = calm(at.file_uploader[0].upload("mine.toml", OWN.encode(), "application/toml").run())
    at = press(press(at, "present_all"), "own_back")
    assert at.text_area[0].value == "half a deck"
    assert press(at, "own_back").text_area[0].value == OWN


def test_a_slide_names_the_care_in_both_groups() -> None:
    at = press(slide("same-person-twice", 4), "slide_run")
    assert say("compare.care", care=care_title("no-riluzole")) in told(at)


def test_a_hostile_file_is_refused_and_the_page_goes_on() -> None:
    at = opened("present")
    at = calm(at.file_uploader[0].upload("x.toml", b"a." * 30_000, "application/toml").run())
    assert at.title[0].value == say("present.title") and at.error
    assert click(at, say("present.open", title=DECKS["one-course"].title)).title


def test_a_shipped_deck_can_be_made_ones_own() -> None:
    at = click(slide("why-trials-fail", 0), say("present.change"))
    assert at.text_area[0].value == deck_source("why-trials-fail")
    at = click(at, say("present.own.use"))
    assert at.title[0].value == DECKS["why-trials-fail"].title and query(at, "deck") == "own"


CHANGED = OWN + '[steps.values]\n"spread.rate" = 0.4321\n"care.extends" = "no-niv"\n'


CARE = {"before": care_title("modern"), "after": care_title("no-niv")}


def test_a_slide_says_which_values_differ_and_simulates_with_them() -> None:
    deck = DECKS["one-course"]
    (step,) = (number for number, one in enumerate(deck.steps, 1) if one.values)
    at = slide("one-course", step)
    assert say("present.changed_title") in told(at) and "(spread.rate)" in told(at)
    spreading, changed = (press(slide("one-course", one), "slide_run") for one in (step - 1, step))
    assert say("present.changed_title") not in told(spreading)
    drawn = [at.get("vega_lite_chart")[0].proto.spec for at in (spreading, changed)]
    assert drawn[0] != drawn[1] and "spread" not in str(dict(changed.query_params))


def test_values_of_ones_own_deck_are_said_and_stand_in_no_link() -> None:
    at = press(click(written(CHANGED), say("present.start")), "slide_run")
    assert "0.4321" in told(at) and say("present.changed_care", **CARE) in told(at)
    assert at.get("vega_lite_chart")
    assert not {"0.4321", "no-niv"} & set(" ".join(map(str, at.query_params.values())).split())
    assert "set" not in at.query_params


def test_the_hand_out_says_which_values_differ() -> None:
    wanted = Wanted(read_deck(CHANGED.encode(), "m.toml"), Study(), False, False, own=True)
    assert "0.4321 instead of" in as_html(wanted).decode()
    assert as_pdf(wanted).startswith(b"%PDF")


LIVES = {
    "person": "",
    "person, twice": 'treatment = "riluzole-like"',
    "cohort": "people = 10",
    "comparison": 'treatment = "riluzole-like"\npeople = 10',
    "ladder": "people = 10",
    "trials": "size = 5",
}


@pytest.mark.parametrize("kind", LIVES)
def test_values_of_ones_own_deck_reach_no_cache_of_others(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def once(self: object, asked: object, *rest: object) -> None:
        raise AssertionError("a cache that others reach was asked")

    def people(asked: Study) -> object:
        assert asked == Study()
        return cohort_of(asked)

    cohort_of = world._shared_cohort
    monkeypatch.setattr("alssim.app.once.Shelf.once", once)
    monkeypatch.setattr("alssim.app.world._shared_cohort", people)
    monkeypatch.setattr("alssim.app.crowd._shared_part", once)
    monkeypatch.setattr("alssim.app.deck_scenes._shared_share", once)
    live = f'[steps.live]\nshow = "{kind.partition(",")[0]}"\n{LIVES[kind]}\n'
    text = 'title = "A"\n[[steps]]\ntitle = "B"\n[steps.values]\n"spread.rate" = 1\n' + live
    (step,) = read_deck(text.encode(), "mine.toml").steps
    scene = stage(step.live, world_of(step, Study(), own=True), lambda done, whole: None)
    assert scene.headline


# ------------------------------------------------------------------------------------ the hand-out


def test_figures_are_simulated_on_a_click_before_the_hand_out_holds_them() -> None:
    at = written(OWN)
    downloads = [one.proto.label for one in at.get("download_button")]
    assert downloads == ["Hand-out (PDF)", "Hand-out (HTML)", "The deck (TOML)"]
    at = calm(at.toggle[0].set_value(True).run())
    assert [one.proto.label for one in at.get("download_button")] == ["The deck (TOML)"]
    at = press(at, "handout_simulate")
    assert len(at.get("download_button")) == 3


def test_the_hand_out_holds_what_was_wished_for() -> None:
    deck = read_deck(OWN.encode(), "mine.toml")
    plain = as_html(Wanted(deck, Study(), figures=False, notes=False)).decode()
    assert "Words of mine." in plain and "Only for me." not in plain and "<img" not in plain
    whole = as_html(Wanted(deck, Study(), figures=True, notes=True)).decode()
    assert "Only for me." in whole and "data:image/svg+xml" in whole
    assert as_pdf(Wanted(deck, Study(), figures=True, notes=True)).startswith(b"%PDF")
