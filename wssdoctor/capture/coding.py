"""Transfer and content codings of HTTP bodies: chunked, gzip, deflate (RFC 9112, 7.1; RFC 9110, 8.4.1).

Tools often store a body decoded and leave the header as it was. A body that visibly does not have the coding that its
header names is therefore taken as it stands.
"""

from __future__ import annotations

import re
import zlib

from wssdoctor.capture.fields import read_fields
from wssdoctor.capture.headers import Headers, list_header
from wssdoctor.capture.source import Source

MAXIMUM_DECODED = 256 * 1024 * 1024
"""Bytes that a body may have after decoding."""
MAXIMUM_RATIO = 200
"""How many times longer than the compressed body the decoded one may be ..."""
FREE_OF_RATIO = 16 * 1024 * 1024
"""... unless it stays below this: repetitive XML compresses well."""
MAXIMUM_CHUNKS = 1_000_000

_MAXIMUM_CODINGS = 4
_CHUNK_LINE = re.compile(rb"(?!--)([0-9A-Za-z+-]{1,64})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{1,15}")
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def codings(headers: Headers) -> tuple[str, ...]:
    """Return the codings of a body in the order in which they were applied, without ``identity``."""
    names = list_header(headers, "content-encoding") + list_header(headers, "transfer-encoding")
    return tuple(name for name in names if name != "identity")


def is_text(data: bytes) -> bool:
    """Whether the beginning of the data looks like text in UTF-8, a one-byte code, or UTF-16."""
    start = data[:1024]
    if start.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        start = start.replace(b"\0", b"")
    return _NOT_TEXT.search(start) is None


def stored_decoded(data: bytes, offset: int, headers: Headers) -> bool:
    """Whether the header names codings, and the body that begins at the offset does not have the outermost."""
    names = codings(headers)
    return bool(names) and not _is_coded(data[offset : offset + 8192], names[-1])


def decoded(body: Source, headers: Headers) -> Source:
    """Return the body with its codings undone.

    Raises InputError for a broken, incomplete or unknown coding, and for a body that grows beyond the limits.
    """
    names = codings(headers)
    if len(names) > _MAXIMUM_CODINGS:
        raise body.refusal(f"The body has {len(names)} codings.", why=f"At most {_MAXIMUM_CODINGS} are read.")
    for name in reversed(names):
        if not body.data:  # no body, whatever its header says
            break
        body = body.instead(_undo(body, name))
    return body


def chunked_end(source: Source, offset: int) -> int:
    """Return where the chunked body that begins at the offset ends, behind its trailer fields.

    Raises InputError for a bad or missing chunk.
    """
    return _chunks(source, offset)[1]


def _is_coded(start: bytes, coding: str) -> bool:
    if coding == "chunked":
        return _CHUNK_LINE.match(start) is not None
    if coding in ("gzip", "x-gzip"):
        return start.startswith(b"\x1f\x8b")
    if coding == "deflate":
        return not start.lstrip().startswith((b"<", b"--", b"\xef\xbb\xbf<"))
    return not is_text(start)


def _undo(body: Source, coding: str) -> bytes:
    data = body.data
    if not _is_coded(data[:8192], coding):
        if coding == "chunked" or is_text(data):
            return data
        raise body.refusal(
            f"The body is not {coding[:40]}, though its header says so.",
            why="It is not plain text either: the bytes were probably altered when the capture was saved.",
            hint="Save the capture again as binary, without any conversion of characters.",
        )
    if coding == "chunked":
        return b"".join([data[start:end] for start, end in _chunks(body, 0)[0]])
    if coding in ("gzip", "x-gzip"):
        return _inflated(body, coding, 31)
    if coding == "deflate":
        # RFC 9110 means the zlib format; some senders leave its two header bytes out.
        zlib_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
        return _inflated(body, coding, 15 if zlib_header else -15)
    raise body.refusal(
        f"The body's coding {coding[:40]!r} is not known.",
        why="chunked, gzip and deflate are read.",
        hint="Capture the request again with Accept-Encoding and Content-Encoding limited to gzip.",
    )


def _inflated(body: Source, coding: str, window: int) -> bytes:
    data = body.data
    limit = min(MAXIMUM_DECODED, max(FREE_OF_RATIO, MAXIMUM_RATIO * len(data)))
    pieces: list[bytes] = []
    size = 0
    while data:
        inflater = zlib.decompressobj(window)
        try:
            piece = inflater.decompress(data, limit - size + 1)
        except zlib.error:
            raise body.refusal(
                f"The {coding} body is damaged.",
                why="It cannot be decompressed.",
                hint="Save the capture again as binary, without any conversion of characters.",
            ) from None
        size += len(piece)
        if size > limit:
            raise body.refusal(
                f"The {coding} body grows from {len(body.data)} to more than {limit} bytes.",
                why=f"At most {MAXIMUM_RATIO} times its length or {FREE_OF_RATIO} bytes are read, "
                f"and never more than {MAXIMUM_DECODED}.",
            )
        if not inflater.eof:
            raise body.refusal(
                f"The {coding} body is incomplete.", why="It ends before its end mark: the capture is truncated."
            )
        pieces.append(piece)
        data = inflater.unused_data
        # A gzip body may have several members; what follows a deflate stream is no part of it.
        if not data.startswith(b"\x1f\x8b"):
            break
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _chunks(source: Source, offset: int) -> tuple[list[tuple[int, int]], int]:
    data = source.data
    extents: list[tuple[int, int]] = []
    position = offset
    while True:
        line = _CHUNK_LINE.match(data, position)
        if line is None or _HEXADECIMAL.fullmatch(line[1]) is None:
            if position >= len(data):
                raise source.refusal(
                    "The chunked body is truncated.", position, why="The capture ends before the last chunk, of size 0."
                )
            raise source.refusal(
                "The chunk size is not a hexadecimal number of up to 15 digits.",
                position,
                hint="If the body was edited, write it plain and remove the Transfer-Encoding header.",
            )
        size = int(line[1], 16)
        start, end = line.end(), line.end() + size
        if size == 0:
            break
        if end > len(data):
            raise source.refusal(
                "The chunked body is truncated.",
                position,
                why=f"The chunk announces {size} bytes, {len(data) - start} are there.",
            )
        extents.append((start, end))
        if len(extents) > MAXIMUM_CHUNKS:
            raise source.refusal(f"The body has more than {MAXIMUM_CHUNKS} chunks.", position)
        if data.startswith(b"\r\n", end):
            position = end + 2
        elif data.startswith(b"\n", end):
            position = end + 1
        else:
            raise source.refusal(
                "The chunk does not end where its size says.",
                position,
                why=f"No line end follows its {size} bytes.",
                hint="If the body was edited, write it plain and remove the Transfer-Encoding header.",
            )
    if start >= len(data):
        return extents, len(data)
    return extents, read_fields(source, start)[1]
