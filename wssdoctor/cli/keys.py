"""Private keys that the user lends for one run: read, used to decrypt, never shown or written."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wssdoctor.wsse.private_key import PrivateKey

_MOST = 1_000_000
_HINT = (
    "give PEM or PKCS#12, and its password in the variable WSSDOCTOR_PIN or at the prompt; for a PSE: "
    "sapgenpse export_p12 -p FILE.pse FILE.p12"
)


def lent(paths: Iterable[Path]) -> tuple[PrivateKey, ...]:
    """Read keys; asks for a password where none opens the file and somebody sits at the terminal.

    Raises ``InputError`` for a file that gives no key.
    """
    return tuple(_lent(path) for path in paths)


def _lent(path: Path) -> PrivateKey:
    import click

    from wssdoctor.collect.pin import from_environment
    from wssdoctor.errors import InputError
    from wssdoctor.evidence import Place
    from wssdoctor.wsse.certificate import CertificateError
    from wssdoctor.wsse.private_key import open_private_key

    place = Place(file=str(path))
    try:
        with path.open("rb") as file:
            data = file.read(_MOST)
    except OSError as error:
        raise InputError.because("the key cannot be read", place=place, why=error.strerror or "") from None
    passwords = from_environment()
    try:
        return open_private_key(data, passwords)
    except CertificateError as error:
        if not sys.stdin.isatty():
            raise InputError.because(
                "no key can be taken from this file", place=place, why=str(error), hint=_HINT
            ) from None
    asked = click.prompt(f"Password of {path.name}", hide_input=True, default="", show_default=False, err=True)
    try:
        return open_private_key(data, [asked])
    except CertificateError as error:
        raise InputError.because(
            "no key can be taken from this file", place=place, why=str(error), hint=_HINT
        ) from None
