"""Raw HTTP/1.x text: request line, status line, and where a body ends (RFC 9112)."""

from __future__ import annotations

import re
from typing import cast

from wssdoctor.capture.capture import Request, Response, Scheme
from wssdoctor.capture.coding import chunked_end, codings, stored_decoded
from wssdoctor.capture.fields import TOKEN, read_fields
from wssdoctor.capture.headers import Headers, all_headers
from wssdoctor.capture.source import Source
from wssdoctor.capture.target import Target

_REQUEST_LINE = re.compile(rb"(" + TOKEN + rb") ([\x21-\x7e\x80-\xff]+) (HTTP/1\.[01])[ \t]*\r?\n")
_ANY_REQUEST_LINE = re.compile(rb"(?:PRI|[A-Z]{3,20}) [\x21-\x7e\x80-\xff]+ HTTP/[0-9]|:method:")
_STATUS_LINE = re.compile(rb"HTTP/[1-3](?:\.[0-9])? ([1-5][0-9]{2})(?: ([^\x00-\x08\x0a-\x1f\x7f]{0,1000}))?\r?\n")
_RESPONSE = re.compile(
    rb"(?:(?<=[\n>])|(?<=--))HTTP/[1-3](?:\.[0-9])? [1-5][0-9]{2}(?: [^\r\n<]{0,1000})?\r?\n(?=" + TOKEN + rb":|\r?\n)"
)
_BLANK = re.compile(rb"[ \t\r\n]*")
_ENVELOPE_END = re.compile(rb"</(?:[\w.-]{1,100}:)?Envelope[ \t\r\n]*>")
_LENGTH = re.compile(r"[0-9]{1,18}")


def is_request(data: bytes, offset: int) -> bool:
    """Whether a request line, of any version of HTTP, begins at the offset."""
    return _REQUEST_LINE.match(data, offset) is not None or _ANY_REQUEST_LINE.match(data, offset) is not None


def is_response(data: bytes, offset: int) -> bool:
    """Whether a status line begins at the offset."""
    return _STATUS_LINE.match(data, offset) is not None


def read_request(source: Source, offset: int, scheme: Scheme | None) -> tuple[Request, int, int]:
    """Read the request whose request line begins at the offset.

    Returns it, the offset of its body and the offset behind its body. An absolute target decides the scheme, else the
    one given holds. Raises InputError for HTTP/2 and everything malformed or truncated.
    """
    line = _REQUEST_LINE.match(source.data, offset)
    if line is None:
        raise source.refusal(
            "The request line is not one of HTTP/1.0 or HTTP/1.1.",
            offset,
            why="HTTP/2 and pseudo header fields (:method, :path) are not read.",
            hint="Save the request as HTTP/1.1: POST /path HTTP/1.1, then header, empty line and body.",
        )
    headers, start = read_fields(source, line.end())
    start = _behind_interim_responses(source, start)
    end = _body_end(source, start, headers, request=True)
    method, target, version = (line[number].decode("latin-1") for number in (1, 2, 3))
    named = Target.of(target).scheme
    if named is not None:
        scheme = cast("Scheme", named.lower())
    return Request(method, target, version, headers, source.data[start:end], scheme), start, end


def read_response(source: Source, offset: int, request: Request | None) -> tuple[Response | None, int]:
    """Read the response that follows at the offset, behind blank lines; None when there is nothing but blanks.

    Returns it and the offset behind its body. Interim responses (1xx) before it are passed over. ``request`` is what
    it answers: a response to HEAD has no body. Raises InputError for everything malformed or truncated.
    """
    offset = _behind_interim_responses(source, _behind_blanks(source, offset))
    line = _STATUS_LINE.match(source.data, offset)
    if line is None:
        if source.data.startswith(b"HTTP/", offset):
            raise source.refusal("The status line of the response is malformed or truncated.", offset)
        return None, offset
    headers, start = read_fields(source, line.end())
    status = int(line[1])
    bodiless = status in (204, 304) or (request is not None and request.method == "HEAD")
    end = start if bodiless else _body_end(source, start, headers, request=False)
    reason = (line[2] or b"").decode("latin-1")
    return Response(status, reason, headers, source.data[start:end]), end


def refuse_second_request(source: Source, offset: int) -> None:
    """Raise InputError when another request begins behind the offset."""
    offset = _behind_blanks(source, offset)
    if is_request(source.data, offset):
        raise source.refusal(
            "A second request begins here.",
            offset,
            why="A capture is one request, perhaps with its response.",
            hint="Save each request to a file of its own, and give all files or their directory.",
        )


def _behind_blanks(source: Source, offset: int) -> int:
    blank = _BLANK.match(source.data, offset)
    return blank.end() if blank else offset


def _behind_interim_responses(source: Source, offset: int) -> int:
    """Pass over ``100 Continue`` and its like, which recorders of a whole connection show between header and body."""
    while (line := _STATUS_LINE.match(source.data, offset)) and line[1].startswith(b"1"):
        offset = read_fields(source, line.end())[1]
    return offset


def _body_end(source: Source, start: int, headers: Headers, *, request: bool) -> int:
    """Return where the body that begins at ``start`` ends.

    By its chunks, else by Content-Length, else (as when a tool stored the body decoded and left the header as it was)
    at the response or at the end of the file.
    """
    decoded = stored_decoded(source.data, start, headers)
    if "chunked" in codings(headers)[-1:] and not decoded and start < len(source.data):
        return chunked_end(source, start)
    length = None if decoded else _content_length(source, start, headers)
    if length is not None:
        return _end_by_length(source, start, length)
    return _response_start(source.data, start) if request else len(source.data)


def _response_start(data: bytes, start: int) -> int:
    position = data.find(b"HTTP/", start)
    while position >= 0:
        if _RESPONSE.match(data, position):
            return position
        position = data.find(b"HTTP/", position + 1)
    return len(data)


def _content_length(source: Source, start: int, headers: Headers) -> int | None:
    values = {value.strip() for field in all_headers(headers, "content-length") for value in field.split(",")}
    if not values:
        return None
    value = values.pop()
    if values or not _LENGTH.fullmatch(value):
        raise source.refusal(
            "The Content-Length is not one number of up to 18 digits.",
            max(start - 1, 0),
            hint="Correct or remove the Content-Length header.",
        )
    return int(value)


def _end_by_length(source: Source, start: int, length: int) -> int:
    there = len(source.data) - start
    if length > there:
        raise source.refusal(
            "The body is truncated.",
            start,
            why=f"Content-Length says {length} bytes, {there} are there.",
            hint="Save the whole message without a limit of length. If the body was edited, remove the Content-Length "
            "header.",
        )
    end = start + length
    behind = _behind_blanks(source, end)
    cut = None
    if behind < len(source.data) and not is_response(source.data, behind):
        cut = _ENVELOPE_END.search(source.data, start)
    if cut is not None and cut.end() > end:
        raise source.refusal(
            "The Content-Length cuts the envelope.",
            start,
            why=f"Content-Length says {length} bytes, the envelope ends after {cut.end() - start}.",
            hint="If the body was edited, or its line ends were changed, remove the Content-Length header.",
        )
    return end
