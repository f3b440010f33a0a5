"""Open a page of the app without a browser."""

from collections.abc import Mapping

from streamlit.testing.v1 import AppTest

SECONDS = 60


def opened(
    name: str, state: Mapping[str, object] | None = None, /, **link: str | list[str]
) -> AppTest:
    """Open a page with a link, and run it; ``state``: what the visit holds before."""

    def draw(name: str) -> None:
        from alssim.app.registry import page

        page(name).show()

    at = AppTest.from_function(draw, default_timeout=SECONDS, kwargs={"name": name})
    for key, value in (state or {}).items():
        at.session_state[key] = value
    for key, value in link.items():
        at.query_params[key] = value
    return calm(at.run())


def calm(at: AppTest) -> AppTest:
    """Return the page if nothing went wrong on it."""
    assert not at.exception, at.exception[0].message
    return at


def click(at: AppTest, label: str) -> AppTest:
    """Click the one button with a label."""
    (found,) = [one for one in at.button if one.label == label]
    return calm(found.click().run())


def told(at: AppTest) -> str:
    """Return all running text of the page."""
    return " ".join(one.value for one in [*at.markdown, *at.text, *at.error, *at.warning])


def query(at: AppTest, name: str) -> str:
    """Return the last value of a name in the page's link."""
    value = at.query_params[name]
    return value[-1] if isinstance(value, list) else str(value)
