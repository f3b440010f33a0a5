"""Answer files of a class, checked: each is graded alone, and no simulation runs twice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from alssim.errors import AlssimError, ParameterError
from alssim.present.answer_files import LIMITS, AnswerFile, read_answers
from alssim.present.lessons import (
    Expected,
    Found,
    Grade,
    Lesson,
    Marked,
    Question,
    Seeds,
    expected_from,
    mark,
)

MOST_FILES = 5000
ENDING = ".toml"


@dataclass(frozen=True, slots=True)
class Graded:
    """A file: what was handed in and how it was marked, or the problem with it in one line."""

    file: str
    handed: AnswerFile | None = None
    grade: Grade | None = None
    problem: str = ""

    def rows(self) -> Iterator[tuple[Question, Marked]]:
        """Yield every question with its mark."""
        if self.handed is not None and self.grade is not None:
            yield from zip(self.handed.lesson.questions, self.grade.marks, strict=True)


@dataclass(frozen=True, slots=True)
class Total:
    """A lesson in a class: how many handed it in, and how many had each question right."""

    lesson: Lesson
    files: int
    right: tuple[int, ...]

    @property
    def score(self) -> int:
        """Right answers of all files."""
        return sum(self.right)

    @property
    def possible(self) -> int:
        """Questions of all files."""
        return self.files * len(self.right)


@dataclass(slots=True)
class Marker:
    """Marks files; what was simulated is kept, so that identical requests run once."""

    code: str = ""
    simulated: dict[tuple[str, Seeds], Found] = field(default_factory=dict)

    def graded(self, file: Path) -> Graded:
        """Grade one file; never raises for what stands in it."""
        try:
            handed = read_answers(_content(file), str(file))
            self._check_class(handed)
            expected = {
                question.id: self._expected(question, handed.seeds)
                for question in handed.lesson.questions
            }
            return Graded(
                str(file), handed, mark(handed.lesson, handed.answers, expected, handed.seeds)
            )
        except OSError as error:
            return Graded(str(file), problem=f"cannot be read: {error.strerror}")
        except ParameterError as error:
            return Graded(str(file), problem=_one_line(error.problems, str(file)))
        except AlssimError as error:
            return Graded(str(file), problem=_one_line([str(error)], str(file)))

    def _expected(self, question: Question, seeds: Seeds) -> Expected:
        key = (question.run.key, seeds)
        if key not in self.simulated:
            self.simulated[key] = question.run.found(seeds)
        return expected_from(question, self.simulated[key])

    def _check_class(self, handed: AnswerFile) -> None:
        if self.code and (handed.member is None or handed.member.code != self.code):
            given = "no class" if handed.member is None else f"class {handed.member.code}"
            raise ParameterError("", [f"it is of {given}, not of class {self.code}"])


def grade_files(
    places: Iterable[str], code: str = "", progress: Callable[[int, int], None] | None = None
) -> tuple[Graded, ...]:
    """Grade files, and all answer files in folders.

    ``code``: only files of this class are welcome. ``progress`` is told (files done, all files).
    """
    found, lost = _files(places)
    marker = Marker(code)
    graded = list(lost)
    for done, file in enumerate(found, 1):
        graded.append(marker.graded(file))
        if progress is not None:
            progress(done, len(found))
    return tuple(graded)


def totals(graded: Iterable[Graded]) -> tuple[Total, ...]:
    """Add up by lesson, in the order of the lessons."""
    by_lesson: dict[str, list[Graded]] = {}
    for one in graded:
        if one.handed is not None:
            by_lesson.setdefault(one.handed.lesson.id, []).append(one)
    found = [_total(group) for group in by_lesson.values()]
    return tuple(sorted(found, key=lambda total: total.lesson.number))


def handed_in_twice(graded: Iterable[Graded]) -> list[list[Graded]]:
    """Return files of the same student and lesson, together."""
    groups: dict[tuple[str, object], list[Graded]] = {}
    for one in graded:
        if one.handed is not None and one.handed.member is not None:
            groups.setdefault((one.handed.lesson.id, one.handed.member), []).append(one)
    return [group for group in groups.values() if len(group) > 1]


def _total(group: Sequence[Graded]) -> Total:
    lesson = group[0].handed.lesson if group[0].handed else None
    assert lesson is not None
    marks = [one.grade.marks for one in group if one.grade is not None]
    right = tuple(sum(mark.right for mark in column) for column in zip(*marks, strict=True))
    return Total(lesson, len(group), right)


def _files(places: Iterable[str]) -> tuple[list[Path], list[Graded]]:
    """Return the files to read, each once, and the places where there are none."""
    found: dict[Path, None] = {}
    lost = []
    for place in map(Path, places):
        if place.is_dir():
            inside = sorted(place.rglob(f"*{ENDING}"))[:MOST_FILES]
            found |= dict.fromkeys(inside)
            lost += [] if inside else [Graded(str(place), problem=f"no {ENDING} file is in it")]
        elif place.is_file():
            found[place] = None
        else:
            lost.append(Graded(str(place), problem="there is no such file or folder"))
    return list(found), lost


def _content(file: Path) -> bytes:
    if not file.is_file():  # a folder, or something that never ends
        raise ParameterError(str(file), ["it is no file"])
    with file.open("rb") as opened:
        return opened.read(LIMITS.size + 1)


def _one_line(problems: Sequence[str], label: str) -> str:
    """Return the problems in one line, without the label that begins some of them."""
    told = [problem.removeprefix(f"{label}: ") for problem in problems]
    line = "; ".join(told).replace("\n", " ")
    return line if len(line) <= 300 else f"{line[:300]}…"
