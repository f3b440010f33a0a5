"""Simulations that put a claim to the test: each is run on a click, and shown beside the claim."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from alssim.app import export, untreated
from alssim.app.chart import show_chart
from alssim.app.downloads import File, data_files, scenario_file, show_download
from alssim.app.once import Shelf, stoppable
from alssim.app.palette import palette
from alssim.app.registry import PAGES, link_to
from alssim.app.study import Study
from alssim.app.text import say, table
from alssim.app.world import HORIZON, treatment
from alssim.errors import AlssimError
from alssim.model.record import RunRecord, record_of
from alssim.model.simulate import Progress
from alssim.parameters import load_trial
from alssim.parameters.schema import Treatment
from alssim.parameters.trial import Trial
from alssim.present import trial_words, vega, words
from alssim.present.claims import Check as Test
from alssim.present.cohort_charts import survival_spec
from alssim.present.comparison_words import finding_sentences
from alssim.present.data_files import Columns
from alssim.present.language import grouped, spoken
from alssim.present.lessons import load_lessons
from alssim.present.naming import evidence_words, scenario_title, treatment_in_words, trial_in_words
from alssim.present.plain_charts import Bar, Line, bars_alt, bars_spec, lines_spec
from alssim.present.trial_words import say as trial_say
from alssim.studies.checks import CHECKS, POINTS, Finding
from alssim.studies.comparison import Comparison, compare
from alssim.studies.comparison.findings import findings
from alssim.studies.comparison.function import FunctionKeeper
from alssim.studies.lives import live
from alssim.studies.trial.plan import plan
from alssim.studies.trial.pool import gather
from alssim.studies.trial.record import trial_record
from alssim.studies.trial.report import Report, report

REFERENCE = "reference"
FUNCTION = ("independence",)  # claims about months without help, which need monthly visits
MONTH = 36.0  # at which people of a comparison are counted
YEARS = tuple(12.0 * year for year in range(1, HORIZON // 12 + 1))
SERIES = 10  # people of an open-label series

COUNTED: Mapping[tuple[str, int], tuple[str, ...]] = {
    ("what-als-is", 0): ("neurons", "genes"),
    ("where-neurons-die", 0): ("neurons",),
    ("weak-from-the-start", 0): ("scores", "neurons"),
    ("first-symptoms", 0): ("begins",),
    ("first-symptoms", 1): ("follows",),
    ("spread-and-breathing", 0): ("begins", "follows", "causes"),
    ("ninety-percent-paralysed", 0): ("paralysed",),
    ("no-timeline", 0): ("lengths",),
    ("two-to-five-years", 0): ("alive",),
    ("age-fifty-to-seventy", 0): ("ages",),
    ("men-more-often", 0): ("sexes",),
    ("no-cure-and-burden", 0): ("care",),
    ("stiffness-and-wasting", 0): ("symptoms",),
    ("diagnosis-is-accurate", 0): ("passed",),
    ("thinking-late", 0): ("thinking",),
    ("eight-stages", 0): ("orders",),
    ("eight-stages", 1): ("tubes",),
    ("multidisciplinary-care", 0): ("care",),
}
"""What a scenario counts for a claim, by the claim's id and the place of the test.

A scenario that is not here compares its treatments.
"""


@dataclass(frozen=True, slots=True)
class Trying:
    """A test of a claim: which, on how many people, and what stops it."""

    claim: str
    place: int
    test: Test
    people: int
    stop: Callable[[], None]

    @property
    def key(self) -> str:
        """Words that tell the test from any other on the page."""
        return f"test_{self.claim}_{self.place}"

    @property
    def checks(self) -> tuple[str, ...]:
        """Names of what is counted; none where treatments are compared."""
        return COUNTED.get((self.claim, self.place), ())


def tells_survival(claim: str, place: int, test: Test) -> bool:
    """Whether a test shows how long people live, so that its button must say so."""
    if counted := COUNTED.get((claim, place)):
        return any(CHECKS[name].survival for name in counted)
    return test.kind in ("scenario", "pair", "trial")


def show_test(trying: Trying, study: Study) -> None:
    """Run a test with the visitor's seeds and values, and show what comes out."""
    kind = trying.test.kind
    if kind == "trial":
        _show_trial(trying, study)
    elif kind == "anecdote":
        _show_anecdote(trying, own_study(trying.test.name, study))
    elif trying.checks:
        _show_counts(trying, own_study(trying.test.name, study))
    else:
        _show_pair(trying, own_study(trying.test.name, study))


def own_study(scenario: str, study: Study) -> Study:
    """Return the study of a test: its own scenario, with the visitor's seeds and values.

    A visitor's own file gives the seeds alone: a test belongs to a shipped scenario.
    """
    if study.private:
        return Study(scenario, study.record.people, study.record.fate)
    return replace(study, scenario=scenario)


def show_lesson(test: Test) -> None:
    """Name the lesson that belongs to a claim, and lead there."""
    titles = {lesson.id: lesson.title for lesson in load_lessons()}
    st.markdown(say("claims.lesson", title=titles[test.name], shows=test.shows))
    if "lessons" in {page.name for page in PAGES}:
        link_to("lessons")


# ------------------------------------------------------------------------------------- counting


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, and the record of the run."""

    finding: Finding
    record: RunRecord


def _show_counts(trying: Trying, study: Study) -> None:
    if study.scenario != REFERENCE:
        st.markdown(say("claims.scenario", title=scenario_title(study.scenario, study.record)))
    files, found = [], None
    for name in trying.checks:
        found = _counted(study.key, name, trying.people, study)
        _show_count(name, found.finding, f"{trying.key}_{name}")
        files += _count_files(name, found)
    assert found is not None
    _show_end(trying, [*files, scenario_file(found.record)], found.record)


def _show_count(name: str, finding: Finding, key: str) -> None:
    """Show what was counted: a sentence, and bars."""
    says, points = table(f"claims.checks.{name}"), CHECKS[name].unit == POINTS
    percent, top = (1, 48.0) if points else (100, 100.0)
    beside = dict(finding.beside)
    bars = [
        Bar(says["rows"][row], percent * value, percent * beside.get(row, np.nan))
        for row, value in finding.rows
    ]
    told = {row: _told(percent * value) for row, value in finding.rows}
    told |= {f"beside_{row}": _told(percent * value) for row, value in finding.beside}
    st.markdown(says["sentence"].format(people=grouped(finding.people), **told))
    spec = bars_spec(bars, says["title"], top, palette())
    alt = bars_alt(bars, says["title"], (says.get("here", ""), says.get("beside", "")))
    show_chart(spec, key=key, alt=alt)
    if beside:
        st.markdown(f":small[:blue[■] {says['here']}  :orange[■] {says['beside']}]")


def _told(value: float) -> str:
    return f"{value:.0f}" if value >= 9.5 or value == 0 else f"{value:.1f}".replace(".0", "")


@st.cache_data(max_entries=200, show_spinner=False)
def _counted(key: str, check: str, people: int, _study: Study) -> Counted:
    scenario = replace(_study.record, patients=people)
    other = None
    if CHECKS[check].care:
        other = replace(replace(_study, scenario=REFERENCE).record, patients=people)
    return Counted(CHECKS[check].run(scenario, other), record_of(scenario))


def _count_files(name: str, counted: Counted) -> list[File]:
    finding, says = counted.finding, table(f"claims.checks.{name}")

    def columns() -> Columns:
        found: dict[str, list[object]] = {
            "row": [says["rows"][row] for row, _ in finding.rows],
            "value": [round(value, 6) for _, value in finding.rows],
        }
        if finding.beside:
            found["beside"] = [round(value, 6) for _, value in finding.beside]
        return found

    return data_files(says["title"], name, columns, counted.record)


def _show_end(trying: Trying, files: list[File], record: RunRecord, limits: str = "") -> None:
    """Show how to read the result, its files and its record."""
    st.markdown(f":small[{limits or say('claims.count_limits')}]")
    with st.container(horizontal=True):
        for file in files:
            show_download(file, f"{trying.key}_")
    st.markdown(f":small[{record.short()}]")


# ------------------------------------------------------------------------------------ comparing


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The same people in every arm, as far as curves show and as long as they are followed.

    more   further sentences of each treated arm
    """

    shown: Comparison
    whole: Comparison
    more: tuple[tuple[str, ...], ...]
    record: RunRecord


COMPARED: Shelf[Compared] = Shelf(60)


def _show_pair(trying: Trying, study: Study) -> None:
    asked = (spoken(), study.key, trying.test.arms, trying.people, trying.claim in FUNCTION)
    label = say("claims.comparing", people=grouped(trying.people))
    with stoppable(label, trying.key, trying.stop) as progress:

        def work() -> Compared:
            return _compared(trying, study, progress)

        found = COMPARED.once(asked, work, lambda: progress(0, 1))
    names = _titles(found.shown)
    for arm, name in enumerate(found.shown.arms[1:], 1):
        _tell_arm(found, treatment(name), names, arm)
    spec = vega.survival_spec(found.shown, palette(), names, MONTH)
    arms = range(1, len(found.shown.arms))
    alt = " ".join(vega.survival_alt(found.shown, names, MONTH, arm) for arm in arms)
    show_chart(spec, key=trying.key, alt=alt)
    files = [*_pair_files(trying, found), scenario_file(found.record)]
    _show_end(trying, files, found.record, say("compare.limits_text"))


def _titles(found: Comparison) -> dict[str, str]:
    told = (treatment_in_words(treatment(arm)) for arm in found.arms[1:])
    return {one.name: say("claims.named", title=one.title) for one in told}


def _tell_arm(found: Compared, given: Treatment, names: dict[str, str], arm: int) -> None:
    preset, label = treatment_in_words(given), evidence_words(given.evidence)
    badge = f":gray-badge[{say('compare.evidence', label=label)}]"
    st.markdown(f"**{preset.title}** {badge}")
    told = [
        words.headline(found.shown, names, MONTH, arm),
        words.gain_sentence(found.whole, names, arm),
        words.shares_sentence(found.whole, arm),
    ]
    st.markdown(" ".join(told))
    with st.expander(say("claims.more", title=preset.title)):
        st.markdown("\n".join(f"- {sentence}" for sentence in found.more[arm - 1]))
    st.markdown(f":small[{preset.hypothetical}]")


def _compared(trying: Trying, study: Study, progress: Progress) -> Compared:
    first, *others = study.record.arms
    chosen = [arm for arm in others if not trying.test.arms or arm.name in trying.test.arms]
    scenario = replace(study.record, arms=(first, *chosen), patients=trying.people)
    function = trying.claim in FUNCTION
    keeper = FunctionKeeper(scenario, scenario.horizon)
    also = keeper.add if function else None
    lives = live(scenario, visits=function, also=also, progress=progress)
    whole = compare(lives, landmarks=[MONTH])
    mark, kept = words.landmark_of(whole, MONTH), keeper.kept() if function else None
    found, names = findings(lives, whole, mark, kept), _titles(whole)
    return Compared(
        shown=compare(lives, horizon=HORIZON, landmarks=YEARS),
        whole=whole,
        more=tuple(
            finding_sentences(whole, found, arm, names) for arm in range(1, len(whole.arms))
        ),
        record=record_of(scenario),
    )


def _pair_files(trying: Trying, found: Compared) -> list[File]:
    label = say("downloads.curves")
    stem = f"{trying.test.name}-curves"
    return data_files(label, stem, lambda: export.curves(found.shown), found.record)


# -------------------------------------------------------------------------------------- trials


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """One virtual trial: its design, its report and the record of the run."""

    design: Trial
    report: Report
    record: RunRecord


TRIED: Shelf[Tried] = Shelf(40)


def _show_trial(trying: Trying, study: Study) -> None:
    people, fate = study.record.people, study.record.fate
    name = trying.test.name
    with stoppable(say("claims.trying"), trying.key, trying.stop) as progress:

        def carry_out() -> Tried:
            seeds = {"people": people, "fate": fate, "luck": fate}
            design = load_trial(name, seeds).record
            planned = plan(design)
            done = report(gather(planned, progress=progress))
            return Tried(design, done, trial_record(planned))

        found = TRIED.once((name, people, fate), carry_out, lambda: progress(0, 1))
    _tell_trial(trying, found)


def _tell_trial(trying: Trying, found: Tried) -> None:
    design, done = trial_in_words(found.design), found.report
    st.markdown(f"**{design.title}**  \n{design.summary}")
    told = [" ".join(trial_words.outcome_sentences(one)) for one in done.outcomes]
    told += [" ".join(trial_words.published_sentences(row, None)) for row in design.published]
    st.markdown("\n".join(f"- {sentence}" for sentence in told))
    left, right = st.columns(2, gap="large")
    first, last = int(done.months[0]), int(done.months[-1])
    months = (*range(first, last, _step(last - first)), last)
    names = [trial_say(f"arms.{name}") for name in ("control", "treated")]
    axis = trial_say("charts.months")
    lines = [
        Line(name, done.months.astype(np.float64), done.scores[arm])
        for arm, name in enumerate(names)
    ]
    with left:
        title = trial_say("charts.score")
        ticks = (months, (0, 12, 24, 36, 48))
        spec = lines_spec(lines, title, (axis, ""), (0, 48), ticks, palette())
        alt = f"{title}. {told[0]}"
        show_chart(spec, key=f"{trying.key}_score", alt=alt)
    with right:
        curves = list(zip(names, done.curves, strict=True))
        spec = survival_spec(curves, last, palette())
        spec["title"]["text"] = title = trial_say("charts.alive")
        spec["encoding"]["x"]["title"] = axis
        alt = f"{title}. {' '.join(trial_words.flow_sentences(done.flow, design.size))}"
        show_chart(spec, key=f"{trying.key}_alive", alt=alt)
    limits = [say("claims.one_trial"), design.treatment.hypothetical, design.assumed]
    _show_end(trying, [scenario_file(found.record)], found.record, " ".join(limits))


def _step(span: int) -> int:
    return next((step for step in (1, 2, 3, 6, 12) if span / step <= 8), 12)


# ------------------------------------------------------------------------------------- anecdotes


def _show_anecdote(trying: Trying, study: Study) -> None:
    test = trying.test
    asked = untreated.Asked(test.moment, test.after, SERIES, trying.people)
    result = untreated.run(study, asked, trying.key, trying.stop)
    untreated.show_short(result, trying.key)
    st.markdown(say("claims.to_machine"))


def try_or_say(show: Callable[[], None]) -> None:
    """Show a result, or in plain words why the model refuses it."""
    try:
        show()
    except AlssimError as problem:
        st.error(say("compare.refused"))
        st.text(str(problem), width="stretch")
