"""Keys and certificates from files: to sign with, to decrypt with, to encrypt for."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from wssdoctor.capture.read import bytes_of
from wssdoctor.errors import InputError
from wssdoctor.evidence import Place
from wssdoctor.wsse.certificate import Certificate, CertificateError, load_certificates, load_der
from wssdoctor.wsse.material import Identity
from wssdoctor.wsse.private_key import PrivateKey, open_private_key
from wssdoctor.wsse.signing import SigningKey


def load_key(path: Path, password: Callable[[], str]) -> Identity:
    """Read a key to sign with and its certificate, from PKCS#12 or PEM with both; the password is asked for only where the file needs one.

    Raises ``InputError`` for a file without either, or a wrong password. The text shows nothing of it.
    """
    data = bytes_of(path)[0]
    if b"-----BEGIN " in data:
        return _of_pem(data, path, password)
    for secret in (b"", None):
        try:
            return _of_pkcs12(data, path, secret)
        except ValueError:
            continue
    try:
        return _of_pkcs12(data, path, password().encode())
    except ValueError:
        raise _refused(path, "It is no PKCS#12 file, or the password is wrong.") from None


def load_decryption_key(path: Path, password: Callable[[], str]) -> PrivateKey:
    """Read a private key in PEM, DER or PKCS#12. Raises ``InputError``."""
    data = bytes_of(path)[0]
    try:
        return open_private_key(data)
    except CertificateError:
        pass
    try:
        return open_private_key(data, (password(),))
    except CertificateError as error:
        raise _refused(path, f"{error}.") from None


def load_recipient(path: Path) -> Certificate:
    """Read the certificate to encrypt for, the first of a file. Raises ``InputError``."""
    try:
        return load_certificates(bytes_of(path)[0])[0]
    except CertificateError as error:
        hint = "Give the recipient's certificate in PEM or DER."
        raise InputError.because(
            "The certificate cannot be used.", place=Place(file=str(path)), why=f"{error}.", hint=hint
        ) from None


def load_secret(path: Path) -> bytes:
    """Read a shared key, which the file holds in base64. Raises ``InputError``, whose text shows nothing of it."""
    try:
        return base64.b64decode(b"".join(bytes_of(path)[0].split()), validate=True)
    except binascii.Error:
        raise InputError.because(
            "The secret cannot be used.",
            place=Place(file=str(path)),
            why="It is not base64.",
            hint="Write it in base64.",
        ) from None


def _of_pem(data: bytes, path: Path, password: Callable[[], str]) -> Identity:
    try:
        try:
            key = serialization.load_pem_private_key(data, None)
        except TypeError:
            key = serialization.load_pem_private_key(data, password().encode())
        certificates = load_certificates(data)
    except (ValueError, TypeError, UnsupportedAlgorithm, CertificateError):
        raise _refused(path, "It lacks the private key or its certificate, or the password is wrong.") from None
    return _pair(key, certificates, path)


def _of_pkcs12(data: bytes, path: Path, password: bytes | None) -> Identity:
    key, certificate, others = pkcs12.load_key_and_certificates(data, password)
    found = [one for one in (certificate, *others) if one is not None]
    return _pair(key, [load_der(one.public_bytes(serialization.Encoding.DER)) for one in found], path)


def _pair(key: object, certificates: list[Certificate] | tuple[Certificate, ...], path: Path) -> Identity:
    signing = cast("SigningKey | None", key)
    if signing is not None:
        own = signing.public_key()
        for certificate in certificates:
            if certificate.public_key == own:
                return Identity(signing, certificate, _above(certificate, certificates))
    raise _refused(path, "It holds no private key with its certificate.")


def _above(certificate: Certificate, others: Sequence[Certificate]) -> tuple[Certificate, ...]:
    """Give the authorities above a certificate, as far as the file holds them."""
    found: list[Certificate] = []
    while certificate.issuer != certificate.subject:
        above = next((one for one in others if one.subject == certificate.issuer and one not in found), None)
        if above is None:
            break
        found.append(above)
        certificate = above
    return tuple(found)


def _refused(path: Path, why: str) -> InputError:
    hint = "Give PKCS#12, or a PEM file with the private key and its certificate."
    return InputError.because("The key cannot be used.", place=Place(file=str(path)), why=why, hint=hint)
