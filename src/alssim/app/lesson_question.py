"""One question of a lesson: the guess, the run on a click, the figure and the feedback."""

import streamlit as st

from alssim.app import lesson_visit as visit
from alssim.app.chart import show_chart
from alssim.app.lesson_visit import Given
from alssim.app.palette import palette
from alssim.app.steps import stepped_slider
from alssim.app.text import say
from alssim.errors import AlssimError
from alssim.model.record import record_of
from alssim.present import lesson_figures as figures
from alssim.present.lessons import Answer, Lesson, Question
from alssim.quantity import Quantity


def show_question(lesson: Lesson, question: Question) -> None:
    """Ask a question; once it is answered, say what the answer was."""
    st.subheader(question.text, anchor=False)
    if done := visit.given(lesson).get(question.id):
        _show_guess(question, done)
        return
    answer = _ask(lesson, question)
    if st.button(
        say("lessons.run"),
        type="primary",
        key=f"run_{lesson.id}_{question.id}",
        disabled=answer is None,
    ):
        _run(lesson, question, answer)
    if answer is None:
        kind = "choose_first" if question.choices else "move_first"
        st.markdown(f":small[{say(f'lessons.{kind}', low=question.low)}]")


def _show_guess(question: Question, done: Given) -> None:
    """Show the guess, and what was right among the choices."""
    text = figures.answer_text(question, done.answer)
    st.markdown(say("lessons.guessed", text=text))
    if question.choices:
        right = question.choices[int(done.expected.answer)].text
        st.markdown(say("lessons.found", text=right))


def _ask(lesson: Lesson, question: Question) -> Answer | None:
    """Show the control of a guess and return what it says."""
    key = f"guess_{lesson.id}_{question.id}"
    if not question.choices:
        if key not in st.session_state:
            st.session_state[key] = float(question.low)  # no number is put into anybody's head
        unit = Quantity(question.unit, question.low, question.high, "")
        label = say("lessons.guess_unit", unit=question.unit)
        guess = stepped_slider(label, unit, key=key, step=1.0)
        moved = f"{key}_moved"
        st.session_state[moved] = st.session_state.get(moved, False) or guess != question.low
        return guess if st.session_state[moved] else None
    texts = [choice.text for choice in question.choices]
    place = st.radio(
        say("lessons.guess"),
        range(len(texts)),
        index=None,
        key=key,
        format_func=lambda one: texts[one],
        persist_state="session",
        width="stretch",
    )
    return None if place is None else int(place)


def _run(lesson: Lesson, question: Question, answer: Answer | None) -> None:
    assert answer is not None
    patients = question.run.with_seeds(visit.seeds()).patients
    try:
        with st.spinner(say("lessons.working", patients=patients)):
            visit.commit(lesson, question, answer)
    except AlssimError as problem:
        st.error(say("lessons.refused"))
        st.text(str(problem))
    else:
        st.rerun()


def show_result(lesson: Lesson, question: Question) -> None:
    """Show what the simulation found, beside the guess; before the run, say what will come."""
    done = visit.given(lesson).get(question.id)
    with st.container(border=True, key="lesson_result"):
        if done is None:
            st.markdown(say("lessons.not_yet"))
            return
        marked = done.marked(question)
        kind = "right" if marked.right else "wrong"
        st.header(marked.found, anchor=False)
        st.markdown(say(f"lessons.{kind}", feedback=marked.feedback))
        _show_figure(question, done)
        record = record_of(question.run.with_seeds(visit.seeds()))
        st.markdown(f":small[{record.short()}]")


def _show_figure(question: Question, done: Given) -> None:
    if figures.in_squares(question, done.expected):
        parts = "".join(
            f"<div><b>{panel.title}</b><p>{panel.text}</p>{panel.svg}</div>"
            for panel in figures.square_panels(question, done.answer, done.expected, palette())
        )
        st.markdown(f'<div class="pairs">{parts}</div>', unsafe_allow_html=True)
        return
    asked = (question, done.answer, done.expected, done.found)
    spec = figures.bars_spec(*asked, palette())
    show_chart(spec, key="lesson_bars", alt=figures.bars_alt(*asked))
