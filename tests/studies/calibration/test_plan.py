"""The plan of a calibration: what it says, and what is refused."""

from pathlib import Path

import numpy as np
import pytest

from alssim.errors import ParameterError
from alssim.parameters import load_scenario
from alssim.studies.calibration.plan import load_plan, start
from alssim.studies.validation.targets import CALIBRATION, load_targets

PLAN = """
patients = 300
seed = 7
slope_patients = 300
fresh = 4
rounds = 12
step = 0.05
inner = 0.5
within = 0.1
core_weight = 2.0
ridge = 0.1
draw_patients = 300
members = 2
draws = 8
core_least = 0
spread = 0.1
free = [{ key = "pace.median", low = 0.03, high = 0.15 }]
"""


def test_the_shipped_plan_fits_calibration_targets_alone() -> None:
    plan, use = load_plan(), {one.id: one.use for one in load_targets()}
    assert {use[name] for name in plan.targets} == {CALIBRATION}
    assert {one.target for one in plan.weights} <= set(plan.targets)
    named = {one.target for one in plan.statements if one.target in use}
    assert {use[name] for name in named} == {CALIBRATION}


def test_free_parameters_lie_within_their_bounds() -> None:
    plan = load_plan()
    places = start(plan)
    assert ((places >= 0) & (places <= 1)).all()
    world = load_scenario("reference", plan.changes(places)).record
    assert world == load_scenario("reference", plan.changes(start(plan))).record
    for one, place in zip(plan.free, places, strict=True):
        assert one.place(one.value(float(place))) == pytest.approx(place)


def test_every_bound_is_a_value_that_the_reader_admits() -> None:
    plan = load_plan()
    for edge in (np.zeros(len(plan.free)), np.ones(len(plan.free))):
        load_scenario("reference", plan.changes(edge))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"pace.median"', '"pace.medain"', "pace.medain is no parameter"),
        ("low = 0.03", "low = 0.3", "low = 0.3 is not below high = 0.15"),
        ("seed = 7", "seed = 7\nsed = 8", "sed"),
        (
            "spread = 0.1",
            'spread = 0.1\nweights = [{ target = "SUR-06", weight = 1.0 }]',
            "SUR-06 is not a target for calibration",
        ),
        ("rounds = 12", "rounds = 0", "rounds"),
        ("free = [{", "weights = [] #", "at least one parameter"),
    ],
)
def test_wrong_plans_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "plan.toml"
    file.write_text(PLAN.replace(old, new), encoding="utf-8")
    with pytest.raises(ParameterError, match=said):
        load_plan(file)


def test_a_plan_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="cannot be read"):
        load_plan(tmp_path / "none.toml")
