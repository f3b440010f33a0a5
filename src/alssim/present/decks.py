"""Decks of slides to teach with: text, a question, speaker notes and what is simulated live.

A deck is data: one TOML file. Those that come with the program lie in ``text/decks``; people write
their own. Text is Markdown without HTML and without images, so that a deck from anywhere is safe to
show and never sends a request.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from alssim.errors import ParameterError
from alssim.parameters import SCENARIOS, TREATMENTS, names
from alssim.parameters.building import build
from alssim.parameters.changing import Changes, change_problems
from alssim.parameters.checking import Checked
from alssim.parameters.merging import tree
from alssim.parameters.provenance import File, suggestion
from alssim.parameters.safe_toml import UPLOAD, parse
from alssim.parameters.treatment import TARGETS
from alssim.parameters.writing import toml_value
from alssim.plain_text import visible
from alssim.quantity import Choice, Quantity, Text
from alssim.studies.cohort import GROUPS
from alssim.studies.ladder import LADDER_STARTS

FOLDER = "text/decks"
REFERENCE = "reference"
CASES = ("arm", "leg", "speech", "slow", "young")
FIGURES = {
    "cohort": ("scores", "stages", "survival"),
    "comparison": ("survival", "hundred", "gained"),
}
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "nothing": {},
    "person": {"case": "arm", "patient": None, "month": None, "treatment": None},
    "cohort": {"figure": "scores", "people": 300, "by": "everyone"},
    "comparison": {"figure": "survival", "treatment": None, "people": 1000, "years": 3},
    "ladder": {"target": "neuron_loss", "start": "diagnosis", "people": 300},
    "trials": {"treatment": None, "size": 50},
}
"""What each kind of live figure takes, with what it is if a deck does not say."""
MOST_PEOPLE = {"cohort": 3000, "comparison": 2000, "ladder": 1000}
LONGEST = {"title": 120, "question": 300, "summary": 600, "text": 3000, "notes": 3000}  # letters
MOST_STEPS = 60
DECK_TEXTS, SLIDE_TEXTS = ("title", "summary"), ("title", "text", "question", "notes")
FORBIDDEN = {
    "an image": re.compile(r"!\["),
    "HTML": re.compile(r"<[A-Za-z/!?]"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Live(Checked):
    """What is simulated on a slide, after a click. Which keys it takes depends on ``show``."""

    show: Annotated[str, Choice(tuple(DEFAULTS), "what is simulated")]
    figure: Annotated[
        str | None,
        Choice(
            tuple(dict.fromkeys(sum(FIGURES.values(), ()))), "cohort, comparison: what is drawn"
        ),
    ] = None
    case: Annotated[str | None, Choice(CASES, "person: whose course is typical of this")] = None
    patient: Annotated[int | None, Quantity("", 0, 399, "person: number among the people")] = None
    month: Annotated[
        int | None, Quantity("months", 0, 240, "person: month at which the course opens")
    ] = None
    treatment: Annotated[
        str | None, Text("person, comparison, trials: name of a hypothetical treatment")
    ] = None
    people: Annotated[
        int | None, Quantity("people", 10, 3000, "cohort, comparison, ladder: how many")
    ] = None
    by: Annotated[str | None, Choice(tuple(GROUPS), "cohort: how the people are parted")] = None
    years: Annotated[
        int | None, Quantity("years", 1, 10, "comparison: when people are counted")
    ] = None
    target: Annotated[str | None, Choice(TARGETS, "ladder: what the effect acts on")] = None
    start: Annotated[str | None, Choice(LADDER_STARTS, "ladder: when the effect begins")] = None
    size: Annotated[int | None, Quantity("people", 5, 150, "trials: people in each group")] = None

    def problems(self) -> list[str]:
        """Each kind has the keys that it takes, and no other."""
        return [*self._strangers(), *self._wrong_figure(), *self._wrong_treatment(), *self._many()]

    @property
    def survival(self) -> bool:
        """Whether what is drawn tells who is alive, or for how long."""
        return self.show == "comparison" or self.word("figure") == "survival"

    def word(self, name: str) -> str:
        """Return a word of the file, else what it is by default; empty if it does not apply."""
        return str(self._value(name) or "")

    def number(self, name: str) -> int:
        """Return a number of the file, else what it is by default. It must have one."""
        return int(self._value(name))

    def _value(self, name: str) -> Any:
        given = getattr(self, name)
        return DEFAULTS[self.show].get(name) if given is None else given

    def _strangers(self) -> Iterator[str]:
        takes = DEFAULTS[self.show]
        for name in sorted({key for keys in DEFAULTS.values() for key in keys} - set(takes)):
            if getattr(self, name) is not None:
                allowed = ", ".join(takes) or "no other key"
                yield f"{name} does not belong to show = {self.show!r}; it takes {allowed}"

    def _wrong_figure(self) -> Iterator[str]:
        allowed = FIGURES.get(self.show)
        if allowed and self.figure not in (None, *allowed):
            yield f"figure = {self.figure!r} is not one of: {', '.join(allowed)}"

    def _wrong_treatment(self) -> Iterator[str]:
        if self.show == "comparison" and not self.treatment:
            yield "treatment is missing: a comparison says what is compared with usual care"
        elif self.treatment is not None:
            yield from _treatment_problems(self.treatment)

    def _many(self) -> Iterator[str]:
        most = MOST_PEOPLE.get(self.show, 0)
        if most and self.people is not None and self.people > most:
            yield f"people = {self.people} is too many for show = {self.show!r}; at most {most}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide(Checked):
    """One step of a deck."""

    title: Annotated[str, Text("heading of the slide")]
    text: Annotated[str, Text("what stands on the slide, in Markdown", lines=True)] = ""
    question: Annotated[str, Text("a question to the class", lines=True)] = ""
    notes: Annotated[str, Text("what the speaker wants to remember", lines=True)] = ""
    values: Annotated[
        tuple[str, ...], Text("values of the scenario that differ on this slide, as key=value")
    ] = ()
    live: Live = Live(show="nothing")

    @property
    def changes(self) -> Changes:
        """The values that differ on this slide: dotted key, value as TOML."""
        return changes_of(self.values)

    @property
    def simulated(self) -> bool:
        """Whether something is simulated on this slide."""
        return self.live.show != "nothing"

    def problems(self) -> list[str]:
        """A slide has a heading, safe text that fits, and values only where they are used."""
        found = _text_problems({name: getattr(self, name) for name in SLIDE_TEXTS})
        if self.values and not self.simulated:
            found.append("values change nothing here: this step has no [steps.live]")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck(Checked):
    """A deck: its slides and the scenario in whose world they are simulated."""

    title: Annotated[str, Text("name for people")]
    summary: Annotated[str, Text("what it is about, in a sentence or two", lines=True)] = ""
    minutes: Annotated[int, Quantity("minutes", 1, 240, "about how long it takes")] = 20
    scenario: Annotated[str, Text("name of the scenario whose world is used")] = REFERENCE
    steps: tuple[Slide, ...]

    def problems(self) -> list[str]:
        """A deck has a title and slides, and plays in a world that exists."""
        found = _text_problems({name: getattr(self, name) for name in DECK_TEXTS})
        if not 1 <= len(self.steps) <= MOST_STEPS:
            found.append(f"{len(self.steps)} steps; a deck has 1 to {MOST_STEPS}")
        found += _scenario_problems(self.scenario)
        return [*found, *_value_problems(self.scenario, [step.changes for step in self.steps])]


def read_deck(raw: bytes, label: str) -> Deck:
    """Read and check one file; ``label`` names it in messages.

    Raises ``ParameterError`` with all problems, each with file and key.
    """
    shown = visible(label)
    data = _with_values_as_texts(parse(raw, shown, UPLOAD))
    try:
        return build(Deck, tree(data, File(shown)), shown).record
    except ParameterError as error:
        found = (*_texts_in(data), *_names_in(data), *_values_in(data))
        others = [f"{shown}: {problem}" for problem in found]
        problems = list(dict.fromkeys([*error.problems, *others]))
        raise ParameterError(shown, problems) from None


@cache
def shipped_decks() -> Mapping[str, Deck]:
    """Return the decks that come with the program, by name."""
    return {name: read_deck(deck_source(name).encode(), f"{name}.toml") for name in _shipped()}


def deck_source(name: str) -> str:
    """Return the file of a deck that comes with the program. Raises ``KeyError``."""
    if name not in _shipped():
        raise KeyError(name)
    return files("alssim.present").joinpath(f"{FOLDER}/{name}.toml").read_text("utf-8")


@cache
def _shipped() -> tuple[str, ...]:
    found = files("alssim.present").joinpath(FOLDER).iterdir()
    ends = ".toml"
    return tuple(sorted(one.name.removesuffix(ends) for one in found if one.name.endswith(ends)))


# ------------------------------------------------------------------------------------- values


def _with_values_as_texts(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a file in which each table ``values`` of a step is a list of ``key=value``."""
    steps = data.get("steps")
    if not isinstance(steps, list):
        return dict(data)
    return {**data, "steps": [_step_with_texts(step) for step in steps]}


def _step_with_texts(step: Any) -> Any:
    if not isinstance(step, dict) or not isinstance(step.get("values"), dict):
        return step
    flat = _flat(step["values"])
    return {**step, "values": [f"{key}={_value_text(value)}" for key, value in flat]}


def _flat(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted key and value of everything in a table."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def _value_text(value: Any) -> str:
    plain = isinstance(value, (bool, int, float, str, list))
    return toml_value(value) if plain else toml_value(str(value))


def changes_of(texts: Iterable[str]) -> Changes:
    """Return dotted key and value of each ``key=value``."""
    parts = (text.partition("=") for text in texts)
    return tuple((key.strip(), value.strip()) for key, _, value in parts)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _names_in(data: Mapping[str, Any]) -> Iterator[str]:
    """Say which names are unknown in a file that cannot be built for other reasons."""
    if isinstance(scenario := data.get("scenario"), str):
        yield from _scenario_problems(scenario)
    for number, step in enumerate(_steps_of(data), 1):
        live = step.get("live")
        treatment = live.get("treatment") if isinstance(live, dict) else None
        if isinstance(treatment, str):
            problems = _treatment_problems(treatment)
            yield from (f"steps.{number}.live: {problem}" for problem in problems)


def _scenario_problems(name: str) -> Iterator[str]:
    if name not in names(SCENARIOS):
        hint = suggestion(name, names(SCENARIOS))
        yield f"scenario = {name[:60]!r} is not the name of a scenario{hint}"


def _treatment_problems(name: str) -> Iterator[str]:
    if name not in names(TREATMENTS):
        hint = suggestion(name, names(TREATMENTS))
        yield f"treatment = {name[:60]!r} is not the name of a treatment{hint}"


def _steps_of(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    steps = data.get("steps")
    given = steps if isinstance(steps, list) else []
    return [step if isinstance(step, dict) else {} for step in given]


def _values_in(data: Mapping[str, Any]) -> list[str]:
    """Say what is wrong with the values of a file that cannot be built for other reasons."""
    given = [step.get("values") for step in _steps_of(data)]
    texts = [one if isinstance(one, list) else [] for one in given]
    changes = [changes_of(filter(_is_text, one)) for one in texts]
    return _value_problems(str(data.get("scenario", REFERENCE)), changes)


def _value_problems(scenario: str, steps: Sequence[Changes]) -> list[str]:
    """Say what is wrong with the values of all steps, each with the number of its step.

    Where there is no such scenario, the values are held against the reference.
    """
    world = scenario if scenario in names(SCENARIOS) else REFERENCE
    return [
        f"steps.{number}.values: {problem}"
        for number, changes in enumerate(steps, 1)
        if changes
        for problem in change_problems(world, changes)
    ]


# -------------------------------------------------------------------------------------- texts


def _texts_in(data: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong with the texts of a file that cannot be built for other reasons."""
    yield from _text_problems({name: data.get(name, "-") for name in DECK_TEXTS})
    for number, step in enumerate(_steps_of(data), 1):
        texts = {name: step.get(name, "-") for name in SLIDE_TEXTS}
        yield from (f"steps.{number}: {problem}" for problem in _text_problems(texts))


def _text_problems(texts: Mapping[str, object]) -> list[str]:
    """Say which texts are too long or hold what is never shown; the title must not be empty."""
    found = [] if str(texts["title"]).strip() else ["title is empty"]
    for name, text in texts.items():
        if not isinstance(text, str):
            continue  # said elsewhere
        if len(text) > LONGEST[name]:
            found.append(f"{name} has {len(text)} letters; at most {LONGEST[name]}")
        found += [f"{name} holds {problem}" for problem in _forbidden(text)]
    return found


def _forbidden(text: str) -> Iterator[str]:
    for what, pattern in FORBIDDEN.items():
        if match := pattern.search(text):
            near = text[max(0, match.start() - 10) : match.start() + 20]
            yield f"{what} near {near!r}; decks are Markdown without images and HTML"
