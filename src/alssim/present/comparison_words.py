"""What a comparison says beyond its headline, in plain sentences that name the direction."""

import math
from collections.abc import Sequence
from typing import Any

from alssim.present.language import grouped, text_file
from alssim.present.naming import rating_title
from alssim.present.words import Names, arm_name, months_in_words, number, of_100, span, texts
from alssim.statistics.survival import Estimate
from alssim.studies.comparison.arms import Comparison
from alssim.studies.comparison.currencies import Currencies
from alssim.studies.comparison.effects import DescribedRatio, Differences
from alssim.studies.comparison.findings import Findings
from alssim.studies.comparison.function import AbleMonths, ScoreDifference
from alssim.studies.comparison.harms import Harm
from alssim.studies.comparison.quality import CostOfQuality, Quality
from alssim.studies.comparison.stays import Stays
from alssim.studies.comparison.worlds import ManyWorlds
from alssim.studies.counting import people_of, told_of
from alssim.studies.variation import Variation

VISIBLE = 0.05  # months or points; what is smaller is printed as nothing
TOO_LARGE = 1000.0  # times as many people: said as "more than"


def told(name: str = "comparison") -> dict[str, Any]:
    """Return the templates of a text file of this package; not to be changed."""
    return text_file(name)


def caveats_of_time(comparison: Comparison) -> tuple[str, ...]:
    """Say where the count stops early, and where people are observed late; if any."""
    said = []
    if comparison.cut:
        said.append(told()["cut"]["sentence"].format(horizon=number(comparison.horizon)))
    if comparison.observed_from is not None:
        words = told()["late"]
        said.append(words["sentence"].format_map({"from": words["from"][comparison.observed_from]}))
    return tuple(said)


def ratio_sentence(
    comparison: Comparison, ratio: DescribedRatio, arm: int, names: Names | None = None
) -> str:
    """Say the hazard ratio with its window and how it drifts: a description, no test."""
    value = ratio.ratio.value
    kind = "unknown" if not math.isfinite(value) or value <= 0 else _against(value, 1.0, 0.005)
    kind = {"above": "more", "below": "fewer", "same": "same"}.get(kind, kind)
    return _upper(
        told()["ratio"][kind].format(
            **_names(comparison, arm, names),
            until=span(ratio.until),
            reach=told()["ratio"]["reach"][comparison.endpoint],
            alive=texts()["endpoint"][comparison.endpoint]["alive"],
            ratio=_two(value),
            range=_range(ratio.ratio),
            early=_two(ratio.early),
            late=_two(ratio.late),
            split=number(ratio.split),
        )
    )


def precision_sentence(
    comparison: Comparison, found: Differences, arm: int, names: Names | None = None
) -> str:
    """Say what it is worth that the arms hold the same patients."""
    worth = found.precision.worth
    kind = "certain" if math.isinf(worth) else "worth" if worth >= 1.5 else "little"
    if math.isnan(worth):
        kind = "alone"
    size = grouped(min(worth, TOO_LARGE)) if kind == "worth" and worth >= 10 else number(worth)
    return _upper(told()["precision"][kind].format(**_names(comparison, arm, names), worth=size))


def stays_sentence(
    comparison: Comparison, found: Stays, arm: int, names: Names | None = None
) -> str:
    """Say in which stages the gained time is lived, and where time is lost."""
    moved = [(stay.stage, stay.difference[arm].value) for stay in found.stages]
    seen = [(stage, months) for stage, months in moved if abs(months) >= VISIBLE]
    total = sum(months for _, months in moved)
    words = told()["stays"]
    if not seen:
        return _upper(words["nothing"].format(**_names(comparison, arm, names)))
    kind = {"above": "gains", "below": "loses", "same": "even"}[_against(total, 0.0, VISIBLE)]
    parts = [
        words["more" if months > 0 else "fewer"].format(
            months=months_in_words(months), where=words["where"][found.scale][stage]
        )
        for stage, months in seen
    ]
    names_of = _names(comparison, arm, names)
    return _upper(words[kind].format(**names_of, total=months_in_words(total), parts=_list(parts)))


def able_sentence(
    comparison: Comparison, found: AbleMonths, arm: int, names: Names | None = None
) -> str:
    """Say how much longer or shorter people do one thing without help."""
    gained = found.difference[arm].value
    kind = {"above": "more", "below": "fewer", "same": "same"}[_against(gained, 0.0, VISIBLE)]
    words = told()["able"]
    return _upper(
        words[kind].format(
            **_names(comparison, arm, names),
            months=months_in_words(gained),
            what=words["what"].get(found.name, found.name.replace("_", " ")),
            before=months_in_words(found.months[0].value),
            treated=months_in_words(found.months[arm].value),
        )
    )


def score_sentence(
    comparison: Comparison, found: ScoreDifference, arm: int, names: Names | None = None
) -> str:
    """Say how the ALSFRS-R differs at one month among those alive in both arms."""
    higher = found.difference[arm].value
    kind = {"above": "higher", "below": "lower", "same": "same"}[_against(higher, 0.0, VISIBLE)]
    words, size = told()["score"], number(higher)
    text = words[kind].format(
        **_names(comparison, arm, names),
        span=span(found.month),
        people=found.alive[arm],
        points=words["points"][0 if size == "1" else 1].format(n=size),
        before=number(found.score[arm] - higher),
        treated=number(found.score[arm]),
    )
    return str(text)


def quality_sentence(
    comparison: Comparison, found: Sequence[Quality], arm: int, names: Names | None = None
) -> str:
    """Say the quality-adjusted months gained or lost by the lowest and the highest rating."""
    ordered = sorted(found, key=lambda one: abs(one.difference[arm].value))
    values = [one.difference[arm].value for one in ordered]
    if all(abs(value) < VISIBLE for value in values):
        return _upper(told()["quality"]["nothing"].format(**_names(comparison, arm, names)))
    if min(values) < 0 < max(values):
        ordered.sort(key=lambda one: one.difference[arm].value)
    kind = "more" if min(values) >= 0 else "fewer" if max(values) <= 0 else "mixed"
    low, high = ordered[0], ordered[-1]
    text = told()["quality"][kind].format(
        **_names(comparison, arm, names),
        low=number(low.difference[arm].value),
        high=number(high.difference[arm].value),
        lowest=rating_title(low.utilities.title),
        highest=rating_title(high.utilities.title),
    )
    return str(text)


def cost_sentence(
    comparison: Comparison, found: Sequence[CostOfQuality], arm: int, names: Names | None = None
) -> str:
    """Say what a treatment costs and, where it adds any, what a quality-adjusted year costs."""
    years = [one.per_year.value for one in found]
    kind = "cost"
    if any(math.isnan(year) for year in years):
        kind = "cost_no_gain"
    elif min(years) < 0:
        kind = "cost_loses"
    return _upper(
        told()["quality"][kind].format(
            **_names(comparison, arm, names),
            cost=_money(found[0].cost.value),
            currency=found[0].currency,
            low=_money(min(years)),
            high=_money(max(years)),
        )
    )


def harm_sentence(comparison: Comparison, found: Harm, arm: int, names: Names | None = None) -> str:
    """Say of 100, or of fewer, how many begin the treatment and what goes wrong."""
    whole = told_of(comparison.patients)
    text = told()["harms"]["sentence"].format(
        **_names(comparison, arm, names),
        whole=whole,
        treated=_people(found.treated, whole),
        complication=_people(found.complication, whole),
        killed=_people(found.killed, whole),
        shorter=_people(found.lives_shorter, whole),
    )
    return str(text)


def currencies_sentence(
    comparison: Comparison, found: Currencies, arm: int, names: Names | None = None
) -> str:
    """Say one effect in four currencies."""
    words, parts = told()["currencies"]["sentence"], [*currency_parts(found).values()]
    return str(words.format(**_names(comparison, arm, names), parts=_list(parts)))


def currency_parts(found: Currencies) -> dict[str, str]:
    """Return the effect in each currency that is known, by its name; the direction in words."""
    known = found.loss is not None and math.isfinite(found.loss.value)
    parts = {"loss": _loss_part(found.loss.value)} if known and found.loss else {}
    return parts | {
        "ratio": _ratio_part(found.ratio),
        "months": _months_part(found.months),
        "people": _people_part(found),
    }


def worlds_sentence(found: ManyWorlds, arm: int, names: Names | None = None) -> str:
    """Say both kinds of not knowing apart: chance, and knowledge of the disease."""
    return _upper(
        told()["worlds"]["sentence"].format(
            **_names(found.comparisons[0], arm, names),
            chance=gained_between(found.gained[arm]),
            known=gained_between(found.known[arm]),
            members=len(found.comparisons),
        )
    )


def variation_sentence(found: Variation, what: str) -> str:
    """Say how much of the variation in ``what`` comes from where; two sentences."""
    words = told()["variation"]
    if not sum(found.shares):
        return _upper(words["none"].format(what=what))
    within, between, parameters = of_100(found.shares)
    unknown = "" if found.members < 2 else words["parameters"].format(parameters=parameters)
    split = words["sentence"].format(what=what, within=within, between=between, parameters=unknown)
    error = words["error"].format(
        patients=grouped(found.patients), error=months_in_words(2 * found.error)
    )
    return f"{split} {error}"


def stage_name(scale: str, stage: str) -> str:
    """Return the words for a stage, as in "with a tracheostomy"."""
    return str(told()["stays"]["where"][scale][stage])


def _ratio_part(ratio: DescribedRatio) -> str:
    known = math.isfinite(ratio.ratio.value) and ratio.ratio.value > 0
    words = told()["currencies"]["ratio" if known else "ratio_unknown"]
    return str(words.format(ratio=_two(ratio.ratio.value), until=span(ratio.until)))


def _months_part(months: Estimate) -> str:
    kind = {"above": "months_more", "below": "months_fewer", "same": "months_same"}
    words = told()["currencies"][kind[_against(months.value, 0.0, VISIBLE)]]
    return str(words.format(months=months_in_words(months.value)))


def _people_part(found: Currencies) -> str:
    people = round(found.people.value)
    kind = "people_more" if people > 0 else "people_fewer" if people < 0 else "people_same"
    words = told()["currencies"][kind]
    return str(words.format(n=abs(people), whole=found.whole, span=span(found.month)))


def _loss_part(ratio: float) -> str:
    percent = round(100 * (1 - ratio))
    kind = "loss_less" if percent > 0 else "loss_more" if percent < 0 else "loss_same"
    return str(told()["currencies"][kind].format(percent=abs(percent)))


def gained_between(found: Estimate) -> str:
    """Print limits of months gained with their direction, as in "2 to 3 months gained"."""
    words = told()["worlds"]
    if math.isnan(found.low):
        return str(told()["unknown"])
    low, high = (end if abs(end) >= VISIBLE else 0.0 for end in (found.low, found.high))
    if low == high == 0:
        return str(words["nothing"])
    kind = "mixed" if low < 0 < high else "gain" if high > 0 else "loss"
    ends = (low, high) if kind != "loss" else (high, low)
    smaller = number(ends[0]) if kind != "mixed" else months_in_words(ends[0])
    return str(words[kind].format(low=smaller, high=months_in_words(ends[1])))


def _people(share: Estimate, whole: int) -> str:
    words = told()["harms"]
    if share.value == 0:
        return str(words["none"])
    return str(words["rare"] if whole * share.value < 0.5 else people_of(share.value, whole))


def _against(value: float, zero: float, visible: float) -> str:
    return "same" if abs(value - zero) < visible else "above" if value > zero else "below"


def _two(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else str(told()["unknown"])


def _range(found: Estimate) -> str:
    return str(told()["range"].format(low=_two(found.low), high=_two(found.high)))


def _money(amount: float) -> str:
    """Print money with three digits that count."""
    size = abs(amount)
    if not math.isfinite(size) or size < 1:
        return f"{size:.0f}"
    digits = max(math.floor(math.log10(size)) - 2, 0)
    return grouped(round(size, -digits))


def _list(parts: Sequence[str]) -> str:
    """Join parts that may hold commas themselves."""
    return "; ".join(parts)


def _names(comparison: Comparison, arm: int, names: Names | None) -> dict[str, str]:
    return {
        "usual": arm_name(comparison.arms[0], names),
        "arm": arm_name(comparison.arms[arm], names),
    }


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def finding_sentences(
    comparison: Comparison, found: Findings, arm: int, names: Names | None = None
) -> tuple[str, ...]:
    """Say everything that was found about one arm beyond its headline, nothing twice."""
    own, harm = found.differences[arm - 1], found.harms[arm - 1]
    said = [
        currencies_sentence(comparison, one, arm, names) for one in found.currencies[arm - 1 : arm]
    ]
    said += [
        stays_sentence(comparison, found.stays[scale], arm, names)
        for scale in ("documents", "ventilation")
    ]
    said += [able_sentence(comparison, one, arm, names) for one in found.able]
    said += [score_sentence(comparison, one, arm, names) for one in found.scores if _yearly(one)]
    if found.quality:
        said.append(quality_sentence(comparison, found.quality, arm, names))
    if arm in found.costs:
        said.append(cost_sentence(comparison, found.costs[arm], arm, names))
    if any((harm.complication.value, harm.killed.value, harm.lives_shorter.value)):
        said.append(harm_sentence(comparison, harm, arm, names))
    said.append(ratio_sentence(comparison, own.ratio, arm, names))
    said.append(precision_sentence(comparison, own, arm, names))
    return tuple(dict.fromkeys(said))


def _yearly(found: ScoreDifference) -> bool:
    return found.month in (12.0, 24.0, 36.0)
