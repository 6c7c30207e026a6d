"""What a search for the signed octets starts from, and what it gives."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from wssdoctor.wsse.canonical import Canonicalization, canonicalize
from wssdoctor.wsse.document import DocumentError, Element, parse_again
from wssdoctor.wsse.fault import FaultFound

Matches = Callable[[bytes], bool]
"""Whether octets are those that were signed."""

Hypothesis = tuple[str, str, bytes]
"""Reason, words, and the octets that would then have been signed."""


class Found(msgspec.Struct, frozen=True):
    """A hypothesis that held: reason, words, and the octets that were signed."""

    reason: str
    words: str
    octets: bytes


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched: an element (or the whole document), the form that was used, and the octets it gave."""

    element: Element
    method: Canonicalization
    octets: bytes
    whole: bool = False
    plain: bool = True
    """Whether the octets are the canonical form of the element alone, with nothing taken out."""
    hints: tuple[str, ...] = ()
    """Prefixes that the message mentions: prefix lists, declarations elsewhere."""
    source: bytes | None = None
    """The octets of the document as received."""

    def prefixes_in_scope(self) -> tuple[str, ...]:
        """Give the prefixes in scope of the element as a prefix list writes them."""
        return tuple(prefix or "#default" for prefix in self.element.nsmap)


def recanonicalized(octets: bytes, method: Canonicalization) -> bytes | None:
    """Canonicalise changed octets anew: declarations that became superfluous go."""
    try:
        return canonicalize(parse_again(octets), method)
    except (DocumentError, FaultFound):
        return None
