"""Every claim of the source articles is covered, and every reference of a claim leads somewhere."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from alssim.cli import main
from alssim.errors import ParameterError, UsageError
from alssim.parameters import SCENARIOS, folder, load_scenario, names
from alssim.present.claims import (
    FILE,
    KINDS,
    TOPICS,
    TRIALS,
    VERDICTS,
    Check,
    Claim,
    load_claims,
    read_claims,
)
from alssim.present.lessons import load_lessons
from alssim.studies.watching import check_moment

CLAIMS = load_claims()
RAW = files("alssim.present").joinpath(FILE).read_text("utf-8")
REFERENCES = (Path(__file__).parents[2] / "docs" / "references.md").read_text("utf-8")
TESTED = [(claim, test) for claim in CLAIMS.claims for test in claim.tests]

# What the articles say, row by row, written down here a second time: words that must be told.
ROWS = {
    "D-01": ["central and the peripheral", "mostly unknown", "inherited"],
    "D-02": ["cortex", "brainstem", "spinal cord"],
    "D-03": ["free radicals", "SOD1", "TDP-43", "inflammation"],
    "D-04": ["aggregates", "genes", "environment"],
    "D-05": ["from the first stage on"],
    "D-06": ["weakness or twitching", "one limb", "walking"],
    "D-07": ["spreads", "eating, drinking and breathing", "respiratory failure", "90 of 100"],
    "D-08": ["differs", "timeline"],
    "D-09": ["two to five years"],
    "D-10": ["50 and 70", "40 and 70"],
    "D-11": ["1.5 of 100,000", "Men", "5,000", "Two of a million"],
    "D-12": ["90 of 100", "about 10"],
    "D-13": ["no cure", "burden"],
    "D-14": ["stiff", "waste"],
    "D-15": ["accurately", "no single test"],
    "D-16": ["Thinking"],
    "D-17": ["more frequent", "no effective treatment", "kinds of oxidative stress"],
    **{f"S-{stage}": ["eight stages"] for stage in range(1, 9)},
    "T-01": ["Riluzole and edaravone", "some months", "stop nothing"],
    "T-02": ["physical, speech and respiratory", "feeding tube", "hospice"],
    "T-03": ["protect neurons", "growth factors", "oxidative stress", "immunity", "reconnect"],
    "T-04": ["turn into neurons or muscle", "travel", "replace", "neural stem cells"],
    "T-05": ["Muscle regenerates", "walking and grasp"],
    "T-06": ["bone marrow, fat, umbilical cord", "blood-forming", "embryonic", "induced"],
    "T-07": ["spinal fluid", "exosomes pass"],
    "T-08": ["NurOwn", "hospitals"],
    "T-09": ["Umbilical cells", "mice"],
    "T-10": ["starts early", "strength may return"],
    "T-11": ["experimental", "larger trials", "not approved"],
    "T-12": ["rejection", "tumours", "embryonic", "cost", "how long"],
    "T-13": ["One man", "One woman"],
    "T-14": ["non-invasive", "safe", "more effective", "proven"],
    "T-15": ["mobility, speech, breathing"],
    "T-16": ["become nerve cells", "halted or reversed"],
    "T-17": ["Independence"],
    "T-18": ["Talk to your doctors", "trial", "families"],
}


@pytest.mark.parametrize("row", ROWS)
def test_every_claim_of_the_articles_is_covered(row: str) -> None:
    told = " ".join(claim.claim for claim in CLAIMS.claims if row in claim.rows)
    assert [words for words in ROWS[row] if words not in told] == []


def test_no_claim_is_of_an_unknown_row_or_article() -> None:
    assert {row for claim in CLAIMS.claims for row in claim.rows} == set(ROWS)
    articles = {name for claim in CLAIMS.claims for name in claim.documents}
    assert articles == {f"D{number}" for number in range(5)}


def test_every_verdict_and_topic_is_used() -> None:
    assert {claim.verdict for claim in CLAIMS.claims} == set(VERDICTS) == set(CLAIMS.verdicts)
    assert {claim.topic for claim in CLAIMS.claims} == set(TOPICS)
    assert {test.kind for _, test in TESTED} == set(KINDS)


@pytest.mark.parametrize("claim", CLAIMS.claims, ids=lambda claim: claim.id)
def test_every_citation_is_a_reference(claim: Claim) -> None:
    assert [name for name in claim.citations if f"- **{name}** " not in REFERENCES] == []


@pytest.mark.parametrize(
    ("claim", "test"), TESTED, ids=[f"{claim.id}-{test.name}" for claim, test in TESTED]
)
def test_every_simulation_exists(claim: Claim, test: Check) -> None:
    if test.kind in ("scenario", "pair", "anecdote"):
        assert test.name in names(SCENARIOS)
    if test.kind == "pair":
        arms = {arm.name for arm in load_scenario(test.name).record.arms}
        assert test.arms and set(test.arms) <= arms
    if test.kind == "anecdote":
        check_moment(test.moment)
    if test.kind == "lesson":
        assert test.name in {lesson.id for lesson in load_lessons()}


def test_trials_are_those_that_are_re_enacted() -> None:
    """Where the designs of trials are there, each that a claim names is among them."""
    assert {test.name for _, test in TESTED if test.kind == "trial"} <= set(TRIALS)
    designs = {path.stem for path in (folder() / "trials").glob("*.toml")}
    assert not designs or set(TRIALS) - designs == set()


def test_commands_can_be_typed() -> None:
    by_kind = {test.kind: test.command for _, test in TESTED}
    assert by_kind["anecdote"].startswith("alssim anecdote ") and "--after" in by_kind["anecdote"]
    assert by_kind["trial"].startswith("alssim trial ")
    assert by_kind["lesson"] == ""
    typed = next(test.command for _, test in TESTED if test.kind == "anecdote").split()[1:]
    assert main([*typed, "--patients", "40", "--set", "horizon=60", "--json"]) == 0


def test_questions_and_registers_close_the_page() -> None:
    asking = CLAIMS.asking
    assert len(asking.questions) >= 8
    assert all(question.rstrip(".").endswith("?") or "?" in question or question.endswith(".")
               for question in asking.questions)  # fmt: skip
    assert {"https://clinicaltrials.gov", "https://trialsearch.who.int"} <= {
        register.address for register in asking.registers
    }
    assert all(register.address.startswith("https://") for register in asking.registers)


def test_no_link_but_the_registers() -> None:
    """Nothing in the claims leads to a firm: the only addresses are those of registers."""
    addresses = set(re.findall(r"(?:https?://|www\.)[^\s\"]+", RAW))
    assert addresses == {register.address for register in CLAIMS.asking.registers}


def test_an_unknown_claim() -> None:
    assert CLAIMS.of("safe").verdict == "overclaimed"
    with pytest.raises(UsageError, match="there is no claim 'x'; known: what-als-is"):
        CLAIMS.of("x")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "what-als-is"', 'id = "safe"', "claim safe is given twice"),
        ('verdict = "supported"', 'verdict = "true"', "verdict 'true' is not one of: supported"),
        ('topic = "disease"', 'topic = "fate"', "topic 'fate' is not one of: disease"),
        ('rows = ["D-01"]', "rows = []", "rows must be a list of texts, and not empty"),
        ('rows = ["D-01"]', "", "claim what-als-is: rows is missing"),
        ('rows = ["D-01"]', 'rows = ["D-01"]\nfirm = "x"', "firm is unknown"),
        ('kind = "trial"', 'kind = "tale"', "kind 'tale' is not one of: scenario"),
        ('name = "niv"', 'name = "nif"', "name 'nif' is not one of: riluzole-1994"),
        ('kind = "pair"', 'kind = "scenario"', "arms does not belong to kind scenario"),
        (', arms = ["antioxidant", "anti-inflammatory"]', "", "arms is missing"),
        ('supported = "', 'proven = "', "verdicts: supported is missing"),
        ("[ask]", "[asked]", "the file: ask is missing"),
        ('claim = "ALS affects', 'claim = "\\u202eALS', "claim must be text in one line"),
    ],
)
def test_what_is_wrong_is_told(old: str, new: str, told: str) -> None:
    assert old in RAW
    with pytest.raises(ParameterError, match=re.escape(told)):
        read_claims(RAW.replace(old, new, 1).encode(), "mine.toml")


def test_all_problems_are_told_at_once() -> None:
    broken = RAW.replace('rows = ["D-01"]', "rows = []").replace('rows = ["D-02"]', "rows = []")
    with pytest.raises(ParameterError) as found:
        read_claims(broken.encode(), "mine.toml")
    assert len(found.value.problems) == 2


def test_tone() -> None:
    said = str(tomllib.loads(RAW)).lower()
    for word in ("victim", "suffer", "miracle", "battle", "doomed", "tragic", "quack", "scam"):
        assert word not in said
