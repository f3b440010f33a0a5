"""The rows of the scratch array [row, lane] that holds what is known of the lanes.

Lanes are patients followed side by side, so that one instruction takes several of them. All rows
lie in one array: the compiler then sees that they do not overlap, and uses the vector unit. A
block of rows is named by its first row: ``Q + pool``, ``GRAFT + region``, ``DOSE + channel``.
"""

from itertools import accumulate

from alssim.model.anatomy import POOL_COUNT, REGION_COUNT
from alssim.model.ledger import EVENT_COUNT, FOLLOWED
from alssim.model.physics import SIGNALS
from alssim.model.state import CHANNELS

LANES = 16  # patients side by side: more would not fit the first-level cache


def _blocks(*sizes: int) -> list[int]:
    """Return the first row of each block, and the row after the last one."""
    return list(accumulate(sizes, initial=0))


# The state proper comes first, so that it is copied in one piece.
Q, OXIDANT, ALIVE, EXPOSED, GRAFT, INFLAMMATION, STATE_ROWS = _blocks(
    *[POOL_COUNT] * 4, REGION_COUNT, 1
)
(
    _,
    VULNERABLE,
    LIMIT,
    SEEN_Q,  # pathology as spread sees it
    BORE,
    LOST,
    ADDED,
    STRONG,  # strength of each region
    DOSE,  # what is left of each rate, by channel
    PACE,
    OWN_SPREAD,
    GROWTH,
    FACTOR,
    LOSS,
    REACH,
    OXIDATIVE_GAIN,
    FLAMES,  # what inflammation adds to the hazard
    COMMON_ROWS,
) = _blocks(STATE_ROWS, *[POOL_COUNT] * 6, REGION_COUNT, len(CHANNELS), *[1] * 8)

# The silent phase alone: state and strengths before the step, and when it ends.
_, OLD, STRONG_BEFORE, STEP, LAST_STEP, EARLY_STEP, SILENT_ROWS = _blocks(
    COMMON_ROWS, STATE_ROWS, REGION_COUNT, 1, 1, 1
)

# The course alone. By event: its month, the hazard borne before and after a step, the limit, and
# the hazard at both ends. ``VALUES + part * VALUE_ROWS``: what is followed, and the hazard ratio.
VALUE_ROWS = FOLLOWED + 1
(
    _,
    SEEN,  # month of each signal
    TIME,
    BORNE,
    BORNE_AFTER,
    BORDER,
    RATE,
    RATE_AFTER,
    MONTH,
    REGIONS,
    FIRST_STEP,
    CAPACITY_OWN,
    NIV,
    TUBE,
    NO_NIV,  # inf: declined; else 0. So are the other refusals
    NO_TUBE,
    OTHER,
    HARM,
    TRACHEOSTOMY,  # inf: takes the place of respiratory death; else 0
    NO_STOP,
    DEATH,
    VALUES,
) = _blocks(COMMON_ROWS, len(SIGNALS), *[EVENT_COUNT] * 6, *[1] * 13)
