from __future__ import annotations

import base64
from datetime import timedelta
from functools import cache

import pytest
from lxml import etree
from msgspec.structs import replace

from tests.present import present
from tests.wsse import encrypting
from tests.wsse.encrypting import data_references, encrypted_data, message, private_key, reference, transport
from tests.wsse.pki import NOW, YEAR, Issued, client, issue, issuing, root, server
from tests.wsse.signing import by_id, sign, x509_data
from wssdoctor.wsse import names, verify
from wssdoctor.wsse.context import Context, SamlExpectation
from wssdoctor.wsse.document import parse_document
from wssdoctor.wsse.saml_assertion import read_saml_assertion
from wssdoctor.wsse.verification import Verification

AUDIENCE, RECIPIENT, ISSUER = "https://erp.example.com/saml", "https://erp.example.com/srt", "urn:sts"
VERSIONS = ("1.1", "2.0")
KINDS = ("bearer", "holder-of-key", "sender-vouches")


@cache
def sts() -> Issued:
    return issuing().issue("C=DE", "O=Test", "CN=sts")


def context(**changes: object) -> Context:
    ordinary = Context(
        time=NOW,
        max_future=timedelta(seconds=60),
        trust_anchors=(root().certificate,),
        intermediates=(issuing().certificate,),
        decryption_keys=(private_key(server()),),
        saml=SamlExpectation(ISSUER, AUDIENCE, RECIPIENT),
        require_tokens=("Assertion",),
    )
    return replace(ordinary, **changes)


def at(minutes: int) -> str:
    return (NOW + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def assertion(version: str, kind: str, *, key_info: str = "", name: str = "alice") -> str:
    """An unsigned assertion; ``key_info`` is the holder's."""
    key = f'<ds:KeyInfo xmlns:ds="{names.DS}">{key_info}</ds:KeyInfo>' if key_info else ""
    window = f'NotBefore="{at(-5)}" NotOnOrAfter="{at(5)}"'
    if version == "2.0":
        return (
            f'<saml:Assertion xmlns:saml="{names.SAML2}" Version="2.0" ID="_a" IssueInstant="{at(-5)}">'
            f"<saml:Issuer>{ISSUER}</saml:Issuer><saml:Subject><saml:NameID>{name}</saml:NameID>"
            f'<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:{kind}"><saml:SubjectConfirmationData'
            f' NotOnOrAfter="{at(5)}" Recipient="{RECIPIENT}">{key}</saml:SubjectConfirmationData>'
            f"</saml:SubjectConfirmation></saml:Subject><saml:Conditions {window}><saml:AudienceRestriction>"
            f"<saml:Audience>{AUDIENCE}</saml:Audience></saml:AudienceRestriction></saml:Conditions></saml:Assertion>"
        )
    return (
        f'<saml:Assertion xmlns:saml="{names.SAML1}" MajorVersion="1" MinorVersion="1" AssertionID="_a" Issuer="{ISSUER}"'
        f' IssueInstant="{at(-5)}"><saml:Conditions {window}><saml:AudienceRestrictionCondition><saml:Audience>{AUDIENCE}'
        "</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions><saml:AuthenticationStatement><saml:Subject>"
        f"<saml:NameIdentifier>{name}</saml:NameIdentifier><saml:SubjectConfirmation><saml:ConfirmationMethod>"
        f"urn:oasis:names:tc:SAML:1.0:cm:{kind}</saml:ConfirmationMethod>{key}</saml:SubjectConfirmation></saml:Subject>"
        "</saml:AuthenticationStatement></saml:Assertion>"
    )


def build(
    version: str = "2.0",
    kind: str = "bearer",
    *,
    issuer: Issued | None = None,
    key_info: str = "",
    sender: Issued | bytes | None = None,
    covers: tuple[str, ...] = ("body", "_a"),
    edit: tuple[str, str] | None = None,
    issuer_info: str | None = None,
    name: str = "alice",
) -> bytes:
    """A message with an assertion that its issuer signed and, with a ``sender``, one signature of the message."""
    text = assertion(version, kind, key_info=key_info, name=name)
    if edit:
        assert edit[0] in text
        text = text.replace(*edit)
    tree = parse_document(message(text, "<x/>").encode())
    found = by_id(tree, "_a")
    signer = issuer or sts()
    if kind != "sender-vouches":
        info = x509_data(signer.der) if issuer_info is None else issuer_info
        sign(tree, {"_a": found}, found, signer.key, info, enveloped=True, index=1 if version == "2.0" else None)
    if sender is not None:
        key = sender if isinstance(sender, bytes) else sender.key
        info = x509_data(sender.der) if isinstance(sender, Issued) else assertion_reference(version)
        security = found.getparent()
        assert security is not None
        sign(tree, {each: by_id(tree, each) for each in covers}, security, key, info)
    return etree.tostring(tree)


def assertion_reference(version: str) -> str:
    kind = names.SAML_ID if version == "2.0" else names.SAML_ASSERTION_ID
    return encrypting.key_identifier(kind, "_a").replace(f' EncodingType="{names.BASE64_BINARY}"', "")


def message_of(version: str, kind: str) -> bytes:
    if kind == "bearer":
        return build(version, kind)
    info = x509_data(client().der) if kind == "holder-of-key" else ""
    return build(version, kind, key_info=info, sender=client())


def found(result: Verification) -> list[tuple[str, str | None]]:
    assert all(fault.evidence for fault in result.faults)
    return [(fault.fault, fault.reason) for fault in result.faults]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("version", VERSIONS)
def test_an_assertion_that_holds(version: str, kind: str) -> None:
    result = verify(message_of(version, kind), context())
    assert (result.verdict, result.faults, result.missing) == ("accept", (), ())


@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_assertion_says(version: str) -> None:
    text = assertion(version, "bearer", name="al<!-- cut here -->ice@example.com")
    read = read_saml_assertion(parse_document(text.encode()))
    assert (read.version, read.identifier, read.issuer) == (version, "_a", ISSUER)
    assert read.name_id == "alice@example.com", "read whole, over the comment"
    assert read.kinds == ("bearer",)
    assert read.audiences == ((AUDIENCE,),)


EDITS = [
    (ISSUER, "urn:other", ("saml-issuer-unknown", "issuer-name-not-configured")),
    (ISSUER, "URN:sts", ("saml-issuer-unknown", "letter-case")),
    (AUDIENCE, "urn:other", ("saml-audience-mismatch", "assertion-for-another-audience")),
    (AUDIENCE, AUDIENCE + "/", ("saml-audience-mismatch", "trailing-slash")),
    (f'NotBefore="{at(-5)}"', f'NotBefore="{at(2)}"', ("saml-not-yet-valid", "sts-clock-ahead")),
    (f'IssueInstant="{at(-5)}"', f'IssueInstant="{at(2)}"', ("saml-not-yet-valid", "sts-clock-ahead")),
    (f'NotOnOrAfter="{at(5)}"', f'NotOnOrAfter="{at(0)}"', ("saml-expired", "assertion-used-late")),
    (f'NotBefore="{at(-5)}"', 'NotBefore="yesterday"', ("token-malformed", None)),
    (":cm:bearer", ":cm:other", ("saml-confirmation-failed", "confirmation-method-unknown")),
]


@pytest.mark.parametrize(("old", "new", "expected"), EDITS)
@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_issuer_said_does_not_fit(version: str, old: str, new: str, expected: tuple[str, str | None]) -> None:
    result = verify(build(version, edit=(old, new)), context())
    assert result.verdict == "reject"
    assert found(result)[0] == expected


def test_another_recipient() -> None:
    edit = (f'Recipient="{RECIPIENT}"', 'Recipient="https://erp.example.com/other"')
    assert found(verify(build(edit=edit), context())) == [
        ("saml-recipient-mismatch", "assertion-for-another-recipient")
    ]
    assert verify(build(edit=edit), context(saml=SamlExpectation(ISSUER, AUDIENCE))).verdict == "accept"


def test_a_little_ahead_is_tolerated() -> None:
    edit = (f'NotBefore="{at(-5)}"', f'NotBefore="{at(1)}"')
    assert verify(build(edit=edit), context()).verdict == "accept"


def test_one_confirmation_that_holds_is_enough() -> None:
    other = '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"/>'
    edit = ("</saml:NameID>", f"</saml:NameID>{other}")
    assert verify(build(edit=edit), context()).verdict == "accept"


def test_the_issuer_must_be_trusted() -> None:
    stranger = issue(None, "C=FR", "CN=stranger")
    assert found(verify(build(issuer=stranger), context())) == [("saml-issuer-untrusted", "self-signed-certificate")]
    rogue = issue(None, "C=FR", "O=Rogue", "CN=Root", ca=True).issue("C=FR", "O=Rogue", "CN=sts")
    assert found(verify(build(issuer=rogue), context())) == [
        ("saml-issuer-untrusted", "assertion-signed-by-an-untrusted-sts")
    ]
    old = issuing().issue("CN=old sts", start=NOW - 2 * YEAR, end=NOW - YEAR)
    assert found(verify(build(issuer=old), context())) == [("saml-issuer-cert-expired", "sts-certificate-expired")]
    assert verify(build(issuer=stranger), context(known_certs=(stranger.certificate,))).verdict == "accept"


def test_nothing_to_trust_with_is_not_checked() -> None:
    result = verify(build(), context(trust_anchors=(), intermediates=()))
    assert (result.verdict, result.missing) == ("undecided", ("trust_anchors",))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["bearer", "holder-of-key"])
def test_the_issuer_must_sign(version: str, kind: str) -> None:
    tree = etree.fromstring(message_of(version, kind))
    inner = present(by_id(tree, "_a").find(f"{{{names.DS}}}Signature"))
    by_id(tree, "_a").remove(inner)
    assert "saml-signature-missing" in [fault for fault, _ in found(verify(etree.tostring(tree), context()))]


def test_an_altered_assertion() -> None:
    result = verify(build().replace(b">alice<", b">admin<"), context())
    assert found(result)[0][0] == "digest-mismatch"
    assert result.faults[0].where == "Assertion"


# Confirmation -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_the_holder_is_named_by_the_assertion(version: str) -> None:
    """The signature refers to the assertion for its key; the holder's certificate need not be trusted."""
    holder = issue(None, "CN=holder")
    tree = etree.fromstring(build(version, "holder-of-key", key_info=x509_data(holder.der)))
    sign(
        tree,
        {"body": by_id(tree, "body")},
        present(by_id(tree, "_a").getparent()),
        holder.key,
        assertion_reference(version),
    )
    result = verify(etree.tostring(tree), context(require_signed=("Body",)))
    assert (result.verdict, result.faults) == ("accept", ())


def test_a_holder_with_a_secret() -> None:
    secret = bytes(range(32))
    key = transport(server(), secret, "").replace("<xenc:EncryptedKey", f'<xenc:EncryptedKey xmlns:xenc="{names.XENC}"')
    plain = f'<w:BinarySecret xmlns:w="{names.WST_13}">{base64.b64encode(secret).decode()}</w:BinarySecret>'
    for info in (plain, key):
        source = build("2.0", "holder-of-key", key_info=info, sender=secret)
        assert found(verify(source, context(require_signed=("Body",)))) == []
        wrong = build("2.0", "holder-of-key", key_info=info, sender=bytes(32))
        assert "saml-confirmation-failed" in [fault for fault, _ in found(verify(wrong, context()))]


def test_the_holder_must_sign_the_message() -> None:
    info = x509_data(client().der)
    assert found(verify(build("2.0", "holder-of-key", key_info=info), context())) == [
        ("saml-confirmation-failed", "message-not-signed-by-holder")
    ]
    assert found(verify(build("2.0", "holder-of-key", key_info=info, sender=server()), context())) == [
        ("saml-confirmation-failed", "signed-with-a-key-that-is-not-the-holders")
    ]
    assert found(verify(build("2.0", "holder-of-key", sender=client()), context())) == [
        ("saml-confirmation-failed", "holder-key-missing")
    ]


@pytest.mark.parametrize("covers", [("body",), ("_a",), None])
def test_the_sender_must_vouch(covers: tuple[str, ...] | None) -> None:
    if covers is None:
        source = build("2.0", "sender-vouches")
    else:
        source = build("2.0", "sender-vouches", sender=client(), covers=covers)
    assert found(verify(source, context())) == [("saml-confirmation-failed", "sender-does-not-vouch")]


# Wrapping ---------------------------------------------------------------------------------------------------


def evil(tree: etree._Element) -> etree._Element:
    """A copy of the signed assertion that names another user."""
    copy = etree.fromstring(etree.tostring(by_id(tree, "_a"), with_tail=False))
    copy.set("ID", "_evil")
    present(copy.find(f".//{{{names.SAML2}}}NameID")).text = "admin"
    return copy


def wrap(shape: int) -> bytes:
    tree = etree.fromstring(build())
    real, forged = by_id(tree, "_a"), evil(tree)
    security, signature = present(real.getparent()), present(forged.find(f"{{{names.DS}}}Signature"))
    if shape in (1, 2, 3):
        forged.remove(signature)
    match shape:
        case 1:  # the forged one before the real one
            security.insert(0, forged)
        case 2:  # after it
            security.append(forged)
        case 3:  # around it
            security.remove(real)
            forged.append(real)
            security.append(forged)
        case 4:  # the forged one has the signature, which holds the real one
            security.remove(real)
            holder = etree.SubElement(signature, f"{{{names.DS}}}Object")
            holder.append(real)
            security.append(forged)
        case 5:  # the same Id twice
            forged.set("ID", "_a")
            security.insert(0, forged)
        case 6:  # the real one in Extensions of the forged one, which keeps the signature
            security.remove(real)
            etree.SubElement(forged, "Extensions").append(real)
            security.append(forged)
        case 7:  # the real one elsewhere in the header
            security.remove(real)
            etree.SubElement(present(security.getparent()), "Other").append(real)
            security.append(forged)
        case 8:  # the real one in the Body
            security.remove(real)
            by_id(tree, "body").append(real)
            security.append(forged)
    return etree.tostring(tree)


@pytest.mark.parametrize("shape", range(1, 9))
def test_wrapped_assertions(shape: int) -> None:
    result = verify(wrap(shape), context())
    assert result.verdict == "reject"
    assert {"signature-wrapped", "duplicate-id"} & {fault.fault for fault in result.faults}


# Encrypted and in a Response --------------------------------------------------------------------------------


def encrypted_assertion() -> bytes:
    plain = etree.tostring(by_id(etree.fromstring(build()), "_a"), with_tail=False).decode()
    secret = bytes(16)
    data = encrypted_data(plain, names.AES128_GCM, secret, reference("#ek"), kind=names.ENCRYPTED_ELEMENT)
    wrapper = f'<saml:EncryptedAssertion xmlns:saml="{names.SAML2}">{data}</saml:EncryptedAssertion>'
    return message(transport(server(), secret, "", lists=data_references("ed")) + wrapper, "<x/>").encode()


def test_an_encrypted_assertion() -> None:
    source = encrypted_assertion()
    assert verify(source, context()).verdict == "accept"
    without = verify(source, context(decryption_keys=()))
    assert (without.verdict, found(without)[0][0]) == ("reject", "decryption-key-not-found")


@pytest.mark.parametrize("around", [False, True])
def test_a_response(around: bool) -> None:
    """Signed is either the assertion or the Response around it."""
    text = assertion("2.0", "bearer")
    tree = parse_document(
        f'<p:Response xmlns:p="{names.SAML2P}" ID="_r" Version="2.0" Destination="{RECIPIENT}">{text}</p:Response>'.encode()
    )
    target = tree if around else by_id(tree, "_a")
    identifier = "_r" if around else "_a"
    sign(tree, {identifier: target}, target, sts().key, x509_data(sts().der), enveloped=True, index=1)
    source = etree.tostring(tree)
    result = verify(source, context(require_tokens=()))
    assert (result.verdict, result.faults) == ("accept", ())
    assert found(verify(source.replace(b">alice<", b">admin<"), context()))[0][0] == "digest-mismatch"
    unsigned = parse_document(source)
    holder = unsigned if around else by_id(unsigned, "_a")
    holder.remove(present(holder.find(f"{{{names.DS}}}Signature")))
    assert [fault for fault, _ in found(verify(etree.tostring(unsigned), context()))] == ["saml-signature-missing"]
