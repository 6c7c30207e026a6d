"""The layers of encryption of a captured message: what was encrypted over what, so that it can be so again.

Level 0 is the message as it was sent; each level above lacks one layer of encryption. A part that no key opens is
taken as the innermost: its plain text stands on the topmost level.
"""

from __future__ import annotations

import copy

import msgspec

from wssdoctor.wsse import encrypted_data, names
from wssdoctor.wsse.document import Element
from wssdoctor.wsse.encrypted_part import EncryptedPart, at_position
from wssdoctor.wsse.encryption import Decryption
from wssdoctor.wsse.message import read_message
from wssdoctor.wsse.plain_text import gives_way
from wssdoctor.wsse.reference import check_reference

_REFERENCES = f"{{{names.DS}}}SignedInfo/{{{names.DS}}}Reference"
_HOLDERS_OF_KEYS = frozenset(("EncryptedKey", "ReferenceList", "EncryptedData"))


class Slot(msgspec.Struct):
    """A part that is to be encrypted again."""

    part: EncryptedPart
    frame: Element
    """A copy of what takes its place: its EncryptedData, perhaps inside of an element that only carries it."""
    holder: Element | None
    """In the plain message: the part, or what holds it where only its content is encrypted; None for a MIME part."""
    level: int
    """The lowest on which it is plain."""

    @property
    def data(self) -> Element:
        """The EncryptedData."""
        if self.frame.tag == encrypted_data.TAG:
            return self.frame
        return next(self.frame.iter(encrypted_data.TAG))


class Layers:
    """The plain message of a decryption, which may be changed, and how to come back to what was sent."""

    def __init__(self, decryption: Decryption) -> None:
        self._decryption = decryption
        self.root = decryption.plain.root
        last = len(decryption.scopes)
        self.slots = [
            _slot(decryption, part, data, state + 1 if part.decrypted else last)
            for part, (state, data) in zip(decryption.parts, decryption.origins, strict=True)
        ]
        self.closed = [slot for slot in self.slots if not slot.part.decrypted]
        """Those that no key opens."""
        self.top = last if self.closed else last - 1

    def levels(self) -> dict[Element, int]:
        """Say on which level each signature of the headers was made: the highest on which most of its digests hold.

        To be asked before the message is changed.
        """
        found: dict[Element, list[list[int]]] = {}
        for level, scope in enumerate(self._decryption.scopes):
            for header in read_message(scope.root).security:
                for one in header.signatures:
                    plain = self._in_plain(one.element, level)
                    if plain is None:
                        continue
                    references = one.element.findall(_REFERENCES)
                    holding = found.setdefault(plain, [[] for _ in references])
                    for levels, reference in zip(holding, references, strict=False):
                        if check_reference(reference, one.element, scope).ok:
                            levels.append(level)
        return {element: self._level(element, holding) for element, holding in found.items()}

    def _level(self, signature: Element, holding: list[list[int]]) -> int:
        closed = [slot.holder for slot in self.closed if slot.holder is not None]
        scope = self._decryption.plain
        for levels, reference in zip(holding, signature.findall(_REFERENCES), strict=False):
            target = check_reference(reference, signature, scope).target
            if not levels and target is not None and any(one in closed for one in target.iter()):
                return self.top
        if not any(holding):  # broken as it was captured, so only the order of the header tells
            before = [one.tag.rpartition("}")[2] for one in signature.itersiblings("*", preceding=True)]
            return self.top if not _HOLDERS_OF_KEYS.isdisjoint(before) else 0
        counts = [sum(level in levels for levels in holding) for level in range(len(self._decryption.scopes))]
        return max(range(len(counts)), key=lambda level: (counts[level], level))

    def _in_plain(self, element: Element, level: int) -> Element | None:
        if level == len(self._decryption.scopes) - 1:
            return element
        return self._decryption.in_plain(element, level)


def _slot(decryption: Decryption, part: EncryptedPart, data: Element, level: int) -> Slot:
    frame = copy.deepcopy(gives_way(data))
    frame.tail = None
    holder = at_position(decryption.plain.root, part.position) if part.position is not None else None
    return Slot(part, frame, holder, level)
