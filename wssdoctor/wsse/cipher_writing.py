"""Writing octets where xenc:CipherData has them: the counterpart of ``encrypted_type.cipher_octets``."""

from __future__ import annotations

import base64

from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element

_DATA = f"{{{names.XENC}}}CipherData"
_VALUE, _REFERENCE = f"{_DATA}/{{{names.XENC}}}CipherValue", f"{_DATA}/{{{names.XENC}}}CipherReference"


def write_cipher(element: Element, octets: bytes, attachments: dict[str, bytes]) -> None:
    """Write the octets of an EncryptedKey or EncryptedData, into the MIME part that it names if it does.

    Raises ``ValueError`` where it has no place for them.
    """
    value = element.find(_VALUE)
    if value is not None:
        for child in list(value):
            value.remove(child)
        value.text = base64.b64encode(octets).decode()
        return
    reference = element.find(_REFERENCE)
    uri = reference.get("URI", "") if reference is not None else ""
    if not uri.startswith("cid:"):
        raise ValueError("its octets stand in another element, or nowhere")
    attachments[uri.removeprefix("cid:")] = octets
