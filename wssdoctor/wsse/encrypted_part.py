"""A part of a message that is encrypted, and where it stands."""

from __future__ import annotations

import itertools

import msgspec

from wssdoctor.evidence import Place
from wssdoctor.wsse.document import Element

Position = tuple[int, ...]
"""Where an element stands: its index among the element children, from the root down."""


class EncryptedPart(msgspec.Struct, frozen=True):
    """Something that is encrypted. ``what`` names the part; ``content`` if only its content is."""

    what: str
    content: bool
    algorithm: str
    key_algorithm: str
    recipient: str
    decrypted: bool
    position: Position | None
    """Of the element that is hidden, in the message of plain text; None for a MIME part."""
    place: Place


def position_of(element: Element) -> Position:
    """Tell where an element stands."""
    steps = []
    parent = element.getparent()
    while parent is not None:
        steps.append(sum(1 for _ in element.itersiblings("*", preceding=True)))
        element, parent = parent, parent.getparent()
    return tuple(reversed(steps))


def at_position(root: Element, position: Position) -> Element | None:
    """Give the element that stands there, if there is one."""
    for index in position:
        child = next(itertools.islice(root.iterchildren("*"), index, None), None)
        if child is None:
            return None
        root = child
    return root
