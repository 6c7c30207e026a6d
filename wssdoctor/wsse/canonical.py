"""Canonical XML 1.0 and 1.1 and Exclusive XML Canonicalization 1.0 of elements where they stand in their document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

import msgspec
from lxml import etree

from wssdoctor.evidence import Compared, Evidence
from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element, child_of, local_name, parse_again, place
from wssdoctor.wsse.fault import Fault, FaultFound

_XML = f"{{{names.XML}}}"
_DEFAULT = "#default"
"""The default namespace in a PrefixList (Exclusive XML Canonicalization, section 4). lxml passes over it."""


class Canonicalization(msgspec.Struct, frozen=True):
    """A canonical form: exclusive or inclusive, with or without comments, with inclusive prefixes, 1.0 or 1.1."""

    exclusive: bool
    comments: bool = False
    prefixes: tuple[str, ...] = ()
    later: bool = False
    """Canonical XML 1.1: xml:id is not inherited, xml:base is joined."""


METHODS = {
    names.C14N10: Canonicalization(exclusive=False),
    names.C14N10_COMMENTS: Canonicalization(exclusive=False, comments=True),
    names.C14N11: Canonicalization(exclusive=False, later=True),
    names.C14N11_COMMENTS: Canonicalization(exclusive=False, comments=True, later=True),
    names.EXCLUSIVE: Canonicalization(exclusive=True),
    names.EXCLUSIVE_COMMENTS: Canonicalization(exclusive=True, comments=True),
}
"""Identifier to form; the prefix list is read from the element, see ``method_of``."""


def method_of(element: Element) -> Canonicalization | None:
    """Read a CanonicalizationMethod or Transform with its InclusiveNamespaces; None if it is none of these."""
    method = METHODS.get(element.get("Algorithm", ""))
    if method is not None and method.exclusive and len(element):
        inclusive = child_of(element, f"{{{names.EXC_C14N}}}InclusiveNamespaces")
        if inclusive is not None:
            prefixes = tuple(inclusive.get("PrefixList", "").split())
            return msgspec.structs.replace(method, prefixes=prefixes)
    return method


def canonicalize(target: Element, method: Canonicalization, *, whole: bool = False) -> bytes:
    """Canonical octets of an element in its context; of the whole document if ``whole``.

    Raises FaultFound (c14n-relative-namespace-uri).
    """
    prefixes = None
    if method.prefixes:
        if _default_is_inclusive(target, method):
            return _written_here(target, method)
        prefixes = list(method.prefixes)
    tree: Any = target.getroottree() if whole else target
    try:
        if method.exclusive or whole or target.getparent() is None:
            return etree.tostring(
                tree,
                method="c14n",
                exclusive=method.exclusive,
                with_comments=method.comments,
                inclusive_ns_prefixes=prefixes if method.exclusive else None,
            )
        with _inherited_attributes(target, later=method.later):
            apex = _as_root(target)
            return etree.tostring(apex, method="c14n", exclusive=False, with_comments=method.comments)
    except etree.C14NError:
        return _written_here(target, method)


def _default_is_inclusive(target: Element, method: Canonicalization) -> bool:
    """Whether a prefix list names a default namespace that is declared: lxml does not hand #default on to libxml2."""
    if _DEFAULT not in method.prefixes:
        return False
    return any(None in element.nsmap for element in target.iter(etree.Element))


def canonicalize_into(target: Element, method: Canonicalization, sink: Any, *, whole: bool = False) -> None:
    """Write the canonical octets to ``sink.update``-like hashing, without holding them. Raises FaultFound."""
    if _default_is_inclusive(target, method):
        sink.update(_written_here(target, method))
        return
    tree: Any = target.getroottree() if whole else etree.ElementTree(target)
    prefixes = list(method.prefixes) if method.exclusive and method.prefixes else None
    try:
        with _inherited_attributes(target, later=method.later) if not method.exclusive else _nothing():
            if not (method.exclusive or whole):
                tree = etree.ElementTree(_as_root(target))
            tree.write_c14n(
                _Sink(sink),
                exclusive=method.exclusive,
                with_comments=method.comments,
                inclusive_ns_prefixes=prefixes,
            )
    except etree.C14NError:
        sink.update(_written_here(target, method))


def _as_root(target: Element) -> Element:
    """Give a copy of an element as the root of its own document, all namespaces in scope declared on it.

    Inclusive canonicalisation of an element that is not the root goes wrong below its children: lxml lends it the
    declarations around, and libxml2 then writes some of them again, or a wrong ``xmlns=""``.
    """
    if target.getparent() is None:
        return target
    return parse_again(etree.tostring(target, encoding="UTF-8", with_tail=False))


def _written_here(target: Element, method: Canonicalization) -> bytes:
    """Canonicalise what lxml cannot, unless it must be refused: a relative namespace name."""
    fault = _relative_namespace(target)
    if fault is not None:
        raise FaultFound(fault)
    from wssdoctor.wsse.canonical_writer import write_canonical

    with _inherited_attributes(target, later=method.later) if not method.exclusive else _nothing():
        try:
            return write_canonical(
                target, exclusive=method.exclusive, comments=method.comments, prefixes=method.prefixes
            )
        except RecursionError:
            says = "the signed content is nested too deep to be canonicalised"
            raise FaultFound(Fault("xml-limit-exceeded", "document", says)) from None


class _Sink:
    """What lxml writes to: hands every piece to a hash object."""

    def __init__(self, hashed: Any) -> None:
        self.write = hashed.update


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _inherited_attributes(apex: Element, *, later: bool) -> Iterator[None]:
    """Lend the apex the xml: attributes of its ancestors (C14N 1.0 section 2.4; 1.1 section 2.4)."""
    lent: dict[str, str] = {}
    bases: list[str] = []
    for ancestor in apex.iterancestors():
        for name, value in _attributes(ancestor):
            if name.startswith(_XML):
                if later and name == names.XML_ID:
                    continue
                if later and name == f"{_XML}base":
                    bases.append(value)
                elif name not in lent:
                    lent[name] = value
    own = dict(_attributes(apex))
    base = own.get(f"{_XML}base", "")
    for outer in bases:
        base = urljoin(outer, base)
    if bases and base:
        lent[f"{_XML}base"] = base
        replaced = own.get(f"{_XML}base")
    else:
        replaced = None
    lent = {name: value for name, value in lent.items() if name not in own or (bases and name == f"{_XML}base")}
    try:
        for name, value in lent.items():
            apex.set(name, value)
        yield
    finally:
        for name in lent:
            if name == f"{_XML}base" and replaced is not None:
                apex.set(name, replaced)
            else:
                del apex.attrib[name]


def _attributes(element: Element) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in element.items()]


def canonicalize_without(
    apex: Element, removed: list[Element], method: Canonicalization, *, whole: bool = False
) -> bytes:
    """Canonical octets of an element less some of its descendants. The tree is not touched.

    What is left does not depend on what is taken out, because namespaces and attributes come from ancestors only; so a
    single descendant is cut out of the octets. Where comments or processing instructions could be taken for tags, and
    for several descendants, a copy of the whole context is pruned instead.
    """
    octets = canonicalize(apex, method, whole=whole)
    if not removed:
        return octets
    # Looking for one octet first is much faster than looking for two or more.
    commented = (b"!" in octets and b"<!--" in octets) or (b"?" in octets and b"<?" in octets)
    if len(removed) == 1 and not commented:
        return _cut(octets, apex, removed[0])
    copy = parse_again(canonicalize(apex, Canonicalization(exclusive=False, comments=True), whole=whole))
    for twin in [_twin(apex, element, copy) for element in removed]:
        _take_out(twin)
    return canonicalize(copy, method, whole=whole)


def _cut(octets: bytes, apex: Element, inner: Element) -> bytes:
    local = local_name(inner)
    written = (f"{inner.prefix}:{local}" if inner.prefix else local).encode()
    opening, closing = b"<" + written, b"</%b>" % written
    start = _next_tag(octets, opening, 0)
    for element in apex.iter("{*}" + local):  # a prefix, or none, stands for another namespace elsewhere
        if element is inner:
            break
        if element.prefix == inner.prefix:
            start = _next_tag(octets, opening, start + 1)
    assert start >= 0, "an element is in its ancestor's canonical form"
    end = octets.index(closing, start)
    nested = _next_tag(octets, opening, start + 1)
    while 0 <= nested < end:
        end = octets.index(closing, end + 1)
        nested = _next_tag(octets, opening, nested + 1)
    return octets[:start] + octets[end + len(closing) :]


def _next_tag(octets: bytes, opening: bytes, start: int) -> int:
    """Find a start tag in canonical form from ``start`` on: its name ends with a blank or the tag; -1 if there is none."""
    while (start := octets.find(opening, start)) >= 0 and octets[start + len(opening)] not in b" >":
        start += 1
    return start


def _twin(apex: Element, element: Element, copy: Element) -> Element:
    """Find in a copy of ``apex`` the element that corresponds to ``element``."""
    way: list[int] = []
    while element is not apex:
        parent = element.getparent()
        assert parent is not None, "the element is below the apex"
        way.append(list(parent.iterchildren("*")).index(element))
        element = parent
    for index in reversed(way):
        copy = list(copy.iterchildren("*"))[index]
    return copy


def _take_out(element: Element) -> None:
    """Remove an element and leave the text after it."""
    parent = element.getparent()
    assert parent is not None, "the root is never taken out"
    if element.tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _relative_namespace(target: Element) -> Fault | None:
    """Find a relative namespace name around or in an element; libxml2 refuses without a reason."""
    for element in (*target.iterancestors(), *target.iter(etree.Element)):
        for prefix, uri in element.nsmap.items():
            if uri and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", uri):
                name = f"xmlns:{prefix}" if prefix else "xmlns"
                evidence: tuple[Evidence, ...] = (Compared(name, "an absolute URI", uri, place(element)),)
                says = f"the namespace name {uri!r} is relative, which canonicalisation must refuse"
                return Fault("c14n-relative-namespace-uri", "SignedInfo", says, evidence=evidence)
    return None
