"""Find the parameters that meet the calibration targets best: damped least squares.

Every distance is a residual; slopes are differences over a few per cent of each range, with the
same people and the same luck throughout (common random numbers), because a target is a step
function of some parameters. The optimiser is scipy's trust region for bounded least squares
(Branch, Coleman and Li 1999, SIAM J Sci Comput 21:1).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alssim.studies.calibration.journal import Journal
from alssim.studies.calibration.objective import (
    Job,
    Numbers,
    allowed_at,
    distances,
    evaluate,
    met,
    residual_slopes,
    residuals,
    rows_of,
)
from alssim.studies.calibration.plan import Plan, start
from alssim.studies.validation.judging import Allowed
from alssim.studies.workers import each

FloatArray = NDArray[np.float64]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The best parameters that were found.

    places    [free parameter]  between the bounds, 0-1
    changes   the parameters by key
    cost      half the sum of squares, at the start and at the best
    met       targets and statements that are met
    slopes    [row, free parameter]  of the residuals at the best
    allowed   what each target allows
    """

    places: FloatArray
    changes: dict[str, float]
    cost: tuple[float, float]
    met: frozenset[str]
    slopes: FloatArray
    allowed: dict[str, tuple[Allowed, ...]]


class Evaluator:
    """Evaluates places through the journal, several at a time."""

    def __init__(
        self, plan: Plan, journal: Journal, workers: int = 1, progress: Progress | None = None
    ) -> None:
        self.plan, self._journal = plan, journal
        self._workers, self._progress = workers, progress

    def job(self, places: FloatArray, seed: int | None = None, patients: int = 0) -> Job:
        """Return the evaluation of one parameter set, on the plan's cohort if no other is named."""
        plan = self.plan
        chosen = plan.seed if seed is None else seed
        return Job(plan.changes(places), patients or plan.patients, chosen, plan.targets)

    def numbers(self, jobs: list[Job], what: str) -> list[Numbers]:
        """Return what each job gives; new ones are noted as they are done."""
        found = [self._journal.find(job) for job in jobs]
        waiting = [place for place, one in enumerate(found) if one is None]
        done = len(jobs) - len(waiting)
        for place, numbers in each(evaluate, [jobs[p] for p in waiting], self._workers):
            found[waiting[place]] = numbers
            self._journal.add(jobs[waiting[place]], numbers)
            done += 1
            if self._progress is not None:
                self._progress(what, done, len(jobs))
        return [one for one in found if one is not None]


def fit(evaluator: Evaluator) -> Fit:
    """Search from the reference world on."""
    from scipy.optimize import least_squares  # takes long to load

    plan, begin = evaluator.plan, start(evaluator.plan)
    search = _Search(evaluator, begin, allowed_at(evaluator.job(begin)))
    first = float(0.5 * np.sum(search.residuals(begin) ** 2))
    found = least_squares(
        search.residuals, begin, search.slopes, bounds=(-1e-9, 1 + 1e-9), max_nfev=plan.rounds,
        xtol=1e-4, ftol=1e-3,
    )  # fmt: skip
    places = np.clip(found.x, 0.0, 1.0)
    numbers = evaluator.numbers([evaluator.job(places)], "best")[0]
    return Fit(
        places=places,
        changes=plan.changes(places),
        cost=(first, float(found.cost)),
        met=frozenset(met(search.allowed, plan, numbers)),
        slopes=np.asarray(found.jac),
        allowed=search.allowed,
    )


class _Search:
    """The function that is minimised, and its slopes.

    The slopes of the distances are differences now and then, on smaller cohorts; between, each
    evaluation corrects them along the way it went (Broyden 1965, Math Comput 19:577).
    """

    def __init__(
        self, evaluator: Evaluator, begin: FloatArray, allowed: dict[str, tuple[Allowed, ...]]
    ) -> None:
        self._evaluator, self._begin, self.allowed = evaluator, begin, allowed
        self._rows = rows_of(evaluator.plan, allowed)
        self._last: tuple[FloatArray, FloatArray] | None = None
        self._slopes: FloatArray | None = None
        self._asked = 0

    def residuals(self, places: FloatArray) -> FloatArray:
        plan = self._evaluator.plan
        far = self._far([places], "step")[0]
        self._correct(places, far)
        self._last = places.copy(), far
        pull = plan.ridge * (places - self._begin)
        return np.concatenate([residuals(plan, self._rows, far), pull])

    def slopes(self, places: FloatArray) -> FloatArray:
        plan = self._evaluator.plan
        if self._slopes is None or self._asked % plan.fresh == 0:
            self._slopes = self._differences(places)
        self._asked += 1
        far = self._far([places], "step")[0]
        bent = residual_slopes(plan, self._rows, far, self._slopes)
        return np.concatenate([bent, plan.ridge * np.eye(len(places))])

    def _far(self, points: list[FloatArray], what: str, patients: int = 0) -> list[FloatArray]:
        plan, evaluator = self._evaluator.plan, self._evaluator
        jobs = [evaluator.job(np.clip(p, 0, 1), patients=patients) for p in points]
        return [distances(plan, self.allowed, n) for n in evaluator.numbers(jobs, what)]

    def _correct(self, places: FloatArray, far: FloatArray) -> None:
        if self._slopes is None or self._last is None:
            return
        way, gained = places - self._last[0], far - self._last[1]
        if length := float(way @ way):
            self._slopes += np.outer(gained - self._slopes @ way, way) / length

    def _differences(self, places: FloatArray) -> FloatArray:
        plan = self._evaluator.plan
        moved = [places.copy() for _ in places]
        for number, point in enumerate(moved):
            point[number] += plan.step if places[number] < 0.5 else -plan.step
        here, *there = self._far([places, *moved], "slopes", plan.slope_patients)
        gaps = [point[number] - places[number] for number, point in enumerate(moved)]
        return np.array([(far - here) / gap for far, gap in zip(there, gaps, strict=True)]).T
