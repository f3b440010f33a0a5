"""Events: what must come before what, which care excludes what, and of what people die."""

from typing import Any

import numpy as np
import pytest
from tests.model.cohorts import QUICK, effect, scenario, treatment

from alssim.model.events import CAUSES, EVENT, EVENT_NAMES, EVENTS, kings_regions, months_of
from alssim.model.simulate import Simulation, simulate

NAN = float("nan")


def run(**changes: Any) -> Simulation:
    drug = treatment(effect("progression", 0.4, start="diagnosis"), procedure_complication=0.1)
    return simulate(scenario(drug, **{"patients": 400, "horizon": 240, **changes}), backend=QUICK)


MODERN = run()
FULL = run(care="full", people=4)
SIMULATIONS = pytest.mark.parametrize("found", [MODERN, FULL], ids=["modern", "full"])


def table(**months: float) -> np.ndarray:
    """Return an event table of one patient in which all that is not named never happens."""
    found = np.full((len(EVENTS), 1), NAN)
    for name, month in months.items():
        found[EVENT[name]] = month
    return found


def test_kings_regions_count_limbs_once_and_the_trunk_never() -> None:
    inf = np.inf
    #           bulbar  arms      trunk  breathing  legs
    weakness = np.array([[0.0, 5, 3, 1, 20, inf, 30], [inf, 0, 1, 2, inf, 7, 6]]).T
    found = kings_regions(weakness)
    assert found[:, 0].tolist() == [0, 3, 20, 30]
    assert found[:, 1].tolist() == [0, 6, inf, inf]


@pytest.mark.parametrize(
    ("second", "third", "trunk", "expected"),
    [
        (5, 9, 7, 7),  # the trunk, after the second region and before the third
        (5, 9, 2, 5),  # a trunk that was weak before counts with the second region
        (5, 9, 12, 9),  # the third region first
        (5, NAN, 7, 7),
        (5, 9, NAN, 9),
        (NAN, NAN, 3, NAN),  # no second region: the row is not reached
        (NAN, NAN, NAN, NAN),
    ],
)
def test_the_documents_core_and_trunk(
    second: float, third: float, trunk: float, expected: float
) -> None:
    found = months_of(
        table(second_region=second, third_region=third, weakness_trunk=trunk), "docs_5"
    )
    np.testing.assert_equal(float(found[0]), expected)


def test_milestones_are_events_by_another_name() -> None:
    one = table(onset=0, diagnosis=1, second_region=2, third_region=3, gastrostomy_need=4,
                niv_need=5, death=6, marked_weakness=7)  # fmt: skip
    named = {
        "kings_1": 0, "kings_2a": 1, "kings_2b": 2, "kings_3": 3, "kings_4a": 4, "kings_4b": 5,
        "kings_5": 6, "docs_1": 0, "docs_2": 1, "docs_3": 7, "docs_4": 2, "docs_6": 4, "docs_7": 5,
        "docs_8": 6,
    }  # fmt: skip
    for name, month in named.items():
        assert float(months_of(one, name)[0]) == month
    assert set(named) <= set(EVENT_NAMES)


@SIMULATIONS
def test_nothing_happens_after_death(found: Simulation) -> None:
    death = found.months("death")
    for name in EVENT_NAMES:
        month = found.months(name)
        assert not (month > death).any(), name


@SIMULATIONS
def test_everything_happens_within_the_horizon(found: Simulation) -> None:
    assert not (found.events > 240).any()
    silent = [EVENT[name] for name in ("pathology_start", "early_loss")]
    others = np.delete(found.events, silent, axis=1)
    assert not (others < 0).any()
    assert (found.events[:, silent[0]] < 0).all()


@SIMULATIONS
def test_the_first_symptom_is_month_0(found: Simulation) -> None:
    assert (found.months("onset")[0] == 0).all()
    weak = np.array([found.months(name) for name in EVENTS if name.startswith("weakness_")])
    earliest = np.fmin.reduce(weak)
    np.testing.assert_array_equal(earliest, found.months("onset"))


@SIMULATIONS
def test_need_for_support_makes_the_diagnosis(found: Simulation) -> None:
    diagnosis, death = found.months("diagnosis"), found.months("death")
    need = np.fmin(found.months("niv_need"), found.months("gastrostomy_need"))
    assert not (diagnosis > np.fmin(need, death)).any()
    assert not (np.isnan(diagnosis) & ~np.isnan(need)).any()
    earliest = found.scenario.world.diagnosis.earliest
    assert not (diagnosis < np.fmin(need, earliest)).any()


@SIMULATIONS
def test_order_of_milestones(found: Simulation) -> None:
    def never_before(later: str, earlier: str) -> None:
        late, early = found.months(later), found.months(earlier)
        reached = ~np.isnan(late)
        assert (late[reached] >= early[reached]).all(), (later, earlier)

    never_before("third_region", "second_region")
    never_before("second_region", "onset")
    never_before("docs_5", "second_region")
    never_before("marked_weakness", "onset")
    never_before("niv", "niv_need")
    never_before("gastrostomy", "gastrostomy_need")
    never_before("niv_22h", "niv")


@SIMULATIONS
def test_need_and_acceptance_are_separate(found: Simulation) -> None:
    care, preference = found.scenario.world.care, found.patients.preference
    for column, (name, share) in enumerate(
        {"niv": care.niv_acceptance, "gastrostomy": care.gastrostomy_acceptance}.items()
    ):
        need, given = found.months(f"{name}_need"), found.months(name)
        accepts = preference[:, column] < share
        np.testing.assert_array_equal(given[:, accepts], need[:, accepts])
        assert np.isnan(given[:, ~accepts]).all()


@SIMULATIONS
def test_tracheostomy_takes_the_place_of_respiratory_death(found: Simulation) -> None:
    tracheostomy, death = found.months("tracheostomy"), found.months("death")
    wants = found.patients.preference[:, 2] < found.scenario.world.care.tracheostomy_acceptance
    assert np.isnan(tracheostomy[:, ~wants]).all()
    respiratory = found.cause == CAUSES.index("respiratory")
    assert not respiratory[:, wants].any()
    for cause in ("ventilation", "ventilation_stopped"):
        on_it = found.cause == CAUSES.index(cause)
        assert (tracheostomy[on_it] <= death[on_it]).all()
        assert not on_it[:, ~wants].any()
    if wants.all():
        assert (found.cause == CAUSES.index("ventilation")).any()


@SIMULATIONS
def test_niv_by_day_and_night_comes_before_a_tracheostomy(found: Simulation) -> None:
    all_day, tracheostomy = found.months("niv_22h"), found.months("tracheostomy")
    both = ~np.isnan(all_day) & ~np.isnan(tracheostomy)
    assert (all_day[both] < tracheostomy[both]).all()
    assert (~np.isnan(all_day)).any()


@SIMULATIONS
def test_ventilation_stops_only_when_most_muscles_are_paralysed(found: Simulation) -> None:
    stopped = found.cause == CAUSES.index("ventilation_stopped")
    paralysed, death = found.months("most_paralysed"), found.months("death")
    assert (paralysed[stopped] <= death[stopped]).all()
    asks = found.patients.preference[:, 3] < found.scenario.world.care.ventilation_stop_share
    assert not stopped[:, ~asks].any()


@SIMULATIONS
def test_a_cause_for_every_death_and_for_no_one_else(found: Simulation) -> None:
    alive = np.isnan(found.months("death"))
    np.testing.assert_array_equal(found.cause == CAUSES.index("alive"), alive)
    counts = found.causes()
    assert all(sum(row.values()) == 400 for row in counts)
    assert counts[0]["respiratory" if found is MODERN else "ventilation"] > 100


def test_a_shorter_follow_up_is_the_longer_one_cut_off() -> None:
    short = run(horizon=30)
    cut = np.where(MODERN.events > 30, np.nan, MODERN.events)
    np.testing.assert_array_equal(short.events, cut)


def test_hospice_for_its_share() -> None:
    hospice = ~np.isnan(MODERN.months("hospice")[0])
    accepts = MODERN.patients.preference[:, 4] < MODERN.scenario.world.care.hospice_share
    assert hospice.any()
    assert not hospice[~accepts].any()


def test_early_loss_comes_before_the_first_symptom_and_after_the_first_pathology() -> None:
    first, early = MODERN.months("pathology_start")[0], MODERN.months("early_loss")[0]
    seen = ~np.isnan(early)
    assert seen.any()
    assert (early[seen] > first[seen]).all() and (early[seen] <= 0).all()
