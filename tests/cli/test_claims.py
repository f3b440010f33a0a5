"""``alssim claims``: all claims in short, one in full, and as JSON."""

from tests.cli.conftest import Call

from alssim.present.claims import load_claims


def flat(text: str) -> str:
    return " ".join(text.split())


def test_all_claims_are_told_in_short(call: Call) -> None:
    answer = call("claims")
    assert answer.status == 0 and answer.err == ""
    told, known = flat(answer.out), load_claims()
    for claim in known.claims:
        assert (
            f"{claim.id} ({known.verdicts[claim.verdict].partition(':')[0]}): {claim.claim}" in told
        )
    for question in known.asking.questions:
        assert question in told
    for register in known.asking.registers:
        assert register.address in told


def test_one_claim_is_told_in_full(call: Call) -> None:
    answer = call("claims", "one-man-walked")
    told, claim = flat(answer.out), load_claims().of("one-man-walked")
    for text in (claim.claim, claim.evidence, *claim.citations):
        assert text in told
    assert "alssim anecdote reference --moment docs_4 --after 3" in told


def test_every_claim_can_be_told(call: Call) -> None:
    for claim in load_claims().claims:
        assert call("claims", claim.id).status == 0


def test_json(call: Call) -> None:
    document = call("claims", "--json").document
    assert len(document["claims"]) == len(load_claims().claims)
    assert set(document["verdicts"]) == {claim["verdict"] for claim in document["claims"]}
    one = call("claims", "safe", "--json").document
    assert one["id"] == "safe" and one["tests"][0]["command"].startswith("alssim compare ")


def test_an_unknown_claim_is_told(call: Call) -> None:
    answer = call("claims", "nothing")
    assert answer.status == 2 and "there is no claim 'nothing'" in answer.err
