"""Content that stands in MIME parts beside the envelope: xop:Include (XOP 1.0, section 2)."""

from __future__ import annotations

import base64
import binascii
import copy
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element
from wssdoctor.wsse.envelope import find_part

_INCLUDE = f"{{{names.XOP}}}Include"


def referenced(root: Element) -> frozenset[str]:
    """Give the Content-IDs of the MIME parts that a message refers to."""
    values = (str(value) for element in root.iter("*") for value in element.attrib.values())
    uris = [value.removeprefix("cid:") for value in values if value.startswith("cid:")]
    return frozenset((*uris, *map(unquote, uris)))


class Outlined:
    """Which elements have their content in a MIME part, so that it can be moved there again."""

    def __init__(self, root: Element, attachments: Mapping[str, bytes]) -> None:
        """Read this from an envelope whose includes are still in place."""
        self._by_text: dict[str, Element] = {}
        self._elements: list[tuple[Element, Element]] = []
        for include in root.iter(_INCLUDE):
            content = find_part(include.get("href", ""), attachments)
            if content is not None:
                alone = copy.deepcopy(include)
                alone.tail = None
                self._by_text[base64.b64encode(content).decode()] = alone

    def follow(self, trees: Iterable[Element]) -> None:
        """Find the elements again by their content, in trees where it was put back, before it is made fresh."""
        if self._by_text:
            for element in (one for tree in trees for one in tree.iter("*")):
                include = self._by_text.get((element.text or "").strip())
                if include is not None and len(element) == 0:
                    self._elements.append((element, include))

    def moved_out(self, root: Element) -> dict[str, bytes]:
        """Move the contents of those that stand in the message out again; give the parts by Content-ID."""
        parts: dict[str, bytes] = {}
        for element, include in self._elements:
            if element is not root and root not in element.iterancestors():
                continue
            try:
                content = base64.b64decode(element.text or "", validate=True)
            except binascii.Error:  # it is no binary content any more
                continue
            parts[include.get("href", "").removeprefix("cid:")] = content
            element.text = None
            element.append(copy.deepcopy(include))
        return parts
