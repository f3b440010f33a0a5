"""What *The cohort* says and tabulates: sentences, alternatives to charts, columns of numbers."""

from collections.abc import Sequence

import numpy as np

from alssim.app.text import say, table
from alssim.model.events import EVENTS
from alssim.model.patients import GENETIC_FORMS
from alssim.present.data_files import Columns
from alssim.present.language import grouped
from alssim.statistics.survival import FloatArray, SurvivalCurve, quantile
from alssim.studies.cohort import (
    DEAD,
    NEXT,
    ONSETS,
    BoolArray,
    Cohort,
    Place,
    ScoreBands,
    onset_of,
    spread_counts,
)
from alssim.studies.counting import people_of, told_of

TOLD_MONTHS = (12, 24, 36, 60)
FEW = 20
"""People below which a row of shares says how few they are."""


def who(people: Cohort) -> str:
    """Say who the people are."""
    patients, onset = people.patients, onset_of(people)
    shares = {name: _counted(onset == place) for place, name in enumerate(ONSETS)}
    return say(
        "cohort.who_text",
        count=grouped(len(people)),
        whole=told_of(len(people)),
        women=_counted(~patients.male),
        age=int(np.median(patients.age)),
        gene=_counted(patients.genetic_form != GENETIC_FORMS.index("sporadic")),
        **shares,
    )


def _counted(members: BoolArray) -> int:
    return people_of(float(np.mean(members)), told_of(len(members)))


def spread_rows(people: Cohort) -> list[list[str]]:
    """Return of 100 with each first region, how many meet each second one, with a heading."""
    rows = [[say("cohort.spread_first"), *table("cohort.next").values()]]
    for name, counts in zip(ONSETS, spread_counts(people).tolist(), strict=True):
        if not (whole := sum(counts)):
            continue
        few = f" {say('cohort.few', count=whole)}" if whole < FEW else ""
        shares = [f"{100 * count / whole:.0f}" for count in counts]
        own = NEXT.index(name) if name in NEXT else -1
        shares = ["–" if place == own else text for place, text in enumerate(shares)]
        rows.append([say(f"cohort.groups.{name}") + few, *shares])
    return rows


def spread_columns(people: Cohort) -> dict[str, list[str]]:
    """Return the same as columns."""
    heading, *rows = spread_rows(people)
    return {name: [row[place] for row in rows] for place, name in enumerate(heading)}


def scores_alt(bands: Sequence[tuple[str, ScoreBands]]) -> str:
    """Say what the chart of scores shows."""
    sentences = [
        say("cohort.score_told", group=name, middle=f"{band.middle[month]:.0f}", month=month)
        for name, band in bands
        for month in TOLD_MONTHS
        if month < len(band.middle) and np.isfinite(band.middle[month])
    ]
    return say("cohort.scores_alt", told="; ".join(sentences))


def stages_alt(months: FloatArray, shares: FloatArray, names: Sequence[str]) -> str:
    """Say what the chart of stages shows."""
    lines = []
    for month in TOLD_MONTHS:
        row = shares[:, month] if month < len(months) else np.full(len(names), np.nan)
        parts = [
            say("cohort.stages_part", people=f"{100 * share:.0f}", stage=name)
            for share, name in zip(row.tolist(), names, strict=True)
            if share >= 0.005
        ]
        if parts:
            lines.append(say("cohort.stages_at", month=month, parts=", ".join(parts)))
    return say("cohort.stages_alt", told=" ".join(lines))


def stage_columns(
    months: FloatArray, shares: FloatArray, names: Sequence[str]
) -> dict[str, list[str]]:
    """Return the shares of every twelfth month, of 100, as columns."""
    yearly = [month for month in range(0, len(months), 12) if np.isfinite(shares[0, month])]
    columns = {say("cohort.month"): [str(month) for month in yearly]}
    for name, row in zip(names, shares, strict=True):
        columns[name] = [f"{100 * row[month]:.0f}" for month in yearly]
    return columns


def place(found: Place, horizon: int) -> str:
    """Say where a patient lies among the others."""
    event = say(f"cohort.events.{found.event}")
    if np.isnan(found.month):
        never = {"never": found.later, "whole": found.whole}
        return say("cohort.place_never", event=event, years=horizon // 12, **never)
    later = {"later": found.later, "whole": found.whole}
    return say("cohort.place_met", event=event, month=f"{found.month:.0f}", **later)


def survival_lines(curves: Sequence[tuple[str, SurvivalCurve]], horizon: int) -> list[str]:
    """Say by when a quarter, half and three quarters of each group have died."""
    return [
        say(
            "cohort.survival_line",
            group=name,
            count=curve.patients,
            low=_months(curve, 0.25, horizon),
            middle=_months(curve, 0.5, horizon),
            high=_months(curve, 0.75, horizon),
        )
        for name, curve in curves
    ]


def _months(curve: SurvivalCurve, died: float, horizon: int) -> str:
    value = quantile(curve, died).value
    return say("cohort.beyond", months=horizon) if np.isnan(value) else f"{value:.0f}"


def people_columns(people: Cohort, survival: bool) -> Columns:
    """Return one row a patient: traits, months of events and the score of every twelfth month.

    Death is there if survival was asked for; without it scores end where they end.
    """
    patients = people.patients
    events = [event for event in EVENTS if survival or event not in ("death", "treatment_start")]
    columns: dict[str, Sequence[object]] = {
        "patient": patients.number.tolist(),
        "sex": ["male" if male else "female" for male in patients.male],
        "age_at_onset": patients.age.round(1).tolist(),
        "onset": [ONSETS[place] for place in onset_of(people)],
        "genetic_form": [GENETIC_FORMS[place] for place in patients.genetic_form],
    }
    for event in events:
        columns[event] = [
            None if np.isnan(month) else round(month, 2) for month in people.months(event).tolist()
        ]
    for month in range(0, people.horizon + 1, 12):
        row = people.total[:, month].tolist()
        columns[f"alsfrs_r_{month}"] = [None if score == DEAD else score for score in row]
    return columns
