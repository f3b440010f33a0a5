"""Figures of lessons say in words what they show, and hold whatever the simulation finds."""

import json

import pytest

from alssim.present.lesson_figures import (
    answer_text,
    bars_alt,
    bars_spec,
    in_squares,
    square_panels,
)
from alssim.present.lessons import (
    Expected,
    Found,
    Question,
    expected_from,
    lesson_of,
    load_lessons,
)

QUESTIONS = [question for lesson in load_lessons() for question in lesson.questions]


def answers(question: Question) -> list[int | float]:
    """Return every choice, or both ends of a scale."""
    return [*range(len(question.choices))] or [question.low, question.high]


def found(question: Question, value: float) -> tuple[Expected, Found]:
    """Return what a simulation would have found that reads off a value for every arm."""
    arms = tuple(choice.arm for choice in question.choices if choice.arm) or (question.run.arm,)
    numbers = Found(arms, tuple(value / (place + 1) for place, _ in enumerate(arms)))
    return expected_from(question, numbers), numbers


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.id)
@pytest.mark.parametrize("value", [-0.2, 0.0, 0.004, 0.5, 1.0, 30.0])
def test_every_bar_lies_within_the_axis(question: Question, value: float) -> None:
    expected, numbers = found(question, value)
    for answer in answers(question):
        spec = bars_spec(question, answer, expected, numbers)
        low, high = spec["encoding"]["x"]["scale"]["domain"]
        assert low < high and low <= expected.value <= high
        for row in spec["data"]["values"]:
            assert low <= row["low"] <= row["high"] <= high
        json.dumps(spec, allow_nan=False)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.id)
def test_the_text_alternative_names_the_guess(question: Question) -> None:
    expected, numbers = found(question, 0.5)
    for answer in answers(question):
        said = bars_alt(question, answer, expected, numbers)
        assert said.count("Your guess") == 1
        assert all(choice.text in said for choice in question.choices)
        assert answer_text(question, answer)


def test_shares_are_squares() -> None:
    (question,) = lesson_of("silent-loss").questions
    expected, _ = found(question, 0.45)
    assert in_squares(question, expected)
    guess, real = square_panels(question, 30.0, expected)
    assert (guess.text, real.text) == ("30 of 100", "45 of 100")
    for panel, count in ((guess, 30), (real, 45)):
        assert panel.svg.count('width="10"') == count  # full squares
        assert f"{panel.title}: {panel.text}." in panel.svg
    assert not in_squares(question, Expected(120.0, 120.0))
