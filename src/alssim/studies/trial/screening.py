"""Who is asked, who is refused and why, and who is let in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import BULBAR
from alssim.model.arms import Arm, Chunk
from alssim.model.events import months_of
from alssim.model.function import all_items
from alssim.model.luck import accepts
from alssim.model.patients import GENETIC_FORMS, Patients
from alssim.model.visits import Examined, examine, rate, rating_noise
from alssim.parameters.schema import Scenario
from alssim.parameters.trial import Trial
from alssim.randomness import exponentials, words
from alssim.statistics.followup import BoolArray, FloatArray, IntArray

REASONS = (
    "never_asked",
    "age",
    "months",
    "capacity",
    "score",
    "item",
    "bulbar",
    "slope",
    "ventilated",
    "died_in_lead_in",
    "lead_in_loss",
)


@dataclass(frozen=True, slots=True, eq=False)
class Screened:
    """The outcome of screening some people.

    asked    how many, up to the last one let in
    refused  [reason] the first reason of each who was not let in, by REASONS
    rows     [person] rows of those let in, within the people screened
    month    [person] month of allocation since the first symptom
    rated    [person, visit, 12] items as rated at the visits up to allocation
    traits   name -> [person]
    """

    asked: int
    refused: IntArray
    rows: IntArray
    month: IntArray
    rated: NDArray[np.int8]
    traits: dict[str, FloatArray]


def screen(trial: Trial, scenario: Scenario, chunk: Chunk, usual: Arm, most: int) -> Screened:
    """Screen people who live under the control arm's care; let in at most ``most``."""
    visit, present = _first_visit(trial, scenario, chunk.patients, usual)
    before = np.array([month for month in trial.months() if month <= 0])
    month = np.where(present, visit, 0)[:, None] + trial.lead_in + before
    rated, seen = _ratings(scenario, chunk, usual, month, present)
    fails = _failures(trial, chunk.patients, usual, visit, present, rated, seen)
    reason = np.argmax(fails, axis=1)
    fit = np.flatnonzero(~fails.any(axis=1))[:most]
    asked = int(fit[-1]) + 1 if len(fit) == most else len(visit)
    refused = np.bincount(reason[:asked][fails[:asked].any(axis=1)], minlength=len(REASONS))
    return Screened(
        asked,
        refused,
        fit,
        month[fit, -1],
        rated[fit],
        _traits(scenario, chunk.patients, usual, month[:, -1], rated, seen, fit),
    )


def _first_visit(
    trial: Trial, scenario: Scenario, people: Patients, usual: Arm
) -> tuple[IntArray, BoolArray]:
    """Return the month of each person's first visit, and who comes to one."""
    since = months_of(usual.events, trial.recruitment.since)
    wait = trial.recruitment.wait * exponentials(
        words(trial.luck, people.number, "trial first visit", 1)[:, 0]
    )
    month = np.ceil(np.maximum(since + wait, 0.0))
    death = months_of(usual.events, "death")
    latest = scenario.horizon - trial.lead_in - trial.follow_up
    came = np.isfinite(month) & ~(death <= month)
    visit = np.where(came, np.minimum(np.nan_to_num(month, nan=0.0), latest + 1), 0)
    return visit.astype(np.int64), came & (visit <= latest)


def _ratings(
    scenario: Scenario, chunk: Chunk, usual: Arm, month: IntArray, present: BoolArray
) -> tuple[NDArray[np.int8], Examined]:
    """Rate the visits up to allocation of those present [person, visit, 12].

    Also what the last of them found; rows of others are 0.
    """
    row, column = np.nonzero(np.broadcast_to(present[:, None], month.shape))
    at = month[row, column]
    seen = examine(
        scenario.world,
        chunk.physics,
        chunk.patients,
        usual.outcome,
        usual.effects,
        usual.events,
        row,
        at,
    )
    noise = rating_noise(scenario.fate, chunk.patients, scenario.horizon, row, at)
    items = all_items(rate(scenario.world, seen.latent, noise), seen.twelfth, seen.tube)
    rated = np.zeros((*month.shape, 12), np.int8)
    rated[row, column] = items
    capacity = np.zeros(month.shape)
    capacity[row, column] = seen.capacity
    return rated, seen._replace(capacity=capacity)


def _failures(
    trial: Trial,
    people: Patients,
    usual: Arm,
    visit: IntArray,
    present: BoolArray,
    rated: NDArray[np.int8],
    seen: Examined,
) -> BoolArray:
    """Say who fails which criterion [person, reason]."""
    entry, first = trial.entry, rated[:, 0].astype(np.int64)
    score, bulbar = first.sum(axis=1), first[:, :3].sum(axis=1)
    loss = score - rated[:, -1].sum(axis=1, dtype=np.int64)
    allotted = visit + trial.lead_in
    slope = (48 - score) / np.maximum(visit, 1)
    aided = np.zeros(len(visit), np.bool_)
    for name in ("niv", "tracheostomy"):
        aided |= months_of(usual.events, name) <= allotted
    within = {
        "never_asked": present,
        "age": _between(people.age + visit / 12, entry.age_least, entry.age_most),
        "months": _between(visit, entry.months_least, entry.months_most),
        "capacity": seen.capacity[:, 0] >= entry.capacity_least,
        "score": _between(score, entry.score_least, entry.score_most),
        "item": first.min(axis=1) >= entry.item_least,
        "bulbar": _between(bulbar, entry.bulbar_least, entry.bulbar_most),
        "slope": _between(slope, entry.slope_least, entry.slope_most),
        "ventilated": ~aided | entry.ventilated,
        "died_in_lead_in": ~(months_of(usual.events, "death") <= allotted),
        "lead_in_loss": _between(loss, entry.lead_in_loss_least, entry.lead_in_loss_most),
    }
    return np.column_stack([~within[reason] for reason in REASONS])


def _between(values: NDArray[np.generic], low: float, high: float) -> BoolArray:
    given = np.asarray(values, np.float64)
    return np.asarray((given >= low) & (given <= high))


def _traits(
    scenario: Scenario,
    people: Patients,
    usual: Arm,
    month: IntArray,
    rated: NDArray[np.int8],
    seen: Examined,
    rows: IntArray,
) -> dict[str, FloatArray]:
    """Return who those let in are at allocation."""
    total = rated[:, -1].sum(axis=1, dtype=np.int64)
    found = {
        "age": people.age + month / 12,
        "male": people.male,
        "bulbar_onset": people.first_region == BULBAR,
        "since_onset": month,
        "since_diagnosis": month - months_of(usual.events, "diagnosis"),
        "score": total,
        "slope": (48 - total) / np.maximum(month, 1),
        "capacity": seen.capacity[:, -1],
        "riluzole": accepts(people, "riluzole", scenario.world.care.riluzole_share),
        "sod1": people.genetic_form == GENETIC_FORMS.index("sod1"),
    }
    return {name: np.asarray(values[rows], np.float64) for name, values in found.items()}
