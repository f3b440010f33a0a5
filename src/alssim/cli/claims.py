"""``alssim claims``: what is claimed, what is published, and what tests it."""

import argparse
from typing import Any

from alssim.cli.text import say, tell, tell_json
from alssim.present.claims import TOPICS, Asking, Claim, Claims, load_claims


def claims_command(asked: argparse.Namespace) -> int:
    """Print one claim, or all of them in short with the questions to ask."""
    known = load_claims()
    if asked.id is not None:
        claim = known.of(asked.id)
        if asked.json:
            tell_json(_document(claim))
        else:
            _tell_claim(known, claim)
    elif asked.json:
        claims = [_document(claim) for claim in known.claims]
        tell_json({"verdicts": known.verdicts, "claims": claims, "asking": known.asking})
    else:
        _tell_all(known)
    return 0


def _document(claim: Claim) -> dict[str, Any]:
    tests = [
        {"kind": test.kind, "name": test.name, "command": test.command, "shows": test.shows}
        for test in claim.tests
    ]
    fields = ("id", "topic", "rows", "documents", "claim", "evidence", "verdict", "citations")
    return {name: getattr(claim, name) for name in fields} | {"tests": tests}


def _tell_claim(known: Claims, claim: Claim) -> None:
    tell(say("claims.claimed", text=claim.claim))
    tell(say("claims.evidence", text=claim.evidence), "  ")
    tell(known.verdicts[claim.verdict], "  ")
    tell(say("claims.citations", names=", ".join(claim.citations)), "  ")
    for test in claim.tests:
        tell(say(f"claims.{test.kind}", name=test.name, shows=test.shows), "  ", "    ")
        if test.command:
            tell(test.command, "    ")


def _tell_all(known: Claims) -> None:
    tell(say("claims.heading", count=len(known.claims)))
    for topic in TOPICS:
        tell()
        tell(say(f"claims.topics.{topic}"))
        for claim in (one for one in known.claims if one.topic == topic):
            verdict = known.verdicts[claim.verdict].partition(":")[0]
            tell(say("claims.short", id=claim.id, verdict=verdict, text=claim.claim), "  ", "    ")
    tell()
    _tell_asking(known.asking)


def _tell_asking(asking: Asking) -> None:
    tell(asking.title)
    tell(asking.opening, "  ")
    for number, question in enumerate(asking.questions, 1):
        tell(question, f"  {number:2}. ", " " * 6)
    tell(asking.closing, "  ")
    tell()
    tell(say("claims.registers"))
    for register in asking.registers:
        tell(say("claims.register", name=register.name, address=register.address), "  ", "    ")
    tell(asking.registers_note, "  ")
    tell()
    tell(say("claims.more"))
