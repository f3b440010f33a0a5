"""Where variation comes from: chance within a person, differences between people, parameters.

The same people (one seed) live several times with another fate (other seeds) in every member of
an ensemble. Patients are the same in all members, so members are compared patient by patient.
Variances are estimated without bias from the mean squares of this layout (patients and members
crossed, fates within both; the classical two-way analysis of variance with random effects); an
estimate below 0 is given as 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from alssim.errors import UsageError
from alssim.model.simulate import Progress
from alssim.parameters.schema import Scenario
from alssim.statistics.followup import FloatArray
from alssim.studies.lives import Lives

FEWEST, MOST_FATES = 2, 1_000


@dataclass(frozen=True, slots=True)
class Variation:
    """Variance of one number by where it comes from, in squared units of that number.

    mean        over everything
    within      of one person in one member: another fate
    between     between people, in one member
    parameters  between members; not-a-number for a single one
    error       standard error of the mean of one cohort of this size, one fate each: Monte Carlo.
                It falls with the number of patients; the others do not
    """

    mean: float
    within: float
    between: float
    parameters: float
    error: float
    patients: int
    fates: int
    members: int

    @property
    def shares(self) -> tuple[float, float, float]:
        """Shares 0-1 within people, between people, and of the parameters; they add up to 1.

        0 for all where nothing varies.
        """
        parts = np.nan_to_num([self.within, self.between, self.parameters])
        whole = float(parts.sum())
        within, between, parameters = (parts / whole if whole > 0 else parts).tolist()
        return within, between, parameters


def split_variation(values: FloatArray) -> Variation:
    """Split the variance of ``values`` [member, patient, fate] by its origin.

    Raises ``UsageError`` with fewer than two patients or two fates, or unknown values.
    """
    if values.ndim != 3 or min(values.shape[1:], default=0) < FEWEST:
        raise UsageError(
            "variation needs at least 2 patients and 2 fates; "
            f"values [member, patient, fate] have the shape {values.shape}"
        )
    if np.isnan(values).any():
        raise UsageError("variation needs values that are known for every patient")
    members, patients, fates = values.shape
    person = values.mean(axis=2)
    within = float(values.var(axis=2, ddof=1).mean())
    spread = float(person.var(axis=1, ddof=1).mean())
    between = max(spread - within / fates, 0.0)
    return Variation(
        float(values.mean()),
        within,
        between,
        _between_members(person),
        sqrt((within + between) / patients),
        patients,
        fates,
        members,
    )


def _between_members(person: FloatArray) -> float:
    """Return the variance between members of means over patients [member, patient].

    What all patients of a member share, less what chance makes of patients that react each in
    their own way: (mean square of members - mean square of the interaction) / patients.
    """
    members, patients = person.shape
    if members < FEWEST:
        return float("nan")
    by_member, by_patient = person.mean(axis=1), person.mean(axis=0)
    rest = person - by_member[:, None] - by_patient + person.mean()
    interaction = float(np.sum(rest**2)) / ((members - 1) * (patients - 1))
    spread = float(np.var(by_member, ddof=1))
    found: float = max(spread - interaction / patients, 0.0)
    return found


def redrawn(
    members: Sequence[Scenario],
    fates: int,
    measure: Callable[[Scenario], FloatArray],
    progress: Progress | None = None,
) -> FloatArray:
    """Return a measure of the same people with several fates [member, ..., patient, fate].

    ``measure`` simulates a scenario and returns one number for each of its patients, such as
    months lived or gained [patient], or several such rows [..., patient]. Fate k of a member has
    the seed of its scenario plus k. ``progress`` counts simulations.
    Raises ``UsageError`` for fewer than two fates or more than a thousand, and for no members.
    """
    if not FEWEST <= fates <= MOST_FATES:
        raise UsageError(f"fates = {fates}; allowed: {FEWEST} to {MOST_FATES:,}")
    if not members:
        raise UsageError("variation needs at least one member")
    rows: list[list[FloatArray]] = []
    for member in members:
        rows.append([])
        for k in range(fates):
            rows[-1].append(measure(replace(member, fate=member.fate + k)))
            if progress is not None:
                progress((len(rows) - 1) * fates + k + 1, len(members) * fates)
    return np.moveaxis(np.array(rows, np.float64), 1, -1)


def lived_and_gained(lives: Lives) -> FloatArray:
    """Return months from the first symptom [arm, patient]: lived, and gained in further arms.

    Row 0 is survival with usual care; row k is what arm k adds to it for the same patient. Who is
    alive at the end of the simulation has lived until then.
    """
    lived = np.nan_to_num(lives.months("death"), nan=float(lives.scenario.horizon))
    return np.concatenate([lived[:1], lived[1:] - lived[0]])
