"""Lessons: predict, then run, then learn why. Lessons are data, one file each.

``text/lessons/NAME.toml`` holds steps: text, and sometimes a question. The right answer of a
question is read off a simulation every time, and written down nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from alssim.errors import ParameterError, UsageError
from alssim.parameters import load_scenario
from alssim.parameters.safe_toml import OWN, parse
from alssim.parameters.schema import Scenario
from alssim.present.language import spoken, translation
from alssim.present.lesson_checks import problems_of
from alssim.studies.readings import read_off

FOLDER = "text/lessons"
Seeds = tuple[int, int]
Answer = int | float


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: right where the number read off is within low <= number < high.

    With ``arm`` instead: right where that arm has the largest number.
    """

    text: str
    low: float = float("-inf")
    high: float = float("inf")
    arm: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """The simulation behind a question: a scenario, changes to it, and what to read off.

    ``read`` is the name of a reading, ``options`` its arguments; ``arm`` picks one arm's number.
    """

    scenario: str
    read: str
    settings: Mapping[str, Any]
    options: Mapping[str, Any]
    arm: str = ""

    @property
    def key(self) -> str:
        """Words that tell this simulation and reading from any other; ``arm`` changes neither."""
        parts = (sorted(self.settings.items()), sorted(self.options.items()))
        return repr((self.scenario, self.read, *parts))

    def with_seeds(self, seeds: Seeds) -> Scenario:
        """Return the scenario with these seeds of the people and of their fate."""
        changes = {**self.settings, "people": seeds[0], "fate": seeds[1]}
        return load_scenario(self.scenario, changes).record

    def found(self, seeds: Seeds) -> "Found":
        """Simulate with these seeds, and read off."""
        scenario = self.with_seeds(seeds)
        arms = tuple(arm.name for arm in scenario.arms)
        return Found(arms, read_off(self.read, scenario, self.options))


@dataclass(frozen=True, slots=True)
class Found:
    """What was read off a simulation: one number, or one for each of the ``arms``."""

    arms: tuple[str, ...]
    numbers: tuple[float, ...]

    def of(self, arm: str) -> float:
        """Return the number of an arm; the first number where none is named."""
        return self.numbers[self.arms.index(arm) if arm else 0]


@dataclass(frozen=True, slots=True)
class Question:
    """A prediction: a choice, or a number on a scale.

    choices    to choose from; empty for a number
    low, high, unit    of a number, as it is shown;  tolerance: how far off is still right
    scale      what is read off is shown times this (100: of 100 people)
    shown      says what was found, with {value}
    right, wrong    feedback
    """

    id: str
    text: str
    run: Run
    shown: str
    right: str
    wrong: str
    choices: tuple[Choice, ...] = ()
    low: float = 0.0
    high: float = 100.0
    unit: str = ""
    tolerance: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a lesson: a text, and perhaps a question."""

    text: str
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson; ``number`` is its place in the row of lessons."""

    id: str
    number: int
    title: str
    summary: str
    minutes: int
    steps: tuple[Step, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions, in order."""
        return tuple(step.question for step in self.steps if step.question is not None)


@dataclass(frozen=True, slots=True)
class Marked:
    """One answer, marked.

    right     whether the answer is right; false where there was none
    expected  the right answer: the place of a choice, or the number as it is shown
    found     a sentence that says what the simulation found
    feedback  a sentence about the answer
    """

    question: str
    right: bool
    expected: Answer
    found: str
    feedback: str


@dataclass(frozen=True, slots=True)
class Grade:
    """A lesson's answers, marked; ``score`` of ``possible`` are right."""

    lesson: str
    seeds: Seeds
    marks: tuple[Marked, ...]

    @property
    def score(self) -> int:
        """How many answers are right."""
        return sum(mark.right for mark in self.marks)

    @property
    def possible(self) -> int:
        """How many questions there are."""
        return len(self.marks)


def load_lessons() -> tuple[Lesson, ...]:
    """Return the lessons that come with the program, in order and in the language of now."""
    return _lessons(spoken())


@cache
def _lessons(language: str) -> tuple[Lesson, ...]:
    folder = files("alssim.present").joinpath(FOLDER)
    found = [
        _in_language(read_lesson(file.read_bytes(), file.name))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda lesson: lesson.number))


def _in_language(lesson: Lesson) -> Lesson:
    """Return a lesson with the words of its translation; numbers and runs stay as they are."""
    own = translation(f"lessons/{lesson.id}")
    if not own:
        return lesson
    steps = tuple(
        _step_in_language(step, words)
        for step, words in zip(lesson.steps, own["steps"], strict=True)
    )
    return replace(lesson, title=own["title"], summary=own["summary"], steps=steps)


def _step_in_language(step: Step, own: Mapping[str, Any]) -> Step:
    if step.question is None:
        return Step(own["text"])
    words = dict(own["question"])
    choices = tuple(
        replace(choice, text=text)
        for choice, text in zip(step.question.choices, words.pop("choices", ()), strict=True)
    )
    return Step(own["text"], replace(step.question, **words, choices=choices))


def lesson_of(id: str) -> Lesson:
    """Return one lesson. Raises ``UsageError`` for an unknown one."""
    for lesson in load_lessons():
        if lesson.id == id:
            return lesson
    known = ", ".join(lesson.id for lesson in load_lessons())
    raise UsageError(f"there is no lesson {id!r}; known: {known}")


def read_lesson(raw: bytes, label: str) -> Lesson:
    """Read and check one file; its name without the ending is the lesson's id.

    Raises ``ParameterError`` with all problems.
    """
    data = parse(raw, label, OWN)
    if problems := [f"{label}: {problem}" for problem in problems_of(data)]:
        raise ParameterError(label, problems)
    about = {key: value for key, value in data.items() if key != "steps"}
    steps = tuple(_step(row) for row in data["steps"])
    return Lesson(id=label.removesuffix(".toml"), steps=steps, **about)


@dataclass(frozen=True, slots=True)
class Expected:
    """The right answer to a question, and the number that was read off, as it is shown."""

    answer: Answer
    value: float


def expected_answers(lesson: Lesson, seeds: Seeds) -> dict[str, Expected]:
    """Simulate what the questions of a lesson ask; return the right answers by question."""
    return {question.id: expected_answer(question, seeds) for question in lesson.questions}


def expected_answer(question: Question, seeds: Seeds) -> Expected:
    """Simulate what a question asks and return the right answer. Errors as ``expected_from``."""
    return expected_from(question, question.run.found(seeds))


def expected_from(question: Question, found: Found) -> Expected:
    """Return the right answer to a question whose simulation is done.

    It is the place of the right choice, from 0, or the number itself. Raises ``UsageError``
    where no choice holds the number.
    """
    if question.choices and question.choices[0].arm:
        best = max(question.choices, key=lambda one: found.of(one.arm))
        return Expected(question.choices.index(best), question.scale * found.of(best.arm))
    value = question.scale * found.of(question.run.arm)
    if not question.choices:
        return Expected(value, value)
    for place, choice in enumerate(question.choices):
        if choice.low <= value < choice.high:
            return Expected(place, value)
    raise UsageError(f"no choice of question {question.id} holds {value:g}")


def grade(lesson: Lesson, answers: Mapping[str, Answer], seeds: Seeds = (1, 1)) -> Grade:
    """Mark the answers to a lesson's questions against simulations with these seeds.

    Parameters
    ----------
    answers : question id -> the place of the chosen answer from 0, or the number as it is
        shown; a question that is missing is not right
    seeds : of the people and of their fate, as the class was given them

    Raises ``UsageError`` for an answer to no question, or one that cannot be chosen.
    """
    check_answers(lesson, answers)
    return mark(lesson, answers, expected_answers(lesson, seeds), seeds)


def mark(
    lesson: Lesson, answers: Mapping[str, Answer], expected: Mapping[str, Expected], seeds: Seeds
) -> Grade:
    """Mark answers against expected ones: for many people who were given the same seeds.

    Errors as ``grade``.
    """
    check_answers(lesson, answers)
    marks = (
        mark_one(question, answers.get(question.id), expected[question.id])
        for question in lesson.questions
    )
    return Grade(lesson.id, seeds, tuple(marks))


def check_answers(lesson: Lesson, answers: Mapping[str, Answer]) -> None:
    """Raise ``UsageError`` for an answer to no question, or one that cannot be chosen."""
    known = {question.id: question for question in lesson.questions}
    if strange := sorted(set(answers) - set(known)):
        raise UsageError(f"{lesson.id} has no question {strange[0]!r}; known: {', '.join(known)}")
    for id, answer in answers.items():
        _check_answer(known[id], answer)


def mark_one(question: Question, answer: Answer | None, expected: Expected) -> Marked:
    """Mark the answer to one question; None is not right."""
    near = 0.0 if question.choices else question.tolerance
    right = answer is not None and abs(answer - expected.answer) <= near
    return Marked(
        question=question.id,
        right=right,
        expected=expected.answer,
        found=question.shown.format(value=number_text(expected.value)),
        feedback=question.right if right else question.wrong,
    )


def _check_answer(question: Question, answer: object) -> None:
    if isinstance(answer, bool) or not isinstance(answer, (int, float)):
        raise UsageError(f"question {question.id}: the answer {answer!r} is not a number")
    if question.choices:
        last = len(question.choices) - 1
        if not (isinstance(answer, int) and 0 <= answer <= last):
            raise UsageError(f"question {question.id}: {answer} is no choice; allowed: 0 to {last}")
    elif not question.low <= answer <= question.high:
        raise UsageError(
            f"question {question.id}: {answer:g} is outside {question.low:g} to {question.high:g}"
        )


def number_text(value: float) -> str:
    """Return a number as it is shown: with a decimal below 10."""
    return f"{value:.1f}" if abs(value) < 10 else f"{value:.0f}"


def _step(row: Mapping[str, Any]) -> Step:
    return Step(row["text"], _question(row["question"]) if "question" in row else None)


def _question(row: Mapping[str, Any]) -> Question:
    plain = {key: value for key, value in row.items() if key not in ("choices", "run")}
    choices = tuple(Choice(**choice) for choice in row.get("choices", ()))
    run = {"settings": {}, "options": {}, **row["run"]}
    return Question(**plain, choices=choices, run=Run(**run))
