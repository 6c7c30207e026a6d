"""Writing the result: to stdout, or to a file in one step."""

from __future__ import annotations

import sys
from pathlib import Path

from wssdoctor.atomic import replace_file
from wssdoctor.errors import InputError
from wssdoctor.evidence import Place


def write(result: bytes | str, output: Path | None, *, mode: int | None = None) -> None:
    """Write a result to ``output``, or to stdout. Raises ``InputError`` where the file cannot be written.

    ``mode`` is that of a file that must not be readable by others.
    """
    if output is not None:
        data = result if isinstance(result, bytes) else result.encode("utf-8", "backslashreplace")
        try:
            replace_file(output, data, mode)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise InputError.because("the result cannot be written", place=Place(file=str(output)), why=why) from None
    elif isinstance(result, bytes):
        sys.stdout.flush()
        sys.stdout.buffer.write(result)
        sys.stdout.buffer.flush()
    else:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(result.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
