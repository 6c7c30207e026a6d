"""Texts that hold HTTP or envelopes somewhere: what the ICF recorder, SRT_UTIL and other traces let users save.

The ICF recorder (transaction SICFRECORDER) exports its entries, and SRT_UTIL saves payloads (SAP Help: ICF Recorder,
Web Service Support Utilities). How such files are laid out is not published. So a request is taken from wherever its
request line stands, also in base64 or hexadecimal, or else each envelope from wherever it begins; fields of ICF's own
(``~request_line``) are no HTTP and left out.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from html import unescape
from itertools import islice

from wssdoctor.capture.recording import stream
from wssdoctor.capture.recording.exchange import Exchange, request_text
from wssdoctor.capture.source import Source

_REQUEST = re.compile(
    rb"^[ \t]*(?:~request_line[ \t:=|]+)?(?:POST|PUT) (\S{1,4000}) HTTP/1\.[01][ \t|]*\r?$", re.MULTILINE
)
_FIELD = re.compile(rb"[ \t]*(~?[A-Za-z][A-Za-z0-9_-]{0,60})[ \t]*[:=|\t][ \t]*([^\r\n]*?)[ \t|]*\r?")
_OPENING = re.compile(rb"(?:<\?xml[^>]{0,200}\?>\s{0,100})?<((?:[A-Za-z_][\w.-]{0,50}:)?Envelope)[\s>]")
_ESCAPED = re.compile(rb"&lt;(?:\?xml|(?:[A-Za-z_][\w.-]{0,50}:)?Envelope)\b")
_BASE64 = re.compile(rb"UE9TVC[A-Za-z0-9+/\s]{40,}={0,2}")
_HEXADECIMAL = re.compile(rb"504[fF]535420(?:[0-9A-Fa-f]{2}\s{0,2}){20,}")
_MOST = 1000
_MOST_NAMES = 10
"""Names of envelopes that do not end."""
_TOLD = "The layout of this file is not published: the message was taken from where it seems to begin."


def recognised(source: Source) -> bool:
    """Whether the file holds a request or an envelope anywhere."""
    return next(exchanges(source), None) is not None


def exchanges(source: Source) -> Iterator[Exchange]:
    """Yield the requests, or where there is none the envelopes, in their order; at most a thousand."""
    data = _text(source.data)
    found = [*_requests(data, source), *(one for inner in _encoded(data) for one in _requests(inner, source))]
    if not found:
        escaped = _ESCAPED.search(data)
        text = unescape(data[escaped.start() :].decode("utf-8", "replace")).encode() if escaped is not None else b""
        found = [(one, b"") for one in (*_envelopes(data), *_envelopes(text))]
    for number, (request, response) in enumerate(found[:_MOST], 1):
        yield Exchange(str(number), request, response, remark=_TOLD)


def _text(data: bytes) -> bytes:
    """The text in UTF-8; tools of Windows save UTF-16."""
    return data.decode("utf-16", "replace").encode() if data.startswith((b"\xff\xfe", b"\xfe\xff")) else data


def _encoded(data: bytes) -> Iterator[bytes]:
    """What stands in base64 or hexadecimal and begins as a request does."""
    for one in _BASE64.finditer(data):
        text = b"".join(one[0].split())
        try:
            yield base64.b64decode(text + b"=" * (-len(text) % 4))
        except binascii.Error:
            continue
    for one in _HEXADECIMAL.finditer(data):
        digits = b"".join(one[0].split()).decode("ascii")
        yield bytes.fromhex(digits[: len(digits) // 2 * 2])


def _envelopes(data: bytes) -> Iterator[bytes]:
    """Yield what stands from the begin to the end of each Envelope."""
    behind, endless = 0, set[bytes]()
    for opening in islice(_OPENING.finditer(data), _MOST):
        if opening.start() >= behind and opening[1] not in endless:
            closing = re.compile(rb"</" + re.escape(opening[1]) + rb"\s{0,100}>").search(data, opening.end())
            if closing is not None:
                behind = closing.end()
                yield data[opening.start() : behind]
            elif len(endless) < _MOST_NAMES:
                endless.add(opening[1])
            else:
                return


def _requests(data: bytes, source: Source) -> Iterator[tuple[bytes, bytes]]:
    """Yield each request with its response; bodies as they were framed, or where that is wrong, the envelope."""
    lines = list(islice(_REQUEST.finditer(data), _MOST))
    ends = [*(line.start() for line in lines[1:]), len(data)]
    for line, end in zip(lines, ends, strict=False):
        piece = data[line.start() : end]
        whole = next(stream.both(piece, source.name), None)
        if whole is not None and Exchange("", whole[0]).is_soap:
            yield whole
            continue
        envelope = next(_envelopes(piece), None)
        if envelope is not None:
            head = piece[: piece.index(envelope)]
            yield request_text("POST", line[1].decode("latin-1"), _fields(head), envelope), b""


def _fields(head: bytes) -> list[tuple[str, str]]:
    """The header fields behind a request line, as far as they look like such."""
    found = []
    for line in head.split(b"\n")[1:]:
        field = _FIELD.fullmatch(line)
        if field is not None and not field[1].startswith(b"~"):
            found.append((field[1].decode("latin-1"), field[2].decode("latin-1")))
        elif found and not line.strip():
            break
    return found
