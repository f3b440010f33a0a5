"""The design of a trial: what its file may say. Under 2 s."""

from pathlib import Path

import pytest

from alssim.errors import ParameterError
from alssim.parameters import TRIALS, dump, load_any, load_trial, names
from alssim.parameters.reading import Upload

GOOD = """
treatment = "slowing-from-diagnosis"
per_arm = 50
[[endpoints]]
name = "slope"
kind = "slope"
analysis = "mixed"
"""


def problems(text: str) -> str:
    with pytest.raises(ParameterError) as caught:
        load_trial(Upload("mine.toml", text))
    return "\n".join(caught.value.problems)


def test_a_short_file_is_enough() -> None:
    trial = load_trial(Upload("mine.toml", GOOD)).record
    assert (trial.name, trial.title, trial.per_arm, trial.treated) == ("mine", "mine", 50, 50)
    assert trial.treatment.name == "slowing-from-diagnosis"
    assert trial.months() == tuple(range(13))


def test_visits_before_and_after_allotment() -> None:
    text = GOOD.replace("per_arm", "lead_in = 3\nfollow_up = 8\nvisit_every = 3\nper_arm")
    text += 'month = 7\n[[endpoints]]\nname="c"\nkind="change"\nanalysis="ancova"\nmonth=5\n'
    trial = load_trial(Upload("mine.toml", text)).record
    assert trial.months() == (-3, 0, 3, 5, 6, 7, 8)


def test_settings_reach_every_part() -> None:
    changed = load_trial(
        Upload("mine.toml", GOOD),
        {"per_arm": 60, "entry.age_most": 70, "endpoints.slope.month": 6,
         "treatment.effects.1.size": 0.1},
    ).record  # fmt: skip
    assert changed.per_arm == 60
    assert changed.entry.age_most == 70
    assert changed.endpoints[0].month == 6
    assert changed.treatment.effects[0].size == 0.1


def test_all_problems_are_told_at_once() -> None:
    text = GOOD.replace("per_arm = 50", "per_arms = 50\nfollow_up = 500\npool = 5")
    text = text.replace('"mixed"', '"logrank"') + "[entry]\nage_least = 80\nage_most = 20\n"
    told = problems(text)
    for piece in (
        "mine.toml: per_arms is unknown; did you mean per_arm?",
        "mine.toml: follow_up = 500 is outside 1 to 120 months",
        "mine.toml: pool = 5 is outside 20 to 1,000,000 patients",
        "slope is analysed by mixed or joint",
        "age_least must not lie above age_most",
    ):
        assert piece in told, told


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("per_arm = 50", "per_arm = 50\npool = 60"), "pool = 60 is smaller than the 100"),
        (('kind = "slope"', 'kind = "slope"\nmonth = 13'), "month 13 lies after the follow-up"),
        (('"slope"\nanalysis = "mixed"', '"responders"\nanalysis = "shares"'), "need a lead-in"),
        (("slowing-from-diagnosis", "untreated"), "treatment has no effect"),
        (("slowing-from-diagnosis", "slowing-from-diagnose"), "did you mean slowing-from-diag"),
    ],
)
def test_a_design_that_cannot_be_is_refused(change: tuple[str, str], said: str) -> None:
    assert said in problems(GOOD.replace(*change))


def test_a_written_trial_reads_the_same(tmp_path: Path) -> None:
    trial = load_trial("two-arms").record
    file = tmp_path / "two-arms.toml"
    file.write_text(dump(trial), encoding="utf-8")
    assert load_trial(file).record == trial
    assert load_any(file).record == trial


@pytest.mark.parametrize("name", names(TRIALS))
def test_shipped_trials_say_what_they_teach_and_assume(name: str) -> None:
    trial = load_trial(name).record
    assert trial.title
    assert trial.question.endswith("?")
    assert trial.assumed
    assert trial.treatment.hypothetical or trial.treated_care
    assert all(row.source for row in trial.published)
