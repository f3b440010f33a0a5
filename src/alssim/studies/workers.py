"""Do many pieces of work at the same time: here, in processes of this machine, or by Dask.

What a piece of work returns does not depend on who does it. Results come as they are done.
"""

import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from types import ModuleType
from typing import Any, TypeVar

from alssim.errors import UsageError

J = TypeVar("J")
R = TypeVar("R")
PATIENCE = "20s"  # to reach a scheduler


def has_dask() -> bool:
    """Say whether Dask is installed (the extra ``sweep``)."""
    return find_spec("distributed") is not None


def check_workers(workers: int, scheduler: str | None = None) -> None:
    """Raise ``UsageError`` where the work cannot be shared out as asked."""
    if workers < 1:
        raise UsageError(f"workers = {workers}; allowed: 1 or more")
    if scheduler is not None and workers > 1:
        raise UsageError("a scheduler has workers of its own: give no number of them")
    if scheduler is not None and not has_dask():
        raise UsageError('a scheduler needs Dask; pip install "alssim[sweep]"')


def each(
    work: Callable[[J], R], jobs: Sequence[J], workers: int = 1, scheduler: str | None = None
) -> Iterator[tuple[int, R]]:
    """Do each job and yield (its place, its result) as it is done, in any order.

    One worker is this process. Several are those of a Dask cluster on this machine where Dask is
    installed, else processes; ``scheduler`` is the address of a Dask cluster elsewhere. ``work``
    and the jobs must be known there: functions of a module, values that can be pickled.
    Raises ``UsageError`` as ``check_workers``, and where a scheduler cannot be reached.
    """
    check_workers(workers, scheduler)
    if not jobs:
        return
    if scheduler is not None or (workers > 1 and has_dask()):
        yield from _by_dask(work, jobs, workers, scheduler)
    elif workers > 1:
        yield from _in_processes(work, jobs, workers)
    else:
        yield from enumerate(map(work, jobs))


def _in_processes(
    work: Callable[[J], R], jobs: Sequence[J], workers: int
) -> Iterator[tuple[int, R]]:
    pool = ProcessPoolExecutor(
        min(workers, len(jobs)), mp_context=get_context("spawn"), initializer=_leave_stopping
    )
    try:
        with _without_main():
            places = {pool.submit(work, job): place for place, job in enumerate(jobs)}
        for done in as_completed(places):
            yield places.pop(done), done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _leave_stopping() -> None:
    """Let the process that shares out the work be the one that Ctrl-C stops."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _by_dask(
    work: Callable[[J], R], jobs: Sequence[J], workers: int, scheduler: str | None
) -> Iterator[tuple[int, R]]:
    dask: Any = import_module("distributed")
    with _client(dask, min(workers, len(jobs)), scheduler) as client:
        futures = client.map(work, jobs, pure=False)
        places = {future.key: place for place, future in enumerate(futures)}
        for future in dask.as_completed(futures):
            yield places[future.key], future.result()


@contextmanager
def _client(dask: Any, workers: int, scheduler: str | None) -> Iterator[Any]:
    """Join the cluster of a scheduler, or make one on this machine that leaves nothing behind."""
    if scheduler is not None:
        try:
            client = dask.Client(scheduler, timeout=PATIENCE)
        except (OSError, ValueError, TypeError) as error:
            raise UsageError(f"no Dask scheduler answers at {scheduler}: {error}") from None
        with client:
            yield client
        return
    with tempfile.TemporaryDirectory() as folder:
        with _children_that_go_on(), _without_main():
            cluster = dask.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address=None,
                local_directory=folder,
                silence_logs=50,
            )
        with cluster, dask.Client(cluster) as client:
            yield client


@contextmanager
def _without_main() -> Iterator[None]:
    """Start processes that do not run this one's script again: their work lies in modules."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _children_that_go_on() -> Iterator[None]:
    """Start processes that Ctrl-C does not stop: they inherit what is ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are a matter of the main thread
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
