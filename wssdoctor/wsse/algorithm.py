"""Digest and signature algorithms by their identifiers (XML Signature 1.1, XML Encryption 1.1, RFC 9231)."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from wssdoctor.wsse import names

DIGESTS = {
    names.SHA1: "sha1",
    names.SHA224: "sha224",
    names.SHA256: "sha256",
    names.SHA384: "sha384",
    names.SHA512: "sha512",
    names.SHA3_224: "sha3_224",
    names.SHA3_256: "sha3_256",
    names.SHA3_384: "sha3_384",
    names.SHA3_512: "sha3_512",
    names.MD5: "md5",
    names.RIPEMD160: "ripemd160",
}
"""Identifier of a digest method to the name that hashlib knows."""

DIGEST_SIZES = {
    "md5": 16,
    "sha1": 20,
    "ripemd160": 20,
    "sha224": 28,
    "sha256": 32,
    "sha384": 48,
    "sha512": 64,
    "sha3_224": 28,
    "sha3_256": 32,
    "sha3_384": 48,
    "sha3_512": 64,
}


def hasher(name: str) -> Any:
    """Make a hash object by hashlib's name. Raises ValueError where this Python's OpenSSL lacks it."""
    make = _HASHERS.get(name)
    return make(usedforsecurity=False) if make is not None else hashlib.new(name, usedforsecurity=False)


_HASHERS: dict[str, Any] = {
    "sha1": hashlib.sha1,
    "sha224": hashlib.sha224,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
"""The constructors themselves cost half of looking them up by name."""


class SignatureAlgorithm(msgspec.Struct, frozen=True):
    """``family`` is rsa, rsa-pss, ecdsa, dsa, eddsa or hmac; ``digest`` hashlib's name (empty: see RSAPSSParams)."""

    uri: str
    family: str
    digest: str


def _table() -> dict[str, SignatureAlgorithm]:
    more, late, later = names.DS_MORE, names.DS_MORE_2007, "http://www.w3.org/2021/04/xmldsig-more#"
    sha2 = ("sha224", "sha256", "sha384", "sha512")
    sha3 = ("sha3-224", "sha3-256", "sha3-384", "sha3-512")
    rows = [
        (names.RSA_SHA1, "rsa", "sha1"),
        (more + "rsa-md5", "rsa", "md5"),
        (more + "rsa-ripemd160", "rsa", "ripemd160"),
        *((f"{more}rsa-{digest}", "rsa", digest) for digest in sha2),
        (late + "rsa-pss", "rsa-pss", ""),
        *((f"{late}{digest}-rsa-MGF1", "rsa-pss", digest) for digest in ("sha1", *sha2, *sha3)),
        *((f"{more}ecdsa-{digest}", "ecdsa", digest) for digest in ("sha1", *sha2)),
        (late + "ecdsa-ripemd160", "ecdsa", "ripemd160"),
        *((f"{later}ecdsa-{digest}", "ecdsa", digest) for digest in sha3),
        *((f"{late}ecdsa-{digest}", "ecdsa", digest) for digest in sha3),
        (later + "eddsa-ed25519", "eddsa", ""),
        (later + "eddsa-ed448", "eddsa", ""),
        (names.DSA_SHA1, "dsa", "sha1"),
        (names.DS11 + "dsa-sha256", "dsa", "sha256"),
        (names.HMAC_SHA1, "hmac", "sha1"),
        (more + "hmac-md5", "hmac", "md5"),
        (more + "hmac-ripemd160", "hmac", "ripemd160"),
        *((f"{more}hmac-{digest}", "hmac", digest) for digest in sha2),
        *((f"{late}hmac-{digest}", "hmac", digest) for digest in sha3),
    ]
    return {uri: SignatureAlgorithm(uri, family, digest.replace("-", "_")) for uri, family, digest in rows}


SIGNATURES = _table()
"""Identifier of a signature method to what it means."""
