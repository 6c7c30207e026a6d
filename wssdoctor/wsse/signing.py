"""Making a SignatureValue with a private key: the counterpart of ``signature_value`` (XML Signature 1.1, section 6.4)."""

from __future__ import annotations

from typing import TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from wssdoctor.wsse.algorithm import SignatureAlgorithm
from wssdoctor.wsse.signature_value import PssParameters, hash_of

SigningKey: TypeAlias = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | dsa.DSAPrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
)
_DSA_NUMBER = 20
"""Octets of r and of s in a DSA value (XML Signature 1.1, section 6.4.1)."""


def sign(algorithm: SignatureAlgorithm, key: SigningKey, octets: bytes, pss: PssParameters | None = None) -> bytes:
    """Sign octets. Raises ``ValueError`` where the key is not of the kind that the algorithm needs, or is too small."""
    try:
        match algorithm.family, key:
            case "rsa", rsa.RSAPrivateKey():
                return key.sign(octets, padding.PKCS1v15(), hash_of(algorithm.digest))
            case "rsa-pss", rsa.RSAPrivateKey():
                parameters = pss or PssParameters(algorithm.digest or "sha256")
                salted = padding.PSS(padding.MGF1(hash_of(parameters.mask_digest)), parameters.salt_length)
                return key.sign(octets, salted, hash_of(parameters.digest))
            case "ecdsa", ec.EllipticCurvePrivateKey():
                size = (key.curve.key_size + 7) // 8
                return _plain(key.sign(octets, ec.ECDSA(hash_of(algorithm.digest))), size)
            case "dsa", dsa.DSAPrivateKey():
                size = max(_DSA_NUMBER, (key.parameters().parameter_numbers().q.bit_length() + 7) // 8)
                return _plain(key.sign(octets, hash_of(algorithm.digest)), size)
            case "eddsa", ed25519.Ed25519PrivateKey() | ed448.Ed448PrivateKey():
                return key.sign(octets)
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from None
    raise ValueError(f"the key does not fit the algorithm {algorithm.uri}")


def _plain(encoded: bytes, size: int) -> bytes:
    """Turn the form that cryptography writes into r and s, one after the other."""
    first, second = decode_dss_signature(encoded)
    return first.to_bytes(size) + second.to_bytes(size)
