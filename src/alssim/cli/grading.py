"""``alssim grade``: check the answer files of a class."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from alssim.cli.asking import progress
from alssim.cli.text import say, tell, tell_json
from alssim.errors import UsageError
from alssim.plain_text import visible
from alssim.present.class_codes import class_code
from alssim.present.grading import Graded, Total, grade_files, handed_in_twice, totals
from alssim.present.lesson_figures import answer_text
from alssim.present.lessons import Lesson, Marked, Question, load_lessons
from alssim.present.study_files import Cell, csv_text, write_files

UNREAD = 2
COLUMNS = (
    "file",
    "lesson",
    "class",
    "student",
    "people",
    "fate",
    "question",
    "answer",
    "right",
    "simulation",
    "problem",
)
FORMULA = "=+-@"  # how a cell may begin that a spreadsheet would compute


def grade_command(asked: argparse.Namespace) -> int:
    """Grade files and folders; the status is 2 if a file could not be graded."""
    code = class_code(asked.code) if asked.code else ""
    _check_csv(asked.csv)
    with progress(say("grade.following")) as shown:
        graded = grade_files(asked.files, code, shown)
    if asked.csv:
        _write_csv(asked.csv, graded)
    if asked.json:
        tell_json(_document(graded))
    else:
        _tell(graded)
    return UNREAD if any(one.problem for one in graded) else 0


def _check_csv(file: str | None) -> None:
    if file is not None and not Path(file).parent.is_dir():
        folder = Path(file).parent
        raise UsageError(say("errors.no_figure_folder", option="--csv", file=file, folder=folder))


# ---------------------------------------------------------------------------------- in words


def _tell(graded: Sequence[Graded]) -> None:
    for lesson in load_lessons():
        files = [one for one in graded if one.handed and one.handed.lesson == lesson]
        if files:
            _tell_lesson(lesson, files)
    _tell_totals(graded)
    for group in handed_in_twice(graded):
        tell(say("grade.twice", who=_who(group[0]), files=", ".join(one.file for one in group)))
    for one in graded:
        if one.problem:
            print(
                visible(say("grade.problem", file=one.file, problem=one.problem)), file=sys.stderr
            )


def _tell_lesson(lesson: Lesson, files: Sequence[Graded]) -> None:
    tell(say("grade.lesson", number=lesson.number, title=lesson.title, files=len(files)))
    for one in files:
        assert one.grade is not None
        score = {"score": one.grade.score, "possible": one.grade.possible}
        tell(say("grade.file", file=one.file, who=_who(one), **score), "  ", "      ")
        for question, mark in one.rows():
            tell(_sentence(one, question, mark), "    ", "      ")
    tell()


def _sentence(one: Graded, question: Question, mark: Marked) -> str:
    kind = "right" if mark.right else "wrong"
    answer = _answer(one, question) or say("grade.no_answer")
    return say(f"grade.{kind}", question=question.id, answer=answer, found=mark.found)


def _answer(one: Graded, question: Question) -> str:
    assert one.handed is not None
    answer = one.handed.answers.get(question.id)
    return "" if answer is None else answer_text(question, answer)


def _who(one: Graded) -> str:
    assert one.handed is not None
    member = one.handed.member
    if member is None:
        people, fate = one.handed.seeds
        return say("grade.nobody", people=people, fate=fate)
    return say("grade.member", code=member.code, number=member.number)


def _tell_totals(graded: Sequence[Graded]) -> None:
    unread = sum(bool(one.problem) for one in graded)
    for total in totals(graded):
        tell(say("grade.total", title=total.lesson.title, **_share(total)))
        for question, right in zip(total.lesson.questions, total.right, strict=True):
            about = {"question": question.id, "right": right, "files": total.files}
            tell(say("grade.total_question", **about), "  ", "    ")
    tell(say("grade.whole", graded=len(graded) - unread, unread=unread))


def _share(total: Total) -> dict[str, int]:
    return {"files": total.files, "score": total.score, "possible": total.possible}


# --------------------------------------------------------------------------------- for machines


def _document(graded: Sequence[Graded]) -> dict[str, Any]:
    return {
        "files": [_about(one) for one in graded],
        "totals": [
            {
                "lesson": total.lesson.id,
                **_share(total),
                "right": dict(
                    zip((one.id for one in total.lesson.questions), total.right, strict=True)
                ),
            }
            for total in totals(graded)
        ],
    }


def _about(one: Graded) -> dict[str, Any]:
    if one.handed is None or one.grade is None:
        return {"file": one.file, "ok": False, "problem": one.problem}
    member = one.handed.member
    questions = [
        {
            "id": question.id,
            "answer": one.handed.answers.get(question.id),
            "answer_text": _answer(one, question),
            "right": mark.right,
            "expected": mark.expected,
            "found": mark.found,
        }
        for question, mark in one.rows()
    ]
    return {
        "file": one.file,
        "ok": True,
        "lesson": one.handed.lesson.id,
        "class": member.code if member else None,
        "student": member.number if member else None,
        "people": one.handed.seeds[0],
        "fate": one.handed.seeds[1],
        "score": one.grade.score,
        "possible": one.grade.possible,
        "questions": questions,
    }


def _write_csv(file: str, graded: Sequence[Graded]) -> None:
    rows = [row for one in graded for row in _csv_rows(one)]
    write_files(Path(file).parent, {Path(file).name: csv_text([COLUMNS, *rows])})


def _csv_rows(one: Graded) -> Iterator[list[Cell]]:
    """Yield a row for each question, or one that says what is wrong with the file."""
    if one.handed is None:
        yield [_cell(one.file), *[""] * (len(COLUMNS) - 2), _cell(one.problem)]
        return
    member = one.handed.member
    who: list[Cell] = [member.code, member.number] if member else ["", ""]
    for question, mark in one.rows():
        begin: list[Cell] = [_cell(one.file), one.handed.lesson.id, *who, *one.handed.seeds]
        marked: list[Cell] = [_answer(one, question), int(mark.right), mark.found, ""]
        yield [*begin, question.id, *marked]


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, without hidden characters."""
    shown = visible(text)
    return f"'{shown}" if shown.startswith(tuple(FORMULA)) else shown
