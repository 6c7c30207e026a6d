"""Bytes to an XML tree, safely: no DTD, no entities, no network, all bounded; and where an element stands."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import TypeAlias

from lxml import etree

from wssdoctor.errors import InputError, Problem
from wssdoctor.evidence import Located, Place
from wssdoctor.wsse import names
from wssdoctor.wsse.fault import Fault

Element: TypeAlias = etree._Element
"""An element of lxml's tree."""

MAX_BYTES = 512 * 1024 * 1024
"""Larger documents are refused unread."""
MAX_ATTRIBUTES = 256
"""Attributes and namespace declarations of one element; canonicalisation sorts them in quadratic time."""
_LONG_TAG = 2048
_HUGE = 9_000_000
"""From this size on a text node may pass the 10 MB that libxml2 allows by default."""

_PROLOG = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"<[A-Za-z_:\x80-\xff]")
_HARMLESS = (
    etree.ErrorTypes.WAR_NS_URI,
    etree.ErrorTypes.WAR_NS_URI_RELATIVE,
    etree.ErrorTypes.DTD_XMLID_VALUE,
    etree.ErrorTypes.DTD_ID_REDEFINED,
)
"""What libxml2 reports although the document is well-formed: odd namespace names, an xml:id that is given twice."""
_SMALL = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


class DocumentError(InputError):
    """The bytes are no acceptable XML document. ``fault`` is the fault's id."""

    def __init__(self, problem: Problem, fault: str = "xml-not-well-formed", reason: str | None = None) -> None:
        super().__init__(problem)
        self.fault = fault
        self.reason = reason

    def __reduce__(self) -> tuple[type[DocumentError], tuple[Problem, str, str | None]]:  # type: ignore[override]
        return type(self), (self.problems[0], self.fault, self.reason)

    def as_fault(self) -> Fault:
        """Give the same as a fault of the message."""
        problem = self.problems[0]
        evidence = (Located(problem.why or problem.what, problem.place),) if problem.place else ()
        return Fault(self.fault, "document", problem.what, self.reason, evidence)


def parse_document(data: bytes) -> Element:
    """Parse one XML document and return its root element.

    Raises DocumentError with fault ``xml-not-well-formed``, ``xml-doctype-forbidden`` (SOAP 1.1 section 3,
    SOAP 1.2 part 1 section 5) or ``xml-limit-exceeded``, with line and column.
    """
    if len(data) > MAX_BYTES:
        raise _refused("xml-limit-exceeded", f"the document is larger than {MAX_BYTES} bytes")
    plain = _refuse_doctype(data)
    # A parser per call for large documents: lxml keeps the last tree's dictionary alive with the parser.
    parser = (
        _SMALL
        if len(data) < _HUGE
        else etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        read_again = _despite_namespace_names(data)
        if read_again is None:
            raise _not_well_formed(error, data) from None
        root = read_again
    if not plain and root.getroottree().docinfo.internalDTD is not None:
        raise _refused("xml-doctype-forbidden", "the document has a document type declaration")
    if may_hold_long_tags(data):
        _bound_attributes(root)
    return root


def _despite_namespace_names(data: bytes) -> Element | None:
    """Parse a document whose only flaws are such as XML allows, see ``_HARMLESS``."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=len(data) >= _HUGE, recover=True
    )
    try:
        root: Element | None = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None
    return root if all(entry.type in _HARMLESS for entry in parser.error_log) else None


def parse_again(octets: bytes) -> Element:
    """Parse octets that were made from a document that was parsed already. Raises DocumentError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=len(octets) >= _HUGE)
    try:
        return etree.fromstring(octets, parser)
    except etree.XMLSyntaxError as error:
        root = _despite_namespace_names(octets)
        if root is None:
            raise _not_well_formed(error, octets) from None
        return root


def may_hold_long_tags(data: bytes) -> bool:
    """Tell whether a start tag could pass the attribute limit; never misses one that is longer than ``_LONG_TAG``."""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or b"\0" in data[:8]:
        return True
    start, size = 0, len(data)
    while size - start > _LONG_TAG:
        last = data.rfind(b"<", start + 1, start + _LONG_TAG)
        if last < 0:
            # A long run without a tag's beginning: a long text, or a tag with many attributes.
            last = data.find(b"<", start + _LONG_TAG)
            last = size if last < 0 else last
            if data.count(b"=", start, last) > MAX_ATTRIBUTES // 2:
                return True
        start = last
    return False


def _bound_attributes(root: Element) -> None:
    for element in root.iter(etree.Element):
        own = len(element.attrib)
        if own > MAX_ATTRIBUTES or len(element.nsmap) > MAX_ATTRIBUTES:
            raise _refused(
                "xml-limit-exceeded", f"an element has more than {MAX_ATTRIBUTES} attributes", place(element)
            )


def _refuse_doctype(data: bytes) -> bool:
    """Look at the prolog before the parser does, so that no declaration is ever expanded.

    Returns whether the root element was seen to follow; an encoding that hides its markup is judged after parsing.
    """
    if b"\0" in data[:8]:
        data = _wide_to_utf8(data)
    position = 3 if data.startswith(codecs.BOM_UTF8) else 0
    while match := _PROLOG.match(data, position):
        position = match.end()
    if data.startswith(b"<!DOCTYPE", position):
        line = data.count(b"\n", 0, position) + 1
        column = position - data.rfind(b"\n", 0, position)
        raise _refused(
            "xml-doctype-forbidden",
            "the document has a document type declaration",
            Place(line=line, column=column),
        )
    return _ROOT.match(data, position) is not None


def _wide_to_utf8(data: bytes) -> bytes:
    """UTF-16 or UTF-32 as UTF-8, as far as it can be read; the parser judges the rest."""
    for bom, codec in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (b"<\0\0\0", "utf-32-le"),
        (b"\0\0\0<", "utf-32-be"),
        (b"<\0", "utf-16-le"),
        (b"\0<", "utf-16-be"),
    ):
        if data.startswith(bom):
            return data.decode(codec, errors="replace").encode()
    return data


def _refused(fault: str, what: str, at: Place | None = None) -> DocumentError:
    why = "SOAP forbids it, and entities could be expanded without end" if fault == "xml-doctype-forbidden" else ""
    return DocumentError(Problem(what, at, why), fault)


def _not_well_formed(error: etree.XMLSyntaxError, data: bytes) -> DocumentError:
    line, column = error.position
    code: int = error.code  # type: ignore[attr-defined]
    # libxml2 reports its own limits (depth, name and text length) as syntax errors of these codes.
    limits = (etree.ErrorTypes.ERR_NAME_TOO_LONG, etree.ErrorTypes.ERR_RESOURCE_LIMIT)
    fault = "xml-limit-exceeded" if code in limits else "xml-not-well-formed"
    why = (error.msg or "the document is empty").split(", line ")[0]
    problem = Problem("the bytes are not well-formed XML", Place(line=line or None, column=column or None), why)
    return DocumentError(problem, fault, _damage(data, why))


def _damage(data: bytes, why: str) -> str | None:
    """Tell what was done to a document that cannot be parsed, where its octets show it."""
    if not data.strip():
        return "document-empty"
    if why.startswith("Namespace prefix"):
        return "namespace-declaration-lost"
    if b"encoding" not in data[:200] and b"\0" not in data[:8]:
        try:
            data.decode()
        except UnicodeDecodeError:
            return "character-encoding-mangled"
    if not data.rstrip().endswith(b">"):
        return "document-truncated"
    return None


# Where an element stands ----------------------------------------------------------------------------------


def step(element: Element) -> str:
    """One step of an XPath, with the usual prefix and a position only among namesakes."""
    name = str(element.tag)
    namespace, _, local = name[1:].rpartition("}") if name[0] == "{" else ("", "", name)
    prefix = names.PREFIXES.get(namespace) or element.prefix or ""
    written = f"{prefix}:{local}" if prefix else local if not namespace else f"*[local-name()='{local}']"
    before = sum(1 for _ in element.itersiblings(name, preceding=True))
    if before or next(element.itersiblings(name), None) is not None:
        written += f"[{before + 1}]"
    return written


def xpath(element: Element) -> str:
    """Path from the root, with the usual prefixes (soap, wsse, wsu, ds, xenc, saml)."""
    steps = [step(element), *(step(ancestor) for ancestor in element.iterancestors())]
    return "/" + "/".join(reversed(steps))


def line_of(element: Element) -> int | None:
    """Give the line of an element, counted from 1; None for one that did not come from the document."""
    line: int | None = element.sourceline  # type: ignore[assignment]
    return line


def place(element: Element) -> Place:
    """Line and XPath of an element."""
    return Place(line=line_of(element), xpath=xpath(element))


def local_name(element: Element) -> str:
    """Give the name without its namespace."""
    return _split(element.tag)[1]


def namespace_of(element: Element) -> str:
    """Give the namespace name, empty for none."""
    return _split(element.tag)[0]


@lru_cache(1024)
def _split(tag: str) -> tuple[str, str]:
    """Namespace and local name: the same few hundred names come again and again."""
    namespace, _, local = tag.rpartition("}")
    return namespace[1:], local


def child_of(element: Element, tag: str) -> Element | None:
    """Give the first child of this name; faster than ``find``."""
    return next(element.iterchildren(tag), None)


def text_of(element: Element) -> str:
    """Give the whole text of an element and its descendants, without comments and processing instructions."""
    if len(element) == 0:
        return element.text or ""
    return "".join(str(part) for part in element.itertext(etree.Element))
