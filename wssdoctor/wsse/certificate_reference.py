"""How a message names a certificate without carrying it: by key identifier, thumbprint, issuer and serial ...

Sources: WSS X.509 token profile 1.1.1 (section 3.2), SOAP Message Security 1.1.1 (section 7.3), XML Signature 1.1
(section 4.5.4).
"""

from __future__ import annotations

import hashlib
import re

import msgspec

from wssdoctor.wsse import names
from wssdoctor.wsse.algorithm import DIGESTS, hasher
from wssdoctor.wsse.certificate import Certificate, CertificateError, decode_base64
from wssdoctor.wsse.distinguished_name import REVERSED, Name, difference, parse
from wssdoctor.wsse.document import Element, local_name, namespace_of, text_of


class CertificateReference(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which a certificate is named; exactly one kind of field is set.

    ``written`` is the value as the message has it, ``malformed`` says why it cannot be read.
    """

    written: str
    key_identifier: bytes | None = None
    digest: bytes | None = None
    digest_name: str = "sha1"
    issuer: Name | None = None
    serial: int | None = None
    subject: Name | None = None
    malformed: str | None = None

    def __str__(self) -> str:
        if self.key_identifier is not None:
            return f"subject key identifier {self.key_identifier.hex(':')}"
        if self.digest is not None:
            return f"{self.digest_name.upper()} thumbprint {self.digest.hex(':')}"
        if self.issuer is not None:
            return f"issuer {self.issuer}, serial number {self.serial}"
        return f"subject {self.written}"

    def matches(self, certificate: Certificate) -> bool:
        """Whether it names this certificate."""
        if self.key_identifier is not None:
            return certificate.key_identifier == self.key_identifier
        if self.digest is not None:
            return _digest(certificate, self.digest_name) == self.digest
        if self.issuer is not None:
            return certificate.serial == self.serial and certificate.issuer.same(self.issuer)
        return self.subject is not None and certificate.subject.same(self.subject)

    def near_miss(self, certificate: Certificate) -> tuple[str, str] | None:
        """Say how it fails to name a certificate that it nearly names, and the reason's id; None if it is not near."""
        other_kind = "key-identifier-of-another-kind"
        if self.digest is not None and self.digest == _subject_key_digest(certificate):
            return "the thumbprint is that of the key, not of the certificate", other_kind
        if self.key_identifier is not None:
            if self.key_identifier == certificate.thumbprint:
                return "the key identifier is the thumbprint of the certificate", other_kind
            if self.key_identifier == _subject_key_digest(certificate):
                return "the key identifier was computed, but the certificate states another", other_kind
        if self.issuer is not None and self.issuer.rdns:
            how = difference(self.issuer, certificate.issuer)
            if certificate.serial == self.serial and how is not None:
                reason = "issuer-name-reversed" if how == REVERSED else "issuer-name-spelled-differently"
                return f"the serial number fits, the issuer's name differs: {how}", reason
            if how is None and self.serial is not None and f"{certificate.serial:x}" == str(self.serial):
                return "the serial number is written in hexadecimal", "serial-number-in-hexadecimal"
        return None


def read_key_identifier(element: Element) -> CertificateReference | None:
    """Read a wsse:KeyIdentifier that names a certificate; None if it is of another kind."""
    kind = element.get("ValueType")
    if kind not in (names.X509_SKI, names.THUMBPRINT_SHA1):
        return None
    octets, written, malformed = _octets(element)
    if kind == names.THUMBPRINT_SHA1:
        return CertificateReference(written=written, digest=octets, malformed=malformed)
    return CertificateReference(written=written, key_identifier=octets, malformed=malformed)


def read_x509_data(element: Element) -> tuple[CertificateReference, ...]:
    """Read what a ds:X509Data says about the certificate, apart from certificates that it carries."""
    found: list[CertificateReference] = []
    for child in element.iterchildren("*"):
        name = local_name(child)
        if name == "X509IssuerSerial":
            found.append(read_issuer_serial(child))
        elif name == "X509SKI":
            octets, written, malformed = _octets(child)
            found.append(CertificateReference(written=written, key_identifier=octets, malformed=malformed))
        elif name == "X509SubjectName":
            found.append(_named(text_of(child)))
        elif name == "X509Digest" and namespace_of(child) == names.DS11:
            octets, written, malformed = _octets(child)
            algorithm = child.get("Algorithm") or ""
            if algorithm not in DIGESTS:
                malformed = f"unknown digest {algorithm}"
            digest_name = DIGESTS.get(algorithm, "sha1")
            found.append(
                CertificateReference(written=written, digest=octets, digest_name=digest_name, malformed=malformed)
            )
    return tuple(found)


def read_issuer_serial(element: Element) -> CertificateReference:
    """Read a ds:X509IssuerSerial."""
    children = list(element.iterchildren("*"))
    texts = {local_name(child): text_of(child).strip() for child in children}
    issuer, serial = texts.get("X509IssuerName", ""), texts.get("X509SerialNumber", "")
    written = f"{issuer}, {serial}"
    if len(children) != len(texts):
        return CertificateReference(written=written, issuer=Name(()), malformed="a part of it is there twice")
    try:
        name = parse(issuer)
    except ValueError as error:
        return CertificateReference(written=written, issuer=Name(()), malformed=str(error))
    if len(serial) > 100 or not serial.removeprefix("-").isascii() or not serial.removeprefix("-").isdigit():
        hexadecimal = re.fullmatch(r"(0x)?[0-9A-Fa-f]{1,64}", serial)
        why = "the serial number is written in hexadecimal" if hexadecimal else "the serial number is no integer"
        return CertificateReference(written=written, issuer=name, malformed=why)
    return CertificateReference(written=written, issuer=name, serial=int(serial))


def certificates_in(element: Element) -> tuple[bytes, ...]:
    """Give the certificates that a ds:X509Data carries, in DER. Raises CertificateError."""
    return tuple(decode_base64(text_of(child)) for child in element.iterchildren(f"{{{names.DS}}}X509Certificate"))


def _named(text: str) -> CertificateReference:
    try:
        return CertificateReference(written=text.strip(), subject=parse(text))
    except ValueError as error:
        return CertificateReference(written=text.strip(), malformed=str(error))


def _octets(element: Element) -> tuple[bytes, str, str | None]:
    text = text_of(element).strip()
    try:
        if element.get("EncodingType") == names.HEX_BINARY:
            return bytes.fromhex(text), text, None
        return decode_base64(text), text, None
    except CertificateError as error:
        return b"", text, str(error)
    except ValueError:
        return b"", text, "not hexadecimal"


def _digest(certificate: Certificate, name: str) -> bytes:
    if name == "sha1":
        return certificate.thumbprint
    digest = hasher(name)
    digest.update(certificate.der)
    return bytes(digest.digest())


def _subject_key_digest(certificate: Certificate) -> bytes:
    return hashlib.sha1(certificate.key_octets, usedforsecurity=False).digest()
