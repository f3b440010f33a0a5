"""From the patients of a sample to a number: means, shares, quantiles, survival, slopes.

A sample is a tuple of columns, one row a patient. A statistic turns it into one number, or into
several: centre, lower and upper end of a spread; or mean and SD.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alssim.randomness import uniforms, words
from alssim.statistics.survival import kaplan_meier, quantile, survival_at

FloatArray = NDArray[np.float64]
Sample = tuple[NDArray[Any], ...]
Parts = tuple[float, ...]
Statistic = Callable[[Sample], Parts]

RESAMPLES = 100
NORMAL_95 = 1.959963984540054
NOTHING = (float("nan"),)


def mean(sample: Sample) -> Parts:
    """Return the mean of the first column; of true and false, the share of the true."""
    return (float(sample[0].astype(np.float64).mean()),) if len(sample[0]) else NOTHING


def sd(sample: Sample) -> Parts:
    """Return the SD of the first column."""
    return (float(sample[0].std(ddof=1)),) if len(sample[0]) > 1 else NOTHING


def mean_and_sd(sample: Sample) -> Parts:
    """Return mean and SD of the first column."""
    return (*mean(sample), *(sd(sample) if len(sample[0]) > 1 else NOTHING))


def quantiles(values: NDArray[Any], shares: tuple[float, ...]) -> Parts:
    """Return quantiles; whole points of a scale stand for all that is rounded to them.

    The inverse of the mid-distribution function, linear between values (Ma, Genton and Parzen
    2011, Ann Inst Stat Math 63:227): smooth for scores, the usual quantile for times.
    """
    if not len(values):
        return NOTHING * len(shares)
    distinct, counts = np.unique(values.astype(np.float64), return_counts=True)
    below = (np.cumsum(counts) - 0.5 * counts) / len(values)
    return tuple(np.interp(shares, below, distinct).tolist())


def median(sample: Sample) -> Parts:
    """Return the median of the first column."""
    return quantiles(sample[0], (0.5,))


def quartiles(sample: Sample) -> Parts:
    """Return median, lower and upper quartile of the first column."""
    return quantiles(sample[0], (0.5, 0.25, 0.75))


def mean_and_range(sample: Sample) -> Parts:
    """Return the mean of the first column and the ends of its central 95 %."""
    return *mean(sample), *quantiles(sample[0], (0.025, 0.975))


def survival_median(sample: Sample) -> Parts:
    """Return the median by Kaplan-Meier: columns time and event."""
    if not len(sample[0]):
        return NOTHING
    return (quantile(kaplan_meier(sample[0], sample[1])).value,)


def survival_beyond(month: float) -> Statistic:
    """Return a statistic: the share that lives beyond a month, by Kaplan-Meier."""

    def beyond(sample: Sample) -> Parts:
        if not len(sample[0]):
            return NOTHING
        return (float(survival_at(kaplan_meier(sample[0], sample[1]), month)),)

    return beyond


def deaths_by(month: float) -> Statistic:
    """Return a statistic: the share that has died by a month, by Kaplan-Meier."""
    beyond = survival_beyond(month)
    return lambda sample: (1 - beyond(sample)[0],)


def ratio(sample: Sample) -> Parts:
    """Return the mean of the first column over the mean of the second."""
    below = sample[1].astype(np.float64).sum() if len(sample[0]) else 0.0
    return (float(sample[0].astype(np.float64).sum() / below),) if below else NOTHING


def holds(statistic: Callable[[Sample], bool]) -> Statistic:
    """Return a statistic that is 1 where a statement about the sample holds, else 0."""
    return lambda sample: (float(statistic(sample)),)


def errors(sample: Sample, statistic: Statistic, whole: Parts) -> Parts:
    """Return the standard error of each number over patients, by a bootstrap of patients.

    ``RESAMPLES`` samples of as many patients, drawn with replacement from fixed luck (Efron and
    Tibshirani 1993): the same sample always has the same error. Not-a-number for a sample of
    fewer than two patients, and where a resample has no value.
    """
    rows = len(sample[0])
    if rows < 2:
        return tuple(float("nan") for _ in whole)
    found = [statistic(tuple(column[drawn] for column in sample)) for drawn in _resamples(rows)]
    return tuple(np.array(found).std(axis=0, ddof=1).tolist())


def _resamples(rows: int) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of each resample."""
    for one in range(RESAMPLES):
        luck = uniforms(words(0, [one], "bootstrap", rows))[0]
        yield (luck * rows).astype(np.int64)
