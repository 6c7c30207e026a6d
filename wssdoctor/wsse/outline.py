"""What a certificate says of its owner, its issuer and its validity: read without the cost of a cryptographic library.

Nothing is verified here; ``certificate`` reads all of it.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime

import msgspec

from wssdoctor.wsse import der
from wssdoctor.wsse.distinguished_name import Name, from_der

_PEM = re.compile(rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END ")
_VERSION = 0xA0


class Outline(msgspec.Struct, frozen=True):
    """The owner, the issuer and the validity of a certificate."""

    subject: Name
    issuer: Name
    not_before: datetime
    not_after: datetime
    """Both in UTC."""


def outline(data: bytes) -> Outline:
    """Read a certificate in DER, or the first one in PEM (RFC 5280, section 4.1). Raises ``ValueError``."""
    body = der.children(der.only(_octets(data)), 3)[0]
    fields = der.children(der.expect(body, der.SEQUENCE), 1)
    if fields[0].tag == _VERSION:
        fields = fields[1:]
    if len(fields) < 6:
        raise der.DerError("the certificate's body lacks fields")
    _, _, issuer, validity, subject, _ = fields[:6]
    not_before, not_after = der.children(der.expect(validity, der.SEQUENCE), 2)[:2]
    return Outline(from_der(subject), from_der(issuer), der.time(not_before), der.time(not_after))


def pem(data: bytes) -> str:
    """Write a certificate in DER, or the first one in PEM, as plain PEM. Raises ``ValueError``."""
    text = base64.b64encode(_octets(data)).decode()
    lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


def _octets(data: bytes) -> bytes:
    if b"-----BEGIN" not in data:
        return data
    block = _PEM.search(data)
    if block is None:
        raise ValueError("the PEM text holds no readable CERTIFICATE block")
    return binascii.a2b_base64(block[1])
