"""One exchange of a recording, as the raw HTTP text that a capture file holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar, TypeAlias
from urllib.parse import urlsplit

from wssdoctor.capture.discreet import Discreet

Fields: TypeAlias = Iterable[tuple[str, str]]

_UNSAFE = re.compile(r"[\x00-\x1f\x7f]+")
_FRAMING = frozenset({"content-length", "transfer-encoding"})
_CODING = frozenset({"content-encoding"})
_SOAP_TYPE = re.compile(
    rb"^content-type:[ \t]*(?:[\w.+-]+/)?[\w.+-]*(?:xml|multipart/related)", re.IGNORECASE | re.MULTILINE
)
_POST = re.compile(rb"POST ")


class Exchange(Discreet, frozen=True):
    """A request and perhaps its response, with what HTTP does not say."""

    label: str
    """What tells it from the others of its recording: a number, a name."""
    request: bytes
    """Request line, header, empty line, body."""
    response: bytes = b""
    """Status line, header, empty line, body; empty when none was recorded."""
    url: str | None = None
    moment: datetime | None = None
    """When the request was sent; aware."""
    remark: str = ""
    """What its reader could not keep, in one line."""

    _shown: ClassVar[tuple[str, ...]] = ("label",)

    def octets(self) -> bytes:
        """Return the capture file: note lines, the request, the response."""
        notes = []
        if self.url is not None:
            notes.append(f"# url: {_one_line(self.url)}\n")
        if self.moment is not None:
            notes.append(f"# time: {self.moment.astimezone(UTC).isoformat().replace('+00:00', 'Z')}\n")
        if self.remark:
            notes.append(f"# {_one_line(self.remark)}\n")
        return "".join(notes).encode("utf-8", "replace") + self.request + self.response

    @property
    def is_soap(self) -> bool:
        """Whether it may be a SOAP call: an envelope, or a POST whose body is XML or multipart by type or first octet."""
        if self.request.startswith(b"<"):
            return True
        head, _, body = self.request.partition(b"\r\n\r\n")
        if not _POST.match(head) or not body.strip():
            return False
        return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or _SOAP_TYPE.search(head) is not None


def request_text(method: str, url: str, headers: Fields, body: bytes, *, decoded: bool = True) -> bytes:
    """Write a request in origin form. ``decoded`` says that its content codings are undone already.

    The fields that frame the body are written anew, pseudo fields of HTTP/2 left out, Host added from the URL.
    """
    pieces = urlsplit(url)
    target = (pieces.path or "/") + (f"?{pieces.query}" if pieces.query else "")
    lines = list(_kept(headers, decoded=decoded))
    if pieces.netloc and all(name.lower() != "host" for name, _ in lines):
        lines.insert(0, ("Host", pieces.netloc.rpartition("@")[2]))
    return _message(f"{_token(method)} {_target(target)} HTTP/1.1", lines, body)


def response_text(status: int, reason: str, headers: Fields, body: bytes, *, decoded: bool = True) -> bytes:
    """Write a response; see ``request_text``."""
    return _message(f"HTTP/1.1 {status} {_one_line(reason)}".rstrip(), _kept(headers, decoded=decoded), body)


def _message(first: str, headers: Fields, body: bytes) -> bytes:
    lines = [first, *(f"{_one_line(name)}: {_one_line(value)}" for name, value in headers)]
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join((*lines, "", "")).encode("latin-1", "replace") + body


def _kept(headers: Fields, *, decoded: bool) -> Iterable[tuple[str, str]]:
    left = _FRAMING | _CODING if decoded else _FRAMING
    return [(name, value) for name, value in headers if name.lower() not in left and not name.startswith(":")]


def _one_line(text: str) -> str:
    return _UNSAFE.sub(" ", text).strip()


def _token(text: str) -> str:
    return re.sub(r"[^A-Za-z]", "", text)[:20] or "POST"


def _target(text: str) -> str:
    """Percent-encode what may not stand in a request line."""
    return re.sub(
        r"[^\x21-\x7e]", lambda one: "".join(f"%{octet:02X}" for octet in one[0].encode("utf-8", "replace")), text
    )
