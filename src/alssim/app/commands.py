"""The command lines that give the numbers of a screen."""

import shlex
from collections.abc import Iterable, Mapping

from alssim.app.study import Study

LONGEST = 1500  # characters of settings; beyond that the file is named instead


def command(
    work: str,
    study: Study,
    file: str,
    changes: Mapping[str, str] | None = None,
    options: Iterable[str] = (),
) -> str:
    """Return a command line that runs what a visitor looks at.

    ``work``: ``run``, ``story`` or ``compare``. ``file``: the name of the scenario file, used for
    a visitor's own file and where the changes are many.
    """
    settings = [word for pair in _changed(study, changes) for word in ("--set", "=".join(pair))]
    named = study.private or len(" ".join(settings)) > LONGEST
    if named:
        settings = [word for pair in (changes or {}).items() for word in ("--set", "=".join(pair))]
    record = study.record
    seeds = ["--people", str(record.people), "--fate", str(record.fate)]
    scenario = file if named else study.scenario
    return shlex.join(["alssim", work, scenario, *settings, *seeds, *options])


def _changed(study: Study, changes: Mapping[str, str] | None) -> list[tuple[str, str]]:
    return [*study.changes, *(changes or {}).items()]
