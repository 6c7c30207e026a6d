"""Writes a document anew with plain text in the place of EncryptedData.

Moving parsed nodes instead would let lxml rename prefixes that signatures cover.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Mapping

from lxml import etree

from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element
from wssdoctor.wsse.encrypted_part import at_position, position_of

WRAPPERS = frozenset(
    (
        f"{{{names.WSSE11}}}EncryptedHeader",
        f"{{{names.SAML2}}}EncryptedAssertion",
        f"{{{names.SAML2}}}EncryptedID",
        f"{{{names.SAML2}}}EncryptedAttribute",
    )
)
"""Elements that only carry an encrypted one, which takes their place."""


def spliced(root: Element, opened: Mapping[Element, bytes]) -> bytes:
    """Write the document with plain octets in the place of EncryptedData."""
    tree = copy.deepcopy(root.getroottree())
    token = hashlib.sha256(b"".join(opened.values())).hexdigest()
    pieces = {position_of(gives_way(data)): octets for data, octets in reversed(list(opened.items()))}
    found = [(at_position(tree.getroot(), position), octets) for position, octets in pieces.items()]
    for index, (element, octets) in enumerate(found):
        assert element is not None
        parent = element.getparent()
        if parent is None:
            return octets
        mark = etree.ProcessingInstruction(f"decrypted-{token}", str(index))
        mark.tail = element.tail
        parent.replace(element, mark)
    written: bytes = etree.tostring(tree, encoding="UTF-8")
    marks = re.compile(rb"<\?decrypted-%b (\d+)\?>" % token.encode())
    result: bytes = marks.sub(lambda mark: found[int(mark[1])][1], written)
    return result


def gives_way(data: Element) -> Element:
    """Give the element that the plain text of an EncryptedData takes the place of: itself, or what only carries it."""
    parent = data.getparent()
    return parent if parent is not None and parent.tag in WRAPPERS else data
