"""Redacting a capture: notes, request line, header, message and response, each by its rules."""

from __future__ import annotations

import re

from wssdoctor.capture.capture import Capture, Request, Response
from wssdoctor.capture.headers import header
from wssdoctor.errors import InputError
from wssdoctor.redact.certificates import Certificates
from wssdoctor.redact.http import Fields
from wssdoctor.redact.level import Level
from wssdoctor.redact.texts import Texts
from wssdoctor.redact.xml import Messages
from wssdoctor.wsse import document

_METHOD = re.compile(r"GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH")
_TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)
_MOST_TEXT = 20_000
"""Characters of an error page that are kept; the rest is counted."""


class Captures:
    """Redacts captures with one register."""

    def __init__(self, texts: Texts, certificates: Certificates) -> None:
        self._texts = texts
        self._fields = Fields(texts)
        self._messages = Messages(texts, certificates)

    def redacted(self, capture: Capture) -> bytes:
        """Return a capture as text for people; nothing in it is a copy of something without a rule."""
        lines: list[str] = []
        request, response = capture.request, capture.response
        if request is not None and request.scheme is not None:
            lines.append(f"# scheme: {request.scheme}")
        if capture.time is not None:
            lines.append(f"# time: {capture.time.moment.isoformat().replace('+00:00', 'Z')} ({capture.time.source})")
        if request is not None:
            lines += self._request(request)
        elif capture.content_type is not None:
            lines += self._fields.fields((("Content-Type", capture.content_type),))
        body = self._body(capture.envelope, "the message")
        if capture.attachments:
            self._texts.register.drop("attachments", len(capture.attachments))
            body += f"\n({len(capture.attachments)} attachments were left out)\n"
        lines += ["", body.rstrip("\n")]
        if response is not None:
            lines += ["", *self._response(response)]
        return ("\n".join(lines) + "\n").encode("utf-8", "replace")

    def learn(self, root: document.Element) -> None:
        """Take up what is secret or identifying in a message that is not shown itself, such as one in plain text."""
        self._messages.redacted(root)

    def _request(self, request: Request) -> list[str]:
        method = request.method if _METHOD.fullmatch(request.method) else "<method>"
        return [
            f"{method} {self._fields.target(request.target)} {request.version}",
            *self._fields.fields(request.headers),
        ]

    def _response(self, response: Response) -> list[str]:
        head = f"HTTP/1.1 {response.status} {self._texts.closed(response.reason)}".rstrip()
        kind = header(response.headers, "content-type") or ""
        try:
            content = response.content
        except InputError:
            content = response.body
        return [head, *self._fields.fields(response.headers), "", self._body(content, "the response", kind)]

    def _body(self, data: bytes, what: str, kind: str = "xml") -> str:
        if not data.strip():
            return ""
        if "html" not in kind.lower():
            try:
                return self._messages.redacted(document.parse_document(data)).decode()
            except InputError:
                pass
        if kind.lower().startswith("text/"):
            return self._page(data)
        self._texts.register.drop(f"{what.removeprefix('the ')}s that are not well-formed XML")
        return f"({what} is not well-formed XML and was left out: {len(data)} octets)"

    def _page(self, data: bytes) -> str:
        """Return the words of an error page."""
        text = " ".join(_TAGS.sub(" ", data.decode("utf-8", "replace")).split())
        left = len(text) - _MOST_TEXT
        if self._texts.register.level is Level.STRICT:
            self._texts.register.drop("texts of error pages")
            return "<text>"
        shown = self._texts.page(text[:_MOST_TEXT])
        return f"{shown} ({left} more characters were left out)" if left > 0 else shown
