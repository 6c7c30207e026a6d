"""For whom a message was encrypted, as far as it says (XML Encryption 1.1, section 3.5; WSS X.509 token profile)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element, text_of
from wssdoctor.wsse.item import EncryptedKey
from wssdoctor.wsse.message import SecurityHeader

if TYPE_CHECKING:
    from wssdoctor.wsse.certificate import Certificate
    from wssdoctor.wsse.certificate_reference import CertificateReference

_KEY_INFO = f"{{{names.DS}}}KeyInfo"
_X509_DATA = f"{{{names.DS}}}X509Data"
_KEY_IDENTIFIER = f"{{{names.WSSE}}}KeyIdentifier"
_REFERENCE = f"{{{names.WSSE}}}Reference"
_TOKEN_REFERENCE = f"{{{names.WSSE}}}SecurityTokenReference"


class Recipient(Struct, frozen=True):
    """One EncryptedKey: how it names the certificate whose key it was encrypted with."""

    says: str
    references: tuple[CertificateReference, ...]
    octets: tuple[bytes, ...]
    """Certificates in DER that it names by carrying them."""
    xpath: str
    line: int | None

    @property
    def named(self) -> bool:
        """Whether it names a certificate in a way that can be compared."""
        return bool(self.references or self.octets)

    def is_for(self, certificate: Certificate) -> bool:
        """Whether it names this certificate."""
        return certificate.der in self.octets or any(one.matches(certificate) for one in self.references)


def recipients(header: SecurityHeader) -> tuple[Recipient, ...]:
    """Return the recipients of the encrypted keys in a security header."""
    return tuple(_recipient(key, header) for key in header.encrypted_keys)


def _recipient(key: EncryptedKey, header: SecurityHeader) -> Recipient:
    from wssdoctor.wsse import encrypted_key
    from wssdoctor.wsse.certificate_reference import certificates_in, read_key_identifier, read_x509_data

    info = key.element.find(_KEY_INFO)
    references: list[CertificateReference] = []
    octets: list[bytes] = []
    tags = (_X509_DATA, _TOKEN_REFERENCE, _KEY_IDENTIFIER, _REFERENCE)
    for element in info.iter(*tags) if info is not None else ():
        if element.tag in (_X509_DATA, _TOKEN_REFERENCE):  # older stacks leave out the X509Data
            references += read_x509_data(element)
            octets += certificates_in(element)
        elif element.tag == _KEY_IDENTIFIER and element.get("ValueType") == names.X509_V3:
            octets += _carried(element)  # gSOAP writes the certificate itself there
        elif element.tag == _KEY_IDENTIFIER:
            found = read_key_identifier(element)
            references += [found] if found is not None else []
        else:
            octets += _token(element.get("URI", "").removeprefix("#"), header)
    return Recipient(encrypted_key.recipient(key.element), tuple(references), tuple(octets), key.xpath, key.line)


def _token(identifier: str, header: SecurityHeader) -> Iterator[bytes]:
    for token in header.binary_security_tokens:
        if token.id == identifier:
            yield from _carried(token.element)


def _carried(element: Element) -> Iterator[bytes]:
    from wssdoctor.wsse.certificate import CertificateError, decode_base64

    try:
        yield decode_base64(text_of(element))
    except CertificateError:
        return
