"""Canonical XML written here, for documents whose namespace names libxml2 does not take for URIs.

Such names (IRIs, braces, blanks) are legal in XML Namespaces 1.0 and other stacks sign them; libxml2 refuses to
canonicalise them. It also heeds ``#default`` in a prefix list, which lxml does not hand on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element, local_name

_DEEPEST = 256
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_VALUE = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"})


def write_canonical(apex: Element, *, exclusive: bool, comments: bool, prefixes: tuple[str, ...]) -> bytes:
    """Give the canonical octets of an element in its context. Raises RecursionError beyond 256 levels."""
    inclusive = {"" if prefix == "#default" else prefix for prefix in prefixes} if exclusive else None
    return "".join(_element(apex, {}, inclusive, comments, 0)).encode()


def _element(
    element: Element, rendered: dict[str, str], inclusive: set[str] | None, comments: bool, depth: int
) -> Iterator[str]:
    if depth > _DEEPEST:
        raise RecursionError("elements are nested too deep")
    scope = {prefix or "": uri or "" for prefix, uri in element.nsmap.items()}
    scope.pop("xml", None)
    local = local_name(element)
    prefix = element.prefix or ""
    attributes = [_attribute(element, str(name), str(value), scope) for name, value in element.items()]
    if inclusive is None:
        visible = set(scope)
    else:
        visible = {prefix, *(each[2].partition(":")[0] for each in attributes if ":" in each[2])}
        visible |= {each for each in inclusive if each in scope}
    if "" not in scope and rendered.get(""):
        scope[""] = ""
        visible.add("")
    declared = {
        each: scope[each]
        for each in visible
        if each in scope and scope[each] != rendered.get(each, "" if each == "" else None)
    }
    name = f"{prefix}:{local}" if prefix else local
    yield f"<{name}"
    for each in sorted(declared):
        yield f' xmlns{":" if each else ""}{each}="{declared[each].translate(_VALUE)}"'
    for _, _, written, value in sorted(attributes):
        yield f' {written}="{value.translate(_VALUE)}"'
    yield ">"
    inner = rendered | declared
    if element.text:
        yield element.text.translate(_TEXT)
    for child in element:
        kind: Any = child.tag
        if kind is etree.Comment:
            if comments:
                yield f"<!--{child.text or ''}-->".replace("\r", "&#xD;")
        elif kind is etree.PI:
            yield f"<?{getattr(child, 'target', '')}{' ' + child.text if child.text else ''}?>".replace("\r", "&#xD;")
        else:
            yield from _element(child, inner, inclusive, comments, depth + 1)
        if child.tail:
            yield child.tail.translate(_TEXT)
    yield f"</{name}>"


def _attribute(element: Element, name: str, value: str, scope: dict[str, str]) -> tuple[str, str, str, str]:
    """Namespace and local name (the order of attributes), the name as written, the value."""
    if name[0] != "{":
        return "", name, name, value
    uri, _, local = name[1:].rpartition("}")
    if uri == names.XML:
        return uri, local, f"xml:{local}", value
    prefixes = [each for each, bound in scope.items() if each and bound == uri]
    if len(prefixes) == 1:
        return uri, local, f"{prefixes[0]}:{local}", value
    # Only XPath tells which of several prefixes was written.
    written = element.xpath("name(@*[namespace-uri() = $uri and local-name() = $local])", uri=uri, local=local)
    return uri, local, str(written), value
