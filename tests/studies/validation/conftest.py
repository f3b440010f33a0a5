"""One small validation for all tests that look at one."""

import pytest

from alssim.studies.validation import Validation, validate

SMALL = 500


@pytest.fixture(scope="session")
def small() -> Validation:
    """Return a validation of a few hundred patients."""
    return validate(patients=SMALL, seed=7)
