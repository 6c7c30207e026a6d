"""Searches that take longer: what exactly was added, moved or retyped in the content after it was signed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, pairwise

import msgspec
from lxml import etree

from wssdoctor.wsse.canonical import canonicalize
from wssdoctor.wsse.document import DocumentError, parse_again
from wssdoctor.wsse.fault import FaultFound
from wssdoctor.wsse.prefix_search import USUAL_PREFIXES, renamed_prefixes
from wssdoctor.wsse.search_subject import Found, Hypothesis, Matches, Subject
from wssdoctor.wsse.timestamp import parse_datetime

_OCTETS = 96 * 1024 * 1024
"""Octets hashed at most for one search: a second or less."""
_TAG = re.compile(rb'<(/?)((?:[^"<>]|"[^"]*")*)>')
_NUMBER = re.compile(rb"(?<=[>\-\"])(\d{1,4})(?=[<\-\"])")
_MOMENT = re.compile(rb">\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)")
_ALPHABET = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ -._,:;/+*#?!=()[]@%$'\"_~^|{}&<>"


def search(subject: Subject, matches: Matches) -> Found | None:
    """Give the first hypothesis that matches, within the bound on work."""
    budget = _OCTETS
    octets = subject.octets
    for reason, words, candidate in _hypotheses(subject):
        budget -= len(candidate) + 64
        if budget < 0:
            return None
        if candidate != octets and matches(candidate):
            return Found(reason, words, candidate)
    return None


def _hypotheses(subject: Subject) -> Iterator[Hypothesis]:
    octets = subject.octets
    yield from renamed_prefixes(subject, USUAL_PREFIXES)
    yield from _prefix_lists(subject)
    yield from _indented(subject)
    extents = _extents(octets)
    for start, end, name in extents[1:]:
        yield "element-added", f"without the element {name}", octets[:start] + octets[end:]
    yield from _reordered(octets, extents)
    yield from _two_prefixes(subject)
    yield from _respaced(octets)
    yield from _retimed(octets)
    yield from _retyped(octets)


def _prefix_lists(subject: Subject) -> Iterator[Hypothesis]:
    """The signer used one or two inclusive prefixes that it does not declare."""
    if not subject.plain or not subject.method.exclusive:
        return
    prefixes = subject.prefixes_in_scope()[:10]
    below = {prefix or "#default" for element in subject.element.iter(etree.Element) for prefix in element.nsmap}
    for chosen in (
        tuple(sorted(below)),
        *combinations(prefixes, 1),
        *combinations(prefixes, 2),
        *combinations(prefixes, 3),
    ):
        form = msgspec.structs.replace(subject.method, prefixes=chosen)
        words = f"with the inclusive prefixes {list(chosen)}"
        try:
            octets = canonicalize(subject.element, form, whole=subject.whole)
        except FaultFound:
            return
        yield "inclusive-prefixes-not-declared", words, octets


def _indented(subject: Subject) -> Iterator[Hypothesis]:
    """The signer had the message indented, and the white space was taken out later."""
    if not subject.plain or subject.whole or re.search(rb">\s+<", subject.octets):
        return
    for space in ("  ", "    ", "\t", " ", "   ", ""):
        for level in (0, 1, 2, 3):
            try:
                copy = parse_again(subject.octets)
            except DocumentError:
                return
            etree.indent(copy, space=space, level=level)
            yield "white-space-removed", "with the indentation that it had", canonicalize(copy, subject.method)


def _extents(octets: bytes) -> list[tuple[int, int, str]]:
    """Start, end and name of each element, the apex first."""
    found: list[tuple[int, int, str]] = []
    open_at: list[int] = []
    for match in _TAG.finditer(octets):
        if match[2].startswith((b"?", b"!")):
            continue
        if match[1]:
            if not open_at:
                return []
            index = open_at.pop()
            start, _, name = found[index]
            found[index] = (start, match.end(), name)
        else:
            open_at.append(len(found))
            found.append((match.start(), 0, match[2].split(b" ", 1)[0].decode("utf-8", "replace")))
    return [] if open_at else found


def _reordered(octets: bytes, extents: list[tuple[int, int, str]]) -> Iterator[Hypothesis]:
    """Two neighbours changed places."""
    starts = {start: (start, end, name) for start, end, name in extents}
    for start, end, name in extents:
        following = end
        while following < len(octets) and octets[following : following + 1].isspace():
            following += 1
        if following in starts:
            second_start, second_end, second = starts[following]
            changed = b"".join(
                (
                    octets[:start],
                    octets[second_start:second_end],
                    octets[end:second_start],
                    octets[start:end],
                    octets[second_end:],
                )
            )
            yield "elements-reordered", f"with {second} before {name}", changed


def _two_prefixes(subject: Subject) -> Iterator[Hypothesis]:
    """Two prefixes were renamed at once."""
    usual = (*subject.hints, "ns0", "ns1", "tns", "urn", "soap", "soapenv", "SOAP-ENV", "soap-env", "")
    candidates = list(dict.fromkeys(usual))[:14]
    if len(subject.octets) > 16_384:
        return
    for _, first_words, first in renamed_prefixes(subject, candidates):
        changed = Subject(element=subject.element, method=subject.method, octets=first, plain=subject.plain)
        for reason, words, second in renamed_prefixes(changed, candidates):
            yield reason, f"{first_words}; {words}", second


def _respaced(octets: bytes) -> Iterator[Hypothesis]:
    """White space or a carriage return is gone from one place."""
    for start, end in _values(octets):
        for position in range(start, end + 1):
            yield "line-endings-changed", "with a carriage return", octets[:position] + b"&#xD;" + octets[position:]
        for space in (b" ", b"\n", b"\t", b"  "):
            yield "white-space-removed", "with white space before", octets[:start] + space + octets[start:]
            yield "white-space-removed", "with white space after", octets[:end] + space + octets[end:]
            around = octets[:start] + space + octets[start:end] + space + octets[end:]
            yield "white-space-removed", "with white space around", around


def _retimed(octets: bytes) -> Iterator[Hypothesis]:
    """A date and time was moved: by minutes, hours, days."""
    for match in _MOMENT.finditer(octets):
        moment = parse_datetime(match[1].decode())
        if moment is None:
            continue
        for minutes in (
            *range(-180, 181),
            *(hours * 60 for hours in range(-48, 49)),
            *(day * 1440 for day in range(-31, 32)),
        ):
            try:
                text = (moment + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S").encode()
            except OverflowError:
                continue
            start, end = match.span(1)
            yield _text_reason(octets, start), _words(octets, start, text), octets[:start] + text + octets[end:]


def _other_numbers(text: bytes) -> Iterator[bytes]:
    """Numbers near one, of the same width, or with noughts more or less."""
    number, width = int(text), len(text)
    for factor in (10, 100, 1000, 10_000):
        yield b"%d" % (number * factor)
        yield b"%d" % (number // factor)
    for near in range(max(number - 50, 0), number + 51):
        yield b"%d" % near
    for other in range(10 ** min(width, 4)):
        yield b"%0*d" % (width, other)


def _retyped(octets: bytes) -> Iterator[Hypothesis]:
    """A number, or one character, of a text or attribute value was replaced, added or removed."""
    for match in _NUMBER.finditer(octets):
        start, end = match.span(1)
        for text in _other_numbers(match[1]):
            yield _text_reason(octets, start), _words(octets, start, text), octets[:start] + text + octets[end:]
    for start, end in _values(octets):
        for position in range(start, end):
            shown = _words(octets, start, octets[start:position] + octets[position + 1 : end])
            yield _text_reason(octets, start), shown, octets[:position] + octets[position + 1 :]
        for position in range(start, end):
            for character in _ALPHABET:
                one = bytes((character,))
                yield (
                    _text_reason(octets, start),
                    _words(octets, start, octets[start:position] + one + octets[position + 1 : end]),
                    octets[:position] + one + octets[position + 1 :],
                )
        for position in range(start, end + 1):
            for character in _ALPHABET:
                one = bytes((character,))
                yield (
                    _text_reason(octets, start),
                    _words(octets, start, octets[start:position] + one + octets[position:end]),
                    octets[:position] + one + octets[position:],
                )


def _values(octets: bytes) -> Iterator[tuple[int, int]]:
    """Where texts and attribute values stand, texts first."""
    tags = [match.span() for match in _TAG.finditer(octets)]
    for (_, end), (start, _) in pairwise(tags):
        if start > end and octets[end:start].strip():
            yield end, start
    for start, end in tags:
        for match in re.finditer(rb' (?!xmlns)[\w.:-]+="([^"]*)"', octets[start:end]):
            yield start + match.start(1), start + match.end(1)


def _text_reason(octets: bytes, at: int) -> str:
    before = octets[max(at - 200, 0) : at]
    if before.endswith(b'"'):
        return "attribute-value-changed"
    name = before.rpartition(b"<")[2].partition(b">")[0].partition(b" ")[0].rpartition(b":")[2]
    return {b"Created": "created-altered", b"Expires": "expires-altered", b"NameID": "subject-changed"}.get(
        name, "text-changed"
    )


def _words(octets: bytes, at: int, text: bytes) -> str:
    name = octets[:at].rpartition(b"<")[2].partition(b">")[0].partition(b" ")[0].decode("utf-8", "replace")
    return f"with {text.decode('utf-8', 'replace')!r} in {name}"
