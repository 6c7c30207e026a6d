"""Loading the knowledge base: from YAML once, then from a cache of JSON in a few milliseconds."""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from wssdoctor import __version__
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.folders import files, home, own_folders
from wssdoctor.typed import looked_at

_MAX_CACHE_BYTES = 32 * 1024 * 1024
_MOST_CACHES = 8
"""Caches that are kept, one for each set of source folders: enough for some checkouts and overlays."""
_COMPILED_BY = ("record", "base", "files", "overlay", "strings", "number", "wording", "logged_user")
"""The modules that make the cache."""


class _Cached(msgspec.Struct, frozen=True):
    key: str
    base: Base
    packed: int
    """The checksum of what stays packed in it."""


def load(folder: Path | None = None, cache: Path | None = None, overlays: Sequence[Path] | None = None) -> Base:
    """Return the knowledge base of ``folder`` (default: the one that is shipped), through ``cache`` where that helps.

    ``overlays`` are folders with one's own knowledge, by default the user's one if it exists, and none for a folder of
    one's own. The cache is one file, by default in the user's cache folder and one for each set of source folders, of
    which the latest are kept. It counts only if it was made from the very bytes that are there now; a missing, damaged
    or unwritable cache costs time and nothing else. Raises ``InputError``
    with every problem of the files, ``WssdoctorError`` where no knowledge base was shipped.
    """
    if overlays is None:
        overlays = own_folders() if folder is None else ()
    folder = folder or home()
    chosen = cache or _default_cache(folder, overlays)
    key = " ".join(map(_key, (folder, *overlays)))
    base = _from_cache(chosen, key)
    if base is None:
        from wssdoctor.knowledge.files import read  # PyYAML, only where the cache does not help

        base = read(folder, overlays)
        _keep(chosen, _Cached(key, base, _packed(base)))
        if cache is None:
            _tidy(chosen.parent)
    return base


def _key(folder: Path) -> str:
    """Return what tells two states of the files apart.

    Their bytes decide: size and time of a file survive an exchange where an installer or an image sets all times alike.
    """
    checksum = 0
    size = 0
    for path in files(folder):
        try:
            with open(path, "rb") as stream:  # noqa: PTH123 - a third of the time of Path.read_bytes, for 100 files
                data = stream.read()
        except OSError:
            data = b""  # reading it properly will say why
        checksum = zlib.crc32(data, zlib.crc32(path.name.encode(), checksum))
        size += len(data)
    return f"{__version__} {_compiler()} {size} {checksum:08x}"


def _compiler() -> str:
    """Return what tells the code that makes the cache from other states of it, as in a checkout that is worked on."""
    here = os.path.dirname(__file__)  # noqa: PTH120 - pathlib takes longer than all else here
    found = [os.stat(os.path.join(here, f"{name}.py")) for name in _COMPILED_BY]  # noqa: PTH116, PTH118
    return ",".join(f"{one.st_mtime_ns:x}" for one in found)


def _default_cache(folder: Path, overlays: Sequence[Path]) -> Path:
    import platformdirs

    sources = os.pathsep.join(os.path.abspath(one) for one in (folder, *overlays))  # noqa: PTH100 - pathlib takes longer
    name = f"knowledge-{zlib.crc32(sources.encode()):08x}.json"
    return platformdirs.user_cache_path("wssdoctor", appauthor=False) / name


def _from_cache(cache: Path, key: str) -> Base | None:
    try:
        with open(cache, "rb") as stream:  # noqa: PTH123 - see above
            data = stream.read(_MAX_CACHE_BYTES + 1)
        cached = msgspec.json.decode(data, type=looked_at(_Cached))
    except (OSError, ValueError, RecursionError):
        return None
    if cached.key != key or cached.packed != _packed(cached.base):
        return None
    base = cached.base  # what stays packed is a view of all the bytes: a copy of that part lets them go
    return msgspec.structs.replace(
        base, packed_words=base.packed_words.copy(), packed_language=base.packed_language.copy()
    )


def _packed(base: Base) -> int:
    """Return the checksum of what stays packed: nothing else would tell that it is damaged before it is needed."""
    return zlib.crc32(base.packed_language, zlib.crc32(base.packed_words))


def _keep(cache: Path, cached: _Cached) -> None:
    """Write the cache in one step, or not at all."""
    import contextlib
    import tempfile

    with contextlib.suppress(OSError):
        cache.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=cache.parent, prefix=".knowledge-", suffix=".json")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(msgspec.json.encode(cached))
            os.replace(name, cache)  # noqa: PTH105 - name is a text
        except OSError:
            os.unlink(name)  # noqa: PTH108 - name is a text


def _tidy(folder: Path) -> None:
    """Remove all but the latest caches, with what an interrupted writer left behind."""
    import contextlib

    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        names = ("knowledge-", "knowledge.json", ".knowledge-")
        found = [(one.stat().st_mtime_ns, one.path) for one in entries if one.name.startswith(names)]
        for _, path in sorted(found, reverse=True)[_MOST_CACHES:]:
            os.unlink(path)  # noqa: PTH108 - path is a text
