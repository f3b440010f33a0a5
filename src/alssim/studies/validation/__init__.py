"""Is the virtual patient real? Measurements of published targets, and the rule that judges them."""

from alssim.studies.validation.designs import load_designs
from alssim.studies.validation.study import Row, Tally, Validation, judge_all, validate
from alssim.studies.validation.targets import Target, load_targets

__all__ = [
    "Row",
    "Tally",
    "Target",
    "Validation",
    "judge_all",
    "load_designs",
    "load_targets",
    "validate",
]
