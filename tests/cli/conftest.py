"""Call the command line in this process and look at what it prints."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from alssim.cli import main


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left: exit status, standard output, standard error."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


Call = Callable[..., Answer]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return a function that calls ``alssim`` with words."""
    monkeypatch.setenv("COLUMNS", "100")

    def called(*words: str) -> Answer:
        try:
            status = main(words)
        except SystemExit as end:
            status = int(end.code or 0)
        found = capsys.readouterr()
        return Answer(status, found.out, found.err)

    return called
