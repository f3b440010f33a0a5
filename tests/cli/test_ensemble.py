"""``--ensemble`` and ``alssim variation``: both kinds of not knowing. About 30 s."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.cli.conftest import Call
from tests.small_ensemble import small_ensemble, small_members

from alssim.parameters import load_scenario
from alssim.parameters.locate import shipped_ensemble
from alssim.studies.comparison import compare
from alssim.studies.lives import live
from alssim.studies.variation import lived_and_gained, redrawn, split_variation

SHORT = ("--patients", "20", "--set", "horizon=60", "--backend", "numpy")
SCENARIO = "how-early-matters"


def flat(text: str) -> str:
    """Return a text with its lines joined."""
    return " ".join(text.split())


def rows(file: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with file.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def by_python(changes: dict[str, Any]) -> Any:
    """Return the comparison of one world."""
    whole = {"patients": 20, "horizon": 60, **changes}
    return compare(live(load_scenario(SCENARIO, whole).record, backend="numpy"))


def test_compare_holds_both_limits(call: Call, tmp_path: Path) -> None:
    file, out = small_ensemble(tmp_path), tmp_path / "out"
    words = ("--ensemble", file, "--out", str(out))
    answer = call("compare", SCENARIO, *SHORT, *words, "--json")
    assert answer.status == 0, answer.err
    document = answer.document
    expected = [by_python({}), *(by_python(dict(member)) for member in small_members())]
    assert document["ensemble"]["members"] == 4
    assert document["ensemble"]["settings"] == list(small_members())
    for number, arm in enumerate(document["arms"]):
        found = arm["worlds"]
        means = [one.gains[number].mean.value for one in expected]
        assert found["gain_means"] == means
        assert found["gain"]["known"] == {"value": means[0], "low": min(means), "high": max(means)}
        assert found["gain"]["chance"] == arm["gain"]["mean"]
        alive = [one.landmarks[1].alive[number] for one in expected]
        two_years = found["alive"]["24"]
        assert two_years["known"] == pytest.approx(
            {"value": alive[0], "low": min(alive), "high": max(alive)}
        )
        assert two_years["chance"]["low"] < alive[0] < two_years["chance"]["high"]
        assert found["bands"]["months"] == list(range(0, 61, 6))
    bands = rows(out / "bands.csv")
    assert {row["arm"] for row in bands} == {arm["name"] for arm in document["arms"]}
    assert all(float(r["known_low"]) <= float(r["alive"]) <= float(r["known_high"]) for r in bands)
    assert json.loads((out / "compare.json").read_text("utf-8")) == document
    assert {path.name for path in out.glob("survival*.svg")} == {
        f"survival-{arm}.svg" for arm in (1, 2, 3)
    }


def test_compare_tells_both_in_plain_words(call: Call, tmp_path: Path) -> None:
    file, out = small_ensemble(tmp_path), tmp_path / "out"
    answer = call("compare", "sod1-carriers", *SHORT, "--ensemble", file, "--out", str(out))
    told = flat(answer.out)
    document = json.loads((out / "compare.json").read_text("utf-8"))
    for arm in document["arms"]:
        assert arm["worlds"]["sentence"] in told
        assert "Two kinds of not knowing." in arm["worlds"]["sentence"]
    assert "Over 4 sets of parameters: from, to" in told
    assert f"The 4 sets of parameters are the one asked for and 3 of {file}." in told
    assert "What the form of the model itself may have wrong is not in them." in told


def test_without_an_ensemble_nothing_is_said_of_it(call: Call) -> None:
    answer = call("compare", SCENARIO, *SHORT, "--json")
    assert "ensemble" not in answer.document
    assert all("worlds" not in arm for arm in answer.document["arms"])


def test_one_arm_has_its_bands_too(call: Call, tmp_path: Path) -> None:
    figure = tmp_path / "curve.svg"
    words = ("--ensemble", small_ensemble(tmp_path), "--figure", str(figure))
    answer = call("compare", *SHORT, *words)
    assert answer.status == 0 and figure.is_file()
    assert "over 4 sets of parameters, as the disease is not known exactly." in flat(answer.out)


def test_what_the_scenario_sets_is_told_to_stay(call: Call, tmp_path: Path) -> None:
    words = ("--ensemble", small_ensemble(tmp_path), "--set", "pace.median=0.07")
    answer = call("compare", *SHORT, *words)
    assert "so the same in every set: pace.median." in flat(answer.out)
    every = (*words, "--set", "spread.rate=3", "--set", "strength.weak=0.8")
    refused = call("compare", *SHORT, *every)
    assert refused.status == 2 and "sets every parameter that differs" in refused.err


def test_a_count_that_ends_early_has_no_landmark(call: Call, tmp_path: Path) -> None:
    words = ("--ensemble", small_ensemble(tmp_path), "--horizon", "6")
    assert call("compare", SCENARIO, *SHORT, *words).status == 0


def test_the_ladder_says_what_is_needed_in_every_set(call: Call, tmp_path: Path) -> None:
    steps = ("--start", "onset", "--start", "docs_6", "--sizes", "0.3,0.6", "--months", "4")
    words = (*steps, "--ensemble", small_ensemble(tmp_path), "--out", str(tmp_path / "out"))
    answer = call("ladder", *SHORT, *words)
    assert answer.status == 0, answer.err
    told = flat(answer.out)
    assert "The same over 4 sets of parameters, from and to" in told
    document = json.loads((tmp_path / "out" / "ladder.json").read_text("utf-8"))
    assert all(sentence in told for sentence in document["sentences"])
    assert any("and two kinds of not knowing" in one for one in document["sentences"])
    for rung in document["rungs"]:
        assert rung["known"][0] <= rung["gained"]["value"] <= rung["known"][1]
    need = document["needed"][0]
    assert need["known"][0] <= need["size"] <= need["known"][1]
    assert document["ensemble"]["members"] == 4


def test_trials_are_counted_in_every_set(call: Call, tmp_path: Path) -> None:
    size = ("--set", "pool=60", "--set", "per_arm=20", "--replicates", "20", "--backend", "numpy")
    out, figure = tmp_path / "out", tmp_path / "power.svg"
    words = (*size, "--ensemble", small_ensemble(tmp_path))
    document = call("trial", *words, "--out", str(out), "--figure", str(figure), "--json").document
    found = document["ensemble"]
    assert len(found["operating"]) == 4 and found["operating"][0] == document["operating"]
    slopes = [one["endpoints"][0]["power"]["value"] for one in found["operating"]]
    known = found["known"]["slope"]["power"]
    assert (known["value"], known["low"], known["high"]) == (slopes[0], min(slopes), max(slopes))
    table = rows(out / "sets.csv")
    assert [float(row["power"]) for row in table if row["endpoint"] == "slope"] == slopes
    assert figure.is_file() and (out / "trials.csv").is_file()
    assert "over 4 sets of parameters" in found["sentences"][0]


def test_trials_of_new_people_are_told_in_words(call: Call, tmp_path: Path) -> None:
    size = ("--set", "per_arm=10", "--replicates", "2", "--fresh", "--backend", "numpy")
    answer = call("trial", *size, "--ensemble", small_ensemble(tmp_path, 1))
    assert answer.status == 0, answer.err
    told = flat(answer.out)
    assert "slope: two kinds of not knowing. Chance: 2 trials tell that" in told
    assert "over 2 sets of parameters" in told and "as asked" in told and "set 1" in told
    assert "part of the difference between sets is chance as well" in told


def test_variation_is_that_of_python(call: Call, tmp_path: Path) -> None:
    out, figure = tmp_path / "out", tmp_path / "parts.svg"
    words = ("--fates", "2", "--ensemble", small_ensemble(tmp_path), "--out", str(out))
    answer = call("variation", SCENARIO, *SHORT, *words, "--figure", str(figure))
    assert answer.status == 0, answer.err
    document = json.loads((out / "variation.json").read_text("utf-8"))
    changes = [{}, *map(dict, small_members())]
    base = {"patients": 20, "horizon": 60}
    members = [load_scenario(SCENARIO, {**base, **one}).record for one in changes]
    values = redrawn(members, 2, lambda one: lived_and_gained(live(one, backend="numpy")))
    for arm, found in enumerate(document["variation"]):
        expected = split_variation(values[:, arm])
        for name in ("mean", "within", "between", "parameters", "error"):
            assert found[name] == getattr(expected, name)
        assert sum(found["shares"].values()) == pytest.approx(1)
    told = flat(answer.out)
    assert all(sentence in told for sentence in document["sentences"])
    assert "Of all variation in months gained with slowing-from-onset" in told
    assert "Some are still alive when the simulation ends, after 5 years" in told
    assert figure.is_file()
    parts = rows(out / "variation.csv")
    assert len(parts) == 4 * 4
    for row in parts:
        assert float(row["sd"]) ** 2 == pytest.approx(float(row["variance"]), abs=1e-4)


def test_variation_of_one_set_says_what_is_missing(call: Call) -> None:
    answer = call("variation", *SHORT, "--fates", "2")
    assert answer.status == 0
    assert "add --ensemble" in answer.out
    document = call("variation", *SHORT, "--fates", "2", "--json").document
    (found,) = document["variation"]
    assert found["parameters"] is None and found["shares"]["parameters"] is None
    assert np.isclose(found["shares"]["within"] + found["shares"]["between"], 1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("compare", "--ensemble", "none.toml"), "none.toml: 1 problem"),
        (("compare", "--ensemble", "care-matters"), "goes before --ensemble"),
        (("ladder", "--ensemble", ""), "it is empty"),
        (("variation", "--fates", "1"), "fates = 1; allowed: 2 to 1,000"),
        (("variation", "--fates", "2", "--patients", "1"), "at least 2 patients"),
        (("variation", "--figure", "x.gif"), "--figure x.gif: the name must end in"),
        (("trial", "--ensemble", "none.toml"), "add --replicates N"),
        (("trial", "--ensemble", "x", "--replicates", "9", "--power", "0.8"), "without --power"),
    ],
)
def test_what_is_wrong_is_told(call: Call, words: tuple[str, ...], told: str) -> None:
    answer = call(*words)
    assert answer.status == 2 and answer.out == ""
    assert told in answer.err


def test_a_wrong_member_is_told_before_anything_is_simulated(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text('[[members]]\n[members.settings]\n"pace.median" = 9\n"spread.rat" = 1\n')
    for command in ("compare", "ladder", "variation"):
        answer = call(command, "--ensemble", str(file))
        assert answer.status == 2
        assert "members.1: pace.median = 9 is outside" in answer.err
        assert "members.1: spread.rat is unknown; did you mean" in answer.err
    checked = call("check", str(file))
    assert checked.status == 2 and "members.1: pace.median" in checked.err
    assert "OK (ensemble of parameter sets)" in call("check", small_ensemble(tmp_path)).out


def test_the_shipped_ensemble_is_used_or_missed(call: Call) -> None:
    answer = call("compare", *SHORT, "--ensemble")
    if shipped_ensemble().is_file():
        assert answer.status == 0
    else:
        assert answer.status == 2 and "no ensemble ships with this version" in answer.err
