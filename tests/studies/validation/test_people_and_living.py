"""Who falls ill and how long they live, on lives written down by hand."""

from dataclasses import replace

import numpy as np
import pytest
from tests.studies.validation.by_hand import all_enter, cohort, cohorts, life, measured

from alssim.studies.validation.cohorts import Cohorts
from alssim.studies.validation.designs import load_designs
from alssim.studies.validation.participation import attending
from alssim.studies.validation.registry import MEASUREMENTS

NAN = float("nan")
FOUR = cohort(
    life("weakness_bulbar", diagnosis=6, death=20),
    life("weakness_left_arm", diagnosis=10, death=40, tracheostomy=30),
    life("weakness_right_leg", diagnosis=14, death=60),
    {},  # no symptom within the horizon
    age=[50.5, 60, 70.9, 30],
    male=[True, False, True, True],
)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("EPI-04", [2 / 3]),
        ("EPI-10", [(50.5 + 60 + 70.9) / 3]),
        ("EPI-12", [60.7]),
        ("EPI-13", [60]),
        ("EPI-14", [0]),
        ("EPI-15", [1 / 3]),
        ("EPI-16", [1 / 3]),
        ("EPI-17", [1 / 3]),
        ("EPI-18", [0]),
        ("EPI-20", [1]),
        ("DLY-01", [10]),
        ("SUR-01", [30]),  # death or tracheostomy
        ("SUR-02", [1 / 3]),
        ("SUR-03", [40]),  # death alone
        ("SUR-04", [30]),  # 14, 30, 46 from diagnosis to death
        ("SUR-06", [1]),
        ("SUR-09", [0]),
        ("SUR-36", [0]),
        ("SUR-34", [1]),
        ("SUR-35", [2 / 3]),
        ("SUR-18", [20]),
        ("SUR-19", [30]),
        ("SUR-20", [60]),
    ],
)
def test_three_patients(target: str, expected: list[float]) -> None:
    assert measured(target, usual=FOUR) == pytest.approx(expected)


def test_ages_are_published_in_full_years() -> None:
    """Up to 50 means below 51: 50.5 belongs to the youngest, 70.9 to those of 61 to 70."""
    assert measured("SUR-24", usual=FOUR) == (20,)
    assert measured("SUR-25", usual=FOUR) == (30,)
    assert measured("SUR-26", usual=FOUR) == (60,)
    assert np.isnan(measured("SUR-27", usual=FOUR)).all()
    older = cohort(life(death=10), life(death=20), age=[71.0, 70.99])
    assert measured("EPI-14", usual=older) == (0.5,)
    assert measured("SUR-27", usual=older) == (10,)


def test_several_regions_at_once_are_a_generalised_onset() -> None:
    two = cohort(
        life("weakness_left_arm", weakness_bulbar=0),
        life("weakness_left_arm", weakness_right_arm=0),  # one region: both arms
        life("weakness_trunk"),
        life("weakness_respiratory"),
        life("weakness_left_leg", weakness_right_leg=3),
    )
    assert measured("EPI-18", usual=two) == (3 / 5,)
    assert measured("EPI-20", usual=two) == (4 / 5,)


def test_who_is_never_diagnosed_has_no_delay_and_no_survival_from_it() -> None:
    some = cohort(life(diagnosis=4, death=10), life(death=3), life(diagnosis=8, death=40))
    assert measured("DLY-01", usual=some) == (6,)
    assert measured("SUR-04", usual=some) == (6,)
    assert measured("SUR-06", usual=some) == (0.5,)


def test_delays_by_region_of_onset() -> None:
    some = cohort(
        life("weakness_bulbar", diagnosis=6),
        life("weakness_bulbar", diagnosis=10),
        life("weakness_left_leg", diagnosis=20),
        life("weakness_right_arm", diagnosis=10),
        life("weakness_trunk", diagnosis=100),  # neither bulbar nor limb
    )
    assert measured("DLY-05", usual=some) == pytest.approx((8, np.sqrt(8)))
    assert measured("DLY-06", usual=some) == pytest.approx((15, np.sqrt(50)))
    middle, low, high = measured("DLY-02", usual=some)
    assert 6 < low < middle < high < 100


def test_who_outlives_the_horizon_is_censored_there() -> None:
    """Two of four have died by month 30: the median is 30; nothing is known beyond 120."""
    some = cohort(life(death=10), life(death=30), life(), life(), horizon=120)
    assert measured("SUR-01", usual=some) == (30,)
    assert measured("SUR-36", usual=some) == (0.5,)
    assert measured("SUR-37", usual=some) == (0.5,)


def test_minimal_care_has_a_cohort_of_its_own() -> None:
    poor = cohort(life(diagnosis=9, death=20), life(diagnosis=9, death=26), horizon=132)
    assert measured("SUR-11", minimal=poor) == (20,)
    assert measured("SUR-12", minimal=poor) == (0,)
    assert measured("SUR-14", minimal=poor) == (11,)


def test_after_a_procedure() -> None:
    some = cohort(
        life(niv=10, death=18, gastrostomy=17.5),  # 15 days after the tube
        life(niv=10, death=30, tracheostomy=16, gastrostomy=12),
        life(niv=20, death=23, gastrostomy=22),  # 30.4 days: later than 30
        life(death=5),
    )
    assert measured("RSP-15", usual=some) == (6,)  # 3, 6, 8
    assert measured("RSP-18", usual=some) == (1 / 3,)


def test_an_event_after_death_is_none() -> None:
    """A latent course goes on after death; what comes then never happened to the patient."""
    some = cohort(life(death=10, gastrostomy=12, diagnosis=11), life(death=30, gastrostomy=12))
    assert np.isnan(some.months("gastrostomy")).tolist() == [True, False]
    assert measured("RSP-13", usual=some) == (0.5,)
    assert len(MEASUREMENTS["DLY-01"].sample(cohorts(usual=some))[0]) == 0


def test_a_clinic_sees_people_of_its_age_and_onset() -> None:
    """5 standard errors of the means of those seen: false alarm below 1e-6."""
    age = np.linspace(25, 90, 20_000)
    lives = [life("weakness_bulbar") if n % 3 else life() for n in range(len(age))]
    many = cohort(*lives, age=age)
    clinic = load_designs().clinic("germany")
    rows = np.arange(0, len(age), 2)
    seen = attending(many, rows, clinic)
    assert np.isin(seen, rows).all()
    error = age[seen].std() / np.sqrt(len(seen))
    assert abs(age[seen].mean() - clinic.age) < 5 * error
    error = np.sqrt(clinic.bulbar * (1 - clinic.bulbar) / len(seen))
    assert abs(many.bulbar[seen].mean() - clinic.bulbar) < 5 * error
    anyone = replace(clinic, age=0.0, bulbar=0.0)
    assert attending(many, rows, anyone).tolist() == rows.tolist()


@pytest.mark.parametrize(
    ("target", "cohort_name", "clinic"),
    [
        ("SUR-15", "minimal", "milan"),
        ("KNG-14", "minimal", "chengdu"),
        ("FRS-10", "visits", "germany"),
    ],
)
def test_clinics_are_measured_in_people_of_their_age(
    target: str, cohort_name: str, clinic: str
) -> None:
    """Of 50 and 80 in equal parts, a mean of 51 leaves one of 80 in thirty."""
    lives = [life(weakness_left_leg=2.0, second_region=2.0, diagnosis=3.0)] * 400
    some = cohort(*lives, age=[50.0, 80.0] * 200, months=60)
    anyone = all_enter()
    clinics = [replace(one, age=51.0 * (one.name == clinic)) for one in anyone.clinics]
    younger = replace(anyone, clinics=tuple(clinics))
    everyone, seen = (
        len(MEASUREMENTS[target].sample(Cohorts({cohort_name: some}, designs))[0])
        for designs in (anyone, younger)
    )
    assert 0 < seen < 0.65 * everyone
