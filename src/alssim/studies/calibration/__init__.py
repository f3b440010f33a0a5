"""Calibration: the search for parameters under which the model meets the published numbers."""

from alssim.studies.calibration.ensemble import Ensemble, find_ensemble
from alssim.studies.calibration.fitting import Fit, fit
from alssim.studies.calibration.plan import Plan, load_plan

__all__ = ["Ensemble", "Fit", "Plan", "find_ensemble", "fit", "load_plan"]
