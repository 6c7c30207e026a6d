"""Encrypting a part of a message into the frame in which it was captured: the way back of ``encryption``."""

from __future__ import annotations

from xml.sax.saxutils import escape

from lxml import etree

from wssdoctor.wsse import encipher, encrypted_data, names
from wssdoctor.wsse.cipher_writing import write_cipher
from wssdoctor.wsse.document import Element
from wssdoctor.wsse.encrypted_type import method_of
from wssdoctor.wsse.encryption import listers_of
from wssdoctor.wsse.envelope import find_part
from wssdoctor.wsse.fault import FaultFound
from wssdoctor.wsse.layer import Slot
from wssdoctor.wsse.scope import Scope


def seal(slot: Slot, scope: Scope, attachments: dict[str, bytes]) -> None:
    """Encrypt a part with the key that its frame names, and put the frame in its place.

    Raises ``ValueError`` for what cannot be encrypted.
    """
    data = slot.data
    if encrypted_data.is_attachment(data):
        octets = _part(data, attachments)
    elif slot.holder is None or slot.holder.tag == encrypted_data.TAG:
        raise ValueError("where its plain text stood cannot be told")
    else:
        octets = _put_away(slot, slot.holder)
    algorithm = method_of(data) or ""
    try:
        keys = encrypted_data.keys_of(data, listers_of(scope.root).get(data.get("Id", ""), []), algorithm, scope)
    except FaultFound as found:
        raise ValueError(found.fault.says) from None
    except KeyError:
        raise ValueError(f"the encryption algorithm {algorithm} is not known") from None
    assert keys[0].secret is not None
    write_cipher(data, encipher.encrypt_data(algorithm, keys[0].secret, octets), attachments)


def _put_away(slot: Slot, holder: Element) -> bytes:
    """Put the frame where the plain text stands, and give that."""
    if slot.part.content:
        octets = content_of(holder)
        for child in list(holder):
            holder.remove(child)
        holder.text = None
        holder.append(slot.frame)
        return octets
    parent = holder.getparent()
    if parent is None:
        raise ValueError("it is the whole message")
    octets = etree.tostring(holder, encoding="UTF-8", with_tail=False)
    slot.frame.tail = holder.tail
    parent.replace(holder, slot.frame)
    return octets


def content_of(element: Element) -> bytes:
    """Write what an element holds, each child with the namespaces that it needs."""
    text = escape(element.text or "", {"\r": "&#13;"}).encode()
    return text + b"".join(etree.tostring(child, encoding="UTF-8") for child in element)


def _part(data: Element, attachments: dict[str, bytes]) -> bytes:
    content = find_part(encrypted_data.attachment_uri(data), attachments)
    if content is None:
        raise ValueError("its MIME part is not there")
    if data.get("Type") == names.SWA_COMPLETE_TYPE:
        raise ValueError("the header of its MIME part is encrypted too")
    return content
