"""Assertions changed, moved and wrapped; and assertions judged by other receivers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from edits import (
    ACCEPT,
    SIG,
    Edit,
    altered,
    drop,
    each,
    element,
    find,
    flip,
    inside,
    later,
    refused,
    replace,
    substitute,
    text,
)
from kit import DS, SAML_CONTEXT, Message


def assertion_id(whole: str) -> str:
    """Return the assertion's id."""
    return find(whole, r'\s(?:ID|AssertionID)="([^"]*)"').group(1)


def forged(whole: str, *, keep_signature: bool, new_id: bool) -> str:
    """Return an assertion about somebody else."""
    made = re.sub(r">alice<", ">mallory<", whole)
    if not keep_signature:
        made = replace(made, element(made, "Signature"), "")
    return made.replace(f'"{assertion_id(whole)}"', '"_forged"', 1) if new_id else made


def unsigned(whole: str) -> str:
    """Return the signed assertion without its signature (its octets then differ from none that was signed)."""
    return replace(whole, element(whole, "Signature"), "")


def shapes() -> list[tuple[str, Callable[[str], str]]]:
    """Return the eight shapes of assertion wrapping (numbered as tools for SAML testing do), as edits of the assertion."""
    end = r"(</[^>]*>)$"

    def xsw3(a: str) -> str:
        return forged(a, keep_signature=False, new_id=True) + a

    def xsw4(a: str) -> str:
        return re.sub(end, lambda m: a + m.group(1), forged(a, keep_signature=False, new_id=True))

    def xsw5(a: str) -> str:
        return forged(a, keep_signature=True, new_id=True) + unsigned(a)

    def xsw6(a: str) -> str:
        evil = forged(a, keep_signature=True, new_id=True)
        return re.sub(rf"(</{SIG}Signature>)", lambda m: unsigned(a) + m.group(1), evil, count=1)

    def xsw7(a: str) -> str:
        wrapper = f'<samlp:Extensions xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">{forged(a, keep_signature=False, new_id=False)}</samlp:Extensions>'
        return wrapper + a

    def xsw8(a: str) -> str:
        evil = forged(a, keep_signature=True, new_id=True)
        return re.sub(
            rf"(</{SIG}Signature>)",
            lambda m: f'<o:Object xmlns:o="{DS}">{unsigned(a)}</o:Object>' + m.group(1),
            evil,
            count=1,
        )

    def xsw1(a: str) -> str:
        evil = forged(a, keep_signature=True, new_id=True)
        return re.sub(end, lambda m: unsigned(a) + m.group(1), evil)

    def xsw2(a: str) -> str:
        signature = element(a, "Signature")
        return forged(a, keep_signature=False, new_id=True) + signature + unsigned(a)

    return [
        ("xsw1", xsw1),
        ("xsw2", xsw2),
        ("xsw3", xsw3),
        ("xsw4", xsw4),
        ("xsw5", xsw5),
        ("xsw6", xsw6),
        ("xsw7", xsw7),
        ("xsw8", xsw8),
    ]


def assertions(bearers: list[Message], holders: list[Message]) -> list[Message]:
    """Change bearer and holder-of-key assertions."""
    where = "Assertion"
    assertion = partial(inside, "Assertion")

    def mismatch(cause: str, reason: str | None = None) -> dict[str, Any]:
        return refused("digest-mismatch", cause, where, reason=reason)

    table: list[tuple[str, Edit, dict[str, Any]]] = [
        ("nameid", assertion(text("NameID(?:entifier)?", "mallory")), mismatch("subject-changed")),
        ("attribute-value", assertion(lambda t: substitute(t, r">buyer<", ">admin<")), mismatch("attribute-changed")),
        ("audience", assertion(text("Audience", "https://other.example.com/")), mismatch("audience-changed")),
        (
            "conditions-prolonged",
            assertion(lambda t: substitute(t, r'(<\S*Conditions [^>]*NotOnOrAfter=")\d{4}', r"\g<1>2049")),
            mismatch("validity-prolonged"),
        ),
        (
            "pretty",
            assertion(lambda t: re.sub(r">(?=<)", ">\n   ", t)),
            refused(
                "signature-value-mismatch",
                "assertion-pretty-printed",
                where,
                "digest-mismatch",
                reason="signed-info-pretty-printed",
            ),
        ),
        (
            "prefix",
            assertion(
                lambda t: re.sub(r"(?<=[</ ])saml:|xmlns:saml(?==)", lambda m: m.group(0).replace("saml", "sam"), t)
            ),
            mismatch("namespace-prefix-renamed", "namespace-prefix-renamed"),
        ),
        (
            "signature-removed",
            assertion(drop("Signature")),
            refused("saml-signature-missing", "assertion-signature-removed", where),
        ),
        (
            "removed",
            drop("Assertion"),
            refused(
                "saml-signature-missing",
                "assertion-removed",
                where,
                "token-missing",
                "required-part-not-signed",
                "token-reference-unresolved",
                "token-malformed",
                "signature-missing",
                "key-not-found",
            ),
        ),
        ("ok-comment-in-nameid", assertion(text("NameID(?:entifier)?", lambda n: f"{n[:3]}<!-- x -->{n[3:]}")), ACCEPT),
        ("ok-declaration", lambda t: '<?xml version="1.0" encoding="UTF-8"?>' + t, ACCEPT),
        ("ok-single-quotes", assertion(lambda t: re.sub(r'([\w:-]+)="([^"\'<>]*)"', r"\1='\2'", t)), ACCEPT),
        (
            "ok-wrapped-value",
            assertion(
                lambda t: substitute(
                    t,
                    rf"(<{SIG}SignatureValue\b[^>]*>)([^<]+)",
                    lambda m: m.group(1) + "\n" + "\n".join(re.findall(".{1,64}", re.sub(r"\s", "", m.group(2)))),
                )
            ),
            ACCEPT,
        ),
    ]
    made = []
    for number, (name, edit, expected) in enumerate(table):
        first = number % 2
        made += each(bearers[first:] + bearers[:first], name, edit, expected)
    made += each(holders, "nameid", assertion(text("NameID(?:entifier)?", "mallory")), mismatch("subject-changed"))
    made += each(
        holders,
        "message-signature-removed",
        lambda t: replace(t, _message_signature(t), ""),
        refused(
            "saml-confirmation-failed",
            "message-signature-removed",
            where,
            "signature-missing",
            "required-part-not-signed",
        ),
    )
    made += each(
        holders,
        "body",
        lambda t: substitute(t, r">PO-2207<", ">PO-9999<"),
        refused("digest-mismatch", "body-text-changed", "Body"),
    )
    for name, shape in shapes():
        others = (
            "duplicate-id",
            "digest-mismatch",
            "required-part-not-signed",
            "saml-signature-missing",
            "signature-malformed",
            "reference-unresolved",
        )
        expected = refused("signature-wrapped", f"assertion-wrapping-{name[3:]}", where, *others)
        made += each(bearers[:2], name, assertion(shape), expected)
    year = {"time": later(86400 * 30), "max_age_seconds": None}
    contexts: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        ("expired", year, refused("saml-expired", "assertion-used-late", where)),
        ("not-yet", {"time": later(-3600)}, refused("saml-not-yet-valid", "sts-clock-ahead", where)),
        (
            "audience",
            {"saml": {**SAML_CONTEXT, "audience": "https://third.example.com/"}},
            refused("saml-audience-mismatch", "receiver-has-another-audience", where),
        ),
        (
            "issuer",
            {"saml": {**SAML_CONTEXT, "issuer": "urn:third.example.com"}},
            refused("saml-issuer-unknown", "receiver-expects-another-issuer", where),
        ),
        (
            "untrusted",
            {"trust_anchors": ["keys/stranger-ca.crt.pem"]},
            refused(
                "saml-issuer-untrusted",
                "receiver-does-not-trust-the-sts",
                where,
                "cert-untrusted",
                "cert-chain-incomplete",
            ),
        ),
        ("ok-no-saml-settings", {"saml": None}, ACCEPT),
        ("ok-audience-only", {"saml": {"audience": SAML_CONTEXT["audience"]}}, ACCEPT),
    ]
    for name, ctx, expected in contexts:
        made += each(bearers[:2], name, None, expected, context=ctx, mark="@")
    saml2 = [b for b in bearers if b.id.startswith("saml/saml20")]
    made += each(
        saml2,
        "recipient",
        None,
        refused("saml-recipient-mismatch", "receiver-has-another-recipient", where),
        1,
        context={"saml": {**SAML_CONTEXT, "recipient": "https://third.example.com/"}},
        mark="@",
    )
    return made


def _message_signature(text: str) -> str:
    """Return the signature over the message: the one outside the assertion."""
    assertion = element(text, "Assertion")
    return element(text.replace(assertion, "", 1), "Signature")


def encrypted_assertions(bases: list[Message]) -> list[Message]:
    """Give encrypted assertions to a receiver without the key, and damage them."""
    other = [{"key": "keys/server2.key.pem", "cert": "keys/server2.crt.pem"}]
    where = "EncryptedAssertion"
    made = [
        altered(
            b,
            "wrong-receiver",
            None,
            refused("decryption-key-not-found", "encrypted-for-another-receiver", where, "key-unwrap-failed"),
            context={"decryption_keys": other},
            mark="@",
        )
        for b in bases[:2]
    ]
    made += each(
        bases,
        "key-cipher",
        inside("EncryptedKey", flip("CipherValue")),
        refused("key-unwrap-failed", "encrypted-key-altered", where, "decryption-failed"),
    )
    return made
