"""What can be taken away from a comparison: data, figures, the scenario and a report."""

from collections.abc import Callable, Sequence

from matplotlib.figure import Figure

from alssim.app import export
from alssim.app.downloads import File, data_files, figure_files, report_file, scenario_file
from alssim.app.outcome_detail import (
    Detail,
    More,
    able_sentences,
    known_caveats,
    quality_sentences,
)
from alssim.app.text import say
from alssim.present import (
    comparison_charts,
    comparison_figures,
    comparison_words,
    figures,
    function_figures,
    vega,
    words,
)
from alssim.present.data_files import Columns, columns_of
from alssim.present.report import Part
from alssim.present.study_files import band_rows, stay_rows

Draw = Callable[[], Figure]


def comparison_files(stem: str, detail: Detail, limits: Sequence[str], more: More) -> list[File]:
    """Offer the files of a comparison; ``limits``: what to read with the result."""
    found = detail.found
    record = found.record
    curves, people = say("downloads.curves"), say("downloads.people")
    stages, bands = say("downloads.stages"), say("downloads.bands")
    known = more.known.many if more.known else None
    return [
        *data_files(curves, f"{stem}-curves", lambda: export.curves(found.shown), record),
        *data_files(people, f"{stem}-people", lambda: export.people(found.whole), record),
        *data_files(stages, f"{stem}-stages", lambda: _stage_columns(detail), record),
        *(
            data_files(bands, f"{stem}-bands", lambda: columns_of(band_rows(known)), record)
            if known
            else ()
        ),
        *(
            file
            for name, draw in _drawings(detail, more).items()
            for file in figure_files(
                say(f"downloads.{name}_picture"), f"{stem}-{name}", draw, record
            )
        ),
        scenario_file(record),
        report_file(say("compare.title"), stem, lambda: _parts(detail, limits, more), record),
    ]


def _stage_columns(detail: Detail) -> Columns:
    return columns_of(stay_rows(detail.found.found.stays.values()))


def _drawings(detail: Detail, more: More) -> dict[str, Draw]:
    """Return what draws each figure, in the order of the screen."""
    found, names, arm = detail.found, detail.names, detail.arm
    drawn: dict[str, Draw] = {
        "survival": lambda: figures.survival_figure(found.shown, names, detail.month),
        "gains": lambda: figures.gain_figure(found.whole, names, arm),
        "lived": lambda: comparison_figures.stays_figure(
            found.whole, found.found.stays["documents"], arm, names
        ),
    }
    if more.able:
        able = more.found.found.able
        drawn["able"] = lambda: function_figures.able_figure(found.whole, able, arm, names)
    if more.known:
        many = more.known.many
        drawn["known"] = lambda: comparison_figures.worlds_figure(many, arm, names)
    return drawn


def _parts(detail: Detail, limits: Sequence[str], more: More) -> list[Part]:
    """Return the report of the screen: what is open on it, in its order."""
    pictures = {
        name: figures.rendered(draw(), "svg", detail.found.record)
        for name, draw in _drawings(detail, more).items()
    }
    found, names, month, arm = detail.found, detail.names, detail.month, detail.arm
    whole, stays = found.whole, found.found.stays
    arms = range(1, len(found.shown.arms))
    told = [
        said
        for one in arms
        for said in (
            words.headline(found.shown, names, month, one),
            words.difference_sentence(found.shown, names, month, one),
            words.median_sentence(found.shown, names, one),
        )
    ]
    survival_alt = " ".join(vega.survival_alt(found.shown, names, month, one) for one in arms)
    gained = [
        words.gain_sentence(whole, names, arm),
        words.shares_sentence(whole, arm),
        words.mean_sentence(whole, names, arm),
    ]
    lived = [
        comparison_words.stays_sentence(whole, stays[scale], arm, names)
        for scale in ("documents", "ventilation")
    ]
    lived_alt = comparison_charts.stays_alt(whole, stays["documents"], names, arm)
    return [
        Part(say("downloads.curves"), told, figure=pictures["survival"], alt=survival_alt),
        Part(
            say("compare.gained"),
            gained,
            figure=pictures["gains"],
            alt=vega.gain_alt(whole, names, arm),
        ),
        Part(say("compare.lived_title"), lived, figure=pictures["lived"], alt=lived_alt),
        *_further(detail, more, pictures),
        Part(say("compare.limits"), limits),
    ]


def _further(detail: Detail, more: More, pictures: dict[str, bytes]) -> list[Part]:
    """Return the parts of what was asked for besides, and what is told in words alone."""
    whole, names, arm = detail.found.whole, detail.names, detail.arm
    own, effect = more.found.found.currencies[arm - 1], detail.found.found.differences[arm - 1]
    parts = [
        Part(
            say("compare.four_title"),
            [
                comparison_words.currencies_sentence(whole, own, arm, names),
                comparison_words.ratio_sentence(whole, effect.ratio, arm, names),
            ],
        )
    ]
    if more.able:
        told = able_sentences(detail, more.found)
        title = say("compare.able_title")
        parts.append(Part(title, told, figure=pictures["able"], alt=" ".join(told)))
    if detail.treated:
        harm = comparison_words.harm_sentence(whole, detail.found.found.harms[arm - 1], arm, names)
        parts.append(Part(say("compare.harms_title"), [harm, say("compare.harms_text")]))
    if more.quality:
        told = quality_sentences(detail, more.found)
        parts.append(Part(say("compare.quality_title"), told))
    if more.known:
        many = more.known.many
        told = [comparison_words.worlds_sentence(many, arm, names), *known_caveats(more.known)]
        alt = comparison_charts.worlds_alt(many, names, arm, detail.month)
        title = say("compare.known_title")
        parts.append(Part(title, told, figure=pictures["known"], alt=alt))
    return parts
