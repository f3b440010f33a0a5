"""Measure the hazard ratio of two arms against lifelines, and the other statistics, in one command.

    python benchmarks/survival_statistics.py [--quick]

CPU time. The two fits of each pair run one after the other on the same data, the best of three
of ours against one of theirs; they must agree to six digits. Nothing here is a test.
(Not named ``statistics``: that would hide the module of the standard library.)
"""

import argparse
import time
import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from alssim.statistics.competing import cumulative_incidence
from alssim.statistics.concordance import concordance
from alssim.statistics.cox import cox
from alssim.statistics.followup import FollowUp, follow_up
from alssim.statistics.logrank import logrank, max_combo
from alssim.statistics.means import paired_restricted_mean_difference
from alssim.statistics.medians import paired_median_difference
from alssim.statistics.proportional import proportionality
from alssim.statistics.two_arms import hazard_ratio

GOAL = 10.0  # times as fast as lifelines, 100,000 patients in each arm


def trial(per_arm: int, whole_months: bool) -> tuple[FollowUp, NDArray[np.bool_]]:
    """Draw two arms with a hazard ratio of 0.75, followed for 60 months."""
    rng = np.random.default_rng(1)
    arm = np.repeat([False, True], per_arm)
    life = np.where(arm, 36.8, 30.0) * rng.weibull(1.4, 2 * per_arm)
    life = np.ceil(life) if whole_months else life
    return follow_up(np.minimum(life, 60), life <= 60), arm


def cpu(work: Callable[[], object], rounds: int = 3) -> float:
    """Return the CPU seconds of a piece of work, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def against_lifelines(per_arm: int, whole_months: bool) -> None:
    """Print how much faster two arms are than ``lifelines.CoxPHFitter``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas
        from lifelines import CoxPHFitter
    data, arm = trial(per_arm, whole_months)
    rows = (data.time, data.event, arm)
    table = pandas.DataFrame({"time": data.time, "event": data.event, "arm": arm.astype(float)})
    ours = cpu(lambda: hazard_ratio(*rows))
    fits: list[float] = []
    theirs = cpu(
        lambda: fits.append(CoxPHFitter().fit(table, "time", "event").params_.iloc[0]), rounds=1
    )
    apart = abs(hazard_ratio(*rows).log_ratio - fits[0])
    kind = "whole months" if whole_months else "no ties"
    print(
        f"hazard ratio, {per_arm:,} per arm, {kind}: {ours:.3f} s, lifelines {theirs:.2f} s: "
        f"{theirs / ours:.0f} times as fast (goal {GOAL:.0f}); log ratios {apart:.0e} apart"
    )


def everything(per_arm: int, rounds: int) -> None:
    """Print milliseconds of each statistic for one trial."""
    data, arm = trial(per_arm, whole_months=False)
    rows, cause = (data.time, data.event, arm), np.where(data.event, 1 + arm, 0)
    first, second = data.of(~arm), data.of(arm)
    works: dict[str, Callable[[], object]] = {
        "hazard ratio, with robust error": lambda: hazard_ratio(*rows),
        "the same by the general fit": lambda: cox(*rows),
        "proportional hazards": lambda: proportionality(*rows),
        "log-rank": lambda: logrank(*rows),
        "MaxCombo": lambda: max_combo(*rows),
        "paired restricted means": lambda: paired_restricted_mean_difference(first, second, 36),
        "paired medians": lambda: paired_median_difference(first, second),
        "cumulative incidence": lambda: cumulative_incidence(data.time, cause),
        "concordance": lambda: concordance(data.time, data.event, -data.time),
    }
    print(f"milliseconds, {per_arm:,} per arm")
    for name, work in works.items():
        print(f"  {1000 * cpu(work, rounds):9.2f}  {name}")


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the patients")
    per_arm = 10_000 if parser.parse_args().quick else 100_000
    against_lifelines(per_arm, whole_months=False)
    against_lifelines(per_arm, whole_months=True)
    everything(100, rounds=50)
    everything(per_arm, rounds=1)


if __name__ == "__main__":
    main()
