"""Answer files come back as they were written; all others are refused in a line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alssim.errors import ParameterError
from alssim.model.record import package_version
from alssim.present.answer_files import FORMAT, AnswerFile, answer_text, read_answers
from alssim.present.class_codes import Member, member
from alssim.present.lessons import Lesson, load_lessons

WHO = member("BIO7", 12)


def handed(lesson: Lesson, who: Member | None, seeds: tuple[int, int], share: float) -> AnswerFile:
    """Return answers at the same place of every scale or list of choices."""
    answers = {
        one.id: int(share * (len(one.choices) - 1))
        if one.choices
        else one.low + share * (one.high - one.low)
        for one in lesson.questions
    }
    return AnswerFile(lesson, who.seeds if who else seeds, answers, who)


MEMBERS = st.builds(member, st.from_regex("[A-Z0-9]{3,10}", fullmatch=True), st.integers(1, 9999))
SEEDS = st.tuples(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))


@given(st.sampled_from(load_lessons()), st.none() | MEMBERS, SEEDS, st.floats(0, 1))
def test_what_is_written_comes_back(
    lesson: Lesson, who: Member | None, seeds: tuple[int, int], share: float
) -> None:
    written = handed(lesson, who, seeds, share)
    assert read_answers(answer_text(written).encode(), "a.toml") == written


GOOD: dict[str, Any] = {
    "format": FORMAT,
    "alssim": f'"{package_version()}"',
    "lesson": '"silent-loss"',
    "code": '"BIO7"',
    "student": 12,
    "people": WHO.seeds[0],
    "fate": WHO.seeds[1],
    "answers": "{ lost = 36 }",
}


def text(**changed: object) -> bytes:
    """Return a good file with some values changed, or left out (None)."""
    rows = (f"{key} = {value}" for key, value in {**GOOD, **changed}.items() if value is not None)
    return "\n".join(rows).encode()


def test_the_good_one_is_good() -> None:
    assert read_answers(text(), "a.toml").answers == {"lost": 36}
    assert read_answers(text(answers="{}"), "a.toml").answers == {}
    assert read_answers(text(code=None, student=None, people=3), "a.toml").member is None


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"\x00\xff\xfe", "not UTF-8"),
        (b"lesson = ", "not valid TOML"),
        (b"", "format is missing"),
        (b"#" * 20_000, "larger than 16 KB"),
        (b"a." * 140 + b"a = 1", "too many parts"),
        (b"a = " + b"[" * 200, "TOML|deep"),
        (b"people = " + b"9" * 280, "is missing"),
        (b'["' + b"x" * 500 + b'"]', "longer than 300"),
        (text(extra=1), "extra is unknown"),
        (text(format=2), "its format is 2"),
        (text(alssim='"0.0.1"'), "written by alssim 0.0.1"),
        (text(lesson='"x\\u001b[31m"'), "there is no lesson"),
        (text(lesson='"../../etc/passwd"'), "there is no lesson"),
        (text(student=13), "it was edited: people .* not the seeds of class BIO7, number 13"),
        (text(fate=1), "it was edited"),
        (text(code='"ABC"'), "it was edited"),
        (text(student=None), "code and student belong together"),
        (text(student="true"), "student must be a whole number"),
        (text(student=0), "from 1 to 9999"),
        (text(student='"12"'), "student must be a whole number"),
        (text(code='"B\\u202eIO"'), "3 to 10 letters"),
        (text(people=-1, code=None, student=None), "people = -1 is not between"),
        (text(people="1e999"), "people must be a whole number"),
        (text(answers=3), "answers must be a table"),
        (text(answers="{ lost = true }"), "lost is not a number"),
        (text(answers="{ lost = nan }"), "lost is not a number"),
        (text(answers="{ lost = inf }"), "lost is not a number"),
        (text(answers='{ lost = "36" }'), "lost is not a number"),
        (text(answers="{ lost = 1979-05-27 }"), "lost is not a number"),
        (text(answers="{ lost = " + "9" * 200 + " }"), "lost is not a number"),
        (text(answers="{ lost = 101 }"), "101 is outside 0 to 100"),
        (text(answers="{ gone = 1 }"), "no question 'gone'"),
        (text(lesson='"no-two-alike"', answers="{ ratio = 9 }"), "9 is no choice"),
    ],
)
def test_what_cannot_be_graded_is_refused(raw: bytes, told: str) -> None:
    with pytest.raises(ParameterError, match=told) as caught:
        read_answers(raw, "a.toml")
    said = str(caught.value)
    assert len(said) < 2000 and said.replace("\n", "").isprintable()
