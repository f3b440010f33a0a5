"""The lessons: guess, run, read; back and forth; the score; links."""

import re

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.opening import calm, click, opened, query, told

from alssim.app.text import say
from alssim.present.class_codes import member
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
        for value in (question.high, answer):  # a guess is a move, if there and back
            at = calm(at.slider[0].set_value(float(round(value))).run())
    return click(at, say("lessons.run"))


def at_step(lesson: Lesson, step: int, **link: str) -> AppTest:
    return opened("lessons", v="1", lesson=lesson.id, step=str(step), **link)


def question_of(lesson: Lesson, step: int) -> Question:
    question = lesson.steps[step - 1].question
    assert question is not None
    return question


def test_a_number_is_guessed_before_anything_runs() -> None:
    every = [(lesson, step) for lesson, step in (one.values for one in QUESTIONS)]
    asked = [(one, step) for one, step in every if not question_of(one, step).choices]
    assert asked
    for lesson, step in asked:
        at = at_step(lesson, step)
        (run,) = [one for one in at.button if one.label == say("lessons.run")]
        assert run.disabled


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


# A class


def join(at: AppTest, code: str, number: int | None) -> AppTest:
    at = calm(at.text_input("class_code").set_value(code).run())
    if number is not None:
        at = calm(at.number_input("class_number").set_value(number).run())
    return click(at, say("lessons.class.join"))


def test_a_code_and_a_number_give_people_of_ones_own() -> None:
    at = join(opened("lessons"), "bio-7", 12)
    people, fate = member("BIO7", 12).seeds
    assert "Class BIO7, number 12" in told(at)
    assert (query(at, "code"), query(at, "student")) == ("BIO7", "12")
    assert (query(at, "people"), query(at, "fate")) == (str(people), str(fate))
    lesson = lesson_of("silent-loss")
    at = click(at, say("lessons.open", title=lesson.title))
    at = click(at, say("lessons.next"))
    question = question_of(lesson, 2)
    at = guess(at, question, expected_answer(question, (people, fate)).answer)
    assert question.right in told(at) and f"people {people}, fate {fate}" in told(at)
    at = click(click(at, say("lessons.all")), say("lessons.class.leave"))
    assert query(at, "people") == "1" and "code" not in at.query_params
    assert "guesses were right" not in told(at)  # they were about other people


def test_a_link_with_a_class_opens_the_same_people_whatever_its_seeds_say() -> None:
    at = opened("lessons", v="1", people="3", fate="4", code="BIO7", student="12")
    assert query(at, "people") == str(member("BIO7", 12).seeds[0])
    at = opened("lessons", v="1", code="bio7")
    assert at.text_input("class_code").value == "BIO7" and at.number_input[0].value is None


@pytest.mark.parametrize(("code", "number"), [("x", 3), ("BIO7", None), ("<b>", 1)])
def test_what_is_no_class_is_said_and_what_was_typed_stays(code: str, number: int | None) -> None:
    at = join(opened("lessons"), code, number)
    assert at.error and at.text_input("class_code").value == code
    assert at.number_input("class_number").value == number
    assert "code" not in at.query_params
    assert not join(at, "BIO7", 3).error


@pytest.mark.parametrize("bad", ["-5", "1e9", "9" * 500, "<script>", "0", "x", "../.."])
def test_hostile_links_to_a_class_do_no_harm(bad: str) -> None:
    for link in ({"code": bad, "student": bad}, {"code": "BIO7", "student": bad}):
        at = opened("lessons", v="1", **link)
        assert "student" not in at.query_params
        assert query(at, "people") == "1"
        assert at.error or at.warning or bad == "x"


def test_the_end_offers_a_file_to_hand_in() -> None:
    lesson = lesson_of("how-early")
    at = at_step(lesson, 2, code="BIO7", student="12")
    end = len(lesson.steps) + 1
    at = guess(at, question_of(lesson, 2), 0)
    at = click(at, say("lessons.next"))
    at = guess(at, question_of(lesson, 3), 7)
    for _ in range(end - 3):
        at = click(at, say("lessons.next"))
    assert say("lessons.hand_in") in told(at) and say("lessons.hand_in_alone") not in told(at)
    (button,) = at.get("download_button")
    assert button.label == "Answer file (TOML)"


def test_nothing_to_hand_in_without_an_answer() -> None:
    lesson = lesson_of("how-early")
    at = at_step(lesson, len(lesson.steps) + 1)
    assert not at.get("download_button")
