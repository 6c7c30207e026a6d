"""The receiver's own keys, kept as octets so that a context can be pickled, and never shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import types

from wssdoctor.wsse.certificate import Certificate, CertificateError, decode_base64, load_certificates
from wssdoctor.wsse.x509_signature import PublicKey

_PEM_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)


class PrivateKey:
    """A private key with the certificate that senders name when they encrypt for it."""

    def __init__(self, pkcs8: bytes, certificate: Certificate | None = None) -> None:
        self._pkcs8 = pkcs8
        self.certificate = certificate

    @cached_property
    def key(self) -> types.PrivateKeyTypes:
        """The key itself, read at first use."""
        return serialization.load_der_private_key(self._pkcs8, None)

    @property
    def owner(self) -> str:
        """Whose key it is, in words."""
        return str(self.certificate.subject) if self.certificate else "a key without certificate"

    def __reduce__(self) -> tuple[type[PrivateKey], tuple[bytes, Certificate | None]]:
        return type(self), (self._pkcs8, self.certificate)

    def __repr__(self) -> str:
        return f"PrivateKey((secret), {self.certificate!r})"


class KnownKey:
    """A public key that the receiver holds without a certificate."""

    def __init__(self, spki: bytes) -> None:
        self.spki = spki

    @cached_property
    def key(self) -> PublicKey:
        """The key itself, read at first use."""
        return serialization.load_der_public_key(self.spki)

    def __reduce__(self) -> tuple[type[KnownKey], tuple[bytes]]:
        return type(self), (self.spki,)


def load_private_key(data: bytes, certificate: Certificate | None) -> PrivateKey:
    """Read an unencrypted private key in PEM or DER. Raises CertificateError, whose text shows nothing of it."""
    try:
        load = serialization.load_pem_private_key if b"-----BEGIN " in data else serialization.load_der_private_key
        key = load(data, None)
        pkcs8 = _pkcs8(key)
    except TypeError:
        raise CertificateError("the private key is encrypted; give it without a password") from None
    except (ValueError, UnsupportedAlgorithm):
        raise CertificateError("not a private key in PEM or DER") from None
    return PrivateKey(pkcs8, certificate)


def open_private_key(data: bytes, passwords: Sequence[str] = ()) -> PrivateKey:
    """Read a key in PEM, DER or PKCS#12 (RFC 7292), with its certificate where the file holds one.

    Without a password and with an empty one is tried first. Raises CertificateError, whose text shows nothing of it.
    """
    for password in (None, b"", *(each.encode() for each in passwords)):
        for read in (_read_pkcs12, _read_key):
            try:
                return read(data, password)
            except (TypeError, ValueError, UnsupportedAlgorithm):
                continue
    raise CertificateError("not a private key in PEM, DER or PKCS#12, or no password that was given opens it")


def _read_pkcs12(data: bytes, password: bytes | None) -> PrivateKey:
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

    bundle = load_pkcs12(data, password)
    if bundle.key is None:
        raise CertificateError("the container holds no private key")
    own = bundle.cert.certificate.public_bytes(serialization.Encoding.DER) if bundle.cert else None
    return PrivateKey(_pkcs8(bundle.key), load_certificates(own)[0] if own else None)


def _read_key(data: bytes, password: bytes | None) -> PrivateKey:
    load = serialization.load_pem_private_key if b"-----BEGIN " in data else serialization.load_der_private_key
    key = load(data, password)
    beside = load_certificates(data) if b"-----BEGIN CERTIFICATE-----" in data else ()
    own = next((one for one in beside if one.public_key == key.public_key()), None)
    return PrivateKey(_pkcs8(key), own)


def _pkcs8(key: types.PrivateKeyTypes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def load_public_keys(data: bytes) -> tuple[KnownKey, ...]:
    """Read public keys in PEM (any number) or DER. Raises CertificateError."""
    pem = [decode_base64(body) for label, body in _PEM_BLOCK.findall(data) if label == b"PUBLIC KEY"]
    found: list[KnownKey] = []
    for block in pem or [data]:
        try:
            key = (
                serialization.load_pem_public_key(block)
                if block.startswith(b"-----")
                else serialization.load_der_public_key(block)
            )
        except (ValueError, UnsupportedAlgorithm):
            raise CertificateError("not a public key in PEM or DER") from None
        found.append(
            KnownKey(key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))
        )
    return tuple(found)
