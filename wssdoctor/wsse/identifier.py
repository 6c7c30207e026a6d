"""Which element an Id names: over wsu:Id, Id, ID, id, xml:id and those of SAML 1.1, without a DTD to declare them."""

from __future__ import annotations

from lxml import etree

from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element

_ATTRIBUTES = frozenset((*names.ID_ATTRIBUTES, *(f"{{{namespace}}}Id" for namespace in names.WSU_DRAFTS)))


class Identifiers:
    """The Ids of one tree, which must not change any more."""

    def __init__(self, root: Element, source: bytes | None = None) -> None:
        """``source`` are the octets that ``root`` was parsed from: they tell cheaply that an Id stands only once."""
        self._root = root
        self._source = source if source is not None and _is_plain(source) else None
        self._shallow: dict[str, Element] | None = None
        self._all: dict[str, list[Element]] | None = None
        self._unique: dict[str, Element] = {}
        self._apostrophes: bool | None = None

    def find(self, identifier: str) -> list[Element]:
        """All elements that carry this Id, in document order."""
        if self._all is None and self._source is not None:
            known = self._unique.get(identifier)
            if known is not None:
                return [known]
            times = self._times(self._source, identifier.encode())
            if times == 0:
                return []
            if times == 1:
                if self._shallow is None:
                    self._shallow = _near_the_top(self._root)
                element = self._shallow.get(identifier)
                if element is not None:
                    self._unique[identifier] = element
                    return [element]
        if self._all is None:
            self._all = _index(self._root)
        return self._all.get(identifier, [])

    def _times(self, source: bytes, written: bytes) -> int:
        """Count how often a value stands between quotation marks."""
        if self._apostrophes is None:
            self._apostrophes = source.find(b"'", 64) >= 0
        times = source.count(b'"%b"' % written)
        return times + source.count(b"'%b'" % written) if self._apostrophes else times

    def everything(self) -> dict[str, list[Element]]:
        """Give every Id with its elements."""
        if self._all is None:
            self._all = _index(self._root)
        return self._all


def _is_plain(source: bytes) -> bool:
    """Whether an Id's characters stand in the octets as they are: UTF-8, and no character references."""
    head = source[:200]
    # Looking for one octet first is much faster than looking for two.
    if b"\0" in head[:8] or (b"&" in source and b"&#" in source):
        return False
    declared = head.partition(b"?>")[0].lower() if b"<?xml" in head[:8] else b""
    return b"encoding" not in declared or b"utf-8" in declared


def _near_the_top(root: Element) -> dict[str, Element]:
    """The usual Ids of what references usually mean: Header, Body, header blocks, and what stands in those."""
    elements = list(root)
    for child in elements[:]:
        if child.tag in _HEADERS:
            for block in child:
                elements.append(block)
                elements += block
    # Asking for few names is faster than listing all; what is not found so is looked for in the whole tree.
    return {
        identifier: element
        for element in elements
        if (identifier := element.get(names.WSU_ID) or element.get("ID")) and type(element) is Element
    }


_HEADERS = frozenset((f"{{{names.SOAP11}}}Header", f"{{{names.SOAP12}}}Header"))


def _index(root: Element) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for element in root.iter(etree.Element):
        for name in element.keys():  # noqa: SIM118 - an element is no dictionary
            if name in _ATTRIBUTES:
                carriers = found.setdefault(element.get(name, ""), [])
                if not carriers or carriers[-1] is not element:
                    carriers.append(element)
    return found
