"""How much of the gap between the registries and the cohort before riluzole care explains."""

from dataclasses import dataclass

from alssim.studies.validation.cohorts import Cohorts
from alssim.studies.validation.estimates import survival_median
from alssim.studies.validation.living import DIAGNOSED, EARLIER, EARLIER_DIAGNOSED, ONSET
from alssim.studies.validation.targets import target

NEEDS = ("usual", "minimal")


@dataclass(frozen=True, slots=True)
class CareGap:
    """Median survival with usual and with minimal care, and the published gap, in months.

    Simulated are the same people, so their difference is due to care alone. The published gap is
    between populations: of the registries (SUR-01, SUR-03; from diagnosis SUR-04) and of the
    Danish patients of 1974 to 1986 (SUR-11; SUR-14), who differ in era and case-mix as well.
    """

    usual: float
    minimal: float
    usual_from_diagnosis: float
    minimal_from_diagnosis: float
    published: tuple[float, float]
    published_from_diagnosis: float

    @property
    def drop(self) -> float:
        """Months of median survival from onset that minimal care costs."""
        return self.usual - self.minimal

    @property
    def drop_from_diagnosis(self) -> float:
        """Months of median survival from diagnosis that minimal care costs."""
        return self.usual_from_diagnosis - self.minimal_from_diagnosis

    @property
    def explained(self) -> tuple[float, float]:
        """Share of the published gap that the drop makes up, lower and upper end."""
        narrow, wide = self.published
        return self.drop / wide, self.drop / narrow


def care_gap(cohorts: Cohorts) -> CareGap:
    """Hold minimal care against usual care in the same people."""
    registries = (target("SUR-03").value, target("SUR-01").value)
    before = target("SUR-11").value
    return CareGap(
        usual=survival_median(ONSET(cohorts))[0],
        minimal=survival_median(EARLIER(cohorts))[0],
        usual_from_diagnosis=survival_median(DIAGNOSED(cohorts))[0],
        minimal_from_diagnosis=survival_median(EARLIER_DIAGNOSED(cohorts))[0],
        published=(registries[0] - before, registries[1] - before),
        published_from_diagnosis=target("SUR-04").value - target("SUR-14").value,
    )
