"""The file in which a student hands in a lesson: written by the app, read by ``alssim grade``.

It holds no name: the lesson, the version, the class code, a number, the seeds and the answers,
each of them a prediction made before its simulation ran. What is read was written by somebody we
do not know: sizes, kinds and values are all checked.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alssim.errors import ParameterError, UsageError
from alssim.model.record import package_version
from alssim.parameters.safe_toml import Limits, parse
from alssim.parameters.writing import toml_value
from alssim.present.class_codes import Member, member
from alssim.present.lessons import Answer, Lesson, Seeds, check_answers, lesson_of, load_lessons

FORMAT = 1
LIMITS = Limits(size=16 * 1024, line=300, lines=200, dots=4, leaves=200, depth=3)
LARGEST_SEED = 2**63 - 1
KINDS: Mapping[str, type] = {
    "format": int,
    "alssim": str,
    "lesson": str,
    "people": int,
    "fate": int,
    "answers": dict,
}
OF_CLASS: Mapping[str, type] = {"code": str, "student": int}
NAMES = {int: "a whole number", str: "text", dict: "a table"}
HEADING = """\
# Answers to a lesson of alssim: each is a guess made before the simulation ran.
# There is no name in it. To check it: alssim grade FILE
"""


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """What a student hands in; ``member`` is None outside a class."""

    lesson: Lesson
    seeds: Seeds
    answers: Mapping[str, Answer]
    member: Member | None = None


def answer_text(handed: AnswerFile) -> str:
    """Return the text of the file."""
    values: dict[str, Any] = {
        "format": FORMAT,
        "alssim": package_version(),
        "lesson": handed.lesson.id,
    }
    if handed.member is not None:
        values |= {"code": handed.member.code, "student": handed.member.number}
    values |= {"people": handed.seeds[0], "fate": handed.seeds[1]}
    lines = [f"{key} = {toml_value(value)}" for key, value in values.items()]
    lines += ["", "[answers]"]
    lines += [f"{id} = {toml_value(_plain(answer))}" for id, answer in handed.answers.items()]
    return HEADING + "\n".join(lines) + "\n"


def read_answers(raw: bytes, label: str) -> AnswerFile:
    """Read and check a file.

    Raises ``ParameterError`` where it is damaged, of another version, edited or not such a file.
    """
    data = parse(raw, label, LIMITS)
    if problems := _problems(data) or _version_problems(data):
        raise ParameterError(label, problems)
    try:
        lesson = _lesson(data["lesson"])
        check_answers(lesson, data["answers"])
        who = member(data["code"], data["student"]) if "code" in data else None
    except UsageError as error:
        raise ParameterError(label, [str(error)]) from None
    seeds = (data["people"], data["fate"])
    if who is not None and who.seeds != seeds:
        raise ParameterError(label, [_edited(who, seeds)])
    return AnswerFile(lesson, seeds, data["answers"], who)


def _problems(data: Mapping[str, Any]) -> list[str]:
    """List missing and strange keys, wrong kinds, and numbers out of all range."""
    known = {**KINDS, **OF_CLASS}
    found = [f"{key} is missing" for key in KINDS if key not in data]
    found += [f"{key[:40]} is unknown" for key in data if key not in known]
    found += [
        f"{key} must be {NAMES[kind]}"
        for key, kind in known.items()
        if key in data and (not isinstance(data[key], kind) or isinstance(data[key], bool))
    ]
    if ("code" in data) != ("student" in data):
        found.append("code and student belong together")
    if not found:
        found += [
            f"{key} = {data[key]} is not between 0 and {LARGEST_SEED}"
            for key in ("people", "fate")
            if not 0 <= data[key] <= LARGEST_SEED
        ]
        found += [
            f"the answer to {id[:40]} is not a number of a scale"
            for id, answer in data["answers"].items()
            if not _is_small(answer)
        ]
    return found


def _is_small(answer: object) -> bool:
    """Whether an answer is a number that can be one."""
    if isinstance(answer, bool) or not isinstance(answer, (int, float)):
        return False
    return abs(answer) < 1e6 if isinstance(answer, int) else math.isfinite(answer)


def _version_problems(data: Mapping[str, Any]) -> list[str]:
    if data["format"] != FORMAT:
        return [f"its format is {str(data['format'])[:20]}; this alssim reads format {FORMAT}"]
    if data["alssim"] != package_version():
        version = data["alssim"][:20]
        return [
            f"it was written by alssim {version}; this is {package_version()}, whose virtual "
            "people may differ: grade it with that version"
        ]
    return []


def _lesson(id: str) -> Lesson:
    if id not in {lesson.id for lesson in load_lessons()}:
        raise UsageError(f"there is no lesson {id[:40]!r}")
    return lesson_of(id)


def _edited(who: Member, seeds: Seeds) -> str:
    return (
        f"it was edited: people {seeds[0]} and fate {seeds[1]} are not the seeds of class "
        f"{who.code}, number {who.number}"
    )


def _plain(answer: Answer) -> Answer:
    return int(answer) if float(answer).is_integer() else answer
