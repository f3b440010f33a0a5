"""Virtual trials: who is let in, one trial and its report, thousands of replicates.

``gather`` finds people fit for a trial and follows each in both arms; ``draw`` makes trials of
them; ``analyse`` compares the arms; ``report`` tells of one trial, ``replicate`` of many.
"""

from alssim.studies.trial.drawing import Trials, draw
from alssim.studies.trial.endpoints import analyse
from alssim.studies.trial.everyone import Everyone, everyone
from alssim.studies.trial.plan import Plan, plan
from alssim.studies.trial.pool import Pool, gather
from alssim.studies.trial.replicates import Operating, replicate
from alssim.studies.trial.report import Report, report
from alssim.studies.trial.sizing import Sizing, size_for

__all__ = [
    "Everyone",
    "Operating",
    "Plan",
    "Pool",
    "Report",
    "Sizing",
    "Trials",
    "analyse",
    "draw",
    "everyone",
    "gather",
    "plan",
    "replicate",
    "report",
    "size_for",
]
