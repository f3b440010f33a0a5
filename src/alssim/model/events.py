"""Event months from what the engine found: care, milestones of the scales, death and its cause."""

import numpy as np
from numpy.typing import NDArray

from alssim.model.anatomy import ARMS, BULBAR, LEGS, REGION_COUNT, REGIONS, RESPIRATORY, TRUNK
from alssim.model.hazards import death_times, gastrostomy_need, niv_need
from alssim.model.ledger import BREATHING, DIAGNOSIS, Outcome
from alssim.model.patients import BoolArray
from alssim.model.physics import SIGNAL, Physics
from alssim.model.state import Effects, Luck, Onset

FloatArray = NDArray[np.float64]

CAUSES = (
    "alive",
    "respiratory",
    "aspiration",
    "other",
    "ventilation",
    "ventilation_stopped",
    "treatment",
)
EVENTS = (
    "pathology_start",
    "early_loss",
    "onset",
    *(f"weakness_{region}" for region in REGIONS),
    "diagnosis",
    "marked_weakness",
    "second_region",
    "third_region",
    "speech_lost",
    "most_paralysed",
    "gastrostomy_need",
    "gastrostomy",
    "niv_need",
    "niv",
    "niv_22h",
    "tracheostomy",
    "hospice",
    "treatment_start",
    "complication",
    "death",
)
EVENT = {name: row for row, name in enumerate(EVENTS)}
# Names by which a milestone of a scale is known; computed from the events above when asked for.
KINGS_EVENTS = {
    "kings_1": "onset",
    "kings_2a": "diagnosis",
    "kings_2b": "second_region",
    "kings_3": "third_region",
    "kings_4a": "gastrostomy_need",
    "kings_4b": "niv_need",
    "kings_5": "death",
}
DOCS_EVENTS = {
    "docs_1": "onset",
    "docs_2": "diagnosis",
    "docs_3": "marked_weakness",
    "docs_4": "second_region",
    "docs_6": "gastrostomy_need",
    "docs_7": "niv_need",
    "docs_8": "death",
}


def resolve(
    outcome: Outcome,
    onset: Onset,
    luck: Luck,
    physics: Physics,
    effects: Effects | None,
    hospice: BoolArray,
    months: int,
    treatment_start: FloatArray | None = None,
    complication: FloatArray | None = None,
    latent: bool = False,
) -> tuple[FloatArray, NDArray[np.int8]]:
    """Return event months [event, patient], NaN where never, and the cause of death [patient].

    Nothing happens after death, unless ``latent`` asks for the course as if death did not stop it.
    """
    count = len(luck.pace)
    harm = effects.harm if effects is not None else np.inf
    by_cause = death_times(luck, physics, np.arange(count), outcome.signals, outcome.times, harm)
    death = by_cause.min(axis=0)
    died = death <= months
    found = _milestones(outcome, luck, hospice) | silent_milestones(onset, physics)
    nothing = np.full(count, np.inf)
    found["treatment_start"] = nothing if treatment_start is None else treatment_start
    found["complication"] = nothing if complication is None else complication
    found["diagnosis"] = outcome.times[DIAGNOSIS]
    found["death"] = death
    table = np.array([found[name] for name in EVENTS])
    table[table > months] = np.nan
    if not latent:
        table[table > death] = np.nan
    cause = np.where(died, by_cause.argmin(axis=0) + 1, 0).astype(np.int8)
    return table, cause


def _milestones(outcome: Outcome, luck: Luck, hospice: BoolArray) -> dict[str, FloatArray]:
    signals = outcome.signals
    weakness = signals[:REGION_COUNT]
    kings = kings_regions(weakness)
    niv_needed, tube_needed = niv_need(signals), gastrostomy_need(signals)
    niv = np.where(luck.niv, niv_needed, np.inf)
    tracheostomy = np.where(luck.tracheostomy, outcome.times[BREATHING], np.inf)
    all_day = np.maximum(niv, signals[SIGNAL["all_day"]])
    return {
        "onset": weakness.min(axis=0),
        **{f"weakness_{region}": weakness[r] for r, region in enumerate(REGIONS)},
        "marked_weakness": signals[SIGNAL["marked"]],
        "second_region": kings[1],
        "third_region": kings[2],
        "speech_lost": signals[SIGNAL["speech_lost"]],
        "most_paralysed": signals[SIGNAL["most_paralysed"]],
        "gastrostomy_need": tube_needed,
        "gastrostomy": np.where(luck.gastrostomy, tube_needed, np.inf),
        "niv_need": niv_needed,
        "niv": niv,
        "niv_22h": np.where(all_day < tracheostomy, all_day, np.inf),
        "tracheostomy": tracheostomy,
        "hospice": np.where(hospice, signals[SIGNAL["hospice"]], np.inf),
    }


def silent_milestones(onset: Onset, physics: Physics) -> dict[str, FloatArray]:
    """Return the months, below 0, of the first pathology and of the first twentieth of a pool lost.

    Where no pool has lost so much before the first symptom, the second is never (inf).
    """
    silence = (onset.steps + onset.part) / physics.steps
    early = np.minimum((onset.early + 1) / physics.steps - silence, 0.0)
    return {"pathology_start": -silence, "early_loss": np.where(onset.early < 0, np.inf, early)}


def kings_regions(weakness: FloatArray) -> FloatArray:
    """Return when the first, second, ... King's region became weak [order, patient], ascending.

    Either arm is the upper limb, either leg the lower limb, breathing the diaphragm; the trunk is
    no King's region (Roche 2012, 10.1093/brain/awr351).
    """
    return np.sort(
        np.array(
            [
                weakness[BULBAR],
                weakness[list(ARMS)].min(axis=0),
                weakness[list(LEGS)].min(axis=0),
                weakness[RESPIRATORY],
            ]
        ),
        axis=0,
    )


def months_of(table: FloatArray, event: str) -> FloatArray:
    """Return the months of an event or milestone [..., patient] from a table [..., event, patient].

    Raises ``KeyError`` for an unknown name.
    """
    if (
        event == "docs_5"
    ):  # the third region, or a weak trunk after a second one, whichever is first
        second, third = months_of(table, "second_region"), months_of(table, "third_region")
        trunk = np.maximum(months_of(table, f"weakness_{REGIONS[TRUNK]}"), second)
        return np.fmin(third, trunk)
    name = KINGS_EVENTS.get(event) or DOCS_EVENTS.get(event) or event
    return np.asarray(table[..., EVENT[name], :])


EVENT_NAMES = (*EVENTS, *KINGS_EVENTS, *(f"docs_{stage}" for stage in range(1, 9)))
