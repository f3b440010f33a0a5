"""One virtual trial and its report: flow of patients, table of the arms, every endpoint."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alssim.statistics.followup import FloatArray
from alssim.statistics.survival import SurvivalCurve, kaplan_meier
from alssim.studies.trial.drawing import Trials, draw
from alssim.studies.trial.endpoints import Result, analyse, followed
from alssim.studies.trial.everyone import Everyone, everyone
from alssim.studies.trial.looks import Stopped, look
from alssim.studies.trial.pool import Pool
from alssim.studies.trial.screening import REASONS

SHARES = ("male", "bulbar_onset", "riluzole", "sod1")  # traits that are yes or no


@dataclass(frozen=True, slots=True)
class ArmFlow:
    """What became of the patients of one arm: each is in one of the last three groups."""

    allotted: int
    died: int
    left: int
    finished: int


@dataclass(frozen=True, slots=True)
class Flow:
    """From people asked to patients analysed.

    asked     people who would have to be asked for a trial of this size, by the pool's experience
    refused   reason -> how many of them are not let in, each by the first reason that holds
    arms      control, treated
    """

    asked: int
    refused: dict[str, int]
    arms: tuple[ArmFlow, ArmFlow]


@dataclass(frozen=True, slots=True)
class Baseline:
    """One row of the table of the arms: mean and SD of each arm, or share (SD not-a-number)."""

    trait: str
    mean: tuple[float, float]
    sd: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One endpoint of one trial; ``positive``: p lies below the significance level."""

    name: str
    kind: str
    analysis: str
    scale: str
    ratio: bool
    value: float
    low: float
    high: float
    p: float
    positive: bool
    favours: str
    control: float
    treated: float


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """One trial.

    scores   [arm, visit] mean ALSFRS-R of those seen; months [visit]
    curves   survival of each arm by the first survival endpoint's event, or death
    times    [patient] months followed for these curves, of each arm
    stopped  the interim looks; None where there are none
    everyone what the treatment does to everybody fit for the trial, where carriers were
             oversampled; else None
    """

    number: int
    flow: Flow
    baseline: tuple[Baseline, ...]
    outcomes: tuple[Outcome, ...]
    months: NDArray[np.int64]
    scores: FloatArray
    curves: tuple[SurvivalCurve, SurvivalCurve]
    times: tuple[FloatArray, FloatArray]
    stopped: Stopped | None
    everyone: Everyone | None


def report(pool: Pool, number: int = 0) -> Report:
    """Carry out one trial and tell of it; ``number`` says which of all that may be drawn."""
    trials = draw(pool, np.array([number]))
    design = pool.trial
    arms = (~trials.treated, trials.treated)
    time, event = (rows[0] for rows in _followed(trials))
    curves = [kaplan_meier(time[arm], event[arm]) for arm in arms]
    return Report(
        number=number,
        flow=_flow(pool, trials),
        baseline=_baseline(pool, trials),
        outcomes=tuple(
            outcome(analyse(trials, row), design.significance) for row in design.endpoints
        ),
        months=trials.months,
        scores=np.array([_means(trials.total[0, arm]) for arm in arms]),
        curves=(curves[0], curves[1]),
        times=(time[arms[0]], time[arms[1]]),
        stopped=look(trials) if design.looks.shares else None,
        everyone=everyone(pool),
    )


def outcome(result: Result, significance: float, replicate: int = 0) -> Outcome:
    """Return one endpoint of one trial; a logarithm is turned into a ratio."""
    found, row = result.effect, result.endpoint
    value, low, high, p = (
        float(x[replicate]) for x in (found.value, found.low, found.high, found.p)
    )
    side = np.sign(value) * result.better
    favours = "treated" if side > 0 else "control" if side < 0 else "neither"
    if result.is_ratio:
        value, low, high = (float(np.exp(x)) for x in (value, low, high))
    return Outcome(
        name=row.name,
        kind=row.kind,
        analysis=row.analysis,
        scale=result.scale,
        ratio=result.is_ratio,
        value=value,
        low=low,
        high=high,
        p=p,
        positive=p < significance,
        favours=favours,
        control=float(result.control[replicate]),
        treated=float(result.treated[replicate]),
    )


def _means(scores: FloatArray) -> FloatArray:
    seen = ~np.isnan(scores)
    count = seen.sum(axis=0)
    total = np.where(seen, scores, 0.0).sum(axis=0)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def _flow(pool: Pool, trials: Trials) -> Flow:
    design = pool.trial
    share = np.array([stratum.share for stratum in pool.plan.strata])
    each = share / share.sum() / pool.asked  # people of each kind, as they come, for one asked
    fit = float(each @ (pool.asked - pool.refused.sum(axis=1)))
    counts = design.size / fit * (each @ pool.refused)
    refused = {reason: round(count) for reason, count in zip(REASONS, counts.tolist(), strict=True)}
    end = float(design.follow_up)
    died = trials.ends["death"][0] <= np.minimum(end, trials.left[0])
    left = ~died & (trials.left[0] <= end)
    arms = [
        ArmFlow(
            int(arm.sum()),
            int((died & arm).sum()),
            int((left & arm).sum()),
            int((~died & ~left & arm).sum()),
        )
        for arm in (~trials.treated, trials.treated)
    ]
    return Flow(round(design.size / fit), refused, (arms[0], arms[1]))


def _baseline(pool: Pool, trials: Trials) -> tuple[Baseline, ...]:
    rows = []
    for name, values in pool.traits.items():
        own = values[trials.person[0]]
        groups = [own[arm] for arm in (~trials.treated, trials.treated)]
        spread = [np.nan if name in SHARES else float(g.std(ddof=1)) for g in groups]
        means = (float(groups[0].mean()), float(groups[1].mean()))
        rows.append(Baseline(name, means, (spread[0], spread[1])))
    return tuple(rows)


def _followed(trials: Trials) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return months followed and whether the event came [replicate, patient], for the curves."""
    timed = [row for row in trials.trial.endpoints if row.kind == "survival"]
    if timed:
        return followed(trials, timed[0])
    end = np.minimum(trials.left, float(trials.trial.follow_up))
    return np.minimum(trials.ends["death"], end), trials.ends["death"] <= end
