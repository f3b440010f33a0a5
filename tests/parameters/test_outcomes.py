"""The file of outcomes: what it holds, and what it refuses."""

from pathlib import Path

import pytest

from alssim.errors import ParameterError
from alssim.parameters import load_any, names
from alssim.parameters.outcomes import Outcomes, load_outcomes, usual_outcomes
from alssim.parameters.reading import Upload

FILE = Path(__file__).parents[2] / "parameters" / "outcomes" / "usual.toml"
TEXT = FILE.read_text("utf-8")


def refused(text: str) -> str:
    with pytest.raises(ParameterError) as error:
        load_outcomes(Upload("mine.toml", text))
    return str(error.value)


def test_the_usual_file_loads_by_name_and_is_listed() -> None:
    assert names("outcomes") == ["usual"]
    assert usual_outcomes() == load_outcomes("usual").record
    assert isinstance(load_any(FILE).record, Outcomes)
    assert usual_outcomes().name == "usual"


def test_every_number_has_a_source() -> None:
    origins = load_outcomes().origins
    sourced = [key for key, origin in origins.items() if origin.unit and origin.unit != "number"]
    assert len(sourced) == 2 + 4 + 4 * 4 + 5
    for key in sourced:
        assert not origins[key].source.startswith("set in"), key
    assert "has no source" in refused(TEXT.replace('source = "assumption: half', 'sorce = "half'))


def test_life_is_rated_lower_stage_by_stage_and_never_below_nothing() -> None:
    for utilities in (*usual_outcomes().utilities, *usual_outcomes().mitos_utilities):
        stages = utilities.stages
        assert list(stages) == sorted(stages, reverse=True)
        assert min(stages) >= 0 and max(stages) <= 1


def test_all_problems_are_told_at_once() -> None:
    text = refused(TEXT.replace("value = 6.0", "value = -1").replace("value = 0.76", "value = 7"))
    assert "trial_entry.delay = -1 is outside 0 to 60 months" in text
    assert "kings_1 = 7 is outside 0 to 1 utility" in text


def test_names_are_given_once_and_sets_are_not_empty() -> None:
    assert "utilities: moore-2019 is given twice" in refused(
        TEXT.replace('name = "stenson-2021"', 'name = "moore-2019"')
    )
    without = TEXT.split("# Methods differ")[0]
    assert "utilities is missing" in refused(without)
    empty = without.replace("[trial_entry]", "utilities = []\n\n[trial_entry]")
    assert "utilities: give at least one set" in refused(empty)
