"""Plain sentences about virtual trials. The sentences live in ``text/trial.toml``."""

import math
from typing import Any

import numpy as np

from alssim.parameters.trial import Published
from alssim.present.language import text_file
from alssim.present.naming import endpoint_name
from alssim.statistics.survival import Estimate
from alssim.studies.trial.everyone import Everyone
from alssim.studies.trial.plan import Plan
from alssim.studies.trial.replicates import Chance, EarlyStops, EndpointOperating, Operating
from alssim.studies.trial.report import SHARES, Flow, Outcome, Report
from alssim.studies.trial.sizing import Sizing
from alssim.studies.trial.worlds import TrialWorlds, known_power, known_truth

NEAR = 0.12  # of the level: a test that is no further off keeps it
ERRORS = 2.75  # standard errors that chance is allowed
LARGE = 1.05  # exaggeration that is worth a word
LEAST = 0.005  # a smaller share is printed as none


def trial_texts() -> dict[str, Any]:
    """Return all templates of trials in the language of now; not to be changed."""
    return text_file("trial")


def say(key: str, **values: object) -> str:
    """Return the text at a dotted key with its {names} filled in."""
    found: Any = trial_texts()
    for part in key.split("."):
        found = found[part]
    return str(found).format(**values)


def size_of(value: float) -> str:
    """Print a size without its sign: three figures."""
    return f"{abs(value):.3g}"


def p_in_words(p: float) -> str:
    """Print a p-value: two figures, and very small ones as a bound."""
    return say("p_below") if p < 1e-4 else f"{p:.2g}"


def estimate_in_words(scale: str, value: float) -> str:
    """Say what an estimate means, with its direction in words; ratios as ratios."""
    words = trial_texts()["estimate"][scale]
    way = "up" if value >= 0 else "down"
    if "same" in words and abs(value) < LEAST:
        way = "same"
    return str(words[way]).format(size=size_of(value), people=_people(abs(value)))


def bound_in_words(scale: str, value: float) -> str:
    """Say one end of an interval with its direction in words; ratios as ratios."""
    if not math.isfinite(value):
        return say("outcome.open")
    way = "above" if value >= 0 else "below"
    words = str(trial_texts()["estimate"][scale][way])
    return words.format(size=size_of(value), people=f"{100 * abs(value):.0f}")


def outcome_sentences(outcome: Outcome) -> tuple[str, ...]:
    """Tell one endpoint of one trial."""
    p = p_in_words(outcome.p)
    if not math.isfinite(outcome.value):
        return (say("outcome.unknown", name=endpoint_name(outcome.name), p=p),)
    told = say(
        "outcome.told",
        name=endpoint_name(outcome.name),
        estimate=estimate_in_words(outcome.scale, outcome.value),
        low=bound_in_words(outcome.scale, outcome.low),
        high=bound_in_words(outcome.scale, outcome.high),
        p=p,
    )
    if not outcome.positive:
        return told, say("outcome.negative")
    return told, say("outcome.positive", arm=say(f"arms.{outcome.favours}"))


def flow_sentences(flow: Flow, size: int) -> tuple[str, ...]:
    """Tell who was asked, who was let in, and what became of them."""
    reasons = [
        say("flow.reason", count=count, reason=say(f"reasons.{reason}"))
        for reason, count in flow.refused.items()
        if count
    ]
    arms = [
        say(
            "flow.arm",
            arm=say(f"arms.{name}"),
            allotted=arm.allotted,
            died=arm.died,
            left=arm.left,
            finished=arm.finished,
        )
        for name, arm in zip(("control", "treated"), flow.arms, strict=True)
    ]
    refused = [say("flow.refused", reasons=", ".join(reasons))] if reasons else []
    return say("flow.asked", asked=flow.asked, size=size), *refused, *arms


def baseline_rows(report: Report) -> list[list[str]]:
    """Return the table of the arms: heading, then mean (SD) or percent of each arm."""
    rows = [["", say("arms.control"), say("arms.treated")]]
    for base in report.baseline:
        cells = [
            f"{100 * mean:.0f}" if base.trait in SHARES else f"{mean:.1f} ({sd:.1f})"
            for mean, sd in zip(base.mean, base.sd, strict=True)
        ]
        rows.append([say(f"traits.{base.trait}"), *cells])
    return rows


def look_sentence(report: Report) -> str:
    """Tell what interim looks did to one trial; nothing where there are none."""
    if report.stopped is None:
        return ""
    place = int(report.stopped.look[0])
    if place == len(report.stopped.shares) - 1:
        return say("outcome.went_on")
    way = "futile" if report.stopped.futile[0] else "stopped"
    return say(f"outcome.{way}", share=100 * float(report.stopped.shares[place]))


def operating_sentences(found: EndpointOperating, significance: float) -> tuple[str, ...]:
    """Tell how one endpoint does over many trials of a treatment that may do something."""
    said = [say("operating.power", name=endpoint_name(found.endpoint.name), **_of_100(found.power))]
    said.append(say("operating.truth", estimate=estimate_in_words(found.scale, shown_truth(found))))
    if math.isfinite(found.exaggeration) and found.power.value:
        times = f"{found.exaggeration:.1f}"
        key = "operating.exaggeration" if found.exaggeration > LARGE else "operating.honest"
        said.append(say(key, times=times))
        said.append(say("operating.wrong", count=_people(found.wrong_sign)))
    return (*said, *_unknown(found))


def null_sentences(found: EndpointOperating, significance: float) -> tuple[str, ...]:
    """Tell how often a treatment that does nothing looks as if it did something."""
    name, counted = endpoint_name(found.endpoint.name), _of_100(found.power)
    wanted = f"{100 * significance:g}"
    if keeps_level(found, significance):
        return say("operating.null", name=name, wanted=wanted, **counted), *_unknown(found)
    miss = f"{100 * abs(found.power.value - significance):.1f}"
    told = say("operating.null_off", name=name, wanted=wanted, miss=miss, **counted)
    return told, _why(found, significance), *_unknown(found)


def _why(found: EndpointOperating, significance: float) -> str:
    """Say why a test may miss its level, by its analysis and to which side it misses."""
    side = "often" if found.power.value > significance else "seldom"
    known = trial_texts()["why"][side]
    return str(known.get(found.endpoint.analysis, known["other"]))


def keeps_level(found: EndpointOperating, significance: float) -> bool:
    """Say whether the share of positive trials fits the level, as far as so many trials can tell.

    It does within 12 % of the level (4.4 to 5.6 % for 5 %), which is what chance allows in 10,000
    trials; with fewer, chance allows more.
    """
    chance = np.sqrt(significance * (1 - significance) / len(found.p))
    allowed = max(NEAR * significance, ERRORS * float(chance))
    return abs(found.power.value - significance) <= allowed


def general_sentences(found: Operating) -> tuple[str, ...]:
    """Tell where the people came from, and what interim looks did."""
    said = [say("operating.fresh" if found.fresh else "operating.pool", people=found.people)]
    if found.early is not None:
        stopped = sum(found.early.stops[:-1])
        share, size = f"{100 * found.early.mean_share:.0f}", f"{found.early.mean_size:,.0f}"
        said.append(say("operating.early", count=_people(stopped), share=share, size=size))
        if found.trial.looks.futility:
            said += _futility(found.early, found.trial.looks.futility)
        if math.isfinite(found.early.exaggeration):
            times = f"{found.early.exaggeration:.1f}"
            said.append(say("operating.early_large", times=times))
    return tuple(said)


def worlds_sentences(known: TrialWorlds) -> tuple[str, ...]:
    """Tell for each endpoint what counting so many trials, and knowledge, leave open."""
    first = known.found[0]
    places = range(len(first.endpoints))
    told = (_worlds_sentence(known.endpoint(place), first.replicates) for place in places)
    return (*told, say("worlds.counted"))


def _worlds_sentence(found: tuple[EndpointOperating, ...], replicates: int) -> str:
    first, power, truth = found[0], known_power(found), known_truth(found)
    ends = [math.exp(end) if first.ratio else end for end in (truth.low, truth.high)]
    return say(
        "worlds.power",
        name=endpoint_name(first.endpoint.name),
        replicates=f"{replicates:,}",
        low=f"{100 * first.power.low:.0f}",
        high=f"{100 * first.power.high:.0f}",
        least=f"{100 * power.low:.0f}",
        most=f"{100 * power.high:.0f}",
        members=len(found),
        scale=first.scale,
        truths=" to ".join(f"{end:.3g}" for end in ends),
    )


def worlds_rows(known: TrialWorlds) -> list[list[str]]:
    """Return the table of the sets: a heading, then of 100 trials the positive ones of each."""
    names = [one.endpoint.name for one in known.found[0].endpoints]
    rows = [[say("worlds.heading"), *names]]
    for number, one in enumerate(known.found):
        label = say("worlds.member", number=number) if number else say("worlds.asked")
        rows.append([label, *(_share(row.power) for row in one.endpoints)])
    return rows


def _share(found: Chance) -> str:
    low, high = 100 * found.low, 100 * found.high
    return say("worlds.cell", value=100 * found.value, low=low, high=high)


def _futility(early: EarlyStops, least: float) -> tuple[str, ...]:
    told = say("operating.futile", least=size_of(100 * least), **_of_100(early.futile))
    counts = (f"{100 * share.value:.1f}" for share in (early.crossed, early.regardless))
    return told, say("operating.regardless", **dict(zip(("positive", "all"), counts, strict=True)))


def published_sentences(row: Published, found: EndpointOperating | None) -> tuple[str, ...]:
    """Tell what the real trial found, and where among the simulated ones that lies."""
    said = [say("published.found", text=row.text)]
    if found is not None and row.value is not None:
        value = math.log(row.value) if found.ratio else row.value
        known = found.value[np.isfinite(found.value)] * found.better
        above = float(np.mean(known >= value * found.better))
        said.append(say("published.place", above=_people(above), below=_people(1 - above)))
    return (*said, say("published.source", source=row.source))


def plan_sentences(plan: Plan) -> tuple[str, ...]:
    """Tell how people were drawn, where not simply as they come, and what the readout is."""
    said = []
    share = plan.strata[0].share
    if plan.carriers:
        times = f"{1 / max(share, 1e-6):.0f}"
        said.append(say(f"carriers.{plan.carriers}", share=size_of(100 * share), times=times))
    about = plan.trial.marker
    if any(row.kind == "biomarker" for row in plan.trial.endpoints):
        said.append(say("marker.assumed", window=about.window, lag=about.lag))
    return tuple(said)


def everyone_sentences(found: Everyone) -> tuple[str, ...]:
    """Tell what a treatment of carriers alone does to everybody fit for the trial."""
    control, treated = (f"{100 * arm.value:.1f}" for arm in found.alive)
    said = [
        say(
            "everyone.alive",
            share=size_of(100 * found.carriers),
            control=control,
            treated=treated,
            month=found.month,
        )
    ]
    if math.isfinite(found.ratio.value):
        said.append(say("everyone.ratio", **_interval(found.ratio)))
    if math.isfinite(found.among.value):
        said.append(say("everyone.among", **_interval(found.among)))
    return (*said, say("everyone.weights", worth=f"{found.worth:,.0f}"))


def _interval(found: Estimate) -> dict[str, str]:
    return {name: f"{getattr(found, name):.3f}" for name in ("value", "low", "high")}


def size_sentence(found: Sizing, allocation: float) -> str:
    """Tell the size that a power needs."""
    power = f"{100 * found.power:.0f}"
    if found.per_arm is None:
        return say("size.none", power=power)
    ends = [say("size.open") if end is None else f"{end:,}" for end in (found.low, found.high)]
    return say(
        "size.found",
        power=power,
        per_arm=f"{found.per_arm:,}",
        low=ends[0],
        high=ends[1],
        treated=f"{round(found.per_arm * allocation):,}",
    )


def shown_truth(found: EndpointOperating) -> float:
    """Return the mean estimate as it is shown: a ratio where it is a logarithm."""
    return math.exp(found.truth) if found.ratio else found.truth


def _unknown(found: EndpointOperating) -> tuple[str, ...]:
    return (say("operating.unknown", count=found.unknown),) if found.unknown else ()


def _of_100(found: Chance) -> dict[str, str]:
    return {
        "positive": f"{100 * found.value:.1f}",
        "low": f"{100 * found.low:.1f}",
        "high": f"{100 * found.high:.1f}",
    }


def _people(share: float) -> str:
    if not math.isfinite(share):
        return "?"
    return say("rare") if 0 < share < LEAST else f"{100 * share:.0f}"
