"""Lessons: guess first, then run the simulation, then read what it found."""

import streamlit as st

from alssim.app import lesson_visit as visit
from alssim.app.address import Address, encode
from alssim.app.downloads import File, show_download
from alssim.app.lesson_class import joined, link_words, read_class, show_class
from alssim.app.lesson_question import show_question, show_result
from alssim.app.link import write_link
from alssim.app.registry import link_to
from alssim.app.standing import begin
from alssim.app.text import say
from alssim.app.world import treatments
from alssim.present.answer_files import AnswerFile
from alssim.present.answer_files import answer_text as handed_text
from alssim.present.lesson_figures import answer_text
from alssim.present.lessons import Lesson, Step, load_lessons
from alssim.present.naming import scenario_title

CHOICES = ("lesson", "step", "code", "student")
COLUMNS = 3
OTHER_PAGES = ("walk", "cohort", "compare")


def show() -> None:
    """Draw the page."""
    begin(CHOICES)
    visit.read_place()
    read_class()
    lesson = visit.opened()
    if lesson is None:
        _show_list()
        write_link(**link_words())
    else:
        _show_lesson(lesson)
        write_link(lesson=lesson.id, step=visit.step(), **link_words())


# --------------------------------------------------------------------------------- the list


def _show_list() -> None:
    st.title(say("lessons.title"), anchor=False)
    st.markdown(say("lessons.lead"))
    show_class()
    _show_whole_score()
    lessons = load_lessons()
    for first in range(0, len(lessons), COLUMNS):
        row = lessons[first : first + COLUMNS]
        for column, lesson in zip(st.columns(COLUMNS, gap="medium"), row, strict=False):
            with column.container(border=True, height="stretch", key=f"card_{lesson.id}"):
                _show_card(lesson)


def _show_whole_score() -> None:
    right, answered = visit.whole_score()
    if answered:
        st.markdown(say("lessons.whole_score", right=right, answered=answered))


def _show_card(lesson: Lesson) -> None:
    st.subheader(f"{lesson.number}. {lesson.title}", anchor=False)
    st.markdown(lesson.summary)
    right, answered = visit.score(lesson)
    about = say("lessons.minutes", minutes=lesson.minutes, questions=len(lesson.questions))
    if answered:
        about = say("lessons.score", right=right, answered=answered, about=about)
    st.markdown(f":small[{about}]")
    st.button(
        say("lessons.open", title=lesson.title),
        on_click=visit.go,
        args=(lesson.id,),
        key=f"open_{lesson.id}",
        width="stretch",
    )


# ------------------------------------------------------------------------------- one lesson


def _show_lesson(lesson: Lesson) -> None:
    st.button(say("lessons.all"), on_click=visit.go, args=("",), key="lessons_all")
    st.title(f"{lesson.number}. {lesson.title}", anchor=False)
    step = visit.step()
    if step > len(lesson.steps):
        _show_progress(step, say("lessons.at_end"))
        _show_end(lesson)
    else:
        _show_progress(step, say("lessons.at_step", step=step, steps=len(lesson.steps)))
        _show_step(lesson, lesson.steps[step - 1])
    _show_ways(lesson, step)


def _show_progress(step: int, words: str) -> None:
    st.progress((step - 1) / (visit.last_step() - 1), words)


def _show_step(lesson: Lesson, step: Step) -> None:
    if step.question is None:
        with st.container(border=True, key="lesson_text"):
            _show_text(step.text)
        return
    asking, finding = st.columns([1, 1.25], gap="large")
    with asking:
        _show_text(step.text)
        show_question(lesson, step.question)
    with finding:
        show_result(lesson, step.question)


def _show_text(text: str) -> None:
    """Show a text of a lesson: each of its lines is a paragraph."""
    st.markdown("\n\n".join(text.strip().splitlines()))


def _show_ways(lesson: Lesson, step: int) -> None:
    with st.container(horizontal=True, key="lesson_ways"):
        st.button(
            say("lessons.back"), on_click=visit.go, args=(lesson.id, step - 1), disabled=step == 1
        )
        if step < visit.last_step():
            st.button(
                say("lessons.next"),
                on_click=visit.go,
                args=(lesson.id, step + 1),
                type="secondary" if _open_question(lesson, step) else "primary",
            )


def _open_question(lesson: Lesson, step: int) -> bool:
    """Whether a step asks something that is not answered yet."""
    question = lesson.steps[step - 1].question
    return question is not None and question.id not in visit.given(lesson)


# ----------------------------------------------------------------------------------- the end


def _show_end(lesson: Lesson) -> None:
    right, _ = visit.score(lesson)
    st.header(say("lessons.result", right=right, questions=len(lesson.questions)), anchor=False)
    st.markdown(say("lessons.result_text"))
    st.table(_rows(lesson), hide_index=True)
    _show_answer_file(lesson)
    _show_worlds(lesson)
    with st.container(horizontal=True):
        later = [one for one in load_lessons() if one.number > lesson.number]
        if later:
            label = say("lessons.following", title=later[0].title)
            st.button(label, on_click=visit.go, args=(later[0].id,), type="primary")
        st.button(say("lessons.again"), on_click=_begin_again, args=(lesson,))


def _rows(lesson: Lesson) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {
        say(f"lessons.columns.{name}"): [] for name in ("question", "guess", "found", "right")
    }
    for question in lesson.questions:
        given = visit.given(lesson).get(question.id)
        cells = [question.text, say("lessons.none"), say("lessons.not_run"), say("lessons.none")]
        if given:
            marked = given.marked(question)
            yes = say("lessons.yes" if marked.right else "lessons.no")
            cells = [question.text, answer_text(question, given.answer), marked.found, yes]
        for column, cell in zip(found.values(), cells, strict=True):
            column.append(cell)
    return found


def _show_answer_file(lesson: Lesson) -> None:
    """Offer what was guessed as a file to hand in."""
    answers = {id: given.answer for id, given in visit.given(lesson).items()}
    if not answers:
        return
    with st.container(border=True, key="lesson_hand_in"):
        who = joined()
        handed = AnswerFile(lesson, visit.seeds(), answers, who)
        stem = f"answers-{lesson.id}" + (f"-{who.code}-{who.number}" if who else "")
        st.markdown(say("lessons.hand_in"))
        if who is None:
            st.markdown(say("lessons.hand_in_alone"))
        show_download(
            File(say("lessons.answers"), stem, "toml", lambda: handed_text(handed).encode())
        )


def _show_worlds(lesson: Lesson) -> None:
    """Lead to the other pages with the scenario of the lesson's last question."""
    run = lesson.questions[-1].run
    scenario = run.with_seeds(visit.seeds())
    shown = [arm.name for arm in scenario.arms if arm.name in treatments()]
    people, fate = visit.seeds()
    st.subheader(say("lessons.worlds", title=scenario_title(run.scenario, scenario)), anchor=False)
    for column, page in zip(st.columns(3), OTHER_PAGES, strict=True):
        arms = tuple(shown[:1]) if page == "compare" else ()
        with column:
            link_to(page, encode(Address(run.scenario, people, fate, arms=arms)))


def _begin_again(lesson: Lesson) -> None:
    visit.forget(lesson)
    visit.go(lesson.id)
