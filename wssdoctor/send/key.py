"""The key to sign with: PKCS#12, or PEM with key and certificate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from wssdoctor.capture.read import bytes_of
from wssdoctor.errors import InputError
from wssdoctor.evidence import Place
from wssdoctor.wsse.certificate import Certificate, CertificateError, load_certificates, load_der
from wssdoctor.wsse.signing import SigningKey


def load_key(path: Path, password: Callable[[], str]) -> tuple[SigningKey, Certificate]:
    """Read key and certificate; the password is asked for only where the file needs one.

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


def _of_pem(data: bytes, path: Path, password: Callable[[], str]) -> tuple[SigningKey, Certificate]:
    try:
        try:
            key = serialization.load_pem_private_key(data, None)
        except TypeError:
            key = serialization.load_pem_private_key(data, password().encode())
        certificates = load_certificates(data)
    except (ValueError, TypeError, UnsupportedAlgorithm, CertificateError):
        raise _refused(path, "It lacks the private key or its certificate, or the password is wrong.") from None
    return _pair(key, certificates, path)


def _of_pkcs12(data: bytes, path: Path, password: bytes | None) -> tuple[SigningKey, Certificate]:
    key, certificate, others = pkcs12.load_key_and_certificates(data, password)
    found = [one for one in (certificate, *others) if one is not None]
    return _pair(key, [load_der(one.public_bytes(serialization.Encoding.DER)) for one in found], path)


def _pair(
    key: object, certificates: list[Certificate] | tuple[Certificate, ...], path: Path
) -> tuple[SigningKey, Certificate]:
    signing = cast("SigningKey | None", key)
    if signing is not None:
        own = signing.public_key()
        for certificate in certificates:
            if certificate.public_key == own:
                return signing, certificate
    raise _refused(path, "It holds no private key with its certificate.")


def _refused(path: Path, why: str) -> InputError:
    hint = "Give PKCS#12, or a PEM file with the private key and its certificate."
    return InputError.because("The key cannot be used.", place=Place(file=str(path)), why=why, hint=hint)
