"""How long virtual trials take: 1,000 trials of 2 x 100 people with a mixed model of the slope.

Goal: under 60 s on 2 cores, gathering the people included.

    python -m benchmarks.trials [--replicates N] [--per-arm N]
"""

import argparse
import platform
import time
from dataclasses import replace

from alssim.model.backend import warm_up
from alssim.parameters import load_trial
from alssim.studies.trial import gather, plan, replicate
from alssim.studies.trial.replicates import replicate_fresh

GOAL = 60.0


def main() -> None:
    """Time the steps and print them."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("--replicates", type=int, default=1000)
    reader.add_argument("--per-arm", type=int, default=100)
    asked = reader.parse_args()
    design = load_trial("two-arms", {"per_arm": asked.per_arm}).record
    warm_up()
    print(f"{platform.machine()}, Python {platform.python_version()}")
    start = time.perf_counter()
    pool = gather(plan(design))
    gathered = time.perf_counter() - start
    print(f"{len(pool):,} people fit for the trial gathered: {gathered:.1f} s")
    for endpoint in design.endpoints:
        one = replace(design, endpoints=(endpoint,))
        start = time.perf_counter()
        replicate(pool, asked.replicates, one)
        spent = time.perf_counter() - start
        each = 1000 * spent / asked.replicates
        print(f"{asked.replicates:,} trials, {endpoint.name}: {spent:.1f} s ({each:.1f} ms each)")
        if endpoint is design.endpoints[0]:
            print(f"  with the people: {gathered + spent:.1f} s (goal: {GOAL:.0f} s)")
    one = replace(design, endpoints=design.endpoints[:1])
    start = time.perf_counter()
    replicate_fresh(plan(one), max(2, asked.replicates // 10))
    spent = 10 * (time.perf_counter() - start)
    print(
        f"{asked.replicates:,} trials, {one.endpoints[0].name}, fresh people: about {spent:.0f} s"
    )


if __name__ == "__main__":
    main()
