"""Encrypting data and keys: the counterpart of ``cipher`` (XML Encryption 1.1, section 5)."""

from __future__ import annotations

import hashlib
import secrets

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import keywrap
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wssdoctor.wsse import names
from wssdoctor.wsse.cipher import (
    DATA_CIPHERS,
    GCM,
    HASHES,
    KEY_WRAPS,
    MASKS,
    OAEP,
    WRAP_IV,
    CipherError,
    Transport,
    UnknownCipherError,
    fit,
)

_GCM_NONCE = 12


def encrypt_data(algorithm: str, key: bytes, plain: bytes) -> bytes:
    """Encrypt the octets of an EncryptedData behind a fresh initialisation vector. Raises CipherError (section 5.2)."""
    if algorithm not in DATA_CIPHERS:
        raise UnknownCipherError(algorithm)
    fit(algorithm, key)
    if algorithm in GCM:
        nonce = secrets.token_bytes(_GCM_NONCE)
        return nonce + AESGCM(key).encrypt(nonce, plain, None)
    cipher = TripleDES(key) if algorithm == names.TRIPLEDES_CBC else algorithms.AES(key)
    block = cipher.block_size // 8
    missing = block - len(plain) % block
    vector = secrets.token_bytes(block)
    return vector + _encrypt_cbc(cipher, vector, plain + secrets.token_bytes(missing - 1) + bytes([missing]))


def wrap(algorithm: str, key: bytes, secret: bytes) -> bytes:
    """Wrap a key with a symmetric one. Raises CipherError (section 5.6)."""
    if algorithm not in KEY_WRAPS:
        raise UnknownCipherError(algorithm)
    fit(algorithm, key)
    if algorithm != names.KW_TRIPLEDES:
        return keywrap.aes_key_wrap(key, secret)
    # CMS Triple DES key wrap (section 5.6.2, RFC 3217 section 3.1)
    cipher, vector = TripleDES(key), secrets.token_bytes(8)
    checked = secret + hashlib.sha1(secret, usedforsecurity=False).digest()[:8]
    return _encrypt_cbc(cipher, WRAP_IV, (vector + _encrypt_cbc(cipher, vector, checked))[::-1])


def transport(how: Transport, key: rsa.RSAPublicKey, secret: bytes) -> bytes:
    """Encrypt a key with RSA. Raises CipherError (section 5.5)."""
    if how.algorithm == names.RSA_1_5:
        scheme: padding.AsymmetricPadding = padding.PKCS1v15()
    elif how.algorithm not in OAEP:
        raise UnknownCipherError(how.algorithm)
    elif how.digest not in HASHES or how.mask not in MASKS:
        raise UnknownCipherError(how.digest if how.digest not in HASHES else how.mask)
    else:
        scheme = padding.OAEP(padding.MGF1(MASKS[how.mask]()), HASHES[how.digest](), how.label or None)
    try:
        return key.encrypt(secret, scheme)
    except ValueError:
        raise CipherError("the recipient's key is too small for the key that is to be sent") from None


def _encrypt_cbc(cipher: algorithms.AES | TripleDES, vector: bytes, octets: bytes) -> bytes:
    encryptor = Cipher(cipher, modes.CBC(vector)).encryptor()
    return encryptor.update(octets) + encryptor.finalize()
