"""MIME multipart messages: MTOM and SOAP with Attachments (RFC 2046, 5.1; RFC 2387; SOAP 1.1 attachments note)."""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from typing import ClassVar

from wssdoctor.capture.capture import Attachment
from wssdoctor.capture.content_type import media_type, parameter, with_parameter
from wssdoctor.capture.discreet import Discreet
from wssdoctor.capture.fields import read_fields
from wssdoctor.capture.headers import Headers, header
from wssdoctor.capture.source import Source

MAXIMUM_PARTS = 10_000

_MAXIMUM_BOUNDARY = 200
_MAXIMUM_PADDING = 1000


class Part(Discreet, frozen=True):
    """A part of a multipart body."""

    headers: Headers
    body: Source
    """Exactly the bytes between the part's header and the next boundary."""

    _shown: ClassVar[tuple[str, ...]] = ("content_id",)

    @property
    def content_id(self) -> str:
        """The Content-ID without its angle brackets; empty when there is none."""
        return _bare(header(self.headers, "content-id") or "")

    @property
    def content_type(self) -> str | None:
        """The Content-Type as written."""
        return header(self.headers, "content-type")

    @property
    def content(self) -> bytes:
        """The content with its Content-Transfer-Encoding undone. Raises InputError when it cannot be."""
        return without_transfer_encoding(self.body, self.headers)


def is_multipart(content_type: str | None) -> bool:
    """Whether a Content-Type announces a multipart body."""
    return content_type is not None and media_type(content_type).startswith("multipart/")


def open_body(content_type: str | None, body: Source) -> tuple[Source, str | None, tuple[Attachment, ...]]:
    """Return the root part, its own Content-Type (None when not multipart) and the other parts, all decoded.

    An empty body has no parts. Raises InputError when the boundary, the root part or the end is missing, or a part
    cannot be read.
    """
    if content_type is None or not is_multipart(content_type) or not body.data:
        return body, None, ()
    parts = split(content_type, body)
    root = root_of(content_type, parts)
    others = tuple(
        Attachment(part.content_id, part.content_type or "", part.content) for part in parts if part is not root
    )
    return root.body.instead(root.content), root.content_type, others


def split(content_type: str, body: Source) -> tuple[Part, ...]:
    """Return the parts of a multipart body, at least one. Raises InputError as ``open_body`` does."""
    boundary = (parameter(content_type, "boundary") or "").encode("latin-1", "replace")
    if not 0 < len(boundary) <= _MAXIMUM_BOUNDARY:
        raise body.refusal(
            "The Content-Type is multipart without a usable boundary.",
            why=f"The parameter boundary is missing, empty or longer than {_MAXIMUM_BOUNDARY} bytes.",
            hint="Save the request with its full Content-Type header.",
        )
    data = body.data
    delimiter = b"--" + boundary
    parts: list[Part] = []
    begin: int | None = None
    position = data.find(delimiter)
    while position >= 0:
        after = position + len(delimiter)
        closing = data.startswith(b"--", after)
        line_end = data.find(b"\n", after, after + _MAXIMUM_PADDING)
        opening = line_end >= 0 and not data[after:line_end].strip(b" \t\r")
        if (closing or opening) and (position == 0 or data[position - 1 : position] == b"\n"):
            if begin is not None:
                if len(parts) == MAXIMUM_PARTS:
                    raise body.refusal(f"The body has more than {MAXIMUM_PARTS} parts.", position)
                parts.append(_part(body, begin, position))
            if closing:
                break
            begin = line_end + 1
        position = data.find(delimiter, after)
    else:
        raise body.refusal(
            "The multipart body does not end.",
            max(len(data) - 1, 0),
            why=f"The line --{boundary.decode('latin-1')}-- is missing: the capture is truncated, or the boundary in "
            "the Content-Type header is another one.",
        )
    if not parts:
        raise body.refusal("The multipart body has no part.", position)
    return tuple(parts)


def root_of(content_type: str, parts: Sequence[Part]) -> Part:
    """Return the part that the ``start`` parameter names, else the first (RFC 2387, 3.2).

    Raises InputError when no part has the Content-ID that ``start`` names.
    """
    start = parameter(content_type, "start")
    if start is None:
        return parts[0]
    for part in parts:
        if part.content_id == _bare(start):
            return part
    raise parts[0].body.refusal(
        "The multipart body has no root part.",
        why=f"The parameter start names {start[:100]!r}, the parts are "
        f"{', '.join(repr(part.content_id[:100]) for part in parts[:10])}.",
    )


def without_transfer_encoding(body: Source, headers: Headers) -> bytes:
    """Undo the Content-Transfer-Encoding of a MIME body (RFC 2045, 6). Raises InputError when it cannot be."""
    encoding = (header(headers, "content-transfer-encoding") or "binary").lower()
    if encoding in ("binary", "7bit", "8bit"):
        return body.data
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body.data)
    if encoding == "base64":
        try:
            return binascii.a2b_base64(b"".join(body.data.split()), strict_mode=True)
        except binascii.Error:
            raise body.refusal(
                "The part is not base64, though its Content-Transfer-Encoding says so.",
                hint="If the part was edited, remove its Content-Transfer-Encoding.",
            ) from None
    raise body.refusal(
        f"The Content-Transfer-Encoding {encoding[:40]!r} is not known.",
        why="binary, 7bit, 8bit, base64 and quoted-printable are read.",
    )


def compose(content_type: str, parts: Sequence[tuple[Headers, bytes]]) -> tuple[str, bytes]:
    """Write a multipart body of these parts; return the Content-Type, with its boundary, and the body.

    The boundary that the Content-Type names stays unless a part contains it.
    """
    boundary = parameter(content_type, "boundary") or "part"
    number = 0
    while any(b"--" + boundary.encode("latin-1") in content for _, content in parts):
        number += 1
        boundary = f"part-{number}"
    if boundary != parameter(content_type, "boundary"):
        content_type = with_parameter(content_type, "boundary", boundary)
    delimiter = b"--" + boundary.encode("latin-1")
    lines: list[bytes] = []
    for headers, content in parts:
        lines += [delimiter, *(f"{name}: {value}".encode("latin-1") for name, value in headers), b"", content]
    return content_type, b"\r\n".join([*lines, delimiter + b"--", b""])


def _part(body: Source, begin: int, delimiter: int) -> Part:
    headers, start = read_fields(body, begin, folded=True)
    if start > delimiter:
        raise body.refusal("The header of the part is not finished.", begin, why="No empty line follows it.")
    # The line end before a delimiter belongs to the delimiter (RFC 2046, 5.1.1); an empty part may have none.
    end = delimiter - 1
    if end > start and body.data[end - 1 : end] == b"\r":
        end -= 1
    return Part(headers, body.within(start, max(start, end)))


def _bare(content_id: str) -> str:
    return content_id.strip().removeprefix("<").removesuffix(">")
