"""What is said and drawn of virtual trials. About 3 s once people are gathered."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.studies.trial import pools

from alssim.parameters.trial import ANALYSES, Looks, Published
from alssim.present import trial_words as words
from alssim.present.trial_figures import estimates_figure, power_figure, trial_figure
from alssim.present.trial_files import write_trials, write_visits
from alssim.statistics.survival import Estimate
from alssim.studies.trial.drawing import draw
from alssim.studies.trial.endpoints import SCALES
from alssim.studies.trial.everyone import Everyone
from alssim.studies.trial.record import trial_record
from alssim.studies.trial.replicates import Operating, chance, replicate
from alssim.studies.trial.report import report
from alssim.studies.trial.screening import REASONS
from alssim.studies.trial.sizing import size_for


def operating(null: bool = False) -> Operating:
    return replicate(pools.pool(null), 60)


def test_every_scale_reason_and_trait_has_words() -> None:
    texts = words.trial_texts()
    scales = set(SCALES.values())
    assert scales == set(texts["estimate"]) == set(texts["axis"])
    assert set(REASONS) == set(texts["reasons"])
    assert set(pools.pool().traits) == set(texts["traits"])
    assert set(SCALES) - {"milestone"} == set(ANALYSES)


def test_direction_is_said_in_words() -> None:
    assert "more slowly by 0.3 points" in words.estimate_in_words("points per month", 0.3)
    assert "faster by 0.3 points" in words.estimate_in_words("points per month", -0.3)
    assert words.estimate_in_words("share alive", -0.07).startswith("7 fewer of 100")
    assert words.estimate_in_words("share alive", -0.004).startswith(
        "as many of 100 treated people"
    )
    assert "win as many" in words.estimate_in_words("share of comparisons won less lost", 0.0)


@pytest.mark.parametrize("scale", sorted(set(SCALES.values())))
def test_both_ends_of_an_interval_say_their_direction(scale: str) -> None:
    low, high = (words.bound_in_words(scale, value) for value in (-0.25, 0.5))
    assert "-" not in low
    if "ratio" not in scale:
        assert low.split()[1:] != high.split()[1:]
    assert words.bound_in_words(scale, float("inf")) == "unknown"


def test_an_interval_goes_from_one_direction_to_the_other() -> None:
    one = report(pools.pool(), 0).outcomes[0]
    made = replace(
        one, scale="points per month", ratio=False, value=-0.16, low=-0.58, high=0.25, p=0.43
    )
    said = words.outcome_sentences(made)[0]
    assert "faster by 0.16 points a month (95 % interval 0.58 faster to 0.25 slower" in said


def test_a_result_that_is_not_clear_is_no_proof_of_nothing() -> None:
    one = report(pools.pool(null=True), 1).outcomes[1]
    assert not one.positive
    assert "not proof that there is none" in " ".join(words.outcome_sentences(one))


def test_all_sentences_are_filled_in() -> None:
    pool, found = pools.pool(), operating()
    told = report(pool)
    said = [
        *words.flow_sentences(told.flow, pool.trial.size),
        *words.plan_sentences(pool.plan),
        *words.general_sentences(found),
    ]
    for outcome in told.outcomes:
        said += words.outcome_sentences(outcome)
    for one in found.endpoints:
        said += words.operating_sentences(one, 0.05)
    assert not [text for text in said if "{" in text or "nan" in text or text == ""]
    assert len(words.baseline_rows(told)) == 1 + len(pool.traits)


def test_everybody_is_told_of_where_carriers_were_oversampled() -> None:
    alive, unknown = Estimate(0.8, 0.7, 0.9), Estimate(np.nan, np.nan, np.nan)
    found = Everyone(0.02, 12, (alive, alive), Estimate(0.99, 0.97, 1.0), unknown, 210.0)
    said = " ".join(words.everyone_sentences(found))
    assert "2 of 100 of them carriers" in said
    assert "0.990 times" in said
    assert "carriers alone" not in said, "nobody knows"
    assert "{" not in said
    assert "nan" not in said


def test_stopping_for_futility_is_told() -> None:
    pool = pools.pool(null=True)
    trial = replace(pool.trial, endpoints=pool.trial.endpoints[1:2])
    design = replace(trial, looks=Looks(shares=(0.5,), futility=0.2))
    said = " ".join(words.general_sentences(replicate(pool, 60, design)))
    assert "below 20 of 100" in said
    assert "never adds false positives" in said
    told = report(replace(pool, trial=design), 1)
    assert told.stopped is not None
    assert told.stopped.futile[0]
    assert "stops for futility" in words.look_sentence(told)


def test_a_published_result_is_placed_among_the_simulated() -> None:
    change = next(one for one in operating().endpoints if one.endpoint.name == "change")
    middle = float(np.median(change.value))
    row = Published(endpoint="change", text="Made up.", value=middle, source="this test")
    said = " ".join(words.published_sentences(row, change))
    assert "50 find as much as that or more" in said
    assert "Source: this test" in said


@pytest.mark.parametrize(
    ("hits", "trials", "kept"), [(560, 10_000, True), (561, 10_000, False), (439, 10_000, False),
                                 (8, 100, True), (15, 100, False)]
)  # fmt: skip
def test_a_test_that_misses_its_level_is_said_to(hits: int, trials: int, kept: bool) -> None:
    one = operating(null=True).endpoints[0]
    made = replace(one, power=chance(hits, trials), p=np.zeros(trials))
    assert words.keeps_level(made, 0.05) == kept
    said = words.null_sentences(made, 0.05)
    assert ("misses its level by" in said[0]) != kept
    assert len(said) == (1 if kept else 2), "and why"


def test_why_a_test_misses_is_said_by_analysis_and_side() -> None:
    why = words.trial_texts()["why"]
    analyses = {way for ways in ANALYSES.values() for way in ways}
    for side, (share, key) in {"seldom": (0.02, "cox"), "often": (0.09, "mixed")}.items():
        assert set(why[side]) - {"other"} <= analyses
        for one in operating(null=True).endpoints:
            made = replace(one, power=chance(round(10_000 * share), 10_000), p=np.zeros(10_000))
            expected = why[side].get(one.endpoint.analysis, why[side]["other"])
            assert expected in words.null_sentences(made, 0.05)
        assert key in why[side]


def test_sizes_are_told_and_drawn() -> None:
    pool = pools.pool()
    found = size_for(pool, 0.6, 40)
    assert "are needed in the control arm" in words.size_sentence(found, 1.0)
    assert power_figure(found, 1.0).axes[0].get_title(loc="left")
    none = replace(found, per_arm=None, low=None, high=None)
    assert "No trial" in words.size_sentence(none, 1.0)
    assert power_figure(none, 1.0)


def test_figures_mark_positive_trials_and_the_real_one() -> None:
    found = operating()
    for one in found.endpoints:
        row = Published(endpoint=one.endpoint.name, text="x", value=1.1, source="x")
        axes = estimates_figure(one, 0.05, (row,)).axes[0]
        drawn = sum(bar.get_height() for bar in axes.patches if hasattr(bar, "get_height"))
        assert 0 < drawn <= round(60 * one.power.value)
        assert len(axes.texts) == 3
    assert len(trial_figure(report(pools.pool())).axes) == 2


def test_tables_hold_every_trial_and_visit(tmp_path: Path) -> None:
    found, record = operating(), trial_record(pools.pool().plan)
    files = write_trials(tmp_path / "new", found, record)
    rows = list(csv.DictReader(files[0].read_text("utf-8").splitlines()))
    assert len(rows) == 60 * len(found.endpoints)
    assert json.loads(files[1].read_text("utf-8"))["digest"] == record.digest
    trials = draw(pools.pool(), np.array([0]))
    file = write_visits(tmp_path, trials, record)[0]
    visits = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    assert len(visits) == np.isfinite(trials.total).sum()
