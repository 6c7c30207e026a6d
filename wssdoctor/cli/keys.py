"""Private keys that the user lends for one run: their passwords come from the environment, or are asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wssdoctor.wsse.private_key import PrivateKey


def lent(paths: Iterable[Path]) -> tuple[PrivateKey, ...]:
    """Read keys; asks for a password where none opens the file and somebody sits at the terminal.

    Raises ``InputError`` for a file that gives no key.
    """
    return tuple(_lent(path) for path in paths)


def _lent(path: Path) -> PrivateKey:
    import click

    from wssdoctor.collect.pin import from_environment
    from wssdoctor.diagnosis.lent import key_in, octets
    from wssdoctor.errors import InputError

    data = octets(path)
    try:
        return key_in(path, data, from_environment())
    except InputError:
        if not sys.stdin.isatty():
            raise
    asked = click.prompt(f"Password of {path.name}", hide_input=True, default="", show_default=False, err=True)
    return key_in(path, data, [asked])
