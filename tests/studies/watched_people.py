"""Hand-made people as a clinic sees them: scores and deaths written down, in place of a disease."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alssim.model.events import EVENT, EVENTS
from alssim.studies.watching import Watched

NEVER = float("nan")


def people_of(
    scores: Sequence[Sequence[int]] | NDArray[np.int64],
    deaths: Sequence[float] | None = None,
    diagnosis: Sequence[float] | None = None,
    horizon: int | None = None,
) -> Watched:
    """Return people whose scores [patient, month] all fall on the first item; 48 is allowed.

    The scores of the dead are ignored. Vital capacity is twice the score.
    """
    rows = np.array(scores, np.int64)
    count, months = rows.shape
    death = np.full(count, NEVER) if deaths is None else np.array(deaths, np.float64)
    events = np.full((len(EVENTS), count), NEVER)
    events[EVENT["onset"]] = 0.0
    events[EVENT["diagnosis"]] = 0.0 if diagnosis is None else diagnosis
    events[EVENT["death"]] = death
    alive = ~(death[:, None] <= np.arange(months))
    items = np.zeros((count, months, 12), np.int8)
    items[..., 0] = np.where(alive, rows, 0)
    return Watched(
        number=np.arange(count),
        events=events,
        alive=alive,
        items=items,
        capacity=np.where(alive, 2 * rows, 0),
        horizon=months - 1 if horizon is None else horizon,
    )
