"""UsernameTokens as people write them: PHP and curl scripts, SoapUI, default namespaces, old habits."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import serialize_certificates
from cryptography.x509 import load_der_x509_certificate
from edits import ACCEPT, refused
from kit import (
    MSG10,
    NOW,
    PASSWORD,
    PAYLOADS,
    SOAP11,
    SOAP12,
    USER,
    UTP,
    WSSE,
    WSU,
    X509,
    Message,
    b64,
    certificate,
    context,
    signed,
    stamp,
)
from make_faulty import build
from xmlsec_templates import Template, template_text

PRODUCER = "by hand, after the habit of {}"
NONCE = bytes(range(100, 116))
CREATED = stamp(NOW)


def digest(created: str = CREATED, nonce: bytes = NONCE, password: str = PASSWORD) -> str:
    """Compute the PasswordDigest."""
    return b64(hashlib.sha1(nonce + created.encode() + password.encode(), usedforsecurity=False).digest())


def wrap(security: str, soap: str = SOAP11, prefix: str = "soapenv") -> bytes:
    """Put a security header into an envelope."""
    return (
        f'<{prefix}:Envelope xmlns:{prefix}="{soap}"><{prefix}:Header>{security}</{prefix}:Header>'
        f"<{prefix}:Body>{PAYLOADS['order']}</{prefix}:Body></{prefix}:Envelope>"
    ).encode()


def messages() -> list[Message]:
    """Write them."""
    ut: dict[str, Any] = {"users": {USER: PASSWORD}, "require_tokens": ["UsernameToken"]}
    text, hashed, encoding = UTP + "#PasswordText", UTP + "#PasswordDigest", MSG10 + "#Base64Binary"
    head = f'<wsse:Security xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}">'
    tail = "</wsse:Security>"
    token = f"<wsse:UsernameToken><wsse:Username>{USER}</wsse:Username>"
    nanoseconds = (NOW - dt.timedelta(seconds=5)).strftime("%Y-%m-%dT%H:%M:%S.1234567Z")
    table: list[tuple[str, str, bytes, dict[str, Any]]] = [
        (
            "soapui-text",
            "SoapUI",
            wrap(
                f'<wsse:Security soapenv:mustUnderstand="1" xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}">\n      '
                f'<wsse:UsernameToken wsu:Id="UsernameToken-1A2B3C">\n<wsse:Username>{USER}</wsse:Username>\n'
                f'<wsse:Password Type="{text}">{PASSWORD}</wsse:Password>\n<wsse:Nonce EncodingType="{encoding}">{b64(NONCE)}</wsse:Nonce>\n'
                f"<wsu:Created>{CREATED}</wsu:Created>\n</wsse:UsernameToken>\n</wsse:Security>"
            ),
            ACCEPT,
        ),
        (
            "default-namespace",
            "scripts without prefixes",
            wrap(
                f'<Security xmlns="{WSSE}"><UsernameToken><Username>{USER}</Username><Password Type="{text}">{PASSWORD}</Password>'
                f'<Nonce EncodingType="{encoding}">{b64(NONCE)}</Nonce><Created xmlns="{WSU}">{CREATED}</Created></UsernameToken></Security>'
            ),
            ACCEPT,
        ),
        (
            "digest-seven-digits",
            ".NET",
            wrap(
                f'{head}{token}<wsse:Password Type="{hashed}">{digest(nanoseconds)}</wsse:Password><wsse:Nonce>{b64(NONCE)}</wsse:Nonce>'
                f"<wsu:Created>{nanoseconds}</wsu:Created></wsse:UsernameToken>{tail}"
            ),
            ACCEPT,
        ),
        (
            "digest-soap12",
            "PHP",
            wrap(
                f'{head}{token}<wsse:Password Type="{hashed}">{digest()}</wsse:Password><wsse:Nonce EncodingType="{encoding}">{b64(NONCE)}</wsse:Nonce>'
                f"<wsu:Created>{CREATED}</wsu:Created></wsse:UsernameToken>{tail}",
                SOAP12,
                "env",
            ),
            ACCEPT,
        ),
        (
            "digest-long-nonce",
            "frameworks with text nonces",
            wrap(
                f'{head}{token}<wsse:Password Type="{hashed}">{digest(nonce=b"a" * 40)}</wsse:Password><wsse:Nonce>{b64(b"a" * 40)}</wsse:Nonce>'
                f"<wsu:Created>{CREATED}</wsu:Created></wsse:UsernameToken>{tail}"
            ),
            ACCEPT,
        ),
        (
            "created-in-wsse",
            "scripts that take one namespace for all",
            wrap(
                f'{head}{token}<wsse:Password Type="{hashed}">{digest()}</wsse:Password><wsse:Nonce>{b64(NONCE)}</wsse:Nonce>'
                f"<wsse:Created>{CREATED}</wsse:Created></wsse:UsernameToken>{tail}"
            ),
            refused(
                "created-missing",
                "created-in-the-wrong-namespace",
                "UsernameToken",
                "password-digest-mismatch",
                "token-malformed",
            ),
        ),
        (
            "outside-security",
            "scripts that forget the security header",
            wrap(
                f'<wsse:UsernameToken xmlns:wsse="{WSSE}"><wsse:Username>{USER}</wsse:Username><wsse:Password Type="{text}">{PASSWORD}</wsse:Password></wsse:UsernameToken>'
            ),
            refused(
                "security-header-missing",
                "username-token-outside-the-security-header",
                "Security",
                "username-token-missing",
            ),
        ),
        (
            "security-in-body",
            "scripts that put the header into the body",
            (
                f'<soapenv:Envelope xmlns:soapenv="{SOAP11}"><soapenv:Body>{head}{token}<wsse:Password Type="{text}">{PASSWORD}</wsse:Password>'
                f"</wsse:UsernameToken>{tail}{PAYLOADS['order']}</soapenv:Body></soapenv:Envelope>"
            ).encode(),
            refused("security-header-missing", "security-header-in-the-body", "Security"),
        ),
        (
            "namespace-http-typo",
            "copied namespaces",
            wrap(
                f'<wsse:Security xmlns:wsse="{WSSE.replace("secext-1.0.xsd", "secext-1.1.xsd")}">{token}'
                f'<wsse:Password Type="{text}">{PASSWORD}</wsse:Password></wsse:UsernameToken>{tail}'
            ),
            refused("security-header-missing", "namespace-mistyped", "Security", "security-header-namespace"),
        ),
        (
            "two-tokens",
            "gateways that add their own",
            wrap(
                f'{head}{token}<wsse:Password Type="{text}">{PASSWORD}</wsse:Password></wsse:UsernameToken>'
                f'<wsse:UsernameToken><wsse:Username>bob</wsse:Username><wsse:Password Type="{text}">x</wsse:Password></wsse:UsernameToken>{tail}'
            ),
            refused("username-unknown", "second-username-token-of-an-unknown-user", "UsernameToken", "token-malformed"),
        ),
    ]
    features = ["username-token"]
    return pkcs7() + [Message(f"hand/{n}", o, PRODUCER.format(h), features, context(**ut), e) for n, h, o, e in table]


def pkcs7() -> list[Message]:
    """Sign with a token that is a PKCS #7 bundle of certificates (X.509 token profile 1.1, section 3.1)."""
    certificates = [load_der_x509_certificate(base64.b64decode(certificate(name))) for name in ("client", "inter-ca")]
    bundle = b64(serialize_certificates(certificates, Encoding.DER))

    def text(t: Template) -> str:
        return template_text(t).replace(certificate("client"), bundle).replace(f"{X509}#X509v3", f"{X509}#PKCS7")

    octets = build(Template("", "", {}, key_info="bst"), text=text)
    features = ["signature", "bst-pkcs7", "timestamp"]
    return [Message("hand/sig-pkcs7", octets, "lxml and cryptography, by hand", features, signed(intermediates=None))]
