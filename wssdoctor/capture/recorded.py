"""What a file holds: one capture, or a recording of many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from wssdoctor.capture.capture import Capture
from wssdoctor.capture.read import bytes_of, is_capture, read, read_bytes
from wssdoctor.capture.recording.exchange import Exchange
from wssdoctor.capture.source import Source

_BEGINNINGS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("har", re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\"log\"\s*:\s*\{")),
    ("soapui", re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?<(?:[\w.-]{1,50}:)?soapui-project\b")),
    ("fiddler", re.compile(rb"PK\x03\x04")),
    ("packets", re.compile(rb"\xd4\xc3\xb2\xa1|\xa1\xb2\xc3\xd4|\x4d\x3c\xb2\xa1|\xa1\xb2\x3c\x4d|\x0a\x0d\x0d\x0a")),
    ("mitmproxy", re.compile(rb"\d{1,10}:\d{1,10}:[a-z_]{1,40}[,;]")),
    ("curl", re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:[$#>] )?curl(?:\.exe)?\s")),
)
"""How a recording begins, by its reader. Dumps and transcripts begin with anything."""
_DUMP, _TRANSCRIPT = "hexdump", "transcript"
_NO_DUMP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<|#|[A-Za-z-]{2,40}: |[A-Z]{3,20} \S{1,2000} HTTP/)")


def read_all(path: Path, *, at: datetime | None = None) -> tuple[Capture, ...]:
    """Read the captures of a file: the one that it is, or the SOAP calls of the recording.

    Each capture of a recording is named after the file and its exchange: ``session.har#12``. ``at`` (aware) overrides
    the times. Raises InputError for what cannot be read, and for a recording without a SOAP call.
    """
    source = Source(str(path), bytes_of(path)[0])
    found = recording(source)
    if found is None:
        return (read(path, at=at),)
    return tuple(read_bytes(one.octets(), f"{source.name}#{one.label}", at=at) for one in soap_calls(source, found))


def recording(source: Source) -> Iterator[Exchange] | None:
    """Return the exchanges of a recording; None for a file that is none."""
    name = next((name for name, begins in _BEGINNINGS if begins.match(source.data)), None)
    if name is None:
        maybe = () if is_capture(source) else (_TRANSCRIPT,) if _NO_DUMP.match(source.data) else (_DUMP, _TRANSCRIPT)
        name = next((each for each in maybe if _reader(each, "recognised")(source)), None)
    if name is None:
        return None
    found: Iterator[Exchange] = _reader(name, "exchanges")(source)
    return found


def begins_recording(head: bytes) -> bool:
    """Whether a file begins as a recording does; an archive, which may be anything, and a dump are not known by that."""
    return any(begins.match(head) for name, begins in _BEGINNINGS if name != "fiddler")


def soap_calls(source: Source, exchanges: Iterator[Exchange]) -> list[Exchange]:
    """Return the exchanges that may be SOAP calls. Raises InputError where there is none."""
    all_of_them = list(exchanges)
    calls = [one for one in all_of_them if one.is_soap]
    if not calls:
        raise source.refusal(
            "The recording holds no SOAP call.",
            why=f"None of its {len(all_of_them)} requests is a POST with an XML or MIME body.",
        )
    return calls


def _reader(name: str, function: str) -> Callable[[Source], Any]:
    found: Callable[[Source], Any] = getattr(import_module(f"wssdoctor.capture.recording.{name}"), function)
    return found
