"""Folders that hold what nobody else should read."""

from __future__ import annotations

from pathlib import Path

from wssdoctor.errors import InputError
from wssdoctor.evidence import Place


def made(folder: Path) -> Path:
    """Make a folder that only its owner reads, unless it is there. Raises ``InputError`` where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise InputError.because("The folder cannot be made.", place=Place(file=str(folder)), why=why) from None
    return folder
