"""An ensemble: parameter sets that fit the calibration targets acceptably.

A study that runs over it shows what is not known of the parameters, beside chance. A member moves
the reference world; what a scenario, its care setting or a change sets lies above it and stays.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from alssim.errors import ParameterError, UsageError
from alssim.parameters import Origin, Resolved, load_scenario, load_world
from alssim.parameters.locate import label, shipped_ensemble
from alssim.parameters.safe_toml import Limits, parse
from alssim.parameters.schema import Scenario, World
from alssim.parameters.shape import top_keys

Member = dict[str, float]
LIMITS = Limits(size=8 * 1024 * 1024, line=2000, lines=200_000, leaves=200_000)
SETTINGS = "--set: "  # how a reading names the changes that it was given


@dataclass(frozen=True, slots=True)
class Ensemble:
    """The members of a file, by the name that messages and records give it."""

    file: str
    members: tuple[Member, ...]

    @property
    def digest(self) -> str:
        """Digest of all keys and values; equal for equal members in the same order."""
        rows = [sorted(member.items()) for member in self.members]
        return hashlib.sha256(repr(rows).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Worlds:
    """A scenario as asked, and in the other worlds of an ensemble.

    scenarios  the first is the scenario itself; then one for each member
    settings   [member] what the ensemble changes in it
    kept       parameters of the ensemble that the scenario or a change sets: they stay
    """

    ensemble: Ensemble
    scenarios: tuple[Scenario, ...]
    settings: tuple[Member, ...]
    kept: tuple[str, ...]


def read_ensemble(path: str | Path | None = None) -> Ensemble:
    """Return the ensemble of a file, checked; the shipped one unless a path is given.

    Raises ``ParameterError`` with all problems of all members, as ``load_ensemble`` does.
    """
    file = shipped_ensemble() if path is None else Path(path)
    return Ensemble(label(file), load_ensemble(file))


def load_ensemble(path: str | Path) -> tuple[Member, ...]:
    """Return the members of a file as ``alssim calibrate`` writes it: parameters by dotted key.

    Raises ``ParameterError`` where the file cannot be read or is no ensemble, and with every
    unknown key and every value that is not allowed, with the number of the member.
    """
    file, name = Path(path), label(Path(path))
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise ParameterError(name, [_missing(file)]) from None
    except OSError as error:
        raise ParameterError(name, [f"cannot be read: {error.strerror}"]) from None
    members = parse(raw, name, LIMITS).get("members")
    if not isinstance(members, list) or not members:
        raise ParameterError(name, ["members: at least one [[members]] table is needed"])
    found = [_settings(member) for member in members]
    problems = [
        f"members.{number}: {problem}"
        for number, settings in enumerate(found, 1)
        for problem in _problems(settings)
    ]
    if problems:
        raise ParameterError(name, problems)
    return tuple({key: float(value) for key, value in settings.items()} for settings in found)


def is_ensemble(path: str | Path) -> bool:
    """Whether a file holds [[members]], as an ensemble does; not whether they are right."""
    try:
        return isinstance(parse(Path(path).read_bytes(), "", LIMITS).get("members"), list)
    except (OSError, ValueError):  # ParameterError is a ValueError
        return False


def _missing(file: Path) -> str:
    made = "alssim calibrate --out DIR writes one, as DIR/ensemble.toml"
    if file == shipped_ensemble():
        return f"no ensemble ships with this version; {made}: name that file after --ensemble"
    return f"there is no such file (the scenario's name goes before --ensemble); {made}"


def _settings(member: Any) -> dict[str, Any]:
    found = member.get("settings") if isinstance(member, dict) else None
    return dict(found) if isinstance(found, dict) else {}


def _problems(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield everything that is wrong with one member."""
    if not settings:
        yield "settings is missing"
    own = set(top_keys(Scenario)) - set(top_keys(World))
    numbers = {}
    for key, value in settings.items():
        if key.split(".")[0] in own:
            yield f"{key} is no parameter of the world"
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            yield f"{key} = {value!r} is not a number"
        else:
            numbers[key] = float(value)
    try:
        load_scenario("reference", numbers)
    except ParameterError as error:
        yield from (problem.removeprefix(SETTINGS) for problem in error.problems)


def left_open(found: Resolved[Any], member: Mapping[str, float]) -> Member:
    """Return what of a member a scenario leaves to the world that it extends.

    A parameter that the scenario's file, its care setting or a change sets is not the member's.
    """
    return {key: value for key, value in member.items() if not _is_set(found, key)}


def _is_set(found: Resolved[Any], key: str) -> bool:
    own, usual = found.origins.get(key), _reference().get(key)
    return own is not None and own != usual


@cache
def _reference() -> Mapping[str, Origin]:
    return load_world().origins


def member_of(
    scenario: str, member: Mapping[str, float], settings: Mapping[str, Any] | None = None
) -> Resolved[Scenario]:
    """Return a scenario in one member's world; ``settings`` are laid over it.

    Raises ``ParameterError`` with all problems.
    """
    changes = settings or {}
    return load_scenario(
        scenario, {**left_open(load_scenario(scenario, changes), member), **changes}
    )


def worlds_of(
    found: Resolved[Scenario],
    ensemble: Ensemble,
    load: Callable[[Mapping[str, Any]], Resolved[Scenario]],
) -> Worlds:
    """Return a scenario in every world of an ensemble; the first is the scenario as it is.

    Parameters
    ----------
    found : the scenario as asked
    load : loads it again with further changes by dotted key

    Raises ``UsageError`` where the scenario sets everything that the ensemble moves, and
    ``ParameterError`` with all problems of a member in this scenario.
    """
    moved = settings_of(found, ensemble)
    scenarios = []
    for number, own in enumerate(moved, 1):
        with naming_member(ensemble, number):
            scenarios.append(load(own).record)
    return Worlds(ensemble, (found.record, *scenarios), moved, kept(ensemble, moved))


def settings_of(found: Resolved[Any], ensemble: Ensemble) -> tuple[Member, ...]:
    """Return what each member changes in a scenario [member].

    Raises ``UsageError`` where the scenario sets everything that the ensemble moves.
    """
    moved = tuple(left_open(found, member) for member in ensemble.members)
    if not any(moved):
        raise UsageError(
            f"{ensemble.file}: the scenario sets every parameter that differs between the members,"
            " so all of them would be the same; leave some to the reference world"
        )
    return moved


def kept(ensemble: Ensemble, moved: Sequence[Member]) -> tuple[str, ...]:
    """Return the parameters of an ensemble that stay as a scenario sets them, sorted."""
    every = {key for member in ensemble.members for key in member}
    return tuple(sorted(every - {key for member in moved for key in member}))


@contextmanager
def naming_member(ensemble: Ensemble, number: int) -> Iterator[None]:
    """Let problems of work in a member's world name file and member, counted from one."""
    try:
        yield
    except ParameterError as error:
        problems = [f"members.{number}: {p.removeprefix(SETTINGS)}" for p in error.problems]
        raise ParameterError(ensemble.file, problems) from None


def ensemble_text(
    members: tuple[Member, ...], core: tuple[int, ...], tried: int, about: str
) -> str:
    """Return an ensemble as a TOML file that ``load_ensemble`` reads."""
    lines = [f"# {line}".rstrip() for line in about.splitlines()]
    lines += [f"tried = {tried}", ""]
    for member, rows in zip(members, core, strict=True):
        lines += ["[[members]]", f"core_rows = {rows}", "[members.settings]"]
        lines += [f'"{key}" = {value!r}' for key, value in sorted(member.items())]
        lines.append("")
    return "\n".join(lines)
