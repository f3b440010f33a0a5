"""Validation: every published number beside the simulated one, and what the model misses."""

from collections.abc import Callable, Iterator

import streamlit as st
from matplotlib.figure import Figure

from alssim.app import validating
from alssim.app.chart import show_chart
from alssim.app.downloads import File, data_files, figure_files, scenario_file, show_downloads
from alssim.app.link import adopt, asked_choice, asked_nearest, study, write_link
from alssim.app.palette import palette
from alssim.app.standing import begin
from alssim.app.steps import stepped_choice
from alssim.app.text import say, table
from alssim.errors import AlssimError
from alssim.present import validation_charts as charts
from alssim.present import validation_words as words
from alssim.present.data_files import Columns
from alssim.present.validation_figures import figures
from alssim.present.validation_page import page
from alssim.studies.validation.study import Row, Tally, Validation

SIZES = (300, 1000, 3000, 10_000, 20_000)
FIRST_SIZE = 300
USES = ("all", "core", "calibration", "validation")
RESULTS = ("all", "passed", "missed", "unmeasured")
AREAS = ("all", "epi", "dly", "sur", "kng", "mit", "frs", "rsp", "spr", "mnu", "trt", "trl")
CHOICES = ("n", "rows", "result", "area")
FARTHEST = 8
"""Rows that miss which are told in words; the others stand in the table."""

SIZE, USE, RESULT, AREA, OPEN, CURVES = (
    "validation_size",
    "validation_use",
    "validation_result",
    "validation_area",
    "validation_open",
    "validation_curves",
)
"""Session keys of the page's own values."""


def show() -> None:
    """Draw the page."""
    begin(CHOICES)
    _read_link()
    st.title(say("validation.title"), anchor=False)
    st.markdown(say("validation.lead"))
    _show_rule()
    _show_run()
    write_link(
        n=st.session_state[SIZE],
        rows=st.session_state[USE],
        result=st.session_state[RESULT],
        area=st.session_state[AREA],
    )


def _read_link() -> None:
    adopt(SIZE, lambda: asked_nearest("n", SIZES, FIRST_SIZE))
    adopt(USE, lambda: asked_choice("rows", USES, "all"))
    adopt(RESULT, lambda: asked_choice("result", RESULTS, "all"))
    adopt(AREA, lambda: asked_choice("area", AREAS, "all"))


def _show_rule() -> None:
    st.header(say("validation.rule"), anchor=False)
    st.markdown(say("validation.rule_text"))
    with st.expander(say("validation.rule_details")):
        st.markdown(words.texts()["rule"])
        st.markdown("\n".join(f"- {sentence}" for sentence in words.rule_sentences()))
        st.markdown(words.texts()["interval"])


def _show_run() -> None:
    st.header(say("validation.run_title"), anchor=False)
    size = stepped_choice(
        say("validation.people"), SIZES, key=SIZE, about=say("validation.people_help")
    )
    if study().private:
        st.markdown(say("validation.private"))
    if not st.session_state.get(OPEN):
        st.markdown(say("validation.ask"))
        st.button(say("validation.run"), type="primary", on_click=_switch, args=(OPEN, True))
        return
    st.button(say("validation.hide"), on_click=_switch, args=(OPEN, False))
    try:
        found = validating.run(study(), size, _stop)
    except AlssimError as problem:
        st.error(say("compare.refused"))
        st.text(str(problem))
    else:
        _show_found(found)


def _switch(key: str, wanted: bool) -> None:
    st.session_state[key] = wanted


def _stop() -> None:
    _switch(OPEN, False)


# ------------------------------------------------------------------------------- what was found


def _show_found(found: Validation) -> None:
    _show_tallies(found)
    _show_missed(found)
    _show_table(found)
    _show_charts(found)
    _show_sentences(found)
    with st.container(border=True):
        st.markdown(f"**{say('validation.limits')}**  \n{say('validation.limits_text')}")
        st.markdown(f":small[{found.record.short()}]")
    show_downloads(_files(found))


def _show_tallies(found: Validation) -> None:
    counts = {"core": found.core, "calibration": found.calibration, "validation": found.validation}
    for column, (name, tally) in zip(st.columns(3, gap="medium"), counts.items(), strict=True):
        with column.container(border=True, height="stretch"):
            _show_tally(name, tally)
    if found.record.patients < SIZES[-1]:
        st.markdown(say("validation.few", people=f"{found.record.patients:,}"))
    st.markdown(say("validation.holds" if found.holds else "validation.fails"))


def _show_tally(name: str, tally: Tally) -> None:
    st.subheader(say("validation.tally", passed=tally.passed, rows=tally.rows), anchor=False)
    st.markdown(say(f"validation.tallies.{name}"))
    st.markdown(f":small[{say('validation.needed', needed=tally.needed)}]")


def _show_missed(found: Validation) -> None:
    st.header(say("validation.missed"), anchor=False)
    rows = validating.missed(found)
    st.markdown(say("validation.missed_text", count=len(rows), all=len(found.rows)))
    lines = [_plain(validating.miss_sentence(row)) for row in rows[:FARTHEST]]
    st.markdown("\n".join(f"- {line}" for line in lines))
    if len(rows) > FARTHEST:
        st.button(say("validation.missed_more"), on_click=_only_missed)


def _only_missed() -> None:
    st.session_state[RESULT] = "missed"
    st.session_state[USE] = st.session_state[AREA] = "all"


def _show_table(found: Validation) -> None:
    st.header(say("validation.table"), anchor=False)
    _pills(say("validation.rows"), USE, USES, "validation.uses")
    _pills(say("validation.result"), RESULT, RESULTS, "validation.results")
    _pills(say("validation.area"), AREA, AREAS, "validation.areas")
    asked = (str(st.session_state[key]) for key in (USE, RESULT, AREA))
    rows = validating.shown_rows(found, *asked)
    st.markdown(say("validation.shown", count=len(rows), all=len(found.rows)))
    if rows:
        with st.container(key="validation_table"):
            st.table(_columns(rows), hide_index=True)
        st.markdown(f":small[{words.texts()['star']} {say('validation.table_text')}]")


def _pills(label: str, key: str, options: tuple[str, ...], names: str) -> None:
    st.pills(
        label,
        options,
        key=key,
        required=True,
        persist_state="session",
        format_func=lambda one: say(f"{names}.{one}"),
        wrap=True,
    )


def _columns(rows: list[Row]) -> dict[str, list[str]]:
    heads = words.texts()["columns"]
    return {
        heads["result"]: [_result(row) for row in rows],
        heads["quantity"]: [_quantity(row) for row in rows],
        say("validation.published"): [_published(row) for row in rows],
        heads["simulated"]: [_plain(words.simulated(row)) for row in rows],
    }


def _result(row: Row) -> str:
    outcome = say(f"validation.outcomes.{validating.outcome(row)}")
    distance = words.distance(row)
    return outcome if distance == words.texts()["none"] else f"{outcome}  \n{_plain(distance)}"


def _quantity(row: Row) -> str:
    target = row.target
    star = " \\*" if target.is_core else ""
    use = say(f"validation.uses.{target.use}").lower()
    unit = say("validation.statement") if target.rule == "true" else target.unit
    return f"**{_plain(target.quantity)}** ({_plain(unit)})  \n{target.id}{star}, {use}"


def _published(row: Row) -> str:
    source = f"*{_plain(validating.cited(row))}*"
    if row.target.rule == "true":
        return f"{say('validation.said_to_hold')}  \n{source}"
    none = words.texts()["none"]
    interval, room = words.published_interval(row.target), words.allowed(row)
    parts = [words.published(row.target), *([] if interval == none else [interval])]
    allowed = [] if room == none else [_plain(say("validation.allowed", room=room))]
    return "  \n".join([_plain("; ".join(parts)), *allowed, source])


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>$~:#|" else letter for letter in text)


def _show_charts(found: Validation) -> None:
    st.header(say("validation.charts"), anchor=False)
    st.markdown(say("validation.charts_text"))
    left, right = st.columns(2, gap="large")
    for place, name in enumerate(charts.COURSES):
        with (left, right)[place % 2]:
            _show_chart(found, name)
    if not st.session_state.get(CURVES):
        st.markdown(say("validation.curves_ask"))
        st.button(say("validation.curves"), on_click=_switch, args=(CURVES, True))
        return
    st.button(say("validation.curves_hide"), on_click=_switch, args=(CURVES, False))
    left, right = st.columns(2, gap="large")
    for column, name in zip((left, right), charts.SURVIVAL, strict=True):
        with column:
            _show_chart(found, name)


def _show_chart(found: Validation, name: str) -> None:
    spec, alt = charts.spec(found, name, palette()), charts.alt(found, name)
    show_chart(spec, key=f"validation_{name}", alt=alt)
    st.markdown(f":small[{say(f'validation.notes.{name}')}]")


def _show_sentences(found: Validation) -> None:
    parts = {
        "prognosis": words.prognosis_sentences(found.prognosis),
        "care": words.care_sentences(found.care),
    }
    for name, sentences in parts.items():
        with st.expander(words.texts()["sections"][name]):
            st.markdown("\n".join(f"- {_plain(sentence)}" for sentence in sentences))


# ----------------------------------------------------------------------------------- to take away


def _files(found: Validation) -> list[File]:
    """Offer all rows, the report, the scenario and the figures that are open."""
    record, stem = found.record, "validation"
    report = File(say("validation.report"), stem, "html", lambda: page(found).encode())

    def rows() -> Columns:
        return validating.row_columns(found.rows)

    files = data_files(say("validation.rows_file"), stem, rows, record)
    return [*files, report, scenario_file(record), *_figures(found)]


def _figures(found: Validation) -> Iterator[File]:
    names = (*charts.COURSES, *(charts.SURVIVAL if st.session_state.get(CURVES) else ()))
    for name in names:
        label, stem = table("validation.pictures")[name], f"validation-{name}"
        yield from figure_files(label, stem, _drawing(found, name), found.record)


def _drawing(found: Validation, name: str) -> Callable[[], Figure]:
    return lambda: figures(found)[name]
