"""The lessons: guess, run, read; back and forth; the score; links."""

import re

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.opening import calm, click, opened, query, told

from alssim.app.text import say
from alssim.present.lessons import (
    Lesson,
    Question,
    expected_answer,
    lesson_of,
    load_lessons,
)

LESSONS = load_lessons()
QUESTIONS = [
    pytest.param(lesson, step, id=f"{lesson.id}-{step}")
    for lesson in LESSONS
    for step, one in enumerate(lesson.steps, 1)
    if one.question
]


def labels(at: AppTest) -> list[str]:
    return [one.label for one in at.button]


def guess(at: AppTest, question: Question, answer: float) -> AppTest:
    """Give an answer and run the simulation."""
    if question.choices:
        at = calm(at.radio[0].set_value(int(answer)).run())
    else:
        at = calm(at.slider[0].set_value(float(round(answer))).run())
    return click(at, say("lessons.run"))


def at_step(lesson: Lesson, step: int, **link: str) -> AppTest:
    return opened("lessons", v="1", lesson=lesson.id, step=str(step), **link)


def question_of(lesson: Lesson, step: int) -> Question:
    question = lesson.steps[step - 1].question
    assert question is not None
    return question


def test_the_list_names_all_lessons_with_the_time_they_need() -> None:
    at = opened("lessons")
    titles = [one.value for one in at.subheader]
    assert [f"{lesson.number}. {lesson.title}" for lesson in LESSONS] == titles
    for lesson in LESSONS:
        assert f"{lesson.minutes} minutes" in told(at) and lesson.summary in told(at)
        assert say("lessons.open", title=lesson.title) in labels(at)


def test_nothing_runs_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a simulation ran")

    monkeypatch.setattr("alssim.present.lessons.read_off", refuse)
    for lesson in LESSONS:
        for step in range(1, len(lesson.steps) + 2):
            at_step(lesson, step)


@pytest.mark.parametrize(("lesson", "step"), QUESTIONS)
def test_a_guess_then_the_run_then_the_answer(lesson: Lesson, step: int) -> None:
    question = question_of(lesson, step)
    at = at_step(lesson, step)
    assert say("lessons.not_yet") in told(at)
    assert question.right not in told(at) and question.wrong not in told(at)
    expected = expected_answer(question, (1, 1))
    at = guess(at, question, expected.answer)
    assert question.right in told(at) and question.wrong not in told(at)
    assert f"{expected.value:.0f}" in at.header[0].value or "." in at.header[0].value
    assert "people 1, fate 1" in told(at)
    assert not at.radio and not at.slider and say("lessons.run") not in labels(at)
    for chart in at.get("vega_lite_chart"):
        assert "Your guess" in chart.proto.alt
    assert at.get("vega_lite_chart") or told(at).count('role="img"') == 2


@pytest.mark.parametrize("seed", ["1", "77"])
def test_feedback_is_read_off_the_people_of_the_link(seed: str) -> None:
    lesson = lesson_of("silent-loss")
    question = question_of(lesson, 2)
    expected = expected_answer(question, (int(seed), int(seed)))
    far = expected.value - question.tolerance - 1
    at = guess(at_step(lesson, 2, people=seed, fate=seed), question, far)
    assert question.wrong in told(at)
    assert f"{expected.value:.0f} of 100" in at.header[0].value


def test_the_run_waits_for_a_choice() -> None:
    at = at_step(lesson_of("no-two-alike"), 2)
    (run,) = [one for one in at.button if one.label == say("lessons.run")]
    assert run.disabled and say("lessons.choose_first") in told(at)
    at = calm(at.radio[0].set_value(1).run())
    (run,) = [one for one in at.button if one.label == say("lessons.run")]
    assert not run.disabled and say("lessons.choose_first") not in told(at)


def test_forth_and_back_through_a_lesson_keeps_guess_and_score() -> None:
    lesson = lesson_of("how-early")
    at = click(opened("lessons"), say("lessons.open", title=lesson.title))
    assert (query(at, "lesson"), query(at, "step")) == (lesson.id, "1")
    at = click(at, say("lessons.next"))
    at = calm(at.radio[0].set_value(2).run())
    at = click(click(at, say("lessons.next")), say("lessons.back"))
    assert at.radio[0].value == 2  # what was chosen is still there
    at = guess(at, question_of(lesson, 2), 0)
    for _ in range(3):
        at = click(at, say("lessons.next"))
    assert say("lessons.next") not in labels(at)
    assert at.header[0].value == say("lessons.result", right=1, questions=2)
    assert say("lessons.following", title=LESSONS[lesson.number].title) in labels(at)
    at = click(at, say("lessons.all"))
    assert say("lessons.whole_score", right=1, answered=1) in told(at)
    assert "lesson" not in at.query_params
    at = click(at, say("lessons.open", title=lesson.title))
    at.query_params.clear()
    at = click(at, say("lessons.next"))
    assert say("lessons.not_yet") not in told(at)


def test_a_lesson_can_be_started_again() -> None:
    lesson = lesson_of("no-two-alike")
    at = guess(at_step(lesson, 2), question_of(lesson, 2), 2)
    at = click(click(at, say("lessons.next")), say("lessons.next"))
    at = click(at, say("lessons.again"))
    assert query(at, "step") == "1"
    at = click(at, say("lessons.next"))
    assert say("lessons.not_yet") in told(at)


def test_the_end_leads_to_the_same_people_on_other_pages() -> None:
    lesson = lesson_of("how-early")
    at = at_step(lesson, len(lesson.steps) + 1, people="5", fate="6")
    links = {one.proto.page: one.proto.query_string for one in at.get("page_link")}
    assert set(links) == {"walk", "cohort", "compare"}
    for link in links.values():
        assert "scenario=how-early-matters&people=5&fate=6" in link
    assert "arms=slowing-from-onset" in links["compare"]


@pytest.mark.parametrize("bad", ["-5", "99", "1e9", "<script>", "9" * 500, "", "../../etc"])
def test_hostile_places_open_a_lesson_or_the_list(bad: str) -> None:
    at = opened("lessons", v="1", lesson=bad, step=bad)
    assert at.title[0].value == say("lessons.title")
    at = opened("lessons", v="1", lesson="how-long", step=bad)
    assert re.fullmatch("[1-5]", query(at, "step"))
