"""What a visitor looks at is read by the reader of parameter files, and by nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alssim.app.study import Study, checked, difference, short_file, value_text
from alssim.parameters import Upload, digest, dump, load_scenario
from alssim.parameters.changing import editable

FILE = 'extends = "reference"\ntitle = "Mine"\n[pace]\nmedian = 0.07\n'


def test_all_problems_come_at_once() -> None:
    study = Study(
        changes=(
            ("pace.median", "7"),
            ("pace.sdd", "1"),
            ("spread.rate", '"x'),
            ("loss.lower", "a"),
        )
    )
    found = checked(study)
    for key in ("pace.median", "pace.sdd", "spread.rate", "loss.lower"):
        assert sum(f"{key} " in problem or f"{key}:" in problem for problem in found) == 1, found


@pytest.mark.parametrize(
    "change",
    [
        ("title", "Cured!"),
        ("notes", "x"),
        ("background.claim", "x"),
        ("background.effects.1.size", "0.9"),
        ("care.extends", "../../etc/passwd"),
        ("care.extends", "x.toml"),
        ("extends", "x.toml"),
        ("arms", '["../x.toml"]'),
        ("arms.untreated.extends", "x.toml"),
        ("background", "x.toml"),
        ("world", "x"),
    ],
)
def test_no_words_and_no_files_come_through_a_link(change: tuple[str, str]) -> None:
    (problem,) = checked(Study(changes=(change,)))
    assert change[0] in problem


@pytest.mark.parametrize("name", ["../reference", "/etc/passwd", "reference.toml", "nothing"])
def test_only_shipped_scenarios_are_opened(name: str) -> None:
    (problem,) = checked(Study(scenario=name))
    assert "there is no scenario" in problem


@settings(deadline=None, derandomize=True, max_examples=40)
@given(key=st.sampled_from(sorted(editable(Study().record))), value=st.text(max_size=30))
def test_any_text_is_a_value_or_a_message(key: str, value: str) -> None:
    study = Study(changes=((key, value),))
    if not checked(study):
        study.record  # noqa: B018 - it loads


@pytest.mark.parametrize(
    "changes",
    [
        (("pace.median", "0.07"),),
        (("care.extends", "no-niv"), ("numerics.neurons_per_pool", "100")),
    ],
)
def test_the_short_file_gives_the_same_scenario(changes: tuple[tuple[str, str], ...]) -> None:
    study = Study(people=3, fate=4, changes=changes)
    assert not checked(study)
    again = load_scenario(Upload("short.toml", short_file(study))).record
    assert again.world == study.record.world
    assert (again.people, again.fate, again.care) == (3, 4, study.record.care)
    assert {key for key, _, _ in difference(study)} >= {key for key, _ in changes}


def test_an_untouched_scenario_differs_in_nothing() -> None:
    assert difference(Study()) == []


def test_a_value_taken_back_leaves_no_trace() -> None:
    study = Study().changed("pace.median", "0.07").changed("pace.median", None)
    assert study == Study()


def test_a_file_of_ones_own_is_private() -> None:
    mine = Study(given=Upload("mine.toml", FILE))
    assert mine.private and not checked(mine)
    assert mine.record.world.pace.median == 0.07
    assert mine.record.title == "Mine"
    whole = Study(given=Upload("whole.toml", dump(mine.resolved())))
    assert digest(whole.record) == digest(mine.record) or whole.record.world == mine.record.world


def test_a_file_of_ones_own_reaches_no_other_file() -> None:
    bad = Study(given=Upload("mine.toml", 'extends = "../reference.toml"\n'))
    assert any("is a path" in problem for problem in checked(bad))


def test_typed_values_are_read_back() -> None:
    for key, entry in list(editable(Study().record).items())[::5]:
        study = Study(changes=((key, value_text(entry.value)),))
        if entry.value is not None:
            assert not checked(study), key
            assert study.record.world == Study().record.world
