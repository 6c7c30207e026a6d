"""Changing captures, and writing them as text again.

Every edit returns a new capture that is what reading its text would give: envelope, attachments and header always
agree with the body of the request. An edit that needs a request raises InputError for a capture without one.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Mapping

from msgspec.structs import replace

from wssdoctor.capture.capture import Capture, CaptureTime, Request, Response, Scheme
from wssdoctor.capture.coding import decoded
from wssdoctor.capture.content_type import parameter
from wssdoctor.capture.headers import Headers, header
from wssdoctor.capture.mime import compose, is_multipart, open_body, root_of, split
from wssdoctor.capture.sent import note
from wssdoctor.capture.source import Source
from wssdoctor.capture.target import Target
from wssdoctor.errors import InputError
from wssdoctor.evidence import Place

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f\u0100-\U0010ffff]*")
_PATH = re.compile(r"/[\x21-\x3e\x40-\x7e]*")
_HOST = re.compile(r"[A-Za-z0-9._~:\[\]-]+")


def set_header(capture: Capture, name: str, value: str) -> Capture:
    """Set a header field of the request, where it stood first or else at the end; further fields of the name go."""
    if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
        raise _impossible(
            capture, f"The header field {name!r} cannot be set: its name or value has a forbidden character."
        )
    request = _request(capture)
    return with_request(capture, replace(request, headers=_with_header(request.headers, name, value.strip(" \t"))))


def remove_header(capture: Capture, name: str) -> Capture:
    """Remove all header fields of this name from the request."""
    request = _request(capture)
    return with_request(capture, replace(request, headers=_without_headers(request.headers, name)))


def set_method(capture: Capture, method: str) -> Capture:
    """Set the method of the request. Raises ``ValueError`` for a POST that would have nothing to send."""
    request = _request(capture)
    if method == "POST" and not request.body.strip():
        raise ValueError("the request holds no message that could be sent")
    return replace(capture, request=replace(request, method=method))


def set_scheme(capture: Capture, scheme: Scheme) -> Capture:
    """Let the request have been sent over HTTP or HTTPS."""
    request = _request(capture)
    target = Target.of(request.target)
    if target.scheme is not None:
        target = replace(target, scheme=scheme)
    return replace(capture, request=replace(request, scheme=scheme, target=str(target)))


def set_query(capture: Capture, name: str, value: str | None) -> Capture:
    """Set a name in the query of the target, percent-encoded, or remove it with None; the others stay as written."""
    request = _request(capture)
    target = Target.of(request.target).with_query(name, value)
    return replace(capture, request=replace(request, target=str(target)))


def set_target_path(capture: Capture, path: str) -> Capture:
    """Set the path of the target, already percent-encoded; scheme, host and query stay."""
    if not _PATH.fullmatch(path):
        raise _impossible(capture, "The path does not begin with / or has a forbidden character.")
    request = _request(capture)
    target = replace(Target.of(request.target), path=path)
    return replace(capture, request=replace(request, target=str(target)))


def replace_envelope(
    capture: Capture, envelope: bytes, parts: Mapping[str, bytes] | None = None, left_out: Collection[str] = ()
) -> Capture:
    """Put another envelope in the place of this one, and perhaps other contents of parts, by their Content-ID.

    The body is written without transfer and content codings, Content-Length is made right. Of a multipart body, the
    other parts stay as they are, but for those left out; the boundary changes only if a part contains it.
    """
    contents = parts or {}
    attachments = tuple(
        replace(one, content=contents.get(one.content_id, one.content))
        for one in capture.attachments
        if one.content_id not in left_out
    )
    changed = replace(capture, envelope=envelope, attachments=attachments)
    request = capture.request
    if request is None:
        return replace(changed, content_type=_body(changed)[0])
    content_type = capture.content_type
    content = decoded(Source(capture.name, request.body), request.headers)
    if content_type is not None and is_multipart(content_type) and content.data:
        found = split(content_type, content)
        root = root_of(content_type, found)
        written: list[tuple[Headers, bytes]] = []
        for part in found:
            if part is root:
                written.append((_binary(part.headers), envelope))
            elif part.content_id in contents:
                written.append((_binary(part.headers), contents[part.content_id]))
            elif part.content_id not in left_out:
                written.append((part.headers, part.body.data))
        content_type, body = compose(content_type, written)
    else:
        content_type, body = _body(changed)
    headers = _without_headers(request.headers, "Content-Encoding", "Transfer-Encoding")
    if content_type is not None:
        headers = _with_header(headers, "Content-Type", content_type)
    headers = _with_header(headers, "Content-Length", str(len(body)))
    return with_request(capture, replace(request, headers=headers, body=body))


def with_request(capture: Capture, request: Request, time: CaptureTime | None = None) -> Capture:
    """Put another request in the place of this one, and perhaps another time; what the body holds is taken apart anew."""
    content_type = header(request.headers, "content-type")
    content = decoded(Source(capture.name, request.body), request.headers)
    root, root_type, attachments = open_body(content_type, content)
    return replace(
        capture,
        request=request,
        envelope=root.data,
        content_type=content_type,
        attachments=attachments,
        root_type=root_type,
        time=time or capture.time,
    )


def render(capture: Capture) -> bytes:
    """Write a capture as text that reads as the same capture.

    Notes hold the scheme and a time that neither header nor file gives. A capture with request is raw HTTP, with its
    response behind it; one without is a MIME message or a bare envelope, and its response, which no such text can
    hold, is left out.
    """
    lines = _notes(capture)
    request, response = capture.request, capture.response
    if request is not None:
        lines += [f"{request.method} {request.target} {request.version}".encode("latin-1"), *_fields(request.headers)]
        lines += [b"", request.body]
        if response is not None and request.body and not request.body.endswith((b"\n", b">", b"--")):
            lines.append(b"")
        return b"\r\n".join(lines) + (_status_and_body(response) if response is not None else b"")
    content_type, body = _body(capture)
    if content_type is not None:
        lines += [*_fields((("MIME-Version", "1.0"), ("Content-Type", content_type))), b""]
    return b"\r\n".join([*lines, body])


def _notes(capture: Capture) -> list[bytes]:
    notes: list[bytes] = []
    request = capture.request
    if request is not None and request.scheme is not None and Target.of(request.target).scheme is None:
        host = request.host or ""
        notes.append(f"# url: {request.scheme}://{host if _HOST.fullmatch(host) else 'unknown'}".encode("ascii"))
    by_header = ("file", "request-date", "response-date") if request is not None else ("file",)
    if capture.time is not None and capture.time.source not in by_header:
        notes.append(f"# time: {capture.time.moment.isoformat().replace('+00:00', 'Z')}".encode("ascii"))
    if request is not None and request.client_certificate is not None:
        written = base64.b64encode(request.client_certificate) or b"none"
        notes.append(b"# client-certificate: " + written)
    if capture.sent is not None:
        notes.append(b"# sent-again: " + note(capture.sent))
    return notes


def _fields(headers: Headers) -> list[bytes]:
    return [f"{name}: {value}".encode("latin-1") for name, value in headers]


def _status_and_body(response: Response) -> bytes:
    status = f"HTTP/1.1 {response.status} {response.reason}".encode("latin-1")
    return b"\r\n".join([status, *_fields(response.headers), b"", response.body])


def _body(capture: Capture) -> tuple[str | None, bytes]:
    """Return Content-Type and body of a message of which only envelope and attachments are known."""
    content_type = capture.content_type
    if content_type is None or not is_multipart(content_type):
        return content_type, capture.envelope
    start = parameter(content_type, "start")
    root: Headers = () if start is None else (("Content-ID", start),)
    if capture.root_type is not None:
        root = (("Content-Type", capture.root_type), *root)
    parts = [(root, capture.envelope)]
    for attachment in capture.attachments:
        headers: Headers = (("Content-Transfer-Encoding", "binary"),)
        if attachment.content_type:
            headers = (("Content-Type", attachment.content_type), *headers)
        if attachment.content_id:
            headers = (*headers, ("Content-ID", f"<{attachment.content_id}>"))
        parts.append((headers, attachment.content))
    return compose(content_type, parts)


def _request(capture: Capture) -> Request:
    if capture.request is None:
        raise InputError.because(
            "The capture has no HTTP request, only its body.",
            place=Place(file=capture.name),
            hint="Capture the request with its request line and header.",
        )
    return capture.request


def _binary(headers: Headers) -> Headers:
    """Say that a part stands there as it is, if its header says anything about that."""
    if header(headers, "Content-Transfer-Encoding") is None:
        return headers
    return _with_header(headers, "Content-Transfer-Encoding", "binary")


def _with_header(headers: Headers, name: str, value: str) -> Headers:
    fields: list[tuple[str, str]] = []
    new = [(name, value)]
    for field in headers:
        if field[0].lower() != name.lower():
            fields.append(field)
        elif new:
            fields.append((field[0], value))
            new = []
    return (*fields, *new)


def _without_headers(headers: Headers, *names: str) -> Headers:
    unwanted = {name.lower() for name in names}
    return tuple(field for field in headers if field[0].lower() not in unwanted)


def _impossible(capture: Capture, what: str) -> InputError:
    return InputError.because(what, place=Place(file=capture.name))
