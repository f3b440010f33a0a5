"""Of how many people a share is told: a hundred, or all of them where they are fewer.

"43 of 100" of seven people would pretend to know more than was seen: it is 3 of 7.
"""

import numpy as np

MOST = 100


def told_of(patients: int) -> int:
    """Return of how many people a share of so many is told."""
    return min(patients, MOST)


def people_of(share: float, whole: int) -> int:
    """Return a share of 0-1 as whole people of so many."""
    return int(np.rint(whole * share))
