"""Messages of real stacks made fresh: they verify with the new keys, as at the new time."""

from __future__ import annotations

import base64

import pytest
from lxml import etree

from tests.present import present
from tests.wsse.renewing import NOW, Captured, accepted, identities, identity
from wssdoctor.capture.capture import Attachment, Capture
from wssdoctor.errors import InputError
from wssdoctor.provider.decryption import Keys
from wssdoctor.provider.request import Request
from wssdoctor.wsse import names
from wssdoctor.wsse.document import parse_document
from wssdoctor.wsse.material import Material
from wssdoctor.wsse.message import Message, parse
from wssdoctor.wsse.renewal import Renewed, renewed

_FRESH = (
    f"{{{names.DS}}}SignatureValue",
    f"{{{names.XENC}}}CipherValue",
    f"{{{names.WSSE}}}Nonce",
    f"{{{names.WSU}}}Created",
    *(f"{{{each}}}Nonce" for each in names.WSC),
)
"""What is never as it was. A signature by RSA PKCS#1 v1.5 over the same content would be the same."""


def texts(envelope: bytes) -> list[str]:
    """What must be fresh; contents of MIME parts aside."""
    found = parse_document(envelope).iter(*_FRESH)
    return [(one.text or "").strip() for one in found if (one.text or "").strip()]


def operation(captured: Captured, fresh: Renewed) -> str | None:
    """The operation that the receiver finds once it has decrypted what its keys open."""
    own = captured.context
    parts = {one: octets for one, octets in captured.attachments.items() if one not in fresh.left_out}
    capture = Capture(
        name=captured.name,
        request=None,
        response=None,
        envelope=fresh.envelope,
        content_type=None,
        attachments=tuple(Attachment(one, "", octets) for one, octets in (parts | dict(fresh.attachments)).items()),
    )
    message = Request.of(capture, keys=Keys(own.private_keys, tuple(own.shared_keys.items()))).message
    assert isinstance(message, Message)
    return message.operation


def test_what_is_made_fresh_verifies_with_the_probe() -> None:
    for name, captured in accepted().items():
        fresh = captured.renewed()
        assert captured.judged(fresh).verdict == "accept", name
        assert not set(texts(captured.envelope)) & set(texts(fresh.envelope)), name
        if fresh.handshake is None:
            assert operation(captured, fresh) == f"{{{names.PROBE}}}Probe", name


def test_the_payload_and_the_shape_stay() -> None:
    """The same elements with the same algorithms in the same order; encrypted and MIME messages are the hard ones."""
    for name, captured in accepted().items():
        if captured.encrypted or captured.attachments or name.startswith("wss4j/"):
            fresh = captured.renewed(probe=False)
            assert captured.judged(fresh).verdict == "accept", name
            before, after = parse_document(captured.envelope), parse_document(fresh.envelope)
            assert [one.tag for one in before.iter("*")] == [one.tag for one in after.iter("*")], name
            assert [one.get("Algorithm") for one in before.iter("*")] == [
                one.get("Algorithm") for one in after.iter("*")
            ]
            assert not fresh.left_out


def test_an_encrypted_payload_is_replaced_without_the_key_that_opens_it() -> None:
    """The consumer holds the recipient's certificate alone; encrypted headers are refused, and named."""
    refused = set()
    for name, captured in accepted().items():
        if captured.encrypted:
            try:
                fresh = captured.renewed(decryption_keys=())
            except InputError as error:
                assert all("no key that was given opens it" in one.what for one in error.problems), error.problems
                assert all("--decryption-key" in one.hint for one in error.problems)
                refused.add(name)
                continue
            assert captured.judged(fresh).verdict == "accept", name
    told = {name for name in accepted() if name.startswith("saml/saml20-encrypted-")}
    assert refused == told | {
        "wss4j/enc-header", "wss4j/enc-username", "wss4j/two-receivers",
        "wss4j/sign-then-encrypt-signature", "wss4j/sign-then-encrypt-gcm-element",
    }  # fmt: skip


def one(name: str) -> Captured:
    return accepted()[name]


@pytest.mark.parametrize("opening", [True, False])
@pytest.mark.parametrize("name", ["wss4j/sign-then-encrypt", "wss4j/encrypt-then-sign"])
def test_signing_and_encrypting_keep_their_order(name: str, opening: bool) -> None:
    """Of the octets that were sent, the digest of the Body holds only where it was signed after it was encrypted."""
    fresh = one(name).renewed() if opening else one(name).renewed(decryption_keys=())
    root = parse_document(fresh.envelope)
    body = present(parse(fresh.envelope).body)
    reference = present(root.find(f".//{{{names.DS}}}Reference[@URI='#{body.get(names.WSU_ID)}']"))
    octets = etree.tostring(present(root.find(body.tag)), method="c14n", exclusive=True, with_comments=False)
    from hashlib import sha1, sha256

    digests = {base64.b64encode(each(octets).digest()).decode() for each in (sha1, sha256)}
    holds = reference.findtext(f"{{{names.DS}}}DigestValue") in digests
    assert holds == (name == "wss4j/encrypt-then-sign")


def test_another_recipient_is_named_in_the_captured_way() -> None:
    other = identity("server2").certificate
    fresh = one("wss4j/enc-thumbprint").renewed(recipients=(other,))
    found = parse_document(fresh.envelope).find(f".//{{{names.XENC}}}EncryptedKey//{{{names.WSSE}}}KeyIdentifier")
    assert found is not None
    assert found.text == base64.b64encode(other.thumbprint).decode()
    assert "recipient of the encryption" in fresh.changed


def test_what_is_lacking_is_named_with_what_to_do() -> None:
    for name, words in {
        "wss4j/ut-digest": "PasswordDigest",
        "wss4j/sig-bst": "no key is given",
        "wss4j/ut-derived-key": "no password of user",
        "wss4j/sct-dksign-v1": "security context",
        "xmlsec1/hmac-sha256": "no key is known",
        "wss4j/enc-thumbprint": "certificate is not at hand",
    }.items():
        with pytest.raises(InputError) as caught:
            renewed(one(name).envelope, Material(now=NOW))
        assert any(words in problem.what for problem in caught.value.problems), (name, caught.value.problems)
        assert all(problem.hint for problem in caught.value.problems)
        assert not any("cannot be encrypted anew: the" in problem.what for problem in caught.value.problems)


def test_what_follows_from_another_lack_is_not_named() -> None:
    with pytest.raises(InputError) as caught:
        renewed(one("wss4j/sct-dkboth-v2").envelope, Material(now=NOW))
    assert len(caught.value.problems) == 1
    with pytest.raises(InputError) as caught:
        renewed(one("wss4j/sign-then-encrypt").envelope, Material(now=NOW))
    assert len(caught.value.problems) == 2  # the key to sign with, and for whom to encrypt


def test_nothing_names_the_operation_beside_the_probe() -> None:
    captured = one("wss4j/sig-addressing")
    fresh = captured.renewed()
    actions = [each.text for each in parse_document(fresh.envelope).iter(f"{{{names.WSA}}}Action")]
    assert actions == [names.PROBE]
    kept = captured.renewed(probe=False)
    assert names.PROBE.encode() not in kept.envelope


def test_a_signature_takes_the_key_that_it_names() -> None:
    two = identities()[1:5], identities()[:1]  # the only one of RSA that it could take
    fresh = one("wss4j/sig-bst").renewed(identities=two[0] + two[1])
    assert "BinarySecurityToken" not in fresh.changed
    with pytest.raises(InputError):
        one("wss4j/sig-bst").renewed(identities=two[0])


def test_material_shows_no_secret() -> None:
    lent = one("xmlsec1/hmac-sha256").material(passwords={"u": "s3cret"})
    assert "s3cret" not in repr(lent)
    assert "PRIVATE" not in repr(lent)


@pytest.mark.parametrize(
    "name", ["wss4j/saml20-hok", "wss4j/saml11-hok", "pyxmlsec/saml20-sv", "saml/saml20-encrypted-aes256-gcm"]
)
def test_an_assertion_of_a_file_takes_the_place_of_the_captured_one(name: str) -> None:
    plain = "saml/saml20-bearer" if "encrypted" in name else name
    source = parse(one(plain).renewed().envelope).security[0].assertions[0].element
    fresh = one(name).renewed(assertion=etree.tostring(source, with_tail=False), issuer=None)
    assert one(name).judged(fresh).verdict == "accept"
    assert "SAML assertion" in fresh.changed
    assert not fresh.kept


def test_an_assertion_without_source_stays_and_is_told() -> None:
    fresh = one("wss4j/saml20-hok").renewed(issuer=None)
    assert fresh.kept == ("the SAML assertion is as old as the capture",)
    with pytest.raises(InputError) as caught:
        one("wss4j/saml20-hok").renewed(issuer=None, identities=identities()[1:])
    assert "holder of another key" in caught.value.problems[0].what


@pytest.mark.parametrize("octets", [b"<a/>", b'<Assertion xmlns="urn:oasis:names:tc:SAML:1.0:assertion"/>'])
def test_what_is_no_fitting_assertion_is_refused(octets: bytes) -> None:
    with pytest.raises(InputError):
        one("wss4j/saml20-hok").renewed(assertion=octets)
