"""Tables hold what the simulation holds, whole or in parts, and say what each column means."""

import csv
import importlib.util
import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import alssim
from alssim.errors import UsageError
from alssim.model.anatomy import POOLS, REGIONS
from alssim.model.backend import has_numba
from alssim.model.events import CAUSES
from alssim.model.function import ITEM_NAMES
from alssim.model.record import record_of
from alssim.model.simulate import Part, Simulation, simulate_parts
from alssim.model.staging import KINGS
from alssim.present.table_files import arrow, check_format, columns_csv, open_tables, write_tables
from alssim.present.tables import (
    TABLES,
    column_names,
    event_months,
    make_table,
    words,
)

LIVED = ("patients", "events", "visits", "neurons")
PATIENTS = 12
HALF_A_DECIMAL = 0.5e-4


def scenario() -> alssim.Scenario:
    """Return a scenario with three arms, one of which starts before the first symptom."""
    changes = {"arms": ["untreated", "msc-claimed", "mouse-sized"], "horizon": 60}
    return alssim.load_scenario("reference", {**changes, "patients": PATIENTS})


@pytest.fixture(scope="module")
def whole() -> Simulation:
    """All patients in one piece, followed beyond death."""
    return alssim.simulate(scenario(), visits=True, latent=True, backend="numpy")


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    """Read a CSV table as a stranger would."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(whole: Simulation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every table of ``whole``."""
    place = tmp_path_factory.mktemp("tables")
    write_tables(place, whole.scenario, [whole], whole.record, TABLES)
    return place


# --------------------------------------------------------------------------- what they hold


def test_every_event_of_the_simulation_is_in_the_table(whole: Simulation, folder: Path) -> None:
    found = {(int(r["patient"]), r["arm"], r["event"]): r for r in rows(folder, "events")}
    expected = 0
    for event, months in event_months(whole).items():
        for (arm, patient), month in np.ndenumerate(months):
            row = found.get((patient, whole.arms[arm], event))
            assert (row is None) == bool(np.isnan(month))
            if row is not None:
                expected += 1
                assert abs(float(row["month"]) - month) <= HALF_A_DECIMAL
                cause = CAUSES[whole.cause[arm, patient]] if event == "death" else ""
                assert row["cause"] == cause
    assert len(found) == expected == len(rows(folder, "events"))


def test_nothing_happens_after_death(whole: Simulation, folder: Path) -> None:
    death = whole.months("death")
    assert np.isnan(death).any(), "somebody must outlive the follow-up"
    ends = {(str(p), whole.arms[a]): month for (a, p), month in np.ndenumerate(death)}
    for row in [*rows(folder, "events"), *rows(folder, "visits"), *rows(folder, "neurons")]:
        end = ends[row["patient"], row["arm"]]
        assert np.isnan(end) or float(row["month"]) <= end + HALF_A_DECIMAL


def test_events_are_told_in_order(folder: Path) -> None:
    arms = [arm.name for arm in scenario().arms]
    keys = [
        (int(r["patient"]), arms.index(r["arm"]), float(r["month"])) for r in rows(folder, "events")
    ]
    assert keys == sorted(keys)


def test_patients_are_told_as_they_are(whole: Simulation, folder: Path) -> None:
    people = whole.patients
    found = rows(folder, "patients")
    assert [int(r["patient"]) for r in found] == people.number.tolist()
    assert [r["sex"] == "male" for r in found] == people.male.tolist()
    assert [float(r["age_at_onset"]) for r in found] == pytest.approx(people.age, abs=5e-4)
    for patient, row in enumerate(found):
        first = whole.months(f"weakness_{row['onset_region']}")[0, patient]
        assert first == whole.months("onset")[0, patient]
    acceptance = whole.scenario.world.care.niv_acceptance
    takes = people.preference[:, 0] < acceptance
    assert [row["accepts_niv"] == "1" for row in found] == takes.tolist()


def test_visits_are_told_as_they_are(whole: Simulation, folder: Path) -> None:
    visits = whole.visits
    assert visits is not None
    found = rows(folder, "visits")
    assert len(found) == np.count_nonzero(visits.alive)
    for row in found[::7]:
        at = whole.arms.index(row["arm"]), int(row["patient"]), int(row["month"])
        assert visits.alive[at]
        items = [int(row[name]) for name in ITEM_NAMES]
        assert items == visits.items[at].tolist()
        assert int(row["total"]) == sum(items)
        assert row["kings"] == KINGS[visits.kings[at]]
        assert int(row["docs"]) == visits.docs[at]
        assert float(row["vital_capacity"]) == pytest.approx(visits.vital_capacity[at], abs=5.1e-3)


@pytest.mark.parametrize("scale", ["kings_alsfrs", "mitos", "ft9"])
def test_rated_stages_agree_between_visits_and_events(folder: Path, scale: str) -> None:
    first: dict[tuple[str, str, str], float] = {}
    for row in rows(folder, "visits"):
        for level in range(2 if scale == "kings_alsfrs" else 1, int(row[scale]) + 1):
            key = row["patient"], row["arm"], f"{scale}_{level}"
            first.setdefault(key, float(row["month"]))
    told = {
        (r["patient"], r["arm"], r["event"]): float(r["month"])
        for r in rows(folder, "events")
        if r["event"].startswith(scale) and not r["event"].endswith("5")
    }
    assert told == first


def test_without_visits_no_rated_stage_is_told() -> None:
    simulation = alssim.simulate(scenario(), patients=2, backend="numpy")
    told = set(make_table(simulation.scenario, simulation, "events").listed()["event"])
    assert "kings_2a" in told
    assert not [name for name in told if name.startswith(("mitos", "ft9", "kings_alsfrs"))]


def test_neurons_are_told_as_they_are(whole: Simulation, folder: Path) -> None:
    assert whole.visits is not None
    found = rows(folder, "neurons")
    for row in found[::11]:
        at = whole.arms.index(row["arm"]), int(row["patient"]), int(row["month"])
        assert [int(row[f"lost_{pool}"]) for pool in POOLS] == whole.visits.lost[at].tolist()


# -------------------------------------------------------------------------- the latent course


def test_the_latent_course_goes_on_to_the_horizon(whole: Simulation, folder: Path) -> None:
    found = rows(folder, "latent")
    assert len(found) == whole.cause.size * (whole.scenario.horizon + 1)
    after = [float(row["vital_capacity"]) for row in found if row["alive"] == "0"]
    assert max(after) > 0


def test_the_latent_course_is_the_visits_while_alive(folder: Path) -> None:
    shared = [name for name in column_names("visits") if name in column_names("latent")]
    lived = [[r[name] for name in shared] for r in rows(folder, "latent") if r["alive"] == "1"]
    assert lived == [[r[name] for name in shared] for r in rows(folder, "visits")]


def test_asking_for_the_latent_course_changes_no_other_table(folder: Path, tmp_path: Path) -> None:
    ended = alssim.simulate(scenario(), visits=True, backend="numpy")
    write_tables(tmp_path, ended.scenario, [ended], ended.record, LIVED)
    assert contents(tmp_path, LIVED) == contents(folder, LIVED)


def test_a_course_that_ends_with_death_is_not_called_latent() -> None:
    ended = alssim.simulate(scenario(), patients=3, visits=True, backend="numpy")
    with pytest.raises(UsageError, match="latent=True"):
        make_table(ended.scenario, ended, "latent")


# ------------------------------------------------------------------- whole and part by part


def contents(folder: Path, tables: tuple[str, ...]) -> dict[str, bytes]:
    """Return the bytes of the CSV files of some tables."""
    return {name: (folder / f"{name}.csv").read_bytes() for name in tables}


def test_parts_make_the_same_bytes_as_the_whole(
    whole: Simulation, folder: Path, tmp_path: Path
) -> None:
    parts = (
        alssim.simulate(
            scenario(), patients=count, first=first, visits=True, latent=True, backend="numpy"
        )
        for first, count in ((0, 1), (1, 8), (9, 3))
    )
    write_tables(tmp_path, scenario(), parts, whole.record, TABLES)
    assert contents(tmp_path, TABLES) == contents(folder, TABLES)


@pytest.mark.skipif(not has_numba(), reason="numba is not installed (extra: fast)")
@pytest.mark.parametrize("threads", [1, 3])
def test_the_other_engine_makes_the_same_bytes(
    whole: Simulation, folder: Path, tmp_path: Path, threads: int
) -> None:
    parts = simulate_parts(scenario(), visits=True, backend="numba", threads=threads)
    write_tables(tmp_path, scenario(), parts, whole.record, LIVED)
    assert contents(tmp_path, LIVED) == contents(folder, LIVED)


# ------------------------------------------------------------------------------ what they mean


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described_in_order(whole: Simulation, table: str) -> None:
    made = make_table(whole.scenario, whole, table)
    assert tuple(made.columns) == column_names(table)
    assert words()[table]["about"]
    assert all(told["meaning"] for told in words()[table]["columns"].values())


def test_every_event_and_cause_is_described(whole: Simulation) -> None:
    values = words()["events"]["values"]
    assert list(values["event"]) == list(event_months(whole))
    assert tuple(values["cause"]) == CAUSES[1:]
    assert tuple(words()["patients"]["values"]["onset_region"]) == REGIONS


def test_meanings_lie_beside_the_tables(folder: Path) -> None:
    found = list(csv.DictReader(io.StringIO(columns_csv(TABLES))))
    assert found == rows(folder, "columns")
    columns = [(r["table"], r["column"]) for r in found if not r["value"]]
    assert columns == [(table, name) for table in TABLES for name in column_names(table)]
    assert {r["value"] for r in found if r["column"] == "cause"} == {"", *CAUSES[1:]}


def test_the_record_tells_what_was_run(whole: Simulation, folder: Path) -> None:
    record = json.loads((folder / "run.json").read_text("utf-8"))
    assert record["digest"] == whole.record.digest
    assert (record["people"], record["fate"], record["patients"]) == (1, 1, PATIENTS)
    assert record["tables"]["patients"] == {"file": "patients.csv", "rows": PATIENTS}
    again = alssim.load_scenario(folder / "parameters.toml")
    assert record_of(again).digest == record["digest"]


def test_median_survival_can_be_read_from_the_events(whole: Simulation, folder: Path) -> None:
    """Who has no row ``death`` was alive at the horizon that the record tells."""
    horizon = json.loads((folder / "run.json").read_text("utf-8"))["horizon"]
    death = {r["patient"]: r for r in rows(folder, "events") if is_usual_death(r)}
    months = [float(death[str(p)]["month"]) if str(p) in death else horizon for p in range(12)]
    curve = alssim.kaplan_meier(np.array(months), np.array([str(p) in death for p in range(12)]))
    expected = alssim.compare(whole).curves[0]
    assert curve.times == pytest.approx(expected.times, abs=HALF_A_DECIMAL)
    assert curve.survival == pytest.approx(expected.survival)


def is_usual_death(row: dict[str, str]) -> bool:
    """Say whether a row tells of a death with usual care."""
    return row["event"] == "death" and row["arm"] == "untreated"


# ------------------------------------------------------------------------------------- writing


class Stopped(Exception):
    """What goes wrong in the middle of a run."""


def broken(error: type[BaseException], whole: Simulation) -> Iterator[Simulation | Part]:
    """Yield one part and then stop."""
    yield whole
    raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt, Stopped])
def test_a_run_that_stops_keeps_what_was_there_and_what_it_finished(
    whole: Simulation, tmp_path: Path, error: type[BaseException]
) -> None:
    write_tables(tmp_path, whole.scenario, [whole], whole.record, ("patients", "events"))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(error):
        write_tables(tmp_path, whole.scenario, broken(error, whole), whole.record, LIVED)
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {name: after[name] for name in before} == before
    texts = {"columns.csv.part", "parameters.toml.part", "run.json.part"}
    assert set(after) - set(before) == {f"{table}.csv.part" for table in LIVED} | texts
    kept = json.loads(after["run.json.part"])
    assert kept["digest"] == whole.record.digest
    assert kept["tables"]["patients"]["rows"] == PATIENTS
    assert after["events.csv.part"] == before["events.csv"]


def test_a_run_that_stops_at_once_leaves_nothing(whole: Simulation, tmp_path: Path) -> None:
    with pytest.raises(Stopped), open_tables(tmp_path, LIVED, whole.record):
        raise Stopped
    assert list(tmp_path.iterdir()) == []


def test_a_folder_holds_one_run(whole: Simulation, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("mine")
    write_tables(tmp_path, whole.scenario, [whole], whole.record, LIVED)
    write_tables(tmp_path, whole.scenario, [whole], whole.record, ("events",))
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"events.csv", "columns.csv", "parameters.toml", "run.json", "notes.csv"}


@pytest.mark.parametrize("record", ["", "{}", '{"tables": {"a": {"file": "notes.csv"}}}', "[]"])
def test_a_strange_record_in_the_folder_removes_nothing(
    whole: Simulation, tmp_path: Path, record: str
) -> None:
    (tmp_path / "run.json").write_text(record)
    (tmp_path / "notes.csv").write_text("mine")
    (tmp_path / "visits.csv").write_text("mine")
    write_tables(tmp_path, whole.scenario, [whole], whole.record, ("events",))
    assert (tmp_path / "notes.csv").exists()
    assert (tmp_path / "visits.csv").exists()


@pytest.mark.parametrize(
    ("tables", "format", "match"),
    [
        (("patient",), "csv", "there is no table 'patient'; known: patients"),
        (("patients",), "xlsx", "format 'xlsx' is unknown; known: csv, parquet"),
    ],
)
def test_what_cannot_be_written_is_refused(
    whole: Simulation, tmp_path: Path, tables: tuple[str, ...], format: str, match: str
) -> None:
    with (
        pytest.raises(UsageError, match=match),
        open_tables(tmp_path, tables, whole.record, format),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["", "  "])
def test_a_folder_without_a_name_is_refused(
    whole: Simulation, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with (
        pytest.raises(UsageError, match="is empty; name one"),
        open_tables(folder, LIVED, whole.record),
    ):
        pass
    assert not any(tmp_path.iterdir())


def test_a_file_in_the_way_is_told(whole: Simulation, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with (
        pytest.raises(UsageError, match="cannot write"),
        open_tables(tmp_path / "taken", LIVED, whole.record),
    ):
        pass


def test_tables_of_visits_need_visits() -> None:
    simulation = alssim.simulate(scenario(), patients=1, backend="numpy")
    with pytest.raises(UsageError, match="visits=True"):
        make_table(simulation.scenario, simulation, "neurons")
    with pytest.raises(UsageError, match="there is no table 'deaths'"):
        make_table(simulation.scenario, simulation, "deaths")


def test_parquet_without_pyarrow_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"alssim\[parquet\]"):
        check_format("parquet")


def test_parquet_holds_the_same(whole: Simulation, folder: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write_tables(tmp_path, whole.scenario, [whole], whole.record, TABLES, "parquet")
    for table in TABLES:
        found = parquet.read_table(tmp_path / f"{table}.parquet")
        assert tuple(found.column_names) == column_names(table)
        assert found.field("patient").metadata[b"meaning"]
        for name, values in make_table(whole.scenario, whole, table).listed().items():
            assert found.column(name).to_pylist() == values, (table, name)


def test_an_interrupted_parquet_file_can_be_read(whole: Simulation, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    with pytest.raises(Stopped):
        write_tables(
            tmp_path, whole.scenario, broken(Stopped, whole), whole.record, ("events",), "parquet"
        )
    found = parquet.read_table(tmp_path / "events.parquet.part")
    assert found.equals(arrow(make_table(whole.scenario, whole, "events")))
