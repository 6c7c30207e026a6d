"""Messages whose signature, tokens or document were damaged, and the wrapping shapes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from itertools import cycle, islice
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_der_x509_certificate
from edits import Edit, NotApplicableError, altered, body, each, element, find, refused, replace, substitute
from kit import DS, EXC, MORE, WSSE, WSU, XENC, Message, certificate
from lxml import etree

REJECTED = Callable[..., dict[str, Any]]
SIG = r"(?:[\w-]+:)?"


def drop(local: str) -> Edit:
    """Return an edit that removes the first element of this name."""
    return lambda t: replace(t, element(t, local), "")


def attribute(local: str, name: str, new: str) -> Edit:
    """Return an edit of one attribute of the first element of this name."""
    return lambda t: substitute(t, rf'(<{SIG}{local}\b[^>]*\b{name}=")[^"]*', lambda m: m.group(1) + new)


def signed_id(text: str, local: str) -> str:
    """Return the Id of an element."""
    return find(element(text, local), r'\bId="([^"]*)"').group(1)


def flip(local: str) -> Edit:
    """Return an edit of one base64 character in the first element of this name."""

    def apply(text: str) -> str:
        match = find(text, rf"<{SIG}{local}\b[^>]*>\s*([A-Za-z0-9+/=\s]+)")
        at = match.start(1) + 5
        return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]

    return apply


def structural(bases: list[Message]) -> list[Message]:
    """Damage what holds the signature together, two producers each."""
    table: list[tuple[str, Edit, dict[str, Any]]] = [
        ("digest-value", flip("DigestValue"), refused("signature-value-mismatch", "digest-value-altered", "SignedInfo", "digest-mismatch")),
        ("signature-value", flip("SignatureValue"), refused("signature-value-mismatch", "signature-value-altered", "SignedInfo")),
        ("signature-value-empty", lambda t: substitute(t, rf"(<{SIG}SignatureValue\b[^>]*>)[^<]*", r"\1"), refused("signature-malformed", "signature-value-emptied", "Signature", "signature-value-mismatch")),
        ("signature-value-truncated", lambda t: substitute(t, rf"(<{SIG}SignatureValue\b[^>]*>\s*[^<]{{40}})[^<]*", r"\1"), refused("signature-value-mismatch", "signature-value-truncated", "SignedInfo", "signature-malformed")),
        ("signature-value-not-base64", lambda t: substitute(t, rf"(<{SIG}SignatureValue\b[^>]*>)", r"\1!*"), refused("signature-malformed", "signature-value-not-base64", "Signature", "signature-value-mismatch")),
        ("signature-value-removed", drop("SignatureValue"), refused("signature-malformed", "signature-value-removed", "Signature")),
        ("signedinfo-pretty", lambda t: substitute(t, rf"(<{SIG}SignedInfo\b[^>]*>)(?=<)", r"\1" + "\n      "), refused("signature-value-mismatch", "signedinfo-pretty-printed", "SignedInfo", reason="whitespace-added")),
        ("signedinfo-removed", drop("SignedInfo"), refused("signature-malformed", "signedinfo-removed", "Signature")),
        ("signedinfo-twice", lambda t: replace(t, element(t, "SignedInfo"), element(t, "SignedInfo") * 2), refused("signature-malformed", "two-signedinfo", "Signature")),
        ("digest-comment", lambda t: substitute(t, rf"(<{SIG}DigestValue\b[^>]*>[^<]{{4}})", r"\1<!-- x -->"), refused("signature-malformed", "comment-inside-digest-value", "SignedInfo", "signature-value-mismatch")),
        ("sigmethod-unknown", attribute("SignatureMethod", "Algorithm", "urn:example:unknown"), refused("algorithm-unknown", "unknown-signature-method", "SignedInfo")),
        ("sigmethod-other", attribute("SignatureMethod", "Algorithm", MORE + "rsa-sha512"), refused("signature-value-mismatch", "signature-method-changed", "SignedInfo")),
        ("sigmethod-ecdsa", attribute("SignatureMethod", "Algorithm", MORE + "ecdsa-sha256"), refused("algorithm-key-mismatch", "ecdsa-declared-for-an-rsa-key", "SignedInfo", "signature-value-mismatch")),
        ("digestmethod-unknown", attribute("DigestMethod", "Algorithm", "urn:example:unknown"), refused("algorithm-unknown", "unknown-digest-method", "SignedInfo", "signature-value-mismatch")),
        ("digestmethod-other", attribute("DigestMethod", "Algorithm", XENC + "sha512"), refused("signature-value-mismatch", "digest-method-changed", "SignedInfo", "digest-mismatch")),
        ("c14nmethod-unknown", attribute("CanonicalizationMethod", "Algorithm", "urn:example:unknown"), refused("algorithm-unknown", "unknown-canonicalization", "SignedInfo")),
        ("transform-unknown", attribute("Transform", "Algorithm", "urn:example:unknown"), refused("algorithm-unknown", "unknown-transform", "SignedInfo", "signature-value-mismatch")),
        ("transform-xslt", attribute("Transform", "Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116"), refused("algorithm-unknown", "xslt-transform", "SignedInfo", "signature-value-mismatch", "algorithm-forbidden")),
        ("reference-uri", lambda t: substitute(t, rf'(<{SIG}Reference URI="#)', r"\1x"), refused("signature-value-mismatch", "reference-uri-changed", "SignedInfo", "reference-unresolved")),
        ("body-id", lambda t: substitute(t, rf'(<{SIG}Body\b[^>]*\bId=")', r"\1x"), refused("reference-unresolved", "body-id-changed", "Body")),
        ("body-id-removed", lambda t: substitute(t, rf'(<{SIG}Body\b[^>]*?) (?:[\w-]+:)?Id="[^"]*"', r"\1"), refused("reference-unresolved", "body-id-removed", "Body")),
        ("timestamp-id", lambda t: substitute(t, rf'(<{SIG}Timestamp\b[^>]*\bId=")', r"\1x"), refused("reference-unresolved", "timestamp-id-changed", "Timestamp")),
        ("keyinfo-removed", drop("KeyInfo"), refused("key-info-missing", "keyinfo-removed", "KeyInfo", "key-not-found")),
        ("signature-removed", drop("Signature"), refused("signature-missing", "signature-removed", "Security", "required-part-not-signed")),
        ("header-removed", drop("Security"), refused("security-header-missing", "security-header-removed", "Security")),
        ("header-emptied", lambda t: substitute(t, rf"(<{SIG}Security\b[^>]*>).*(</{SIG}Security>)", r"\1\2"), refused("signature-missing", "security-header-emptied", "Security", "required-part-not-signed", "timestamp-missing", "username-token-missing")),
        ("header-namespace", lambda t: replace(t, WSSE, "http://schemas.xmlsoap.org/ws/2003/06/secext", 99), refused("security-header-namespace", "draft-namespace", "Security", "security-header-missing")),
        ("header-twice", lambda t: replace(t, element(t, "Security"), element(t, "Security") * 2), refused("security-header-duplicate", "security-header-repeated", "Security", "duplicate-id")),
        ("body-id-duplicate", lambda t: substitute(t, rf"(</{SIG}Header>)", lambda m: f'<x:Extra xmlns:x="urn:example:x" xmlns:wsu="{WSU}" wsu:Id="{signed_id(t, "Body")}"/>' + m.group(1)), refused("duplicate-id", "id-of-the-body-used-twice", "Body", "signature-wrapped")),
        ("token-removed", drop("BinarySecurityToken"), refused("token-reference-unresolved", "token-removed", "BinarySecurityToken")),
        ("token-garbage", lambda t: substitute(t, rf"(<{SIG}BinarySecurityToken\b[^>]*>)[^<]*", r"\1bm90IGEgY2VydGlmaWNhdGU="), refused("token-malformed", "token-is-no-certificate", "BinarySecurityToken")),
        ("token-truncated", lambda t: substitute(t, rf"(<{SIG}BinarySecurityToken\b[^>]*>\s*[^<]{{300}})[^<]*", r"\1"), refused("token-malformed", "token-truncated", "BinarySecurityToken")),
        ("token-replaced", lambda t: substitute(t, rf"(<{SIG}BinarySecurityToken\b[^>]*>)[^<]*", lambda m: m.group(1) + certificate("client-other")), refused("signature-value-mismatch", "token-replaced", "SignedInfo")),
        ("token-issuer", lambda t: substitute(t, rf"(<{SIG}BinarySecurityToken\b[^>]*>)[^<]*", lambda m: m.group(1) + certificate("inter-ca")), refused("signature-value-mismatch", "issuers-certificate-sent-instead-of-the-senders", "SignedInfo")),
        ("token-pem", lambda t: substitute(t, rf"(<{SIG}BinarySecurityToken\b[^>]*>)([^<]*)", lambda m: m.group(1) + base64.b64encode(f"-----BEGIN CERTIFICATE-----\n{m.group(2)}\n-----END CERTIFICATE-----\n".encode()).decode()), refused("token-malformed", "pem-encoded-twice", "BinarySecurityToken")),
        ("token-valuetype", attribute("BinarySecurityToken", "ValueType", "urn:example:unknown"), refused("token-malformed", "token-value-type-wrong", "BinarySecurityToken", "token-reference-unresolved")),
        ("token-id", lambda t: substitute(t, rf'(<{SIG}BinarySecurityToken\b[^>]*\bId=")', r"\1x"), refused("token-reference-unresolved", "token-id-changed", "BinarySecurityToken")),
        ("str-uri", lambda t: substitute(t, rf'(SecurityTokenReference\b[^>]*><{SIG}Reference\b[^>]*URI="#)', r"\1x"), refused("token-reference-unresolved", "token-reference-changed", "KeyInfo")),
        ("str-emptied", lambda t: substitute(t, rf"(<{SIG}SecurityTokenReference\b[^>]*>)<.*?(</{SIG}SecurityTokenReference>)", r"\1\2"), refused("token-reference-unresolved", "token-reference-emptied", "KeyInfo", "key-info-missing", "signature-malformed")),
        ("x509-garbage", lambda t: substitute(t, rf"(<{SIG}X509Certificate\b[^>]*>)[^<]*", r"\1AAAA"), refused("token-malformed", "certificate-is-garbage", "KeyInfo")),
        ("x509-replaced", lambda t: substitute(t, rf"(<{SIG}X509Certificate\b[^>]*>)[^<]*", lambda m: m.group(1) + certificate("client-other")), refused("signature-value-mismatch", "certificate-replaced", "SignedInfo")),
        ("relative-namespace", body(lambda t: t + '<r:x xmlns:r="relative/uri"/>'), refused("c14n-relative-namespace-uri", "relative-namespace-uri-added", "Body", "digest-mismatch")),
        ("doctype", lambda t: _doctype(t, "<!DOCTYPE e>"), refused("xml-doctype-forbidden", "doctype-added", "document")),
        ("external-entity", lambda t: _doctype(t, '<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/hostname">]>'), refused("xml-doctype-forbidden", "external-entity", "document")),
        ("laughs", lambda t: _doctype(t, "<!DOCTYPE e [<!ENTITY a '" + "ha" * 50 + "'>" + "".join(f"<!ENTITY {b} '{('&' + a + ';') * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "]>"), refused("xml-doctype-forbidden", "entity-expansion", "document")),
        ("default-attribute", lambda t: _doctype(t, '<!DOCTYPE e [<!ATTLIST Body Id CDATA "x">]>'), refused("xml-doctype-forbidden", "attribute-defaults", "document")),
        ("truncated", lambda t: t[: len(t) * 3 // 4], refused("xml-not-well-formed", "message-truncated", "document")),
        ("undeclared-prefix", body(lambda t: t + "<lost:x/>"), refused("xml-not-well-formed", "namespace-declaration-lost", "document")),
        ("mismatched-tag", body(lambda t: t + "<a></b>"), refused("xml-not-well-formed", "tags-do-not-match", "document")),
        ("control-character", body(lambda t: t + "\x01"), refused("xml-not-well-formed", "control-character", "document")),
        ("bare-ampersand", body(lambda t: t + "R & D"), refused("xml-not-well-formed", "ampersand-not-escaped", "document")),
        ("two-roots", lambda t: t + "<x/>", refused("xml-not-well-formed", "two-root-elements", "document")),
        ("text-before", lambda t: "HTTP" + t, refused("xml-not-well-formed", "text-before-the-document", "document")),
        ("html", lambda _t: "<html><head><title>503</title></head><body><p>Service Unavailable<br></body></html>", refused("xml-not-well-formed", "html-instead-of-xml", "document")),
        ("empty", lambda _t: "", refused("xml-not-well-formed", "empty-message", "document")),
    ]
    made = []
    for number, (name, edit, expected) in enumerate(table):
        made += each(islice(cycle(bases), number % len(bases), number % len(bases) + len(bases)), name, edit, expected)
    wrong_encoding = lambda t: re.sub(r"^<\?xml.*?\?>\s*", "", t).encode("latin-1", errors="replace")  # noqa: E731
    non_ascii = [b for b in bases if not b.octets.isascii()]
    made += each(non_ascii, "latin-1-undeclared", None, refused("xml-not-well-formed", "latin-1-octets-without-declaration", "document", reason="character-encoding-mangled"), encode=wrong_encoding)
    return made


def _doctype(text: str, declaration: str) -> str:
    text = re.sub(r"^<\?xml.*?\?>\s*", "", text)
    return declaration + text


def wrapping(bases: list[Message]) -> list[Message]:
    """Make the classic wrapping shapes: signed element elsewhere, a forged one where the receiver reads."""

    def shape(place: Callable[[str, str, str], str], local: str = "Body", keep_id: bool = False) -> Edit:
        def apply(text: str) -> str:
            whole = element(text, local)
            forged = re.sub(r">(25|PO-2207|M-17|TA)<", ">99<", whole) if local == "Body" else re.sub(r"(T)\d\d(:\d\d:\d\d)", r"\g<1>23\2", whole)
            if not keep_id:
                forged = re.sub(r'^(<[^>]*?) (?:[\w-]+:)?Id="[^"]*"', r"\1", forged)
            if forged == whole:
                raise NotApplicableError(local)
            return place(text, whole, forged)

        return apply

    def in_header(text: str, whole: str, forged: str) -> str:
        text = replace(text, whole, forged)
        return substitute(text, rf"(</{SIG}Header>)", lambda m: f'<x:Wrapper xmlns:x="urn:example:x">{whole}</x:Wrapper>' + m.group(1))

    def in_security(text: str, whole: str, forged: str) -> str:
        text = replace(text, whole, forged)
        return substitute(text, rf"(</{SIG}Security>)", lambda m: f'<x:Wrapper xmlns:x="urn:example:x">{whole}</x:Wrapper>' + m.group(1))

    def in_object(text: str, whole: str, forged: str) -> str:
        text = replace(text, whole, forged)
        return substitute(text, rf"(</{SIG}Signature>)", lambda m: f'<o:Object xmlns:o="{DS}">{whole}</o:Object>' + m.group(1))

    def nested(text: str, whole: str, forged: str) -> str:
        return replace(text, whole, re.sub(r"(</[^>]*>)$", lambda m: f'<x:Wrapper xmlns:x="urn:example:x">{whole}</x:Wrapper>' + m.group(1), forged))

    def before(text: str, whole: str, forged: str) -> str:
        return replace(text, whole, forged + whole)

    def after_envelope_end(text: str, whole: str, forged: str) -> str:
        return replace(text, whole, forged + f'<x:Wrapper xmlns:x="urn:example:x">{whole}</x:Wrapper>')

    def header_of_header(text: str, whole: str, forged: str) -> str:
        text = replace(text, whole, forged)
        return substitute(text, rf"(<{SIG}Header\b[^>]*>)", lambda m: m.group(1) + whole)

    wrapped = lambda cause, where, *others: refused("signature-wrapped", cause, where, *others)  # noqa: E731
    body_others = ("required-part-not-signed",)
    table: list[tuple[str, Edit, dict[str, Any]]] = [
        ("xsw-header", shape(in_header), wrapped("signed-body-moved-into-a-header", "Body", *body_others)),
        ("xsw-security", shape(in_security), wrapped("signed-body-moved-into-the-security-header", "Body", *body_others)),
        ("xsw-object", shape(in_object), wrapped("signed-body-moved-into-the-signature", "Body", *body_others, "digest-mismatch")),
        ("xsw-nested", shape(nested), wrapped("signed-body-nested-in-a-forged-one", "Body", *body_others)),
        ("xsw-second-body", shape(before), wrapped("second-body-before-the-signed-one", "Body", *body_others)),
        ("xsw-after-body", shape(after_envelope_end), wrapped("signed-body-moved-behind-the-forged-one", "Body", *body_others)),
        ("xsw-bare-header", shape(header_of_header), wrapped("signed-body-is-a-header-block", "Body", *body_others)),
        ("xsw-same-id", shape(in_header, keep_id=True), refused("duplicate-id", "signed-and-forged-body-share-an-id", "Body", "signature-wrapped", "digest-mismatch")),
        ("xsw-timestamp", shape(in_header, "Timestamp"), wrapped("signed-timestamp-moved-into-a-header", "Timestamp", *body_others)),
        ("xsw-timestamp-security", shape(in_security, "Timestamp"), wrapped("signed-timestamp-wrapped-in-the-security-header", "Timestamp", *body_others)),
        ("xsw-timestamp-same-id", shape(in_header, "Timestamp", keep_id=True), refused("duplicate-id", "signed-and-forged-timestamp-share-an-id", "Timestamp", "signature-wrapped", "digest-mismatch")),
    ]
    made = []
    for number, (name, edit, expected) in enumerate(table):
        made += each(islice(cycle(bases), number % len(bases), number % len(bases) + len(bases)), name, edit, expected, 3)
    return made


def confusion(base: Message) -> list[Message]:
    """Key an HMAC with what is public about the certificate (the RSA/HMAC confusion)."""
    der = base64.b64decode(certificate("client"))
    public = load_der_x509_certificate(der).public_key()
    info = serialization.PublicFormat.SubjectPublicKeyInfo
    keys = {
        "certificate": der,
        "der-key": public.public_bytes(serialization.Encoding.DER, info),
        "pem-key": public.public_bytes(serialization.Encoding.PEM, info),
        "empty-key": b"",
    }
    made = []
    for name, secret in keys.items():

        def resign(text: str, secret: bytes = secret) -> str:
            text = attribute("SignatureMethod", "Algorithm", MORE + "hmac-sha256")(text)
            octets = etree.tostring(etree.fromstring(text.encode()).find(f".//{{{DS}}}SignedInfo"), method="c14n", exclusive=True, inclusive_ns_prefixes=_prefixes(text))
            value = base64.b64encode(hmac.new(secret, octets, hashlib.sha256).digest()).decode()
            return substitute(text, rf"(<{SIG}SignatureValue\b[^>]*>)[^<]*", lambda m: m.group(1) + value)

        made.append(altered(base, f"hmac-confusion-{name}", resign, refused("algorithm-key-mismatch", f"hmac-keyed-with-the-public-{name}", "SignedInfo")))
    return made


def _prefixes(text: str) -> list[str] | None:
    match = re.search(rf'CanonicalizationMethod Algorithm="{re.escape(EXC)}">\s*<\w+:InclusiveNamespaces[^>]*PrefixList="([^"]*)"', text)
    return match.group(1).split() if match else None


def truncated_hmac(bases: list[Message], secret: bytes) -> list[Message]:
    """Truncate an HMAC to nothing, a byte and 40 bits, with a value that fits."""
    made = []
    for bits in (0, 8, 40, 72, 80, 127, 512):

        def resign(text: str, bits: int = bits) -> str:
            text = substitute(text, rf"<({SIG})SignatureMethod Algorithm=\"({re.escape(MORE)}hmac-sha256)\"\s*/?>(?:\s*</[^>]*>)?", rf'<\1SignatureMethod Algorithm="\2"><\1HMACOutputLength>{bits}</\1HMACOutputLength></\1SignatureMethod>')
            octets = etree.tostring(etree.fromstring(text.encode()).find(f".//{{{DS}}}SignedInfo"), method="c14n", exclusive=True)
            value = base64.b64encode(hmac.new(secret, octets, hashlib.sha256).digest()[: bits // 8]).decode()
            return substitute(text, rf"(<{SIG}SignatureValue\b[^>]*>)[^<]*", lambda m: m.group(1) + value)

        others = ("signature-value-mismatch", "signature-malformed")
        made += each(bases, f"truncated-{bits}", resign, refused("hmac-output-too-short" if bits < 128 else "signature-malformed", f"hmac-output-length-{bits}", "SignedInfo", *others, *(["hmac-output-too-short"] if bits == 512 else [])), 1)
    return made
