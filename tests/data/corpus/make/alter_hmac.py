"""HMACs keyed with what is public, and HMACs cut short."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_der_x509_certificate
from edits import (
    SIG,
    altered,
    attribute,
    each,
    refused,
    substitute,
)
from kit import DS, EXC, MORE, Message, certificate, element_at
from lxml import etree


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
            octets = etree.tostring(
                element_at(etree.fromstring(text.encode()), f".//{{{DS}}}SignedInfo"),
                method="c14n",
                exclusive=True,
                inclusive_ns_prefixes=_prefixes(text),
            )
            value = base64.b64encode(hmac.new(secret, octets, hashlib.sha256).digest()).decode()
            return substitute(text, rf"(<{SIG}SignatureValue\b[^>]*>)[^<]*", lambda m: m.group(1) + value)

        made.append(
            altered(
                base,
                f"hmac-confusion-{name}",
                resign,
                refused("algorithm-key-mismatch", f"hmac-keyed-with-the-public-{name}", "SignedInfo"),
            )
        )
    return made


def _prefixes(text: str) -> list[str] | None:
    match = re.search(
        rf'CanonicalizationMethod Algorithm="{re.escape(EXC)}">\s*<\w+:InclusiveNamespaces[^>]*PrefixList="([^"]*)"',
        text,
    )
    return match.group(1).split() if match else None


def truncated_hmac(bases: list[Message], secret: bytes) -> list[Message]:
    """Truncate an HMAC to nothing, a byte and 40 bits, with a value that fits."""
    made = []
    for bits in (0, 8, 40, 72, 80, 127, 512):

        def resign(text: str, bits: int = bits) -> str:
            text = substitute(
                text,
                rf"<({SIG})SignatureMethod Algorithm=\"({re.escape(MORE)}hmac-sha256)\"\s*/?>(?:\s*</[^>]*>)?",
                rf'<\1SignatureMethod Algorithm="\2"><\1HMACOutputLength>{bits}</\1HMACOutputLength></\1SignatureMethod>',
            )
            octets = etree.tostring(
                element_at(etree.fromstring(text.encode()), f".//{{{DS}}}SignedInfo"), method="c14n", exclusive=True
            )
            value = base64.b64encode(hmac.new(secret, octets, hashlib.sha256).digest()[: bits // 8]).decode()
            return substitute(text, rf"(<{SIG}SignatureValue\b[^>]*>)[^<]*", lambda m: m.group(1) + value)

        others = ("signature-value-mismatch", "signature-malformed")
        made += each(
            bases,
            f"truncated-{bits}",
            resign,
            refused(
                "hmac-output-too-short" if bits < 128 else "signature-malformed",
                f"hmac-output-length-{bits}",
                "SignedInfo",
                *others,
                *(["hmac-output-too-short"] if bits == 512 else []),
            ),
            1,
        )
    return made
