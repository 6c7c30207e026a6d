"""Captured requests among the exports: recognised, so that they can be replayed, but read elsewhere."""

from __future__ import annotations

import re

_REQUEST = re.compile(rb"(?:[ \t]*#[^\n]*\n|\s*\n)*[A-Z]{3,16} [^ \r\n]{1,8192} HTTP/[12](?:\.[01])?\r?\n")
_RESPONSE = re.compile(rb"\s*HTTP/[12](?:\.[01])? [1-5][0-9]{2}\b")
_ENVELOPE = re.compile(
    rb"(?:[ \t]*#[^\n]*\n|\s)*(?:<\?xml[^>]*\?>)?(?:\s|<!--.*?-->)*<(?:[A-Za-z_][\w.-]*:)?Envelope[\s>]", re.DOTALL
)
_SOAP = (b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope")
_MIME = re.compile(
    rb"^content-type:\s*multipart/related[^\n]*(?:\n[ \t][^\n]*)*(?:xop\+xml|soap\+xml|text/xml)",
    re.IGNORECASE | re.MULTILINE,
)


def is_request(head: bytes) -> bool:
    """Whether a file begins like an HTTP request, a SOAP envelope, or a SOAP message with attachments."""
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"")
    if _REQUEST.match(start):
        return True
    if _ENVELOPE.match(start):
        return any(space in start for space in _SOAP)
    return _MIME.search(start[:4096]) is not None and b"text/html" not in start


def is_response(head: bytes) -> bool:
    """Whether a file begins like an HTTP response."""
    return _RESPONSE.match(head) is not None
