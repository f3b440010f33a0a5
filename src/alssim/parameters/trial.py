"""The design of a virtual trial: unit, range and meaning of every choice."""

from dataclasses import dataclass, field
from typing import Annotated

from alssim.parameters.checking import Checked
from alssim.parameters.schema import Treatment
from alssim.quantity import Choice, Flag, Quantity, Text

GENES = ("any", "sporadic", "sod1", "c9orf72", "other")
ASKED_FROM = ("diagnosis", "kings_2b", "kings_3", "kings_4a", "kings_4b")
EVENTS = ("death", "death_or_tracheostomy", "death_tracheostomy_or_niv_22h")
ANALYSES = {
    "survival": ("logrank", "cox", "milestone"),
    "slope": ("mixed", "joint"),
    "change": ("ancova",),
    "cafs": ("ancova", "wilcoxon"),
    "kings": ("shares", "logrank"),
    "responders": ("shares",),
    "biomarker": ("ancova",),
}
SPENDINGS = ("obrien-fleming", "pocock")
LONGEST = 600  # months that a patient can be followed from the first symptom
MOST_LOOKS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Recruitment(Checked):
    """When people are asked to take part."""

    since: Annotated[
        str, Choice(ASKED_FROM, "event after which people are asked; kings_4b: need for NIV")
    ] = "diagnosis"
    wait: Annotated[
        float, Quantity("months", 0, 60, "mean wait from there to the first visit (exponential)")
    ] = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Checked):
    """Who may take part, as seen at the first visit (lead-in loss: at its end)."""

    age_least: Annotated[float, Quantity("years", 0, 120, "youngest age at entry")] = 18.0
    age_most: Annotated[float, Quantity("years", 0, 120, "oldest age at entry")] = 120.0
    months_least: Annotated[
        float, Quantity("months", 0, LONGEST, "shortest time since the first symptom")
    ] = 0.0
    months_most: Annotated[
        float, Quantity("months", 1, LONGEST, "longest time since the first symptom")
    ] = 60.0
    capacity_least: Annotated[
        float, Quantity("% predicted", 0, 200, "lowest vital capacity at entry")
    ] = 0.0
    score_least: Annotated[int, Quantity("points", 0, 48, "lowest ALSFRS-R total at entry")] = 0
    score_most: Annotated[int, Quantity("points", 0, 48, "highest ALSFRS-R total at entry")] = 48
    item_least: Annotated[
        int, Quantity("points", 0, 4, "lowest score of any single ALSFRS-R item")
    ] = 0
    bulbar_least: Annotated[
        int, Quantity("points", 0, 12, "lowest sum of speech, salivation and swallowing")
    ] = 0
    bulbar_most: Annotated[
        int, Quantity("points", 0, 12, "highest sum of speech, salivation and swallowing")
    ] = 12
    slope_least: Annotated[
        float, Quantity("points per month", 0, 48, "least loss since the first symptom")
    ] = 0.0
    slope_most: Annotated[
        float, Quantity("points per month", 0, 48, "greatest loss since the first symptom")
    ] = 48.0
    lead_in_loss_least: Annotated[
        int, Quantity("points", -48, 48, "least loss during the lead-in")
    ] = -48
    lead_in_loss_most: Annotated[
        int, Quantity("points", -48, 48, "greatest loss during the lead-in")
    ] = 48
    genes: Annotated[str, Choice(GENES, "genetic form of those who may take part")] = "any"
    ventilated: Annotated[bool, Flag("whether people on a breathing aid may take part")] = False

    def problems(self) -> list[str]:
        """Every lower limit lies below its upper limit."""
        pairs = ("age", "months", "score", "bulbar", "slope", "lead_in_loss")
        return [
            f"{name}_least must not lie above {name}_most"
            for name in pairs
            if getattr(self, f"{name}_least") > getattr(self, f"{name}_most")
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blinding(Checked):
    """What knowing the treatment does to ratings."""

    blind: Annotated[bool, Flag("whether patients and raters are kept from knowing the arm")] = True
    bias: Annotated[
        float,
        Quantity(
            "points",
            -10,
            10,
            "added on average to the ALSFRS-R total of a treated patient where the arm is known",
        ),
    ] = 0.0
    guessed: Annotated[
        float,
        Quantity("share", 0, 1, "share of treated patients whose arm is guessed though blinded"),
    ] = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker(Checked):
    """A neurofilament-like readout: how fast neurons were lost some time ago. For teaching."""

    window: Annotated[
        int, Quantity("months", 1, 12, "time over which lost neurons are counted")
    ] = 3
    lag: Annotated[int, Quantity("months", 0, 12, "time by which the readout runs behind")] = 1
    floor: Annotated[
        float, Quantity("share per month", 1e-5, 0.1, "readout of a person who loses no neuron")
    ] = 0.002
    noise: Annotated[
        float, Quantity("ln", 0, 2, "spread (SD of the logarithm) of one measurement")
    ] = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Checked):
    """One thing that a trial measures, and how it is analysed; the first is the primary one."""

    name: Annotated[str, Text("short name")]
    kind: Annotated[str, Choice(tuple(ANALYSES), "what is measured")]
    analysis: Annotated[
        str,
        Choice(
            tuple(dict.fromkeys(way for ways in ANALYSES.values() for way in ways)),
            "how the arms are compared",
        ),
    ]
    month: Annotated[
        int, Quantity("months", 0, LONGEST, "month of the comparison; 0: the end of follow-up")
    ] = 0
    event: Annotated[str, Choice(EVENTS, "what ends a life in a survival endpoint")] = (
        "death_or_tracheostomy"
    )
    better: Annotated[
        float,
        Quantity(
            "points per month", 0, 10, "a responder's slope is better by this than in the lead-in"
        ),
    ] = 1.25

    def problems(self) -> list[str]:
        """An analysis fits what is measured."""
        allowed = ANALYSES[self.kind]
        if self.analysis in allowed:
            return []
        return [f"{self.name}: {self.kind} is analysed by {' or '.join(allowed)}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks(Checked):
    """Interim analyses of the primary endpoint: a trial may stop for benefit, harm or futility."""

    shares: Annotated[
        tuple[float, ...],
        Quantity("share", 0.05, 0.95, "share of the patients who have finished at each look"),
    ] = ()
    spending: Annotated[
        str, Choice(SPENDINGS, "how the false-positive rate is spent over the looks")
    ] = "obrien-fleming"
    futility: Annotated[
        float,
        Quantity(
            "probability",
            0,
            0.9,
            "a trial stops for futility where the chance of a clear benefit at the end, should "
            "things go on as they have, is below this; 0: it never does",
        ),
    ] = 0.0

    def problems(self) -> list[str]:
        """Looks come one after the other, and not too many."""
        found = []
        if list(self.shares) != sorted(set(self.shares)):
            found.append("shares of the looks must rise")
        if len(self.shares) > MOST_LOOKS:
            found.append(f"{len(self.shares)} looks; at most {MOST_LOOKS}")
        if self.futility and not self.shares:
            found.append("futility needs looks; give looks.shares, for example [0.5]")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Checked):
    """What the real trial found for one endpoint, in the units of that endpoint."""

    endpoint: Annotated[str, Text("name of the endpoint; empty: none of them")] = ""
    text: Annotated[str, Text("the result in words")]
    value: Annotated[float | None, Quantity("", -1e3, 1e3, "the estimate")] = None
    low: Annotated[float | None, Quantity("", -1e3, 1e3, "lower limit of its interval")] = None
    high: Annotated[float | None, Quantity("", -1e3, 1e3, "upper limit of its interval")] = None
    p: Annotated[float | None, Quantity("", 0, 1, "p-value")] = None
    source: Annotated[str, Text("where it stands")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial(Checked):
    """A virtual trial: who takes part, what is given, how it is measured and analysed."""

    name: Annotated[str, Text("short name: the file's name")]
    title: Annotated[str, Text("name for people")]
    summary: Annotated[str, Text("what it is, in a sentence or two", lines=True)] = ""
    question: Annotated[str, Text("the question it teaches", lines=True)] = ""
    assumed: Annotated[str, Text("what is simplified or assumed", lines=True)] = ""
    citations: Annotated[tuple[str, ...], Text("published sources")] = ()
    scenario: Annotated[str, Text("name or path of the scenario whose world is used")] = "reference"
    care: Annotated[str, Text("care setting of both arms")] = "modern"
    treated_care: Annotated[str, Text("care of the treated arm, if that is what is tried")] = ""
    people: Annotated[int, Quantity("seed", 0, 2**63 - 1, "seed of the people: who they are")] = 1
    fate: Annotated[
        int, Quantity("seed", 0, 2**63 - 1, "seed of their fate: chance in the course")
    ] = 1
    luck: Annotated[
        int, Quantity("seed", 0, 2**63 - 1, "seed of the trial: who enters, which arm, ratings")
    ] = 1
    pool: Annotated[
        int, Quantity("patients", 20, 1_000_000, "people fit for the trial, to draw trials from")
    ] = 2000
    per_arm: Annotated[int, Quantity("patients", 2, 100_000, "patients in the control arm")] = 100
    allocation: Annotated[
        float, Quantity("ratio", 0.1, 10, "treated patients for each patient in the control arm")
    ] = 1.0
    lead_in: Annotated[
        int, Quantity("months", 0, 24, "observation before patients are allotted to an arm")
    ] = 0
    follow_up: Annotated[int, Quantity("months", 1, 120, "follow-up of every patient")] = 12
    visit_every: Annotated[int, Quantity("months", 1, 12, "months between visits")] = 1
    dropout: Annotated[
        float, Quantity("per month", 0, 0.5, "hazard of leaving the trial, the same in both arms")
    ] = 0.0
    deaths_known: Annotated[
        bool, Flag("whether deaths of those who left are known, as in a register")
    ] = False
    significance: Annotated[
        float, Quantity("probability", 0.0001, 0.5, "two-sided p below which a test is positive")
    ] = 0.05
    treatment: Treatment
    recruitment: Recruitment = field(default_factory=Recruitment)
    entry: Entry = field(default_factory=Entry)
    blinding: Blinding = field(default_factory=Blinding)
    marker: Marker = field(default_factory=Marker)
    looks: Looks = field(default_factory=Looks)
    endpoints: tuple[Endpoint, ...]
    published: tuple[Published, ...] = ()

    @property
    def treated(self) -> int:
        """Patients in the treated arm."""
        return round(self.per_arm * self.allocation)

    @property
    def size(self) -> int:
        """Patients in both arms."""
        return self.per_arm + self.treated

    def months(self) -> tuple[int, ...]:
        """Return the months of the visits, counted from allocation; the lead-in is below 0."""
        after = {*range(0, self.follow_up, self.visit_every), self.follow_up}
        after |= {row.month for row in self.endpoints if row.month and row.kind != "survival"}
        before = {-self.lead_in, *(-m for m in range(0, self.lead_in, self.visit_every))}
        return tuple(sorted(after | before))

    def problems(self) -> list[str]:
        """Endpoints have names of their own and lie within the follow-up; arms are not empty."""
        return [*self._endpoint_problems(), *self._design_problems()]

    def _endpoint_problems(self) -> list[str]:
        names = [row.name for row in self.endpoints]
        found = [] if names else ["endpoints: a trial measures at least one thing"]
        found += [f"endpoints: {n} is named twice" for n in sorted({*names}) if names.count(n) > 1]
        found += [
            f"endpoints.{row.name}: month {row.month} lies after the follow-up of {self.follow_up}"
            for row in self.endpoints
            if row.month > self.follow_up
        ]
        found += [
            f"endpoints.{row.name}: responders need a lead-in to compare with"
            for row in self.endpoints
            if row.kind == "responders" and not self.lead_in
        ]
        return found + [
            f"published: there is no endpoint {row.endpoint}"
            for row in self.published
            if row.endpoint and row.endpoint not in names
        ]

    def _design_problems(self) -> list[str]:
        found = []
        if self.treated < 2:
            found.append(f"allocation = {self.allocation:g} leaves {self.treated} treated patients")
        if self.pool < self.size:
            found.append(f"pool = {self.pool} is smaller than the {self.size} patients of a trial")
        if not (self.treatment.effects or self.treated_care):
            found.append("treatment has no effect; name another, or give treated_care")
        if self.entry.months_most + self.lead_in + self.follow_up > LONGEST:
            found.append(f"entry.months_most, lead_in and follow_up exceed {LONGEST} months")
        return found
