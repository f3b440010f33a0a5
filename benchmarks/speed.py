"""Measure the engine and the way from neurons to tables, in one command.

    python benchmarks/speed.py [--quick]

CPU time, medians of interleaved rounds, one core. Ratios are firmer than seconds: the floor is
measured in the same rounds on the same core. Nothing here is a test.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import cast

import numpy as np
from numpy.typing import NDArray

from alssim.model.arms import Chunk, run_arms
from alssim.model.backend import NUMPY, Engine, has_numba, numba_engine
from alssim.model.physics import compile_world
from alssim.parameters import load_scenario
from alssim.parameters.schema import Effect, Scenario, Treatment

PAIRS = 16384  # the tail of slow courses is shared by many, as in a large cohort
FloatArray = NDArray[np.float64]
# A step: 14 pools, exposure of 7 of them, function and events.
MULTIPLICATIONS = 14 * 22 + 7 * 14 + 60
WORDS = 751  # random words of a patient: traits, thresholds, and 2,800 neurons of 16 bits
CHAIN = 64  # multiplications of a number between one load and one store
GOAL = {"numba": 80.0, "numpy": 400.0}  # microseconds a pair


def pair_scenario() -> Scenario:
    """Return an untreated arm and one treated from month 12, under usual care."""
    scenario = load_scenario("reference").record
    effect = Effect(target="neuron_loss", size=0.3, start="month", month=12.0)
    drug = Treatment(name="drug", title="drug", effects=(effect,))
    return replace(scenario, arms=(*scenario.arms, drug))


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of a piece of work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def run_pairs(scenario: Scenario, engine: Engine, pairs: int) -> list[object]:
    """Luck, neurons, function and events of so many pairs; no tables, no visits."""
    physics = compile_world(scenario.world)
    found: list[object] = []
    for start in range(0, pairs, engine.chunk):
        numbers = np.arange(start, min(start + engine.chunk, pairs))
        chunk = Chunk.draw(scenario, physics, numbers, engine)
        found.append(run_arms(scenario, chunk, engine, False, False))
    return found


def steps_of_a_pair(engine: Engine) -> float:
    """Return the mean number of steps that a pair takes, silent phase included once."""
    scenario = replace(pair_scenario(), patients=512)
    physics = compile_world(scenario.world)
    chunk = Chunk.draw(scenario, physics, np.arange(512), engine)
    onset = engine.silent(chunk.luck, physics)
    deaths = np.array([arm.events[-1] for arm in run_arms(scenario, chunk, engine, False, False)])
    lived = np.ceil(np.where(np.isnan(deaths), scenario.horizon, deaths)) * physics.steps
    return float(onset.steps.mean() + lived.sum(axis=0).mean())


def peak_kernel() -> Callable[[FloatArray], None]:
    """Return a loop that multiplies numbers in registers: in numba, or numpy without it."""
    if not has_numba():
        return lambda a: np.multiply(a, 1.0000001, out=a)  # type: ignore[return-value]
    from numba import njit

    def multiply(a):  # type: ignore[no-untyped-def]
        for i in range(len(a)):
            x = a[i]
            for _ in range(CHAIN):
                x = x * 1.0000001
            a[i] = x

    return cast(Callable[[FloatArray], None], njit(multiply))


def multiplications_per_second() -> float:
    """Return how many numbers one core multiplies in a second at its peak."""
    a, kernel, rounds = np.ones(4096), peak_kernel(), 500
    kernel(a)
    seconds = min(cpu(lambda: [kernel(a) for _ in range(rounds)]) for _ in range(5))
    return rounds * len(a) * (CHAIN if has_numba() else 1) / seconds


def luck_of_a_pair() -> float:
    """Return the seconds that the generator alone needs for the random words of a patient."""
    stream, pairs = np.random.Philox(1), 2000
    return min(cpu(lambda: stream.random_raw(WORDS * pairs)) for _ in range(3)) / pairs


def floor(steps: float) -> float:
    """Return the least microseconds a pair could take: random words and multiplications."""
    return 1e6 * (luck_of_a_pair() + steps * MULTIPLICATIONS / multiplications_per_second())


def report_engine(rounds: int) -> None:
    """Print microseconds per pair for each back end, with goal, floor and ratio."""
    scenario, engines = pair_scenario(), [NUMPY, *([numba_engine()] if has_numba() else [])]
    for engine in engines:
        run_pairs(scenario, engine, 64)
    steps = steps_of_a_pair(engines[-1])
    times: dict[str, list[float]] = {engine.name: [] for engine in engines}
    floors = []
    for _ in range(rounds):
        floors.append(floor(steps))
        for engine in engines:
            work = partial(run_pairs, scenario, engine, PAIRS)
            times[engine.name].append(1e6 * cpu(work) / PAIRS)
    print(f"engine, untreated + treated pair, {steps:.0f} steps, {PAIRS} pairs, {rounds} rounds")
    print(f"  floor  {median(floors):7.1f} us a pair (random words + multiplications)")
    for name, found in times.items():
        ratio = median([t / f for t, f in zip(found, floors, strict=True)])
        print(
            f"  {name:6s} {median(found):7.1f} us a pair ({min(found):.1f} to {max(found):.1f}), "
            f"{ratio:.1f} x floor; goal {GOAL[name]:.0f}"
        )


SETTINGS = "{'arms': ['untreated', 'msc-claimed']}"
TWO_ARMS = f"s = alssim.load_scenario('claim-versus-trial', {SETTINGS})"
COMMANDS = {
    "1,000 x 2 from process start to tables and curves, s (goal 1.5)": (
        f"import alssim; {TWO_ARMS}\n"
        "from alssim.present.table_files import write_tables\n"
        "r = alssim.simulate(s, patients=1000); alssim.compare(r)\n"
        "write_tables('out', s, [r], r.record)"
    ),
    "100,000 x 2, 2 threads, s (goal 30)": (
        f"import alssim; {TWO_ARMS}; alssim.simulate(s, patients=100_000, threads=2)"
    ),
    "1,000,000 patients' events, 2 threads (goal 1024 MiB)": (
        "import alssim; s = alssim.load_scenario('reference')\n"
        "alssim.simulate(s, patients=1_000_000, threads=2)"
    ),
}


# Linux counts what the parent held at its fork to ru_maxrss; VmHWM begins anew with the program.
PRINT_PEAK = """
import resource
from pathlib import Path
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
peaks = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
print(peaks[0] if peaks else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def report_commands(quick: bool) -> None:
    """Print wall seconds and peak memory of whole processes."""
    for title, code in list(COMMANDS.items())[: 1 if quick else None]:
        with tempfile.TemporaryDirectory() as folder:
            seconds, mib = whole_process(code, Path(folder))
        print(f"{title}: {seconds:.2f} s, peak {mib:.0f} MiB")


def whole_process(code: str, folder: Path) -> tuple[float, float]:
    """Run code in a process of its own; return wall seconds and peak memory in MiB."""
    start = time.perf_counter()
    command = [sys.executable, "-c", f"{code}\n{PRINT_PEAK}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    return time.perf_counter() - start, int(done.stdout.split()[-1]) / 1024


def report_warm() -> None:
    """Print how long neurons to tables and curves take in a warm process."""
    import alssim
    from alssim.model.backend import warm_up
    from alssim.present.table_files import write_tables

    warm_up()
    scenario = load_scenario("claim-versus-trial", {"arms": ["untreated", "msc-claimed"]}).record
    found = []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            simulation = alssim.simulate(scenario, patients=1000)
            alssim.compare(simulation)
            write_tables(folder, scenario, [simulation], simulation.record)
            found.append(time.perf_counter() - start)
    print(f"1,000 x 2, neurons to tables and curves, warm: {median(found):.3f} s (goal 0.3)")


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the large cohorts")
    quick = parser.parse_args().quick
    report_engine(3 if quick else 7)
    report_warm()
    report_commands(quick)
    print(
        f"peak of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
    )


if __name__ == "__main__":
    main()
