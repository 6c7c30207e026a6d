"""Reading captures.

A file holds one of

- a bare SOAP envelope: XML in UTF-8, UTF-16 or whatever its declaration says;
- a raw HTTP/1.x request: request line, header, empty line, body; perhaps followed by its raw response;
- a MIME message: header with Content-Type, empty line, body; no request line.

Note lines may stand before it, see ``notes``. Lines of a header may end with LF alone; bodies are taken byte for byte.

The response may also stand in a file beside the request, ``order.response.http`` beside ``order.http``. A response in
the file of the request comes first.
"""

from __future__ import annotations

import os
import re
import stat
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from wssdoctor.capture.capture import Capture, CaptureTime, Headers, Request, Response, TimeSource, header
from wssdoctor.capture.coding import decoded, is_text
from wssdoctor.capture.fields import read_fields
from wssdoctor.capture.http import (
    is_request,
    is_response,
    read_request,
    read_response,
    refuse_second_request,
)
from wssdoctor.capture.mime import open_body, without_transfer_encoding
from wssdoctor.capture.moment import http_date
from wssdoctor.capture.notes import Notes, read_notes
from wssdoctor.capture.source import Source
from wssdoctor.errors import InputError
from wssdoctor.evidence import Place

MAXIMUM_FILE = 256 * 1024 * 1024
"""Bytes that a capture file may have."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_ROOT = re.compile(rb"(?:\xff\xfe|\xfe\xff|\xef\xbb\xbf)?\s*(?:<[?!][^>]{0,2000}>\s*)*<([A-Za-z_][\w.:-]{0,200})")
_WRAPPED = re.compile(
    rb"(?:<|&lt;)(?:[A-Za-z_][\w.-]{0,50}:)?Envelope[\s>]|UE9TVC[A-Za-z0-9+/]|504[fF]535420|\b(?:POST|PUT) \S{1,4000} HTTP/1\."
)
"""What a document of another root carries, if it is a trace: an envelope, or a request, perhaps encoded."""
_MIME_LINE = re.compile(rb"(?:MIME-Version|Content-[A-Za-z-]{1,40}):", re.IGNORECASE)


def read(path: Path, *, at: datetime | None = None) -> Capture:
    """Read a capture from a file, and its response from the file beside it when there is one.

    ``at`` (aware) overrides the capture time that the file gives. Raises InputError for everything that is not a
    readable capture.
    """
    data, modified = bytes_of(path)
    return _capture(Source(str(path), data), _beside(path), at, modified)


def read_bytes(data: bytes, name: str, *, at: datetime | None = None, modified: datetime | None = None) -> Capture:
    """Read a capture from bytes; ``name`` stands for the file in what is said about it.

    ``at`` overrides the capture time that the bytes give, ``modified`` is the last resort; both aware. Raises
    InputError for everything that is not a readable capture.
    """
    return _capture(Source(name, data), None, at, modified)


def bytes_of(path: Path) -> tuple[bytes, datetime | None]:
    """Return the content of a file and, for a regular file, when it was modified. Raises InputError for neither."""
    place = Place(file=str(path))
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            regular = stat.S_ISREG(status.st_mode)
            too_large = regular and status.st_size > MAXIMUM_FILE
            data = b"" if too_large else file.read() if regular else file.read(MAXIMUM_FILE + 1)
    except FileNotFoundError:
        raise InputError.because("The capture does not exist.", place=place) from None
    except IsADirectoryError:
        raise InputError.because("The capture is a directory.", place=place) from None
    except PermissionError as error:
        raise InputError.because("The capture may not be read.", place=place, why=error.strerror or "") from None
    except OSError as error:
        raise InputError.because("The capture cannot be read.", place=place, why=error.strerror or "") from None
    except ValueError:  # a NUL in the name
        raise InputError.because("The capture cannot be read.", place=place, why="No file has such a name.") from None
    if too_large or len(data) > MAXIMUM_FILE:
        raise InputError.because(
            "The capture is too large.",
            place=place,
            why=f"It has more than {MAXIMUM_FILE} bytes.",
            hint="Save one request to a file of its own.",
        )
    try:
        modified = datetime.fromtimestamp(status.st_mtime, UTC) if regular else None
    except (OverflowError, ValueError, OSError):
        modified = None
    return data, modified


def is_capture(source: Source) -> bool:
    """Whether a file begins as a capture of one request does; the rest may still be refused."""
    try:
        start = read_notes(source).end
    except InputError:
        return True
    data = source.data
    if is_request(data, start) or _MIME_LINE.match(data, start):
        return True
    text = data[start:].replace(b"\0", b"") if data.startswith(_UTF16, start) else data[start:]
    root = _ROOT.match(text)
    if root is None:
        return text.lstrip(b"\xff\xfe").startswith(b"<")
    return root[1].rpartition(b":")[2] == b"Envelope" or _WRAPPED.search(text, root.end()) is None


def _beside(path: Path) -> Source | None:
    """Return the file that holds the response to the request in this one, when there is one."""
    if not path.suffix:
        return None
    beside = path.with_name(f"{path.stem}.response{path.suffix}")
    try:
        exists = beside.is_file()
    except OSError:  # such as a name that became too long
        exists = False
    return Source(str(beside), bytes_of(beside)[0]) if exists else None


def _capture(source: Source, beside: Source | None, at: datetime | None, modified: datetime | None) -> Capture:
    if not source.data or source.data.isspace():
        raise source.refusal("The capture is empty.")
    notes = read_notes(source)
    start = notes.end
    request: Request | None = None
    response: Response | None = None
    if source.data.startswith((b"<", *_UTF16), start):
        headers: Headers = ()
        content = _bare_envelope(source, notes)
    elif is_request(source.data, start):
        request, body_start, body_end = read_request(source, start, notes.scheme)
        request = replace(request, client_certificate=notes.client_certificate)
        headers = request.headers
        content = decoded(Source(source.name, request.body, origin=source, start=body_start), headers)
        response = _response(source, body_end, request)
    elif _MIME_LINE.match(source.data, start):
        headers, body_start = read_fields(source, start, folded=True)
        if header(headers, "content-type") is None:
            raise source.refusal("The MIME message has no Content-Type.", start)
        body = source.within(body_start, len(source.data))
        content = body.instead(without_transfer_encoding(body, headers))
    else:
        raise _unreadable(source, start)
    if response is None and beside is not None:
        response = _response(beside, 0, request)
        if response is None:
            raise beside.refusal(
                "The file does not begin with an HTTP response.",
                why=f"It stands beside {source.name} and should hold its response.",
                hint="Let it begin with the status line and the header: HTTP/1.1 500 Internal Server Error",
            )
    content_type = header(headers, "content-type")
    root, root_type, attachments = open_body(content_type, content)
    return Capture(
        name=source.name or "",
        request=request,
        response=response,
        envelope=root.data,
        content_type=content_type,
        attachments=attachments,
        time=_time(at, notes.moment, response, headers, modified),
        first_line=root.line(),
        root_type=root_type,
        sent=notes.sent,
    )


def _bare_envelope(source: Source, notes: Notes) -> Source:
    """Return the envelope without what an editor or a clipboard put before it; the same bytes when nothing was."""
    if not source.data[: notes.end].removeprefix(b"\xef\xbb\xbf"):
        return source
    return source.within(notes.end, len(source.data))


def _response(source: Source, offset: int, request: Request | None) -> Response | None:
    response, end = read_response(source, offset, request)
    refuse_second_request(source, end)
    if response is not None:
        decoded(source.within(end - len(response.body), end), response.headers)  # refused here, where lines are known
    return response


def _time(
    at: datetime | None, noted: datetime | None, response: Response | None, headers: Headers, modified: datetime | None
) -> CaptureTime | None:
    answered = header(response.headers, "date") if response else None
    sent = header(headers, "date")
    candidates: tuple[tuple[datetime | None, TimeSource], ...] = (
        (at, "given"),
        (noted, "note"),
        (http_date(answered) if answered else None, "response-date"),
        (http_date(sent) if sent else None, "request-date"),
        (modified, "file"),
    )
    for moment, source in candidates:
        if moment is not None:
            return CaptureTime(moment.astimezone(UTC), source)
    return None


def _unreadable(source: Source, start: int) -> InputError:
    data = source.data
    if start == len(data):
        return source.refusal("The capture has no request.", why="There are only notes in it.")
    if is_response(data, start):
        return source.refusal(
            "The capture is a response without its request.",
            start,
            hint="Put the request before it, or name the file like the request's: order.response.http for order.http.",
        )
    if not is_text(data[start:]):
        return source.refusal(
            "The capture is binary.",
            start,
            why="It is neither XML nor HTTP/1.x nor a MIME message.",
            hint="Save the request as raw text: request line, header, empty line, body; or the envelope alone.",
        )
    if data.startswith(b"--", start):
        return source.refusal(
            "The capture is a multipart body without its header.",
            start,
            hint="Put the Content-Type header of the request and an empty line before it.",
        )
    return source.refusal(
        "The capture is neither XML nor HTTP.",
        start,
        why="It begins neither with < nor with a request line such as POST /path HTTP/1.1 nor with Content-Type:.",
        hint="Save the request as raw text: request line, header, empty line, body; or the envelope alone.",
    )
