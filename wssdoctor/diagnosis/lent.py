"""Private keys that the user lends: read, used to decrypt while the program runs, never shown or written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wssdoctor.errors import InputError
from wssdoctor.evidence import Place
from wssdoctor.wsse.certificate import CertificateError
from wssdoctor.wsse.private_key import PrivateKey, open_private_key

_MOST = 1_000_000
_HINT = (
    "give PEM or PKCS#12, and its password in the variable WSSDOCTOR_PIN or when it is asked for; for a PSE: "
    "sapgenpse export_p12 -p FILE.pse FILE.p12"
)


def octets(path: Path) -> bytes:
    """Return what the file of a key holds. Raises ``InputError`` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST)
    except OSError as error:
        raise InputError.because(
            "the key cannot be read", place=Place(file=str(path)), why=error.strerror or ""
        ) from None


def key_in(path: Path, data: bytes, passwords: Sequence[str]) -> PrivateKey:
    """Return the key of a file that was read. Raises ``InputError`` where none of the passwords opens it."""
    try:
        return open_private_key(data, passwords)
    except CertificateError as error:
        raise InputError.because(
            "no key can be taken from this file", place=Place(file=str(path)), why=str(error), hint=_HINT
        ) from None
