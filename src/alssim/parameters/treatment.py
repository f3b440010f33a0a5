"""Parameters of a hypothetical treatment: unit, range and meaning."""

from dataclasses import dataclass, field
from typing import Annotated

from alssim.parameters.checking import Checked
from alssim.quantity import Choice, Quantity, Text

SHORTEST = 0.05  # months between doses, or in which an effect wanes by half
TARGETS = (
    "progression",
    "neuron_loss",
    "inflammation",
    "oxidative_stress",
    "pathology",
    "spread",
    "compensation",
    "strength",
    "replacement",
    "hazard_ratio",
)
STARTS = (
    "month",
    "onset",
    "diagnosis",
    "kings_2a",
    "kings_2b",
    "kings_3",
    "kings_4a",
    "kings_4b",
    "docs_2",
    "docs_3",
    "docs_4",
    "docs_5",
    "docs_6",
    "docs_7",
)
EVIDENCE = (
    "approved",
    "trials found benefit",
    "trials found no benefit",
    "mixed",
    "animals only",
    "claimed, untested",
    "textbook",
    "none",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect(Checked):
    """One action of a treatment on one part of the disease."""

    target: Annotated[str, Choice(TARGETS, "what the effect changes")]
    size: Annotated[
        float,
        Quantity(
            "share",
            0,
            1,
            "share of the rate (or strength, or lost units) that the full effect removes or gives",
        ),
    ]
    start: Annotated[
        str, Choice(STARTS, "what starts it: an event of this person without it, or a month")
    ] = "onset"
    month: Annotated[
        float, Quantity("months", -600, 600, "with start = month: months since the first symptom")
    ] = 0.0
    delay: Annotated[
        float, Quantity("months", 0, 120, "months from the start until the effect begins")
    ] = 0.0
    ramp: Annotated[
        float, Quantity("months", 0, 120, "months from there to the full effect, linear")
    ] = 0.0
    duration: Annotated[
        float, Quantity("months", 0, 600, "months that the effect lasts; 600: it lasts")
    ] = 600.0
    half_life: Annotated[
        float, Quantity("months", 0, 600, "months in which it wanes by half; 0: it does not wane")
    ] = 0.0
    repeat_every: Annotated[
        float,
        Quantity("months", 0, 600, "months between repeat doses, which restore it; 0: one dose"),
    ] = 0.0
    responders: Annotated[float, Quantity("share", 0, 1, "share of patients in whom it works")] = (
        1.0
    )
    stopping: Annotated[float, Quantity("per month", 0, 1, "chance a month of stopping it")] = 0.0
    carriers: Annotated[str, Choice(("any", "sod1"), "in whom it can act")] = "any"

    def problems(self) -> list[str]:
        """Times that are not 0 must be long enough to be stepped through."""
        given = {"repeat_every": self.repeat_every, "half_life": self.half_life}
        return [
            f"{name} = {months:g} must be 0 or at least {SHORTEST:g} months"
            for name, months in given.items()
            if 0 < months < SHORTEST
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Harms(Checked):
    """What a treatment can do wrong."""

    procedure_death: Annotated[
        float, Quantity("probability", 0, 1, "chance of dying of the procedure, at the start")
    ] = 0.0
    procedure_complication: Annotated[
        float, Quantity("probability", 0, 1, "chance of a serious complication that is survived")
    ] = 0.0
    extra_hazard: Annotated[
        float, Quantity("per month", 0, 1, "death hazard added from the start on")
    ] = 0.0
    extra_hazard_months: Annotated[
        float, Quantity("months", 0, 600, "how long the added hazard lasts")
    ] = 0.0

    def problems(self) -> list[str]:
        """An added hazard and the time that it lasts come together."""
        if (self.extra_hazard == 0) == (self.extra_hazard_months == 0):
            return []
        return ["extra_hazard and extra_hazard_months come together: give both, or neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost(Checked):
    """What a treatment costs."""

    once: Annotated[float, Quantity("money", 0, 1e8, "paid once, at the start")] = 0.0
    per_month: Annotated[
        float, Quantity("money per month", 0, 1e7, "paid each month from the start on")
    ] = 0.0
    currency: Annotated[str, Text("currency of both")] = "EUR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment(Checked):
    """A hypothetical treatment: what is claimed, what was found, and its effects."""

    name: Annotated[str, Text("short name: the file's name")]
    title: Annotated[str, Text("name for people")]
    summary: Annotated[str, Text("what it is, in a sentence or two", lines=True)] = ""
    claim: Annotated[str, Text("what is claimed", lines=True)] = ""
    found: Annotated[str, Text("what trials found", lines=True)] = ""
    hypothetical: Annotated[str, Text("what is assumed about the effect", lines=True)] = ""
    drug: Annotated[str, Text("its drug, where usual care may hold the same one")] = ""
    evidence: Annotated[str, Choice(EVIDENCE, "kind of evidence")] = "none"
    route: Annotated[str, Text("how it is given")] = ""
    cell_source: Annotated[str, Text("where cells come from")] = ""
    citations: Annotated[tuple[str, ...], Text("published sources")] = ()
    effects: tuple[Effect, ...] = ()
    harms: Harms = field(default_factory=Harms)
    cost: Cost = field(default_factory=Cost)

    def problems(self) -> list[str]:
        """Harms begin with the first effect, so there must be one."""
        if self.effects or self.harms == Harms():
            return []
        return ["harms need an effect that starts them; give one, if need be of size 0"]
