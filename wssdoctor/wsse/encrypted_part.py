"""A part of a message that is encrypted, and the judgement of what had to be."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from wssdoctor.evidence import Located, Place
from wssdoctor.wsse.document import Element, local_name
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.scope import Scope

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


def clear_parts(names_required: tuple[str, ...], parts: tuple[EncryptedPart, ...], scope: Scope) -> tuple[Fault, ...]:
    """Judge which of the required parts came in clear: each that is named and stands in the message unencrypted.

    A name is Body, a local name, or {namespace}local; a part that is absent was not in clear.
    """
    hidden = {part.position for part in parts if part.position is not None}
    faults = []
    for name in names_required:
        for element in _named(name, scope.root):
            if _is_hidden(element, hidden):
                continue
            evidence = (Located(f"{name} in clear", scope.place(element)),)
            says = f"{name} must be encrypted and came in clear"
            faults.append(Fault("required-part-not-encrypted", local_name(element), says, evidence=evidence))
            break
    return tuple(faults)


def _is_hidden(element: Element, hidden: set[Position]) -> bool:
    """Whether an element, something around it, or all that it holds was encrypted."""
    if any(position in hidden for position in _prefixes(position_of(element))):
        return True
    children = list(element.iterchildren("*"))
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    return bool(children) and not text.strip() and all(position_of(child) in hidden for child in children)


def _named(name: str, root: Element) -> Iterator[Element]:
    """Elements that a required part may mean: envelope children, header blocks, and children of security headers."""
    for child in root.iterchildren("*"):
        if child.tag == name or local_name(child) == name:
            yield child
        if local_name(child) == "Header":
            for block in child.iterchildren("*"):
                if block.tag == name or local_name(block) == name:
                    yield block
                if local_name(block) == "Security":
                    yield from (item for item in block.iterchildren("*") if name in (item.tag, local_name(item)))


def position_of(element: Element) -> Position:
    """Tell where an element stands."""
    steps = []
    parent = element.getparent()
    while parent is not None:
        steps.append(sum(1 for _ in element.itersiblings("*", preceding=True)))
        element, parent = parent, parent.getparent()
    return tuple(reversed(steps))


def _prefixes(position: Position) -> Iterator[Position]:
    return (position[:length] for length in range(len(position) + 1))
