"""Results as columns for a file: one row a step of a curve, a person, or a month of a person."""

from collections.abc import Sequence

import numpy as np

from alssim.model.simulate import Simulation
from alssim.present.data_files import Columns
from alssim.present.tables import make_table
from alssim.studies.comparison import Comparison


def curves(comparison: Comparison) -> Columns:
    """Return survival curves: arm, month, share alive with its 95 % limits, people at risk."""
    rows = [
        (arm, round(month, 4), round(alive, 6), round(low, 6), round(high, 6), risk)
        for arm, curve in zip(comparison.arms, comparison.curves, strict=True)
        for month, alive, low, high, risk in zip(
            curve.times.tolist(),
            curve.survival.tolist(),
            curve.lower.tolist(),
            curve.upper.tolist(),
            curve.at_risk.tolist(),
            strict=True,
        )
    ]
    names = ("arm", "month", "alive", "low_95", "high_95", "at_risk")
    return _columns(names, rows)


def people(comparison: Comparison) -> Columns:
    """Return one row a virtual patient and arm: months followed, whether died, months gained."""
    rows = [
        (arm, patient, round(time, 4), int(ended), round(gain, 4))
        for k, arm in enumerate(comparison.arms)
        for patient, time, ended, gain in zip(
            np.asarray(comparison.members).tolist(),
            comparison.time[k].tolist(),
            comparison.ended[k].tolist(),
            comparison.gain[k].tolist(),
            strict=True,
        )
    ]
    return _columns(("arm", "patient", "months", "died", "months_gained"), rows)


def visits(people: Simulation, patient: int) -> Columns:
    """Return the monthly visits of one virtual person, as ``alssim run`` writes them."""
    whole = make_table(people.scenario, people, "visits").listed()
    own = [place for place, number in enumerate(whole["patient"]) if number == patient]
    return {name: [values[place] for place in own] for name, values in whole.items()}


def _columns(names: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> Columns:
    return dict(zip(names, zip(*rows, strict=True), strict=True))
