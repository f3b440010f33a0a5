"""Rules for the whole suite: who runs what, and a browser test that was skipped has failed."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.browser.looking")

TESTS = Path(__file__).parent
BROWSER_TESTS = TESTS / "browser"
TOGETHER = (BROWSER_TESTS, TESTS / "packaging", TESTS / "studies" / "validation")
"""Folders whose tests share what is costly to make: one process runs them all, and early."""
REQUIRED = os.environ.get("ALSSIM_REQUIRE_BROWSER", "") not in ("", "0")


def pytest_configure(config: pytest.Config) -> None:
    """Draw without a screen and add with one thread, also in the programs that tests start.

    Tests run side by side already: threads of linear algebra would wait for each other.
    """
    os.environ.setdefault("MPLBACKEND", "Agg")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark browser tests, and what one process runs; before pytest-xdist reads the marks."""
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.xdist_group(home(item.path).relative_to(TESTS).as_posix()))
    items.sort(key=lambda item: home(item.path) not in TOGETHER)


def home(path: Path) -> Path:
    """Return the folder or the file whose tests one process runs."""
    return next((folder for folder in TOGETHER if path.is_relative_to(folder)), path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a skipped browser test where a browser is required."""
    report = yield
    if item.get_closest_marker("browser"):
        refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself."""
    report = yield
    if collector.path.is_relative_to(BROWSER_TESTS):
        refuse_skip(report)
    return report


def refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure, if ALSSIM_REQUIRE_BROWSER is set."""
    if REQUIRED and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"ALSSIM_REQUIRE_BROWSER is set, yet skipped: {report.longrepr}"
