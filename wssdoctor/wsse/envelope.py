"""From the bytes of a message to its XML: bare, in MIME, or in HTTP; XOP includes are put back in place."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote

import msgspec

from wssdoctor.errors import InputError
from wssdoctor.evidence import Compared, Evidence
from wssdoctor.wsse import document, names
from wssdoctor.wsse.document import DocumentError, Element
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.part import part_of

_ENCRYPTION = tuple(
    f"{{{names.XENC}}}{name}" for name in ("EncryptedKey", "EncryptedData", "ReferenceList", "DataReference")
)
_INCLUDE = f"{{{names.XOP}}}Include"


class Opened(msgspec.Struct, frozen=True):
    """A message's tree, the octets it was parsed from, its attachments by content id, and when it was captured."""

    root: Element
    source: bytes
    attachments: Mapping[str, bytes]
    captured: datetime | None
    faults: tuple[Fault, ...] = ()


def open_message(data: bytes) -> Opened:
    """Read an envelope, a MIME message, a raw HTTP request or a bare XML document. Raises DocumentError."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or b"\0" in data[:4]:
        return Opened(document.parse_document(data), data, {}, None)
    # Only messages in HTTP or MIME need the reading of captures.
    from wssdoctor.capture import read

    try:
        capture = read.read_bytes(data, "message")
    except InputError as error:
        raise DocumentError(error.problems[0]) from None
    attachments = {each.content_id: each.content for each in capture.attachments if each.content_id}
    captured = capture.time.moment if capture.time is not None else None
    return open_parts(capture.envelope, attachments, captured)


def open_parts(envelope: bytes, attachments: Mapping[str, bytes], captured: datetime | None = None) -> Opened:
    """Open a message whose parts were told apart already; attachments by content id. Raises DocumentError."""
    opened = Opened(document.parse_document(envelope), envelope, attachments, captured)
    return msgspec.structs.replace(opened, faults=tuple(_put_back(opened)))


def may_be_encrypted(root: Element) -> bool:
    """Tell cheaply that nothing can be encrypted: none of the elements that say so occurs."""
    return next(root.iter(*_ENCRYPTION), None) is not None


def _put_back(opened: Opened) -> list[Fault]:
    """Replace each xop:Include by the base64 of its part (XOP 1.0, section 3.2): signatures are over that."""
    faults: list[Fault] = []
    for include in list(opened.root.iter(_INCLUDE)):
        uri = include.get("href", "")
        content = find_part(uri, opened.attachments)
        parent = include.getparent()
        if content is None or parent is None:
            held = ", ".join(opened.attachments) or "none"
            evidence: tuple[Evidence, ...] = (
                Compared("Content-ID", f"one of the parts: {held}", uri, document.place(include)),
            )
            says = f"the message has no MIME part {uri!r}"
            faults.append(Fault("mtom-part-missing", part_of(include), says, "content-id-altered", evidence))
            continue
        tail = include.tail or ""
        parent.remove(include)
        parent.text = (parent.text or "") + base64.b64encode(content).decode() + tail
    return faults


def find_part(uri: str, attachments: Mapping[str, bytes]) -> bytes | None:
    """Give the MIME part that a ``cid:`` URI names (RFC 2392)."""
    name = uri.removeprefix("cid:")
    return attachments.get(name, attachments.get(unquote(name)))
