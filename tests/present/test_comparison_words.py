"""Sentences beyond the headline: they name the direction, agree with the numbers, leave no gap."""

import re
from dataclasses import replace
from math import nan
from typing import Any

import numpy as np
import pytest
from tests.present.test_figures import Run
from tests.studies.made_up import NEVER, MadeUp, twins
from tests.studies.test_effects import WithCauses
from tests.studies.test_ladder import MADE

from alssim.parameters.outcomes import usual_outcomes
from alssim.parameters.treatment import STARTS, TARGETS, Cost
from alssim.present import comparison_words as words
from alssim.present.comparison_figures import stays_figure, worlds_figure
from alssim.present.ensemble_words import alive_sentence, known_rows
from alssim.present.ensemble_words import caveat_sentences as words_of_sets
from alssim.present.figures import rendered
from alssim.present.function_figures import (
    able_figure,
    score_figure,
    variation_figure,
    variations_figure,
)
from alssim.present.ladder_figures import ladder_figure, ladder_map
from alssim.present.ladder_words import ladder_sentences, needed_sentence, start_name, target_name
from alssim.present.people import panels
from alssim.present.study_files import csv_text, ladder_rows, stay_rows, survival_rows
from alssim.present.variation_words import variation_rows, variation_sentences, variation_table
from alssim.statistics.survival import Estimate
from alssim.studies.comparison import Comparison, compare
from alssim.studies.comparison.effects import DescribedRatio, differences
from alssim.studies.comparison.findings import Findings, findings
from alssim.studies.comparison.function import AbleMonths, ScoreDifference
from alssim.studies.comparison.quality import CostOfQuality, Quality
from alssim.studies.comparison.stays import STAGES
from alssim.studies.comparison.worlds import Bands, ManyWorlds
from alssim.studies.ladder import needed
from alssim.studies.variation import Variation

NAMES = {"drug": "the drug"}


class Hundred(WithCauses):
    """Causes of death for any number of patients."""

    @property
    def cause(self) -> Any:
        return np.ones(self.months("death").shape, np.int8)


def shifted(by: float, horizon: float = 500) -> Hundred:
    """Hundred people with a mask in the last month of life; with it they die ``by`` later."""
    death = np.arange(20.0, 120.0)
    zero = [0.0] * 100
    return Hundred(
        {
            "death": [death.tolist(), (death + by).tolist()],
            "kings_1": [zero, zero],
            "docs_1": [zero, zero],
            "niv": [(death - 1).tolist(), (death - 1).tolist()],
            "treatment_start": [[NEVER] * 100, zero],
        },
        horizon=horizon,
    )


def found(by: float) -> tuple[Comparison, Findings]:
    simulation = shifted(by)
    comparison = compare(simulation)
    price = [Cost(), Cost(once=6_000.0)]
    return comparison, findings(simulation, comparison, comparison.landmarks[2], None, price)


@pytest.mark.parametrize("by", [12.0, -12.0, 0.0])
def test_no_gap_is_left_and_every_sentence_ends(by: float) -> None:
    comparison, all_of_it = found(by)
    for sentence in words.finding_sentences(comparison, all_of_it, 1, NAMES):
        assert "{" not in sentence and "nan" not in sentence.lower()
        assert sentence[0].isupper() and sentence.endswith(".")
        assert not re.search(r"(?<!\w)-\d", sentence), "a sign is easily misread"


def test_time_gained_is_said_with_its_stage() -> None:
    comparison, all_of_it = found(12.0)
    said = words.stays_sentence(comparison, all_of_it.stays["ventilation"], 1, NAMES)
    assert said == (
        "Of the 12 months that the drug adds on average: 12 months more with a breathing mask "
        "for part of the day."
    )


@pytest.mark.parametrize(
    ("by", "stays", "ratio", "quality", "currency"),
    [
        (12.0, "adds", "fewer of those", "adds", "12 months of life more"),
        (-12.0, "takes away", "more of those", "takes away", "12 months of life less"),
        (0.0, "changes the time in none", "as often", "By none", "no time gained"),
    ],
)
def test_directions_in_words(
    by: float, stays: str, ratio: str, quality: str, currency: str
) -> None:
    comparison, all_of_it = found(by)
    own = all_of_it.differences[0]
    assert stays in words.stays_sentence(comparison, all_of_it.stays["documents"], 1, NAMES)
    assert ratio in words.ratio_sentence(comparison, own.ratio, 1, NAMES)
    assert quality in words.quality_sentence(comparison, all_of_it.quality, 1, NAMES)
    assert currency in words.currencies_sentence(comparison, all_of_it.currencies[0], 1, NAMES)


def test_a_ratio_names_its_window_and_needs_events() -> None:
    comparison, _ = found(12.0)
    ratio = DescribedRatio(Estimate(0.7, 0.6, 0.8), 0, 36, 20, 0.6, 0.75)
    said = words.ratio_sentence(comparison, ratio, 1, NAMES)
    assert "In the first 3 years" in said
    assert "0.70 (95 % interval: 0.60 to 0.80)" in said
    assert "0.60 before month 20, 0.75 after it" in said
    none = replace(ratio, ratio=Estimate(nan, nan, nan))
    assert "too few die" in words.ratio_sentence(comparison, none, 1, NAMES)


def test_pairing_is_said_in_people() -> None:
    comparison, _ = found(12.0)
    own = differences(comparison)[0]
    assert "gains the same" in words.precision_sentence(comparison, own, 1, NAMES)
    known = ((25.4, "of 25 times as many"), (2.3, "of 2.3 times"), (1.1, "hardly"))
    for worth, text in (*known, (nan, "One virtual patient alone")):
        changed = replace(own, precision=replace(own.precision, worth=worth))
        assert text in words.precision_sentence(comparison, changed, 1, NAMES)


def test_cost_is_said_only_where_time_is_gained() -> None:
    comparison, all_of_it = found(12.0)
    said = words.cost_sentence(comparison, all_of_it.costs[1], 1, NAMES)
    assert "costs 6,000 EUR a person" in said and "for each quality-adjusted year" in said
    unknown = CostOfQuality("drug", "EUR", Estimate(6_000, 0, 0), Estimate(nan, nan, nan))
    assert "not clear that it adds" in words.cost_sentence(comparison, [unknown], 1, NAMES)
    worse = replace(unknown, per_year=Estimate(-5.0, -6.0, -4.0))
    assert "takes quality-adjusted time away" in words.cost_sentence(comparison, [worse], 1, NAMES)


def test_ratings_that_disagree_in_direction() -> None:
    comparison, _ = found(12.0)
    zero = Estimate(0, 0, 0)
    rated = [
        Quality(one, comparison.arms, (zero, zero), (zero, Estimate(gain, gain, gain)), np.zeros(1))
        for one, gain in zip(usual_outcomes().utilities[:2], (2.0, -1.0), strict=True)
    ]
    said = words.quality_sentence(comparison, rated, 1, NAMES)
    assert "from 1 quality-adjusted months taken away to 2 added" in said


def test_function_in_words() -> None:
    comparison, _ = found(12.0)
    zero, two = Estimate(0, 0, 0), Estimate(2, 1, 3)
    able = AbleMonths("walking", (Estimate(10, 9, 11), Estimate(12, 11, 13)), (zero, two))
    assert words.able_sentence(comparison, able, 1, NAMES) == (
        "2 months more of walking without help with the drug: 12 months instead of 10 months."
    )
    score = ScoreDifference(12, (90, 80), (30.0, 29.0), (zero, Estimate(-1, -2, 0)), (zero, zero))
    assert words.score_sentence(comparison, score, 1, NAMES) == (
        "After 1 year, the 80 who are alive both ways score 1 point lower on the ALSFRS-R with "
        "the drug: 29 instead of 30 of 48."
    )


def test_harms_are_counted() -> None:
    simulation = WithCauses({"death": [[10, 20, 30, 40], [4, 20.4, 35, NEVER]]})
    comparison = compare(simulation)
    said = words.harm_sentence(comparison, findings(simulation, comparison).harms[0], 1, NAMES)
    assert "deaths caused by the treatment: 1;" in said and said.startswith("Of 4 virtual")
    assert "a serious complication survived by none" in said


def test_what_is_not_counted_is_said() -> None:
    events = dict(shifted(12).events) | {"diagnosis": [[5.0] * 100] * 2}
    simulation = MadeUp(events, horizon=500)
    cut = compare(simulation, horizon=24, observed_from="diagnosis")
    first, second = words.caveats_of_time(cut)
    assert "stops at month 24" in first and "at diagnosis" in second
    assert words.caveats_of_time(compare(simulation)) == ()


def test_chance_and_knowledge_are_told_apart() -> None:
    said = words.worlds_sentence(many(), 1, NAMES)
    assert "on average 11 to 13 months gained with the drug" in said
    assert "over 2 sets of parameters: from 2 months lost to 20 months gained" in said


def many() -> ManyWorlds:
    comparison = compare(shifted(12))
    months = np.array([0.0, 12.0])
    rows = [np.full((2, 2), share) for share in (0.9, 0.8, 0.95, 0.7, 0.99)]
    zero = Estimate(0, 0, 0)
    return ManyWorlds(
        (comparison, comparison),
        Bands(months, *rows),
        (zero, Estimate(12, 11, 13)),
        (zero, Estimate(12, -2, 20)),
        np.zeros((2, 2)),
        np.zeros((2, 2)),
    )


def test_variation_is_split_of_100() -> None:
    one = Variation(40.0, 25.0, 70.0, 5.0, 2.0, 1_000, 4, 3)
    said = words.variation_sentence(one, "months lived")
    assert "70 of 100 lies between people, 25 of 100 in the chance" in said
    assert "5 of 100 in what is not known" in said and "about 4 months either way" in said
    alone = words.variation_sentence(replace(one, parameters=nan, members=1), "months lived")
    assert "not known of the disease" not in alone
    still = replace(one, within=0.0, between=0.0, parameters=0.0)
    assert words.variation_sentence(still, "time") == "Time does not vary."


def test_survival_has_two_kinds_of_limits() -> None:
    said = alive_sentence(many(), 36.0, NAMES)
    assert said.startswith("Two kinds of not knowing. Of 100 virtual patients with usual care, 83")
    assert "by chance, with so many virtual patients; 83 over 2 sets of parameters" in said
    heading, median, *alive = known_rows(many(), ["", "half", "1", "2", "3", "5"])
    assert heading[0] == "Over 2 sets of parameters: from, to" and len(heading) == len(median) == 3
    assert [row[0] for row in alive] == ["1", "2", "3", "5"]


def test_caveats_name_the_file_and_what_stays() -> None:
    few = list(words_of_sets("my.toml", 4, ("pace.median",)))
    assert "5 sets of parameters are the one asked for and 4 of my.toml" in few[0]
    assert few[1:] == [
        "A range over sets is the lowest and the highest.",
        "Set by the scenario or by a change, so the same in every set: pace.median.",
    ]
    assert "the middle 95 of 100" in list(words_of_sets("my.toml", 19))[1]
    assert len(list(words_of_sets("my.toml", 19, ranges=False))) == 1


def test_variation_of_several_numbers_is_told_and_drawn() -> None:
    one = Variation(40.0, 25.0, 70.0, 5.0, 2.0, 1_000, 4, 3)
    loses = replace(one, mean=-2.0)
    said = list(variation_sentences(("untreated", "drug"), [one, loses], 60.0))
    assert "the average itself moves by about 4.5 months either way" in said[0]
    assert "with drug" in said[1] and "after 5 years" in said[-1]
    assert all("{" not in sentence for sentence in said)
    table = list(variation_table(("untreated", "drug"), [one, loses]))
    assert table[1][1:] == ["40", "70 (8.4)", "25 (5)", "5 (2.2)", "± 4"]
    assert table[2][1] == "-2"
    single = replace(one, parameters=nan, members=1)
    assert any(
        "add --ensemble" in line for line in variation_sentences(("untreated",), [single], None)
    )
    assert list(variation_table(("untreated",), [single]))[1][4] == "-"
    rows = list(variation_rows(("untreated", "drug"), [one, loses]))
    assert len(rows) == 1 + 2 * 4
    figure = variations_figure([("lived", one), ("gained", loses)])
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["lived", "gained"]
    assert len(figure.axes[0].patches) == 6
    assert len(figure.legends[0].get_texts()) == 3
    assert len(variations_figure([("lived", single)]).legends[0].get_texts()) == 2


def test_every_stage_endpoint_start_and_target_has_words() -> None:
    for scale, names in STAGES.items():
        assert all(words.stage_name(scale, name) for name in ("before", *names))
    assert set(words.told()["ratio"]["reach"]) == set(words.texts()["endpoint"])
    assert set(words.told()["late"]["from"]) == set(words.texts()["clock"])
    assert all(start_name(start) for start in STARTS if start != "month")
    assert all(target_name(target) for target in TARGETS)


# ---------------------------------------------------------------------------------- ladder


def test_the_ladder_answers_how_large_and_how_early() -> None:
    said = ladder_sentences(MADE, 6.0)
    assert said[0].startswith("How large must an effect be, and how early")
    assert said[1] == (
        "Less spread to new regions, beginning with a second region: half of the people gain "
        "6 months or more if the effect is 38 % or larger."
    )
    assert "even if the effect is 100 %; they gain 3 months or more." in said[3]
    assert said[3].endswith("Only 60 of 100 ever begin it.")
    assert "40 of 100 virtual patients are alive three years" in said[4]
    assert all("{" not in one for one in said)


def test_an_effect_that_gains_nothing_is_said_so() -> None:
    one = replace(needed(MADE, 6.0)[1], most=0.0, treated=1.0)
    assert needed_sentence(one, 0.9).endswith(
        "half of the people gain nothing even if the effect is 90 %."
    )


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ((0.331, 0.452), "Over 5 sets of parameters: 34 to 46 %."),
        ((0.331, 0.332), "The same in all 5 sets of parameters."),
        ((0.331, nan), "34 % in the most favourable; in the least favourable no size"),
        ((nan, nan), "No size of this ladder is enough in any of 5 sets of parameters."),
    ],
)
def test_what_is_needed_over_the_sets(known: tuple[float, float], told: str) -> None:
    one = replace(needed(MADE, 6.0)[0], known=known)
    assert told in needed_sentence(one, 0.9, 5)
    assert told not in needed_sentence(one, 0.9)


def test_sizes_over_the_sets_hold_the_size_itself() -> None:
    rungs = tuple(replace(one, known_median=(one.median - 1, one.median + 1)) for one in MADE.rungs)
    one = needed(replace(MADE, rungs=rungs, members=3), 6.0)[0]
    assert one.known is not None and one.known[0] < one.size < one.known[1]
    assert needed(MADE, 6.0)[0].known is None


def test_caveats_of_a_ladder() -> None:
    said = ladder_sentences(replace(MADE, restricted=True, members=5), 6.0)
    assert any("still alive when the simulation ends, after 50 years" in one for one in said)
    assert any("of the first of 5 sets of parameters" in one for one in said)


# ------------------------------------------------------------------------- figures, tables


@pytest.mark.parametrize("by", [12.0, -12.0, 0.0])
def test_figures_can_be_drawn(by: float) -> None:
    comparison, all_of_it = found(by)
    figure = stays_figure(comparison, all_of_it.stays["ventilation"], 1, NAMES)
    assert b"<svg" in rendered(figure, "svg", Run())
    texts = [text.get_text() for text in figure.findobj(lambda item: hasattr(item, "get_text"))]  # type: ignore[attr-defined]
    assert "Where the gained time is lived, with the drug" in texts
    assert "with a breathing mask for part of the day" in texts


def test_function_and_variation_can_be_drawn() -> None:
    comparison, _ = found(12.0)
    zero, two = Estimate(0, 0, 0), Estimate(2, 1, 3)
    able = AbleMonths("walking", (Estimate(10, 9, 11), Estimate(12, 11, 13)), (zero, two))
    bars = able_figure(comparison, [able], 1, NAMES).axes[0]
    assert sorted(bar.get_width() for bar in bars.patches) == [10, 12]  # type: ignore[attr-defined]
    assert [text.get_text() for text in bars.texts] == ["2 more (1 to 3)"]
    fewer = replace(able, difference=(zero, Estimate(-2, -3, -1)))
    unclear = replace(able, difference=(zero, Estimate(1, -1, 3)))
    labels = able_figure(comparison, [fewer, unclear], 1, NAMES).axes[0].texts
    assert [text.get_text() for text in labels] == ["2 fewer (1 to 3)", "no clear difference"]
    scores = [
        ScoreDifference(month, (9, 9), (30.0, 29.0), (zero, two), (zero, two))
        for month in (0.0, 6.0, 12.0)
    ]
    line = score_figure(comparison, scores, 1, NAMES).axes[0].lines[0]
    assert line.get_ydata().tolist() == [2, 2, 2]  # type: ignore[union-attr]
    split = variation_figure(Variation(40.0, 25.0, 70.0, 5.0, 2.0, 1_000, 4, 3), "months lived")
    widths = [bar.get_width() for bar in split.axes[0].patches]  # type: ignore[attr-defined]
    assert widths == pytest.approx([70, 25, 5])


def test_both_bands_are_drawn_and_named() -> None:
    figure = worlds_figure(many(), 1, NAMES)
    areas = figure.axes[0].collections
    assert len(areas) == 4
    legend = figure.axes[0].get_legend()
    assert legend is not None
    names = [text.get_text() for text in legend.get_texts()]
    assert names == [
        "usual care",
        "the drug",
        "filled: chance, in a cohort of this size",
        "dotted: knowledge, over 2 sets of parameters",
    ]
    assert len(worlds_figure(many(), 0, NAMES).axes[0].collections) == 2
    assert rendered(figure, "png", Run()).startswith(b"\x89PNG")


def test_ladder_figures_show_every_start_and_number() -> None:
    rungs = tuple(replace(one, known_median=(one.median - 1, one.median + 1)) for one in MADE.rungs)
    ladder = replace(MADE, rungs=rungs, members=3)
    curves = ladder_figure(ladder)
    legend = curves.axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == list(map(start_name, MADE.starts))
    assert len(curves.axes[0].collections) == 3
    cells = [text.get_text() for text in ladder_map(MADE).axes[0].texts]
    assert cells == ["0", "4", "12", "0", "1", "3", "0", "8", "9"]


def test_tables_hold_every_row() -> None:
    comparison, all_of_it = found(12.0)
    stages = csv_text(stay_rows(all_of_it.stays.values())).splitlines()
    assert len(stages) == 1 + 2 * sum(1 + len(names) for names in STAGES.values())
    ladder = csv_text(ladder_rows(MADE)).splitlines()
    assert len(ladder) == 1 + 9
    assert {line.count(",") for line in ladder} == {ladder[0].count(",")}
    curves = csv_text(survival_rows(comparison)).splitlines()
    assert curves[0] == "arm,month,alive,alive_low,alive_high"
    assert curves[1] == "untreated,0.0,1.0,1.0,1.0"


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.0, 0.0, "no difference"),
        (-0.04, 0.03, "no difference"),
        (-0.04, 3.0, "0 to 3 months gained"),
        (-3.0, -1.0, "1 to 3 months lost"),
        (-1.0, 2.0, "from 1 month lost to 2 months gained"),
    ],
)
def test_limits_say_their_direction_and_nothing_is_no_difference(
    low: float, high: float, told: str
) -> None:
    assert words.gained_between(Estimate(0.0, low, high)) == told


def test_few_people_are_squares_of_their_own() -> None:
    comparison = compare(twins([(10.0 + 5 * k, 12.0 + 5 * k) for k in range(7)]), landmarks=(36,))
    usual, treated = panels(comparison, month=36)
    assert usual.count("<rect") == treated.count("<rect") == 7
    assert "of 7 virtual patients" in usual
