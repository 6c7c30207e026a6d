"""Fiddler's session archives (SAZ): a ZIP with ``raw/N_c.txt`` (request), ``raw/N_s.txt`` (response), ``raw/N_m.xml``."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from wssdoctor.capture.moment import rfc3339
from wssdoctor.capture.recording.exchange import Exchange
from wssdoctor.capture.source import Source

MAXIMUM_ENTRIES = 30_000
MAXIMUM_UNPACKED = 512 * 1024 * 1024
"""Bytes of all requests and responses together."""
_MAXIMUM_RATIO = 200
_FREE_OF_RATIO = 16 * 1024 * 1024
_REQUEST = re.compile(r"raw/(\d{1,9})_c\.txt")
_SENT = re.compile(rb'ClientDoneRequest="([^"]{1,60})"')
_ABSOLUTE = re.compile(rb"[A-Z]{3,20} (https?://[^ \r\n]+) HTTP/")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


def exchanges(source: Source) -> Iterator[Exchange]:
    """Yield the sessions by number. Raises InputError for an archive that is broken, locked or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            entries = {entry.filename.replace("\\", "/"): entry for entry in _bounded(source, archive)}
            numbers = sorted(int(match[1]) for name in entries if (match := _REQUEST.fullmatch(name)))
            for number in numbers:
                yield _session(number, archive, entries)
    except RuntimeError:  # zipfile's word for a password
        raise source.refusal("The archive is locked with a password.", hint="Save it again without one.") from None
    except _BROKEN as error:
        raise source.refusal("The archive is broken.", why=type(error).__name__, hint="Save it again.") from None


def _session(number: int, archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> Exchange:
    def part(kind: str) -> bytes:
        # Fiddler pads the numbers of longer archives with zeros.
        for name in (f"raw/{number}_{kind}", *(f"raw/{number:0{width}}_{kind}" for width in range(2, 7))):
            if name in entries:
                return archive.read(entries[name])
        return b""

    request = part("c.txt")
    sent = _SENT.search(part("m.xml"))
    absolute = _ABSOLUTE.match(request)
    return Exchange(
        str(number),
        request,
        part("s.txt"),
        url=absolute[1].decode("latin-1") if absolute else None,
        moment=rfc3339(sent[1].decode("latin-1")) if sent else None,
    )


def _bounded(source: Source, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > MAXIMUM_ENTRIES:
        raise source.refusal(f"The archive has more than {MAXIMUM_ENTRIES} entries.")
    wide = any(one.file_size > _FREE_OF_RATIO + _MAXIMUM_RATIO * one.compress_size for one in entries)
    if wide or sum(one.file_size for one in entries) > MAXIMUM_UNPACKED:
        raise source.refusal("The archive unpacks to far more than its size.")
    return entries
