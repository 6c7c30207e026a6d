"""The text of a captured request, with marks where findings point. Secrets are hidden, control characters shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree
from msgspec import Struct

from wssdoctor.capture.capture import Capture, Headers
from wssdoctor.diagnosis.finding import Finding
from wssdoctor.errors import InputError
from wssdoctor.provider.request import Request
from wssdoctor.tui.lines import Line, Paragraph, Span, Tone, line, span
from wssdoctor.wsse import document
from wssdoctor.wsse.message import Message

MOST = 1_000_000
"""Characters of a message that are shown; what is left out is counted."""

_MANY_SIBLINGS = 200

SECRET_HEADERS = frozenset(
    ("authorization", "proxy-authorization", "cookie", "set-cookie", "mysapsso2", "sap-password", "x-csrf-token")
)
_SECRET_QUERY = re.compile(r"(?i)\b((?:sap-)?password|mysapsso2)=[^&\s]*")
_USER_INFO = re.compile(r"//[^/@\s]*@")
_PASSWORD = re.compile(r"<((?:[^\s<>/:]{1,100}:)?[Pp]assword)(?:\s[^<>]{0,4000})?>")
_DECLARED = re.compile(rb"""^<\?xml[^>]{0,200}encoding=["']([A-Za-z0-9._-]{1,40})["']""")


class SourceLine(Struct, frozen=True):
    """One line of the text."""

    spans: Line
    number: int | None = None
    """Its line in the file, where it has one there."""
    path: str = ""
    """XPath of the element that begins here."""


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
        lines += _indented(request.message.root)
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
        lines += [SourceLine((span(one),)) for one in _cut(hide_passwords(body[:MOST].decode("utf-8", "replace")))]
    return lines


def marks(lines: Sequence[SourceLine], capture: str, findings: Sequence[Finding]) -> tuple[Mark, ...]:
    """Return where confirmed findings point in the lines, in their order."""
    by_path: dict[str, int] = {}
    by_number: dict[int, int] = {}
    for row, one in enumerate(lines):
        if one.path:
            by_path.setdefault(one.path, row)
        if one.number is not None:
            by_number.setdefault(one.number, row)
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
                if at is None and place.line is not None:
                    at = by_number.get(place.line)
                if at is None and place.line is None and place.xpath is None and lines:
                    at = 0  # of the request as a whole: its first line stands for it
                if at is not None:
                    mark = Mark(at, finding.key, result.says, "fail" if finding.severity == "high" else "warn")
                    found.setdefault((at, finding.key), mark)
    return tuple(sorted(found.values(), key=lambda mark: mark.row))


def paragraphs(lines: Sequence[SourceLine], found: Sequence[Mark]) -> list[Paragraph]:
    """Draw the lines with a gutter: mark and number; what a mark says follows its line."""
    by_row: Mapping[int, list[Mark]] = _grouped(found)
    drawn = []
    for row, one in enumerate(lines):
        here = by_row.get(row, ())
        number = f"{one.number:>4} " if one.number is not None else "     "
        gutter = Span("✗", here[0].tone) if here else Span(" ")
        says: list[Span] = []
        for mark in here:
            says += [Span("  ◄ ", mark.tone), span(mark.says, mark.tone)]
        drawn.append(Paragraph((gutter, Span(number, "muted"), *one.spans, *says), 0, 6 + _margin(one.spans)))
    return drawn


def hide_passwords(text: str) -> str:
    """Put ``(secret)`` in the place of the content of every Password element, well-formed or not."""
    parts = []
    position = 0
    for match in _PASSWORD.finditer(text):
        if match.start() < position or match.group().endswith("/>"):
            continue
        end = text.find(f"</{match.group(1)}", match.end())
        if end < 0:
            end = len(text)
        parts += [text[position : match.end()], "(secret)" if end > match.end() else ""]
        position = end
    return "".join((*parts, text[position:]))


def hide_in_target(target: str) -> str:
    """Put ``(secret)`` in the place of passwords in the target of a request line."""
    return _USER_INFO.sub("//(secret)@", _SECRET_QUERY.sub(r"\1=(secret)", target))


def envelope_text(capture: Capture) -> str:
    """Return the envelope as text; bytes that are none in its encoding are written as hexadecimal escapes."""
    data = capture.envelope
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data.startswith((b"<\0", b"\0<")):
        encoding = "utf-16-le" if data.startswith(b"<\0") else "utf-16-be"
    else:
        declared = _DECLARED.match(data[:300])
        encoding = declared[1].decode("ascii") if declared else "utf-8"
    try:
        return data.decode(encoding, "backslashreplace")
    except (LookupError, UnicodeError):
        return data.decode("utf-8", "backslashreplace")


def _grouped(found: Sequence[Mark]) -> dict[int, list[Mark]]:
    by_row: dict[int, list[Mark]] = {}
    for mark in found:
        by_row.setdefault(mark.row, []).append(mark)
    return by_row


def _margin(spans: Line) -> int:
    first = spans[0].text if spans else ""
    return len(first) - len(first.lstrip(" ")) + 2


def _head(text: str) -> SourceLine:
    return SourceLine((span(text, "strong"),))


def _headers(headers: Headers) -> Iterator[SourceLine]:
    for name, value in headers:
        if name.lower() in SECRET_HEADERS:
            scheme, _, rest = value.partition(" ")
            value = f"{scheme} (secret)" if rest and name.lower().endswith("authorization") else "(secret)"
        yield SourceLine(line(span(f"{name}: ", "accent"), span(value)))


def _as_sent(capture: Capture) -> Iterator[SourceLine]:
    text = hide_passwords(envelope_text(capture))
    for number, one in enumerate(_cut(text), capture.first_line):
        yield SourceLine((span(one),), number)


def _cut(text: str) -> Iterator[str]:
    """Split at line feeds; pieces stay short enough to be shown whole."""
    cut = len(text) - MOST
    yield from text[:MOST].split("\n")
    if cut > 0:
        yield f"... {cut} more characters are not shown"


class _Open(Struct, frozen=True):
    """An element whose end has not come yet."""

    path: str
    """Its XPath; empty where counting namesakes would take long."""
    countable: bool
    secret: bool


def _indented(root: document.Element) -> Iterator[SourceLine]:
    """Walk the tree: one line for an element with only text, start and end lines for the others."""
    around = [_Open("", countable=True, secret=False)]
    budget = MOST
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if budget <= 0:
            yield SourceLine((span("... more characters are not shown", "warn"),))
            return
        budget -= 40
        if event == "start":
            above = around[-1]
            known = above.countable and (above.path or element is root)
            path = f"{above.path}/{document.step(element)}" if known else ""
            secret = above.secret or document.local_name(element).lower() == "password"
            text = (element.text or "") if len(element) == 0 else (element.text or "").strip()
            budget -= len(text)
            spans = [Span("  " * (len(around) - 1)), span(f"<{_name(element)}", "accent"), *_attributes(element)]
            spans += [span(">", "accent"), _content(text, secret=secret)]
            if len(element) == 0:
                spans.append(span(f"</{_name(element)}>", "accent"))
            yield SourceLine(tuple(spans), None, path)
            around.append(_Open(path, countable=len(element) <= _MANY_SIBLINGS, secret=secret))
            continue
        if event == "end":
            around.pop()
        margin = "  " * (len(around) - 1)
        if event == "end" and len(element):
            yield SourceLine(line(margin, span(f"</{_name(element)}>", "accent")))
        elif event != "end":
            text = etree.tostring(element, encoding="unicode", with_tail=False)
            yield SourceLine(line(margin, span("(secret)" if around[-1].secret else text, "muted")))
        tail = (element.tail or "").strip() if element is not root else ""
        if tail:
            budget -= len(tail)
            yield SourceLine(line(margin, _content(tail, secret=around[-1].secret)))


def _content(text: str, *, secret: bool) -> Span:
    return span("(secret)" if secret and text.strip() else text)


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
