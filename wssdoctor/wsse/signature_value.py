"""Does a SignatureValue fit octets and key? (XML Signature 1.1, section 6.4)."""

from __future__ import annotations

import hmac
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

from wssdoctor.wsse.algorithm import DIGEST_SIZES, SignatureAlgorithm, hasher
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.x509_signature import PublicKey

_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha3_224": hashes.SHA3_224,
    "sha3_256": hashes.SHA3_256,
    "sha3_384": hashes.SHA3_384,
    "sha3_512": hashes.SHA3_512,
}
_DIGEST_INFO = {
    "md5": "3020300c06082a864886f70d020505000410",
    "sha1": "3021300906052b0e03021a05000414",
    "ripemd160": "3021300906052b2403020105000414",
    "sha224": "302d300d06096086480165030402040500041c",
    "sha256": "3031300d060960864801650304020105000420",
    "sha384": "3041300d060960864801650304020205000430",
    "sha512": "3051300d060960864801650304020305000440",
    "sha3_224": "302d300d06096086480165030402070500041c",
    "sha3_256": "3031300d060960864801650304020805000420",
    "sha3_384": "3041300d060960864801650304020905000430",
    "sha3_512": "3051300d060960864801650304020a05000440",
}
_KINDS: dict[str, tuple[type, ...]] = {
    "rsa": (rsa.RSAPublicKey,),
    "rsa-pss": (rsa.RSAPublicKey,),
    "ecdsa": (ec.EllipticCurvePublicKey,),
    "dsa": (dsa.DSAPublicKey,),
    "eddsa": (ed25519.Ed25519PublicKey, ed448.Ed448PublicKey),
}
_PREFIXES = {bytes.fromhex(prefix): name for name, prefix in _DIGEST_INFO.items()}


class PssParameters:
    """RSAPSSParams (RFC 9231, section 2.3.10): digest, mask digest and salt length."""

    def __init__(self, digest: str = "sha256", mask_digest: str | None = None, salt_length: int | None = None) -> None:
        self.digest = digest
        self.mask_digest = mask_digest or digest
        self.salt_length = DIGEST_SIZES[digest] if salt_length is None else salt_length


@cache
def hash_of(name: str) -> hashes.HashAlgorithm:
    """Give cryptography's hash object. Raises UnsupportedAlgorithm."""
    kind = _HASHES.get(name)
    if kind is None:
        raise UnsupportedAlgorithm(f"{name} is not available")
    return kind()


def fits(algorithm: SignatureAlgorithm, key: Key) -> bool:
    """Whether the key is of the kind that the algorithm needs; a secret fits HMAC only, a public key never does."""
    if algorithm.family == "hmac":
        return key.secret is not None
    return key.public is not None and isinstance(key.public, _KINDS[algorithm.family])


def verifies(
    algorithm: SignatureAlgorithm,
    key: Key,
    octets: bytes,
    value: bytes,
    *,
    output_bits: int | None = None,
    pss: PssParameters | None = None,
) -> bool:
    """Whether ``value`` is the signature of ``octets``. The key must fit. Raises UnsupportedAlgorithm."""
    if algorithm.family == "hmac":
        assert key.secret is not None
        return hmac.compare_digest(compute_hmac(algorithm, key.secret, octets, output_bits), value)
    assert key.public is not None
    return verifies_with_public(algorithm, key.public, octets, value, pss=pss)


def compute_hmac(algorithm: SignatureAlgorithm, secret: bytes, octets: bytes, output_bits: int | None = None) -> bytes:
    """Compute an HMAC, cut to ``output_bits`` (whole octets)."""

    def started(data: bytes = b"") -> Any:  # hmac hashes a long key itself
        hashed = hasher(algorithm.digest)
        hashed.update(data)
        return hashed

    full = hmac.new(secret, octets, started).digest()
    return full if output_bits is None else full[: output_bits // 8]


def verifies_with_public(
    algorithm: SignatureAlgorithm, key: PublicKey, octets: bytes, value: bytes, *, pss: PssParameters | None = None
) -> bool:
    """Verify with a public key of the right kind. Raises UnsupportedAlgorithm."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            if algorithm.family == "rsa-pss":
                parameters = pss or PssParameters(algorithm.digest or "sha256")
                mask = padding.MGF1(hash_of(parameters.mask_digest))
                salted = padding.PSS(mask, parameters.salt_length)
                key.verify(value, octets, salted, hash_of(parameters.digest))
            elif algorithm.digest in _HASHES:
                key.verify(value, octets, padding.PKCS1v15(), hash_of(algorithm.digest))
            else:
                hashed = hasher(algorithm.digest)
                hashed.update(octets)
                return recover_digest(key, value) == (algorithm.digest, hashed.digest())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            if algorithm.digest in _HASHES:
                key.verify(_dss(value), octets, ec.ECDSA(hash_of(algorithm.digest)))
            else:  # cryptography lacks RIPEMD-160; of the same size as SHA-1, it is signed in its place
                hashed = hasher(algorithm.digest)
                hashed.update(octets)
                key.verify(_dss(value), hashed.digest(), ec.ECDSA(Prehashed(hash_of("sha1"))))
        elif isinstance(key, dsa.DSAPublicKey):
            key.verify(_dss(value), octets, hash_of(algorithm.digest))
        elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            key.verify(value, octets)
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True


def recover_digest(key: PublicKey, value: bytes) -> tuple[str, bytes] | None:
    """Read from an RSA PKCS#1 signature which digest its maker signed: (hashlib's name, digest), else None.

    None means that the value was not made with this key's private half.
    """
    if not isinstance(key, rsa.RSAPublicKey):
        return None
    try:
        info = key.recover_data_from_signature(value, padding.PKCS1v15(), None)
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return None
    for prefix, name in _PREFIXES.items():
        if info.startswith(prefix) and len(info) == len(prefix) + DIGEST_SIZES[name]:
            return name, info[len(prefix) :]
    return None


def _dss(value: bytes) -> bytes:
    """Turn r and s, one after the other, into the form that cryptography reads."""
    half = len(value) // 2
    if not half or len(value) % 2 or half > 128:
        raise ValueError("not two numbers of equal length")
    return encode_dss_signature(int.from_bytes(value[:half]), int.from_bytes(value[half:]))
