"""Any list as rows of cells: text with bars, tabs or separators, HTML, MHTML, JSON, workbooks. Rows are streamed."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

import msgspec
from lxml import etree

from wssdoctor.collect import workbook
from wssdoctor.collect.source import Source
from wssdoctor.wsse.document import line_of

Row: TypeAlias = tuple[int, list[str], str]
"""Line (counted from 1), cells, and the line itself where it is text with bars. No cells where a part of the list ends."""

_RULER = frozenset("-|+= \t_")
_SPREADSHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_MAX_CELLS = workbook.MAX_CELLS
_CHUNK = 64 * 1024


def rows(source: Source) -> Iterator[Row]:
    """Return the rows of whatever list the file holds. Raises ``InputError`` for a hostile one."""
    head = source.head
    if head.startswith(b"PK\x03\x04"):
        return _without_text(workbook.workbook(source))
    start = head[:4096].lower().replace(b"\0", b"")
    if b"mime-version:" in start and b"content-type:" in start:
        return _mhtml(source)
    if _SPREADSHEET_XML in start:
        return _without_text(workbook.spreadsheet_xml(source))
    if b"<html" in start or b"<table" in start:
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


class _Pieces(io.RawIOBase):
    """Text, piece by piece, as the bytes that a parser reads; knows whether all was read."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self.ended = False

    def read(self, size: int = -1) -> bytes:  # noqa: ARG002 - any size is allowed
        """Return the next piece."""
        piece = next(self._pieces, "")
        self.ended = not piece
        return piece.encode("utf-8", "replace")


def _html(source: Source, pieces: Iterable[str]) -> Iterator[Row]:
    """Read the rows of all tables; each is forgotten once it is read, so that memory stays flat."""
    if b"<!entity" in source.head.replace(b"\0", b"").lower():
        raise source.refused("it declares XML entities")
    stream = _Pieces(pieces)
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        tag=("tr", "table"),
        html=True,
        encoding="utf-8",
        no_network=True,
        huge_tree=True,
    )
    try:
        for event, element in events:
            if element.tag == "table" or event == "start":
                if element.tag == "table" and event == "start":
                    yield line_of(element) or 0, [], ""
                continue
            cells = [
                " ".join("".join(map(str, cell.itertext())).split()) for cell in element if cell.tag in ("td", "th")
            ]
            if 0 < len(cells) <= _MAX_CELLS:
                yield line_of(element) or 0, cells, ""
            element.clear()
            above = element.getparent()
            while above is not None and element.getprevious() is not None:
                del above[0]
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise source.refused(f"it is not HTML that can be read: {str(error)[:120]}") from None
    if not stream.ended:
        raise source.refused("it is not HTML that can be read to its end; its elements may be nested too deep")


def _mhtml(source: Source) -> Iterator[Row]:
    message = email.message_from_bytes(source.whole(), policy=email.policy.compat32)
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


def is_markup(head: bytes) -> bool:
    """Whether the file is XML other than a list in HTML or a spreadsheet."""
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")[:4096].lower()
    if not start.startswith(b"<") or _SPREADSHEET_XML in start:
        return False
    return not re.match(
        rb"(?:<\?xml[^>]*>\s*)?(?:<!doctype html[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:html|table)", start, re.DOTALL
    )
