"""Note lines before a captured message: what its recorder knows and HTTP does not say.

::

    # url: https://host:44300/sap/bc/srt/...
    # time: 2026-11-20T10:00:00Z
    # client-certificate: MIIC...
    # sent-again: {"of": "order.http", ...}

The certificate is that of the client in TLS, in base64, or ``none``, as ``wssdoctor lab --save`` writes it. The last is
what ``wssdoctor send --save`` writes. Other lines that begin with ``#`` are remarks.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from typing import cast

import msgspec

from wssdoctor.capture.capture import Scheme
from wssdoctor.capture.moment import rfc3339
from wssdoctor.capture.sent import SentAgain, from_note
from wssdoctor.capture.source import Source

MAXIMUM_NOTES = 1000
MAXIMUM_CERTIFICATE = 64 * 1024
"""Characters of a certificate in base64."""

_BLANK = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*")
_NOTE = re.compile(rb"#[ \t]*(url|time|client-certificate|sent-again)[ \t]*:([^\n]*)", re.IGNORECASE)
_URL = re.compile(rb"(https?)://[^/\s]+(?:/[^\s]*)?", re.IGNORECASE)


class Notes(msgspec.Struct, frozen=True):
    """What the note lines say, and where the message behind them begins."""

    scheme: Scheme | None
    moment: datetime | None
    end: int
    """Offset of the first byte that is neither note nor blank (nor the mark of UTF-8)."""
    count: int
    """How many note lines there are."""
    sent: SentAgain | None = None
    client_certificate: bytes | None = None
    """In DER; empty where the client came with none."""


def read_notes(source: Source) -> Notes:
    """Read the note lines at the beginning. Raises InputError for a url or time that is none, and for a flood."""
    data = source.data
    scheme: Scheme | None = None
    moment: datetime | None = None
    sent: SentAgain | None = None
    certificate: bytes | None = None
    position = _behind_blanks(data, 0)
    count = 0
    while data.startswith(b"#", position):
        count += 1
        if count > MAXIMUM_NOTES:
            raise source.refusal(f"The capture has more than {MAXIMUM_NOTES} note lines.", position)
        note = _NOTE.match(data, position)
        if note and note[1].lower() == b"url":
            url = _URL.fullmatch(note[2].strip())
            if url is None:
                raise source.refusal(
                    "The note is not the URL of the request.", position, hint="Write it as # url: https://host/path"
                )
            scheme = cast("Scheme", url[1].decode("ascii").lower())
        elif note and note[1].lower() == b"client-certificate":
            certificate = _certificate(source, position, note[2].strip())
        elif note and note[1].lower() == b"sent-again":
            sent = from_note(note[2].strip())
            if sent is None:
                raise source.refusal(
                    "The note is no record of a request that was sent again.",
                    position,
                    hint="Leave it as wssdoctor send --save wrote it, or take the line out.",
                )
        elif note:
            moment = rfc3339(note[2].strip().decode("latin-1"))
            if moment is None:
                raise source.refusal(
                    "The note is not the time of the request.",
                    position,
                    hint="Write it as # time: 2026-11-20T10:00:00Z, with the offset from UTC.",
                )
        line_end = data.find(b"\n", position)
        position = _behind_blanks(data, line_end + 1 if line_end >= 0 else len(data))
    return Notes(scheme, moment, position, count, sent, certificate)


def _certificate(source: Source, position: int, written: bytes) -> bytes:
    if written.lower() == b"none":
        return b""
    try:
        if len(written) <= MAXIMUM_CERTIFICATE:
            return base64.b64decode(written, validate=True)
    except binascii.Error:
        pass
    raise source.refusal(
        "The note is not the certificate of a client.", position, hint="Write it in base64 in one line, or: none"
    )


def _behind_blanks(data: bytes, position: int) -> int:
    blank = _BLANK.match(data, position)
    return blank.end() if blank else position
