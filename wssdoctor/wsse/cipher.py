"""The ciphers of XML Encryption 1.1: data, key wrap, key transport and key agreement, on octets.

A failure is told with its cause, because the person who holds the key may know it. That makes this an oracle: it
must never answer strangers over a network (see the attacks on RSA-1_5 and CBC, CVE-2011-2487 and CVE-2011-1096).
"""

from __future__ import annotations

import hashlib

import msgspec
from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wssdoctor.wsse import names
from wssdoctor.wsse.algorithm import DIGESTS, hasher

KEY_SIZES = {
    names.TRIPLEDES_CBC: 24,
    names.AES128_CBC: 16,
    names.AES192_CBC: 24,
    names.AES256_CBC: 32,
    names.AES128_GCM: 16,
    names.AES192_GCM: 24,
    names.AES256_GCM: 32,
    names.KW_TRIPLEDES: 24,
    names.KW_AES128: 16,
    names.KW_AES192: 24,
    names.KW_AES256: 32,
}
"""Octets of the key that each cipher wants."""
GCM = frozenset((names.AES128_GCM, names.AES192_GCM, names.AES256_GCM))
DATA_CIPHERS = frozenset((names.TRIPLEDES_CBC, names.AES128_CBC, names.AES192_CBC, names.AES256_CBC)) | GCM
KEY_WRAPS = frozenset((names.KW_TRIPLEDES, names.KW_AES128, names.KW_AES192, names.KW_AES256))
OAEP = frozenset((names.RSA_OAEP_MGF1P, names.RSA_OAEP))

HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    names.SHA1: hashes.SHA1,
    names.SHA224: hashes.SHA224,
    names.SHA256: hashes.SHA256,
    names.SHA384: hashes.SHA384,
    names.SHA512: hashes.SHA512,
}
MASKS: dict[str, type[hashes.HashAlgorithm]] = {
    names.MGF1_SHA1: hashes.SHA1,
    names.MGF1_SHA224: hashes.SHA224,
    names.MGF1_SHA256: hashes.SHA256,
    names.MGF1_SHA384: hashes.SHA384,
    names.MGF1_SHA512: hashes.SHA512,
}
_KEY_LENGTHS = frozenset(KEY_SIZES.values())
_NO_OAEP = "the OAEP padding does not decode"
_GCM_NONCE, _GCM_TAG = 12, 16
WRAP_IV = bytes.fromhex("4adda22c79e82105")


class CipherError(ValueError):
    """Octets do not decrypt; the text says why as far as that can be known."""


class UnknownCipherError(CipherError):
    """The algorithm, or one that it builds on, is not known; the text is its identifier."""


class Transport(msgspec.Struct, frozen=True):
    """How a key was encrypted with RSA: the algorithm and what OAEP builds on, as identifiers."""

    algorithm: str
    digest: str = names.SHA1
    mask: str = names.MGF1_SHA1
    label: bytes = b""


def decrypt_data(algorithm: str, key: bytes, octets: bytes) -> bytes:
    """Decrypt the octets of an EncryptedData: the initialisation vector stands before the cipher text.

    Raises CipherError (XML Encryption 1.1, section 5.2).
    """
    if algorithm not in DATA_CIPHERS:
        raise UnknownCipherError(algorithm)
    fit(algorithm, key)
    if algorithm in GCM:
        if len(octets) < _GCM_NONCE + _GCM_TAG:
            raise CipherError(f"{len(octets)} octets are less than a nonce and a tag")
        try:
            return AESGCM(key).decrypt(octets[:_GCM_NONCE], octets[_GCM_NONCE:], None)
        except InvalidTag:
            raise CipherError("the authentication tag does not verify") from None
    cipher = _block_cipher(algorithm, key)
    block = cipher.block_size // 8
    if len(octets) < 2 * block or len(octets) % block:
        raise CipherError(f"{len(octets)} octets are not two or more whole blocks of {block}")
    plain = _decrypt_cbc(cipher, octets[:block], octets[block:])
    padded = plain[-1]
    if not 1 <= padded <= block:
        raise CipherError(f"the last octet says {padded} octets of padding, which a block of {block} cannot hold")
    return plain[:-padded]


def unwrap(algorithm: str, key: bytes, octets: bytes) -> bytes:
    """Unwrap a key that was wrapped with a symmetric one (section 5.6). Raises CipherError."""
    if algorithm not in KEY_WRAPS:
        raise UnknownCipherError(algorithm)
    fit(algorithm, key)
    if algorithm == names.KW_TRIPLEDES:
        return _unwrap_triple_des(key, octets)
    try:
        return keywrap.aes_key_unwrap(key, octets)
    except keywrap.InvalidUnwrap:
        raise CipherError("the integrity check of the key wrap fails") from None


def transported(transport: Transport, key: rsa.RSAPrivateKey, octets: bytes) -> bytes:
    """Decrypt a key that was encrypted with RSA (section 5.5). Raises CipherError.

    A PKCS#1 v1.5 padding that is wrong may go unnoticed here: see ``padding_fits``.
    """
    if len(octets) != (key.key_size + 7) // 8:
        raise CipherError(f"{len(octets)} octets do not fit an RSA key of {key.key_size} bits")
    if transport.algorithm == names.RSA_1_5:
        try:
            found = key.decrypt(octets, padding.PKCS1v15())
        except ValueError:
            raise CipherError("the cipher value is no number that this key can have made") from None
        # OpenSSL answers a wrong padding with made-up octets of any length, on purpose.
        return found if len(found) in _KEY_LENGTHS else _unpad_pkcs1(_raw(key, octets))
    if transport.algorithm not in OAEP:
        raise UnknownCipherError(transport.algorithm)
    mask = _known(MASKS, transport.mask)
    if transport.digest not in HASHES:
        return _unpad_oaep(_raw(key, octets), transport.digest, mask, transport.label)
    digest = HASHES[transport.digest]
    try:
        oaep = padding.OAEP(padding.MGF1(mask()), digest(), transport.label)
        return key.decrypt(octets, oaep)
    except ValueError:
        raise CipherError(_NO_OAEP) from None


def padding_fits(key: rsa.RSAPrivateKey, octets: bytes) -> bool:
    """Whether octets encrypted with PKCS#1 v1.5 have its padding; slow, for a diagnosis."""
    try:
        _unpad_pkcs1(_raw(key, octets))
    except CipherError:
        return False
    return True


def agreed(private: ec.EllipticCurvePrivateKey, public: ec.EllipticCurvePublicKey) -> bytes:
    """Agree on a secret by ECDH-ES (section 5.6.4). Raises CipherError."""
    try:
        return private.exchange(ec.ECDH(), public)
    except (ValueError, UnsupportedAlgorithm):
        raise CipherError("the two keys are not on the same curve") from None


def fit(algorithm: str, key: bytes) -> None:
    """Hold the key's size against what a cipher wants. Raises CipherError."""
    if len(key) != KEY_SIZES[algorithm]:
        raise CipherError(f"the key has {len(key)} octets where {KEY_SIZES[algorithm]} are wanted")


def _known(table: dict[str, type[hashes.HashAlgorithm]], identifier: str) -> type[hashes.HashAlgorithm]:
    if identifier not in table:
        raise UnknownCipherError(identifier)
    return table[identifier]


def _block_cipher(algorithm: str, key: bytes) -> algorithms.AES | TripleDES:
    return TripleDES(key) if algorithm in (names.TRIPLEDES_CBC, names.KW_TRIPLEDES) else algorithms.AES(key)


def _decrypt_cbc(cipher: algorithms.AES | TripleDES, vector: bytes, octets: bytes) -> bytes:
    decryptor = Cipher(cipher, modes.CBC(vector)).decryptor()
    return decryptor.update(octets) + decryptor.finalize()


def _unwrap_triple_des(key: bytes, octets: bytes) -> bytes:
    """CMS Triple DES key unwrap (section 5.6.2, RFC 3217 section 3.2)."""
    if len(octets) % 8 or len(octets) < 24:
        raise CipherError(f"{len(octets)} octets are not three or more whole blocks of 8")
    cipher = TripleDES(key)
    inner = _decrypt_cbc(cipher, WRAP_IV, octets)[::-1]
    checked = _decrypt_cbc(cipher, inner[:8], inner[8:])
    found, checksum = checked[:-8], checked[-8:]
    if hashlib.sha1(found, usedforsecurity=False).digest()[:8] != checksum:
        raise CipherError("the checksum of the key wrap fails")
    return found


def _raw(key: rsa.RSAPrivateKey, octets: bytes) -> bytes:
    """RSA itself, by the Chinese remainder theorem: cryptography does not offer it without a padding."""
    numbers = key.private_numbers()
    value = int.from_bytes(octets)
    p, q = numbers.p, numbers.q
    if value >= p * q or len(octets) != (key.key_size + 7) // 8:
        raise CipherError("the cipher value is no number that this key can have made")
    left = pow(value % p, numbers.dmp1, p)
    right = pow(value % q, numbers.dmq1, q)
    return (right + (left - right) * numbers.iqmp % p * q).to_bytes(len(octets))


def _unpad_oaep(block: bytes, digest: str, mask: type[hashes.HashAlgorithm], label: bytes) -> bytes:
    """Take the key out of an OAEP block (RFC 8017, section 7.1.2), with digests that cryptography lacks for it."""
    if digest not in DIGESTS:
        raise UnknownCipherError(digest)
    try:
        hashed = hasher(DIGESTS[digest])
    except ValueError:
        raise UnknownCipherError(digest) from None
    hashed.update(label)
    size = hashed.digest_size
    seed = _xor(block[1 : size + 1], _mgf1(block[size + 1 :], size, mask))
    data = _xor(block[size + 1 :], _mgf1(seed, len(block) - size - 1, mask))
    found = data[size:].lstrip(b"\0")
    if block[0] or data[:size] != hashed.digest() or not found.startswith(b"\1"):
        raise CipherError(_NO_OAEP)
    return found[1:]


def _mgf1(seed: bytes, size: int, mask: type[hashes.HashAlgorithm]) -> bytes:
    kind = mask()
    counters = range(-(-size // kind.digest_size))
    return b"".join(hashlib.new(kind.name, seed + count.to_bytes(4)).digest() for count in counters)[:size]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))


def _unpad_pkcs1(block: bytes) -> bytes:
    """Take the key out of a PKCS#1 v1.5 block (RFC 8017, section 7.2.2)."""
    end = block.find(b"\0", 2)
    if not block.startswith(b"\0\2") or end < 10:
        raise CipherError("the PKCS#1 v1.5 padding does not decode")
    return block[end + 1 :]
