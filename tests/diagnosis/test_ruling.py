"""Rules and places: what clues say together brings causes forward, and makes others unlikely."""

from __future__ import annotations

import pytest

from wssdoctor.diagnosis.ruling import applying, ruling
from wssdoctor.knowledge.clue import Heard, heard
from wssdoctor.knowledge.load import load
from wssdoctor.report.answer import answer

BASE = load(overlays=())


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("SSL handshake failed since the partner changed its certificate", "ssl-peer-cert-untrusted"),
        ("signature invalid since the partner renewed its certificate", "signer-cert-untrusted"),
        ("SAML logon refused since the identity provider's signing certificate was replaced", "saml-issuer-untrusted"),
        ("SSL handshake fails since we renewed our client certificate in STRUST", "client-cert-rejected"),
        ("handshake failure since the bank disabled TLS 1.0 and weak ciphers", "tls-version-or-cipher"),
        ("no SSL connection since Zscaler was introduced", "tls-interception"),
        ("messages expired since the VM has no NTP", "clock-skew"),
        ("signature invalid since an API gateway was put in between", "signature-digest-mismatch"),
        ("403 since the service was transported to production", "icf-node-inactive"),
    ],
)
def test_what_changed_and_how_it_fails_decide_together(text: str, first: str) -> None:
    assert answer(text, BASE).causes[0].cause == first


def test_a_node_of_this_system_is_no_likely_cause_where_it_calls() -> None:
    called = [one.cause for one in answer("HTTP 403 Forbidden", BASE).causes]
    calling = answer("HTTP 403 Forbidden received by an ABAP proxy", BASE).causes
    assert called[0] == "icf-node-inactive"
    assert "icf-node-inactive" not in [one.cause for one in calling[:3]]
    against = {one.cause: one.against for one in calling}
    assert "It cannot be where an ABAP system calls." in against["icf-node-inactive"]


def test_a_rule_counts_only_where_none_with_more_of_its_clues_applies() -> None:
    names = {"partner-certificate-renewed", "tls-handshake"}
    assert "partner-renewed-tls" in [rule.id for rule in applying(names, BASE)]
    assert "partner-renewed-alone" in [rule.id for rule in applying(names - {"tls-handshake"}, BASE)]
    assert "partner-renewed-alone" not in [rule.id for rule in applying(names, BASE)]


def test_only_clues_that_count_are_told() -> None:
    ruled = ruling((Heard("all-fail", "all users"), Heard("abap-calls", "sm59")), BASE)
    assert [one.clue for one in ruled.clues] == ["abap-calls"]
    assert not ruled.pointed
    assert ruling(heard("", (), BASE), BASE).left == {}
