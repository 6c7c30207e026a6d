"""Context files: every key, relative paths, errors with line and column, all at once."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from tests.present import present
from tests.wsse.signed import authority, signer
from wssdoctor.errors import InputError
from wssdoctor.wsse.context import context_from_data, load_context

GOOD = """\
time: '2026-03-01T12:00:00Z'
max_age_seconds: 300
max_future_seconds: 60
trust_anchors: [root.pem]
intermediates: []
known_certs: [signer.der]
crls: [list.pem]
known_public_keys: [public.pem]
accept_key_value: true
certificate_dates_ignored: true
decryption_keys: [{key: private.pem, cert: signer.der}]
shared_keys_base64: {name: AAAA, '*': BBBB}
users: {alice: secret, bob: 007}
seen_nonces: [abc=]
require_tokens: [Timestamp]
require_signed: [Body, '{urn:x}Head']
require_encrypted: [Body]
forbidden_algorithms: ['urn:x']
min_rsa_bits: 2048
subjects: ['CN=Signer,O=Tests,C=DE']
actor: urn:me
saml: {issuer: i, audience: a, recipient: r}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "root.pem").write_bytes(authority().pem)
    (tmp_path / "signer.der").write_bytes(signer().der)
    (tmp_path / "list.pem").write_bytes(_crl())
    public = signer().key.public_key()
    pem = serialization.Encoding.PEM
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    (tmp_path / "public.pem").write_bytes(public.public_bytes(pem, spki))
    (tmp_path / "private.pem").write_bytes(signer().key_pem())
    return tmp_path


def _crl() -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    now = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority().x509.subject)
    builder = builder.last_update(now).next_update(now + timedelta(days=365))
    return builder.sign(authority().key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def test_every_key(folder: Path) -> None:
    (folder / "context.yaml").write_text(GOOD)
    found = load_context(folder / "context.yaml")
    assert found.time == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert found.max_age == timedelta(seconds=300)
    assert found.max_future == timedelta(seconds=60)
    assert found.trust_anchors == (authority().certificate,)
    assert found.known_certs == (signer().certificate,)
    assert len(found.crls) == len(found.known_public_keys) == len(found.private_keys) == 1
    assert found.private_keys[0].certificate == signer().certificate
    assert found.accept_key_value
    assert found.certificate_dates_ignored
    assert found.shared_key("name") == b"\0\0\0"
    assert found.shared_key("other") == b"\x04\x10\x41"
    assert found.users == {"alice": "secret", "bob": "007"}
    assert found.seen_nonces == {"abc="}
    assert found.require_tokens == ("Timestamp",)
    assert found.require_signed == ("Body", "{urn:x}Head")
    assert found.require_encrypted == ("Body",)
    assert found.forbidden_algorithms == {"urn:x"}
    assert found.min_rsa_bits == 2048
    assert [str(name) for name in found.subjects] == ["CN=Signer,O=Tests,C=DE"]
    assert found.actor == "urn:me"
    assert (found.saml.issuer, found.saml.audience, found.saml.recipient) == ("i", "a", "r")
    again = pickle.loads(pickle.dumps(found))
    assert again.trust_anchors == found.trust_anchors
    assert "secret" not in repr(found)


def test_all_problems_at_once_with_their_places(folder: Path) -> None:
    (folder / "context.yaml").write_text(
        "time: yesterday\ntrust_anchors:\n  - nowhere.pem\n  - private.pem\nshared_keys_base64: {k: '%%'}\nsubjects: [nonsense]\n"
    )
    with pytest.raises(InputError) as caught:
        load_context(folder / "context.yaml")
    lines = [present(present(problem.place).line) for problem in caught.value.problems]
    assert sorted(lines) == [1, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "text", ["tiem: x\n", "users: [a]\n", "max_age_seconds: -1\n", "trust_anchors: root.pem\n", "a: &a [*a]\n"]
)
def test_wrong_keys_and_types(folder: Path, text: str) -> None:
    (folder / "context.yaml").write_text(text)
    with pytest.raises(InputError):
        load_context(folder / "context.yaml")


@pytest.mark.parametrize(
    ("data", "known"),
    [
        ({}, False),
        ({"require_signed": ["Body"]}, False),
        ({"decryption_keys": []}, True),
        ({"require_encrypted": ["Body"]}, True),
    ],
)
def test_whether_a_context_says_which_keys_the_receiver_holds(data: dict[str, Any], known: bool) -> None:
    assert context_from_data(data, Path()).knows_keys is known
