"""Parameters: every number with its meaning and source; edit, open a file, take one away."""

from collections.abc import Iterator, Mapping
from functools import partial
from html import escape

import streamlit as st

from alssim.app.commands import command
from alssim.app.downloads import File, data_files, scenario_text, show_download
from alssim.app.editing import drafts, problems, problems_of, take_back, type_in
from alssim.app.link import adopt, asked_choice, set_study, study, write_link
from alssim.app.standing import begin, scenario
from alssim.app.study import Study, checked, difference, short_file, value_text
from alssim.app.text import as_written, say, table
from alssim.app.text_size import larger
from alssim.app.world import COHORT, HORIZON
from alssim.model.record import record_of
from alssim.parameters import CARE, Origin, Resolved, Upload, names
from alssim.parameters.changing import CARE_KEY, editable
from alssim.parameters.schema import Scenario
from alssim.parameters.walking import Entry
from alssim.present.data_files import Columns
from alssim.quantity import Choice, Flag, Quantity

GROUP, FILE, UPLOAD_PROBLEMS = "parameters_group", "parameters_file", "parameters_refused"
"""Session keys: the part of the model that is shown; the file opened; what is wrong with it."""
CHOICES = ("part",)
NOTHING = Origin(None, "", "", "")


def show() -> None:
    """Draw the page."""
    begin(CHOICES)
    st.title(say("parameters.title"), anchor=False)
    st.markdown(say("parameters.lead"))
    resolved = study().resolved()
    groups = _groups(resolved.record)
    adopt(GROUP, lambda: asked_choice("part", tuple(groups), "pace"))
    if st.session_state[GROUP] not in groups:
        st.session_state[GROUP] = "pace"
    chosen = st.selectbox(
        say("parameters.group"),
        list(groups),
        key=GROUP,
        persist_state="session",
        format_func=partial(_group_title, groups),
    )
    _show_problems()
    for entry in groups[chosen].values():
        _show_value(entry, resolved.origins.get(entry.path, NOTHING))
    _show_difference()
    _show_table(resolved)
    _show_upload()
    _show_reproduce(resolved)
    write_link(part=chosen)


def _groups(record: Scenario) -> dict[str, dict[str, Entry]]:
    """Return the values that can be changed, by the table that they lie in."""
    found: dict[str, dict[str, Entry]] = {}
    for path, entry in editable(record).items():
        found.setdefault(path.rpartition(".")[0] or "scenario", {})[path] = entry
    return found


def _group_title(groups: Mapping[str, Mapping[str, Entry]], name: str) -> str:
    """Name a table of values, with what its kind of record is for."""
    kind = next(iter(groups[name].values())).kind
    return f"{name}: {(kind.__doc__ or '').strip().splitlines()[0].rstrip('.')}"


# --------------------------------------------------------------------------------- one value


def _show_problems() -> None:
    if not drafts():
        return
    if found := problems():
        with st.container(border=True, key="problems"):
            st.error(say("parameters.all_wrong"))
            for problem in found:
                st.text(problem)
    else:
        st.success(say("parameters.in_use"))
    st.button(say("parameters.back_all"), on_click=take_back, key="back_all")


def _show_value(entry: Entry, origin: Origin) -> None:
    typed = drafts().get(entry.path)
    with st.container(border=True, key=f"value_{entry.path}"):
        left, right = st.columns([1, 2.2], gap="medium")
        with left:
            _show_input(entry, value_text(entry.value) if typed is None else typed)
            for problem in problems_of(entry.path, problems()):
                st.badge(say("parameters.wrong"), color="red")
                st.text(problem)
        with right:
            _show_meaning(entry, origin, typed)


def _show_input(entry: Entry, text: str) -> None:
    key = f"edit_{entry.path}"
    change = partial(_type_in, entry.path)
    options = _options(entry)
    if options:
        st.session_state[key] = text.strip('"')
        st.selectbox(entry.path, options, key=key, on_change=change)
    else:
        st.session_state[key] = text
        st.text_input(entry.path, key=key, on_change=change, max_chars=200)


def _type_in(path: str) -> None:
    type_in(path, str(st.session_state[f"edit_{path}"]))


def _options(entry: Entry) -> list[str]:
    """Return the words to choose from; none for a number or a list."""
    about = entry.part.about
    if entry.path == CARE_KEY:
        return names(CARE)
    if entry.part.is_list or isinstance(about, Quantity):
        return []
    if isinstance(about, Flag):
        return ["true", "false"]
    return list(about.options) if isinstance(about, Choice) else []


def _show_meaning(entry: Entry, origin: Origin, typed: str | None) -> None:
    st.markdown(_sentence(entry.part.about.meaning))
    source = as_written(origin.source)
    source = source and say("parameters.source", source=source)
    if typed is not None:
        source = say("parameters.changed")
    small = [_limits(entry), source or say("parameters.no_source")]
    st.markdown("  \n".join(f":small[{words}]" for words in small if words))
    if typed is not None:
        st.button(
            say("parameters.back_one", value=_scenario_value(entry.path)),
            key=f"back_{entry.path}",
            on_click=take_back,
            args=(entry.path,),
        )


def _scenario_value(path: str) -> str:
    shown = study()
    plain = editable(Study(shown.scenario, given=shown.given).record)
    return value_text(plain[path].value) if path in plain else ""


def _sentence(meaning: str) -> str:
    return f"{meaning[:1].upper()}{meaning[1:].rstrip('.')}."


def _limits(entry: Entry) -> str:
    about = entry.part.about
    if not isinstance(about, Quantity):
        return ""
    low, high = f"{about.low:g}", f"{about.high:g}"
    return say("parameters.range", low=low, high=high, unit=about.unit)


# --------------------------------------------------------------------------------- all values


def _known(resolved: Resolved[Scenario]) -> Iterator[tuple[Entry, str, str]]:
    """Yield every value with its unit and its source; empty words where there is none."""
    for path, entry in editable(resolved.record).items():
        about = entry.part.about
        unit = about.unit if isinstance(about, Quantity) else ""
        yield entry, unit, resolved.origins.get(path, NOTHING).source


def _columns(resolved: Resolved[Scenario]) -> Columns:
    """Return every value with what is known of it, as columns of words and numbers."""
    reference = {path: entry.value for path, entry in editable(Study().record).items()}
    rows = []
    for entry, unit, source in _known(resolved):
        path, about = entry.path, entry.part.about
        low, high = (about.low, about.high) if isinstance(about, Quantity) else (None, None)
        before = value_text(reference[path]) if path in reference else ""
        value = value_text(entry.value)
        rows.append((path, value, unit, low, high, about.meaning, source, before))
    return dict(zip(table("parameters.columns").values(), zip(*rows, strict=True), strict=True))


def _as_list(resolved: Resolved[Scenario]) -> str:
    """Return the same as a list that grows with the text, in HTML."""
    lines = []
    for entry, unit, source in _known(resolved):
        limits = _limits(entry)
        told = [
            f"{value_text(entry.value)} {unit}".strip() + (f" ({limits})" if limits else ""),
            _sentence(entry.part.about.meaning),
            say("parameters.source", source=source) if source else "",
        ]
        known = "<br>".join(escape(one) for one in told if one)
        lines.append(f"<dt><b>{escape(entry.path)}</b></dt><dd>{known}</dd>")
    return f'<dl style="overflow-wrap: anywhere">{"".join(lines)}</dl>'


def _show_table(resolved: Resolved[Scenario]) -> None:
    with st.expander(say("parameters.table")):
        columns = _columns(resolved)
        if larger():  # a canvas does not follow the size of text
            st.html(_as_list(resolved))
        else:
            st.dataframe({name: list(values) for name, values in columns.items()}, hide_index=True)
        record = record_of(resolved.record)
        label = say("parameters.table_name")
        with st.container(horizontal=True):
            for file in data_files(label, "parameters", lambda: columns, record):
                show_download(file)


def _show_difference() -> None:
    st.header(say("parameters.difference"), anchor=False)
    found = difference(study())
    if not found:
        st.markdown(say("parameters.no_difference"))
        return
    words = table("parameters.columns")
    rows = [(path, value_text(before), value_text(here)) for path, before, here in found]
    heads = (words["key"], words["reference"], words["value"])
    st.table(dict(zip(heads, zip(*rows, strict=True), strict=True)), hide_index=True)


# ------------------------------------------------------------------------------ files, commands


def _show_upload() -> None:
    st.header(say("parameters.upload_title"), anchor=False)
    st.markdown(say("parameters.upload_about"))
    st.file_uploader(
        say("parameters.upload"), type="toml", key=FILE, max_upload_size=1, on_change=_open_file
    )
    if found := st.session_state.get(UPLOAD_PROBLEMS):
        st.error(say("parameters.upload_refused"))
        for problem in found:
            st.text(problem)
    elif study().private:
        st.success(say("parameters.upload_used"))


def _open_file() -> None:
    file = st.session_state[FILE]
    st.session_state[UPLOAD_PROBLEMS] = []
    if file is None:
        return
    wanted = Study(given=Upload(file.name, file.getvalue()))
    st.session_state[UPLOAD_PROBLEMS] = checked(wanted)
    if not st.session_state[UPLOAD_PROBLEMS]:
        set_study(wanted)


def _show_reproduce(resolved: Resolved[Scenario]) -> None:
    st.header(say("parameters.reproduce"), anchor=False)
    st.markdown(say("parameters.reproduce_about"))
    full = scenario(study())
    if study().private:
        st.markdown(say("parameters.reproduce_private"))
    else:
        st.markdown(f"**{say('parameters.reproduce_file')}**")
        st.code(short_file(study()), language="toml")
    with st.container(horizontal=True):
        if not study().private:
            stem, text = f"{study().scenario}-changed", short_file(study())
            label = say("parameters.reproduce_file")
            show_download(File(label, stem, "toml", text.encode))
        make = partial(scenario_text, resolved)
        show_download(File(say("parameters.reproduce_full"), full.stem, "toml", make))
    for title, line in _commands(full.name).items():
        st.markdown(title)
        st.code(line, language="bash", wrap_lines=True)


def _commands(file: str) -> Mapping[str, str]:
    """Return the command lines of the screens that this visitor has seen."""
    seen, words = st.session_state, table("parameters.commands")
    shown = study()
    found = {words["run"]: command("run", shown, file, options=["--patients", str(COHORT)])}
    if "walk_person" in seen:
        options = ["--patient", str(seen["walk_person"])]
        found[words["story"]] = command("story", shown, file, options=options)
    if "compare_treatment" in seen:
        options = ["--with", seen["compare_treatment"], "--patients", str(seen["compare_people"])]
        options += ["--horizon", str(HORIZON)]
        changes = seen.get("compare_changes", {})
        found[words["compare"]] = command("compare", shown, file, changes, options)
    return found
