"""The reader of decks: what it takes, what it refuses, and that it says everything at once."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from alssim.app.cases import CASES
from alssim.app.world import COHORT, HORIZON, MONTHS
from alssim.errors import ParameterError
from alssim.parameters.walking import entries
from alssim.present import decks
from alssim.present.decks import Deck, deck_source, read_deck, shipped_decks

LEAST = 'title = "A deck"\n[[steps]]\ntitle = "One"\n'
LIVE = LEAST + "[steps.live]\n"


def refused(text: str | bytes) -> list[str]:
    raw = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(ParameterError) as caught:
        read_deck(raw, "mine.toml")
    assert all(problem.startswith("mine.toml: ") for problem in caught.value.problems)
    return [problem.removeprefix("mine.toml: ") for problem in caught.value.problems]


def test_a_deck_needs_a_title_and_one_slide() -> None:
    deck = read_deck(LEAST.encode(), "mine.toml")
    assert (deck.title, len(deck.steps), deck.scenario) == ("A deck", 1, "reference")
    assert not deck.steps[0].simulated
    assert refused("") == ["title is missing", "steps is missing"]
    assert refused('title = " "\nsteps = []') == [
        "title is empty",
        "0 steps; a deck has 1 to 60",
    ]


@pytest.mark.parametrize("name", shipped_decks())
def test_shipped_decks_are_whole(name: str) -> None:
    deck = shipped_decks()[name]
    assert deck.summary and len(deck.steps) >= 5
    for slide in deck.steps:
        assert slide.text and slide.question and slide.notes, slide.title
    assert any(slide.simulated for slide in deck.steps)


def test_shipped_decks_show_every_kind() -> None:
    assert len(shipped_decks()) >= 3
    shown = {slide.live.show for deck in shipped_decks().values() for slide in deck.steps}
    assert shown == set(decks.DEFAULTS)


def test_an_unknown_shipped_deck_is_no_file() -> None:
    for name in ("../lessons/how-long", "nothing", ""):
        with pytest.raises(KeyError):
            deck_source(name)


def test_all_problems_are_said_at_once_with_their_key() -> None:
    found = refused(
        'title = 3\nfoo = 1\n[[steps]]\ntitle = "<b>x"\ntext = "![a](http://x.org/a.png)"\n'
        '[steps.live]\nshow = "cohort"\npeople = 99999\n[[steps]]\n[steps.live]\nshow = "walk"\n'
    )
    begins = ["foo is unknown", "title = 3 is not text", "steps.1.live.people = 99999 is outside"]
    begins += ["steps.2.title is missing", "steps.2.live.show = 'walk' is not one of"]
    begins += ["steps.1: title holds HTML", "steps.1: text holds an image"]
    assert len(found) == len(begins)
    for begin in begins:
        assert any(problem.startswith(begin) for problem in found), begin


def test_unknown_names_and_values_are_said_beside_ranges() -> None:
    found = refused(
        'title = "x"\nminutes = -5\nscenario = "zz"\n[[steps]]\ntitle = "a"\n'
        'values = { pace.median = 99 }\n[steps.live]\nshow = "comparison"\n'
        'treatment = "nope"\nyears = -3\n'
    )
    begins = ["minutes = -5 is outside", "scenario = 'zz' is not the name", "steps.1.live.years"]
    begins += ["steps.1.live: treatment = 'nope' is not", "steps.1.values: pace.median = 99"]
    assert len(found) == len(begins), found
    for begin in begins:
        assert any(problem.startswith(begin) for problem in found), begin


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ('show = "comparison"', "treatment is missing"),
        ('show = "comparison"\ntreatment = "riluzol-like"', "did you mean riluzole-like?"),
        ('show = "comparison"\ntreatment = "../untreated"', "is not the name of a treatment"),
        ('show = "cohort"\nfigure = "hundred"', "is not one of: scores, stages, survival"),
        ('show = "cohort"\nyears = 3', "years does not belong to show = 'cohort'"),
        ('show = "nothing"\ncase = "arm"', "it takes no other key"),
        ('show = "ladder"\npeople = 3000', "at most 1000"),
        ('show = "person"\npatient = 1.5', "not a whole number"),
        ('show = "trials"\nsize = true', "is not a number"),
        ("show = []", "is not one of"),
    ],
)
def test_what_is_simulated_fits_together(keys: str, problem: str) -> None:
    (found,) = refused(LIVE + keys)
    assert found.startswith("steps.1.live") and problem in found


@pytest.mark.parametrize("field", ["title", "text", "question", "notes"])
@pytest.mark.parametrize(
    "bad",
    [
        "![x](http://example.org/x.png)",
        "![x][y]",
        "<img src=x onerror=alert(1)>",
        "a <script>",
        "</div>",
        "<!-- x -->",
        "<?php",
    ],
)
def test_no_text_holds_html_or_images(field: str, bad: str) -> None:
    line = f"{field} = '{bad}'\n"
    text = LEAST.replace('title = "One"\n', "" if field == "title" else 'title = "One"\n') + line
    (found,) = refused(text)
    assert found.startswith(f"steps.1: {field} h")


@pytest.mark.parametrize("field", ["title", "text", "question", "notes"])
def test_no_text_is_endless(field: str) -> None:
    long = f'{field} = """\\\n' + ("x" * 900 + "\\\n") * 4 + '"""\n'
    text = LEAST.replace('title = "One"\n', "" if field == "title" else 'title = "One"\n') + long
    (found,) = refused(text)
    assert found.startswith(f"steps.1: {field} has 3600 letters")


LIVING = '[steps.live]\nshow = "cohort"\n'


@pytest.mark.parametrize(
    "values",
    ['"spread.rate" = 1.5', "spread.rate = 1.5", "spread = { rate = 1.5 }"],
)
def test_a_step_changes_values_of_the_scenario_by_dotted_keys(values: str) -> None:
    deck = read_deck(f"{LEAST}[steps.values]\n{values}\n{LIVING}".encode(), "mine.toml")
    assert deck.steps[0].changes == (("spread.rate", "1.5"),)


def test_all_wrong_values_of_all_steps_are_said_at_once() -> None:
    found = refused(
        f'{LEAST}[steps.values]\nspread.rate = 99\nspred.rate = 1\ncare.extends = "none"\n{LIVING}'
        f'[[steps]]\ntitle = "Two"\n[steps.values]\npace.median = "x"\ntitle = "Words"\n{LIVING}'
        'people = 1\n[[steps]]\ntitle = "Three"\nvalues = ["arms.untreated.title=Cured"]\n'
    )
    begins = [
        "steps.1.values: spread.rate = 99 is outside",
        "steps.1.values: spred.rate is unknown",
    ]
    begins += ["steps.1.values: care.extends: there is no care setting 'none'"]
    begins += ["steps.2.live.people = 1 is outside", "steps.2.values: title is unknown"]
    begins += ["steps.2.values: pace.median = 'x' is not a number"]
    begins += ["steps.3: values change nothing here", "steps.3.values: arms.untreated.title is unk"]
    assert len(found) == len(begins)
    for begin in begins:
        assert any(problem.startswith(begin) for problem in found), begin


@pytest.mark.parametrize(
    "values",
    ["values = 3", "values = [[1]]", 'values = ["=3"]', "values = [{a = 1}]", "values.x=''"],
)
def test_values_that_are_none_are_refused_in_words(values: str) -> None:
    assert refused(f"{LEAST}{values}\n{LIVING}")


def test_mathematical_signs_are_no_html() -> None:
    deck = read_deck((LEAST + 'text = "p < 0.05, a < b, 3 > 2, a <= b!"').encode(), "mine.toml")
    assert deck.steps[0].text == "p < 0.05, a < b, 3 > 2, a <= b!"


@pytest.mark.parametrize(
    "bad",
    [
        b"\xff\xfe",
        b"title = ",
        b"x" * 70_000,
        b"a." * 30_000 + b"b = 1",
        b"a = " + b"[" * 5000 + b"]" * 5000,
        b"a = " + b"9" * 900,
        b"title = 'a'\nsteps = 3",
        b"title = 'a'\nsteps = [1, 2]",
        b"title = 'a'\n[steps]\na = 1",
        b"title = 'a\\u202eb'",
        b'title = "a\\u202eb"\n[[steps]]\ntitle = "x"',
        b"title = 'a'\n" + b"[[steps]]\ntitle = 'x'\n" * 61,
        b"title = 1979-05-27\n[[steps]]\ntitle = nan",
    ],
)
def test_hostile_files_are_refused_in_words(bad: bytes) -> None:
    assert refused(bad)


def test_a_hostile_name_of_a_file_is_made_visible() -> None:
    with pytest.raises(ParameterError) as caught:
        read_deck(b"", "a\x1b[31m\u202e.toml")
    assert "\x1b" not in str(caught.value) and "\u202e" not in str(caught.value)


@given(some.binary(max_size=300) | some.text(max_size=300).map(lambda text: text.encode("utf-8")))
def test_whatever_comes_is_a_deck_or_a_refusal(raw: bytes) -> None:
    try:
        assert isinstance(read_deck(raw, "any.toml"), Deck)
    except ParameterError as error:
        assert error.problems


@pytest.mark.parametrize("name", shipped_decks())
def test_the_source_of_a_deck_is_the_deck(name: str) -> None:
    data = tomllib.loads(deck_source(name))
    deck = shipped_decks()[name]
    assert [step["title"] for step in data["steps"]] == [slide.title for slide in deck.steps]
    assert read_deck(deck_source(name).encode(), "copy.toml") == deck


def test_the_guide_shows_a_deck_that_works_and_names_every_key() -> None:
    guide = (Path(__file__).parents[2] / "docs/teaching.md").read_text("utf-8")
    (example,) = (
        block
        for block in re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
        if "[[steps]]" in block
    )
    assert read_deck(example.encode(), "guide.toml").steps[0].simulated
    for show, takes in decks.DEFAULTS.items():
        if show != "nothing":
            (row,) = [line for line in guide.splitlines() if line.startswith(f"| `{show}`")]
            assert set(takes) <= set(re.findall(r"`(\w+)`", row)), show


def test_the_limits_are_those_of_the_app() -> None:
    assert tuple(CASES) == decks.CASES
    about = {entry.path: entry.part.about for entry in entries(shipped_decks()["one-course"])}
    found = {path.rpartition(".")[2]: getattr(one, "high", None) for path, one in about.items()}
    assert found["patient"] == COHORT - 1 and found["month"] == MONTHS
    assert found["years"] == HORIZON // 12
