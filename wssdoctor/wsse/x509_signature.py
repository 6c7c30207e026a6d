"""X.509's SIGNED: certificates and revocation lists as their issuers signed them, and whether a key fits."""

from __future__ import annotations

from typing import TypeAlias

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa, types

from wssdoctor.wsse import der

PublicKey: TypeAlias = types.PublicKeyTypes

_SIGNATURES: dict[str, tuple[str, type[hashes.HashAlgorithm]]] = {
    "1.2.840.113549.1.1.4": ("RSA", hashes.MD5),
    "1.2.840.113549.1.1.5": ("RSA", hashes.SHA1),
    "1.3.14.3.2.29": ("RSA", hashes.SHA1),
    "1.2.840.113549.1.1.14": ("RSA", hashes.SHA224),
    "1.2.840.113549.1.1.11": ("RSA", hashes.SHA256),
    "1.2.840.113549.1.1.12": ("RSA", hashes.SHA384),
    "1.2.840.113549.1.1.13": ("RSA", hashes.SHA512),
    "2.16.840.1.101.3.4.3.14": ("RSA", hashes.SHA3_256),
    "2.16.840.1.101.3.4.3.15": ("RSA", hashes.SHA3_384),
    "2.16.840.1.101.3.4.3.16": ("RSA", hashes.SHA3_512),
    "1.2.840.10040.4.3": ("DSA", hashes.SHA1),
    "2.16.840.1.101.3.4.3.1": ("DSA", hashes.SHA224),
    "2.16.840.1.101.3.4.3.2": ("DSA", hashes.SHA256),
    "1.2.840.10045.4.1": ("EC", hashes.SHA1),
    "1.2.840.10045.4.3.1": ("EC", hashes.SHA224),
    "1.2.840.10045.4.3.2": ("EC", hashes.SHA256),
    "1.2.840.10045.4.3.3": ("EC", hashes.SHA384),
    "1.2.840.10045.4.3.4": ("EC", hashes.SHA512),
    "2.16.840.1.101.3.4.3.10": ("EC", hashes.SHA3_256),
    "2.16.840.1.101.3.4.3.11": ("EC", hashes.SHA3_384),
    "2.16.840.1.101.3.4.3.12": ("EC", hashes.SHA3_512),
}
_RSA_PSS = "1.2.840.113549.1.1.10"
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "1.3.14.3.2.26": hashes.SHA1,
    "2.16.840.1.101.3.4.2.4": hashes.SHA224,
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
}


class Signed(msgspec.Struct, frozen=True):
    """Something that an issuer signed: the octets, the algorithm (identifier, parameters), the value."""

    octets: bytes
    algorithm: str
    parameters: bytes
    value: bytes

    def verifies_with(self, key: PublicKey | None) -> bool:
        """Whether the value verifies with this key; an unknown algorithm or key never does."""
        return key is not None and _verifies(self, key)


def read_signed(octets: der.Node, algorithm: der.Node, value: der.Node) -> Signed:
    """Read the three parts of X.509's SIGNED. Raises DerError."""
    kind, *parameters = der.children(der.expect(algorithm, der.SEQUENCE), 1)
    return Signed(
        octets.encoded,
        der.object_identifier(kind),
        parameters[0].encoded if parameters else b"",
        der.bits(value),
    )


def _verifies(signed: Signed, key: PublicKey) -> bool:
    kind, algorithm = _SIGNATURES.get(signed.algorithm, ("", hashes.SHA256))
    try:
        match key:
            case rsa.RSAPublicKey() if kind == "RSA":
                key.verify(signed.value, signed.octets, padding.PKCS1v15(), algorithm())
            case rsa.RSAPublicKey() if signed.algorithm == _RSA_PSS:
                key.verify(signed.value, signed.octets, *_pss(signed.parameters))
            case ec.EllipticCurvePublicKey() if kind == "EC":
                key.verify(signed.value, signed.octets, ec.ECDSA(algorithm()))
            case dsa.DSAPublicKey() if kind == "DSA":
                key.verify(signed.value, signed.octets, algorithm())
            case ed25519.Ed25519PublicKey() if signed.algorithm == "1.3.101.112":
                key.verify(signed.value, signed.octets)
            case ed448.Ed448PublicKey() if signed.algorithm == "1.3.101.113":
                key.verify(signed.value, signed.octets)
            case _:
                return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _pss(parameters: bytes) -> tuple[padding.PSS, hashes.HashAlgorithm]:
    """Read RSASSA-PSS-params (RFC 4055, section 3.1). Raises ValueError."""
    algorithm: hashes.HashAlgorithm = hashes.SHA1()  # noqa: S303 - the default that the standard sets
    mask: hashes.HashAlgorithm = hashes.SHA1()  # noqa: S303
    salt = 20
    for field in der.children(der.only(parameters)):
        inner = der.children(field, 1)[0]
        if field.tag == 0xA0:
            algorithm = _hash(inner)
        elif field.tag == 0xA1:
            mask = _hash(der.children(inner, 2)[1])
        elif field.tag == 0xA2:
            salt = der.integer(inner)
    return padding.PSS(padding.MGF1(mask), salt), algorithm


def _hash(algorithm: der.Node) -> hashes.HashAlgorithm:
    identifier = der.object_identifier(der.children(algorithm, 1)[0])
    if identifier not in _HASHES:
        raise der.DerError(f"unknown hash {identifier}")
    return _HASHES[identifier]()
