"""What a comparison needs beyond the disease: trial entry, abilities, the value of life in a stage.

No number here changes what happens to a patient; it changes what is counted.
"""

from dataclasses import dataclass
from functools import cache
from typing import Annotated

from alssim.parameters.building import assemble
from alssim.parameters.checking import Checked
from alssim.parameters.locate import OUTCOMES
from alssim.parameters.merging import renamed
from alssim.parameters.provenance import Notes, Resolved
from alssim.parameters.reading import Source, laid_over, read_chain
from alssim.quantity import Quantity, Text

USUAL = "usual"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEntry(Checked):
    """When a person enters a trial, judged by the course with usual care.

    Who has then died, has a tracheostomy or needs a breathing mask does not enter.
    """

    delay: Annotated[float, Quantity("months", 0, 60, "months from diagnosis to trial entry")]
    longest: Annotated[
        float, Quantity("months", 1, 600, "months since the first symptom after which none enters")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability(Checked):
    """Something a person does without help while one item of the ALSFRS-R is high enough."""

    name: Annotated[str, Text("short name")]
    item: Annotated[int, Quantity("number", 1, 12, "item of the ALSFRS-R")]
    lowest: Annotated[int, Quantity("points", 1, 4, "lowest score of a person who needs no help")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilities(Checked):
    """How people rate life in each King's stage: 1 is full health, 0 is no better than death."""

    name: Annotated[str, Text("short name")]
    title: Annotated[str, Text("method and people, for readers")]
    kings_1: Annotated[float, Quantity("utility", 0, 1, "a month of life in King's stage 1")]
    kings_2: Annotated[float, Quantity("utility", 0, 1, "a month of life in King's stage 2")]
    kings_3: Annotated[float, Quantity("utility", 0, 1, "a month of life in King's stage 3")]
    kings_4: Annotated[float, Quantity("utility", 0, 1, "a month of life in King's stage 4")]

    @property
    def stages(self) -> tuple[float, float, float, float]:
        """Utilities of King's stages 1 to 4."""
        return self.kings_1, self.kings_2, self.kings_3, self.kings_4


@dataclass(frozen=True, slots=True, kw_only=True)
class MitosUtilities(Checked):
    """The same by MiToS stage: how many of four abilities are lost."""

    name: Annotated[str, Text("short name")]
    title: Annotated[str, Text("method and people, for readers")]
    mitos_0: Annotated[float, Quantity("utility", 0, 1, "a month of life in MiToS stage 0")]
    mitos_1: Annotated[float, Quantity("utility", 0, 1, "a month of life in MiToS stage 1")]
    mitos_2: Annotated[float, Quantity("utility", 0, 1, "a month of life in MiToS stage 2")]
    mitos_3: Annotated[float, Quantity("utility", 0, 1, "a month of life in MiToS stage 3")]
    mitos_4: Annotated[float, Quantity("utility", 0, 1, "a month of life in MiToS stage 4")]

    @property
    def stages(self) -> tuple[float, float, float, float, float]:
        """Utilities of MiToS stages 0 to 4."""
        return self.mitos_0, self.mitos_1, self.mitos_2, self.mitos_3, self.mitos_4


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes(Checked):
    """A file of outcomes."""

    name: Annotated[str, Text("short name: the file's name")]
    title: Annotated[str, Text("name for people")]
    trial_entry: TrialEntry
    abilities: tuple[Ability, ...]
    utilities: tuple[Utilities, ...]
    mitos_utilities: tuple[MitosUtilities, ...] = ()

    def problems(self) -> list[str]:
        """Names are not given twice, and there is at least one set of utilities."""
        found = [] if self.utilities else ["utilities: give at least one set"]
        rated = [row.name for row in self.utilities] + [row.name for row in self.mitos_utilities]
        able = [row.name for row in self.abilities]
        for key, given in (("abilities", able), ("utilities", rated)):
            found += [
                f"{key}: {name} is given twice" for name in set(given) if given.count(name) > 1
            ]
        return found


def needs_source(kind: type[object], name: str) -> bool:
    """Whether a number gives its source: each, except which item of a scale it is."""
    return kind in (TrialEntry, Ability, Utilities, MitosUtilities) and name != "item"


def load_outcomes(source: Source = USUAL) -> Resolved[Outcomes]:
    """Load a file of outcomes by name, path or upload.

    Raises ``ParameterError`` with all problems, each with its file and key.
    """
    notes = Notes(needs_source)
    chain = read_chain(source, (OUTCOMES,))
    last = chain[-1].file
    table = renamed(laid_over(chain), last.name)
    return notes.resolved(assemble(Outcomes, table, "", notes), last.label)


@cache
def usual_outcomes() -> Outcomes:
    """Return the outcomes of the file ``usual``."""
    return load_outcomes().record
