"""Tests of whether groups differ in survival: log-rank, weighted log-rank, MaxCombo.

For groups that share no patient. All take ties (hypergeometric variance) and late entry.
With two groups z says which way: above 0, the second group (the later label in sorted order;
``True`` after ``False``) has more events than expected.

Sources: Harrington and Fleming 1982 (Biometrika 69:553) for the weights; Lin et al. 2020 (Stat
Biopharm Res 12:187) for MaxCombo.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alssim.errors import UsageError
from alssim.statistics.contrasts import two_sided, upper_chi_squared
from alssim.statistics.followup import FloatArray, follow_up, freeze
from alssim.statistics.normal_box import chance_outside
from alssim.statistics.risk_sets import RiskSets, risk_sets, two_groups

Weight = tuple[float, float]
SINGULAR = 1e-10
COMBINED: tuple[Weight, ...] = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))


@dataclass(frozen=True, slots=True)
class GroupTest:
    """A log-rank test of two or more groups.

    labels     the groups, as words, in sorted order
    observed   events of each group
    expected   events of each group, were there no difference
    statistic  chi-squared
    degrees    of freedom: groups - 1, or fewer if some never meet at a time of an event
    p          p-value of no difference
    """

    labels: tuple[str, ...]
    observed: tuple[float, ...]
    expected: tuple[float, ...]
    statistic: float
    degrees: int
    p: float


@dataclass(frozen=True, slots=True)
class TwoGroupTest:
    """A weighted log-rank test of two groups.

    rho, gamma  weight survival^rho * (1 - survival)^gamma, of the pooled curve just before
    statistic   chi-squared with one degree of freedom: z squared
    z           above 0: the second group has more events than expected
    p           two-sided p-value of no difference
    """

    rho: float
    gamma: float
    statistic: float
    z: float
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class ComboTest:
    """The largest of several weighted log-rank tests, with a p-value that pays for choosing.

    weights      (rho, gamma) of each
    z            [weight]           statistic of each
    correlation  [weight, weight]   between them
    statistic    the z furthest from 0, in absolute value
    chosen       which weight that is
    p            two-sided p-value of no difference
    """

    weights: tuple[Weight, ...]
    z: FloatArray
    correlation: FloatArray
    statistic: float
    chosen: int
    p: float

    def __post_init__(self) -> None:
        freeze(self)


def logrank(
    time: ArrayLike, event: ArrayLike, group: ArrayLike, entry: ArrayLike | None = None
) -> GroupTest:
    """Test whether two or more groups differ in survival (log-rank).

    Parameters
    ----------
    time, event, entry : [patient], as for ``kaplan_meier``
    group : [patient] numbers, booleans or words

    Raises ``UsageError`` where ``kaplan_meier`` does, and for fewer than two groups. The p-value
    is not-a-number where no time of an event tells the groups apart.
    """
    sets = risk_sets(follow_up(time, event, entry), group)
    excess, covariance, expected = _excess(sets)
    inverse, degrees = _inverse(covariance)
    statistic = float(excess @ inverse @ excess)
    return GroupTest(
        tuple(str(label) for label in sets.labels.tolist()),
        tuple(sets.events.sum(axis=0, dtype=np.float64).tolist()),
        tuple(expected.tolist()),
        statistic,
        degrees,
        upper_chi_squared(statistic, degrees),
    )


def weighted_logrank(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    entry: ArrayLike | None = None,
    rho: float = 0.0,
    gamma: float = 0.0,
) -> TwoGroupTest:
    """Test whether two groups differ, with the weights of Fleming and Harrington.

    rho > 0 looks at early, gamma > 0 at late differences; both 0 is the log-rank test.
    """
    excess, covariance = _weighted(two_groups(follow_up(time, event, entry), group), [(rho, gamma)])
    z = float(_standardized(excess, covariance)[0])
    return TwoGroupTest(float(rho), float(gamma), z * z, z, two_sided(z))


def max_combo(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    entry: ArrayLike | None = None,
    weights: Sequence[Weight] = COMBINED,
) -> ComboTest:
    """Test whether two groups differ by the largest of several weighted log-rank tests.

    The tests are jointly normal under no difference; their correlation is estimated from the
    same data. The p-value is the chance that any of them is as large (``chance_outside``).
    """
    if not len(weights):
        raise UsageError("weights must list at least one pair (rho, gamma)")
    pairs = [(float(rho), float(gamma)) for rho, gamma in weights]
    excess, covariance = _weighted(two_groups(follow_up(time, event, entry), group), pairs)
    z, error = _standardized(excess, covariance), np.sqrt(np.diag(covariance))
    if np.isnan(z).any():
        correlation = np.full_like(covariance, np.nan)
        return ComboTest(tuple(pairs), z, correlation, float("nan"), 0, float("nan"))
    correlation = covariance / np.outer(error, error)
    chosen = int(np.argmax(np.abs(z)))
    largest = float(np.abs(z[chosen]))
    p = chance_outside(correlation, largest)
    return ComboTest(tuple(pairs), z, correlation, largest, chosen, p)


def _excess(sets: RiskSets) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return observed - expected [group], its covariance [group, group], expected [group]."""
    risk, died = sets.at_risk.astype(np.float64), sets.events.sum(axis=1)
    total = risk.sum(axis=1)
    share = risk / total[:, None]
    expected = died @ share
    spread = _hypergeometric(total, died)
    covariance = np.diag(spread @ share) - (share * spread[:, None]).T @ share
    return sets.events.sum(axis=0) - expected, covariance, expected


def _weighted(sets: RiskSets, pairs: Sequence[Weight]) -> tuple[FloatArray, FloatArray]:
    """Return the excess of the second group [weight] and its covariance [weight, weight]."""
    total = sets.at_risk.sum(axis=1).astype(np.float64)
    died = sets.events.sum(axis=1)
    share = sets.at_risk[:, 1] / total
    weight = np.array([_weight(died / total, rho, gamma) for rho, gamma in pairs])
    spread = _hypergeometric(total, died) * share * (1 - share)
    return weight @ (sets.events[:, 1] - died * share), (weight * spread) @ weight.T


def _weight(hazard: FloatArray, rho: float, gamma: float) -> FloatArray:
    """Return survival^rho * (1 - survival)^gamma just before each step [step]."""
    if not (rho >= 0 and gamma >= 0):
        raise UsageError(f"rho = {rho:g} and gamma = {gamma:g} must not be below 0")
    before = np.concatenate(([1.0], np.cumprod(1 - hazard)[:-1]))[: len(hazard)]
    return np.asarray(before**rho * (1 - before) ** gamma, np.float64)


def _hypergeometric(total: FloatArray, died: FloatArray) -> FloatArray:
    """Return the variance of events in a group, but for its share * (1 - share) [step]."""
    return np.asarray(died * (total - died) / np.maximum(total - 1, 1), np.float64)


def _standardized(excess: FloatArray, covariance: FloatArray) -> FloatArray:
    """Return excess in standard errors; not-a-number where nothing can tell the groups apart."""
    variance = np.diag(covariance)
    known = variance > 0
    root = np.sqrt(np.where(known, variance, 1.0))
    return np.asarray(np.where(known, excess / root, np.nan), np.float64)


def _inverse(covariance: FloatArray) -> tuple[FloatArray, int]:
    """Return the inverse within the rank of a covariance whose rows add up to 0, and the rank."""
    variances, axes = np.linalg.eigh(covariance)
    kept = variances > SINGULAR * max(float(variances.max()), SINGULAR)
    inverse = (axes[:, kept] / variances[kept]) @ axes[:, kept].T
    return np.asarray(inverse, np.float64), int(kept.sum())
