"""Records are tried in healthy systems: shown and mended, shown and not mended, not shown, or not to be tried."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from tests import signed
from tests.landscape import MOMENT
from wssdoctor.description.load import empty
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.proof import Proof, healthy, own_records, proofs
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.record import Patch, RequestEdit

BASE = load(overlays=())
MADE_UP = healthy(Case(empty(), (), MOMENT))


def with_remedy(effect: Patch) -> Base:
    """The shipped base with one more remedy for competing credentials."""
    shipped = BASE.remedies["unlock-user"]
    remedy = replace(shipped, id="ours", effect=effect, unproven="")
    cause = replace(BASE.causes["competing-credentials"], remedies=("ours",))
    return replace(BASE, remedies={**BASE.remedies, "ours": remedy}, causes={**BASE.causes, cause.id: cause})


def outcome(base: Base, record: str = "ours") -> list[tuple[str, str]]:
    return [(one.cause, one.outcome) for one in proofs(MADE_UP, base, [record])]


def test_an_effect_of_ones_own_is_proven_on_the_cause_that_it_serves() -> None:
    mends = with_remedy(Patch(request=(RequestEdit("remove-header", "Authorization"),)))
    assert own_records(mends, BASE) == ("ours",)
    assert outcome(mends) == [("competing-credentials", "proven")]


def test_an_effect_that_changes_nothing_is_no_proof() -> None:
    idle = with_remedy(Patch(request=(RequestEdit("set-header", "X-Ours", "1"),)))
    assert outcome(idle)[0][1] in ("not-mended", "not-shown")


def test_what_needs_another_token_shows_only_with_a_captured_request() -> None:
    assert [one.outcome for one in proofs(MADE_UP, BASE, ["signer-cert-untrusted"])] == ["not-shown"]
    facts, requests = signed.x509()
    case = Case(facts, requests, MOMENT)
    tried = {one.cause: one for one in proofs(healthy(case), BASE, ["trust-signer-certificate"])}
    assert tried["signer-cert-untrusted"] == Proof(
        "trust-signer-certificate", "signer-cert-untrusted", "proven", "it mends fault 1 of 2"
    )


def test_most_of_what_is_shipped_is_proven_without_any_capture() -> None:
    counts = Counter(one.outcome for one in proofs(MADE_UP, BASE, [*BASE.causes, *BASE.remedies]))
    assert counts["proven"] > sum(counts.values()) / 2
    assert counts["not-mended"] == 0
