"""Rules for the whole suite: on a test machine, a browser test that was skipped has failed."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

BROWSER_TESTS = Path(__file__).parent / "browser"
REQUIRED = os.environ.get("ALSSIM_REQUIRE_BROWSER", "") not in ("", "0")


def pytest_configure(config: pytest.Config) -> None:
    """Draw without a screen, also in the programs that tests start."""
    os.environ.setdefault("MPLBACKEND", "Agg")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in ``tests/browser``."""
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)


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
