"""How big, how early? Every control, and nothing is climbed that nobody asked for."""

import csv
import io
import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from math import nan
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.opening import calm, click, opened, query, told

from alssim.app.climbing import Climb, climbed
from alssim.app.ladder_outcome import GUESSES, guess_answer, headline
from alssim.app.once import Shelf
from alssim.app.study import Study
from alssim.app.text import say, table
from alssim.cli import main
from alssim.parameters.treatment import TARGETS
from alssim.present.ladder_charts import MEASURES
from alssim.present.study_files import csv_text, ladder_rows
from alssim.studies.ladder import LADDER_STARTS, Needed, climb

SMALL = {"v": "1", "n": "100", "sizes": "thirds", "starts": "onset.6"}
HOSTILE = ["-5", "nan", "<script>", "9" * 500, "..", "onset.onset.zz"]


def open_small(**link: str) -> AppTest:
    return opened("ladder", **{**SMALL, **link})


def climbed_page(**link: str) -> AppTest:
    return click(open_small(**link), say("ladder.climb"))


def labels(at: AppTest) -> list[str]:
    return [one.label for one in at.button]


def test_nothing_is_climbed_unasked() -> None:
    at = open_small()
    assert not at.get("vega_lite_chart")
    assert "8 effects on 100 virtual people" in told(at)
    at = click(at, say("ladder.climb"))
    assert len(at.get("vega_lite_chart")) == 1
    assert not [one for one in labels(at) if one == say("working.stop")]
    at = click(at, say("ladder.hide"))
    assert not at.get("vega_lite_chart")


def test_a_result_belongs_to_what_was_asked() -> None:
    at = climbed_page()
    at = calm(at.selectbox("ladder_target").set_value("progression").run())
    assert not at.get("vega_lite_chart") and say("ladder.climb") in labels(at)
    at = calm(at.selectbox("ladder_target").set_value("neuron_loss").run())
    assert at.get("vega_lite_chart")


def test_what_is_asked_is_in_the_link_and_comes_back() -> None:
    link = {"target": "spread", "starts": "diagnosis.4", "sizes": "small", "n": "300"}
    link |= {"months": "12", "measure": "ratio", "guess": "half"}
    at = opened("ladder", v="1", **link)
    assert {name: query(at, name) for name in link} == link
    at = calm(at.pills("ladder_starts").set_value([]).run())
    assert query(at, "starts") == "none" and say("ladder.starts_none") in [i.value for i in at.info]
    again = opened("ladder", v="1", starts="none")
    assert query(again, "starts") == "none"


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_links_ask_for_what_exists(bad: str) -> None:
    names = ("target", "starts", "sizes", "n", "months", "measure", "guess")
    at = opened("ladder", v="1", **dict.fromkeys(names, bad))
    assert query(at, "target") in TARGETS and query(at, "measure") in MEASURES
    assert 100 <= int(query(at, "n")) <= 3000 and 1 <= int(query(at, "months")) <= 24
    assert query(at, "guess") == "none"
    assert bad == "-5" or bad not in " ".join(one.value for one in at.markdown)


def test_steps_do_what_sliders_do() -> None:
    at = open_small()
    at = calm(at.button("ladder_people_more").click().run())
    at = calm(at.button("ladder_months_more").click().run())
    assert (query(at, "n"), query(at, "months")) == ("300", "12")
    at = calm(at.button("ladder_people_less").click().run())
    at = calm(at.button("ladder_months_less").click().run())
    assert (query(at, "n"), query(at, "months")) == ("100", "6")


def test_other_months_that_matter_need_no_new_run() -> None:
    at = climbed_page(months="1")
    first = at.header[1].value
    at = calm(at.button("ladder_months_more").click().run())
    assert at.get("vega_lite_chart") and at.header[1].value != first


def test_other_people_are_another_seed() -> None:
    at = click(climbed_page(people="7", fate="3"), say("ladder.others"))
    assert (query(at, "people"), query(at, "fate")) == ("8", "4")
    assert say("ladder.climb") in labels(at)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_map_is_a_table_of_every_rung(measure: str) -> None:
    at = climbed_page(measure=measure)
    (drawn,) = [one.value for one in at.markdown if '<table class="heat">' in one.value]
    assert drawn.count("<td style=") == 8
    assert drawn.count('<th scope="row">') == 2 and "<caption>" in drawn
    assert ("<strong>" in drawn) == (measure == "months")


@pytest.mark.parametrize("guess", GUESSES)
def test_a_guess_is_answered(guess: str) -> None:
    assert f"Your guess: {say(f'ladder.guesses.{guess}')}" in told(climbed_page(guess=guess))


def needed(size: float) -> Needed:
    return Needed("neuron_loss", "onset", 6.0, size, 5.0, 1.0)


@pytest.mark.parametrize(
    ("guess", "size", "kind"),
    [
        ("quarter", 0.31, "about right"),
        ("tenth", 0.31, "It takes more"),
        ("most", 0.31, "It takes less"),
        ("never", 0.95, "It takes less"),
        ("half", nan, "no effect is enough"),
        ("never", nan, "no effect is enough"),
    ],
)
def test_guesses_are_held_against_the_ladder(guess: str, size: float, kind: str) -> None:
    assert kind in guess_answer(guess, needed(size))
    assert ("Not even" in headline(needed(size), 0.9)) == (size != size)


def test_the_chart_has_a_text_alternative_with_numbers() -> None:
    (chart,) = climbed_page().get("vega_lite_chart")
    assert re.search(r"first symptom [\d.]+, feeding tube [\d.]+", chart.proto.alt)


def test_limits_stand_beside_the_result_and_files_can_be_taken() -> None:
    at = climbed_page()
    assert say("ladder.limits_text") in told(at)
    kinds = {one.label[-5:].strip("( )") for one in at.get("download_button")}
    assert {"CSV", "PNG", "SVG", "TOML", "HTML"} <= kinds


def test_the_command_repeats_the_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = Climb("neuron_loss", ("onset", "docs_6"), (0.0, 0.3, 0.6, 0.9), 100)
    study = Study(people=5, fate=6)
    page = csv_text(ladder_rows(climbed(study, asked, lambda done, rungs: None)))
    (line,) = [one.value for one in climbed_page(people="5", fate="6").code]
    words = shlex.split(line)
    assert words[:2] == ["alssim", "ladder"]
    assert main([*words[1:], "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    assert (tmp_path / "ladder.csv").read_text("utf-8") == page
    assert len(list(csv.reader(io.StringIO(page)))) == 1 + asked.rungs


def test_rows_climbed_one_by_one_are_the_ladder() -> None:
    asked = Climb("spread", LADDER_STARTS[:3], (0.3, 0.6), 40)
    steps: list[tuple[int, int]] = []
    rows = climbed(Study(), asked, lambda *done: steps.append(done))
    whole = climb(replace(Study().record, patients=40), ("spread",), asked.starts, asked.sizes)
    assert csv_text(ladder_rows(rows)) == csv_text(ladder_rows(whole))
    assert steps == [(0, 6), (2, 6), (4, 6), (6, 6)]


def test_what_was_computed_is_not_computed_again() -> None:
    counted: list[int] = []
    shelf: Shelf[int] = Shelf(2)

    def work(value: int) -> Callable[[], int]:
        return lambda: counted.append(value) or value  # type: ignore[func-returns-value]

    assert [shelf.once(key, work(key)) for key in (1, 1, 2, 3, 3, 1)] == [1, 1, 2, 3, 3, 1]
    assert counted == [1, 2, 3, 1]


def test_broken_off_work_leaves_nothing_behind() -> None:
    shelf: Shelf[int] = Shelf(2)

    def broken() -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shelf.once("a", broken)
    assert shelf.once("a", lambda: 7) == 7


def test_every_choice_has_words() -> None:
    from alssim.app.pages.ladder import SIZE_SETS

    assert set(table("ladder.size_sets")) == set(SIZE_SETS)
    assert set(table("ladder.guesses")) == set(GUESSES)
    assert set(table("ladder.measures")) == set(MEASURES)
