"""One measurement of one target: the cohorts that it needs, its sample and its statistic."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from alssim.studies.validation.cohorts import Cohorts
from alssim.studies.validation.estimates import (
    NORMAL_95,
    Parts,
    Sample,
    Statistic,
    errors,
)


class Measurement(NamedTuple):
    """How a target is measured.

    ``needs`` names the cohorts; ``sample`` takes from them what the statistic needs, one row a
    patient, filtered as the source's population was. ``behind`` gives the number that decides
    whether a statement holds.
    """

    target: str
    needs: tuple[str, ...]
    sample: Callable[[Cohorts], Sample]
    statistic: Statistic
    behind: Statistic | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found for a target, with its 95 % Monte-Carlo intervals.

    values   one number; or centre, lower and upper end; or mean and SD
    low, high  limits of each number: a normal interval with a bootstrap standard error
    error    standard error of each number
    patients   patients in the sample
    behind   of a statement: the number that decides it, with its limits
    """

    values: Parts
    low: Parts
    high: Parts
    error: Parts
    patients: int
    behind: Parts = ()


def values(measurement: Measurement, cohorts: Cohorts) -> Parts:
    """Return what a target measures, without intervals: quick, for fitting."""
    return measurement.statistic(measurement.sample(cohorts))


def measure(measurement: Measurement, cohorts: Cohorts) -> Measured:
    """Measure one target on cohorts that are there already."""
    sample = measurement.sample(cohorts)
    values = measurement.statistic(sample)
    error = errors(sample, measurement.statistic, values)
    return Measured(
        values=values,
        low=tuple(v - NORMAL_95 * e for v, e in zip(values, error, strict=True)),
        high=tuple(v + NORMAL_95 * e for v, e in zip(values, error, strict=True)),
        error=error,
        patients=len(sample[0]),
        behind=_behind(measurement, sample),
    )


def _behind(measurement: Measurement, sample: Sample) -> Parts:
    if measurement.behind is None:
        return ()
    value = measurement.behind(sample)
    room = NORMAL_95 * errors(sample, measurement.behind, value)[0]
    return value[0], value[0] - room, value[0] + room
