"""Reading header fields of HTTP (RFC 9112, 5) and of MIME parts (RFC 5322, 2.2)."""

from __future__ import annotations

import re

from wssdoctor.capture.headers import Headers
from wssdoctor.capture.source import Source

MAXIMUM_HEADER = 256 * 1024
"""Bytes that a header section may have."""
MAXIMUM_LINES = 1000
"""Lines that it may have, the empty one included."""

TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_FIELD = re.compile(rb"(" + TOKEN + rb"):([^\x00-\x08\x0a-\x1f\x7f]*)")


def read_fields(source: Source, offset: int, *, folded: bool = False) -> tuple[Headers, int]:
    """Read the fields that begin at the offset, up to and including the empty line.

    Returns the fields and the offset behind the empty line. Lines may end with LF alone. With ``folded``, a line that
    begins with a blank continues the one before, as MIME allows and HTTP forbids. Raises InputError for anything that
    is not a field, for more than the limits, and when there is no empty line. No error text quotes a line: it may hold
    a password.
    """
    data = source.data
    fields: list[tuple[str, str]] = []
    position = offset
    for _ in range(MAXIMUM_LINES):
        end = data.find(b"\n", position, offset + MAXIMUM_HEADER)
        if end < 0:
            if len(data) - offset >= MAXIMUM_HEADER:
                raise source.refusal(f"The header is longer than {MAXIMUM_HEADER} bytes.", offset)
            raise source.refusal(
                "The header is not finished.",
                position,
                why="No empty line follows it: the capture is truncated.",
                hint="Save header and body together, with the empty line between them.",
            )
        line = data[position:end].removesuffix(b"\r")
        if not line:
            return tuple(fields), end + 1
        if line[:1] in (b" ", b"\t") and fields:
            if not folded:
                raise source.refusal(
                    "The header line continues the one before.",
                    position,
                    why="HTTP/1.1 does not allow continuation lines (RFC 9112, 5.2).",
                    hint="Join the two lines.",
                )
            name, value = fields.pop()
            line = f"{name}:{value} ".encode("latin-1") + line.strip()
        match = _FIELD.fullmatch(line)
        if match is None:
            raise source.refusal(
                "The line is not a header field.",
                position,
                why="Expected is a name, a colon without a blank before it, and a value without control characters.",
            )
        fields.append((match[1].decode("ascii"), match[2].strip(b" \t").decode("latin-1")))
        position = end + 1
    raise source.refusal(f"The header has more than {MAXIMUM_LINES} lines.", position)
