"""The arms of a scenario on the same patients: when each effect starts, and the runs it takes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alssim.model.backend import Engine
from alssim.model.events import months_of, resolve
from alssim.model.fate import Fate, draw_fate
from alssim.model.ledger import Kept, Outcome
from alssim.model.luck import accepts, lay_out
from alssim.model.neurons import dose_at
from alssim.model.patients import BoolArray, FloatArray, IntArray, Patients, draw_patients
from alssim.model.physics import Physics, compile_world
from alssim.model.state import NEVER, Effects, Luck, Onset
from alssim.model.treatments import (
    Given,
    compile_effects,
    complication_month,
    first_start,
    give,
    give_background,
    harm_month,
    starting_step,
)
from alssim.parameters import load_scenario
from alssim.parameters.schema import Effect, Scenario, Treatment


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Some patients of a scenario, with their fate."""

    patients: Patients
    fate: Fate
    luck: Luck
    hospice: BoolArray
    physics: Physics

    @classmethod
    def draw(
        cls, scenario: Scenario, physics: Physics, numbers: IntArray, engine: Engine
    ) -> "Chunk":
        """Draw the patients with these numbers and their fate."""
        patients = draw_patients(scenario.world, scenario.people, numbers)
        fate, care = draw_fate(scenario.world, scenario.fate, patients), scenario.world.care
        hospice = accepts(patients, "hospice", care.hospice_share)
        luck = lay_out(patients, fate, scenario.world, engine.lost_table(fate.resilience))
        return cls(patients, fate, luck, hospice, physics)

    def __len__(self) -> int:
        return len(self.patients)


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    """One arm of a chunk: events [event, patient], cause [patient], and what the engine found."""

    events: FloatArray
    cause: NDArray[np.int8]
    outcome: Outcome
    effects: Effects | None


def run_arms(
    scenario: Scenario,
    chunk: Chunk,
    engine: Engine,
    record: bool,
    latent: bool,
    entry: FloatArray | None = None,
) -> list[Arm]:
    """Run every arm of a scenario on one chunk; the first arm is usual care.

    ``entry`` [patient] is the month at which added treatments start, instead of at their own
    starts: that of a trial; not-a-number where never.
    """
    runner = _Runner(scenario, chunk, engine, record, latent, entry)
    usual = runner.usual_care()
    return [usual, *(runner.treated(treatment, usual) for treatment in scenario.arms[1:])]


class _Runner:
    """Runs arms one after the other and keeps what they share: the first symptom, the drug."""

    def __init__(
        self,
        scenario: Scenario,
        chunk: Chunk,
        engine: Engine,
        record: bool,
        latent: bool,
        entry: FloatArray | None = None,
    ) -> None:
        self.scenario, self.chunk, self.engine = scenario, chunk, engine
        self.record, self.latent, self.entry = record, latent, entry
        self.steps = chunk.physics.steps
        self.onset: Onset = engine.silent(chunk.luck, chunk.physics)
        self.background: list[Given] = []
        self.kept: Kept | None = None

    def usual_care(self) -> Arm:
        """Run the arm without added treatment; its drug starts after its own diagnosis.

        A run that finds the start cannot know when the drug is stopped. Where it is, usual care
        runs once more: the diagnosis lies before the start and stays.
        """
        drug, share = self.scenario.background, self.scenario.world.care.riluzole_share
        if share == 0 or drug.effects[0].size == 0:
            return self._run([], None)
        nobody = np.full(len(self.chunk), NEVER)
        given = give_background(drug, share, nobody, self.chunk.patients)
        usual = self._run([given], None, on_diagnosis=0)
        start = usual.outcome.background
        self.background = [give_background(drug, share, start, self.chunk.patients)]
        return self._run(self.background, None) if drug.effects[0].stopping else usual

    def treated(self, treatment: Treatment, usual: Arm) -> Arm:
        """Run one treatment: one pass more for each further event that starts an effect."""
        if (
            not treatment.effects
            and treatment.harms.procedure_death == treatment.harms.extra_hazard == 0
        ):
            return usual
        given: list[Given] = []
        together = [list(treatment.effects)] if treatment.effects else []
        arm, groups = usual, _by_start(treatment) if self.entry is None else together
        for number, group in enumerate(groups):
            given += [
                give(effect, self._start(effect, arm), self.chunk.patients) for effect in group
            ]
            last = number == len(groups) - 1
            arm = self._run([*self.background, *given], treatment if last else None, own=given)
        return arm

    def _start(self, effect: Effect, arm: Arm) -> IntArray:
        """Return the step at which an effect starts, read from a run without it."""
        known = self._known_start(effect)
        if known is not None:
            return known
        month, death = months_of(arm.events, effect.start), months_of(arm.events, "death")
        return starting_step(np.where(month > death, np.nan, month), self.steps)

    def _known_start(self, effect: Effect) -> IntArray | None:
        """Return the step at which an effect starts if no event starts it."""
        if self.entry is not None:
            return starting_step(self.entry, self.steps)
        if effect.start not in ("month", "onset"):
            return None
        fixed = effect.month if effect.start == "month" else 0.0
        return starting_step(np.full(len(self.chunk), fixed), self.steps)

    def _shared_months(self) -> int:
        """Return the whole months that usual care shares with every treatment that starts later.

        0 where none does, or where only a run tells the starts. Where the drug of usual care is
        stopped, its first run knows the start too late: nothing is shared then.
        """
        if self.scenario.background.effects[0].stopping:
            return 0
        horizon, shared = self.scenario.horizon, []
        for treatment in self.scenario.arms[1:]:
            starts = [self._known_start(effect) for effect in treatment.effects]
            steps = [int(start.min(initial=NEVER)) for start in starts if start is not None]
            shared.append(min(min(steps, default=0) // self.steps, horizon))
        return min([month for month in shared if month > 0], default=0)

    def _course(self, onset: Onset, effects: Effects | None, start: FloatArray | None) -> Outcome:
        """Run a course; ``start`` [patient] is the month of its own treatment, None for usual care.

        Of a treatment that starts after the month at which usual care was kept, the rest is run.
        """
        luck, physics, fork = self.chunk.luck, self.chunk.physics, self.engine.fork
        asked = self.scenario.horizon, effects, self.record, self.latent
        if fork is not None and start is None and (month := self._shared_months()):
            outcome, self.kept = fork.keep(luck, physics, onset, *asked, month)
            return outcome
        kept, begin = self.kept, start.min(initial=np.inf) if start is not None else 0.0
        if fork is not None and kept is not None and begin >= kept.month:
            return fork.since(kept, luck, physics, *asked)
        return self.engine.course(luck, physics, onset, *asked)

    def _run(
        self,
        given: list[Given],
        treatment: Treatment | None,
        own: list[Given] | None = None,
        on_diagnosis: int = -1,
    ) -> Arm:
        chunk, horizon = self.chunk, self.scenario.horizon
        never = np.full(len(chunk), np.inf)
        start = first_start(own, self.steps) if own else never
        harm = harm_month(treatment.harms, start, chunk.fate) if treatment else never
        complication = (
            complication_month(treatment.harms, start, chunk.fate) if treatment else never
        )
        effects = (
            compile_effects(given, self.scenario.world, chunk.fate, horizon, harm, on_diagnosis)
            if given
            else None
        )
        onset = self._onset(effects)
        outcome = self._course(onset, effects, start if own else None)
        if on_diagnosis >= 0 and effects is not None:
            effects = effects._replace(start=outcome.background[None, :], on_diagnosis=-1)
        events, cause = resolve(
            outcome,
            onset,
            chunk.luck,
            chunk.physics,
            effects,
            chunk.hospice,
            horizon,
            start,
            complication,
            self.latent,
        )
        return Arm(events, cause, outcome, effects)

    def _onset(self, effects: Effects | None) -> Onset:
        """Return the state at month 0; a presymptomatic treatment needs the silent phase anew."""
        if effects is None or not ((effects.start < 0) & (effects.size > 0)).any():
            return self.onset
        found = self.engine.silent(self.chunk.luck, self.chunk.physics, effects, self.onset)
        untouched = _untouched(found, self.onset, effects)
        return found._replace(region=np.where(untouched, self.onset.region, -1))


def _untouched(found: Onset, untreated: Onset, effects: Effects) -> BoolArray:
    """Say who is at month 0 as without treatment [patient]: no neuron spared, no strength added."""
    dose = dose_at(effects, np.arange(len(untreated.region)), -1)
    states = ("q", "oxidative", "survival", "exposure", "graft")
    same = [(getattr(found, name) == getattr(untreated, name)).all(axis=0) for name in states]
    same += [found.inflammation == untreated.inflammation]
    unaided = (np.asarray(dose.compensation) == 0) & (np.asarray(dose.strength) == 0)
    return np.asarray(np.logical_and.reduce(same) & unaided)


def _by_start(treatment: Treatment) -> list[list[Effect]]:
    """Group effects by what starts them: months first, then each event in order of appearance."""
    groups: dict[str, list[Effect]] = {"month": []}
    for effect in treatment.effects:
        name = "month" if effect.start in ("month", "onset") else effect.start
        groups.setdefault(name, []).append(effect)
    return [group for group in groups.values() if group]


def try_out(engine: Engine) -> None:
    """Run two patients through every path of an engine, so that it is loaded and compiled."""
    scenario = load_scenario("reference").record
    physics = compile_world(scenario.world)
    run_arms(scenario, Chunk.draw(scenario, physics, np.arange(2), engine), engine, False, False)
