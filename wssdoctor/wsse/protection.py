"""What must be signed against what is signed; and whether what is signed is what a receiver reads (wrapping)."""

from __future__ import annotations

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import names, part
from wssdoctor.wsse.document import Element, local_name
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.item import TOKENS
from wssdoctor.wsse.message import Message, SecurityHeader
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.signature import Signature

_SIGNATURE = f"{{{names.DS}}}Signature"


def _touches(removed: Element, element: Element, way: list[Element]) -> bool:
    """Whether something taken out takes an element, or a part of it that is no signature, out of what is signed."""
    return removed in way or (removed.tag != _SIGNATURE and element in removed.iterancestors())


class Coverage:
    """The elements that valid references of valid signatures cover."""

    def __init__(self, signatures: list[Signature]) -> None:
        self._covered: dict[Element, list[tuple[Element, ...]]] = {}
        for signature in signatures:
            for reference in signature.covers():
                for element in reference.selected:
                    self._covered.setdefault(element, []).append(reference.removed)

    def __contains__(self, element: Element) -> bool:
        """Whether the element, or one around it, is covered whole: nothing of it is taken out but signatures."""
        covered = self._covered.get(element)
        if covered is not None and () in covered:
            return True
        way = [element, *element.iterancestors()]
        return any(
            not any(_touches(each, element, way) for each in removed)
            for around in way
            for removed in self._covered.get(around, ())
        )

    @property
    def targets(self) -> list[Element]:
        """The elements that references point to."""
        return list(self._covered)


def parts_called(name: str, message: Message, security: SecurityHeader | None) -> list[Element]:
    """Find the parts that a demand names, by position: where a receiver reads them.

    ``name`` is Body, a token, the local name of a header block, or ``{namespace}local``.
    """
    if name == "Body":
        return [message.body] if message.body is not None else []
    if name in TOKENS and security is not None:
        return [item.element for item in security.items if isinstance(item, TOKENS[name])]
    blocks = [block.element for block in message.headers]
    if name.startswith("{"):
        body = message.body if message.body is not None and message.body.tag == name else None
        inner = [item.element for item in security.items] if security is not None else []
        return [each for each in (*blocks, *inner) if each.tag == name] + ([body] if body is not None else [])
    if name in ("Security", "Header"):
        return (
            [message.header]
            if name == "Header" and message.header is not None
            else [each for each in blocks if local_name(each) == name]
        )
    found = [each for each in blocks if local_name(each) == name]
    if not found and security is not None:
        found = [item.element for item in security.items if local_name(item.element) == name]
    return found


def wrapped(message: Message, coverage: Coverage, scope: Scope) -> list[Fault]:
    """Find signed elements that only look like the ones a receiver reads: another stands in their place.

    Position decides, never an Id: the Body is the envelope's child, a token the security header's.
    """
    faults: list[Fault] = []
    in_place = {item.element for header in message.security for item in header.items}
    in_place.add(message.root if message.body is None else message.body)
    for target in coverage.targets:
        if target in in_place:
            continue
        if target.getroottree().getroot() is not scope.root:
            continue
        read = _in_its_place(target, message)
        if read is None or not read or target in read:
            continue
        unsigned = [element for element in read if element not in coverage]
        if not unsigned:
            continue
        name = local_name(target)
        evidence: tuple[Evidence, ...] = (
            Located(f"the signed {name}", scope.place(target)),
            Located(f"the {name} that a receiver reads, not signed", scope.place(unsigned[0])),
        )
        says = f"the signed {name} is not the one that is processed: another one stands in its place"
        faults.append(Fault("signature-wrapped", name, says, "signed-element-moved", evidence))
    return faults


def _in_its_place(target: Element, message: Message) -> list[Element] | None:
    """Give the elements that a receiver reads as what ``target`` is by name; None if its name has no place."""
    if message.body is None:
        return None
    if part.is_body(target):
        return [message.body]
    name = local_name(target)
    if name in TOKENS:
        return [item.element for header in message.security for item in header.items if item.element.tag == target.tag]
    if target.getparent() is not None and target.getparent() is not message.header:
        return [block.element for block in message.headers if block.element.tag == target.tag] or None
    return None


def not_signed(message: Message, security: SecurityHeader | None, coverage: Coverage, scope: Scope) -> list[Fault]:
    """Find the parts that must be signed and are not."""
    faults: list[Fault] = []
    for name in scope.context.require_signed:
        found = parts_called(name, message, security)
        unsigned = [element for element in found if element not in coverage]
        if found and not unsigned:
            continue
        shown = name.rpartition("}")[2]
        if not found:
            evidence: tuple[Evidence, ...] = (
                Compared(shown, "present and signed", "absent", scope.place(message.root)),
            )
            faults.append(
                Fault("required-part-not-signed", shown, f"{shown} must be signed, and is absent", None, evidence)
            )
            continue
        evidence = (Compared(shown, "covered by a Reference that holds", "not covered", scope.place(unsigned[0])),)
        says = f"{shown} must be signed, and no Reference that holds covers it"
        faults.append(Fault("required-part-not-signed", shown, says, None, evidence))
    return faults
