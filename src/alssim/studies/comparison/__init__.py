"""Compare the arms of a simulation: the same virtual patients with and without a treatment.

Arms are twins, not groups: every patient lives once in each arm, with the same luck. So gains are
counted patient by patient, intervals are those of paired differences over patients, and there is
no two-sample test. All times are months on the chosen clock, which is that of the untreated twin
in every arm.

arms        curves, medians, gains, people alive;  clocks: month 0 and endpoints
effects     months, medians, hazard ratios with their window, what pairing is worth
stays       where the gained time is lived
function    ALSFRS-R and months of doing things without help, from visits
quality     quality-adjusted months, and what a year of them costs
harms       what goes wrong
currencies  one effect four times: rate of neuron loss, hazard ratio, months, people
worlds      the same question in many sets of parameters
"""

from alssim.studies.comparison.arms import LANDMARKS, MOST_ARMS, Comparison, Landmark, compare
from alssim.studies.comparison.clocks import (
    ENDPOINT_EVENTS,
    Clock,
    Endpoint,
    Followed,
    Twins,
    month_zero,
)
from alssim.studies.comparison.gains import (
    BIN_WIDTHS,
    LEVEL,
    MOST_BINS,
    NOTICEABLE,
    GainHistogram,
    GainSummary,
    gain_histogram,
)

__all__ = [
    "BIN_WIDTHS",
    "ENDPOINT_EVENTS",
    "LANDMARKS",
    "LEVEL",
    "MOST_ARMS",
    "MOST_BINS",
    "NOTICEABLE",
    "Clock",
    "Comparison",
    "Endpoint",
    "Followed",
    "GainHistogram",
    "GainSummary",
    "Landmark",
    "Twins",
    "compare",
    "gain_histogram",
    "month_zero",
]
