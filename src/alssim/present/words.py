"""Plain sentences about a comparison, and the biography of one virtual patient.

The sentences themselves live in ``text/en.toml`` and its translations; here they are chosen and
filled in. Directions are said in words (gained, lost, later, earlier), never by a sign.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from alssim.errors import UsageError
from alssim.present.language import text_file
from alssim.statistics.survival import Estimate
from alssim.studies.comparison import Comparison, Landmark
from alssim.studies.counting import people_of, told_of

Names = Mapping[str, str]
SAME_MONTH = 0.05  # events closer than this are told together
VISIBLE = 0.05  # months; what is smaller is printed as nothing
USUAL_LANDMARK = 36.0


def texts() -> dict[str, Any]:
    """Return all general templates in the language of now; not to be changed."""
    return text_file("en")


# ------------------------------------------------------------------------------ small words


def arm_name(arm: str, names: Names | None = None) -> str:
    """Return the words for an arm: the given ones, else those of the text file, else its name."""
    given = (names or {}).get(arm)
    return given or str(texts()["arms"].get(arm, arm.replace("_", " ")))


def number(value: float) -> str:
    """Print a size without its sign: one decimal below 10, none from there on."""
    size = abs(value)
    return f"{size:.1f}".removesuffix(".0") if size < 9.95 else f"{size:.0f}"


def months_in_words(value: float) -> str:
    """Print a size in months: ``1 month``, ``2.5 months``; the sign is left out."""
    return _counted("month", number(value))


def span(months: float) -> str:
    """Print whole months as years and months: ``3 years``, ``1 year and 6 months``."""
    years, rest = divmod(round(months), 12)
    parts = [_counted("year", str(years))] if years else []
    parts += [_counted("month", str(rest))] if rest or not years else []
    if len(parts) == 1:
        return parts[0]
    return str(texts()["numbers"]["year_and_month"].format(years=parts[0], months=parts[1]))


def of_100(shares: Sequence[float], whole: int = 100) -> tuple[int, ...]:
    """Round shares that add to 1 to whole numbers that add to 100 (largest remainder).

    ``whole`` stands in for 100 where there are fewer people.
    """
    floors = [math.floor(whole * share + 1e-9) for share in shares]
    order = sorted(range(len(shares)), key=lambda k: floors[k] - whole * shares[k])
    for k in order[: max(0, whole - sum(floors))]:
        floors[k] += 1
    return tuple(floors)


def _counted(unit: str, size: str) -> str:
    one, many = texts()["numbers"][unit]
    return str((one if size == "1" else many).format(n=size))


def _count(share: float, whole: int) -> str:
    """Print a share of 0-1 as people of 100, or of fewer; a rare thing is not called none."""
    if 0 < whole * share < 0.5:
        return str(texts()["numbers"]["below_one"])
    return str(people_of(share, whole))


def _sentence(template: str, **words: str) -> str:
    filled = template.format(**words)
    return filled[:1].upper() + filled[1:]


# ------------------------------------------------------------------------------- comparisons


def landmark_of(comparison: Comparison, month: float | None = None) -> Landmark:
    """Return the landmark at a month; None = 36 months, else the last one counted.

    Raises ``UsageError`` when survival was not counted at that month.
    """
    marks = {mark.month: mark for mark in comparison.landmarks}
    if month is None:
        month = USUAL_LANDMARK if USUAL_LANDMARK in marks else max(marks, default=0.0)
    if month not in marks:
        counted = ", ".join(f"{known:g}" for known in marks) or "none"
        raise UsageError(f"survival was not counted at month {month:g}; counted: {counted}")
    return marks[month]


def headline(
    comparison: Comparison, names: Names | None = None, month: float | None = None, arm: int = 1
) -> str:
    """Say how many of 100, or of fewer, are alive at a landmark, with usual care and one arm."""
    mark = landmark_of(comparison, month)
    before, treated = mark.people[0], mark.people[arm]
    one, many = texts()["numbers"]["is"]
    words = _words(comparison, names, arm)
    words["after"] = texts()["clock"][comparison.clock]["after"].format(span=span(mark.month))
    are, whole = one if before == 1 else many, str(mark.whole)
    counts = {"before": str(before), "treated": str(treated), "are": are, "whole": whole}
    return _sentence(texts()["compare"]["headline"], **words, **counts)


def baseline_headline(
    comparison: Comparison, names: Names | None = None, month: float | None = None
) -> str:
    """Say how many of 100 are alive at a landmark in the arm that the others are held against."""
    mark = landmark_of(comparison, month)
    one, many = texts()["numbers"]["is"]
    words = _words(comparison, names, 0)
    words["after"] = texts()["clock"][comparison.clock]["after"].format(span=span(mark.month))
    before = mark.people[0]
    are, whole = one if before == 1 else many, str(mark.whole)
    counts = {"before": str(before), "are": are, "whole": whole}
    return _sentence(texts()["compare"]["baseline"], **words, **counts)


def difference_sentence(
    comparison: Comparison, names: Names | None = None, month: float | None = None, arm: int = 1
) -> str:
    """Say how many more or fewer of 100 are alive at a landmark, with the range of chance."""
    return _changed(comparison, names, month, arm, ("difference", "no_difference"))


def against_words(
    comparison: Comparison, names: Names | None = None, month: float | None = None, arm: int = 1
) -> str:
    """Say the same in the words of a list: ``9 more than with usual care; by chance ...``."""
    told = _changed(comparison, names, month, arm, ("against", "against_none"))
    return told[:1].lower() + told[1:]


def _changed(
    comparison: Comparison,
    names: Names | None,
    month: float | None,
    arm: int,
    templates: tuple[str, str],
) -> str:
    mark = landmark_of(comparison, month)
    change, by_chance = mark.people[arm] - mark.people[0], mark.difference[arm]
    return _sentence(
        texts()["compare"][templates[0 if change else 1]],
        **_words(comparison, names, arm),
        change=more_or_fewer(change),
        low=more_or_fewer(people_of(by_chance.low, mark.whole)),
        high=more_or_fewer(people_of(by_chance.high, mark.whole)),
        whole=str(mark.whole),
    )


def gain_sentence(comparison: Comparison, names: Names | None = None, arm: int = 1) -> str:
    """Say what the middle half of the patients gain or lose, as a range."""
    gain = comparison.gains[arm]
    low, high = (_seen(value) for value in (gain.lower_quartile, gain.upper_quartile))
    template, smaller, larger = _gain_case(low, high, bool((comparison.gain[arm] == 0).all()))
    return _sentence(
        texts()["compare"][template],
        **_words(comparison, names, arm),
        low=months_in_words(smaller),
        low_size=number(smaller),
        high=months_in_words(larger),
    )


def shares_sentence(comparison: Comparison, arm: int = 1) -> str:
    """Say how many of 100, or of fewer, gain, stay about the same, and lose."""
    gain, whole = comparison.gains[arm], told_of(comparison.patients)
    shares = (gain.gains, gain.unchanged, gain.loses)
    printed = (
        _count(share, whole) if 0 < whole * share < 0.5 else str(count)
        for share, count in zip(shares, of_100(shares, whole), strict=True)
    )
    words = dict(zip(("gains", "unchanged", "loses"), printed, strict=True))
    return _sentence(texts()["compare"]["shares"], **words, whole=str(whole))


def mean_sentence(comparison: Comparison, names: Names | None = None, arm: int = 1) -> str:
    """Say the average gain or loss with its interval over patients."""
    mean = comparison.gains[arm].mean
    size = _seen(mean.value)
    template = "mean_gain" if size > 0 else "mean_loss" if size < 0 else "mean_nothing"
    return _sentence(
        texts()["compare"][template],
        **_words(comparison, names, arm),
        mean=months_in_words(size),
        interval=_interval(mean),
    )


def median_sentence(comparison: Comparison, names: Names | None = None, arm: int = 1) -> str:
    """Say by when half have reached the endpoint, or that half have not."""
    before, treated = comparison.medians[0], comparison.medians[arm]
    return _sentence(
        texts()["compare"][_median_case(before, treated)],
        **_words(comparison, names, arm),
        before=_month_between(before),
        treated=_month_between(treated),
        change=_later_or_earlier(round(treated.value, 1) - round(before.value, 1)),
        horizon=number(comparison.horizon),
    )


def caveats(comparison: Comparison, names: Names | None = None, arm: int = 1) -> tuple[str, ...]:
    """Say who never begins the treatment, whose gain is cut short, who is left out; if any."""
    templates, gain = texts()["compare"], comparison.gains[arm]
    words = _words(comparison, names, arm)
    everybody, whole = comparison.patients + comparison.left_out, told_of(comparison.patients)
    said = []
    if gain.never_treated:
        counts = {"n": _count(gain.never_treated, whole), "whole": str(whole)}
        said.append(_sentence(templates["never_treated"], **words, **counts))
    if gain.restricted:
        counts = {"n": _count(gain.restricted, whole), "whole": str(whole)}
        counts["horizon"] = number(comparison.horizon)
        said.append(_sentence(templates["restricted"], **words, **counts))
    if comparison.left_out:
        counts = {"n": str(comparison.left_out), "all": str(everybody)}
        said.append(_sentence(templates[_why_left_out(comparison)], **words, **counts))
    return tuple(said)


def _why_left_out(comparison: Comparison) -> str:
    if "trial_entry" in (comparison.clock, comparison.observed_from):
        return "left_out_trial"
    return "left_out" if comparison.observed_from is None else "left_out_late"


def sentences(
    comparison: Comparison, names: Names | None = None, month: float | None = None, arm: int = 1
) -> tuple[str, ...]:
    """Say everything about one arm, most important first."""
    return (
        headline(comparison, names, month, arm),
        difference_sentence(comparison, names, month, arm),
        gain_sentence(comparison, names, arm),
        shares_sentence(comparison, arm),
        mean_sentence(comparison, names, arm),
        median_sentence(comparison, names, arm),
        *caveats(comparison, names, arm),
    )


def _words(comparison: Comparison, names: Names | None, arm: int) -> dict[str, str]:
    endpoint = texts()["endpoint"][comparison.endpoint]
    return {
        "usual": arm_name(comparison.arms[0], names),
        "arm": arm_name(comparison.arms[arm], names),
        "alive": endpoint["alive"],
        "life": endpoint["life"],
        "past": endpoint["past"],
    }


def _seen(months: float) -> float:
    """Return 0 for what would be printed as 0."""
    return months if abs(months) >= VISIBLE else 0.0


def _gain_case(low: float, high: float, identical: bool) -> tuple[str, float, float]:
    """Choose the template for two quartiles, and the smaller and larger size to print."""
    if identical:
        return "nothing_for_all", 0.0, 0.0
    if low == high == 0:
        return "nothing_for_half", 0.0, 0.0
    if low < 0 < high:
        return "mixed_range", low, high
    direction = "gain" if high > 0 else "loss"
    smaller, larger = sorted((abs(low), abs(high)))
    if number(smaller) == number(larger):
        return f"{direction}_one", smaller, larger
    return f"{direction}_range" if smaller else f"{direction}_up_to", smaller, larger


def _month_between(month: Estimate) -> str:
    """Print a month with its interval; the later end may lie beyond the count."""
    kind = "month_from" if math.isnan(month.high) else "month_between"
    value, low, high = (f"{end:.1f}" for end in (month.value, month.low, month.high))
    return str(texts()["compare"][kind].format(value=value, low=low, high=high))


def _median_case(before: Estimate, treated: Estimate) -> str:
    if math.isnan(before.value):
        return "median_neither" if math.isnan(treated.value) else "median_arm_only"
    return "median_usual_only" if math.isnan(treated.value) else "median_both"


def more_or_fewer(people: int) -> str:
    """Print a difference of people with its direction: ``3 more``, ``3 fewer``."""
    words = texts()["numbers"]
    kind = "more" if people > 0 else "fewer" if people < 0 else "as_many"
    return str(words[kind].format(n=abs(people)))


def _interval(mean: Estimate) -> str:
    """Print an interval of gains; where both ends point the way of the mean, sizes are enough."""
    if math.isnan(mean.low):
        return str(texts()["compare"]["no_interval"])
    if not (_seen(mean.low) or _seen(mean.high)):
        return str(texts()["compare"]["no_width"])
    ends = sorted((mean.low, mean.high), key=abs)
    same = all(_seen(end) * mean.value > 0 for end in ends)
    template = texts()["compare"]["same_direction" if same else "both_directions"]
    sizes = {"low_size": number(ends[0]), "high": months_in_words(ends[1])}
    ranged = {"low": _gained_or_lost(mean.low), "high": _gained_or_lost(mean.high)}
    return str(template.format(**(sizes if same else ranged)))


def _gained_or_lost(months: float) -> str:
    return _directed(months, "gained", "lost", "nothing")


def _later_or_earlier(months: float) -> str:
    return _directed(months, "later", "earlier", "no_shift")


def _directed(months: float, plus: str, minus: str, zero: str) -> str:
    size = _seen(months)
    kind = plus if size > 0 else minus if size < 0 else zero
    return str(texts()["compare"][kind].format(months=months_in_words(size)))


# --------------------------------------------------------------------------------- biography


def story(
    months: Mapping[str, float],
    *,
    age: float,
    male: bool,
    region: str,
    cause: str = "alive",
    horizon: float | None = None,
    stages: bool = False,
) -> list[tuple[float, str]]:
    """Tell the life of one virtual patient, in order, as (month, sentences).

    Parameters
    ----------
    months : event -> months since the first symptom (not-a-number or absent = never); events
        without a sentence in the text file are passed over
    age : years at the first symptom
    region : where the disease begins, one of the seven regions
    cause : cause of death, one of the model's causes
    horizon : month at which the simulation stops; said of who is still alive then
    stages : name the King's stages too

    Events of the same month are told together. Raises ``UsageError`` for an unknown region or
    cause.
    """
    told = texts()["story"]
    if region not in told["onset"] or cause not in told["death"]:
        raise UsageError(f"no words for region {region!r} and cause of death {cause!r}")
    words = texts()["pronouns"]["man" if male else "woman"]
    known = {event: month for event, month in months.items() if not math.isnan(month)}
    moments = [_beginning(known, region, words), *_middle(known, region, words, stages)]
    first = min(month for month, _ in moments)
    opening = told["opening"].format(age=_age(age, first), **words)
    moments += _ending(known, age, cause, words, horizon)
    return _together([(first, opening), *moments])


Moment = tuple[float, str]


def _beginning(known: Mapping[str, float], region: str, words: Mapping[str, str]) -> Moment:
    told = texts()["story"]
    if "onset" not in known:
        return min([0.0, *known.values()]), str(told["never_begins"])
    return known["onset"], told["onset"][region].format(**words)


def _middle(
    known: Mapping[str, float], region: str, words: Mapping[str, str], stages: bool
) -> list[Moment]:
    told = _told_of(known)
    if stages:
        told |= texts()["story"]["stages"]
    first = f"weakness_{region}"
    if abs(known.get(first, math.inf) - known.get("onset", math.inf)) < 0.5:
        del told[first]  # the first symptom has said so
    return [(known[event], text.format(**words)) for event, text in told.items() if event in known]


def _told_of(known: Mapping[str, float]) -> dict[str, str]:
    """Return the sentence of each event, chosen by what comes before and by what never comes."""
    told = dict(texts()["story"]["events"])
    for earlier, others in texts()["story"]["after"].items():
        late = (
            event for event in others if known.get(earlier, math.inf) < known.get(event, -math.inf)
        )
        told |= {event: others[event] for event in late}
    for help_given, without in texts()["story"]["without"].items():
        if help_given not in known:
            told[without["need"]] += f" {without['text']}"
    return told


def _ending(
    known: Mapping[str, float],
    age: float,
    cause: str,
    words: Mapping[str, str],
    horizon: float | None,
) -> list[Moment]:
    told = texts()["story"]
    if "death" in known:
        death = known["death"]
        sentence = told["death"][cause].format(**words)
        text = told["died"].format(sentence=sentence, age=_age(age, death), **words)
        unknown = "onset" in known and "diagnosis" not in known
        return [(death, f"{text} {told['undiagnosed'].format(**words)}" if unknown else text)]
    return [] if horizon is None else [(horizon, told["still_alive"].format(**words))]


def _age(at_onset: float, month: float) -> str:
    return str(math.floor(at_onset + month / 12))


def _together(moments: list[Moment]) -> list[Moment]:
    """Sort by month, keep the order of the text file within one, and join the sentences."""
    joined: list[Moment] = []
    for month, text in sorted(moments, key=lambda moment: moment[0]):
        if joined and month - joined[-1][0] < SAME_MONTH:
            joined[-1] = (joined[-1][0], f"{joined[-1][1]} {text}")
        else:
            joined.append((month, text))
    return joined
