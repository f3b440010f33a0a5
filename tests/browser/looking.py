"""What is asked of any page as it stands: width, targets for fingers, axe-core; and its picture."""

import os
from pathlib import Path
from typing import Any

import pytest

SHOTS = os.environ.get("ALSSIM_SCREENSHOTS", "")
SERIOUS = ("serious", "critical")
LISTS = ("list", "listitem")
MENU = '*[@data-testid="stSidebarNavItems"]'
"""The menu of a phone, where Streamlit puts the titles of groups between the items of a list."""
FINGER = 44  # pixels
DONE = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const unfinished = document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]');
  const moving = document.getAnimations().some(
    (one) => one.playState === "running" && one.effect.getComputedTiming().endTime < 5000);
  return app?.dataset.testScriptState === "notRunning" && !unfinished && !moving
    && document.fonts.status === "loaded";
}"""
CLICKED = ".stMainBlockContainer :is(button, summary):visible"


def settle(page: Any) -> None:
    """Wait until the server has nothing more to say and the page shows all of it."""
    page.wait_for_function(DONE)


def keep(page: Any, name: str) -> None:
    """Keep a picture of the page where a folder for them is named."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        width = page.viewport_size["width"]
        page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)


def fits(page: Any) -> None:
    """Fail if the page is wider than the screen."""
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0


def small_targets(page: Any) -> list[Any]:
    """Return what is clicked and is too small for a finger, with its place."""
    return [
        (one.inner_text(), box)
        for one in page.locator(CLICKED).all()
        if (box := one.bounding_box()) and min(box["width"], box["height"]) < FINGER - 0.5
    ]


def nothing_serious(page: Any) -> None:
    """Fail if axe-core finds something serious on the page as it is now."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not there")
    page.emulate_media(reduced_motion="reduce")
    settle(page)
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [
        (one["id"], node["html"][:160], node["any"])
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
        if not (one["id"] in LISTS and streamlits(page, node))
    ]
    assert serious == []


def streamlits(page: Any, node: Any) -> bool:
    """Say whether a node lies in Streamlit's own menu."""
    return bool(
        page.locator(node["target"][0]).first.locator(f"xpath=ancestor-or-self::{MENU}").count()
    )
