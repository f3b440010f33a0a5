"""What a shared link holds, as a pure codec: a screen to the words of a link, and back.

A link holds the version of its format, the scenario, the seeds of people and fate, the patient,
the month, the arms and every value that differs from the scenario; the page is its path. Where the
words are not English it names their language (``lang``), and where they are larger than usual it
says so (``text``). What a page has chosen besides stands under names of its own. Reading never
fails: what cannot be read is left out, and said. Whether a value is allowed is for the reader of
parameter files to say.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from alssim.plain_text import visible
from alssim.present.language import ENGLISH, LANGUAGES

VERSION = 1
LONGEST = 2000
"""Characters of a link, its question mark aside."""

REFERENCE = "reference"
USUAL, LARGE = SIZES = ("usual", "large")
"""Sizes of the text."""

OF_VISIT = {"lang": ENGLISH, "text": USUAL}
"""What holds for all pages of a visit, with what a link means that does not name it."""

SCREEN = ("scenario", "people", "fate", "patient", "month", "arms", "set", "file")
OWN_NAMES = ("v", *OF_VISIT, *SCREEN)
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
KEY = re.compile(r"[A-Za-z0-9_-]{1,60}(\.[A-Za-z0-9_-]{1,60}){0,7}")
CHOICE = re.compile(r"[A-Za-z0-9_.-]{1,40}")
VALUE = re.compile(r"[A-Za-z0-9_.+\-\[\], \"]{1,200}")
DIGEST = re.compile(r"[0-9a-f]{12}")
NUMBER = re.compile(r"-?[0-9]{1,19}")
MOST_ARMS = 8
SHOWN = 60  # characters of a part that a message repeats

Query = dict[str, list[str]]
Change = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Address:
    """A screen: everything that tells it from another one on the same page.

    ``people``, ``fate``: None = the scenario's own. ``changes``: (dotted key, value as TOML).
    ``file``: beginning of the digest of a scenario file that the screen needs; a link does not
    hold the file. ``choices``: what the page has chosen besides, by name. ``language``
    and ``size``: of the words; a link that names none is English, in the usual size.
    """

    scenario: str = REFERENCE
    people: int | None = None
    fate: int | None = None
    patient: int | None = None
    month: int | None = None
    arms: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    file: str = ""
    choices: tuple[Change, ...] = ()
    language: str = ENGLISH
    size: str = USUAL

    @property
    def of_visit(self) -> dict[str, str]:
        """What a link says for all pages of a visit; the usual is not said."""
        found = {"lang": self.language, "text": self.size}
        return {name: value for name, value in found.items() if value != OF_VISIT[name]}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A part of a link that was not taken over: which kind of trouble, and its words."""

    kind: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link says, and what of it could not be taken over."""

    address: Address
    refusals: tuple[Refusal, ...] = ()


def encode(address: Address) -> Query:
    """Return the names and values of a link."""
    query: Query = {"v": [str(VERSION)]}
    query |= {name: [value] for name, value in address.of_visit.items()}
    query["scenario"] = [address.scenario]
    for name in ("people", "fate", "patient", "month"):
        number = getattr(address, name)
        if number is not None:
            query[name] = [str(number)]
    if address.arms:
        query["arms"] = [",".join(address.arms)]
    if address.changes:
        query["set"] = [f"{key}={value}" for key, value in address.changes]
    if address.file:
        query["file"] = [address.file]
    return query | {name: [value] for name, value in address.choices}


def text(query: Mapping[str, Sequence[str]]) -> str:
    """Return a link as it stands in the address bar, after the question mark."""
    return urlencode(query, doseq=True)


def fits(address: Address) -> bool:
    """Whether a link can hold all of a screen."""
    return len(text(encode(address))) <= LONGEST


def shortened(address: Address, digest: str) -> Address:
    """Return a screen whose values lie in a file: the link names the file's digest alone."""
    return replace(address, changes=(), file=digest[:12])


def decode(query: Mapping[str, Sequence[str]], choices: Collection[str] = ()) -> Opened:
    """Read a link; ``choices`` are the names that the page itself knows."""
    if len(text(query)) > LONGEST:
        return Opened(Address(), (Refusal("long"),))
    reading = _Reading(query, [])
    older = _older(query, reading.refusals)
    reading.query = older if older is not None else query
    address = Address(
        scenario=reading.word("scenario", REFERENCE),
        people=reading.number("people", 0),
        fate=reading.number("fate", 0),
        patient=reading.number("patient", 0),
        month=reading.number("month"),
        arms=reading.arms(),
        changes=reading.changes(),
        file=reading.digest(),
        choices=reading.choices(choices),
        language=reading.language(),
        size=reading.size(),
    )
    return Opened(address, tuple(reading.refusals))


@dataclass(slots=True)
class _Reading:
    """A link being read, and what was refused so far."""

    query: Mapping[str, Sequence[str]]
    refusals: list[Refusal]

    def refuse(self, kind: str, part: str = "") -> None:
        self.refusals.append(Refusal(kind, shown(part)))

    def one(self, name: str) -> str:
        """Return the value of a name that may be given once; the last one counts."""
        values = self.query.get(name, [])
        return values[-1] if values else ""

    def word(self, name: str, default: str) -> str:
        given = self.one(name)
        if given and not NAME.fullmatch(given):
            self.refuse("unread", f"{name}={given}")
            return default
        return given or default

    def number(self, name: str, low: int | None = None) -> int | None:
        given = self.one(name)
        if not given:
            return None
        if not NUMBER.fullmatch(given) or (low is not None and int(given) < low):
            self.refuse("unread", f"{name}={given}")
            return None
        return int(given)

    def digest(self) -> str:
        given = self.one("file")
        if given and not DIGEST.fullmatch(given):
            self.refuse("unread", f"file={given}")
            return ""
        return given

    def language(self) -> str:
        given = self.one("lang")
        if given and given not in LANGUAGES:
            self.refuse("language", given)
            return ENGLISH
        return given or ENGLISH

    def size(self) -> str:
        given = self.one("text")
        if given and given not in SIZES:
            self.refuse("unread", f"text={given}")
            return USUAL
        return given or USUAL

    def arms(self) -> tuple[str, ...]:
        names = [name for name in self.one("arms").split(",") if name]
        if all(NAME.fullmatch(name) for name in names) and len(names) <= MOST_ARMS:
            return tuple(dict.fromkeys(names))
        self.refuse("unread", f"arms={self.one('arms')}")
        return ()

    def changes(self) -> tuple[Change, ...]:
        found: dict[str, str] = {}
        for given in self.query.get("set", []):
            key, equals, value = given.partition("=")
            if equals and KEY.fullmatch(key) and VALUE.fullmatch(value):
                found[key] = value
            else:
                self.refuse("unread", given)
        return tuple(found.items())

    def choices(self, known: Collection[str]) -> tuple[Change, ...]:
        found = []
        for name in self.query:
            if name in OWN_NAMES:
                continue
            value = self.one(name)
            if name not in known:
                self.refuse("unknown", name)
            elif not CHOICE.fullmatch(value):
                self.refuse("unread", f"{name}={value}")
            else:
                found.append((name, value))
        return tuple(sorted(found))


def shown(part: str) -> str:
    """Return a part of a link for a message: short, with every hidden character as an escape."""
    plain = visible(part.replace("`", "'"))
    return plain if len(plain) <= SHOWN else f"{plain[:SHOWN]}…"


def shown_whole(problem: str) -> str:
    """Return a problem of the reader for a message, with every hidden character as an escape."""
    return visible(problem)[:400]


# ------------------------------------------------------------------------------ older versions


def _older(
    query: Mapping[str, Sequence[str]], refusals: list[Refusal]
) -> Mapping[str, Sequence[str]] | None:
    """Return a link of another version in the words of this one; None if it is of this one."""
    given = query.get("v", [""])
    version = given[-1] if given else ""
    if version == str(VERSION) or not query:
        return None
    if not version:
        return _from_first(query, refusals)
    newer = re.fullmatch(r"[0-9]{1,6}", version) and int(version) > VERSION
    refusals.append(Refusal("newer" if newer else "version", shown(version)))
    return None


def _from_first(
    query: Mapping[str, Sequence[str]], refusals: list[Refusal]
) -> dict[str, Sequence[str]]:
    """Translate a link from before links named their version.

    One seed stood for people and fate. A comparison named its treatment, the sizes of its effects
    in percent and, as ``start`` and ``month``, when they begin.
    """
    found = dict(query)
    if "seed" in found:
        found["people"] = found["fate"] = found.pop("seed")
    treatment = found.pop("treatment", None)
    if treatment:
        found["arms"] = treatment
        found["set"] = [*found.get("set", []), *_first_sizes(found, treatment[-1])]
        lost = [name for name in ("start", "month") if found.pop(name, None)]
        refusals += [Refusal("older_start")] if lost else []
    return found


def _first_sizes(found: dict[str, Sequence[str]], treatment: str) -> list[str]:
    sizes = []
    for number in range(1, 10):
        given = found.pop(f"size{number}", [""])[-1]
        if re.fullmatch(r"[0-9]{1,3}", given):
            sizes.append(f"arms.{treatment}.effects.{number}.size={int(given) / 100:g}")
    return sizes
