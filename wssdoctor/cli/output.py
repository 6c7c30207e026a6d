"""Writing the result: to stdout, or to a file in one step."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

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


def replace_file(path: Path, data: bytes, permissions: int | None = None) -> None:
    """Put data in the place of a file at once, with the file's permissions; a device or pipe is written to."""
    target = path.resolve()
    try:
        mode: int | None = target.stat().st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and stat.S_ISDIR(mode):
        raise IsADirectoryError(21, os.strerror(21))
    if mode is not None and not stat.S_ISREG(mode):
        target.write_bytes(data)
        return
    import tempfile

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if permissions is None:
            permissions = stat.S_IMODE(mode) if mode is not None else 0o666 & ~_umask()
        Path(name).chmod(permissions)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
