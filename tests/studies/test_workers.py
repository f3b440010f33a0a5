"""Work shared out gives what one worker gives, in any order (about 12 s: processes start)."""

import math
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from alssim.errors import UsageError
from alssim.studies import workers
from alssim.studies.workers import each

JOBS = [9.0, 4.0, 16.0, 1.0, 25.0]


@pytest.fixture
def without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "has_dask", lambda: False)


@pytest.fixture
def with_dask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Dask, where it is installed; its own warnings are not ours."""
    pytest.importorskip("distributed")
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    assert not any(tmp_path.iterdir()), "a cluster leaves no folder behind"


def roots(found: Sequence[tuple[int, float]]) -> list[float]:
    """Return results in the order of the jobs."""
    assert sorted(place for place, _ in found) == list(range(len(JOBS)))
    return [result for _, result in sorted(found)]


def test_one_worker_works_here_and_in_order() -> None:
    assert list(each(math.sqrt, JOBS)) == [(0, 3), (1, 2), (2, 4), (3, 1), (4, 5)]
    assert list(each(math.sqrt, [], workers=8)) == []


def test_results_come_as_they_are_done() -> None:
    done: list[float] = []
    for place, _ in each(done.append, JOBS):
        assert done == JOBS[: place + 1]


@pytest.mark.usefixtures("without_dask")
def test_processes_give_the_same() -> None:
    assert roots(list(each(math.sqrt, JOBS, workers=2))) == [3, 2, 4, 1, 5]


@pytest.mark.usefixtures("with_dask")
def test_dask_gives_the_same() -> None:
    assert roots(list(each(math.sqrt, JOBS, workers=2))) == [3, 2, 4, 1, 5]


@pytest.mark.usefixtures("with_dask")
def test_a_scheduler_elsewhere_gives_the_same() -> None:
    import distributed

    options: dict[str, Any] = {"processes": False, "dashboard_address": None}
    made: Callable[..., Any] = distributed.LocalCluster
    with made(n_workers=1, threads_per_worker=1, **options) as cluster:
        found = list(each(math.sqrt, JOBS, scheduler=cluster.scheduler_address))
    assert roots(found) == [3, 2, 4, 1, 5]


@pytest.mark.usefixtures("without_dask")
@pytest.mark.parametrize("count", [1, 2])
def test_an_error_of_the_work_is_not_hidden(count: int) -> None:
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        list(each(math.sqrt, [4.0, -1.0], workers=count))


@pytest.mark.parametrize(
    ("count", "scheduler", "told"),
    [
        (0, None, "workers = 0; allowed: 1 or more"),
        (2, "tcp://127.0.0.1:1", "workers of its own"),
    ],
)
def test_what_cannot_be_is_refused(count: int, scheduler: str | None, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        list(each(math.sqrt, JOBS, count, scheduler))


@pytest.mark.usefixtures("without_dask")
def test_a_scheduler_needs_dask() -> None:
    with pytest.raises(UsageError, match=r"alssim\[sweep\]"):
        list(each(math.sqrt, JOBS, scheduler="tcp://127.0.0.1:1"))


@pytest.mark.usefixtures("with_dask")
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere", "x://y"])
def test_a_scheduler_that_does_not_answer_is_told(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "PATIENCE", "0.2s")
    with pytest.raises(UsageError, match=f"no Dask scheduler answers at {address}"):
        list(each(math.sqrt, JOBS, scheduler=address))


@pytest.mark.parametrize("dask", [False, True])
def test_the_script_that_asks_is_not_run_again(
    dask: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script without a guard, or one that has been taken away, is nothing to the workers."""
    if dask:
        pytest.importorskip("distributed")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workers, "has_dask", lambda: dask)
    main = ModuleType("__main__")
    main.__file__ = str(tmp_path / "script.py")
    Path(main.__file__).write_text("raise SystemExit('run again')")
    monkeypatch.setitem(sys.modules, "__main__", main)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert dict(each(math.sqrt, JOBS, workers=2)) == dict(enumerate(map(math.sqrt, JOBS)))
    assert sys.modules["__main__"] is main
