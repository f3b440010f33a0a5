"""Every file of a comparison can be made, and says what the screen says. About 8 s."""

import io
from pathlib import Path

import pytest
from tests.small_ensemble import small_ensemble

from alssim.app import comparing
from alssim.app.building import built
from alssim.app.comparing import Asked
from alssim.app.downloads import File
from alssim.app.outcome_detail import Detail, More
from alssim.app.outcome_files import comparison_files
from alssim.app.study import Study
from alssim.app.world import UNTREATED, treatment
from alssim.parameters import Upload, load_scenario

MONTH = 36.0
NAMES = {"msc-claimed": "“cells”", "own-2": "“built”"}
BEGINS = {"parquet": b"PAR1", "png": b"\x89PNG", "svg": b"<?xml", "html": b"<!DOCTYPE"}


def quietly(done: int, whole: int) -> None:
    """Show no progress."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, File]:
    ensemble = Path(small_ensemble(tmp_path_factory.mktemp("worlds"), 2))
    asked = Asked((treatment("msc-claimed"), built("own-2", {})), 60, "own-2")
    study = Study()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "shipped_ensemble", lambda: ensemble)
        found = comparing.outcome(asked, MONTH, study, quietly)
        known = comparing.in_other_worlds(asked, found.whole, study, quietly)
    function = comparing.function(asked, study, quietly)
    richer = comparing.outcome(asked, MONTH, study, quietly, function)
    arm = found.whole.arms.index("msc-claimed")
    detail = Detail(found, NAMES, MONTH, arm)
    more = More(richer, able=True, quality=True, known=known)
    return {one.name: one for one in comparison_files("x", detail, ["mind this"], more)}


def test_every_file_can_be_made(files: dict[str, File]) -> None:
    assert len(files) == 8 + 10 + 2  # tables, pictures, scenario and report
    for name, file in files.items():
        content = file.make()
        assert content.startswith(BEGINS.get(file.kind, b"")), name
        assert len(content) > 500, name


def test_the_scenario_file_holds_all_arms(files: dict[str, File]) -> None:
    (name,) = [name for name in files if name.endswith(".toml")]
    again = load_scenario(Upload("again.toml", files[name].make())).record
    assert [arm.name for arm in again.arms] == [UNTREATED, "msc-claimed", "own-2"]
    assert again.patients == 60


def test_bands_hold_both_kinds_of_not_knowing(files: dict[str, File]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = parquet.read_table(io.BytesIO(files["alssim-x-bands.parquet"].make()))
    assert set(rows["arm"].to_pylist()) == {UNTREATED, "msc-claimed", "own-2"}
    assert {"known_low", "known_high", "chance_low", "chance_high"} <= set(rows.column_names)


def test_the_report_tells_every_section(files: dict[str, File]) -> None:
    report = files["alssim-x.html"].make().decode()
    for part in (
        "Where the gained time is lived",
        "The same effect, said four ways",
        "motor neurons lost in the first year",
        "What people can still do",
        "What goes wrong",
        "quality-adjusted",
        "over 3 sets of parameters",
        "mind this",
    ):
        assert part in report, part
    assert report.count("<img") == 5
    assert "p-value" not in report
