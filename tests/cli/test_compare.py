"""``alssim compare``: sentences, numbers, JSON and the figure."""

import math
from pathlib import Path

import pytest
from tests.cli.conftest import Call

import alssim
from alssim.present.words import sentences
from alssim.studies.comparison import Clock

SHORT = ("claim-versus-trial", "--set", "horizon=60", "--patients", "20", "--backend", "numpy")


def comparison(clock: Clock = "onset") -> alssim.Comparison:
    """Return the same comparison by way of Python."""
    scenario = alssim.load_scenario("claim-versus-trial", {"horizon": 60, "patients": 20})
    return alssim.compare(alssim.simulate(scenario, backend="numpy"), clock=clock)


def flat(text: str) -> str:
    """Return a text with its lines joined."""
    return " ".join(text.split())


def test_one_patient_alone_gives_no_ratio_and_no_precision(call: Call) -> None:
    words = ("--with", "mouse-sized", "--patients", "1", "--backend", "numpy")
    said = flat(call("compare", *words).out)
    assert "One virtual patient alone cannot tell" in said
    assert "hazard ratio of 0" not in said and "no hazard ratio, as too few die" in said


@pytest.mark.parametrize("clock", ["onset", "diagnosis"])
def test_every_sentence_is_told(call: Call, clock: Clock) -> None:
    answer = call("compare", *SHORT, "--clock", clock)
    assert answer.status == 0 and answer.err == ""
    told, expected = flat(answer.out), comparison(clock)
    for arm in (1, 2):
        for sentence in sentences(expected, arm=arm):
            assert sentence in told
    assert told.count("For learning only") == 1
    assert "Hypothetical: " in told


def test_numbers_are_those_of_python(call: Call) -> None:
    document = call("compare", *SHORT, "--json").document
    expected = comparison()
    assert [arm["name"] for arm in document["arms"]] == list(expected.arms)
    for arm, found in enumerate(document["arms"]):
        median = expected.medians[arm].value
        assert found["median"]["value"] == (None if math.isnan(median) else median)
        alive = {f"{mark.month:g}": mark.alive[arm] for mark in expected.landmarks}
        assert found["alive"] == alive
        assert found["gain"]["mean"]["value"] == expected.gains[arm].mean.value
        assert found["at_risk"][0] == 20
    assert document["arms"][0]["sentences"] == []
    assert document["patients"] == 20


def test_endpoint_horizon_and_month(call: Call) -> None:
    words = ("--endpoint", "death_or_tracheostomy", "--horizon", "30", "--month", "18")
    answer = call("compare", *SHORT, *words)
    assert "alive without a tracheostomy after 1 year and 6 months" in flat(answer.out)
    document = call("compare", *SHORT, *words, "--json").document
    assert document["horizon"] == 30
    assert set(document["arms"][1]["alive"]) == {"12", "18", "24"}


def test_a_count_that_ends_before_the_first_landmark(call: Call) -> None:
    answer = call("compare", *SHORT, "--horizon", "6")
    assert answer.status == 0
    assert "more than half are still alive at month 6" in flat(answer.out)


def test_one_arm_is_told_how_to_get_another(call: Call) -> None:
    answer = call("compare", "--set", "horizon=24", "--patients", "5", "--backend", "numpy")
    assert answer.status == 0
    assert "--with NAME" in answer.out


@pytest.mark.parametrize("kind", ["svg", "png", "PDF"])
def test_the_figure_is_written(call: Call, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"survival.{kind}"
    answer = call("compare", *SHORT, "--figure", str(file))
    assert answer.status == 0
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    start = {"svg": b"<?xml", "png": b"\x89PNG", "PDF": b"%PDF"}[kind]
    assert file.read_bytes().startswith(start)


def test_months_gained_are_drawn_for_each_treatment(call: Call, tmp_path: Path) -> None:
    both = call("compare", *SHORT, "--gains", str(tmp_path / "gains.svg"), "--json")
    files = [tmp_path / "gains-1.svg", tmp_path / "gains-2.svg"]
    assert sorted(tmp_path.iterdir()) == files
    assert both.document["figures"] == {
        str(files[0]): "months gained with msc-claimed",
        str(files[1]): "months gained with msc-found",
    }
    words = ("--set", "horizon=60", "--patients", "20", "--backend", "numpy")
    one = call("compare", *words, "--with", "msc-found", "--gains", str(tmp_path / "one.pdf"))
    assert one.status == 0 and "(months gained with msc-found)" in flat(one.out)
    assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--gains", "gains.gif"), "--gains gains.gif: the name must end in .svg, .png or .pdf"),
        (("--figure", "curve.gif"), "must end in .svg, .png or .pdf"),
        (("--figure", "nowhere/curve.svg"), "there is no folder nowhere"),
        (("--horizon", "61"), "--horizon 61 is not within the simulated 0 to 60 months"),
        (("--horizon", "nan"), "--horizon nan is not within"),
        (("--month", "70"), "--month 70 is not within the 60 months that are counted"),
        (("--month", "-1"), "--month -1 is not within"),
        (("--clock", "birth"), "invalid choice: 'birth'"),
        (("--endpoint", "cure"), "invalid choice: 'cure'"),
        (("--patients", "many"), "'many' is not a whole number"),
        (("--set", "horizon=1", "--clock", "diagnosis"), "no patient can be followed"),
    ],
)
def test_what_is_wrong_is_told(call: Call, words: tuple[str, ...], told: str) -> None:
    answer = call("compare", *SHORT, *words)
    assert answer.status == 2 and answer.out == ""
    assert told in answer.err
