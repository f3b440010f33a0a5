"""How often each test of a virtual trial is positive when the treatment does nothing.

Prints a table in Markdown, one row for each analysis, with Wilson's 95 % interval where fewer than
10,000 trials are carried out. A test keeps its level within 4.4 to 5.6 of 100.

    python -m benchmarks.false_positives [--per-arm N] [--people SEED] [--replicates N] [--joint N]
        [--only NAME]
"""

import argparse
import time
from dataclasses import replace

from alssim.model.backend import warm_up
from alssim.parameters import load_trial
from alssim.parameters.reading import Upload
from alssim.parameters.trial import Trial
from alssim.present.trial_words import keeps_level
from alssim.studies.trial import Pool, gather, plan, replicate
from alssim.studies.trial.plan import without_effect

DESIGN = """
treatment = "slowing-from-diagnosis"
per_arm = {per_arm}
pool = {pool}
lead_in = 4
follow_up = 12
visit_every = 2
dropout = 0.01
[entry]
age_most = 80
months_most = 36
capacity_least = 60
"""
ROWS = {
    "log-rank": ("survival", "logrank", 1.25),
    "Cox (Wald)": ("survival", "cox", 1.25),
    "alive at the end (Kaplan-Meier)": ("survival", "milestone", 1.25),
    "slope, mixed model": ("slope", "mixed", 1.25),
    "slope, joint model": ("slope", "joint", 1.25),
    "change (ancova)": ("change", "ancova", 1.25),
    "joint rank, ancova": ("cafs", "ancova", 1.25),
    "joint rank, Wilcoxon": ("cafs", "wilcoxon", 1.25),
    "King's progression, shares": ("kings", "shares", 1.25),
    "King's progression, log-rank": ("kings", "logrank", 1.25),
    "responders, 1.25 points a month or more": ("responders", "shares", 1.25),
    "responders, 0.3 points a month or more": ("responders", "shares", 0.3),
    "neurofilament-like readout (ancova)": ("biomarker", "ancova", 1.25),
}
MANY = 10_000


def design(per_arm: int, pool: int, people: int) -> Trial:
    """Return the trial, with every analysis, of a treatment that does nothing."""
    rows = "".join(
        f'[[endpoints]]\nname="{name}"\nkind="{kind}"\nanalysis="{way}"\nbetter={better}\n'
        for name, (kind, way, better) in ROWS.items()
    )
    text = DESIGN.format(per_arm=per_arm, pool=pool) + rows
    return without_effect(load_trial(Upload("null.toml", text), {"people": people}).record)


def row(pool: Pool, name: str, replicates: int) -> str:
    """Carry out the trials with one analysis and return its row of the table."""
    endpoint = next(one for one in pool.trial.endpoints if one.name == name)
    start = time.process_time()
    found = replicate(pool, replicates, replace(pool.trial, endpoints=(endpoint,))).endpoints[0]
    share = found.power
    told = f"{100 * share.value:.2f}"
    told = told if keeps_level(found, pool.trial.significance) else f"**{told}**"
    if replicates < MANY:
        told += f" ({100 * share.low:.1f} to {100 * share.high:.1f}; {replicates:,} trials)"
    event = f"{100 * (found.control + found.treated) / 2:.0f}"
    return f"| {name} | {told} | {event} | {time.process_time() - start:.0f} s |"


def main() -> None:
    """Gather people once and print the table."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("--per-arm", type=int, default=30)
    reader.add_argument("--pool", type=int, default=4000)
    reader.add_argument("--people", type=int, default=1, help="seed of the people drawn")
    reader.add_argument("--replicates", type=int, default=MANY)
    reader.add_argument("--joint", type=int, default=2000, help="trials with the joint model")
    reader.add_argument("--only", choices=tuple(ROWS), action="append")
    asked = reader.parse_args()
    warm_up()
    pool = gather(plan(design(asked.per_arm, asked.pool, asked.people)))
    print(f"| test | positive, of 100: 2 x {asked.per_arm} people | mean, x 100 | CPU |")
    print("|---|---|---|---|")
    for name in asked.only or ROWS:
        joint = ROWS[name][1] == "joint"
        print(row(pool, name, asked.joint if joint else asked.replicates), flush=True)


if __name__ == "__main__":
    main()
