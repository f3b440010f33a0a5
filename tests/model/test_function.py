"""From neurons to strength, items and capacity: monotone, whole in health, noisy in the middle."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.model.cohorts import QUICK, effect, scenario, treatment, world

from alssim.model.anatomy import RESPIRATORY, TRUNK
from alssim.model.function import (
    ITEM_NAMES,
    all_items,
    latent_items,
    lowest_so_far,
    rated,
    respiratory_item,
    score,
    strength_at,
    thresholds,
)
from alssim.model.physics import GRID, compile_world, hazard_table, hill, link, upper_link
from alssim.model.simulate import simulate
from alssim.parameters.schema import Effect
from alssim.randomness import normals, words

WORLD = world()
PHYSICS = compile_world(WORLD)
LEVELS = thresholds(WORLD)
RIGHT = np.array([True])
strengths = arrays(float, (1, 7), elements=st.floats(0, 1))


def noise(visits: int, seed: int = 1) -> np.ndarray:
    """Return standard normal numbers [visit, 1 + item]."""
    return normals(words(seed, np.arange(visits), "test", 12))


def items_of(strength: np.ndarray, seed: int | None = None) -> np.ndarray:
    """Return the eleven items of strength, with the noise of a visit."""
    latent = latent_items(WORLD.items, strength, np.ones(len(strength), bool))
    rating = WORLD.rating
    if seed is not None:
        latent = rated(latent, noise(len(strength), seed), rating.visit_sd, rating.item_sd)
    return score(latent, LEVELS)


@settings(deadline=None, derandomize=True)
@given(low=strengths, more=strengths, right_handed=st.booleans())
def test_items_never_fall_as_strength_rises(
    low: np.ndarray, more: np.ndarray, right_handed: bool
) -> None:
    high, hand = np.minimum(low + more, 1), np.array([right_handed])
    before, after = (latent_items(WORLD.items, s, hand) for s in (low, high))
    assert (after >= before).all()
    assert (score(after, LEVELS) >= score(before, LEVELS)).all()


def test_no_strength_scores_0_and_full_strength_scores_4() -> None:
    assert items_of(np.zeros((1, 7))).tolist() == [[0] * 11]
    assert items_of(np.ones((1, 7))).tolist() == [[4] * 11]


def test_the_healthy_score_48_whatever_the_noise() -> None:
    found = items_of(np.ones((2000, 7)), seed=3)
    twelfth = respiratory_item(*np.zeros((4, 2000), bool))
    assert (all_items(found, twelfth, np.zeros(2000, bool)).sum(axis=1) == 48).all()


def test_the_helpless_score_0_whatever_the_noise() -> None:
    """Items with an offset keep a point of their own: an offset is an easier item."""
    found = items_of(np.zeros((500, 7)), seed=4)
    easier = np.array([item.offset > 0 for item in WORLD.items])
    assert (found[:, ~easier] == 0).all()


@pytest.mark.parametrize("strength", [0.4, 0.5, 0.6])
def test_rating_noise_is_one_to_two_points_a_visit_in_the_middle(strength: float) -> None:
    """4,000 ratings: the SD is known to 2 %, so these bounds fail by chance far below 1e-6."""
    total = items_of(np.full((4000, 7), strength), seed=5).sum(axis=1)
    assert 1.0 < total.std() < 2.0


def test_thresholds_are_even_steps_between_weak_and_lowest() -> None:
    assert LEVELS[0] == WORLD.strength.weak
    assert LEVELS[-1] == pytest.approx(WORLD.rating.lowest)
    np.testing.assert_allclose(np.diff(LEVELS), LEVELS[1] - LEVELS[0])
    assert (np.diff(LEVELS) < 0).all()


def test_scores_at_the_thresholds() -> None:
    just_under = LEVELS - 1e-9
    assert score(LEVELS, LEVELS).tolist() == [4, 3, 2, 1]
    assert score(just_under, LEVELS).tolist() == [3, 2, 1, 0]


def test_items_read_the_regions_they_need() -> None:
    """Losing one region lowers the items that need it, and no other."""
    needs = {
        0: {"speech", "salivation", "swallowing"},
        2: {"handwriting", "cutting_food", "dressing", "turning_in_bed"},  # the dominant arm
        3: {"dressing", "turning_in_bed", "orthopnoea"},
        4: {"dyspnoea", "orthopnoea"},
        5: {"dressing", "turning_in_bed", "walking", "stairs"},
    }
    for region, names in needs.items():
        strength = np.ones((1, 7))
        strength[0, region] = 0.0
        whole, less = (latent_items(WORLD.items, s, RIGHT) for s in (np.ones((1, 7)), strength))
        lowered = {ITEM_NAMES[n] for n in np.flatnonzero((less < whole)[0])}
        assert lowered <= names and len(lowered) >= len(names) - 1, region


def test_the_dominant_hand_writes() -> None:
    strength = np.ones((1, 7))
    strength[0, 1] = 0.3  # the left arm
    writing = ITEM_NAMES.index("handwriting")
    left, right = (
        latent_items(WORLD.items, strength, np.array([hand]))[0, writing] for hand in (False, True)
    )
    assert left == pytest.approx(0.3) and right == 1


@pytest.mark.parametrize(
    ("niv", "all_night", "all_day", "tracheostomy", "expected"),
    [
        (False, False, False, False, 4),
        (False, True, False, False, 4),  # without help the item stays at 4
        (True, False, False, False, 3),
        (True, True, False, False, 2),
        (True, True, True, False, 1),
        (True, False, True, False, 1),
        (True, True, True, True, 0),
        (False, False, False, True, 0),
    ],
)
def test_item_12_follows_the_help(
    niv: bool, all_night: bool, all_day: bool, tracheostomy: bool, expected: int
) -> None:
    helped = (np.array([one]) for one in (niv, all_night, all_day, tracheostomy))
    assert respiratory_item(*helped).tolist() == [expected]


def test_the_lowest_value_so_far() -> None:
    patient, month = np.array([0, 0, 0, 2, 2]), np.array([0, 1, 2, 0, 2])
    found = lowest_so_far(np.array([3.0, 1.0, 2.0, 9.0, 8.0]), patient, month)
    assert found.tolist() == [3, 1, 1, 9, 8]
    assert lowest_so_far(np.zeros(0), patient[:0], month[:0]).tolist() == []


STRONGER = [
    effect("replacement", 1.0, start="kings_4b"),
    effect("strength", 1.0, start="kings_4b", delay=3),
    effect("compensation", 1.0, start="kings_4a"),
    effect("neuron_loss", 1.0, start="kings_4b", delay=1),
]


@settings(deadline=None, derandomize=True, max_examples=12)
@given(
    effects=st.lists(
        st.sampled_from(STRONGER), min_size=1, max_size=4, unique_by=lambda e: e.target
    ),
    seed=st.integers(0, 999),
    latent=st.booleans(),
    care=st.sampled_from(["modern", "full"]),
)
def test_item_12_never_says_more_than_the_help_that_stands(
    effects: list[Effect], seed: int, latent: bool, care: str
) -> None:
    """Also where grafts or strength bring the breath back; the item itself never recovers."""
    case = scenario(treatment(*effects), patients=30, care=care, people=seed)
    found = simulate(case, backend=QUICK, visits=True, latent=latent)
    assert found.visits is not None
    item, shown = found.visits.items[..., 11], found.visits.alive | latent
    stands = {
        name: found.months(name)[..., None] <= found.visits.months
        for name in ("niv", "niv_22h", "tracheostomy")
    }
    assert ((item < 4) == (stands["niv"] | stands["tracheostomy"]))[shown].all()
    assert ((item == 0) == stands["tracheostomy"])[shown].all()
    assert ((item <= 1) == (stands["niv_22h"] | stands["tracheostomy"]))[shown].all()
    both = shown[..., 1:] & shown[..., :-1]
    assert (np.diff(item, axis=2)[both] <= 0).all()


def test_breath_that_comes_back_leaves_item_12() -> None:
    """The law above is put to the test: capacity does rise in people with NIV all day."""
    case = scenario(treatment(*STRONGER[:2]), patients=200, care="full")
    found = simulate(case, backend=QUICK, visits=True)
    assert found.visits is not None
    breath, item = found.visits.vital_capacity[1], found.visits.items[1, ..., 11]
    better = (breath > case.world.breathing.night_capacity) & found.visits.alive[1]
    assert (better & (item == 1)).any()


def test_with_a_tube_swallowing_scores_at_most_1() -> None:
    scores = np.full((2, 11), 3, dtype=np.int8)
    found = all_items(scores, np.array([4, 4], dtype=np.int8), np.array([False, True]))
    assert found.shape == (2, len(ITEM_NAMES)) == (2, 12)
    assert found[:, 2].tolist() == [3, 1]
    assert (found[:, 3:11] == 3).all()


# ------------------------------------------------------ links


def test_links_are_1_without_loss_and_0_without_neurons() -> None:
    for table in (PHYSICS.lower_link, PHYSICS.sprouting_link, PHYSICS.capacity_link):
        assert table[0] == 1 and table[PHYSICS.neurons] == 0 == table[-1]
        assert (np.diff(table) <= 0).all()
    weights = 1 - PHYSICS.upper_link[:, -1]
    strength = WORLD.strength
    assert weights[0] == pytest.approx(strength.upper_bulbar)
    assert weights[RESPIRATORY] == pytest.approx(strength.upper_respiratory)
    assert (upper_link(50, strength)[:, 0] == 1).all()


def test_strength_holds_until_about_half_of_the_units_are_gone() -> None:
    assert 0.75 < PHYSICS.lower_link[100] < 0.95
    assert PHYSICS.lower_link[180] < 0.3


def test_helped_sprouting_is_never_worse() -> None:
    assert (PHYSICS.sprouting_link >= PHYSICS.lower_link).all()


def test_hill_by_hand() -> None:
    np.testing.assert_allclose(hill(np.array([0, 0.5, 1]), 0.5, 2.0), [0, 0.25 * 1.25 / 0.5, 1])
    assert link(10, 0.5, 2.0)[5] == pytest.approx(0.625)


def test_hazard_tables_rise_as_strength_falls() -> None:
    table = hazard_table(2.0, 3.0)
    assert table[0] == 2 and table[GRID] == 0 == table[-1]
    assert (np.diff(table) <= 0).all()
    assert table[GRID // 2] == pytest.approx(0.25)


def test_strength_at_a_visit_by_hand() -> None:
    lost = np.zeros((1, 14), dtype=np.int64)
    lost[0, 1], lost[0, 8], lost[0, RESPIRATORY] = 120, 50, 90
    found, share = strength_at(
        PHYSICS, lost, np.zeros((1, 7)), None, np.zeros(1, np.int64), np.zeros(1, np.int64)
    )
    arm = PHYSICS.lower_link[120] * PHYSICS.upper_link[1, 50]
    assert found[0, 1] == arm
    assert found[0, [0, 2, 3, 5, 6]].tolist() == [1] * 5
    phrenic = WORLD.breathing.phrenic_share
    expected = phrenic * PHYSICS.capacity_link[90] + (1 - phrenic) * found[0, TRUNK]
    assert share[0] == pytest.approx(expected)


# ------------------------------------------------------ visits


def test_visits_show_falling_function() -> None:
    found = simulate(
        scenario(patients=50, breathing__capacity_error=0.0), backend=QUICK, visits=True
    ).visits
    assert found is not None
    both = found.alive[:, :, 1:] & found.alive[:, :, :-1]
    assert (np.diff(found.lost.astype(int), axis=2)[both] >= 0).all()
    for values in (found.strength, found.vital_capacity, -found.weight_loss):
        assert (np.diff(values, axis=2)[both] <= 1e-6).all()
    assert (found.strength >= 0).all() and (found.strength <= 1).all()
    assert (found.total <= 48).all() and (found.total >= 0).all()
    assert (found.total[:, :, 0] > 35).all()
    dead = ~found.alive
    assert (found.lost[dead] == 0).all() and (found.items[dead] == 0).all()


def test_ratings_of_twins_share_their_noise() -> None:
    """Until treatment begins both twins are rated alike, at every visit."""
    drug = treatment(effect("neuron_loss", 0.9, start="kings_2b"))
    found = simulate(scenario(drug, patients=30), backend=QUICK, visits=True)
    assert found.visits is not None
    start = found.months("treatment_start")[1]
    before = found.visits.months < np.where(np.isnan(start), np.inf, start)[:, None]
    assert (found.visits.items[0][before] == found.visits.items[1][before]).all()
