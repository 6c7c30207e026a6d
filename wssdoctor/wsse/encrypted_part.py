"""A part of a message that is encrypted, and where it stands."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

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


def moved(position: Position, replaced: Mapping[Position, int]) -> Position | None:
    """Tell where an element stands after others gave way to so many elements each; None if it is one of those.

    ``replaced`` are positions before. An element that gave way to just one is followed to that one.
    """
    steps = []
    for level, index in enumerate(position):
        here, around = position[: level + 1], position[:level]
        if here in replaced and (level + 1 < len(position) or replaced[here] != 1):
            return None
        siblings = (
            (at[level], count) for at, count in replaced.items() if len(at) == level + 1 and at[:level] == around
        )
        steps.append(index + sum(count - 1 for before, count in siblings if before < index))
    return tuple(steps)


def at_position(root: Element, position: Position) -> Element | None:
    """Give the element that stands there, if there is one."""
    for index in position:
        child = next(itertools.islice(root.iterchildren("*"), index, None), None)
        if child is None:
            return None
        root = child
    return root
