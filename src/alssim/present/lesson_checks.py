"""What can be wrong in the file of a lesson, told all at once."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from alssim.plain_text import hidden_character
from alssim.studies.readings import READINGS

LESSON = {"number": int, "title": str, "summary": str, "minutes": int, "steps": list}
QUESTION = {"id": str, "text": str, "run": dict, "shown": str, "right": str, "wrong": str}
OPTIONAL = {
    "choices": list,
    "low": float,
    "high": float,
    "unit": str,
    "tolerance": float,
    "scale": float,
}
RUN = {"scenario": str, "read": str}
RUN_OPTIONAL = {"settings": dict, "options": dict, "arm": str}
CHOICE_OPTIONAL = {"low": float, "high": float, "arm": str}
NAMES = {int: "a whole number", float: "a number", str: "text", list: "a list", dict: "a table"}


def problems_of(data: Mapping[str, Any]) -> list[str]:
    """List everything that is wrong in a lesson: keys, kinds of values, choices that do not fit."""
    found = _kinds("the lesson", data, LESSON, {})
    if found:
        return found
    found = _unseen("the lesson", data)
    questions = []
    for number, step in enumerate(data["steps"], 1):
        where = f"step {number}"
        problems = _kinds(where, step, {"text": str}, {"question": dict})
        found += problems or _unseen(where, step)
        if not problems and "question" in step:
            found += _question_problems(where, step["question"])
            questions.append(step["question"].get("id"))
    if not questions:
        found.append("the lesson has no question")
    if len(set(questions)) < len(questions):
        found.append("two questions have the same id")
    return found


def _question_problems(where: str, row: Mapping[str, Any]) -> list[str]:
    found = _kinds(f"{where}, question", row, QUESTION, OPTIONAL)
    if found:
        return found
    where = f"question {row['id']}"
    found = _unseen(where, row)
    found += _kinds(f"{where}, run", row["run"], RUN, RUN_OPTIONAL)
    if row["run"].get("read") not in READINGS:
        found.append(f"{where}: read is not one of: {', '.join(READINGS)}")
    if row["shown"].count("{") != row["shown"].count("{value}"):
        found.append(f"{where}: shown may hold {{value}} alone in braces")
    choices = row.get("choices", [])
    for choice in choices:
        found += _kinds(f"{where}, choice", choice, {"text": str}, CHOICE_OPTIONAL)
    if found:
        return found
    return _choices_problems(where, choices) if choices else _number_problems(where, row)


def _choices_problems(where: str, choices: list[Mapping[str, Any]]) -> list[str]:
    """Choices name an arm each, or their ranges follow one another without a gap."""
    if len(choices) < 2:
        return [f"{where}: give two choices or more"]
    arms = [choice.get("arm") for choice in choices]
    if any(arms):
        ok = all(arms) and len(set(arms)) == len(arms)
        return [] if ok else [f"{where}: each choice must name another arm"]
    ends_open = "low" not in choices[0] and "high" not in choices[-1]
    joined = all(
        one.get("high") is not None and one.get("high") == other.get("low")
        for one, other in pairwise(choices)
    )
    if ends_open and joined:
        return []
    return [f"{where}: the ranges of choices must follow one another, open at both ends"]


def _number_problems(where: str, row: Mapping[str, Any]) -> list[str]:
    if not row.get("tolerance", 0) > 0:
        return [f"{where}: a number needs a tolerance above 0"]
    if not row.get("low", 0) < row.get("high", 100):
        return [f"{where}: low must be below high"]
    return []


def _kinds(
    where: str, row: object, needed: Mapping[str, type], allowed: Mapping[str, type]
) -> list[str]:
    if not isinstance(row, Mapping):
        return [f"{where} must be a table"]
    known = {**needed, **allowed}
    found = [f"{where}: {key} is missing" for key in needed if key not in row]
    for key, value in row.items():
        if key not in known:
            found.append(f"{where}: {key} is unknown; known: {', '.join(known)}")
        elif not _is(value, known[key]):
            found.append(f"{where}: {key} must be {NAMES[known[key]]}")
    return found


def _unseen(where: str, row: Mapping[str, Any]) -> list[str]:
    """List the texts that are empty or hold hidden characters."""
    return [
        f"{where}: {key} must be visible text"
        for key, value in row.items()
        if isinstance(value, str) and (not value.strip() or hidden_character(value, True))
    ]


def _is(value: object, kind: type) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, (int, float) if kind is float else kind)
