"""Namespace prefixes that were renamed after signing: canonical octets with other prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wssdoctor.wsse.search_subject import Hypothesis, Subject, recanonicalized

_TAG = re.compile(rb'<(?:[^"<>]|"[^"]*")*>')
_DECLARATION = re.compile(rb' xmlns(?::([\w.-]+))?="([^"]*)"')

USUAL_PREFIXES = (
    "", "ns0", "ns1", "ns2", "ns3", "tns", "urn", "n0", "n1", "soap", "soapenv", "SOAP-ENV", "soap-env", "SOAP", "S",
    "env", "s", "e", "a", "b", "c", "m", "p", "q1", "q2", "v1", "typ", "types", "web", "ser", "req", "xs", "xsd", "xsi",
    "wsu", "wsse", "ds", "dsig", "saml", "saml2", "saml1", "wsa", "ns", "n", "q", *"dfghijklortuvwxyz",
    *(f"{letter}{number}" for letter in ("ns", "n", "q", "p", "m") for number in range(3, 12)),
)  # fmt: skip
"""Prefixes that libraries give of themselves."""


def renamed_prefixes(subject: Subject, candidates: Iterable[str]) -> Iterator[Hypothesis]:
    """One prefix renamed to each of the candidates."""
    octets = subject.octets
    # Canonical octets declare every prefix that they use, and only where it is used.
    declared = {match[1] or b"" for match in _DECLARATION.finditer(octets)}
    used = {prefix for prefix in declared if not prefix or re.search(rb"[</ ]%b:" % re.escape(prefix), octets)}
    for old in sorted(used, key=lambda prefix: (octets.find(b"<" + prefix), prefix), reverse=True):
        for candidate in candidates:
            new = candidate.encode()
            if new == old or new in used:
                continue
            changed = rename(octets, old, new)
            if changed is None:
                continue
            shown = f"prefix {old.decode() or '(default)'} was {new.decode() or '(default)'}"
            yield "namespace-prefix-renamed", shown, changed
            if changed.count(b" xmlns:%b=" % new if new else b" xmlns=") > 1 and subject.plain:
                again = recanonicalized(changed, subject.method)
                if again is not None:
                    yield "namespace-prefix-renamed", shown, again


def rename(octets: bytes, old: bytes, new: bytes) -> bytes | None:
    """Rename a prefix in canonical octets and put the declarations of each tag in order again."""
    if not old:
        return _prefixed(octets, new)
    old_name, new_name = old + b":", (new + b":" if new else b"")
    if b" " + old_name in octets:
        if not new and re.search(rb" %b[\w.-]+=" % re.escape(old_name), octets):
            return None  # an attribute cannot lose its prefix
        octets = _renamed_attributes(octets, b" " + old_name, b" " + new_name)
    changed = octets.replace(b"<" + old_name, b"<" + new_name).replace(b"</" + old_name, b"</" + new_name)
    old_xmlns, new_xmlns = b" xmlns:" + old + b"=", (b" xmlns:" + new + b"=" if new else b" xmlns=")
    position = changed.find(old_xmlns)
    while position >= 0:
        start, end = changed.rfind(b"<", 0, position), changed.find(b">", position)
        tag = _ordered(changed[start:end].replace(old_xmlns, new_xmlns, 1))
        changed = changed[:start] + tag + changed[end:]
        position = changed.find(old_xmlns, start + len(tag))
    return changed


def _renamed_attributes(octets: bytes, old: bytes, new: bytes) -> bytes:
    """Rename the prefix of attributes, in tags only."""
    position, few = octets.find(old), 8
    while position >= 0 and few and octets.rfind(b"<", 0, position) > octets.rfind(b">", 0, position):
        position, few = octets.find(old, position + 1), few - 1
    if position < 0:
        return octets.replace(old, new)
    return _TAG.sub(lambda match: match[0].replace(old, new), octets)


def _ordered(tag: bytes) -> bytes:
    """Put the declarations of a tag in canonical order."""
    declarations = [found[0] for found in _DECLARATION.finditer(tag)]
    if len(declarations) < 2:
        return tag
    first = tag.find(declarations[0])
    for declaration in declarations:
        tag = tag.replace(declaration, b"", 1)
    ordered = sorted(declarations, key=lambda each: each.partition(b"=")[0])
    return tag[:first] + b"".join(ordered) + tag[first:]


def _prefixed(octets: bytes, new: bytes) -> bytes | None:
    """Give the elements in the first default namespace a prefix; what declares none any more stays bare."""
    declared = re.search(rb' xmlns="([^"]+)"', octets)
    if declared is None:
        return None
    uri = declared[1]
    scopes: list[bytes] = [b""]

    def in_tag(match: re.Match[bytes]) -> bytes:
        tag = match[0]
        if tag.startswith((b"<!", b"<?")):
            return tag
        if tag.startswith(b"</"):
            default = scopes.pop()
            return b"</" + new + b":" + tag[2:] if default == uri and b":" not in tag else tag
        default = scopes[-1]
        if own := re.search(rb' xmlns="([^"]*)"', tag):
            default = own[1]
            if default in (uri, b""):
                declaration = b' xmlns:%b="%b"' % (new, uri) if default == uri else b""
                tag = tag[: own.start()] + declaration + tag[own.end() :]
        scopes.append(default)
        if default == uri and b":" not in re.split(rb"[ >]", tag[1:], maxsplit=1)[0]:
            tag = b"<" + new + b":" + tag[1:]
        return _ordered(tag)

    return _TAG.sub(in_tag, octets)
