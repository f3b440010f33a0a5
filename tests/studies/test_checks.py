"""Counts for claims: they add up, and say what the simulated people did."""

from dataclasses import replace

import numpy as np
import pytest

from alssim.model.simulate import Simulation, simulate
from alssim.parameters import load_scenario
from alssim.studies import checks
from alssim.studies.checks import CHECKS, POINTS

SCENARIO = replace(load_scenario("reference").record, patients=200)
WHOLE = ("genes", "ages", "sexes", "thinking", "begins", "follows", "causes", "paralysed")
PARTS = (*WHOLE, "lengths", "passed", "tubes")
"""Checks whose rows part the people that are counted."""


@pytest.fixture(scope="module")
def people() -> Simulation:
    return simulate(replace(SCENARIO, horizon=checks.WHOLE))


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_gives_shares_or_points(name: str) -> None:
    check = CHECKS[name]
    found = check.run(SCENARIO)
    top = 48 if check.unit == POINTS else 1
    assert found.rows and 0 < found.people <= 200
    assert all(0 <= value <= top for _, value in (*found.rows, *found.beside))


@pytest.mark.parametrize("name", PARTS)
def test_rows_part_the_people(people: Simulation, name: str) -> None:
    found = CHECKS[name].count(people)
    assert sum(value for _, value in found.rows) == pytest.approx(1)


def test_who_lives_longer_is_counted_later(people: Simulation) -> None:
    shares = [value for _, value in checks.alive(people).rows]
    assert shares == sorted(shares, reverse=True)
    death = people.months("death")[0]
    assert shares[0] == np.mean(np.nan_to_num(death, nan=np.inf) > 12)
    assert checks.alive(people).of("year_5") == checks.lengths(people).of("beyond_five")


def test_the_stages_are_in_order_or_missing_or_crossed(people: Simulation) -> None:
    found = checks.orders(people)
    assert sum(found.of(name) for name in ("strict", "missing", "crossed")) == pytest.approx(1)
    for name in ("second_first", "tube_first", "mask_first"):
        assert found.of(name) <= found.of("crossed")
    months = np.array([people.months(stage)[0] for stage in checks.STAGES])
    strict = [bool(np.all(np.diff(row) >= 0)) for row in months.T]  # false with not-a-number
    assert found.of("strict") == np.mean(strict)


def test_another_care_is_counted_on_the_same_people() -> None:
    minimal = replace(load_scenario("care-matters").record, patients=200)
    found = CHECKS["care"].run(minimal, SCENARIO)
    assert [name for name, _ in found.beside] == [name for name, _ in found.rows]
    assert found.beside == CHECKS["alive"].run(SCENARIO).rows
    assert sum(value for _, value in found.rows) < sum(value for _, value in found.beside)


def test_the_first_places_are_those_of_the_events(people: Simulation) -> None:
    arms = np.fmin(*(people.months(f"weakness_{side}_arm")[0] for side in ("left", "right")))
    share = float(np.mean(arms == people.months("onset")[0]))
    assert checks.begins(people).of("arm") <= share
    assert checks.begins(people).of("arm") > 0.8 * share
