"""Pools of people fit for a trial, gathered once and shared by the tests."""

from dataclasses import replace
from functools import cache

from alssim.parameters import load_trial
from alssim.parameters.reading import Upload
from alssim.parameters.trial import Trial
from alssim.studies.trial.plan import plan, without_effect
from alssim.studies.trial.pool import Pool, gather

EVERYTHING = """
treatment = "slowing-from-diagnosis"
per_arm = 60
pool = 600
lead_in = 3
follow_up = 9
visit_every = 3
dropout = 0.02
[entry]
age_least = 40
age_most = 75
months_most = 30
capacity_least = 60
score_least = 25
item_least = 1
lead_in_loss_least = -2
lead_in_loss_most = 9
"""
BETTER = 0.3  # points per month: enough responders for a test of shares to keep its level
ROWS = {
    "slope": ("slope", "mixed"),
    "change": ("change", "ancova"),
    "death": ("survival", "logrank"),
    "ratio": ("survival", "cox"),
    "alive": ("survival", "milestone"),
    "cafs": ("cafs", "ancova"),
    "ranks": ("cafs", "wilcoxon"),
    "kings": ("kings", "shares"),
    "stages": ("kings", "logrank"),
    "responders": ("responders", "shares"),
    "marker": ("biomarker", "ancova"),
}


def everything() -> Trial:
    """Return a trial with every kind of endpoint and analysis but the slow joint model."""
    rows = "".join(
        f'[[endpoints]]\nname="{name}"\nkind="{kind}"\nanalysis="{way}"\nbetter={BETTER}\n'
        for name, (kind, way) in ROWS.items()
    )
    return load_trial(Upload("everything.toml", EVERYTHING + rows)).record


@cache
def pool(null: bool = False) -> Pool:
    """Return the people of that trial; ``null``: the treatment does nothing."""
    design = without_effect(everything()) if null else everything()
    return gather(plan(design))


def changed(given: Pool, **changes: object) -> Trial:
    """Return a pool's trial with some values changed."""
    return replace(given.trial, **changes)  # type: ignore[arg-type]
