"""What a certificate says of its owner, its names, its issuer and its validity: read without the cost of a cryptographic library.

Nothing is verified here; ``certificate`` reads all of it.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from datetime import datetime

import msgspec

from wssdoctor.wsse import der
from wssdoctor.wsse.distinguished_name import Name, from_der

_PEM = re.compile(rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END ")
_VERSION = 0xA0
_EXTENSIONS = 0xA3
_ALTERNATIVE_NAME = "2.5.29.17"
_DNS_NAME = 0x82
_IP_ADDRESS = 0x87


class Outline(msgspec.Struct, frozen=True):
    """The owner, the issuer, the names and the validity of a certificate."""

    subject: Name
    issuer: Name
    not_before: datetime
    not_after: datetime
    """Both in UTC."""
    names: tuple[str, ...] | None
    """DNS names and IP addresses of the Subject Alternative Name; none if that cannot be read."""
    pem: str
    """The certificate alone, in PEM."""


def outline(data: bytes) -> Outline:
    """Read a certificate in DER, or the first one in PEM (RFC 5280, section 4.1). Raises ``ValueError``."""
    if b"-----BEGIN" in data:
        block = _PEM.search(data)
        if block is None:
            raise ValueError("the PEM text holds no readable CERTIFICATE block")
        data = binascii.a2b_base64(block[1])
    body = der.children(der.only(data), 3)[0]
    fields = der.children(der.expect(body, der.SEQUENCE), 1)
    if fields[0].tag == _VERSION:
        fields = fields[1:]
    if len(fields) < 6:
        raise der.DerError("the certificate's body lacks fields")
    _, _, issuer, validity, subject, _ = fields[:6]
    not_before, not_after = der.children(der.expect(validity, der.SEQUENCE), 2)[:2]
    begin, end = der.time(not_before), der.time(not_after)
    return Outline(from_der(subject), from_der(issuer), begin, end, _names(fields[6:]), _pem(data))


def _names(fields: list[der.Node]) -> tuple[str, ...] | None:
    try:
        for wrapper in (field for field in fields if field.tag == _EXTENSIONS):
            for extension in der.children(der.children(wrapper, 1)[0]):
                kind, *_, value = der.children(der.expect(extension, der.SEQUENCE), 2)
                if der.object_identifier(kind) == _ALTERNATIVE_NAME:
                    named = der.children(der.node(der.expect(value, der.OCTET_STRING).value))
                    return tuple(_name(one) for one in named if one.tag in (_DNS_NAME, _IP_ADDRESS))
    except ValueError:
        return None
    return ()


def _name(found: der.Node) -> str:
    """Read a GeneralName (RFC 5280, section 4.2.1.6). Raises ``ValueError``."""
    if found.tag == _IP_ADDRESS:
        return str(ipaddress.ip_address(found.value))
    return found.value.decode("ascii")


def _pem(data: bytes) -> str:
    text = base64.b64encode(data).decode("ascii")
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""))
