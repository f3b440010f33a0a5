"""The choice of a back end: whatever keeps the compiled one from loading, numpy does the work."""

import json
import threading
from pathlib import Path

import numpy as np
import pytest
from tests.model.cohorts import scenario

from alssim.model import arms, compiled
from alssim.model import backend as choosing
from alssim.model.backend import choose, has_numba, numba_engine, warm_up
from alssim.model.simulate import simulate

pytestmark = pytest.mark.skipif(not has_numba(), reason="the fast back end is not installed")
MANY = choosing.COMPILING_PAYS_FROM


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A process that has loaded nothing yet; returns what is taken away."""
    forgotten: list[str] = []
    for name in ("_loaded", "_broken"):
        monkeypatch.setattr(choosing, name, threading.Event())
    monkeypatch.setattr(choosing, "forget", lambda: forgotten.append("all"))
    return forgotten


@pytest.mark.parametrize("error", [ImportError, RuntimeError, EOFError, OSError])
@pytest.mark.parametrize("place", ["loading", "running"])
def test_numpy_does_the_work_where_numba_fails(
    error: type[Exception], place: str, fresh: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error("no")

    where, name = (choosing, "numba_engine") if place == "loading" else (arms, "try_out")
    monkeypatch.setattr(where, name, fail)
    assert choose("auto", MANY).name == "numpy"
    assert fresh == ["all"]
    warm_up()
    assert choose("auto", MANY).name == "numpy"
    assert fresh == ["all"]  # it is tried once


def test_only_what_has_run_here_counts_as_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "folder", lambda: tmp_path)
    assert not compiled.is_kept()
    compiled.mark_kept()
    assert compiled.is_kept()
    mark = tmp_path / compiled.MARK
    known = json.loads(mark.read_text())
    for name in known:
        mark.write_text(json.dumps({**known, name: "another"}))
        assert not compiled.is_kept()
    mark.write_text("{")
    assert not compiled.is_kept()


def test_a_place_that_cannot_be_written_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(blocked))
    monkeypatch.setattr(compiled, "SOURCES", Path(compiled.SOURCES))
    found = compiled.folder.__wrapped__()
    assert found.is_dir() and found.name.endswith(compiled.source_digest())
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert compiled.folder.__wrapped__() == tmp_path / compiled.source_digest()


def test_every_kind_of_run_uses_what_is_compiled() -> None:
    """One patient, visits, a latent course, grafts: nothing is compiled a second time."""
    from alssim.model.fast.life import _life
    from alssim.model.fast.silence import _silence

    warm_up()
    before = len(_life.signatures), len(_silence.signatures)
    for patients in (1, 2):
        for visits in (False, True):
            simulate(scenario(), patients=patients, visits=visits, latent=visits, backend="numba")
    assert (len(_life.signatures), len(_silence.signatures)) == before


def test_chunks_are_smaller_where_pools_are_larger() -> None:
    """The same bits, whatever the size of a chunk."""
    few = scenario(numerics__neurons_per_pool=1000, patients=5)
    one, other = (simulate(few, backend=b) for b in ("numpy", "numba"))  # type: ignore[arg-type]
    assert np.array_equal(one.events, other.events, equal_nan=True)
    assert numba_engine().name == "numba"
