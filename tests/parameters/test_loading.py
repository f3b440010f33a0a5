"""Worlds, treatments, care settings and scenarios: names, paths, extends, care, arms, settings."""

from pathlib import Path
from typing import Any

import pytest

from alssim.errors import ParameterError
from alssim.parameters import (
    CARE,
    SCENARIOS,
    TREATMENTS,
    WORLDS,
    Upload,
    folder,
    load_any,
    load_care,
    load_scenario,
    load_treatment,
    load_world,
    locate,
    names,
    parse_settings,
)

ARMS = ["untreated", "antioxidant"]


def refused(load: Any, *given: Any) -> list[str]:
    """Return the problems for which something is not loaded."""
    with pytest.raises(ParameterError) as error:
        load(*given)
    problems: list[str] = error.value.problems
    return problems


def write(path: Path, text: str) -> Path:
    """Write a file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("kind", "load"),
    [(WORLDS, load_world), (TREATMENTS, load_treatment), (CARE, load_care),
     (SCENARIOS, load_scenario)],
)  # fmt: skip
def test_every_file_that_ships_loads_by_name_and_by_path(kind: str, load: Any) -> None:
    assert names(kind)
    for name in names(kind):
        path = folder() / {WORLDS: "."}.get(kind, kind) / f"{name}.toml"
        by_name, by_path = load(name), load(path)
        assert by_name.record == by_path.record == load_any(path).record
        assert getattr(by_name.record, "name", name) == name


def test_the_files_are_found_in_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "site" / "alssim" / "data" / "parameters" / "reference.toml", "")
    module = tmp_path / "site" / "alssim" / "parameters" / "locate.py"
    monkeypatch.setattr(locate, "__file__", str(module))
    assert folder() == tmp_path / "site" / "alssim" / "data" / "parameters"
    assert names(WORLDS) == ["reference"]
    assert names(CARE) == []
    monkeypatch.setattr(locate, "__file__", str(tmp_path / "lib" / "alssim" / "x" / "locate.py"))
    assert refused(folder) == ["the parameter files are missing; install alssim again"]


def test_every_number_of_the_reference_has_its_source() -> None:
    world = load_world()
    assert {origin.file for origin in world.origins.values()} == {"reference.toml", ""}
    assert all(origin.source for origin in world.origins.values())


def test_a_file_extends_a_name_or_a_path_beside_it(tmp_path: Path) -> None:
    base = write(tmp_path / "base.toml", 'extends = "reference"\n[pace]\nmedian = 0.07\nsd = 0.5')
    mine = write(tmp_path / "sub" / "mine.toml", 'extends = "../base.toml"\n[pace]\nsd = 0.6')
    world = load_world(str(mine))
    reference = load_world().record.pace
    assert (world.record.pace.median, world.record.pace.sd) == (0.07, 0.6)
    assert world.record.pace.bulbar == reference.bulbar
    assert world.origins["pace.median"].file == str(mine.parent / "../base.toml")
    assert world.origins["pace.sd"].source == f"set in {mine}"
    assert load_world(base).record.pace.sd == 0.5


def test_extends_in_a_circle_is_reported_with_its_route(tmp_path: Path) -> None:
    for here, there in (("a", "b"), ("b", "c"), ("c", "a")):
        write(tmp_path / f"{here}.toml", f'extends = "./{there}.toml"')
    found = refused(load_world, tmp_path / "a.toml")
    assert len(found) == 1
    route = found[0].partition("goes in a circle: ")[2].split(" -> ")
    assert [Path(part).name for part in route] == ["a.toml", "b.toml", "c.toml", "a.toml"]
    itself = write(tmp_path / "self.toml", 'extends = "self.toml"')
    assert "circle" in refused(load_scenario, itself)[0]


def test_extends_must_be_one_name(tmp_path: Path) -> None:
    mine = write(tmp_path / "mine.toml", "extends = 3")
    assert "extends must be the name or the path of one file" in refused(load_world, mine)[0]


@pytest.mark.parametrize(
    ("load", "name", "said"),
    [
        (load_scenario, "refrence", "no scenario or world 'refrence'; did you mean reference?"),
        (load_treatment, "riluzole-lik", "no treatment 'riluzole-lik'; did you mean riluzole-like"),
        (load_care, "moderm", "no care setting or world 'moderm'; did you mean modern?"),
        (load_care, "reference", "is not a care setting"),
        (load_world, "referense.toml", "no file 'referense.toml'; did you mean reference?"),
        (load_world, "x" * 5000 + "/y", "there is no file"),
        (load_world, "a\0.toml", "there is no file"),
        (load_world, "a b", "there is no world 'a b'"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(load: Any, name: str, said: str) -> None:
    assert said in refused(load, name)[0]


def test_a_neighbour_of_a_missing_file_is_suggested(tmp_path: Path) -> None:
    write(tmp_path / "classroom.toml", "")
    said = refused(load_scenario, tmp_path / "clasroom.toml")[0]
    assert "did you mean classroom.toml?" in said


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "dir.toml").mkdir()
    assert "there is no file" in refused(load_world, tmp_path / "dir.toml")[0]


def test_a_scenario_lies_over_its_care_and_that_over_the_world() -> None:
    text = 'care = "minimal"\n[death]\nother_at_65 = 0.001'
    scenario = load_scenario(Upload("class.toml", text)).record
    minimal = load_care("minimal").record.care
    assert scenario.care == "minimal"
    assert scenario.world.care == minimal != load_world().record.care
    assert (scenario.name, scenario.title) == ("class", "class")
    assert scenario.world.death.other_at_65 == 0.001
    table = '[care]\nextends = "minimal"\nniv_acceptance = 0.25'
    changed = load_scenario(Upload("class.toml", table))
    assert changed.record.care == "minimal"
    assert changed.record.world.care.niv_acceptance == 0.25
    assert changed.record.world.care.riluzole_share == minimal.riluzole_share
    assert changed.origins["care.niv_acceptance"].file == "class.toml"
    assert changed.origins["care.riluzole_share"].file == "care/minimal.toml"


def test_a_scenario_extends_a_scenario() -> None:
    base = load_scenario("sod1-carriers").record
    text = 'extends = "sod1-carriers"\npatients = 7'
    record = load_scenario(Upload("few.toml", text)).record
    assert (record.patients, record.name, record.title) == (7, "few", base.title)
    assert (record.arms, record.world) == (base.arms, base.world)


def test_arms_are_names_or_tables_that_extend_names() -> None:
    text = "arms = ['untreated', {extends = 'antioxidant', name = 'strong', title = 'Strong'}]"
    arms = load_scenario(Upload("a.toml", text)).record.arms
    assert [arm.name for arm in arms] == ["untreated", "strong"]
    assert arms[1].effects == load_treatment("antioxidant").record.effects
    assert load_scenario(Upload("a.toml", f"arms = {ARMS}")).record.arms[0].effects == ()


def test_arms_beside_the_scenario(tmp_path: Path) -> None:
    drug = "title = 'Drug'\n[[effects]]\ntarget = 'spread'\nsize = {value=0.5, source='guess'}"
    write(tmp_path / "drug.toml", drug.replace("source", "unit='share', source"))
    mine = write(tmp_path / "mine.toml", "arms = ['untreated', './drug.toml']")
    scenario = load_scenario(mine)
    assert [arm.name for arm in scenario.record.arms] == ["untreated", "drug"]
    assert scenario.origins["arms.drug.effects.1.size"].source == "guess"


def test_values_of_a_treatment_may_be_bare() -> None:
    text = "title = 'Drug'\n[[effects]]\ntarget = 'spread'\nsize = 0.5\ndelay = 3"
    found = load_treatment(Upload("drug.toml", text))
    assert found.record.effects[0].size == 0.5
    assert found.origins["effects.1.size"].source == "set in drug.toml"


@pytest.mark.parametrize("name", names(TREATMENTS))
def test_the_size_of_a_shipped_effect_gives_its_source(name: str) -> None:
    for path, origin in load_treatment(name).origins.items():
        if path.endswith(".size"):
            assert origin.source and not origin.source.startswith("set in ")


@pytest.mark.parametrize("name", ["no-niv", "niv-for-all", "no-gastrostomy", "full"])
def test_care_says_what_is_claimed_what_was_found_and_what_is_assumed(name: str) -> None:
    care = load_care(name).record
    assert care.claim and care.found and care.hypothetical and care.citations


def test_a_problem_between_values_is_that_of_the_file_that_gave_them() -> None:
    mine = Upload("mine.toml", "extends = 'reference'\narms = ['untreated', 'riluzole-like']")
    told = "arms: riluzole-like is part of this care setting"
    (found,) = refused(load_scenario, mine)
    assert found.startswith(f"mine.toml: {told}")
    (found,) = refused(load_scenario, mine, {"patients": 5})
    assert found.startswith(f"mine.toml with --set: {told}")


def test_limits_are_printed_exactly() -> None:
    (found,) = refused(load_scenario, "reference", {"people": 2**63})
    assert "is outside 0 to 9,223,372,036,854,775,807" in found


def test_arms_are_a_list() -> None:
    found = refused(load_scenario, Upload("mine.toml", "arms = 'untreated'"))
    assert found[0] == 'mine.toml: arms must be a list, as in arms = ["untreated"]'


@pytest.mark.parametrize("text", ["", "  \n", "# nothing yet"])
def test_an_empty_file_is_none(text: str) -> None:
    assert refused(load_any, Upload("mine.toml", text)) == ["mine.toml: is empty"]


def test_settings_win_over_all_files() -> None:
    given = parse_settings([
        "pace.median=0.1", "care=full", "care.niv_acceptance = 0.5", "patients=20",
        'arms=["untreated", "antioxidant"]', "arms.antioxidant.effects.1.size=0.125",
        "symptoms.cramps.share=0", "title=Mine",
    ])  # fmt: skip
    scenario = load_scenario("reference", given)
    record = scenario.record
    assert (record.world.pace.median, record.patients, record.title) == (0.1, 20, "Mine")
    assert (record.care, record.world.care.niv_acceptance) == ("full", 0.5)
    full = load_care("full").record.care
    assert record.world.care.gastrostomy_acceptance == full.gastrostomy_acceptance
    assert record.arms[1].effects[0].size == 0.125
    assert scenario.origins["pace.median"].file == "--set"
    assert {s.name: s.share for s in record.world.symptoms}["cramps"] == 0
    only = load_scenario("two-approved-drugs", {"arms.riluzole-like.harms.procedure_death": 0.5})
    assert [arm.harms.procedure_death for arm in only.record.arms] == [0, 0.5, 0]


def test_wrong_settings_are_reported_together() -> None:
    given = {"pace.median": 9, "pace.medain": 1, "fat": 2, "arms.x.title": "y", "care": "moderm"}
    found = refused(load_scenario, "reference", given)
    assert len(found) == 5
    assert all(problem.startswith("--set: ") for problem in found)
    text = "\n".join(found)
    for said in ("pace.median = 9 is outside", "did you mean median", "did you mean fate",
                 "arms.x is unknown", "did you mean modern"):  # fmt: skip
        assert said in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pace.median", "is not key=value"),
        ("=3", "is not key=value"),
        ("pace.median=", "is not key=value"),
        ("pace.median=1\nx=2", "is not one value"),
        ("pace.median=0,04", "a number has a point and no unit"),
        ("pace.median=1 2", "pace.median = '1 2' is not one value; a number has a point"),
        ("pace.median=" + "[" * 400 + "]" * 400, "is not one value"),
    ],
)
def test_settings_that_cannot_be_read(text: str, said: str) -> None:
    assert said in refused(parse_settings, [text])[0]


def test_settings_are_values_or_plain_words() -> None:
    texts = ["a=1", "b=0.5", "c=true", "d=modern", "e='two words'", "f=[1, 2]", "g=inf", "a=2"]
    assert parse_settings(texts) == {
        "a": 2, "b": 0.5, "c": True, "d": "modern", "e": "two words", "f": [1, 2],
        "g": float("inf"),
    }  # fmt: skip
    assert len(refused(parse_settings, ["a", "b", "c=1"])) == 2


@pytest.mark.parametrize("keys", [["a", "a.b"], ["a.b", "a"], ["a..b"], [""], [".a"]])
def test_settings_that_clash(keys: list[str]) -> None:
    given = dict.fromkeys(keys, 1)
    assert "clashes with another" in refused(load_world, "reference", given)[0]


@pytest.mark.parametrize(
    "text",
    [
        'extends = "../reference.toml"',
        'extends = "/etc/passwd"',
        'care = "/etc/hosts.toml"',
        'arms = ["./riluzole-like.toml"]',
        'arms = [{extends = "..\\\\x"}]',
    ],
)
def test_an_upload_opens_no_file_by_path(text: str) -> None:
    assert (
        "is a path; this file can use names alone" in refused(load_scenario, Upload("u", text))[0]
    )


def test_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    write(tmp_path / "drug.toml", "title = 3\nevidense = 'mixed'")
    write(tmp_path / "kind.toml", 'extends = "reference"\ntitle = "t"\n[pace]\nmedian = 9')
    text = "extends = './kind.toml'\narms = ['./drug.toml', 'nothing']\ncare = 'x'\npatients = 0"
    mine = write(tmp_path / "mine.toml", text)
    found = "\n".join(refused(load_scenario, mine))
    for said in (
        "mine.toml: there is no treatment 'nothing'",
        "mine.toml: there is no care setting or world 'x'",
        "mine.toml: patients = 0 is outside 1 to 10,000,000 patients",
        "kind.toml: pace.median = 9 is outside 0.005 to 0.5 per month",
        "drug.toml: arms.drug.title = 3 is not text",
        "drug.toml: arms.drug.evidense is unknown; did you mean evidence?",
    ):
        assert said in found
    assert found.count("\n") == 5


def test_shares_and_graph_weights_are_checked() -> None:
    given = {"onset.arms_share": 0.9, "spread.across": -1}
    found = refused(load_world, "reference", given)
    assert len(found) == 2
    assert "they must add to 1" in found[0]
    assert found[1] == "--set: spread.across = -1 is outside 0 to 20 weight"


def test_a_problem_is_blamed_on_the_file_that_caused_it() -> None:
    mine = Upload("mine.toml", 'care = "moderm"\narms = ["x"]')
    found = refused(load_scenario, mine, {"patients": 0})
    assert [problem.split(": ")[0] for problem in found] == ["mine.toml", "mine.toml", "--set"]


def test_a_scenario_that_names_no_arm_has_the_untreated_one() -> None:
    record = load_scenario(Upload("a.toml", "patients = 3")).record
    assert [arm.name for arm in record.arms] == ["untreated"]


@pytest.mark.parametrize(
    ("arms", "said"),
    [
        ("['antioxidant']", "the first must be without effects"),
        ("['untreated', 'antioxidant', 'antioxidant']", "antioxidant is named twice"),
        ("['untreated', 'riluzole-like']", 'care = "no-riluzole"'),
    ],
)
def test_arms_that_make_no_sense_are_refused(arms: str, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        load_scenario(Upload("a.toml", f"arms = {arms}"))
