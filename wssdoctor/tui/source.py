"""The text of a captured request, with marks where findings point. Secrets are hidden, control characters shown."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree
from msgspec import Struct

from wssdoctor.capture.capture import Capture, Headers
from wssdoctor.diagnosis.finding import Finding
from wssdoctor.errors import InputError
from wssdoctor.provider.request import Request
from wssdoctor.tui.exact import MOST, element_starts, envelope_text, pieces
from wssdoctor.tui.lines import Line, Paragraph, Span, Tone, line, span
from wssdoctor.tui.secrets import hide_in_header, hide_in_target
from wssdoctor.tui.text import harmless
from wssdoctor.wsse import document
from wssdoctor.wsse.message import Message

LONG = 120
"""Characters of a value from which on it is folded at first."""

_MANY_SIBLINGS = 200


class SourceLine(Struct, frozen=True):
    """One line of the text."""

    spans: Line
    number: int | None = None
    """Its line in the file, where it has one there."""
    path: str = ""
    """XPath of the element that begins here."""
    start: int | None = None
    """Where it begins in the envelope's text."""
    opens: bool = False
    """Whether an element begins here that ends in a later line."""
    closes: bool = False
    """Whether an element ends here that began in an earlier line."""
    short: Line | None = None
    """The same with long values folded, where it has any."""


class Mark(Struct, frozen=True):
    """A place that a finding points to."""

    row: int
    key: tuple[str, str]
    says: str
    tone: Tone


def source_lines(request: Request, *, indented: bool) -> list[SourceLine]:
    """Return a request and its response as lines: the envelope indented if it can be, or as it was sent."""
    capture = request.capture
    lines: list[SourceLine] = []
    http = capture.request
    if http is not None:
        scheme = f"   ({http.scheme})" if http.scheme else ""
        lines.append(_head(f"{http.method} {hide_in_target(http.target)} {http.version}{scheme}"))
        lines += _headers(http.headers)
        lines.append(SourceLine(()))
    elif capture.content_type:
        lines += [_head(f"Content-Type: {capture.content_type}"), SourceLine(())]
    if indented and isinstance(request.message, Message):
        root, starts = request.message.root, element_starts(envelope_text(capture))
        if request.keys and sum(1 for _ in root.iter("*")) != len(starts):
            lines.append(SourceLine((Span("Decrypted with a key that was lent; As sent shows what came.", "accent"),)))
            starts = []
        lines += _indented(root, starts)
    else:
        lines += _as_sent(capture)
    for attachment in capture.attachments:
        about = f"attachment {attachment.content_id} {attachment.content_type}, {len(attachment.content)} bytes"
        lines.append(SourceLine((span(about, "muted"),)))
    if capture.response is not None:
        response = capture.response
        lines += [SourceLine(()), _head(f"HTTP {response.status} {response.reason}   (the captured response)")]
        lines += _headers(response.headers)
        lines.append(SourceLine(()))
        try:
            body = response.content
        except InputError as error:
            body = error.problems[0].what.encode()
        lines += [SourceLine((_whole(one.text),)) for one in pieces(body[:MOST].decode("utf-8", "replace"), 1)]
    return lines


def marks(
    lines: Sequence[SourceLine],
    capture: str,
    findings: Sequence[Finding],
    starts: Mapping[str, int] | None = None,
) -> tuple[Mark, ...]:
    """Return where confirmed findings point in the lines, in their order.

    ``starts`` says where elements begin in the envelope's text, for lines that know no elements.
    """
    by_path: dict[str, int] = {}
    by_number: dict[int, int] = {}
    at_start: list[tuple[int, int]] = []
    for row, one in enumerate(lines):
        if one.path:
            by_path.setdefault(one.path, row)
        if one.number is not None:
            by_number.setdefault(one.number, row)
        if one.start is not None:
            at_start.append((one.start, row))
    found: dict[tuple[int, tuple[str, str]], Mark] = {}
    for finding in findings:
        if finding.status != "confirmed":
            continue
        for result in finding.results:
            for piece in result.evidence:
                place = piece.place
                if place is None or place.file != capture:
                    continue
                at = by_path.get(place.xpath or "")
                start = (starts or {}).get(place.xpath or "")
                if at is None and start is not None and at_start:
                    at = at_start[bisect_right(at_start, (start, len(lines))) - 1][1]
                if at is None and place.line is not None:
                    at = by_number.get(place.line)
                if at is None and place.line is None and place.xpath is None and lines:
                    at = 0  # of the request as a whole: its first line stands for it
                if at is not None:
                    mark = Mark(at, finding.key, result.says, "fail" if finding.severity == "high" else "warn")
                    found.setdefault((at, finding.key), mark)
    return tuple(sorted(found.values(), key=lambda mark: mark.row))


def starts_of(lines: Sequence[SourceLine]) -> dict[str, int]:
    """Return where each element begins in the envelope's text, by its path."""
    return {one.path: one.start for one in lines if one.path and one.start is not None}


def with_gutter(one: SourceLine, spans: Line, here: Sequence[Mark], *, numbered: bool) -> tuple[Paragraph, Line]:
    """Draw a line behind its mark, and its number in a text that has some; and apart from it what its marks say."""
    number = f"{one.number or '':>4} " if numbered else " "
    gutter = Span("✗", here[0].tone) if here else Span(" ")
    says: list[Span] = []
    for mark in here:
        says += [Span("  ◄ ", mark.tone, "finding"), Span(harmless(mark.says), mark.tone, "finding")]
    return Paragraph((gutter, Span(number, "muted"), *spans), 0, 1 + len(number) + _margin(spans)), tuple(says)


def _margin(spans: Line) -> int:
    first = spans[0].text if spans else ""
    return len(first) - len(first.lstrip(" ")) + 2


def _head(text: str) -> SourceLine:
    return SourceLine((span(text, "strong"),))


def _headers(headers: Headers) -> Iterator[SourceLine]:
    for name, value in headers:
        yield SourceLine(line(span(f"{name}: ", "accent"), span(hide_in_header(name, value))))


def _as_sent(capture: Capture) -> Iterator[SourceLine]:
    for piece in pieces(envelope_text(capture), capture.first_line):
        yield SourceLine((_whole(piece.text),), piece.number, start=piece.start)


class _Open(Struct, frozen=True):
    """An element whose end has not come yet."""

    path: str
    """Its XPath; empty where counting namesakes would take long."""
    countable: bool
    secret: bool


def _indented(root: document.Element, starts: Sequence[int]) -> Iterator[SourceLine]:
    """Walk the tree: one line for an element with only text, start and end lines for the others."""
    around = [_Open("", countable=True, secret=False)]
    budget, number = MOST, 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if budget <= 0:
            yield SourceLine((span("... more characters are not shown", "warn"),))
            return
        budget -= 40
        margin = Span("  " * (len(around) - 1 - (event == "end")))
        if event == "start":
            above = around[-1]
            known = above.countable and (above.path or element is root)
            path = f"{above.path}/{document.step(element)}" if known else ""
            secret = above.secret or document.local_name(element).lower() == "password"
            text = (element.text or "") if len(element) == 0 else (element.text or "").strip()
            budget -= len(text)
            start = starts[number] if number < len(starts) else None
            number += 1
            yield _opened(element, margin, _content(text, secret=secret), path, start)
            around.append(_Open(path, countable=len(element) <= _MANY_SIBLINGS, secret=secret))
            continue
        if event == "end":
            around.pop()
            if len(element):
                yield SourceLine((margin, span(f"</{_name(element)}>", "accent")), closes=True)
        else:
            text = etree.tostring(element, encoding="unicode", with_tail=False)
            yield SourceLine((margin, span("(secret)" if around[-1].secret else text, "muted")))
        tail = (element.tail or "").strip() if element is not root else ""
        if tail:
            budget -= len(tail)
            yield SourceLine((margin, _content(tail, secret=around[-1].secret)))


def _opened(element: document.Element, margin: Span, content: Span, path: str, start: int | None) -> SourceLine:
    """Return the line of an element's start; of one with only text the whole element, long text folded."""
    head = (margin, span(f"<{_name(element)}", "accent"), *_attributes(element), span(">", "accent"))
    if len(element):
        return SourceLine((*head, content), None, path, start, opens=True)
    tail = span(f"</{_name(element)}>", "accent")
    short = None
    if len(content.text) > LONG:
        cut = Span(content.text[: LONG // 4])
        short = (*head, cut, Span(f" … {len(content.text)} characters ", "muted", "fold"), tail)
    return SourceLine((*head, content, tail), None, path, start, short=short)


def _content(text: str, *, secret: bool) -> Span:
    return Span("(secret)") if secret and text.strip() else _whole(text)


def _whole(text: str) -> Span:
    """Make a span of a text of which nothing may be left out."""
    return Span(harmless(text, MOST))


def _name(element: document.Element) -> str:
    local = document.local_name(element)
    return f"{element.prefix}:{local}" if element.prefix else local


def _attributes(element: document.Element) -> Iterator[Span]:
    parent = element.getparent()
    inherited = parent.nsmap if parent is not None else {}
    for prefix, namespace in element.nsmap.items():
        if inherited.get(prefix) != namespace:
            yield span(f" xmlns{':' + prefix if prefix else ''}=", "muted")
            yield span(f'"{namespace}"', "muted")
    for name, value in element.attrib.items():
        qualified = etree.QName(str(name))
        prefix = next((key for key, uri in element.nsmap.items() if key and uri == qualified.namespace), None)
        yield span(f" {prefix + ':' if prefix else ''}{qualified.localname}=", "accent")
        yield span(f'"{value!s}"')
