"""The XPath transforms, as far as signatures use them: subtrees kept or taken out, by name or place.

A general XPath engine over hostile messages could be made to run without end; what is outside this subset is refused
by name (XML Signature 1.1, section 6.6.3; XML-Signature XPath Filter 2.0).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from wssdoctor.evidence import Compared, Evidence
from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element, child_of, local_name, text_of
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.scope import Scope

_NAME = r"(?:[\w.-]+:)?[\w.*-]+"
_TEST = r"(?:\[\s*local-name\(\)\s*=\s*(?:'(?P<local>[^']*)'|\"(?P<local2>[^\"]*)\")\s*\])?"
_TERM = re.compile(rf"(not\s*\(\s*)?ancestor-or-self::\s*(?P<name>{_NAME})\s*{_TEST}\s*(?(1)\))")
_LONGEST = 1000
"""Characters of an expression; matching it takes time that grows with the square."""
_NO_COMMENTS = re.compile(r"not\s*\(\s*self::comment\(\)\s*\)")
_ENVELOPED = re.compile(
    r"count\(ancestor-or-self::(?P<p>[\w.-]+):Signature\|here\(\)/ancestor::(?P=p):Signature\[1\]\)"
    r">count\(ancestor-or-self::(?P=p):Signature\)"
)
_PATH = re.compile(
    rf"/|(?:/{{1,2}}(?:descendant(?:-or-self)?::)?{_NAME})(?:/{_NAME})*(?:\[@{_NAME}\s*=\s*(?:'[^']*'|\"[^\"]*\")\])?"
)
_ID = re.compile(r"id\(\s*(['\"])(?P<id>[^'\"]+)\1\s*\)")
_HERE = re.compile(rf"here\(\)/ancestor::{_NAME}\[1\](?:/ancestor::(?P<name>{_NAME})\[1\])?")


class Selection(NamedTuple):
    """Subtrees that stay, what is taken out of them, and whether comments stay."""

    apexes: tuple[Element, ...]
    removed: tuple[Element, ...]
    comments: bool = True


def select(transform: Element, apexes: tuple[Element, ...], signature: Element | None, scope: Scope) -> Selection:
    """Apply an XPath or XPath Filter 2.0 transform. Raises FaultFound (algorithm-unknown) outside the subset."""
    if transform.get("Algorithm") == names.XPATH:
        return _xpath(transform, apexes, signature, scope)
    removed: tuple[Element, ...] = ()
    for step in transform.iterchildren(f"{{{names.XPATH_FILTER2}}}XPath"):
        found = _path(step, apexes, signature, scope) if apexes else ()
        match step.get("Filter"):
            case "subtract":
                removed += found
            case "intersect":
                apexes = tuple(each for each in found if any(_within(each, apex) for apex in apexes))
            case _:
                raise FaultFound(_outside(step, scope))
    return Selection(apexes, removed)


def _xpath(transform: Element, apexes: tuple[Element, ...], signature: Element | None, scope: Scope) -> Selection:
    expression_element = child_of(transform, f"{{{names.DS}}}XPath")
    if expression_element is None:
        raise FaultFound(_outside(transform, scope))
    text = text_of(expression_element).strip()
    if len(text) > _LONGEST:
        raise FaultFound(_outside(expression_element, scope))
    removed: list[Element] = []
    comments = True
    for part in re.split(r"\s+and\s+", text):
        if _ENVELOPED.fullmatch(re.sub(r"\s+", "", part)):
            if signature is not None:
                removed.append(signature)
            continue
        if _NO_COMMENTS.fullmatch(part.strip()):
            comments = False
            continue
        term = _TERM.fullmatch(part.strip())
        if term is None:
            raise FaultFound(_outside(expression_element, scope))
        tag = _tag(term["name"], expression_element, scope)
        local = term["local"] or term["local2"]
        named = [element for apex in apexes for element in apex.iter(tag) if local in (None, local_name(element))]
        if not term[1]:
            apexes = tuple(_outermost(named))
            continue
        removed += named
        if any(element is apex for element in removed for apex in apexes):
            return Selection((), ())
    return Selection(apexes, tuple(removed), comments)


def _path(step: Element, apexes: tuple[Element, ...], signature: Element | None, scope: Scope) -> tuple[Element, ...]:
    text = text_of(step).strip()
    if len(text) > _LONGEST:
        raise FaultFound(_outside(step, scope))
    if text == "/":
        return apexes
    if named := _ID.fullmatch(text):
        return tuple(scope.identifiers.find(named["id"]))
    if here := _HERE.fullmatch(text):
        if signature is None:
            return ()
        if here["name"] is None:
            return (signature,)
        tag = _tag(here["name"], step, scope)
        return tuple(signature.iterancestors(tag))[:1]
    if not _PATH.fullmatch(text):
        raise FaultFound(_outside(step, scope))
    namespaces = {prefix: uri for prefix, uri in step.nsmap.items() if prefix}
    root = apexes[0].getroottree()
    try:
        found = root.xpath(text, namespaces=namespaces)
    except etree.XPathError:
        raise FaultFound(_outside(step, scope)) from None
    if not isinstance(found, list):
        raise FaultFound(_outside(step, scope))
    return tuple(_outermost([element for element in found if isinstance(element, etree._Element)]))


def _tag(name: str, element: Element, scope: Scope) -> str:
    prefix, colon, local = name.rpartition(":")
    if not colon:
        return local
    uri = element.nsmap.get(prefix)
    if uri is None:
        raise FaultFound(_outside(element, scope))
    return f"{{{uri}}}{local}"


def _within(element: Element, apex: Element) -> bool:
    return element is apex or apex in element.iterancestors()


def _outermost(elements: list[Element]) -> list[Element]:
    chosen = set(elements)
    return [element for element in elements if not any(ancestor in chosen for ancestor in element.iterancestors())]


def _outside(element: Element, scope: Scope) -> Fault:
    text = text_of(element).strip()[:200]
    evidence: tuple[Evidence, ...] = (Compared("XPath", "subtrees by name", text, scope.place(element)),)
    return Fault(
        "algorithm-unknown",
        "SignedInfo",
        f"the XPath transform {text!r} is outside what is evaluated",
        evidence=evidence,
    )
