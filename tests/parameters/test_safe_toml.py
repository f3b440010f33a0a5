"""Files from people we do not know are read in little time and memory, or refused."""

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alssim.errors import ParameterError
from alssim.parameters import Upload, load_scenario, load_treatment, load_world
from alssim.parameters.safe_toml import UPLOAD, Limits, parse

LAW = settings(deadline=None, derandomize=True, max_examples=150)
REFUSED = {
    "one dotted key": (b"a" + b".a" * 30_000 + b" = 1", "longer than 1000"),
    "a dotted table": (b"[a" + b".a" * 30_000 + b"]", "longer than 1000"),
    "dots within the line": (b"a" + b".a" * 100 + b" = 1", "key of too many parts"),
    "dotted inline keys": (b"x = {a" + b".a" * 400 + b" = 1}", "nested too deeply"),
    "dotted tables": (b"\n".join(b"[k%d" % i + b".a" * 480 + b"]" for i in range(60)), "nested"),
    "nested lists": (b"a = " + b"[" * 450 + b"]" * 450, "nested too deeply"),
    "nested lists by line": (
        b"a = [\n" + b"[\n" * 1500 + b"]\n" * 1500 + b"]",
        "nested too deeply",
    ),
    "nested tables": (b"a = " + b"{a=" * 200 + b"1" + b"}" * 200, "nested too deeply"),
    "a long integer": (b"a = " + b"9" * 5000, "longer than 1000"),
    "many values": (b"a = [" + b"1,1,\n" * 3000 + b"]", "more than 4000 values"),
    "many lines": (b"\n" * 5000, "more than 4000 lines"),
    "a large file": (b"#" * 70_000, "larger than 64 KB"),
    "no text": (bytes(range(256)), "not UTF-8 text"),
    "no TOML": (b"a = = 1", "not valid TOML"),
    "one key twice": (b"a = 1\na = 2", "not valid TOML"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_files_are_refused_at_once(name: str) -> None:
    raw, said = REFUSED[name]
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(ParameterError) as refused:
        parse(raw, "theirs.toml")
    seconds, peak = time.process_time() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said in refused.value.problems[0]
    assert refused.value.problems[0].startswith("theirs.toml: ")
    assert seconds < 5
    assert peak < 100e6


def test_a_long_integer_within_the_line_is_refused() -> None:
    wide = Limits(line=10_000)
    with pytest.raises(ParameterError, match="a number that is too long"):
        parse(b"a = " + b"9" * 5000, "theirs.toml", wide)


def test_a_byte_order_mark_is_fine() -> None:
    assert parse(b"\xef\xbb\xbfa = 1", "theirs.toml", UPLOAD) == {"a": 1}


@LAW
@given(st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused(raw: bytes) -> None:
    try:
        assert isinstance(parse(raw, "theirs.toml"), dict)
    except ParameterError as error:
        assert len(error.problems) == 1


SCALARS = (
    "1|-1|0.5|nan|-inf|1e400|true|'x'|''|2020-01-01|07:32:00|[]|{}|[1]|[[]]|[{}]|{value=1}|"
    "{unit='x'}|{value={}}|{value=1,unit=2,source=3,x=4}|[{name='a'},{name='a'}]|['a',{}]|"
    "{value='x',source=''}|{extends='reference'}|0x" + "f" * 300
).split("|")
KEYS = [
    *("extends", "care", "care.extends", "arms", "name", "title", "notes", "patients", "fate"),
    *("pace", "pace.median", "symptoms", "symptoms.cramps", "items", "population.male_share"),
    *("effects", "harms.procedure_death", "cost", "x", "'a b'"),
]


@LAW
@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(SCALARS), max_size=4))
def test_strange_files_raise_nothing_but_parameter_errors(content: dict[str, str]) -> None:
    text = "\n".join(f"{key} = {value}" for key, value in content.items())
    for load in (load_scenario, load_treatment, load_world):
        try:
            load(Upload("theirs.toml", text))
        except ParameterError as error:
            assert error.problems
