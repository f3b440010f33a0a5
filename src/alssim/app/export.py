"""Comparisons as CSV text, one row a step of a curve or a person."""

import csv
import io
from collections.abc import Iterable, Sequence

from alssim.studies.comparison import Comparison


def curves(comparison: Comparison) -> str:
    """Write survival curves: arm, month, share alive with its 95 % limits, people at risk."""
    rows = (
        (arm, f"{month:.4f}", f"{alive:.6f}", f"{low:.6f}", f"{high:.6f}", risk)
        for arm, curve in zip(comparison.arms, comparison.curves, strict=True)
        for month, alive, low, high, risk in zip(
            curve.times, curve.survival, curve.lower, curve.upper, curve.at_risk, strict=True
        )
    )
    return _csv(("arm", "month", "alive", "low_95", "high_95", "at_risk"), rows)


def people(comparison: Comparison) -> str:
    """Write one row a virtual patient and arm: months followed, whether ended, months gained."""
    rows = (
        (arm, patient, f"{time:.4f}", int(ended), f"{gain:.4f}")
        for k, arm in enumerate(comparison.arms)
        for patient, time, ended, gain in zip(
            comparison.members,
            comparison.time[k],
            comparison.ended[k],
            comparison.gain[k],
            strict=True,
        )
    )
    return _csv(("arm", "patient", "months", "died", "months_gained"), rows)


def _csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return out.getvalue()
