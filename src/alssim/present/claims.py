"""What is claimed about ALS and its treatments, what is published, and what tests it here.

Claims are data: ``text/claims.toml``. Every claim has a verdict and may name simulations that put
it to the test: a scenario, a pair of treatments, the anecdote machine, a trial or a lesson.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from alssim.errors import ParameterError, UsageError
from alssim.parameters.safe_toml import OWN, parse
from alssim.plain_text import hidden_character
from alssim.present.language import spoken, translation

FILE = "text/claims.toml"
VERDICTS = ("supported", "partly", "overclaimed", "wrong", "untested", "unfalsifiable")
TOPICS = ("disease", "stages", "care", "treatment")
KINDS = ("scenario", "pair", "anecdote", "trial", "lesson")
TRIALS = (
    "riluzole-1994",
    "riluzole-1996",
    "edaravone-16",
    "edaravone-19",
    "centaur",
    "phoenix",
    "nurown-phase-3",
    "lenzumestrocel-open-label",
    "lenzumestrocel-sham",
    "tofersen",
    "niv",
)
"""Trials that are re-enacted, by name."""


@dataclass(frozen=True, slots=True)
class Check:
    """A simulation that puts a claim to the test.

    kind    one of KINDS;  name: of the scenario, trial or lesson
    arms    of a pair: treatments of that scenario
    moment, after    of an anecdote: when people are first seen, and how many months later again
    shows   what to look at
    """

    kind: str
    name: str
    shows: str
    arms: tuple[str, ...] = ()
    moment: str = ""
    after: int = 3

    @property
    def command(self) -> str:
        """The command that runs it; empty where there is none."""
        if self.kind == "anecdote":
            return f"alssim anecdote {self.name} --moment {self.moment} --after {self.after}"
        if self.kind == "trial":
            return f"alssim trial {self.name}"
        return "" if self.kind == "lesson" else f"alssim compare {self.name}"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, in our own words, beside what is published.

    rows        rows of the list of claims that it covers;  documents: the articles, D0 to D4
    verdict     one of VERDICTS;  citations: short names in docs/references.md
    """

    id: str
    topic: str
    rows: tuple[str, ...]
    documents: tuple[str, ...]
    claim: str
    evidence: str
    verdict: str
    citations: tuple[str, ...]
    tests: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """A public register of trials."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Questions to ask before paying for an unproven treatment, and where trials are listed."""

    title: str
    opening: str
    questions: tuple[str, ...]
    closing: str
    registers: tuple[Register, ...]
    registers_note: str


@dataclass(frozen=True, slots=True)
class Claims:
    """All claims; ``verdicts``: what each verdict means, in words."""

    claims: tuple[Claim, ...]
    verdicts: Mapping[str, str]
    asking: Asking

    def of(self, id: str) -> Claim:
        """Return one claim. Raises ``UsageError`` for an unknown one."""
        for claim in self.claims:
            if claim.id == id:
                return claim
        known = ", ".join(claim.id for claim in self.claims)
        raise UsageError(f"there is no claim {id!r}; known: {known}")


def load_claims() -> Claims:
    """Return the claims that come with the program, in the language of now."""
    return _claims(spoken())


@cache
def _claims(language: str) -> Claims:
    known = read_claims(files("alssim.present").joinpath(FILE).read_bytes(), FILE)
    own = translation("claims")
    if not own:
        return known
    registers = tuple(
        replace(one, **words)
        for one, words in zip(known.asking.registers, own["registers"], strict=True)
    )
    asking = {key: _frozen(value) for key, value in own["ask"].items()}
    return Claims(
        tuple(_in_language(claim, own["claims"][claim.id]) for claim in known.claims),
        own["verdicts"],
        Asking(**asking, registers=registers, registers_note=own["registers_note"]["text"]),
    )


def _in_language(claim: Claim, own: Mapping[str, Any]) -> Claim:
    """Return a claim with the words of its translation."""
    tests = tuple(
        replace(test, shows=shows)
        for test, shows in zip(claim.tests, own.get("shows", ()), strict=True)
    )
    return replace(claim, claim=own["claim"], evidence=own["evidence"], tests=tests)


def read_claims(raw: bytes, label: str) -> Claims:
    """Read and check a file of claims.

    Raises ``ParameterError`` with all problems: missing, unknown or empty keys, values that are
    none of those allowed, ids given twice.
    """
    data = parse(raw, label, OWN)
    problems = [f"{label}: {problem}" for problem in _problems(data)]
    if problems:
        raise ParameterError(label, problems)
    return Claims(
        tuple(_claim(row) for row in data["claims"]),
        dict(data["verdicts"]),
        Asking(
            **{key: _frozen(value) for key, value in data["ask"].items()},
            registers=tuple(Register(**row) for row in data["registers"]),
            registers_note=data["registers_note"]["text"],
        ),
    )


def _claim(row: Mapping[str, Any]) -> Claim:
    tests = tuple(
        Check(**{key: _frozen(value) for key, value in test.items()})
        for test in row.get("tests", ())
    )
    plain = {key: _frozen(value) for key, value in row.items() if key != "tests"}
    return Claim(**plain, tests=tests)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


# ----------------------------------------------------------------------------------- what is wrong

TEXTS, LISTS = ("id", "topic", "claim", "evidence", "verdict"), ("rows", "documents", "citations")
TEST_TEXTS = ("kind", "name", "shows")


def _problems(data: Mapping[str, Any]) -> list[str]:
    sections = {"verdicts", "claims", "ask", "registers", "registers_note"}
    found = _keys("the file", data, sections, set())
    if found:
        return found
    found += _keys("verdicts", data["verdicts"], set(VERDICTS), set())
    found += _keys("ask", data["ask"], {"title", "opening", "questions", "closing"}, set())
    for number, row in enumerate(data["registers"], 1):
        found += _keys(f"registers {number}", row, {"name", "address"}, set())
    ids = [row.get("id") for row in data["claims"]]
    found += [f"claim {id} is given twice" for id in sorted({i for i in ids if ids.count(i) > 1})]
    for number, row in enumerate(data["claims"], 1):
        found += _claim_problems(f"claim {row.get('id', number)}", row)
    return found


def _claim_problems(where: str, row: Mapping[str, Any]) -> list[str]:
    found = _keys(where, row, {*TEXTS, *LISTS}, {"tests"})
    if found:
        return found
    found += _texts(where, row, TEXTS)
    for key in LISTS:
        if not (isinstance(row[key], list) and row[key] and all(map(_is_text, row[key]))):
            found.append(f"{where}: {key} must be a list of texts, and not empty")
    found += _choice(where, "verdict", row["verdict"], VERDICTS)
    found += _choice(where, "topic", row["topic"], TOPICS)
    for number, test in enumerate(row.get("tests", ()), 1):
        found += _test_problems(f"{where}, test {number}", test)
    return found


def _test_problems(where: str, test: Mapping[str, Any]) -> list[str]:
    found = _keys(where, test, set(TEST_TEXTS), {"arms", "moment", "after"})
    if found:
        return found
    kind = test["kind"]
    found += [*_texts(where, test, TEST_TEXTS), *_choice(where, "kind", kind, KINDS)]
    if kind == "trial":
        found += _choice(where, "name", test["name"], TRIALS)
    wanted = {"pair": {"arms"}, "anecdote": {"moment"}}.get(str(kind), set())
    allowed = wanted | ({"after"} if kind == "anecdote" else set())
    found += [f"{where}: {key} is missing" for key in sorted(wanted - set(test))]
    extra = set(test) - set(TEST_TEXTS) - allowed
    return found + [f"{where}: {key} does not belong to kind {kind}" for key in sorted(extra)]


def _keys(where: str, row: object, needed: set[str], allowed: set[str]) -> list[str]:
    if not isinstance(row, Mapping):
        return [f"{where} must be a table"]
    missing = [f"{where}: {key} is missing" for key in sorted(needed - set(row))]
    unknown = sorted(set(row) - needed - allowed)
    known = ", ".join(sorted(needed | allowed))
    return missing + [f"{where}: {key} is unknown; known: {known}" for key in unknown]


def _texts(where: str, row: Mapping[str, Any], keys: tuple[str, ...]) -> list[str]:
    return [
        f"{where}: {key} must be text in one line, and not empty"
        for key in keys
        if not _is_text(row[key])
    ]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and hidden_character(value) is None


def _choice(where: str, key: str, value: object, options: tuple[str, ...]) -> list[str]:
    if value in options:
        return []
    return [f"{where}: {key} {value!r} is not one of: {', '.join(options)}"]
