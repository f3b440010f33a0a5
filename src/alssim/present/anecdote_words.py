"""Plain sentences about untreated people who look better. The words: ``text/anecdotes.toml``."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from alssim.present.language import text_file
from alssim.present.words import months_in_words, number
from alssim.statistics.survival import Estimate, FloatArray
from alssim.studies.anecdotes import ANY_ITEM, CAPACITY, TOTAL, BestOf, people_needed
from alssim.studies.biases import WrongAndRight
from alssim.studies.untreated import Untreated
from alssim.studies.watching import MONTH

LOW, HIGH = 0.05, 0.95  # nine of ten


def texts() -> dict[str, Any]:
    """Return all words of the anecdote machine; not to be changed."""
    return text_file("anecdotes")


def moment_name(moment: str) -> str:
    """Return the words for a moment: ``the first symptom``, ``month 12 after ...``."""
    if moment.startswith(MONTH):
        return str(texts()["month"].format(month=moment.removeprefix(MONTH)))
    return str(texts()["moments"].get(moment, moment.replace("_", " ")))


def measure_name(measure: str) -> str:
    """Return the words for a measure."""
    return str(texts()["measures"][measure])


def gain_or_loss(value: float, unit: str = "points", decimals: int = 1) -> str:
    """Say a change in words: ``a gain of 1.5 points``, ``a loss of 1 point``, ``no change``."""
    size = _size(value, decimals)
    if size in ("?", "0"):
        return size if size == "?" else _say("no_change")
    one, many = texts()["units"][unit]
    return _say("gain" if value > 0 else "loss", size=size, unit=one if size == "1" else many)


def of_hundred(share: float) -> str:
    """Print a share 0-1 as people of 100: one decimal below 10."""
    return number(100 * share)


def sentences(found: Untreated) -> tuple[str, ...]:
    """Say everything, the plainest first."""
    return (
        *look_sentences(found),
        *best_sentences(found),
        *series_sentences(found),
        *bias_sentences(found),
        str(texts()["sentences"]["closing"]),
    )


def look_sentences(found: Untreated) -> tuple[str, ...]:
    """Say how many look better by the total, by an item and by vital capacity."""
    total, breath, later = found.look(TOTAL), found.look(CAPACITY), found.half_year
    known = (_say("half_year", fine=of_hundred(later.fine), at=_since(found)),) if later else ()
    return (
        _say(
            "seen",
            seen=len(found.changes.person),
            all=found.people,
            at=_at(found),
            after=months_in_words(found.changes.after),
        ),
        _say(
            "total",
            improved=of_hundred(total.improved),
            stable=of_hundred(total.stable),
            declined=of_hundred(total.declined),
            died=of_hundred(total.died),
        ),
        _say(
            "items",
            any=of_hundred(found.look(ANY_ITEM).improved),
            **{
                item: of_hundred(found.look(item).improved)
                for item in ("walking", "swallowing", "speech")
            },
        ),
        _say("capacity", improved=of_hundred(breath.improved), stable=of_hundred(breath.stable)),
        *known,
    )


def best_sentences(found: Untreated) -> tuple[str, ...]:
    """Say what a clinic that publishes its best case would show."""
    best = best_case(found)
    needed = people_needed(found.look(TOTAL).improved)
    return (
        _say(
            "best",
            size=best.size,
            one=of_hundred(best.at_least(1)),
            two=of_hundred(best.at_least(2)),
        ),
        _say("best_middle", low=_case(best.quantile(LOW)), high=_case(best.quantile(HIGH))),
        _say("needed", n=f"{needed:.0f}") if math.isfinite(needed) else _say("needed_never"),
    )


def best_case(found: Untreated) -> BestOf:
    """Return the best case among as many people as a series has."""
    return next(one for one in found.best if one.size == found.series.size)


def series_sentences(found: Untreated) -> tuple[str, ...]:
    """Say what open-label series of untreated people would report, without and with controls."""
    series = found.series
    fine = np.quantile(series.fine, [LOW, HIGH], method="inverted_cdf")
    said = [_say("series", size=series.size, low=int(fine[0]), high=int(fine[1]))]
    if _known(series.on_before).size:
        low, high = np.quantile(_known(series.on_before), [LOW, HIGH])
        said.append(
            _say(
                "series_before",
                low=gain_or_loss(low, "monthly"),
                high=gain_or_loss(high, "monthly"),
            )
        )
    known = _known(series.on_control)
    if known.size:
        low, high = np.quantile(known, [LOW, HIGH])
        mean = gain_or_loss(float(known.mean()))
        said.append(
            _say(
                "series_control",
                size=series.size,
                mean=mean,
                low=gain_or_loss(low),
                high=gain_or_loss(high),
            )
        )
    return tuple(said)


def bias_sentences(found: Untreated) -> tuple[str, ...]:
    """Say each bias, wrong beside right; or that too few people can be compared."""
    return (
        *regression_sentences(found),
        *waiting_sentences(found),
        *asking_sentences(found),
    )


def regression_sentences(found: Untreated) -> tuple[str, ...]:
    """Say what choosing steep decliners does."""
    return tuple(_regression(found))


def waiting_sentences(found: Untreated) -> tuple[str, ...]:
    """Say what counting those who lived to begin a treatment does."""
    return tuple(_waiting(found))


def asking_sentences(found: Untreated) -> tuple[str, ...]:
    """Say what asking only those who are alive does."""
    return tuple(_asking(found))


def ratio_with_interval(found: Estimate) -> str:
    """Print a hazard ratio with its interval."""
    return _say("interval", value=_fine(found.value), low=_fine(found.low), high=_fine(found.high))


def gain_with_interval(found: Estimate, unit: str = "monthly") -> str:
    """Say a gain with its interval, each with its direction in words."""
    decimals = 1 if unit == "months" else 2
    value = gain_or_loss(found.value, unit, decimals)
    ends = (_end(one, decimals) for one in (found.low, found.high))
    return _say("interval", value=value, **dict(zip(("low", "high"), ends, strict=True)))


def _end(value: float, decimals: int) -> str:
    size = _size(value, decimals)
    if size in ("?", "0"):
        return size if size == "?" else _say("no_change")
    return _say("gained" if value > 0 else "lost", size=size)


def _size(value: float, decimals: int) -> str:
    """Print a size without its sign or idle zeros; ``?`` where it is not known."""
    if not math.isfinite(value):
        return "?"
    size = f"{abs(value):.{decimals}f}"
    return size.rstrip("0").rstrip(".") if "." in size else size


def _regression(found: Untreated) -> Iterator[str]:
    one = found.regression
    if one is None:
        yield _too_few("regression")
        return
    yield _say(
        "regression",
        before=_fine(-one.chosen_before),
        chosen=one.chosen,
        people=one.people,
        after=_fine(-one.chosen_after),
    )
    gain = one.gain
    yield _wrong_and_right("regression_wrong", gain)


def _waiting(found: Untreated) -> Iterator[str]:
    one = found.waiting
    if one is None:
        yield _too_few("waiting")
        return
    yield _say("waiting", treated=one.treated, people=one.people)
    yield _say(
        "waiting_wrong",
        moment=moment_name(found.changes.moment),
        wrong=gain_with_interval(one.months.wrong, "months"),
        right=gain_with_interval(one.months.right, "months"),
        until=f"{one.until:g}",
        landmark=f"{one.landmark:g}",
    )
    yield _say(
        "waiting_ratio",
        wrong=ratio_with_interval(one.ratio.wrong),
        right=ratio_with_interval(one.ratio.right),
    )


def _asking(found: Untreated) -> Iterator[str]:
    one = found.asking
    if one is None:
        yield _too_few("asking")
        return
    yield _say(
        "asking",
        answer=one.answer,
        people=one.people,
        slope=_fine(-one.answer_slope),
        all=_fine(-one.all_slope),
    )
    yield _wrong_and_right("asking_wrong", one.gain)


def _wrong_and_right(key: str, gain: WrongAndRight) -> str:
    wrong, right = gain_with_interval(gain.wrong), gain_with_interval(gain.right)
    return _say(key, wrong=wrong, right=right)


def _too_few(bias: str) -> str:
    return _say("too_few", what=texts()["biases"][bias])


def _at(found: Untreated) -> str:
    return str(texts()["at"].format(moment=moment_name(found.changes.moment)))


def _since(found: Untreated) -> str:
    return str(texts()["since"].format(moment=moment_name(found.changes.moment)))


def _case(change: float) -> str:
    return gain_or_loss(change) if math.isfinite(change) else str(texts()["sentences"]["no_case"])


def _fine(value: float) -> str:
    """Print two decimals."""
    return f"{round(value, 2) + 0.0:.2f}" if math.isfinite(value) else "?"


def _known(values: FloatArray) -> FloatArray:
    return values[~np.isnan(values)]


def _say(key: str, **values: object) -> str:
    return str(texts()["sentences"][key]).format(**values)
