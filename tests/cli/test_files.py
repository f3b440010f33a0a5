"""``alssim check``, ``explain``, ``dump`` and ``list``: what the parameter files say."""

from importlib.resources import files as files_of
from pathlib import Path

import pytest
from tests.cli.conftest import Call

import alssim
from alssim.parameters import CARE, SCENARIOS, TREATMENTS, TRIALS, WORLDS, digest, folder, names

GOOD = 'title = "Mine"\narms = ["untreated", "msc-found"]\n'
BAD = 'titel = "Mine"\npatients = 0\n[pace]\nmedian = "fast"\n'


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """A good scenario file and one with three problems."""
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(GOOD, encoding="utf-8")
    bad.write_text(BAD, encoding="utf-8")
    return str(good), str(bad)


def test_a_good_file_is_ok(call: Call, files: tuple[str, str]) -> None:
    answer = call("check", files[0], "reference", "msc-claimed", "minimal")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.splitlines() == [
        f"{files[0]}: OK (scenario)",
        "reference: OK (scenario)",
        "msc-claimed: OK (treatment)",
        "minimal: OK (care setting)",
    ]


def test_every_problem_of_every_file_is_told(call: Call, files: tuple[str, str]) -> None:
    answer = call("check", files[1], "nowhere.toml", files[0])
    assert answer.status == 2
    assert "bad.toml: 3 problems" in answer.err
    for told in ("titel is unknown; did you mean title", "patients = 0", "pace.median"):
        assert told in answer.err
    assert "nowhere.toml" in answer.err
    assert answer.out == f"{files[0]}: OK (scenario)\n"


def shipped() -> dict[str, list[Path]]:
    """Every file that comes with the program, by kind."""
    root, text = folder(), Path(str(files_of("alssim"))) / "present" / "text"
    kinds = {
        "scenario": "scenarios", "treatment": "treatments", "care setting": "care",
        "trial": "trials", "outcomes of a comparison": "outcomes",
        "plan of a calibration": "calibration",
    }  # fmt: skip
    found = {kind: sorted((root / place).glob("*.toml")) for kind, place in kinds.items()}
    found["world"] = [root / "reference.toml"]
    found["scenario"].remove(root / "scenarios" / "reference.toml")  # extends the world alone
    return found | {
        "ensemble of parameter sets": [root / "ensemble.toml"],
        "thresholds and trials of the validation": [root / "targets" / "studies.toml"],
        "targets of the validation": [root / "targets" / "published.csv"],
        "lesson": sorted((text / "lessons").glob("*.toml")),
        "deck of slides": sorted((text / "decks").glob("*.toml")),
        "claims": [text / "claims.toml"],
    }


def test_every_kind_of_file_that_is_shipped_is_known(call: Call) -> None:
    wanted = {str(file): kind for kind, group in shipped().items() for file in group}
    answer = call("check", *wanted, "--json")
    found = {row["file"]: row["kind"] for row in answer.document["files"]}
    assert found == wanted
    every = {str(file) for kind in ("toml", "csv") for file in folder().rglob(f"*.{kind}")}
    assert every <= {*wanted, str(folder() / "scenarios" / "reference.toml")}


def test_kinds_are_told_by_their_keys(call: Call, tmp_path: Path) -> None:
    """Copies elsewhere, under another name, are the same kind, and their faults are found.

    All but care settings: they hold nothing that a scenario does not, and are told by their folder.
    """
    for kind, group in shipped().items():
        if kind == "care setting":
            continue
        copy = tmp_path / f"mine{group[0].suffix}"
        copy.write_bytes(group[0].read_bytes())
        assert call("check", str(copy)).out == f"{copy}: OK ({kind})\n"
    faults = {
        "plan of a calibration": ("rounds = 24", "rounds = 0"),
        "lesson": ("minutes", "minuets"),
        "deck of slides": ("minutes", "minuets"),
        "targets of the validation": ("inside", "insied"),
        "thresholds and trials of the validation": ("near = ", "nera = "),
    }
    for kind, change in faults.items():
        first = shipped()[kind][0]
        broken = tmp_path / f"broken{first.suffix}"
        broken.write_text(first.read_text("utf-8").replace(*change, 1), encoding="utf-8")
        answer = call("check", str(broken))
        assert (answer.status, answer.out) == (2, ""), kind
        assert f"{broken}: 1 problem" in answer.err or "problems" in answer.err, answer.err


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("text.toml", '[headline]\ntext = "x"\n', "alssim check knows by their keys: world, "),
        ("table.csv", "patient,age\n1,60\n", "without the columns id and use"),
        ("table.csv", "", "without the columns id and use"),
        ("binary.toml", "\x00", "not valid TOML"),
    ],
)
def test_another_kind_of_file_is_told_what_is_checked(
    call: Call, tmp_path: Path, name: str, content: str, told: str
) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    answer = call("check", str(file))
    assert answer.status == 2
    assert told in " ".join(answer.err.split())


def test_checks_as_json(call: Call, files: tuple[str, str]) -> None:
    answer = call("check", *files, "--json")
    good, bad = answer.document["files"]
    assert answer.status == 2 and answer.err == ""
    assert good == {"file": files[0], "ok": True, "kind": "scenario", "problems": []}
    assert not bad["ok"] and len(bad["problems"]) == 3


def test_a_key_is_explained(call: Call) -> None:
    told = call("explain", "pace.median", "--set", "pace.median=0.07").out
    assert told.startswith("pace.median = 0.07 per month\n")
    assert "range:" in told and "meaning:" in told and "source:  set in --set" in told


def test_a_group_is_explained(call: Call) -> None:
    told = call("explain", "spread", "bulbar-onset").out
    assert "spread.latency = " in told


def test_a_treatment_is_explained_by_its_name(call: Call) -> None:
    told = " ".join(call("explain", "msc-claimed").out.split())
    record = alssim.load_treatment("msc-claimed")
    for part in (record.title, record.claim, record.found, record.hypothetical, *record.citations):
        assert " ".join(part.split()) in told


def test_a_care_setting_and_a_scenario_are_explained(call: Call) -> None:
    assert "No riluzole" in call("explain", "minimal").out
    assert "Arms: untreated, msc-claimed, msc-found" in call("explain", "claim-versus-trial").out


def test_an_unknown_key_gets_the_likely_one(call: Call) -> None:
    answer = call("explain", "pace.medan")
    assert answer.status == 2 and answer.out == ""
    assert "did you mean pace.median" in answer.err


def test_an_explanation_as_json(call: Call) -> None:
    document = call("explain", "pace.median", "--json").document
    assert document["key"] == "pace.median"
    assert document["text"].startswith("pace.median = ")


def test_a_dump_is_the_whole_scenario(call: Call, tmp_path: Path) -> None:
    answer = call("dump", "sod1-carriers", "--patients", "3", "--seed", "5")
    assert answer.status == 2, "a dump takes --set, not --patients"
    answer = call("dump", "sod1-carriers", "--set", "patients=3", "--seed", "5")
    (tmp_path / "sod1-carriers.toml").write_text(answer.out, encoding="utf-8")
    again = alssim.load_scenario(tmp_path / "sod1-carriers.toml")
    expected = alssim.load_scenario("sod1-carriers", {"patients": 3, "people": 5, "fate": 5})
    assert digest(again) == digest(expected)


def test_a_dump_as_json(call: Call) -> None:
    document = call("dump", "--json").document
    assert document["pace.median"] == alssim.load_world().pace.median
    assert document["patients"] == 1000


def test_everything_is_listed(call: Call) -> None:
    document = call("list", "--json").document
    assert {kind: list(titles) for kind, titles in document.items()} == {
        kind: names(kind) for kind in (SCENARIOS, TREATMENTS, CARE, TRIALS, WORLDS)
    }
    told = call("list", "treatments").out
    for name, title in document["treatments"].items():
        assert name in told and title in told


def test_nothing_else_is_listed(call: Call) -> None:
    answer = call("list", "patients")
    assert answer.status == 2 and "invalid choice: 'patients'" in answer.err
