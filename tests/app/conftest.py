"""Pages are opened many hundred times here."""

import functools
from collections.abc import Iterator

import pytest
from streamlit.components.v2 import manifest_scanner


@pytest.fixture(scope="session", autouse=True)
def what_is_installed_is_looked_up_once() -> Iterator[None]:
    """Streamlit looks through all installed packages for components each time a page is opened."""
    once = functools.cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield
