"""From the design of a trial to the worlds in which its two arms live."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from alssim.errors import ParameterError
from alssim.parameters import Resolved, load_scenario
from alssim.parameters.schema import Effect, Scenario, Treatment
from alssim.parameters.trial import Trial
from alssim.studies.ensemble import left_open

NOTHING: Mapping[str, Any] = {}
UNTREATED = "untreated"
NO_EFFECT = "no-effect"
CARRIERS = "sod1"
_SHARES = {"sod1": "sod1_share", "c9orf72": "c9orf72_share", "other": "other_gene_share"}


@dataclass(frozen=True, slots=True)
class Stratum:
    """People of one kind, drawn for themselves.

    control, treated   the same world under each arm; they differ in care alone
    share              share of this kind among all people with the disease
    """

    control: Scenario
    treated: Scenario
    share: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A trial, the treatment as it is given in it, and the kinds of people it draws.

    ``carriers`` says why people were drawn by kind: "" (they were not), "only" (the trial takes
    one genetic form alone), "oversampled" (the treatment acts in carriers alone: half of the
    people drawn are carriers, with weights).
    """

    trial: Trial
    strata: tuple[Stratum, ...]
    carriers: str


def plan(
    trial: Trial, settings: Mapping[str, Any] = NOTHING, member: Mapping[str, float] = NOTHING
) -> Plan:
    """Load the worlds of a trial; ``settings`` change them by dotted key.

    Effects start when a patient is allotted to an arm, in place of their own starts. ``member``
    is one parameter set of an ensemble: it moves what the trial's files and settings leave open.
    Raises ``ParameterError`` with all problems.
    """
    drug = given(trial.treatment)
    clash = [name for name in settings if name in ("care", "patients", "horizon", "arms")]
    if clash:
        raise ParameterError("--set", [f"--set: {clash[0]} is not for a trial to change"])
    control = _in_world(trial, trial.care, settings, member)
    treated = control
    if trial.treated_care:
        treated = _in_world(trial, trial.treated_care, settings, member)
    if drug.effects:
        treated = replace(treated, arms=(*treated.arms, drug))
    return _by_kind(trial, control, treated, drug)


def given(treatment: Treatment) -> Treatment:
    """Return a treatment whose effects all start together."""
    return replace(treatment, effects=tuple(_at_once(effect) for effect in treatment.effects))


def without_effect(trial: Trial) -> Trial:
    """Return the trial with a treatment that does nothing, good or bad."""
    effects = tuple(replace(effect, size=0.0) for effect in trial.treatment.effects)
    own = trial.treatment
    name = NO_EFFECT if own.name == UNTREATED else own.name  # the control arm has that name
    drug = Treatment(name=name, title=own.title, effects=effects or (_nothing(),))
    blinding = replace(trial.blinding, bias=0.0)
    return replace(trial, treatment=drug, treated_care="", blinding=blinding)


def horizon(trial: Trial) -> int:
    """Return the months from the first symptom that any patient of a trial is followed."""
    return int(trial.entry.months_most) + 1 + trial.lead_in + trial.follow_up


def _nothing() -> Effect:
    return Effect(target="neuron_loss", size=0.0)


def _at_once(effect: Effect) -> Effect:
    return replace(effect, start="month", month=0.0)


def usual_world(trial: Trial, settings: Mapping[str, Any] = NOTHING) -> Resolved[Scenario]:
    """Return the scenario in which the control arm of a trial lives."""
    return _world(trial, trial.care, settings)


def _in_world(
    trial: Trial, care: str, settings: Mapping[str, Any], member: Mapping[str, float]
) -> Scenario:
    found = _world(trial, care, settings)
    moved = left_open(found, member)
    return _world(trial, care, {**moved, **settings}).record if moved else found.record


def _world(trial: Trial, care: str, settings: Mapping[str, Any]) -> Resolved[Scenario]:
    own = {
        "arms": [UNTREATED],
        "people": trial.people,
        "fate": trial.fate,
        "horizon": min(horizon(trial), 600),
        "care": care,
    }
    care_changes = {key: value for key, value in settings.items() if key.startswith("care.")}
    if care_changes:
        own = {**{key: value for key, value in own.items() if key != "care"}, "care.extends": care}
    return load_scenario(trial.scenario, {**settings, **own})


def _by_kind(trial: Trial, control: Scenario, treated: Scenario, drug: Treatment) -> Plan:
    """Split people by genetic form where the trial or its treatment asks for that."""
    kind, shares = trial.entry.genes, _gene_shares(control)
    if kind != "any":
        return Plan(trial, (_stratum(control, treated, {kind: 1.0}, shares[kind]),), "only")
    acting = [effect for effect in drug.effects if effect.carriers == CARRIERS]
    if not acting or len(acting) < len(drug.effects) or not 0 < shares[CARRIERS] < 1:
        return Plan(trial, (Stratum(control, treated, 1.0),), "")
    others = {name: share for name, share in shares.items() if name != CARRIERS}
    rest = {name: share / (1 - shares[CARRIERS]) for name, share in others.items()}
    strata = (
        _stratum(control, treated, {CARRIERS: 1.0}, shares[CARRIERS]),
        _stratum(control, treated, rest, 1 - shares[CARRIERS]),
    )
    return Plan(trial, strata, "oversampled")


def _gene_shares(scenario: Scenario) -> dict[str, float]:
    people = scenario.world.population
    found = {name: float(getattr(people, field)) for name, field in _SHARES.items()}
    return {"sporadic": 1 - sum(found.values()), **found}


def _stratum(
    control: Scenario, treated: Scenario, kinds: Mapping[str, float], share: float
) -> Stratum:
    shares = {field: min(kinds.get(name, 0.0), 1.0) for name, field in _SHARES.items()}
    return Stratum(_of_kind(control, shares), _of_kind(treated, shares), share)


def _of_kind(scenario: Scenario, shares: Mapping[str, float]) -> Scenario:
    population = replace(scenario.world.population, **shares)
    return replace(scenario, world=replace(scenario.world, population=population))
