"""The pass rule, case by case: each kind of interval, at its ends and just beyond them."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alssim.statistics.contrasts import wilson
from alssim.studies.validation.designs import load_designs
from alssim.studies.validation.judging import Allowed, Verdict, judge
from alssim.studies.validation.measuring import Measured
from alssim.studies.validation.targets import Target, load_targets, target

NAN = math.nan
KNOWN = load_designs().thresholds
PLAIN = Target(
    id="A-1",
    quantity="q",
    definition="d",
    value=10.0,
    lo=NAN,
    hi=NAN,
    interval_type="",
    sd=NAN,
    se=NAN,
    n=0,
    unit="months",
    population="p",
    citation="c",
    doi_or_pmid="",
    use="calibration",
    tier=1,
    confidence="",
    rule="near",
    note="",
)


def found(*values: float, error: float = 0.1, patients: int = 100) -> Measured:
    """Return a measurement with these values and one standard error."""
    errors = tuple(error for _ in values)
    return Measured(values, values, values, errors, patients)


def verdict(row: Target, *values: float, error: float = 0.1, patients: int = 100) -> Verdict:
    return judge(row, found(*values, error=error, patients=patients), KNOWN)


@pytest.mark.parametrize(
    ("value", "distance"),
    [(10, 0), (13, 1), (8, -1), (11.5, 0.5), (9, -0.5), (13.1, 3.1 / 3), (7, -1.5)],
)
def test_inside_an_interval_of_the_estimate(value: float, distance: float) -> None:
    row = replace(PLAIN, rule="inside", lo=8.0, hi=13.0)
    assert verdict(row, value).distance == pytest.approx(distance)
    assert verdict(row, value).passed is (abs(distance) <= 1)


def test_an_interval_that_ends_at_the_published_value() -> None:
    """None of 725 patients: nothing lies below 0, and any value above 0.01 misses."""
    row = target("KNG-22")
    assert verdict(row, 0.0).passed and verdict(row, 0.0).distance == 0
    assert verdict(row, 0.01).passed
    assert not verdict(row, 0.011).passed
    assert verdict(replace(row, value=0.01), 0.02).distance == math.inf


@pytest.mark.parametrize(("value", "passed"), [(0.0, True), (0.234, True), (0.27, True)])
def test_an_upper_bound_is_missed_above_it_alone(value: float, passed: bool) -> None:
    assert verdict(target("SUR-07"), value).passed is passed
    assert verdict(target("SUR-07"), value).distance == pytest.approx(max(0, value - 0.234) / 0.036)
    assert not verdict(target("SUR-07"), 0.2701).passed


@pytest.mark.parametrize(("value", "passed"), [(0.45, True), (0.8, True), (0.449, False)])
def test_a_range_over_cases_has_a_band_of_its_own(value: float, passed: bool) -> None:
    assert verdict(target("MNU-01"), value).passed is passed
    assert not verdict(target("MNU-01"), 0.801).passed


def test_a_spread_holds_centre_and_both_ends() -> None:
    """Quartiles 7.1 and 18.3: 15 % of their distance is 1.68."""
    row = target("DLY-02")
    assert verdict(row, 11.5, 7.1, 18.3).distance == 0
    assert verdict(row, 11.5 + 1.68, 7.1 - 1.68, 18.3 + 1.68).passed
    assert not verdict(row, 11.5 + 1.69, 7.1, 18.3).passed
    assert not verdict(row, 11.5, 7.1 - 1.69, 18.3).passed
    assert not verdict(row, 11.5, 7.1, 18.3 + 1.69).passed
    assert verdict(row, 11.5, 7.1 - 0.84, 18.3 + 0.42).distance == pytest.approx(-0.5)


def test_the_range_of_slopes_is_a_spread() -> None:
    """FRS-02: 15 % of 1.92 is 0.288."""
    allowed = verdict(target("FRS-02"), 0.89, 0.04, 1.96).allowed
    expected = [(0.602, 1.178), (-0.248, 0.328), (1.672, 2.248)]
    assert [(one.low, one.high) for one in allowed] == [pytest.approx(pair) for pair in expected]


def test_mean_and_sd_are_both_held() -> None:
    row = target("DLY-05")  # 11.9, SD 8.2
    assert verdict(row, 11.9 * 1.1, 8.2 * 0.9).passed
    assert not verdict(row, 11.9 * 1.11, 8.2).passed
    assert not verdict(row, 11.9, 8.2 * 0.89).passed


def test_near_without_a_number_of_patients_is_ten_percent() -> None:
    assert verdict(PLAIN, 11.0).passed and verdict(PLAIN, 9.0).passed
    assert not verdict(PLAIN, 11.01).passed
    assert verdict(replace(PLAIN, value=-7.5), -8.25).passed
    assert not verdict(replace(PLAIN, value=-7.5), -8.26).passed


def test_near_is_as_wide_as_the_published_standard_error_implies() -> None:
    row = target("TRT-10")  # -7.5, SE 0.66
    assert verdict(row, -7.5 - 1.96 * 0.66 + 0.001).passed
    assert not verdict(row, -7.5 - 1.97 * 0.66).passed


def test_near_for_a_share_is_as_wide_as_wilsons_interval() -> None:
    row = target("SPR-13")  # 0.13 of 150
    low, high = wilson(0.13, 150, 0.95)
    assert verdict(row, low + 1e-6).passed and verdict(row, high - 1e-6).passed
    assert not verdict(row, low - 1e-3).passed and not verdict(row, high + 1e-3).passed


def test_near_is_as_wide_as_a_study_of_n_patients_would_be() -> None:
    """A standard error of 0.1 in 10,000 patients is 1 in 100: 10 +- 1.96."""
    row = replace(PLAIN, n=100)
    (allowed,) = verdict(row, 10.0, error=0.1, patients=10_000).allowed
    assert (allowed.low, allowed.high) == pytest.approx((10 - 1.96, 10 + 1.96), abs=1e-3)
    (narrow,) = verdict(row, 10.0, error=0.001, patients=10_000).allowed
    assert (narrow.low, narrow.high) == (9, 11)
    (unknown,) = verdict(row, 10.0, error=NAN).allowed
    assert (unknown.low, unknown.high) == (9, 11)


def test_no_benefit_is_judged_by_n_alone() -> None:
    """RSP-20: 10 % of no days is nothing; 21 patients leave room."""
    row = target("RSP-20")
    assert not verdict(row, 1.0, error=NAN).passed
    assert verdict(row, 30.0, error=2.0, patients=2100).passed


@pytest.mark.parametrize(("value", "passed"), [(1.0, True), (0.0, False)])
def test_a_statement_holds_or_not(value: float, passed: bool) -> None:
    assert verdict(target("MNU-07"), value).passed is passed


@pytest.mark.parametrize("one", [t for t in load_targets() if t.use != "reference"])
def test_a_number_that_is_not_there_never_passes(one: Target) -> None:
    count = {"spread": 3, "mean_and_sd": 2}.get(one.rule, 1)
    missing = verdict(one, *[NAN] * count)
    assert not missing.passed and math.isnan(missing.distance)


@given(st.floats(-100, 100), st.floats(0.01, 50), st.floats(0.01, 50), st.floats(-300, 300))
def test_the_distance_says_whether_a_value_is_allowed(
    published: float, below: float, above: float, value: float
) -> None:
    one = Allowed(published, published - below, published + above)
    inside = one.low <= value <= one.high
    near_an_end = min(abs(value - one.low), abs(value - one.high)) < 1e-6
    assert near_an_end or (abs(one.distance(value)) <= 1) is inside
    assert one.distance(published) == 0
    assert one.distance(one.high) == pytest.approx(1) and one.distance(one.low) == pytest.approx(-1)


def test_wilson_by_hand() -> None:
    """10 of 100 (Brown 2001, Stat Sci 16:101): 0.0552 to 0.1744."""
    assert wilson(0.1, 100, 0.95) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert wilson(0.0, 10, 0.95)[0] == pytest.approx(0, abs=1e-12)
