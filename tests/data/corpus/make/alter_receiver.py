"""Sound messages given to receivers that know, trust or demand something else."""

from __future__ import annotations

from typing import Any

from edits import (
    ACCEPT,
    altered,
    later,
    refused,
)
from kit import DS, Message


def receivers_of_signatures(bases: dict[str, Message]) -> list[Message]:
    """Give sound signed messages to receivers that know, trust or demand something else."""
    stranger = ["keys/stranger-ca.crt.pem"]
    table: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
        (
            "wss4j/sig-bst",
            "untrusted",
            {"trust_anchors": stranger},
            refused("cert-untrusted", "receiver-trusts-another-ca", "BinarySecurityToken", "cert-chain-incomplete"),
        ),
        (
            "wss4j/sig-bst",
            "chain-incomplete",
            {"intermediates": None},
            refused(
                "cert-chain-incomplete",
                "intermediate-certificate-not-sent-and-not-known",
                "BinarySecurityToken",
                "cert-untrusted",
            ),
        ),
        (
            "node/cert",
            "chain-incomplete",
            {"intermediates": ["keys/odd-ca.crt.pem"]},
            refused(
                "cert-chain-incomplete",
                "intermediate-certificate-not-sent-and-not-known",
                "BinarySecurityToken",
                "cert-untrusted",
            ),
        ),
        (
            "wss4j/sig-bst",
            "lookalike-intermediate",
            {"intermediates": ["keys/lookalike-ca.crt.pem"]},
            refused(
                "cert-chain-incomplete",
                "intermediate-of-the-same-name-with-another-key",
                "BinarySecurityToken",
                "cert-untrusted",
            ),
        ),
        ("wss4j/sig-pkipath", "ok-no-intermediates", {"intermediates": []}, ACCEPT),
        (
            "wss4j/sig-issuer",
            "unknown-here",
            {"known_certs": None},
            refused("key-not-found", "certificate-not-in-the-receivers-store", "KeyInfo", "cert-untrusted"),
        ),
        (
            "wss4j/sig-ski",
            "unknown-here",
            {"known_certs": ["keys/client-other.crt.pem"]},
            refused("key-not-found", "certificate-not-in-the-receivers-store", "KeyInfo", "cert-untrusted"),
        ),
        (
            "wss4j/sig-thumbprint",
            "unknown-here",
            {"known_certs": ["keys/client-other.crt.pem"]},
            refused("key-not-found", "certificate-not-in-the-receivers-store", "KeyInfo", "cert-untrusted"),
        ),
        (
            "xmlsec1/sig-x509ski",
            "unknown-here",
            {"known_certs": ["keys/client-other.crt.pem"]},
            refused("key-not-found", "certificate-not-in-the-receivers-store", "KeyInfo"),
        ),
        (
            "wss4j/sig-issuer",
            "noski",
            {"known_certs": ["keys/client-noski.crt.pem"]},
            refused("key-not-found", "certificate-not-in-the-receivers-store", "KeyInfo", "cert-untrusted"),
        ),
        (
            "wss4j/sig-keyvalue",
            "not-accepted",
            {"accept_key_value": None},
            refused("cert-untrusted", "bare-key-not-accepted", "KeyInfo", "key-not-found", "signer-not-authorized"),
        ),
        (
            "wss4j/sig-bst",
            "subject",
            {"subjects": ["CN=somebody else,OU=Clients,O=wssdoctor Test Material,C=DE"]},
            refused("signer-not-authorized", "signer-is-not-an-expected-subject", "BinarySecurityToken"),
        ),
        ("wss4j/sig-bst", "ok-subject", {"subjects": ["CN=client,OU=Clients,O=wssdoctor Test Material,C=DE"]}, ACCEPT),
        (
            "wss4j/sig-rsa-1024",
            "too-weak",
            {"min_rsa_bits": 2048},
            refused("key-too-weak", "rsa-key-of-1024-bits", "BinarySecurityToken"),
        ),
        ("wss4j/sig-bst", "ok-strong-enough", {"min_rsa_bits": 2048}, ACCEPT),
        (
            "wss4j/sig-rsa-sha1",
            "sha1-forbidden",
            {"forbidden_algorithms": [DS + "rsa-sha1", DS + "sha1"]},
            refused("algorithm-forbidden", "policy-forbids-sha-1", "SignedInfo"),
        ),
        (
            "zeep/sig-bst-sha1",
            "sha1-forbidden",
            {"forbidden_algorithms": [DS + "sha1"]},
            refused("algorithm-forbidden", "policy-forbids-sha-1", "SignedInfo"),
        ),
        (
            "wss4j/sig-body-only",
            "to-required",
            {"require_signed": ["Body", "To"]},
            refused("required-part-not-signed", "policy-wants-a-signed-header", "To"),
        ),
        (
            "wss4j/sig-body-only",
            "timestamp-required",
            {"require_signed": ["Body", "Timestamp"]},
            refused("required-part-not-signed", "policy-wants-a-signed-time-stamp", "Timestamp", "timestamp-missing"),
        ),
        (
            "wss4j/sig-bst",
            "token-required-signed",
            {"require_signed": ["Body", "BinarySecurityToken"]},
            refused("required-part-not-signed", "policy-wants-a-signed-token", "BinarySecurityToken"),
        ),
        (
            "node/cert-timestamp-unsigned",
            "timestamp-required-signed",
            {"require_signed": ["Body", "Timestamp"]},
            refused("required-part-not-signed", "policy-wants-a-signed-time-stamp", "Timestamp"),
        ),
        (
            "wss4j/sig-addressing",
            "from-required",
            {"require_signed": ["Body", "From"]},
            refused("required-part-not-signed", "policy-wants-a-signed-header", "From"),
        ),
        (
            "wss4j/sig-bst",
            "assertion-required",
            {"require_tokens": ["Assertion"]},
            refused(
                "saml-signature-missing",
                "policy-wants-an-assertion",
                "Assertion",
                "token-missing",
                "required-part-not-signed",
                "token-reference-unresolved",
                "token-malformed",
            ),
        ),
        (
            "wss4j/sig-bst",
            "username-required",
            {"require_tokens": ["UsernameToken"]},
            refused("username-token-missing", "policy-wants-a-username-token", "UsernameToken"),
        ),
        (
            "wss4j/sig-bst",
            "encryption-required",
            {"require_encrypted": ["Body"]},
            refused("required-part-not-encrypted", "policy-wants-encryption", "Body"),
        ),
        (
            "wss4j/sig-actor",
            "not-our-actor",
            {"actor": None},
            refused(
                "security-header-other-actor", "header-is-for-another-actor", "Security", "security-header-missing"
            ),
        ),
        (
            "wss4j/sig-bst",
            "other-actor",
            {"actor": "urn:example:gateway"},
            refused(
                "security-header-other-actor", "receiver-plays-another-actor", "Security", "security-header-missing"
            ),
        ),
        ("wss4j/sig-cert-expired", "ok-dates-ignored", {"certificate_dates_ignored": True}, ACCEPT),
        (
            "wss4j/sig-cert-notyet",
            "ok-later",
            {
                "time": "2045-01-01T00:00:00Z",
                "max_age_seconds": None,
                "max_future_seconds": None,
                "require_signed": ["Body"],
            },
            refused("timestamp-expired", "judged-years-later", "Timestamp", "timestamp-too-old"),
        ),
        ("wss4j/sig-bst", "ok-crls", {"crls": ["keys/inter-ca.crl.pem", "keys/root-ca.crl.pem"]}, ACCEPT),
        (
            "wss4j/sig-bst",
            "ok-trusted-directly",
            {"trust_anchors": ["keys/client.crt.pem"], "intermediates": None},
            ACCEPT,
        ),
        (
            "wss4j/sig-bst",
            "ok-intermediate-anchor",
            {"trust_anchors": ["keys/inter-ca.crt.pem"], "intermediates": None},
            ACCEPT,
        ),
        (
            "wss4j/sig-bst",
            "expired",
            {"time": later(3000), "max_age_seconds": 86400},
            refused("timestamp-expired", "message-arrives-late", "Timestamp", "timestamp-too-old"),
        ),
        ("wss4j/sig-cert-self", "ok-pinned", {"trust_anchors": ["keys/client-self.crt.pem"]}, ACCEPT),
    ]
    return [altered(bases[i], n, None, e, context=c, mark="@") for i, n, c, e in table]
