"""Any list as rows of cells: text with bars or tabs, HTML, MHTML, workbooks. Rows are streamed from text."""

from __future__ import annotations

import email
import email.policy
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree, html

from wssdoctor.collect.source import MAX_WHOLE, Source
from wssdoctor.wsse.document import DocumentError, line_of, parse_document

Row: TypeAlias = tuple[int, list[str], str]
"""Line (counted from 1), cells, and the line itself where it is text with bars."""

_RULER = frozenset("-|+= \t_")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What reading a damaged archive ends with."""
_MAX_CELLS = 512
_MAX_RATIO = 200
_MAX_ENTRIES = 2000
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SPREADSHEET_XML = "urn:schemas-microsoft-com:office:spreadsheet"
_CELL = re.compile(r"([A-Z]{1,3})[0-9]+")


def rows(source: Source) -> Iterator[Row]:
    """Return the rows of whatever list the file holds. Raises ``InputError`` for a hostile one."""
    head = source.head
    if head.startswith(b"PK\x03\x04"):
        return _workbook(source)
    start = head[:4096].lower().replace(b"\0", b"")
    if b"mime-version:" in start and b"content-type:" in start:
        return _mhtml(source)
    if _SPREADSHEET_XML.encode() in start:
        return _spreadsheet_xml(source)
    if b"<html" in start or b"<table" in start:
        return _html(source, source.whole().decode(source.encoding, "replace"))
    return _text(source)


def _text(source: Source) -> Iterator[Row]:
    for number, line in enumerate(source.lines(), 1):
        if line and line[0] in "|│":
            if line[1:2] == "-" and _RULER.issuperset(line):
                continue
            cells = line.replace("│", "|").split("|")
            yield number, cells[1:-1] if not cells[-1].strip() else cells[1:], line
        elif "\t" in line:
            yield number, line.split("\t", _MAX_CELLS), ""
        elif " | " in line or line.count("|") > 1:
            yield number, line.split("|", _MAX_CELLS), line
        elif line and not _RULER.issuperset(line):
            yield number, [line], ""


def _html(source: Source, text: str) -> Iterator[Row]:
    if "<!entity" in text[:65536].lower():
        raise source.refused("it declares XML entities")
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise source.refused(f"it is not HTML that can be read: {str(error)[:120]}") from None
    for row in root.iter("tr"):
        cells = [" ".join("".join(map(str, cell.itertext())).split()) for cell in row if cell.tag in ("td", "th")]
        if 0 < len(cells) <= _MAX_CELLS:
            yield line_of(row) or 0, cells, ""


def _mhtml(source: Source) -> Iterator[Row]:
    message = email.message_from_bytes(source.whole(), policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield from _html(source, _decoded(part.get_content_charset(), content))


def _decoded(declared: str | None, data: bytes) -> str:
    """Decode with the declared character set where it is one, otherwise UTF-8 where it fits, or Windows-1252."""
    for encoding in (declared or "utf-8", "utf-8"):
        try:
            return data.decode(encoding)
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def _spreadsheet_xml(source: Source) -> Iterator[Row]:
    root = _xml(source, source.whole())
    for row in root.iter(f"{{{_SPREADSHEET_XML}}}Row"):
        cells: list[str] = []
        for cell in row.iter(f"{{{_SPREADSHEET_XML}}}Cell"):
            index = cell.get(f"{{{_SPREADSHEET_XML}}}Index", "")
            if index.isdigit() and len(cells) < int(index) <= _MAX_CELLS:
                cells += [""] * (int(index) - 1 - len(cells))
            cells.append("".join(map(str, cell.itertext())).strip())
        yield line_of(row) or 0, cells, ""


def _xml(source: Source, data: bytes) -> etree._Element:
    try:
        return parse_document(data)
    except DocumentError as error:
        problem = error.problems[0]
        raise source.refused(problem.why or problem.what) from None


def _workbook(source: Source) -> Iterator[Row]:
    """Read all sheets of an Office Open XML workbook (ECMA-376, part 1, section 18)."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.whole())) as archive:
            parts = _parts(source, archive)
            if "[Content_Types].xml" not in parts:
                raise source.refused("it is an archive and no workbook", "unpack it into the folder")
            shared = _shared(source, archive) if "xl/sharedStrings.xml" in parts else []
            for name in sorted(parts):
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    yield from _sheet(source, archive.read(name), shared)
    except _DAMAGED as error:
        raise source.refused(f"it is no workbook that can be read ({type(error).__name__})") from None


def _parts(source: Source, archive: zipfile.ZipFile) -> set[str]:
    """Return the names of the parts. Raises ``InputError`` for an archive that unpacks to too much."""
    entries = archive.infolist()
    if len(entries) > _MAX_ENTRIES:
        raise source.refused(f"the archive has more than {_MAX_ENTRIES} entries")
    if sum(entry.file_size for entry in entries) > 4 * MAX_WHOLE:
        raise source.refused(f"the archive unpacks to more than {4 * MAX_WHOLE} bytes")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise source.refused("a part of the archive is packed in a way that workbooks do not use")
    for entry in entries:
        if entry.file_size > MAX_WHOLE or entry.file_size > 1024 * 1024 + _MAX_RATIO * entry.compress_size:
            raise source.refused("a part of the archive unpacks to far more than its size")
    return {entry.filename for entry in entries}


def _shared(source: Source, archive: zipfile.ZipFile) -> list[str]:
    root = _xml(source, archive.read("xl/sharedStrings.xml"))
    return ["".join(text.text or "" for text in item.iter(f"{_SHEET}t")) for item in root.iter(f"{_SHEET}si")]


def _sheet(source: Source, data: bytes, shared: list[str]) -> Iterator[Row]:
    for count, row in enumerate(_xml(source, data).iter(f"{_SHEET}row"), 1):
        cells: list[str] = []
        for cell in row.iter(f"{_SHEET}c"):
            position = _position(cell.get("r", ""))
            if position is not None and len(cells) < position < _MAX_CELLS:
                cells += [""] * (position - len(cells))
            cells.append(_cell(cell, shared))
        number = row.get("r", "")
        yield int(number) if number.isdigit() and len(number) < 8 else count, cells, ""


def _position(reference: str) -> int | None:
    match = _CELL.fullmatch(reference)
    if match is None:
        return None
    position = 0
    for letter in match[1]:
        position = position * 26 + ord(letter) - 64
    return position - 1


def _cell(cell: etree._Element, shared: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_SHEET}t"))
    value = cell.findtext(f"{_SHEET}v") or ""
    if kind == "s":
        return shared[int(value)] if value.isdigit() and len(value) < 9 and int(value) < len(shared) else ""
    return value[:-2] if kind == "n" and value.endswith(".0") else value
