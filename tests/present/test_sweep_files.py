"""The table of a sweep: rows in order, none done twice, none lost, whatever stops it (8 s)."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import alssim
from alssim.errors import UsageError
from alssim.model.record import record_of
from alssim.present.sweep_files import PARAMETERS, RECORD, TABLE, column_meanings, open_sweep
from alssim.studies.sweep import Point, Row, grid, make_points, row_columns

VERSION = "1.2.3"
ARMS = ("untreated", "msc-found")


class Killed(BaseException):
    """Stands in for whatever stops a sweep at once."""


def points(**vary: list[Any]) -> list[Point]:
    """Return the points of a small sweep."""
    asked = grid(vary or {"pace.median": [0.06, 0.07]})
    base = {"arms": list(ARMS), "patients": 3}
    return make_points(lambda chosen: alssim.load_scenario("reference", {**base, **chosen}), asked)


def made_up(point: Point, version: str = VERSION) -> Row:
    """Return a row that tells its point."""
    value = float(int(point.digest[:6], 16)) / 7
    columns = {name: value for name in row_columns(ARMS)}
    return {**columns, "version": version, "patients": 3, "untreated.median_high": float("nan")}


def fill(folder: Path, asked: list[Point], most: int = 99, version: str = VERSION) -> list[Point]:
    """Do what is not done yet of a sweep, in reverse order; return what was done now."""
    with open_sweep(folder, asked, version) as table:
        left = list({p.digest: p for p in asked if p.digest not in table.done}.values())[::-1]
        for number, point in enumerate(left):
            if number == most:
                raise Killed
            table.add(point, made_up(point, version))
        table.finish(asked, record_of(asked[0].scenario), {"vary": {"a": [1]}})
        return left


def rows(folder: Path) -> list[dict[str, str]]:
    """Return the rows of the finished table."""
    with (folder / TABLE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_rows_are_in_order_and_say_what_was_set(tmp_path: Path) -> None:
    asked = points(**{"pace.median": [0.06, 0.07], "notes": ['a, "b"', "c\nd"]})
    fill(tmp_path, asked)
    found = rows(tmp_path)
    assert [row["point"] for row in found] == ["1", "2", "3", "4"]
    assert [row["pace.median"] for row in found] == ["0.06", "0.06", "0.07", "0.07"]
    assert [row["notes"] for row in found] == ['a, "b"', "c d"] * 2
    assert [row["digest"] for row in found] == [point.digest for point in asked]
    for row, point in zip(found, asked, strict=True):
        assert float(row["untreated.rmst"]) == round(made_up(point)["untreated.rmst"], 6)
        assert row["untreated.median_high"] == "" and row["patients"] == "3"


def test_words_alone_make_no_other_point(tmp_path: Path) -> None:
    """Points that differ in words for people have one digest and are done once."""
    assert len(fill(tmp_path, points(title=["one", "two"]))) == 1
    assert [row["title"] for row in rows(tmp_path)] == ["one", "two"]


def test_a_key_that_is_told_anyway_has_one_column(tmp_path: Path) -> None:
    fill(tmp_path, points(patients=[3, 4]))
    heading = (tmp_path / TABLE).read_text().splitlines()[0].split(",")
    assert heading.count("patients") == 1 and len(heading) == len(set(heading))
    assert [row["patients"] for row in rows(tmp_path)] == ["3", "4"]


def test_the_record_lies_beside_the_table(tmp_path: Path) -> None:
    asked = points()
    fill(tmp_path, asked)
    assert sorted(path.name for path in tmp_path.iterdir()) == [TABLE, RECORD, PARAMETERS]
    about = json.loads((tmp_path / RECORD).read_text("utf-8"))
    assert about["sweep"] == {"vary": {"a": [1]}}
    assert set(about["columns"]) == set(rows(tmp_path)[0])
    assert about["columns"]["untreated.median"].startswith("months from the first symptom by")
    assert alssim.load_scenario(tmp_path / PARAMETERS).patients == 3


def test_every_column_has_a_meaning_of_its_own() -> None:
    told = column_meanings(("point", "digest", *row_columns(ARMS)))
    unknown = column_meanings(("pace.median_of_all",))["pace.median_of_all"]
    assert unknown not in told.values()


@pytest.mark.parametrize("killed_after", range(4))
def test_a_sweep_goes_on_where_it_was_killed(tmp_path: Path, killed_after: int) -> None:
    asked = points(**{"pace.median": [0.05, 0.06, 0.07, 0.08]})
    fill(tmp_path / "whole", asked)
    with pytest.raises(Killed):
        fill(tmp_path / "killed", asked, killed_after)
    assert len(fill(tmp_path / "killed", asked)) == len(asked) - killed_after
    assert fill(tmp_path / "killed", asked) == []
    for name in (TABLE, RECORD, PARAMETERS):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_row_that_was_torn_is_done_again_and_no_other(tmp_path: Path) -> None:
    """Cut the growing table at every byte: whole rows stay, and nothing else is believed."""
    asked = points(**{"pace.median": [0.05, 0.06, 0.07]})
    with pytest.raises(Killed):
        fill(tmp_path, asked, 2)
    part = tmp_path / f"{TABLE}.part"
    content = part.read_bytes()
    for end in range(len(content) + 1):
        part.write_bytes(content[:end])
        with open_sweep(tmp_path, asked, VERSION) as table:
            assert len(table.done) == max(content[:end].count(b"\n") - 1, 0)
            for point in asked:
                row = made_up(point)
                known = table.done.get(point.digest, {"untreated.rmst": None})["untreated.rmst"]
                assert known is None or float(known) == round(row["untreated.rmst"], 6)


def test_a_sweep_can_grow(tmp_path: Path) -> None:
    fill(tmp_path, points(**{"pace.median": [0.06, 0.08]}))
    grown = points(**{"pace.median": [0.05, 0.06, 0.07, 0.08]})
    assert [point.settings["pace.median"] for point in fill(tmp_path, grown)] == [0.07, 0.05]
    assert [row["pace.median"] for row in rows(tmp_path)] == ["0.05", "0.06", "0.07", "0.08"]


@pytest.mark.parametrize(
    ("vary", "version", "told"),
    [
        ({"pace.median": [0.06]}, VERSION, "holds 1 points that are not in this sweep"),
        ({"pace.sd": [0.3, 0.4]}, VERSION, "holds another sweep, of other keys or arms"),
        ({"pace.median": [0.06, 0.07]}, "9.9", "points of alssim 1.2.3, this is 9.9"),
    ],
)
def test_what_is_there_is_never_lost(
    tmp_path: Path, vary: dict[str, list[Any]], version: str, told: str
) -> None:
    fill(tmp_path, points(**{"pace.median": [0.06, 0.07]}))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(UsageError, match=told):
        fill(tmp_path, points(**vary), version=version)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_another_file_of_that_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / TABLE).write_text("my own\n1\n")
    with pytest.raises(UsageError, match="holds another sweep"):
        fill(tmp_path, points())
    assert (tmp_path / TABLE).read_text() == "my own\n1\n"


def test_a_worker_of_another_version_is_refused(tmp_path: Path) -> None:
    asked = points()
    with (
        pytest.raises(UsageError, match=r"a worker runs alssim 0\.9, this is 1\.2\.3"),
        open_sweep(tmp_path, asked, VERSION) as table,
    ):
        table.add(asked[0], made_up(asked[0], "0.9"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match="cannot write"):
        fill(tmp_path / "taken", points())
