"""The ladder of *How big, how early?*: climbed start by start, with progress and a way to stop."""

from dataclasses import dataclass, replace

from alssim.app.keeping import kept
from alssim.app.once import Shelf
from alssim.app.study import Study
from alssim.model.simulate import Progress
from alssim.parameters.schema import Scenario
from alssim.studies.ladder import Ladder, climb, side_by_side

_rows: Shelf[Ladder] = Shelf(300)


@dataclass(frozen=True, slots=True)
class Climb:
    """What is climbed: an effect on one target, from some starts, of some sizes (0-1)."""

    target: str
    starts: tuple[str, ...]
    sizes: tuple[float, ...]
    patients: int

    @property
    def rungs(self) -> int:
        """How many effects are simulated."""
        return len(self.starts) * len(self.sizes)


def climbed(study: Study, asked: Climb, progress: Progress) -> Ladder:
    """Return the ladder; ``progress`` is called with the rungs done and all of them.

    The rows of a ladder are kept for everybody; those of a visitor's own file in the visit alone.
    Raises ``AlssimError`` when the model refuses the request.
    """
    if study.private:
        return kept("ladder", (study, asked), lambda: _climbed(study, asked, progress))
    return _climbed(study, asked, progress)


def climbed_scenario(study: Study, patients: int) -> Scenario:
    """Return what is simulated: the scenario with so many people."""
    return replace(study.record, patients=patients)


def _climbed(study: Study, asked: Climb, progress: Progress) -> Ladder:
    rows: list[Ladder] = []
    progress(0, asked.rungs)
    for start in asked.starts:
        before = len(rows) * len(asked.sizes)

        def further(done: int, rungs: int, before: int = before) -> None:
            progress(before + done, asked.rungs)

        rows.append(_row(study, asked, start, further))
    return side_by_side(rows)


def _row(study: Study, asked: Climb, start: str, progress: Progress) -> Ladder:
    def work() -> Ladder:
        scenario = climbed_scenario(study, asked.patients)
        return climb(scenario, (asked.target,), (start,), asked.sizes, progress=progress)

    if study.private:
        return work()
    key = study.key, replace(asked, starts=(start,))
    return _rows.once(key, work, lambda: progress(0, len(asked.sizes)))
