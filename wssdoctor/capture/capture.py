"""A captured request: the exact bytes, and what HTTP and MIME say about them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from wssdoctor.capture.coding import decoded
from wssdoctor.capture.discreet import Discreet
from wssdoctor.capture.headers import Headers, all_headers, header
from wssdoctor.capture.sent import SentAgain
from wssdoctor.capture.source import Source
from wssdoctor.capture.target import Target

__all__ = [
    "Attachment",
    "Capture",
    "CaptureTime",
    "Headers",
    "Request",
    "Response",
    "Scheme",
    "TimeSource",
    "all_headers",
    "header",
]

Scheme: TypeAlias = Literal["http", "https"]
TimeSource: TypeAlias = Literal["given", "note", "response-date", "request-date", "file"]


class Request(Discreet, frozen=True):
    """An HTTP request (RFC 9112)."""

    method: str
    target: str
    """As in the request line: ``/path?query`` or ``https://host/path?query``."""
    version: str
    """As in the request line: ``HTTP/1.1``."""
    headers: Headers
    body: bytes
    """Exactly the bytes after the header, codings not undone."""
    scheme: Scheme | None = None
    """None when the capture does not say."""
    client_certificate: bytes | None = None
    """The certificate (DER) with which the client came through TLS; empty when it came with none, None when the capture does not say."""

    _shown: ClassVar[tuple[str, ...]] = ("method", "path", "scheme")

    @property
    def path(self) -> str:
        """The path as sent, not percent-decoded, without the query; ``/`` for an absolute target without path."""
        return Target.of(self.target).path or "/"

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Names and values of the query, percent-decoded, in their order."""
        return Target.of(self.target).names_and_values()

    @property
    def host(self) -> str | None:
        """Host and port as the client named them: of an absolute target, else the Host field, else None."""
        authority = Target.of(self.target).authority
        if authority is not None:
            return authority.rpartition("@")[2] or None
        return header(self.headers, "host") or None

    @property
    def content(self) -> bytes:
        """The body with transfer and content codings undone. Raises InputError when they cannot be."""
        return decoded(Source(None, self.body), self.headers).data


class Response(Discreet, frozen=True):
    """An HTTP response (RFC 9112)."""

    status: int
    reason: str
    headers: Headers
    body: bytes
    """Exactly the bytes after the header, codings not undone."""

    _shown: ClassVar[tuple[str, ...]] = ("status", "reason")

    @property
    def content(self) -> bytes:
        """The body with transfer and content codings undone. Raises InputError when they cannot be."""
        return decoded(Source(None, self.body), self.headers).data


class Attachment(Discreet, frozen=True):
    """A part of a multipart message beside the envelope."""

    content_id: str
    """Without the angle brackets; empty when the part has none."""
    content_type: str
    """As in the part's header; empty when it has none."""
    content: bytes
    """With the Content-Transfer-Encoding undone."""

    _shown: ClassVar[tuple[str, ...]] = ("content_id", "content_type")


class CaptureTime(Discreet, frozen=True):
    """When the request was captured, and who says so."""

    moment: datetime
    """Aware, in UTC."""
    source: TimeSource

    _shown: ClassVar[tuple[str, ...]] = ("moment", "source")


class Capture(Discreet, frozen=True):
    """One captured request, perhaps with its response."""

    name: str
    """The file as the user named it."""
    request: Request | None
    """None when the file holds only an envelope or a MIME message."""
    response: Response | None
    envelope: bytes
    """What should be the SOAP envelope: the body, or its root part when it is multipart, all codings undone.

    Exact bytes, not yet known to be XML; empty for a request without body.
    """
    content_type: str | None
    """The Content-Type of the whole message; None when the capture has none."""
    attachments: tuple[Attachment, ...] = ()
    time: CaptureTime | None = None
    first_line: int = 1
    """Line of the file on which the envelope begins; where it was compressed or chunked, on which the body begins."""
    root_type: str | None = None
    """The Content-Type of the part that holds the envelope, when the message is multipart and says so."""
    sent: SentAgain | None = None
    """What is known of its sending, where it is a capture that was sent again."""

    _shown: ClassVar[tuple[str, ...]] = ("name", "request", "response", "content_type", "time")

    @property
    def fingerprint(self) -> str:
        """What tells a request from others: the digest of its target and body; empty for a bare envelope."""
        if self.request is None:
            return ""
        return hashlib.sha256(self.request.target.encode("utf-8", "replace") + b"\0" + self.request.body).hexdigest()
