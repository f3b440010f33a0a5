"""``alssim grade``: files and folders, in words, as JSON and as CSV; bad files stop nobody."""

import csv
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.cli.conftest import Call

from alssim.present.answer_files import AnswerFile, answer_text
from alssim.present.class_codes import member
from alssim.present.lessons import Answer, Run, expected_answers, lesson_of


def hand_in(folder: Path, number: int, lesson: str, answers: Mapping[str, Answer]) -> Path:
    """Write the file of a student of class BIO7."""
    who = member("BIO7", number)
    file = folder / f"{lesson}-{number}.toml"
    text = answer_text(AnswerFile(lesson_of(lesson), who.seeds, answers, who))
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two students, three lessons; one right, one wrong, one not answered."""
    inside = tmp_path / "class" / "group"
    inside.mkdir(parents=True)
    hand_in(inside, 1, "no-two-alike", {"ratio": 2})
    hand_in(inside, 2, "no-two-alike", {"ratio": 0})
    hand_in(inside, 1, "how-early", {"start": 0})
    return tmp_path / "class"


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_file_of_answers_is_known_by_its_keys(call: Call, folder: Path) -> None:
    file = next(folder.rglob("how-early-1.toml"))
    kind = "answers to a lesson, marked by alssim grade"
    assert call("check", str(file)).out == f"{file}: OK ({kind})\n"
    file.write_text(file.read_text("utf-8").replace("people = ", "people = -"), encoding="utf-8")
    answer = call("check", str(file))
    assert answer.status == 2 and "people = -" in answer.err


def test_each_file_and_question_is_told_and_added_up(call: Call, folder: Path) -> None:
    answer = call("grade", str(folder))
    assert (answer.status, answer.err) == (0, "")
    said = flat(answer.out)
    assert "(class BIO7, number 1): 1 of 1" in said
    assert "ratio: right (three to twelve times as long). In this simulation" in said
    assert "ratio: not right (less than twice as long)." in said
    assert "cost-of-waiting: not right (no answer)." in said
    assert "No two alike: 1 of 2 answers right (files: 2)" in said
    assert "ratio: 1 of 2" in said and "Files graded: 3; not graded: 0." in said


def test_the_simulation_is_that_of_the_student(call: Call, folder: Path) -> None:
    document = call("grade", str(folder), "--json").document
    ratios = {}
    for file in document["files"]:
        seeds = (file["people"], file["fate"])
        assert seeds == member("BIO7", file["student"]).seeds
        expected = expected_answers(lesson_of(file["lesson"]), seeds)
        assert {one["id"]: one["expected"] for one in file["questions"]} == {
            id: one.answer for id, one in expected.items()
        }
        if file["lesson"] == "no-two-alike":
            ratios[file["student"]] = file["questions"][0]["found"]
    assert len(ratios) == 2
    totals = {one["lesson"]: one for one in document["totals"]}
    assert totals["no-two-alike"]["score"] == 1 and totals["no-two-alike"]["possible"] == 2
    assert totals["how-early"]["right"] == {"start": 1, "cost-of-waiting": 0}


def test_no_simulation_runs_twice(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []
    real = Run.found

    def counted(run: Run, seeds: tuple[int, int]) -> object:
        ran.append((run.key, seeds))
        return real(run, seeds)

    monkeypatch.setattr(Run, "found", counted)
    first = hand_in(tmp_path, 1, "how-early", {"start": 0, "cost-of-waiting": 6})
    (tmp_path / "copy.toml").write_bytes(first.read_bytes())
    answer = call("grade", str(tmp_path))
    assert len(ran) == len(set(ran)) == 1  # two files, two questions, one simulation
    assert "Handed in more than once (class BIO7, number 1)" in flat(answer.out)
    assert answer.status == 0


@pytest.mark.skipif(os.name != "posix", reason="pipes and links are made as on Linux")
def test_bad_files_get_a_line_each_and_the_others_are_graded(
    call: Call, folder: Path, tmp_path: Path
) -> None:
    good = (folder / "group" / "no-two-alike-1.toml").read_text("utf-8")
    bad = {
        "damaged.toml": good[: len(good) // 2],
        "edited.toml": good.replace("student = 1", "student = 2"),
        "\x1b[31mred.toml": good.replace("ratio = 2", 'ratio = "\\u001b[31m"'),
        "other.toml": good.replace("alssim = ", 'alssim = "9.9.9" #'),
        "huge.toml": "#" * 10_000_000,
    }
    for name, text in bad.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "folder.toml").mkdir()
    (folder / "endless.toml").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.toml")
    table = tmp_path / "grades.csv"
    answer = call("grade", str(folder), "/nowhere", "--csv", str(table))
    assert answer.status == 2
    lines = answer.err.splitlines()
    assert len(lines) == len(bad) + 4 and all(line.isprintable() for line in lines)
    for told in ("no such file", "it was edited", "alssim 9.9.9", "larger than 16 KB", "no file"):
        assert any(told in line for line in lines)
    assert "Files graded: 3; not graded: 9." in flat(answer.out)
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    assert sum(bool(row["problem"]) for row in rows) == 9
    assert [row["right"] for row in rows if row["question"] == "ratio"] == ["1", "0"]
    again = call("grade", str(folder), "--json")
    assert again.status == 2
    assert sum(not one["ok"] for one in again.document["files"]) == 8


def test_a_spreadsheet_computes_nothing(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    hand_in(tmp_path, 1, "no-two-alike", {"ratio": 2}).rename(tmp_path / "=1+1.toml")
    assert call("grade", "=1+1.toml", "--csv", "grades.csv").status == 0
    assert Path("grades.csv").read_text("utf-8").splitlines()[1].startswith("'=1+1.toml,")


def test_only_files_of_the_class(call: Call, folder: Path) -> None:
    assert call("grade", str(folder), "--code", "bio-7").status == 0
    answer = call("grade", str(folder), "--code", "BIO8")
    assert answer.status == 2 and "it is of class BIO7, not of class BIO8" in answer.err
    assert call("grade", str(folder), "--code", "?").status == 2


def test_what_cannot_be_asked(call: Call, tmp_path: Path) -> None:
    assert call("grade").status == 2
    empty = call("grade", str(tmp_path))
    assert empty.status == 2 and "no .toml file is in it" in empty.err
    answer = call("grade", str(tmp_path), "--csv", str(tmp_path / "no" / "x.csv"))
    assert answer.status == 2 and "there is no folder" in answer.err
