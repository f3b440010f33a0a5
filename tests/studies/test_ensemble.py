"""Ensembles: what a file may hold, and what a member moves. About 5 s."""

from pathlib import Path

import pytest
from tests.small_ensemble import KEYS, small_ensemble, small_members

from alssim.errors import ParameterError, UsageError
from alssim.parameters import Resolved, load_scenario, load_trial, names
from alssim.parameters.locate import shipped_ensemble
from alssim.parameters.schema import Scenario
from alssim.studies.ensemble import (
    Ensemble,
    ensemble_text,
    is_ensemble,
    left_open,
    load_ensemble,
    member_of,
    read_ensemble,
    worlds_of,
)
from alssim.studies.trial.plan import plan

WRONG = """
[[members]]
[members.settings]
"pace.median" = -3
"pace.medain" = 1
"patients" = 3
"spread.rate" = true
[[members]]
core_rows = 3
[[members]]
[members.settings]
"strength.weak" = 7.0
"""


def worlds(settings: dict[str, float], ensemble: Ensemble) -> tuple[Scenario, ...]:
    def load(changes: dict[str, float]) -> Resolved[Scenario]:
        return load_scenario("reference", {**settings, **changes})

    return worlds_of(load(settings), ensemble, lambda one: load(dict(one))).scenarios


def test_a_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    assert load_ensemble(small_ensemble(tmp_path)) == small_members()
    assert is_ensemble(small_ensemble(tmp_path))


def test_all_that_is_wrong_is_told_at_once_with_file_and_member(tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(WRONG, "utf-8")
    with pytest.raises(ParameterError) as error:
        load_ensemble(file)
    told = error.value.problems
    assert str(file) in str(error.value)
    starts = ("members.1", "members.1", "members.1", "members.1", "members.2", "members.3")
    assert [problem.split(":")[0] for problem in told] == list(starts)
    whole = "\n".join(told)
    for words in (
        "patients is no parameter of the world",
        "spread.rate = True is not a number",
        "pace.medain is unknown; did you mean median?",
        "pace.median = -3 is outside",
        "settings is missing",
        "strength.weak = 7 is outside",
    ):
        assert words in whole
    assert "--set" not in whole


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tried = 3", r"at least one \[\[members\]\] table"),
        ("members = 3", r"at least one \[\[members\]\] table"),
        ("[[members", "not valid TOML"),
        ("members = [3]", "members.1: settings is missing"),
    ],
)
def test_what_is_no_ensemble_is_refused(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "other.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ParameterError, match=told):
        load_ensemble(file)


def test_equal_members_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "many.toml"
    file.write_text(ensemble_text(small_members()[:1] * 60, (1,) * 60, 60, ""), "utf-8")
    assert len(load_ensemble(file)) == 60


def test_an_absent_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"there is no such file .*alssim calibrate --out DIR"):
        load_ensemble(tmp_path / "none.toml")


def test_the_shipped_file_is_right_or_its_absence_is_told() -> None:
    if shipped_ensemble().is_file():
        assert read_ensemble().members
        assert read_ensemble().file == "ensemble.toml"
    else:
        with pytest.raises(ParameterError, match=r"no ensemble ships .*alssim calibrate"):
            read_ensemble()


def test_the_shipped_file_is_no_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in ("reference.toml", "ensemble.toml"):
        (tmp_path / file).write_text("", "utf-8")
    monkeypatch.setattr("alssim.parameters.locate.folder", lambda: tmp_path)
    assert names("worlds") == ["reference"]
    assert shipped_ensemble() == tmp_path / "ensemble.toml"


def test_the_first_world_is_what_was_asked_for(tmp_path: Path) -> None:
    ensemble = read_ensemble(small_ensemble(tmp_path))
    found = worlds({}, ensemble)
    assert len(found) == 4
    assert found[0] == load_scenario("reference").record
    paces = [one.world.pace.median for one in found[1:]]
    assert paces == [member["pace.median"] for member in ensemble.members]


def test_what_is_set_stays_in_every_world(tmp_path: Path) -> None:
    ensemble = read_ensemble(small_ensemble(tmp_path))
    fixed = load_scenario("reference").record.world.pace.median  # set, though to the usual value
    found = worlds({"pace.median": fixed}, ensemble)
    assert {one.world.pace.median for one in found} == {fixed}
    assert len({one.world.spread.rate for one in found}) == 3  # one member does not move it
    scenario = load_scenario("reference", {"pace.median": fixed})
    made = worlds_of(scenario, ensemble, lambda one: load_scenario("reference", one))
    assert made.kept == ("pace.median",)


def test_a_scenario_that_sets_everything_is_refused(tmp_path: Path) -> None:
    ensemble = read_ensemble(small_ensemble(tmp_path))
    with pytest.raises(UsageError, match="sets every parameter that differs"):
        worlds(dict(small_members()[0]), ensemble)


def test_care_is_not_undone_by_a_member() -> None:
    """A member of the reference world says who uses a mask there, not where none is offered."""
    member = {"care.niv_acceptance": 0.5, "pace.median": 0.08}
    found = member_of("care-matters", member).record.world
    assert (found.care.niv_acceptance, found.pace.median) == (0.0, 0.08)
    assert member_of("reference", member).record.world.care.niv_acceptance == 0.5
    assert left_open(load_scenario("care-matters"), member) == {"pace.median": 0.08}


def test_each_arm_of_a_trial_keeps_its_own_care() -> None:
    trial = load_trial("niv").record
    member = {"care.niv_acceptance": 0.5, "care.gastrostomy_acceptance": 0.4, "pace.median": 0.08}
    usual, moved = plan(trial).strata[0], plan(trial, {}, member).strata[0]
    for arm in ("control", "treated"):
        before, after = getattr(usual, arm).world, getattr(moved, arm).world
        assert after.care.niv_acceptance == before.care.niv_acceptance
        assert after.pace.median == 0.08
    assert moved.control.world.care.niv_acceptance == 0
    assert plan(trial, {"pace.median": 0.06}, member).strata[0].control.world.pace.median == 0.06


def test_members_in_a_scenario_that_forbids_them_are_named(tmp_path: Path) -> None:
    ensemble = Ensemble("my.toml", ({"pace.median": 0.07},))

    def load(changes: object) -> Resolved[Scenario]:
        raise ParameterError("scenario", ["--set: pace.median is not allowed here"])

    with pytest.raises(ParameterError, match=r"my\.toml") as error:
        worlds_of(load_scenario("reference"), ensemble, load)
    assert error.value.problems == ["members.1: pace.median is not allowed here"]


def test_the_digest_is_that_of_the_members() -> None:
    members = small_members()
    assert Ensemble("a", members).digest == Ensemble("b", members).digest
    assert Ensemble("a", members).digest != Ensemble("a", members[:2]).digest
    assert set(members[0]) == set(KEYS)
