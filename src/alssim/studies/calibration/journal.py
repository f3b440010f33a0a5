"""A file of evaluations that are done, so that a stopped calibration goes on where it was."""

import hashlib
import json
from pathlib import Path

from alssim.errors import UsageError
from alssim.model.record import record_of
from alssim.studies.calibration.objective import Job, Numbers
from alssim.studies.validation.cohorts import scenarios


class Journal:
    """Evaluations by what was evaluated; one line each, added as they come."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._done: dict[str, Numbers] = {}
        self._begun = False  # whether the last line was cut by a stop
        if file is not None and file.exists():
            text = file.read_text(encoding="utf-8")
            self._begun = bool(text) and not text.endswith("\n")
            for line in text.splitlines():
                self._read(line)

    def _read(self, line: str) -> None:
        try:
            entry = json.loads(line)
            self._done[entry["key"]] = entry["numbers"]
        except (json.JSONDecodeError, KeyError, TypeError):
            return  # the line that was being written when the work was stopped

    def find(self, job: Job) -> Numbers | None:
        """Return what an evaluation gave, if it was done before."""
        return self._done.get(_key(job))

    def add(self, job: Job, numbers: Numbers) -> None:
        """Note an evaluation; raise ``UsageError`` where that cannot be written."""
        key = _key(job)
        self._done[key] = numbers
        if self._file is None:
            return
        try:
            with self._file.open("a", encoding="utf-8") as out:
                line = json.dumps({"key": key, "numbers": numbers})
                out.write(("\n" if self._begun else "") + line + "\n")
                self._begun = False
        except OSError as error:
            raise UsageError(f"cannot write {self._file}: {error.strerror}") from None


def _key(job: Job) -> str:
    """Return a digest of the world, the cohort and the targets."""
    digest = record_of(scenarios(job.patients, job.seed, job.changes, ("usual",))["usual"]).digest
    text = json.dumps([digest, job.patients, job.seed, job.targets])
    return hashlib.sha256(text.encode()).hexdigest()[:20]
