"""Links hold a whole screen, and reading one never fails, whatever it says."""

import string
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alssim.app import address
from alssim.app.address import LONGEST, VERSION, Address, decode, encode, fits, shortened, text
from alssim.present.language import LANGUAGES

CHOICES = ("case", "n", "years")
names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
keys = st.from_regex(r"[a-z_]{1,12}(\.[a-z0-9_-]{1,12}){0,4}", fullmatch=True)
values = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(10**12), 10**12).map(str),
    st.sampled_from(["true", "no-niv", "[0.1, 0.2]", '"diagnosis"']),
)
seeds = st.none() | st.integers(0, 2**63 - 1)
addresses = st.builds(
    Address,
    scenario=names,
    people=seeds,
    fate=seeds,
    patient=st.none() | st.integers(0, 10**6),
    month=st.none() | st.integers(-600, 600),
    arms=st.lists(names, max_size=4, unique=True).map(tuple),
    changes=st.dictionaries(keys, values, max_size=12).map(lambda found: tuple(found.items())),
    file=st.just("") | st.text("0123456789abcdef", min_size=12, max_size=12),
    choices=st.dictionaries(
        st.sampled_from(CHOICES), st.from_regex(r"[A-Za-z0-9_.-]{1,40}", fullmatch=True)
    ).map(lambda found: tuple(sorted(found.items()))),
    language=st.sampled_from(sorted(LANGUAGES)),
    size=st.sampled_from(address.SIZES),
)
quick = settings(deadline=None, derandomize=True, max_examples=200)


@quick
@given(addresses)
def test_a_screen_comes_back_from_its_link(screen: Address) -> None:
    if fits(screen):
        opened = decode(parse_qs(text(encode(screen)), strict_parsing=True), CHOICES)
        assert opened.address == screen and opened.refusals == ()
        assert encode(screen)["v"] == [str(VERSION)]
    else:
        assert len(text(encode(screen))) > LONGEST


hostile = st.text() | st.sampled_from(
    ["../../etc/passwd", "<script>alert(1)</script>", "9" * 400, "\u202e", "nan", "1e999", "", "٣"]
)


@quick
@given(
    st.dictionaries(
        st.sampled_from([*address.OWN_NAMES, *CHOICES, "size1", "seed", "treatment"]) | hostile,
        st.lists(hostile, max_size=4),
        max_size=8,
    )
)
def test_no_link_can_break_the_reader(query: dict[str, list[str]]) -> None:
    opened = decode(query, CHOICES)
    screen = opened.address
    assert address.NAME.fullmatch(screen.scenario)
    assert all(address.NAME.fullmatch(arm) for arm in screen.arms)
    assert all(address.KEY.fullmatch(key) for key, _ in screen.changes)
    assert all(address.VALUE.fullmatch(value) for _, value in screen.changes)
    assert {name for name, _ in screen.choices} <= set(CHOICES)
    for refusal in opened.refusals:
        assert len(refusal.part) <= 5 * address.SHOWN
        assert all(mark not in refusal.part for mark in "`\n\r\x1b\u202e")


@quick
@given(st.text(string.printable, max_size=60))
def test_what_is_left_out_is_said(value: str) -> None:
    opened = decode({"v": ["1"], "people": [value]}, CHOICES)
    assert opened.address.people is not None or opened.refusals or not value


def test_a_link_that_is_too_long_is_refused_whole() -> None:
    opened = decode({"v": ["1"], "set": [f"pace.key{k}=1" for k in range(200)]})
    assert opened.address == Address()
    assert [one.kind for one in opened.refusals] == ["long"]


def test_a_screen_that_does_not_fit_names_its_file_instead() -> None:
    screen = Address(changes=tuple((f"pace.key{k}", "0.123456789") for k in range(200)))
    assert not fits(screen)
    short = shortened(screen, "ab" * 32)
    assert fits(short)
    assert decode(encode(short)).address.file == "ab" * 6


@pytest.mark.parametrize(
    ("version", "kinds"),
    [("1", []), ("2", ["newer"]), ("x", ["version"]), ("999999999999", ["version"])],
)
def test_other_versions_are_named(version: str, kinds: list[str]) -> None:
    opened = decode({"v": [version], "people": ["7"]})
    assert [one.kind for one in opened.refusals] == kinds
    assert opened.address.people == 7


def test_early_links_open_with_what_they_meant() -> None:
    opened = decode(
        {"treatment": ["muscle-support"], "seed": ["7"], "size1": ["40"], "n": ["500"]}, CHOICES
    )
    assert opened.refusals == ()
    assert opened.address == Address(
        people=7,
        fate=7,
        arms=("muscle-support",),
        changes=(("arms.muscle-support.effects.1.size", "0.4"),),
        choices=(("n", "500"),),
    )
    late = decode({"treatment": ["muscle-support"], "start": ["month"], "month": ["12"]}, CHOICES)
    assert [one.kind for one in late.refusals] == ["older_start"]
    assert late.address.month is None
