"""X.509 certificates: what one says, read tolerantly, because a diagnosis must show also what others refuse.

Reading follows RFC 5280 without its strictness: a serial number that is not positive, an old encoding or a
key of an unknown kind are facts of a certificate here, not errors.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from datetime import datetime
from typing import Any

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

from wssdoctor.wsse import der
from wssdoctor.wsse.distinguished_name import Name, from_der
from wssdoctor.wsse.x509_signature import PublicKey, Signed, read_signed

_KEY_USAGES = (
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
)
_UNDERSTOOD = {
    "2.5.29.14",  # subjectKeyIdentifier
    "2.5.29.15",  # keyUsage
    "2.5.29.17",  # subjectAltName
    "2.5.29.18",  # issuerAltName
    "2.5.29.19",  # basicConstraints
    "2.5.29.31",  # cRLDistributionPoints
    "2.5.29.32",  # certificatePolicies: no policy is asked for
    "2.5.29.35",  # authorityKeyIdentifier
    "2.5.29.37",  # extKeyUsage: the purposes of TLS and mail, none of which is message signing
    "1.3.6.1.5.5.7.1.1",  # authorityInfoAccess
}
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_BUNDLE = 64


class CertificateError(ValueError):
    """The octets are no certificate or bundle of certificates; the text says why."""


class Extensions(msgspec.Struct, frozen=True):
    """The extensions that matter here; None where the certificate does not carry one."""

    subject_key_identifier: bytes | None = None
    authority_key_identifier: bytes | None = None
    authority_issuer: Name | None = None
    authority_serial: int | None = None
    is_ca: bool | None = None
    path_length: int | None = None
    key_usage: frozenset[str] | None = None
    name_constraints: bytes | None = None
    critical_unknown: tuple[str, ...] = ()


class Certificate(msgspec.Struct, frozen=True, eq=False):
    """What a certificate says. Two are equal when their octets are; pickled as its octets."""

    der: bytes
    version: int
    serial: int
    subject: Name
    issuer: Name
    not_before: datetime
    not_after: datetime
    extensions: Extensions
    signed: Signed
    key_octets: bytes
    """The subjectPublicKey without its wrapping: what key identifiers are computed over."""
    public_key: PublicKey | None
    """None where cryptography does not know the kind of key or refuses its numbers."""
    key_kind: str
    """RSA, EC, DSA, Ed25519, Ed448, or the object identifier of another kind."""
    key_bits: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and self.der == other.der

    def __hash__(self) -> int:
        return hash(self.der)

    def __reduce__(self) -> tuple[Any, ...]:
        return load_der, (self.der,)

    def __repr__(self) -> str:
        return f"<Certificate {self.subject}, serial {self.serial}>"

    @property
    def key_identifier(self) -> bytes:
        """The subjectKeyIdentifier, or what RFC 5280 section 4.2.1.2 method 1 computes when it is absent."""
        return self.extensions.subject_key_identifier or hashlib.sha1(self.key_octets, usedforsecurity=False).digest()

    @property
    def thumbprint(self) -> bytes:
        """SHA-1 of the certificate (WSS 1.1 ThumbprintSHA1)."""
        return hashlib.sha1(self.der, usedforsecurity=False).digest()

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer are the same name."""
        return self.subject.same(self.issuer)

    @property
    def self_signed(self) -> bool:
        """Whether it is verified by its own key."""
        return self.self_issued and self.signed.verifies_with(self.public_key)

    @property
    def key_description(self) -> str:
        """Kind and size of the key in words, for example ``RSA, 2048 bits``."""
        return f"{self.key_kind}, {self.key_bits} bits" if self.key_bits else self.key_kind


def load_der(data: bytes) -> Certificate:
    """Read one certificate in DER. Raises CertificateError."""
    try:
        return _read(der.only(data))
    except der.DerError as error:
        raise CertificateError(f"not an X.509 certificate: {error}") from None


def load_pki_path(data: bytes) -> tuple[Certificate, ...]:
    """Read a PKIPath (X.509 token profile 1.1, section 3.1.2): from the authority to the subject.

    Returns the certificates with the subject's first. Raises CertificateError.
    """
    try:
        found = der.children(der.only(data))
    except der.DerError as error:
        raise CertificateError(f"not a PKIPath: {error}") from None
    return tuple(reversed(_bundle([child.encoded for child in found])))


def load_pkcs7(data: bytes) -> tuple[Certificate, ...]:
    """Read the certificates of a PKCS#7 SignedData (RFC 2315, section 9.1), the subject's first.

    The set has no order: the subject's certificate is the one that issued none of the others.
    Raises CertificateError.
    """
    try:
        kind, content = der.children(der.only(data), 2)[:2]
        if der.object_identifier(kind) != _SIGNED_DATA:
            raise CertificateError("not a PKCS#7 SignedData")
        signed_data = der.expect(der.children(content, 1)[0], der.SEQUENCE)
        found = [
            child.encoded for field in der.children(signed_data) if field.tag == 0xA0 for child in der.children(field)
        ]
    except der.DerError as error:
        raise CertificateError(f"not a PKCS#7 SignedData: {error}") from None
    return _subject_first(_bundle(found))


def load_certificates(data: bytes) -> tuple[Certificate, ...]:
    """Read a file of certificates: PEM (any number, also in PKCS7 blocks), DER, PKIPath or PKCS#7.

    Raises CertificateError.
    """
    if b"-----BEGIN " in data:
        found: list[Certificate] = []
        for label, body in _PEM.findall(data):
            if label in (b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE"):
                found.append(load_der(_trimmed(decode_base64(body))))
            elif label in (b"PKCS7", b"CMS"):
                found.extend(load_pkcs7(decode_base64(body)))
        if not found:
            raise CertificateError("no CERTIFICATE block in this PEM file")
        return tuple(found)
    if not data.startswith(b"\x30") and re.fullmatch(rb"[A-Za-z0-9+/=\s]+", data):
        data = decode_base64(data)
    for load in (load_pki_path, load_pkcs7):
        try:
            return load(data)
        except CertificateError:
            continue
    return (load_der(data),)


def decode_base64(text: bytes | str) -> bytes:
    """Decode base64 with XML white space in it. Raises CertificateError for anything else in it."""
    try:
        octets = text.encode("ascii") if isinstance(text, str) else text
        return binascii.a2b_base64(octets.translate(None, b" \t\r\n"), strict_mode=True)
    except ValueError as error:
        raise CertificateError(f"not base64: {error}") from None


def kind_and_bits(key: PublicKey) -> tuple[str, int]:
    """Kind (RSA, EC, DSA, Ed25519 ...) and size in bits of a public key."""
    match key:
        case rsa.RSAPublicKey():
            return "RSA", key.key_size
        case ec.EllipticCurvePublicKey():
            return "EC", key.key_size
        case dsa.DSAPublicKey():
            return "DSA", key.key_size
        case ed25519.Ed25519PublicKey():
            return "Ed25519", 256
        case ed448.Ed448PublicKey():
            return "Ed448", 456
    return type(key).__name__.lstrip("_").removesuffix("PublicKey"), 0


def _trimmed(data: bytes) -> bytes:
    """Cut what OpenSSL appends in a TRUSTED CERTIFICATE."""
    try:
        return data[: der.node(data).end]
    except der.DerError as error:
        raise CertificateError(f"not an X.509 certificate: {error}") from None


def _bundle(found: list[bytes]) -> tuple[Certificate, ...]:
    if not 1 <= len(found) <= _BUNDLE:
        raise CertificateError(f"{len(found)} certificates in one bundle")
    return tuple(load_der(encoded) for encoded in found)


def _subject_first(certificates: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    issuers = {certificate.issuer.key for certificate in certificates if not certificate.self_issued}
    return tuple(sorted(certificates, key=lambda each: each.subject.key in issuers or each.extensions.is_ca is True))


def _read(found: der.Node) -> Certificate:
    tbs, algorithm, signature = _exactly(found, 3, "a certificate")
    fields = der.children(der.expect(tbs, der.SEQUENCE))
    version = 1
    if fields and fields[0].tag == 0xA0:
        version = der.integer(der.children(fields.pop(0), 1)[0]) + 1
    if len(fields) < 6:
        raise der.DerError("the certificate's body lacks fields")
    serial, inner_algorithm, issuer, validity, subject, key = fields[:6]
    if inner_algorithm.encoded != algorithm.encoded:
        raise der.DerError("the signature algorithm inside differs from the one outside")
    not_before, not_after = _exactly(validity, 2, "the validity")
    key_octets, public_key, kind, bits = _key(key)
    return Certificate(
        der=found.encoded,
        version=version,
        serial=der.integer(serial),
        subject=from_der(subject),
        issuer=from_der(issuer),
        not_before=der.time(not_before),
        not_after=der.time(not_after),
        extensions=_extensions([field for field in fields[6:] if field.tag == 0xA3]),
        signed=read_signed(tbs, algorithm, signature),
        key_octets=key_octets,
        public_key=public_key,
        key_kind=kind,
        key_bits=bits,
    )


def _exactly(parent: der.Node, count: int, what: str) -> list[der.Node]:
    found = der.children(der.expect(parent, der.SEQUENCE))
    if len(found) != count:
        raise der.DerError(f"{what} has {len(found)} fields, not {count}")
    return found


def _key(found: der.Node) -> tuple[bytes, PublicKey | None, str, int]:
    algorithm, octets = _exactly(found, 2, "the public key")
    kind = der.object_identifier(der.children(algorithm, 1)[0])
    try:
        key = serialization.load_der_public_key(found.encoded)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return der.bits(octets), None, kind, 0
    return der.bits(octets), key, *kind_and_bits(key)


def _extensions(wrapped: list[der.Node]) -> Extensions:
    facts: dict[str, Any] = {}
    unknown: list[str] = []
    for wrapper in wrapped:
        for extension in der.children(der.children(wrapper, 1)[0]):
            kind, *flags, value = der.children(der.expect(extension, der.SEQUENCE), 2)
            identifier = der.object_identifier(kind)
            content = der.node(der.expect(value, der.OCTET_STRING).value)
            if identifier == "2.5.29.14":
                facts["subject_key_identifier"] = der.expect(content, der.OCTET_STRING).value
            elif identifier == "2.5.29.15":
                facts["key_usage"] = _key_usage(content)
            elif identifier == "2.5.29.19":
                facts |= _basic_constraints(content)
            elif identifier == "2.5.29.30":
                facts["name_constraints"] = content.encoded
            elif identifier == "2.5.29.35":
                facts |= _authority(content)
            elif identifier not in _UNDERSTOOD and flags and any(flags[0].value):
                unknown.append(identifier)
    return Extensions(**facts, critical_unknown=tuple(unknown))


def _key_usage(content: der.Node) -> frozenset[str]:
    octets = der.bits(content)
    return frozenset(
        usage
        for index, usage in enumerate(_KEY_USAGES)
        if index // 8 < len(octets) and octets[index // 8] & 0x80 >> index % 8
    )


def _basic_constraints(content: der.Node) -> dict[str, Any]:
    fields = der.children(der.expect(content, der.SEQUENCE))
    flags = [field for field in fields if field.tag == der.BOOLEAN]
    lengths = [field for field in fields if field.tag == der.INTEGER]
    return {
        "is_ca": bool(flags and any(flags[0].value)),
        "path_length": der.integer(lengths[0]) if lengths else None,
    }


def _authority(content: der.Node) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for field in der.children(der.expect(content, der.SEQUENCE)):
        if field.tag == 0x80:
            facts["authority_key_identifier"] = field.value
        elif field.tag == 0xA1:
            names = [der.children(name, 1)[0] for name in der.children(field) if name.tag == 0xA4]
            facts["authority_issuer"] = from_der(names[0]) if names else None
        elif field.tag == 0x82:
            facts["authority_serial"] = int.from_bytes(field.value, signed=True)
    return facts
