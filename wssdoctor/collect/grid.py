"""Any list as rows of cells: text with bars, tabs or separators, HTML, MHTML, JSON, workbooks. Rows are streamed."""

from __future__ import annotations

import csv
import email
import email.policy
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, TypeAlias

import msgspec
from lxml import etree

from wssdoctor.collect import workbook
from wssdoctor.collect.source import Source

Row: TypeAlias = tuple[int, list[str], str]
"""Line (counted from 1), cells, and the line itself where it is text with bars. No cells where a part of the list ends."""

_RULER = frozenset("-|+= \t_")
_SPREADSHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_MAX_CELLS = workbook.MAX_CELLS
_CHUNK = 64 * 1024
_MAX_SILENT = 4 * 1024 * 1024
"""Characters without a tag: the parser keeps what is not complete."""
_MAX_PAGE = 256 * 1024 * 1024
"""Characters of a page; the parser keeps about as many bytes as it has read."""
_MAX_MHTML = 32 * 1024 * 1024
"""Bytes of a web archive, of which taking apart needs ten times as much memory."""
_NESTED = 64
_END = "wssdoctor-end"
"""An element behind the page; a parser that gave up on the way does not see it."""


def rows(source: Source) -> Iterator[Row]:
    """Return the rows of whatever list the file holds. Raises ``InputError`` for a hostile one."""
    head = source.head
    if head.startswith(b"PK\x03\x04"):
        return _without_text(workbook.workbook(source))
    start = _start(head)
    if b"mime-version:" in start and b"content-type:" in start:
        return _mhtml(source)
    if _SPREADSHEET_XML in start:
        return _without_text(workbook.spreadsheet_xml(source))
    if is_page(head):
        return _html(source, source.pieces(_CHUNK))
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"[") and b"{" in start:
        return _json(source)
    return _text(source)


def _without_text(found: Iterator[workbook.Cells]) -> Iterator[Row]:
    for number, cells in found:
        yield number, cells, ""


def _text(source: Source) -> Iterator[Row]:
    for number, line in enumerate(source.lines(), 1):
        if line and line[0] in "|│":
            if line[1:2] == "-" and _RULER.issuperset(line):
                yield number, [], ""
                continue
            cells = (line.replace("│", "|") if "│" in line else line).split("|")
            yield number, cells[1:-1] if not cells[-1].strip() else cells[1:], line
        elif "\t" in line:
            yield number, _separated(line, "\t") if '"' in line else line.split("\t", _MAX_CELLS), ""
        elif line.count(";") > line.count("|"):
            yield number, _separated(line, ";"), ""
        elif " | " in line or line.count("|") > 1:
            yield number, line.split("|", _MAX_CELLS), line
        elif not line or _RULER.issuperset(line):
            yield number, [], ""
        else:
            yield number, [line], ""


def _separated(line: str, separator: str) -> list[str]:
    """Split a line as spreadsheets write it, with quotes around cells that hold the separator (RFC 4180)."""
    try:
        return next(csv.reader([line], delimiter=separator), [])[:_MAX_CELLS]
    except csv.Error:
        return line.split(separator, _MAX_CELLS)


def _html(source: Source, pieces: Iterable[str]) -> Iterator[Row]:
    """Read the rows of all tables from events, so that no tree is built."""
    if b"<!entity" in source.head.replace(b"\0", b"").lower():
        raise source.refused("it declares XML entities")
    page = _Page()
    target: Any = page  # the type of targets also wants what lxml does without
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True)
    size = 0
    for piece in chain(pieces, (f"<{_END}>",)):
        size += len(piece)
        if size > _MAX_PAGE:
            raise source.refused(f"the page is longer than {_MAX_PAGE} characters", "export the list as text")
        for line in piece.splitlines(keepends=True):
            page.silent += len(line)
            if page.silent > _MAX_SILENT:
                raise source.refused(f"a tag, a comment or a text is longer than {_MAX_SILENT} characters")
            parser.feed(line.encode("utf-8", "replace"))
            page.line += line.endswith("\n")
        yield from page.rows
        page.rows.clear()
    try:
        parser.close()
    except etree.LxmlError as error:
        raise source.refused(f"it is not HTML that can be read: {str(error)[:120]}") from None
    yield from page.rows
    if not page.ended:
        raise source.refused("it is not HTML that can be read to its end")


class _Page:
    """Receives the elements of a page and keeps the rows of its tables, also of tables within cells."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.line = 1
        self.silent = 0
        """Characters since the last tag."""
        self.ended = False
        self._row: list[str] | None = None
        self._text: list[str] | None = None
        self._begun = 1
        self._outer: list[tuple[list[str] | None, list[str] | None, int]] = []

    def start(self, tag: str, attributes: object) -> None:  # noqa: ARG002 - lxml's signature
        """An element begins."""
        self.silent = 0
        if tag == "table":
            self.rows.append((self.line, [], ""))
            self._outer = [*self._outer[-_NESTED:], (self._row, self._text, self._begun)]
            self._row = self._text = None
        elif tag == "tr":
            self._row, self._text, self._begun = [], None, self.line
        elif tag in ("td", "th"):
            self._text = []
        elif tag == _END:
            self.ended = True

    def data(self, text: str) -> None:
        """Text goes on."""
        if self._text is not None and len(self._text) < _MAX_CELLS:
            self._text.append(text)

    def end(self, tag: str) -> None:
        """An element ends; the parser ends those that the page leaves open."""
        if tag in ("td", "th"):
            if self._row is not None and self._text is not None and len(self._row) <= _MAX_CELLS:
                self._row.append(" ".join("".join(self._text).split()))
            self._text = None
        elif tag == "tr":
            if self._row and len(self._row) <= _MAX_CELLS:
                self.rows.append((self._begun, self._row, ""))
            self._row = None
        elif tag == "table" and self._outer:
            self._row, self._text, self._begun = self._outer.pop()

    def close(self) -> None:
        """Nothing is left to do."""


def _mhtml(source: Source) -> Iterator[Row]:
    message = email.message_from_bytes(source.whole(_MAX_MHTML), policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                text = _decoded(part.get_content_charset(), content)
                yield from _html(source, (text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)))


def _decoded(declared: str | None, data: bytes) -> str:
    """Decode with the declared character set where it is one, otherwise UTF-8 where it fits, or Windows-1252."""
    for encoding in (declared or "utf-8", "utf-8"):
        try:
            return data.decode(encoding)
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def _json(source: Source) -> Iterator[Row]:
    """Read a list of records in JSON, as sapcli prints the result of a query with ``-o json``."""
    try:
        text = source.whole().decode(source.encoding)
        records = msgspec.json.decode(text, type=list[dict[str, str | int | float | bool | None]])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    header: list[str] = []
    for number, record in enumerate(records, 1):
        names = list(record)[:_MAX_CELLS]
        if names != header:
            header = names
            yield number, [], ""
            yield number, header, ""
        yield number, ["" if record[name] is None else str(record[name]) for name in names], ""


def _start(head: bytes) -> bytes:
    return head[:4096].lower().replace(b"\0", b"")


def is_page(head: bytes) -> bool:
    """Whether the file is HTML."""
    start = _start(head)
    return b"<html" in start or b"<table" in start


def is_markup(head: bytes) -> bool:
    """Whether the file is XML other than a list in HTML or a spreadsheet."""
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")[:4096].lower()
    if not start.startswith(b"<") or _SPREADSHEET_XML in start:
        return False
    return not re.match(
        rb"(?:<\?xml[^>]*>\s*)?(?:<!doctype html[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:html|table)", start, re.DOTALL
    )
