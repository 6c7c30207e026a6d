"""Trust in what a peer sends: proven by the certificates themselves, refused by names, never granted by names."""

from __future__ import annotations

from msgspec import UNSET
from msgspec.structs import replace

from tests.landscape import outbound
from wssdoctor.check.check import Missing
from wssdoctor.consumer.trust import Trust, judge
from wssdoctor.description.certificate import Certificate

LEAF, ISSUING = outbound().value("consumer.calls[0].peer.certificates")
ROOT = outbound().value("pses[0].trusted[0]")
CLIENT = outbound().value("pses[0].own_certificate")


def state(*found: tuple[Certificate, ...]) -> str:
    judged = judge(*found)
    return judged.state if isinstance(judged, Trust) else f"missing {judged.path}"


def by_name(certificate: Certificate) -> Certificate:
    return replace(certificate, file=UNSET, pem=UNSET)


def test_certificates_prove_trust() -> None:
    assert state((LEAF, ISSUING), (ROOT,)) == "trusted"
    assert state((LEAF,), (ROOT, ISSUING)) == "trusted"
    assert state((LEAF,), (LEAF,)) == "trusted"
    assert state((LEAF, ROOT, ISSUING), (ROOT,)) == "trusted"


def test_a_missing_link_is_told_from_an_unknown_authority() -> None:
    assert state((LEAF,), (ROOT,)) == "incomplete"
    assert state((LEAF, ISSUING), ()) == "untrusted"
    assert state((LEAF, ISSUING), (CLIENT,)) in ("untrusted", "incomplete")


def test_names_refuse_and_never_grant() -> None:
    assert state((by_name(LEAF), by_name(ISSUING)), (by_name(ROOT),)) == "missing pses[].trusted[].file"
    assert state((by_name(LEAF),), (ROOT,)) == "untrusted"
    assert state((by_name(LEAF),), (by_name(CLIENT),)) == "untrusted"


def test_what_nobody_said_is_missing() -> None:
    nameless = Certificate()
    assert judge((nameless,), (ROOT,)) == Missing("consumer.calls[].peer.certificates[].issuer")
    assert judge((by_name(LEAF),), (nameless,)) == Missing("pses[].trusted[].subject")


def test_a_ring_of_names_ends() -> None:
    first, second = Certificate(subject="CN=A", issuer="CN=B"), Certificate(subject="CN=B", issuer="CN=A")
    assert state((first, second, first), (by_name(CLIENT),)) == "untrusted"
