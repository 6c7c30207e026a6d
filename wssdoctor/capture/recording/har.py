"""HAR 1.2, the JSON that browsers and proxies export (http://www.softwareishard.com/blog/har-12-spec/).

A HAR holds bodies as decoded text: octets come back through the charset of the body's type. Where a tool wrote another
text than was sent, digests will say so.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

import msgspec

from wssdoctor.capture.moment import rfc3339
from wssdoctor.capture.recording.exchange import Exchange, request_text, response_text
from wssdoctor.capture.source import Source
from wssdoctor.typed import looked_at

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


class _Field(msgspec.Struct):
    name: str
    value: str = ""


class _Body(msgspec.Struct, rename="camel"):
    mime_type: str = ""
    text: str | None = None
    encoding: str = ""


class _Request(msgspec.Struct, rename="camel"):
    method: str
    url: str
    headers: list[_Field] = []
    post_data: _Body | None = None


class _Response(msgspec.Struct, rename="camel"):
    status: int = 0
    status_text: str = ""
    headers: list[_Field] = []
    content: _Body | None = None


class _Entry(msgspec.Struct, rename="camel"):
    request: _Request
    response: _Response | None = None
    started_date_time: str = ""


class _Log(msgspec.Struct):
    entries: list[_Entry] = []


class _Har(msgspec.Struct):
    log: _Log


def exchanges(source: Source) -> Iterator[Exchange]:
    """Yield the exchanges in their order. Raises InputError for JSON that is no HAR."""
    try:
        har = msgspec.json.decode(source.data.removeprefix(b"\xef\xbb\xbf"), type=looked_at(_Har))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise source.refusal("The HAR cannot be read.", why=str(error)[:200], hint="Export it again.") from None
    for number, entry in enumerate(har.log.entries, 1):
        sent, answered = entry.request, entry.response
        yield Exchange(
            str(number),
            request_text(sent.method, sent.url, _pairs(sent.headers), _octets(sent.post_data)),
            response_text(answered.status, answered.status_text, _pairs(answered.headers), _octets(answered.content))
            if answered and 100 <= answered.status <= 599
            else b"",
            url=_web(sent.url),
            moment=rfc3339(entry.started_date_time),
        )


def _pairs(fields: list[_Field]) -> list[tuple[str, str]]:
    return [(one.name, one.value) for one in fields]


def _web(url: str) -> str | None:
    return url if re.fullmatch(r"https?://[^/\s]+(/\S*)?", url) else None


def _octets(body: _Body | None) -> bytes:
    if body is None or body.text is None:
        return b""
    if body.encoding.lower() == "base64":
        try:
            return base64.b64decode(body.text)
        except (binascii.Error, ValueError):
            return b""
    charset = _CHARSET.search(body.mime_type)
    try:
        return body.text.encode(charset[1] if charset else "utf-8")
    except (LookupError, UnicodeError):
        return body.text.encode("utf-8", "surrogatepass")
