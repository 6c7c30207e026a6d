"""Messages whose signature, tokens or document were damaged."""

from __future__ import annotations

import base64
import re
from itertools import cycle, islice
from typing import Any

from edits import (
    ACCEPT,
    SIG,
    Edit,
    attribute,
    body,
    drop,
    each,
    element,
    find,
    flip,
    refused,
    replace,
    substitute,
)
from kit import MORE, WSSE, WSU, XENC, Message, certificate


def signed_id(text: str, local: str) -> str:
    """Return the Id of an element."""
    return find(element(text, local), r'\bId="([^"]*)"').group(1)


def structural(bases: list[Message], issuers: list[Message]) -> list[Message]:
    """Damage what holds the signature together, two producers each; `issuers` name theirs by issuer and serial number."""
    table: list[tuple[str, Edit, dict[str, Any]]] = [
        (
            "digest-value",
            flip("DigestValue"),
            refused("signature-value-mismatch", "digest-value-altered", "SignedInfo", "digest-mismatch"),
        ),
        (
            "signature-value",
            flip("SignatureValue"),
            refused("signature-value-mismatch", "signature-value-altered", "SignedInfo"),
        ),
        (
            "signature-value-empty",
            lambda t: substitute(t, rf"(<{SIG}SignatureValue\b[^>]*>)[^<]*", r"\1"),
            refused("signature-malformed", "signature-value-emptied", "Signature", "signature-value-mismatch"),
        ),
        (
            "signature-value-truncated",
            lambda t: substitute(t, rf"(<{SIG}SignatureValue\b[^>]*>\s*[^<]{{40}})[^<]*", r"\1"),
            refused("signature-value-mismatch", "signature-value-truncated", "SignedInfo", "signature-malformed"),
        ),
        (
            "signature-value-not-base64",
            lambda t: substitute(t, rf"(<{SIG}SignatureValue\b[^>]*>)", r"\1!*"),
            refused("signature-malformed", "signature-value-not-base64", "Signature", "signature-value-mismatch"),
        ),
        (
            "signature-value-removed",
            drop("SignatureValue"),
            refused("signature-malformed", "signature-value-removed", "Signature"),
        ),
        (
            "signedinfo-pretty",
            lambda t: substitute(t, rf"(<{SIG}SignedInfo\b[^>]*>)(?=<)", r"\1" + "\n      "),
            refused(
                "signature-value-mismatch",
                "signedinfo-pretty-printed",
                "SignedInfo",
                reason="signed-info-pretty-printed",
            ),
        ),
        ("signedinfo-removed", drop("SignedInfo"), refused("signature-malformed", "signedinfo-removed", "Signature")),
        (
            "signedinfo-twice",
            lambda t: replace(t, element(t, "SignedInfo"), element(t, "SignedInfo") * 2),
            refused("signature-malformed", "two-signedinfo", "Signature"),
        ),
        (
            "digest-comment",
            lambda t: substitute(t, rf"(<{SIG}DigestValue\b[^>]*>[^<]{{4}})", r"\1<!-- x -->"),
            refused("signature-malformed", "comment-inside-digest-value", "SignedInfo", "signature-value-mismatch"),
        ),
        (
            "sigmethod-unknown",
            attribute("SignatureMethod", "Algorithm", "urn:example:unknown"),
            refused("algorithm-unknown", "unknown-signature-method", "SignedInfo"),
        ),
        (
            "sigmethod-other",
            attribute("SignatureMethod", "Algorithm", MORE + "rsa-sha512"),
            refused("signature-value-mismatch", "signature-method-changed", "SignedInfo"),
        ),
        (
            "sigmethod-ecdsa",
            attribute("SignatureMethod", "Algorithm", MORE + "ecdsa-sha256"),
            refused(
                "algorithm-key-mismatch", "ecdsa-declared-for-an-rsa-key", "SignedInfo", "signature-value-mismatch"
            ),
        ),
        (
            "digestmethod-unknown",
            attribute("DigestMethod", "Algorithm", "urn:example:unknown"),
            refused("algorithm-unknown", "unknown-digest-method", "SignedInfo", "signature-value-mismatch"),
        ),
        (
            "digestmethod-other",
            attribute("DigestMethod", "Algorithm", XENC + "sha512"),
            refused("signature-value-mismatch", "digest-method-changed", "SignedInfo", "digest-mismatch"),
        ),
        (
            "c14nmethod-unknown",
            attribute("CanonicalizationMethod", "Algorithm", "urn:example:unknown"),
            refused("algorithm-unknown", "unknown-canonicalization", "SignedInfo"),
        ),
        (
            "transform-unknown",
            attribute("Transform", "Algorithm", "urn:example:unknown"),
            refused("algorithm-unknown", "unknown-transform", "SignedInfo", "signature-value-mismatch"),
        ),
        (
            "transform-xslt",
            attribute("Transform", "Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
            refused(
                "algorithm-unknown", "xslt-transform", "SignedInfo", "signature-value-mismatch", "algorithm-forbidden"
            ),
        ),
        (
            "reference-uri",
            lambda t: substitute(t, rf'(<{SIG}Reference URI="#)', r"\1x"),
            refused("signature-value-mismatch", "reference-uri-changed", "SignedInfo", "reference-unresolved"),
        ),
        (
            "body-id",
            lambda t: substitute(t, rf'(<{SIG}Body\b[^>]*\bId=")', r"\1x"),
            refused("reference-unresolved", "body-id-changed", "Body"),
        ),
        (
            "body-id-removed",
            lambda t: substitute(t, rf'(<{SIG}Body\b[^>]*?) (?:[\w-]+:)?Id="[^"]*"', r"\1"),
            refused("reference-unresolved", "body-id-removed", "Body"),
        ),
        (
            "timestamp-id",
            lambda t: substitute(t, rf'(<{SIG}Timestamp\b[^>]*\bId=")', r"\1x"),
            refused("reference-unresolved", "timestamp-id-changed", "Timestamp"),
        ),
        (
            "keyinfo-removed",
            drop("KeyInfo"),
            refused("key-info-missing", "keyinfo-removed", "KeyInfo", "key-not-found"),
        ),
        (
            "signature-removed",
            drop("Signature"),
            refused("signature-missing", "signature-removed", "Security", "required-part-not-signed"),
        ),
        ("header-removed", drop("Security"), refused("security-header-missing", "security-header-removed", "Security")),
        (
            "header-emptied",
            lambda t: substitute(t, rf"(<{SIG}Security\b[^>]*>).*(</{SIG}Security>)", r"\1\2"),
            refused(
                "signature-missing",
                "security-header-emptied",
                "Security",
                "required-part-not-signed",
                "timestamp-missing",
                "username-token-missing",
            ),
        ),
        (
            "header-namespace",
            lambda t: replace(t, WSSE, "http://schemas.xmlsoap.org/ws/2003/06/secext", 99),
            refused("security-header-namespace", "draft-namespace", "Security", "security-header-missing"),
        ),
        (
            "header-twice",
            lambda t: replace(t, element(t, "Security"), element(t, "Security") * 2),
            refused("security-header-duplicate", "security-header-repeated", "Security", "duplicate-id"),
        ),
        (
            "body-id-duplicate",
            lambda t: substitute(
                t,
                rf"(</{SIG}Header>)",
                lambda m: (
                    f'<x:Extra xmlns:x="urn:example:x" xmlns:wsu="{WSU}" wsu:Id="{signed_id(t, "Body")}"/>' + m.group(1)
                ),
            ),
            refused("duplicate-id", "id-of-the-body-used-twice", "Body", "signature-wrapped"),
        ),
        (
            "token-removed",
            drop("BinarySecurityToken"),
            refused("token-reference-unresolved", "token-removed", "BinarySecurityToken"),
        ),
        (
            "token-garbage",
            lambda t: substitute(t, rf"(<{SIG}BinarySecurityToken\b[^>]*>)[^<]*", r"\1bm90IGEgY2VydGlmaWNhdGU="),
            refused("token-malformed", "token-is-no-certificate", "BinarySecurityToken"),
        ),
        (
            "token-truncated",
            lambda t: substitute(t, rf"(<{SIG}BinarySecurityToken\b[^>]*>\s*[^<]{{300}})[^<]*", r"\1"),
            refused("token-malformed", "token-truncated", "BinarySecurityToken"),
        ),
        (
            "token-replaced",
            lambda t: substitute(
                t, rf"(<{SIG}BinarySecurityToken\b[^>]*>)[^<]*", lambda m: m.group(1) + certificate("client-other")
            ),
            refused("signature-value-mismatch", "token-replaced", "SignedInfo"),
        ),
        (
            "token-issuer",
            lambda t: substitute(
                t, rf"(<{SIG}BinarySecurityToken\b[^>]*>)[^<]*", lambda m: m.group(1) + certificate("inter-ca")
            ),
            refused("signature-value-mismatch", "issuers-certificate-sent-instead-of-the-senders", "SignedInfo"),
        ),
        (
            "token-pem",
            lambda t: substitute(
                t,
                rf"(<{SIG}BinarySecurityToken\b[^>]*>)([^<]*)",
                lambda m: (
                    m.group(1)
                    + base64.b64encode(
                        f"-----BEGIN CERTIFICATE-----\n{m.group(2)}\n-----END CERTIFICATE-----\n".encode()
                    ).decode()
                ),
            ),
            refused("token-malformed", "pem-encoded-twice", "BinarySecurityToken"),
        ),
        (
            "token-valuetype",
            attribute("BinarySecurityToken", "ValueType", "urn:example:unknown"),
            refused("token-malformed", "token-value-type-wrong", "BinarySecurityToken", "token-reference-unresolved"),
        ),
        (
            "token-id",
            lambda t: substitute(t, rf'(<{SIG}BinarySecurityToken\b[^>]*\bId=")', r"\1x"),
            refused("token-reference-unresolved", "token-id-changed", "BinarySecurityToken"),
        ),
        (
            "str-uri",
            lambda t: substitute(t, rf'(SecurityTokenReference\b[^>]*><{SIG}Reference\b[^>]*URI="#)', r"\1x"),
            refused("token-reference-unresolved", "token-reference-changed", "KeyInfo"),
        ),
        (
            "str-emptied",
            lambda t: substitute(
                t, rf"(<{SIG}SecurityTokenReference\b[^>]*>)<.*?(</{SIG}SecurityTokenReference>)", r"\1\2"
            ),
            refused(
                "token-reference-unresolved",
                "token-reference-emptied",
                "KeyInfo",
                "key-info-missing",
                "signature-malformed",
            ),
        ),
        (
            "x509-garbage",
            lambda t: substitute(t, rf"(<{SIG}X509Certificate\b[^>]*>)[^<]*", r"\1AAAA"),
            refused("token-malformed", "certificate-is-garbage", "KeyInfo"),
        ),
        (
            "x509-replaced",
            lambda t: substitute(
                t, rf"(<{SIG}X509Certificate\b[^>]*>)[^<]*", lambda m: m.group(1) + certificate("client-other")
            ),
            refused("signature-value-mismatch", "certificate-replaced", "SignedInfo"),
        ),
        (
            "relative-namespace",
            body(lambda t: t + '<r:x xmlns:r="relative/uri"/>'),
            refused("c14n-relative-namespace-uri", "relative-namespace-uri-added", "Body", "digest-mismatch"),
        ),
        (
            "doctype",
            lambda t: _doctype(t, "<!DOCTYPE e>"),
            refused("xml-doctype-forbidden", "doctype-added", "document"),
        ),
        (
            "external-entity",
            lambda t: _doctype(t, '<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
            refused("xml-doctype-forbidden", "external-entity", "document"),
        ),
        (
            "laughs",
            lambda t: _doctype(
                t,
                "<!DOCTYPE e [<!ENTITY a '"
                + "ha" * 50
                + "'>"
                + "".join(
                    f"<!ENTITY {b} '{('&' + a + ';') * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
                )
                + "]>",
            ),
            refused("xml-doctype-forbidden", "entity-expansion", "document"),
        ),
        (
            "default-attribute",
            lambda t: _doctype(t, '<!DOCTYPE e [<!ATTLIST Body Id CDATA "x">]>'),
            refused("xml-doctype-forbidden", "attribute-defaults", "document"),
        ),
        ("truncated", lambda t: t[: len(t) * 3 // 4], refused("xml-not-well-formed", "message-truncated", "document")),
        (
            "undeclared-prefix",
            body(lambda t: t + "<lost:x/>"),
            refused("xml-not-well-formed", "namespace-declaration-lost", "document"),
        ),
        (
            "mismatched-tag",
            body(lambda t: t + "<a></b>"),
            refused("xml-not-well-formed", "tags-do-not-match", "document"),
        ),
        (
            "control-character",
            body(lambda t: t + "\x01"),
            refused("xml-not-well-formed", "control-character", "document"),
        ),
        (
            "bare-ampersand",
            body(lambda t: t + "R & D"),
            refused("xml-not-well-formed", "ampersand-not-escaped", "document"),
        ),
        ("two-roots", lambda t: t + "<x/>", refused("xml-not-well-formed", "two-root-elements", "document")),
        ("text-before", lambda t: "HTTP" + t, refused("xml-not-well-formed", "text-before-the-document", "document")),
        (
            "html",
            lambda _t: "<html><head><title>503</title></head><body><p>Service Unavailable<br></body></html>",
            refused("xml-not-well-formed", "html-instead-of-xml", "document"),
        ),
        ("empty", lambda _t: "", refused("xml-not-well-formed", "empty-message", "document")),
    ]
    made = each(
        issuers,
        "issuer-reversed",
        lambda t: substitute(
            t, r"(X509IssuerName>)([^<]*)", lambda m: m.group(1) + ",".join(reversed(m.group(2).split(",")))
        ),
        refused("key-not-found", "issuer-name-in-reverse-order", "KeyInfo"),
    )
    made += each(
        issuers,
        "ok-issuer-spaces",
        lambda t: substitute(t, r"(X509IssuerName>)([^<]*)", lambda m: m.group(1) + m.group(2).replace(",", ", ")),
        ACCEPT,
    )
    for number, (name, edit, expected) in enumerate(table):
        made += each(islice(cycle(bases), number % len(bases), number % len(bases) + len(bases)), name, edit, expected)

    def undeclared(text: str) -> bytes:
        return re.sub(r"^<\?xml.*?\?>\s*", "", text).encode("latin-1", errors="replace")

    non_ascii = [b for b in bases if not b.octets.isascii()]
    made += each(
        non_ascii,
        "latin-1-undeclared",
        None,
        refused("xml-not-well-formed", "latin-1-octets-without-declaration", "document"),
        encode=undeclared,
    )
    return made


def _doctype(text: str, declaration: str) -> str:
    text = re.sub(r"^<\?xml.*?\?>\s*", "", text)
    return declaration + text
