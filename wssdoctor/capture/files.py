"""Which files are captures."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from wssdoctor.errors import InputError
from wssdoctor.evidence import Place

SUFFIXES = (
    *(".xml", ".http", ".txt", ".mime", ".raw"),
    *(".har", ".saz", ".flow", ".flows", ".mitm", ".pcap", ".pcapng", ".cap", ".curl"),
)
"""Files of a directory that are taken as captures and recordings."""


def paths(arguments: Iterable[Path]) -> Iterator[Path]:
    """Yield the capture files of the arguments in their order.

    A directory yields its files with a suffix of a capture (in any case), sorted by name; not hidden ones, not those of
    directories inside it, and not responses, whose names end in ``.response`` and a suffix. Anything else yields
    itself. Raises InputError for a directory that cannot be read, has no capture, or has one that is no file.
    """
    for argument in arguments:
        if _is_directory(argument):
            yield from _of_directory(argument)
        else:
            yield argument


def _is_directory(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # reading it will say why
        return False


def _of_directory(directory: Path) -> list[Path]:
    place = Place(file=str(directory))
    try:
        with os.scandir(directory) as entries:
            found = [entry for entry in entries if _is_capture(entry.name) and not entry.is_dir()]
            names = sorted(entry.name for entry in found)
            odd = sorted(entry.name for entry in found if not entry.is_file())
    except OSError as error:
        raise InputError.because("The directory cannot be read.", place=place, why=error.strerror or "") from None
    if not names:
        raise InputError.because(
            "The directory has no captures.",
            place=place,
            why=f"Captures end in {', '.join(SUFFIXES)}.",
            hint="Rename the files, or name them one by one.",
        )
    if odd:
        raise InputError.because(
            "A capture of the directory is no file.",
            place=Place(file=str(directory / odd[0])),
            why="It is a link to nothing, or a pipe.",
            hint="Take it away, or name the captures one by one.",
        )
    return [directory / name for name in names]


def _is_capture(name: str) -> bool:
    lower = name.lower()
    return lower.endswith(SUFFIXES) and not lower.startswith(".") and not lower.rpartition(".")[0].endswith(".response")
