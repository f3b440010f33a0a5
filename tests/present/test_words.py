"""Sentences say the direction in words, agree with the numbers, and leave no gap unfilled."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.studies.made_up import FIVE, NEVER, MadeUp, drawn, twins

from alssim.errors import UsageError
from alssim.model.anatomy import REGIONS
from alssim.model.events import CAUSES, EVENT_NAMES, EVENTS, KINGS_EVENTS
from alssim.model.simulate import simulate
from alssim.parameters import load_scenario
from alssim.present.words import (
    arm_name,
    baseline_headline,
    caveats,
    difference_sentence,
    gain_sentence,
    headline,
    landmark_of,
    mean_sentence,
    median_sentence,
    months_in_words,
    number,
    of_100,
    sentences,
    shares_sentence,
    span,
    story,
    texts,
)
from alssim.studies.comparison import ENDPOINT_EVENTS, Comparison, compare

NAMES = {"drug": "the drug"}


def shifted(by: float, horizon: float = 500) -> Comparison:
    """Hundred people who die in months 1 to 100, and everybody ``by`` months later with it."""
    return compare(twins([(month, month + by) for month in range(1, 101)], horizon))


def test_headline() -> None:
    assert headline(shifted(12), NAMES) == (
        "After 3 years, 64 of 100 virtual patients are alive with usual care "
        "and 76 of 100 with the drug."
    )


def test_headline_after_diagnosis() -> None:
    found = compare(FIVE, clock="diagnosis", landmarks=(18,))
    assert headline(found, NAMES) == (
        "1 year and 6 months after diagnosis, 2 of 4 virtual patients are alive with usual care "
        "and 2 of 4 with the drug."
    )


def test_one_person_is() -> None:
    found = compare(twins([(month, month) for month in range(1, 101)]), landmarks=(99,))
    assert " 1 of 100 virtual patients is alive " in headline(found)


@pytest.mark.parametrize(
    ("by", "words"), [(12, "12 more of 100"), (-12, "12 fewer of 100"), (0, "the same number")]
)
def test_difference_names_its_direction(by: float, words: str) -> None:
    said = difference_sentence(shifted(by), NAMES)
    assert words in said
    assert "-" not in said


def test_chance_is_said_with_its_direction() -> None:
    said = difference_sentence(shifted(0), NAMES)
    assert said.endswith("would give between 3 fewer and 3 more.")


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([(10, 10 + k) for k in range(9)], "gain between 2 and 6 months of life with the drug"),
        ([(10, 10 - k) for k in range(9)], "lose between 2 and 6 months of life with the drug"),
        ([(10, 10)] * 5 + [(10, 18)] * 3, "three quarters of the virtual patients gain at most"),
        ([(10, 10)] * 5 + [(10, 2)] * 3, "three quarters of the virtual patients lose at most"),
        ([(10, 10 + k) for k in range(-4, 5)], "from 2 months of life lost to 2 months gained"),
        ([(10, 13)] * 5, "at least half of the virtual patients gain about 3 months of life"),
        ([(10, 9)] * 5, "at least half of the virtual patients lose about 1 month of life"),
        ([(10, 10)] * 9 + [(10, 15)], "For at least half of the virtual patients, the drug"),
        ([(10, 10)] * 9, "The drug changes nothing for any of the virtual patients"),
    ],
)
def test_gains_are_ranges(pairs: list[tuple[float, float]], words: str) -> None:
    assert words in gain_sentence(compare(twins(pairs)), NAMES)


def test_gain_of_another_endpoint_is_not_called_life() -> None:
    found = compare(twins([(10, 12)] * 5), endpoint="death_or_tracheostomy")
    assert "2 months of life without a tracheostomy" in gain_sentence(found)


def test_shares_add_to_a_hundred_or_to_all_of_fewer() -> None:
    assert shares_sentence(compare(FIVE)) == (
        "Of 5 virtual patients: more than half a month gained by 2, about the same for 2, "
        "more than half a month lost by 1."
    )
    thirds = compare(twins([(10, 12), (10, 10), (10, 8)] * 50))
    assert shares_sentence(thirds) == (
        "Of 100 virtual patients: more than half a month gained by 34, about the same for 33, "
        "more than half a month lost by 33."
    )


@pytest.mark.parametrize("patients", [1, 7, 99])
def test_fewer_than_a_hundred_are_counted_one_by_one(patients: int) -> None:
    """Nothing that is said of a few people is told as if there were a hundred."""
    pairs = [(10 + 3 * k, 10 + 3 * k + k % 3) for k in range(patients)]
    found = compare(twins(pairs), landmarks=(12, 36))
    said = " ".join((*sentences(found, NAMES), baseline_headline(found, NAMES)))
    assert "100" not in said
    assert f"of {patients} virtual patients" in said
    alive = [sum(months > 36 for months in row) for row in zip(*pairs, strict=True)]
    assert found.landmarks[1].people == tuple(alive)


def test_a_rare_loss_is_not_called_none() -> None:
    found = compare(twins([(10, 12)] * 999 + [(10, 5)]))
    assert "lost by fewer than 1." in shares_sentence(found)
    assert "lost by 0." in shares_sentence(shifted(1))


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([(10, 11), (10, 13)] * 50, "the drug adds 2 months of life (95 % interval: 1.8 to 2.2 "),
        ([(10, 9), (10, 7)] * 50, "the drug takes away 2 months of life (95 % interval: 1.8 to "),
        ([(10, 10)] * 4, "makes no difference (95 % interval: no difference)"),
        ([(10, 9), (10, 12)] * 2, "(95 % interval: from 2.3 months lost to 3.3 months gained)"),
        ([(10, 12)], "adds 2 months of life (95 % interval: not known for one patient)"),
    ],
)
def test_mean_names_its_direction(pairs: list[tuple[float, float]], words: str) -> None:
    assert words in mean_sentence(compare(twins(pairs)), NAMES)


@pytest.mark.parametrize(
    ("usual", "treated", "words"),
    [
        (10, 15, "With usual care, half have died by month 10.0 (by chance 10.0 or later); with "),
        (10, 15, "with the drug, by month 15.0 (by chance 15.0 or later): 5 "),
        (10, 15, "5 months later."),
        (15, 10, "5 months earlier."),
        (15, 15, "no difference."),
        (15, 99, "with the drug, half have not by month 50, when the count ends."),
        (99, 15, "with usual care, half have not yet reached that point by month 50"),
        (99, 99, "With either, more than half are still alive at month 50"),
    ],
)
def test_medians(usual: float, treated: float, words: str) -> None:
    said = median_sentence(compare(twins([(usual, treated)] * 5, horizon=50)), NAMES)
    assert words.lower() in said.lower()


def test_caveats_only_where_they_apply() -> None:
    assert caveats(shifted(3)) == ()
    said = caveats(compare(FIVE, clock="diagnosis"), NAMES)
    assert len(said) == 2  # in FIVE, who is never treated is never diagnosed
    assert said[0].startswith("For 2 of 4 the count stops, at month 100, ")
    assert said[1].startswith("1 of 5 virtual patients are not counted")
    assert caveats(compare(FIVE), NAMES)[0].startswith("For 1 of 5 virtual patients the drug ")


def test_landmarks_must_have_been_counted() -> None:
    assert landmark_of(shifted(1)).month == 36
    assert landmark_of(compare(FIVE, landmarks=(6, 12))).month == 12
    with pytest.raises(UsageError, match="month 48; counted: 12, 24, 36, 60"):
        headline(shifted(1), month=48)
    with pytest.raises(UsageError, match="counted: none"):
        headline(compare(FIVE, landmarks=()))


def test_small_words() -> None:
    assert [number(value) for value in (0, 0.04, 1.0, -2.25, 9.94, 9.96, 123.4)] == [
        "0", "0", "1", "2.2", "9.9", "10", "123",
    ]  # fmt: skip
    assert [months_in_words(value) for value in (1, -1, 0.9)] == [
        "1 month",
        "1 month",
        "0.9 months",
    ]
    assert [span(value) for value in (1, 12, 18, 24, 0)] == [
        "1 month", "1 year", "1 year and 6 months", "2 years", "0 months",
    ]  # fmt: skip
    assert (arm_name("untreated"), arm_name("stem_cells")) == ("usual care", "stem cells")


@settings(deadline=None, derandomize=True)
@given(counts=st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any))
def test_rounded_shares_add_to_a_hundred(counts: list[int]) -> None:
    shares = [count / sum(counts) for count in counts]
    rounded = of_100(shares)
    assert sum(rounded) == 100
    assert all(abs(people - 100 * share) < 1 for people, share in zip(rounded, shares, strict=True))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    pairs=st.lists(st.tuples(st.floats(0.1, 200), st.floats(0.1, 200)), min_size=1, max_size=12),
    clock=st.sampled_from(["onset", "diagnosis"]),
    endpoint=st.sampled_from(sorted(ENDPOINT_EVENTS)),
)
def test_every_sentence_is_whole(
    pairs: list[tuple[float, float]], clock: str, endpoint: str
) -> None:
    made = twins(pairs)
    diagnosed = MadeUp({**made.events, "diagnosis": [[0.05] * len(pairs)] * 2}, horizon=120)
    found = compare(diagnosed, clock=clock, endpoint=endpoint, landmarks=(6, 12))  # type: ignore[arg-type]
    for sentence in sentences(found, NAMES, month=12):
        assert re.fullmatch(r"[A-Z0-9].*\.", sentence)
        assert not re.search(r"[{}]|nan|inf\b|  |-\d", sentence), sentence


def test_directions_agree_with_the_numbers() -> None:
    found = compare(drawn(400, seed=5))
    assert found.gains[1].mean.value > 0
    assert " adds " in mean_sentence(found)


# --------------------------------------------------------------------------------- biography

LIFE = {
    "onset": 0.0,
    "weakness_left_leg": 0.0,
    "kings_1": 0.0,
    "weakness_right_leg": 6.0,
    "diagnosis": 9.3,
    "kings_2a": 9.3,
    "weakness_left_arm": 12.0,
    "second_region": 12.0,
    "gastrostomy": NEVER,
    "niv": 22.5,
    "docs_3": 23.0,
    "death": 30.2,
}


def test_story_is_told_in_order() -> None:
    told = story(LIFE, age=63.4, male=False, region="left_leg", cause="respiratory")
    assert [month for month, _ in told] == [0, 6, 9.3, 12, 22.5, 30.2]
    assert told[0][1] == (
        "This virtual patient is a woman of 63. She trips over her left foot: the first symptom."
    )
    assert told[3][1] == (
        "Her left arm becomes weak. This is the second of the four regions that King's stages "
        "count: speech and swallowing, arms, legs, breathing."
    )
    assert told[-1][1] == (
        "She dies because her breathing muscles have become too weak. She is 65 years old."
    )


def test_story_of_a_man() -> None:
    told = story(LIFE, age=50, male=True, region="left_leg", cause="ventilation", stages=True)
    said = " ".join(text for _, text in told)
    assert "He dies while a machine breathes for him. He is 52 years old." in said
    assert "King's stage 2A." in said
    assert not re.search(r"\b([Ss]he|[Hh]er)\b", said)


def test_story_of_someone_alive() -> None:
    life = {"onset": 0.0, "death": NEVER}
    assert story(life, age=50, male=True, region="bulbar", horizon=120)[-1] == (
        120, "He is alive when the simulation ends.",
    )  # fmt: skip
    assert len(story(life, age=50, male=True, region="bulbar")) == 1


def test_story_without_symptoms() -> None:
    told = story({"death": 14.0}, age=70, male=False, region="bulbar", cause="other")
    assert told[0] == (0.0, "This virtual patient is a woman of 70. No symptom of ALS appears.")
    assert told[1][1].startswith("She dies of a cause other than ALS.")


def test_weakness_of_the_first_region_is_told_when_it_comes_later() -> None:
    told = story({"onset": 0, "weakness_bulbar": 4}, age=60, male=True, region="bulbar")
    assert told[1] == (4, "The muscles of speech and swallowing become weak.")


def test_who_the_story_is_about_comes_first() -> None:
    early = {**LIFE, "onset": 3.0, "weakness_left_leg": 3.0, "treatment_start": -12.0}
    told = story(early, age=63.4, male=False, region="left_leg", cause="respiratory")
    assert told[:2] == [
        (-12, "This virtual patient is a woman of 62. The hypothetical treatment begins."),
        (3, "She trips over her left foot: the first symptom."),
    ]


def test_weak_breathing_after_the_advice_of_a_mask_is_not_told_as_news() -> None:
    usual = {**LIFE, "weakness_respiratory": 15.0, "niv_need": 22.5}
    late = {**LIFE, "weakness_respiratory": 25.0, "niv_need": 22.5}
    said = [
        " ".join(text for _, text in story(life, age=60, male=False, region="left_leg"))
        for life in (usual, late)
    ]
    assert "Her breathing muscles become weak." in said[0]
    assert "become weak. This" not in said[1] and "breathing muscles become weak" not in said[1]
    assert said[1].index("a breathing mask is advised") < said[1].index("are now clearly weak")


def test_help_that_never_comes_is_told_with_the_advice() -> None:
    life = {**LIFE, "gastrostomy_need": 20.0, "niv_need": 22.5}
    said = dict(story(life, age=60, male=True, region="left_leg"))
    assert said[20.0].endswith("a feeding tube is advised. He does not get one.")
    assert said[22.5].endswith("a breathing mask is advised. He begins to use the mask.")


def test_a_disease_without_a_name_is_told_at_the_end() -> None:
    without = {event: month for event, month in LIFE.items() if event != "diagnosis"}
    told = story(without, age=60, male=True, region="left_leg", cause="other")
    assert told[-1][1].endswith("He is 62 years old. His ALS was never diagnosed.")
    assert "never diagnosed" not in str(story(LIFE, age=60, male=True, region="left_leg"))


def test_sentences_are_about_events_of_the_model() -> None:
    told = texts()["story"]
    assert set(told["events"]) <= set(EVENT_NAMES) and set(told["stages"]) <= set(KINGS_EVENTS)
    assert set(told["death"]) == set(CAUSES) and set(told["onset"]) == set(REGIONS)
    for earlier, others in told["after"].items():
        assert {earlier, *others} <= set(told["events"])
    for help_given, without in told["without"].items():
        assert {help_given, without["need"]} <= set(told["events"])


ORDER = (
    ("This virtual patient is", ""),
    ("is advised. {She} begins to use the mask.", "needs the breathing mask nearly all day"),
    ("a breathing mask is advised", "breathing muscles are now clearly weak"),
    ("breathing muscles become weak", "a breathing mask is advised"),
    ("the second of the four regions", "the third of the four regions"),
    ("muscles of speech and swallowing become weak", "no longer understand"),
    ("muscles of speech and swallowing become weak", "a feeding tube is advised"),
)


@pytest.mark.parametrize("name", ["reference", "replacement-and-distance", "sod1-carriers"])
def test_lives_of_the_model_read_in_a_sensible_order(name: str) -> None:
    """Of 200 people in every arm: what is said first does come first."""
    found = simulate(replace(load_scenario(name).record, patients=200, horizon=240))
    for arm, patient in np.ndindex(found.cause.shape):
        months = {event: float(found.months(event)[arm, patient]) for event in EVENTS}
        weak = [months[f"weakness_{region}"] for region in REGIONS]
        told = story(
            months,
            age=float(found.patients.age[patient]),
            male=bool(found.patients.male[patient]),
            region=REGIONS[int(np.argmin(np.nan_to_num(weak, nan=np.inf)))],
            cause=CAUSES[int(found.cause[arm, patient])],
        )
        said = " ".join(text for _, text in told)
        assert said.startswith("This virtual patient is") and said.count("virtual patient") == 1
        assert not re.search(r"[{}]|  ", said), said
        for first, later in ORDER:
            first = first.format(She="He" if found.patients.male[patient] else "She")
            if first in said and later in said:
                assert said.index(first) <= said.index(later), said
        if "begins to use" in said or "A feeding tube is placed" in said:
            assert said.index("it is ALS") < said.index("is advised")
        assert ("never diagnosed" in said) == (" dies " in said and "it is ALS" not in said)


@pytest.mark.parametrize("wrong", [{"region": "tail"}, {"cause": "magic"}])
def test_story_needs_known_words(wrong: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="no words for region"):
        story(LIFE, **{"age": 60, "male": True, "region": "bulbar", **wrong})  # type: ignore[arg-type]


def test_every_template_can_be_filled() -> None:
    """Tell every event, region and cause, for a woman and for a man."""
    told = texts()["story"]
    events = {event: float(k) for k, event in enumerate([*told["events"], *told["stages"]])}
    for region in told["onset"]:
        for cause in told["death"]:
            for male in (True, False):
                life = {**events, "onset": -1.0, "death": 90.0}
                said = story(life, age=60, male=male, region=region, cause=cause, stages=True)
                assert len(said) == len(np.unique([month for month, _ in said]))
                assert not any(re.search(r"[{}]", text) for _, text in said)


def test_tone() -> None:
    """Words that hurt or excite have no place here."""
    said = str(texts()).lower()
    for word in ("victim", "suffer", "miracle", "cure", "battle", "doomed", "tragic", "corpse"):
        assert word not in said
