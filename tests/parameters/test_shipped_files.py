"""The files that ship with the program: they load, and they say what an honest preset must say."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from alssim.parameters import load_any, load_care, load_scenario, load_treatment
from alssim.parameters.treatment import TARGETS

HOME = Path(__file__).parents[2] / "parameters"
TREATMENTS = sorted((HOME / "treatments").glob("*.toml"))
CARE = sorted((HOME / "care").glob("*.toml"))
SCENARIOS = sorted((HOME / "scenarios").glob("*.toml"))
FAMILY = tuple(f"slowing-from-{start}" for start in ("onset", "diagnosis", "stage-3"))
WORDS = ("title", "summary", "claim", "found", "hypothetical", "evidence")
CELLS = (
    "msc-claimed",
    "msc-found",
    "neural-stem-cells-claimed",
    "nurown-like-claimed",
    "nurown-like-found",
    "exosomes-claimed",
    "blood-forming-cells-claimed",
)
# What articles by stem-cell clinics claim, and the preset that puts it into numbers.
CLAIMS = {
    "protects neurons": ("msc-claimed", "neuron_loss"),
    "less oxidative stress": ("msc-claimed", "oxidative_stress"),
    "calms inflammation": ("msc-claimed", "inflammation"),
    "plasticity": ("msc-claimed", "compensation"),
    "turns into nerve cells": ("msc-claimed", "replacement"),
    "replaces lost neurons": ("neural-stem-cells-claimed", "replacement"),
    "regenerates muscle": ("msc-claimed", "strength"),
    "strength returns": ("muscle-support", "strength"),
    "renews immunity": ("blood-forming-cells-claimed", "inflammation"),
    "new vessels": ("blood-forming-cells-claimed", "neuron_loss"),
    "exosomes protect": ("exosomes-claimed", "neuron_loss"),
    "cells slowed some patients": ("nurown-like-claimed", "neuron_loss"),
    "as in mice": ("mouse-sized", "progression"),
    "approved drugs": ("riluzole-like", "neuron_loss"),
    "approved drugs, second": ("edaravone-like", "progression"),
    "contained": ("spread-containment", "spread"),
    "lowers the protein": ("sod1-lowering", "pathology"),
}


def content(file: Path) -> dict[str, Any]:
    """Return the parsed file."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def treatment(name: str) -> dict[str, Any]:
    """Return a treatment file by name."""
    return content(HOME / "treatments" / f"{name}.toml")


def targets(name: str) -> set[str]:
    """Return what a treatment acts on."""
    return {effect["target"] for effect in treatment(name).get("effects", [])}


def amount(entry: Any) -> float:
    """Return the number of a bare or a sourced value."""
    return float(entry["value"] if isinstance(entry, dict) else entry)


def name_of(file: Path) -> str:
    """Name a case by its file."""
    return file.stem


@pytest.mark.parametrize("file", TREATMENTS, ids=name_of)
def test_a_treatment_says_what_is_claimed_and_what_was_found(file: Path) -> None:
    words = content(file)
    assert not [key for key in WORDS if not str(words.get(key, "")).strip()]
    assert words["citations"]
    assert "hypothetical" in words["hypothetical"].lower()


@pytest.mark.parametrize("file", TREATMENTS, ids=name_of)
def test_every_size_has_a_source(file: Path) -> None:
    for effect in content(file).get("effects", []):
        assert effect["size"]["unit"] == "share"
        assert len(effect["size"]["source"]) > 20


@pytest.mark.parametrize("file", [*TREATMENTS, *CARE, *SCENARIOS], ids=name_of)
def test_a_file_names_no_web_page(file: Path) -> None:
    assert not re.search(r"https?:|www\.", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", [*TREATMENTS, *CARE, *SCENARIOS], ids=name_of)
def test_a_file_loads(file: Path) -> None:
    assert load_any(str(file)).record.title == content(file)["title"]


@pytest.mark.parametrize("file", TREATMENTS, ids=name_of)
def test_a_treatment_loads_by_name_with_all_its_effects(file: Path) -> None:
    record = load_treatment(file.stem).record
    assert record.name == file.stem
    assert len(record.effects) == len(content(file).get("effects", []))


@pytest.mark.parametrize("file", SCENARIOS, ids=name_of)
def test_a_scenario_loads_by_name_with_its_arms_and_care(file: Path) -> None:
    record, words = load_scenario(file.stem).record, content(file)
    assert [arm.name for arm in record.arms] == words["arms"]
    assert record.world.care == load_care(words["care"]).record.care


def test_every_target_is_used() -> None:
    assert {target for file in TREATMENTS for target in targets(file.stem)} == set(TARGETS)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_has_its_preset(claim: str) -> None:
    name, target = CLAIMS[claim]
    assert target in targets(name)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_preset_gives_source_route_harm_and_cost(name: str) -> None:
    words = treatment(name)
    assert words["cell_source"] and words["route"]
    assert any(amount(entry) > 0 for entry in words["harms"].values())
    assert amount(words["cost"].get("once", 0)) + amount(words["cost"].get("per_month", 0)) > 0


@pytest.mark.parametrize("name", ["msc-found", "nurown-like-found"])
def test_what_trials_found_saves_no_neuron(name: str) -> None:
    assert {amount(effect["size"]) for effect in treatment(name)["effects"]} == {0.0}


def test_sod1_lowering_acts_in_carriers_after_half_a_year() -> None:
    for effect in treatment("sod1-lowering")["effects"]:
        assert (effect["carriers"], amount(effect["delay"])) == ("sod1", 6.0)


def test_early_and_late_starts_differ_by_the_start_alone() -> None:
    family = [treatment(name)["effects"] for name in FAMILY]
    assert len({str(effect[0]["size"]) for effect in family}) == 1
    assert [effect[0]["start"] for effect in family] == ["onset", "diagnosis", "kings_3"]


def test_modern_care_changes_nothing() -> None:
    assert "care" not in content(HOME / "care" / "modern.toml")


def test_minimal_care_offers_none_of_the_four() -> None:
    care = content(HOME / "care" / "minimal.toml")["care"]
    offered = ("niv_acceptance", "gastrostomy_acceptance", "tracheostomy_acceptance")
    assert {amount(care[key]) for key in (*offered, "riluzole_share")} == {0.0}


@pytest.mark.parametrize("file", SCENARIOS, ids=name_of)
def test_a_scenario_teaches_and_names_files_that_exist(file: Path) -> None:
    words = content(file)
    assert 3 <= len(words["notes"].strip().splitlines()) <= 8
    assert words["arms"][0] == "untreated"
    assert (HOME / "care" / f"{words['care']}.toml").exists()
    assert all((HOME / "treatments" / f"{arm}.toml").exists() for arm in words["arms"])


@pytest.mark.parametrize("file", SCENARIOS, ids=name_of)
def test_riluzole_is_never_laid_on_top_of_itself(file: Path) -> None:
    words = content(file)
    if "riluzole-like" in words["arms"]:
        care = content(HOME / "care" / f"{words['care']}.toml").get("care", {})
        assert amount(care["riluzole_share"]) == 0.0


def test_every_treatment_is_shown_in_a_scenario() -> None:
    shown = {arm for file in SCENARIOS for arm in content(file)["arms"]}
    assert shown == {file.stem for file in TREATMENTS}
