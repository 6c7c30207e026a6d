from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509

from tests.present import present
from tests.wsse import pki
from tests.wsse.pki import NOW, YEAR, Issued, client, issue, issuing, name, root
from wssdoctor.wsse.certificate_path import Path, TrustStore
from wssdoctor.wsse.distinguished_name import parse


def judge(store: TrustStore, issued: Issued, at: datetime = NOW, **options: Any) -> Path:
    return store.judge(issued.certificate, at, "BinarySecurityToken", **options)


def found(path: Path) -> list[tuple[str, str | None]]:
    assert all(fault.where == "BinarySecurityToken" and fault.evidence for fault in path.faults)
    return [(fault.fault, fault.reason) for fault in path.faults]


@pytest.fixture
def store() -> TrustStore:
    return TrustStore([root().certificate], [issuing().certificate])


def test_a_path_to_the_anchor(store: TrustStore) -> None:
    path = judge(store, client())
    assert path.certificates == tuple(issued.certificate for issued in (client(), issuing(), root()))
    assert path.complete
    assert not path.faults
    assert not path.unchecked
    assert judge(store, client()) is path, "decided once"


def test_an_intermediate_from_the_message() -> None:
    store = TrustStore([root().certificate])
    assert not judge(store, client(), sent=(issuing().certificate,)).faults
    assert found(judge(store, client())) == [
        ("cert-chain-incomplete", "intermediate-certificate-not-sent-and-not-known")
    ]


def test_a_known_certificate_is_trusted_directly() -> None:
    store = TrustStore(known=[client().certificate])
    assert judge(store, client()).complete
    assert found(judge(store, client(), NOW + 2 * YEAR)) == [("cert-expired", "sender-certificate-expired")]


def test_another_authority(store: TrustStore) -> None:
    stranger = issue(None, "C=DE", "O=Other", "CN=Root", ca=True).issue("C=DE", "O=Other", "CN=x")
    assert found(judge(store, stranger)) == [("cert-untrusted", "sender-certificate-issued-by-another-ca")]
    sent = (issue(None, "C=DE", "O=Other", "CN=Root", ca=True, key=present(stranger.issuer).key).certificate,)
    path = judge(store, stranger, sent=sent)
    assert found(path) == [("cert-untrusted", "sender-certificate-issued-by-another-ca")]
    assert len(path.certificates) == 2


def test_self_signed(store: TrustStore) -> None:
    assert found(judge(store, issue(None, "CN=self"))) == [("cert-untrusted", "self-signed-certificate")]


def test_a_look_alike_issuer(store: TrustStore) -> None:
    parts = ("C=DE", "O=Test", "OU=PKI", "CN=Issuing")
    forger = issue(None, *parts, ca=True, key=pki.rsa_key("forger"))
    assert found(judge(store, forger.issue("CN=victim"))) == [("cert-untrusted", "look-alike-issuer")]
    twin = issue(None, "C=DE", "O=Test", "OU=PKI", "CN=Root", ca=True, key=pki.rsa_key("twin"))
    path = judge(store, twin.issue("CN=victim"), sent=(twin.certificate,))
    assert found(path) == [("cert-untrusted", "look-alike-issuer")]


def test_an_issuer_written_from_the_other_end(store: TrustStore) -> None:
    backwards = name("CN=Issuing", "OU=PKI", "O=Test", "C=DE")
    odd = issuing().issue("CN=odd", issuer_name=backwards)
    (fault,) = judge(store, odd).faults
    assert (fault.fault, fault.reason) == ("cert-untrusted", "issuer-name-differs")
    assert "only the order is reversed" in fault.says


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-20, [("cert-not-yet-valid", "sender-certificate-not-yet-valid")]),
        (0, []),
        (20, [("cert-expired", "sender-certificate-expired")]),
    ],
)
def test_dates(store: TrustStore, days: int, expected: list[tuple[str, str]]) -> None:
    week = timedelta(days=7)
    short = issuing().issue("CN=short", start=NOW - week, end=NOW + week)
    assert found(judge(store, short, NOW + timedelta(days=days))) == expected
    ignoring = TrustStore(store.anchors, store.intermediates, dates_ignored=True)
    assert not judge(ignoring, short, NOW + timedelta(days=days)).faults


def test_an_issuer_that_expired() -> None:
    old = root().issue("C=DE", "O=Test", "OU=PKI", "CN=Issuing", ca=True, end=NOW - YEAR / 2, key=issuing().key)
    leaf = old.issue("CN=leaf")
    store = TrustStore([root().certificate], [old.certificate])
    assert found(judge(store, leaf)) == [("issuer-cert-expired", "issuing-certificate-expired")]
    renewed = TrustStore([root().certificate], [old.certificate, issuing().certificate])
    assert not judge(renewed, leaf).faults, "the path over the renewed certificate counts"


def test_all_faults_and_the_root_first() -> None:
    leaf = issuing().issue("CN=old and small", key=pki.rsa_key("small", 1024), end=NOW - YEAR / 2)
    store = TrustStore([root().certificate], min_rsa_bits=2048)
    assert [fault for fault, _ in found(judge(store, leaf))] == [
        "cert-chain-incomplete",
        "key-too-weak",
        "cert-expired",
    ]


def test_revoked() -> None:
    serial = client().certificate.serial
    lists = [issuing().revocation_list(serial)]
    store = TrustStore([root().certificate], [issuing().certificate], revocation_lists=lists)
    assert found(judge(store, client())) == [("cert-revoked", "certificate-revoked")]
    assert "keyCompromise" in judge(store, client()).faults[0].says
    pinned = TrustStore([], [issuing().certificate], [client().certificate], lists)
    assert found(judge(pinned, client())) == [("cert-revoked", "certificate-revoked")]
    alone = TrustStore(known=[client().certificate], revocation_lists=lists)
    assert found(judge(alone, client())) == [("cert-revoked", "certificate-revoked")]
    other = TrustStore([root().certificate], [issuing().certificate], [], [issuing().revocation_list(serial + 1)])
    assert not judge(other, client()).faults


def test_a_revocation_list_that_cannot_be_relied_on_is_told() -> None:
    stale = issuing().revocation_list(next_update=NOW - timedelta(days=1))
    store = TrustStore([root().certificate], [issuing().certificate], [], [stale])
    assert not judge(store, client()).faults
    assert len(judge(store, client()).unchecked) == 1
    forger = issue(None, "C=DE", "O=Test", "OU=PKI", "CN=Issuing", ca=True, key=pki.rsa_key("forger"))
    forged = forger.revocation_list(client().certificate.serial)
    store = TrustStore([root().certificate], [issuing().certificate], [], [forged])
    assert not judge(store, client()).faults
    assert len(judge(store, client()).unchecked) == 1


def test_issuers_that_may_not_issue(store: TrustStore) -> None:
    leaf = issuing().issue("CN=leaf")
    below = leaf.issue("CN=below")
    assert found(judge(store, below, sent=(leaf.certificate,))) == [("cert-untrusted", "issuer-is-no-authority")]
    signer = root().issue("CN=signer", ca=True, usage=("digital_signature",))
    assert found(judge(store, signer.issue("CN=below"), sent=(signer.certificate,))) == [
        ("cert-untrusted", "issuer-may-not-sign")
    ]
    last = root().issue("CN=last", ca=True, path_length=0)
    more = last.issue("CN=more", ca=True)
    sent = (last.certificate, more.certificate)
    assert found(judge(store, more.issue("CN=below"), sent=sent)) == [("cert-untrusted", "path-too-long")]
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    strange = issuing().issue("CN=strange", extensions=((unknown, True),))
    assert found(judge(store, strange)) == [("cert-untrusted", "critical-extension-unknown")]


def test_name_constraints_are_not_judged_and_told() -> None:
    limits = x509.NameConstraints([x509.DNSName("example.org")], None)
    narrow = root().issue("CN=narrow", ca=True, extensions=((limits, True),))
    path = judge(TrustStore([root().certificate], [narrow.certificate]), narrow.issue("CN=below"))
    assert not path.faults
    assert len(path.unchecked) == 1


def test_expected_subjects(store: TrustStore) -> None:
    right = parse("CN=CLIENT, OU=Clients, O=Test, C=DE")
    assert not judge(store, client(), subjects=(right,)).faults
    backwards = parse("C=DE,O=Test,OU=Clients,CN=client")
    assert found(judge(store, client(), subjects=(backwards,))) == [
        ("signer-not-authorized", "expected-subject-reversed")
    ]
    assert found(judge(store, client(), subjects=(parse("CN=other"),))) == [
        ("signer-not-authorized", "signer-not-expected")
    ]


def test_nothing_trusted_is_not_checked() -> None:
    path = judge(TrustStore(), client())
    assert not path.complete
    assert path.unchecked == ("trust_anchors",)


def test_a_maze_of_cross_certificates_ends() -> None:
    keys = [pki.rsa_key(f"maze {index}", 1024) for index in range(3)]
    parts = ("C=DE", "CN=Maze")
    maze = [
        issue(Issued(issue(None, *parts, ca=True, key=above).x509, above), *parts, ca=True, key=key)
        for key in keys
        for above in keys
        for _ in range(4)
    ]
    leaf = maze[0].issue("CN=leaf")
    path = judge(TrustStore([root().certificate]), leaf, sent=tuple(each.certificate for each in maze))
    assert not path.complete
