"""What a visitor has done in the lessons: where they are, what they guessed, how many were right.

It all lives in the visit. A guess is kept with the seeds it was made for: other virtual people
are asked about anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from alssim.app.lesson_class import joined
from alssim.app.link import adopt, asked_choice, asked_number, study
from alssim.present.lessons import (
    Answer,
    Expected,
    Found,
    Lesson,
    Marked,
    Question,
    Run,
    Seeds,
    expected_from,
    lesson_of,
    load_lessons,
    mark_one,
)

LESSON, STEP, GIVEN = "lessons_open", "lessons_step", "lessons_given"
"""Session keys: the lesson that is open (or none), its step from 1, and the guesses."""


@dataclass(frozen=True, slots=True)
class Given:
    """A guess, and what the simulation found afterwards."""

    answer: Answer
    expected: Expected
    found: Found

    def marked(self, question: Question) -> Marked:
        """Return the guess, marked."""
        return mark_one(question, self.answer, self.expected)


def read_place() -> None:
    """Take over lesson and step from the link."""
    ids = [lesson.id for lesson in load_lessons()]
    adopt(LESSON, lambda: asked_choice("lesson", ids, ""))
    adopt(STEP, lambda: asked_number("step", 1, last_step(), 1))


def opened() -> Lesson | None:
    """Return the lesson that is open."""
    id = str(st.session_state.get(LESSON, ""))
    return lesson_of(id) if id else None


def last_step() -> int:
    """Return the number of the last step of the open lesson: its end."""
    lesson = opened()
    return len(lesson.steps) + 1 if lesson else 1


def step() -> int:
    """Return the step that is shown, from 1."""
    return int(st.session_state.get(STEP, 1))


def go(lesson: str, step: int = 1) -> None:
    """Open a step of a lesson; no lesson: the list."""
    st.session_state[LESSON], st.session_state[STEP] = lesson, step


def seeds() -> Seeds:
    """Return the seeds of the people that this visitor is asked about."""
    if (who := joined()) is not None:
        return who.seeds
    record = study().record
    return record.people, record.fate


def given(lesson: Lesson) -> dict[str, Given]:
    """Return the guesses of a lesson by question; not to be changed elsewhere."""
    everything: dict[tuple[str, Seeds], dict[str, Given]]
    everything = st.session_state.setdefault(GIVEN, {})
    return everything.setdefault((lesson.id, seeds()), {})


def commit(lesson: Lesson, question: Question, answer: Answer) -> None:
    """Keep a guess and what the simulation finds.

    Raises ``AlssimError`` when the model refuses, or finds what no choice holds.
    """
    found = _found(question.run.key, seeds(), question.run)
    given(lesson)[question.id] = Given(answer, expected_from(question, found), found)


def forget(lesson: Lesson) -> None:
    """Begin a lesson anew."""
    given(lesson).clear()


def score(lesson: Lesson) -> tuple[int, int]:
    """Return how many guesses of a lesson are right, and how many there are."""
    marks = [
        one.marked(question).right
        for question in lesson.questions
        if (one := given(lesson).get(question.id))
    ]
    return sum(marks), len(marks)


def whole_score() -> tuple[int, int]:
    """Return the same for all lessons."""
    rights, counts = zip(*_scores(), strict=True)
    return sum(rights), sum(counts)


def _scores() -> Iterator[tuple[int, int]]:
    for lesson in load_lessons():
        yield score(lesson)


@st.cache_data(max_entries=512, show_spinner=False)
def _found(key: str, seeds: Seeds, _run: Run) -> Found:
    """Simulate once for all who ask the same; ``key`` tells runs apart."""
    return _run.found(seeds)
