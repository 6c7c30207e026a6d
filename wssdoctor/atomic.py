"""Writing a file in one step: whoever reads it sees the old content or the new one, never a part."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def replace_file(path: Path, data: bytes, permissions: int | None = None, *, durable: bool = True) -> None:
    """Put data in the place of a file at once; a device or pipe is written to. Raises ``OSError``.

    A file keeps its permissions, and a new one gets the usual ones, unless ``permissions`` says otherwise.
    ``durable`` waits until the disk has it.
    """
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
            if durable:
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
