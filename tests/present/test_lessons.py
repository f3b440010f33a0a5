"""Every lesson runs; what is right with one seed is right with others; answers are marked.

About half a minute: every question is simulated with three seeds.
"""

import re
import string
from dataclasses import replace
from typing import Any

import pytest

from alssim.errors import ParameterError, UsageError
from alssim.parameters import SCENARIOS, names
from alssim.present.lessons import (
    Expected,
    Lesson,
    Question,
    expected_answers,
    grade,
    lesson_of,
    load_lessons,
    mark,
    read_lesson,
)

SEEDS = [(1, 1), (2, 2), (3, 3)]
LESSONS = load_lessons()
QUESTIONS = [(lesson, question) for lesson in LESSONS for question in lesson.questions]


def other_answer(question: Question, expected: Expected) -> int | float:
    """Return an answer that can be given and is wrong."""
    if question.choices:
        return (int(expected.answer) + 1) % len(question.choices)
    return question.low if expected.value > question.low + question.tolerance else question.high


def test_there_are_at_least_eight_lessons_in_order() -> None:
    assert len(LESSONS) >= 8
    assert [lesson.number for lesson in LESSONS] == list(range(1, len(LESSONS) + 1))
    assert LESSONS[0].id == "silent-loss" and LESSONS[-1].id == "why-trials-fail"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_what_is_right_with_one_seed_is_right_with_others(lesson: Lesson) -> None:
    expected = {seeds: expected_answers(lesson, seeds) for seeds in SEEDS}
    answers = {id: found.answer for id, found in expected[SEEDS[0]].items()}
    wrong = {q.id: other_answer(q, expected[SEEDS[0]][q.id]) for q in lesson.questions}
    for seeds in SEEDS:
        marked = mark(lesson, answers, expected[seeds], seeds)
        assert marked.score == marked.possible == len(lesson.questions)
        missed = mark(lesson, wrong, expected[seeds], seeds)
        assert missed.score == 0
        for one, other, question in zip(marked.marks, missed.marks, lesson.questions, strict=True):
            assert (one.feedback, other.feedback) == (question.right, question.wrong)
            assert one.found == other.found and not re.search(r"[{}]|nan", one.found)


@pytest.mark.parametrize(("lesson", "question"), QUESTIONS, ids=lambda one: one.id)
def test_a_question_can_be_asked(lesson: Lesson, question: Question) -> None:
    assert question.run.scenario in names(SCENARIOS)
    arms = {arm.name for arm in question.run.with_seeds((1, 1)).arms}
    chosen = {choice.arm for choice in question.choices} | {question.run.arm}
    assert chosen - {""} <= arms
    fields = {field for _, field, _, _ in string.Formatter().parse(question.shown)}
    assert fields <= {"value", None}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_the_right_answer_is_not_given_away_before_it_is_asked(lesson: Lesson) -> None:
    before = ""
    for step in lesson.steps:
        before += step.text
        if step.question is not None:
            for text in (step.question.right, step.question.wrong):
                assert text not in before


def test_tone() -> None:
    said = str(LESSONS).lower()
    for word in ("victim", "suffer", "miracle", "battle", "doomed", "tragic", "stupid"):
        assert word not in said


def test_grading_simulates_with_the_seeds_of_the_class() -> None:
    lesson = lesson_of("silent-loss")
    first, second = (grade(lesson, {"lost": 36}, seeds) for seeds in SEEDS[:2])
    assert first.seeds == (1, 1) and second.seeds == (2, 2)
    assert first.marks[0].expected != second.marks[0].expected
    assert first == grade(lesson, {"lost": 36}, (1, 1))


def test_no_answer_is_not_right() -> None:
    lesson = lesson_of("silent-loss")
    expected = {"lost": Expected(30.0, 30.0)}
    assert mark(lesson, {}, expected, (1, 1)).score == 0
    for answer, right in ((40, True), (20.0, True), (40.5, False), (19, False)):
        assert mark(lesson, {"lost": answer}, expected, (1, 1)).score == right


@pytest.mark.parametrize(
    ("id", "answers", "told"),
    [
        ("silent-loss", {"gone": 3}, "silent-loss has no question 'gone'; known: lost"),
        ("silent-loss", {"lost": "many"}, "the answer 'many' is not a number"),
        ("silent-loss", {"lost": True}, "the answer True is not a number"),
        ("silent-loss", {"lost": 101}, "101 is outside 0 to 100"),
        ("silent-loss", {"lost": float("nan")}, "nan is outside 0 to 100"),
        ("no-two-alike", {"ratio": 4}, "4 is no choice; allowed: 0 to 3"),
        ("no-two-alike", {"ratio": 1.5}, "1.5 is no choice"),
    ],
)
def test_answers_that_cannot_be_given(id: str, answers: Any, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        grade(lesson_of(id), answers)


def test_an_unknown_lesson() -> None:
    with pytest.raises(UsageError, match="there is no lesson 'x'; known: silent-loss"):
        lesson_of("x")


def test_a_number_that_no_choice_holds() -> None:
    question = lesson_of("no-two-alike").questions[0]
    narrow = replace(question, choices=question.choices[:1])
    lesson = replace(
        lesson_of("no-two-alike"), steps=(replace(LESSONS[0].steps[1], question=narrow),)
    )
    with pytest.raises(UsageError, match="no choice of question ratio holds"):
        grade(lesson, {})


GOOD = """
number = 1
title = "T"
summary = "S"
minutes = 5
[[steps]]
text = "X"
[steps.question]
id = "q"
text = "?"
shown = "{value}"
right = "Yes."
wrong = "No."
tolerance = 2
run = { scenario = "reference", read = "ratio_of_lives" }
"""


def test_a_plain_lesson_is_read() -> None:
    lesson = read_lesson(GOOD.encode(), "mine.toml")
    assert lesson.id == "mine" and lesson.questions[0].tolerance == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("minutes = 5", "", "the lesson: minutes is missing"),
        ("minutes = 5", 'minutes = "5"', "minutes must be a whole number"),
        ("minutes = 5", "minutes = true", "minutes must be a whole number"),
        ('title = "T"', 'title = "T"\ncolour = "red"', "colour is unknown"),
        ('right = "Yes."', 'right = " "', "right must be visible text"),
        ('read = "ratio_of_lives"', 'read = "magic"', "read is not one of: lost_at_onset"),
        ("tolerance = 2", "", "a number needs a tolerance above 0"),
        ("tolerance = 2", "tolerance = 2\nlow = 100", "low must be below high"),
        ("{value}", "{secret}", "shown may hold {value} alone"),
        ("tolerance = 2", 'choices = [{ text = "a" }]', "give two choices or more"),
        (
            "tolerance = 2",
            'choices = [{ text = "a", high = 1 }, { text = "b", low = 2 }]',
            "must follow one another",
        ),
        (
            "tolerance = 2",
            'choices = [{ text = "a", low = 1, high = 2 }, { text = "b", low = 2 }]',
            "open at both ends",
        ),
        (
            "tolerance = 2",
            'choices = [{ text = "a", arm = "x" }, { text = "b", arm = "x" }]',
            "each choice must name another arm",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_told(old: str, new: str, told: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(told)):
        read_lesson(GOOD.replace(old, new).encode(), "mine.toml")


def test_all_problems_are_told_at_once() -> None:
    broken = GOOD.replace('read = "ratio_of_lives"', 'read = "magic"').replace("Yes.", " ")
    with pytest.raises(ParameterError) as found:
        read_lesson(broken.encode(), "mine.toml")
    assert len(found.value.problems) == 2


def test_a_lesson_asks_something_and_nothing_twice() -> None:
    without = GOOD[: GOOD.index("[steps.question]")]
    twice = GOOD + GOOD[GOOD.index("[[steps]]") :]
    for text, told in ((without, "has no question"), (twice, "two questions have the same id")):
        with pytest.raises(ParameterError, match=told):
            read_lesson(text.encode(), "mine.toml")
