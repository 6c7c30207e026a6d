"""Spreadsheets as rows: Office Open XML workbooks (.xlsx) and the older XML Spreadsheet 2003. Streamed, nothing unpacked.

Two formats are enough of the standard to read lists, so no library for workbooks is needed; expat streams them within a
bounded memory and refuses document types before any entity could be expanded.
"""

from __future__ import annotations

import datetime as dt
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, TypeAlias
from xml.parsers import expat

from wssdoctor.collect.source import Source

Cells: TypeAlias = tuple[int, list[str]]
"""Line (counted from 1) and cells; no cells where another sheet begins."""

MAX_CELLS = 512
"""Cells of a row that are kept; what lies to the right is no list of SAP."""
MAX_UNPACKED = 1024 * 1024 * 1024
"""Bytes that a workbook may unpack to. They are streamed."""
MAX_SHARED = 128 * 1024 * 1024
"""Bytes that the shared texts of a workbook may take in memory."""
_MAX_RATIO = 200
_MAX_ENTRIES = 2000
_MAX_TEXT = 64 * 1024
_CHUNK = 64 * 1024
_MAX_SILENT = 4 * 1024 * 1024
"""Bytes without a tag: expat keeps what is not complete."""
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
_CELL = re.compile(r"([A-Z]{1,3})[0-9]+")
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Number formats that show dates (ECMA-376, part 1, section 18.8.30)."""
_NOT_A_DATE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class _RefusedError(Exception):
    """A part of a workbook is hostile or no XML."""


def workbook(source: Source) -> Iterator[Cells]:
    """Read all sheets of an Office Open XML workbook (ECMA-376, part 1, section 18). Raises ``InputError``."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            parts = _parts(source, archive)
            if "[Content_Types].xml" not in parts:
                raise source.refused("it is an archive and no workbook", "unpack it into the folder")
            shared = _shared(archive) if "xl/sharedStrings.xml" in parts else []
            dates = _date_styles(archive) if "xl/styles.xml" in parts else frozenset()
            for name in sorted(parts):
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    yield 0, []
                    with archive.open(name) as stream:
                        yield from _streamed(stream, _Sheet(shared, dates))
    except _RefusedError as error:
        raise source.refused(str(error)) from None
    except _DAMAGED as error:
        raise source.refused(f"it is no workbook that can be read ({type(error).__name__})") from None


def spreadsheet_xml(source: Source) -> Iterator[Cells]:
    """Read all sheets of an XML Spreadsheet 2003. Raises ``InputError``."""
    try:
        with source.path.open("rb") as stream:
            yield from _streamed(stream, _Spreadsheet())
    except _RefusedError as error:
        raise source.refused(str(error)) from None


def _parts(source: Source, archive: zipfile.ZipFile) -> set[str]:
    """Return the names of the parts. Raises ``InputError`` for an archive that unpacks to too much."""
    entries = archive.infolist()
    if len(entries) > _MAX_ENTRIES:
        raise source.refused(f"the archive has more than {_MAX_ENTRIES} entries")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise source.refused(f"the archive unpacks to more than {MAX_UNPACKED} bytes")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise source.refused("a part of the archive is packed in a way that workbooks do not use")
    if any(entry.file_size > 1024 * 1024 + _MAX_RATIO * entry.compress_size for entry in entries):
        raise source.refused("a part of the archive unpacks to far more than its size")
    return {entry.filename for entry in entries}


class _Events:
    """Receives what expat reads; names come without their namespaces."""

    def __init__(self) -> None:
        self.parser: Any = None
        self.rows: list[Cells] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Text goes on."""


def _streamed(stream: IO[bytes], events: _Events) -> Iterator[Cells]:
    """Feed a document to expat and yield the rows as they are complete."""
    local: dict[str, str] = {}
    silent = 0

    def bare(name: str) -> str:
        found = local.get(name)
        if found is None:
            found = name.rpartition(" ")[2]
            if len(local) < 1000:
                local[name] = found
        return found

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal silent
        silent = 0
        events.start(bare(name), attributes)

    def end(name: str) -> None:
        events.end(bare(name))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = events.text
    parser.StartDoctypeDeclHandler = _doctype
    events.parser = parser
    try:
        while chunk := stream.read(_CHUNK):
            silent += len(chunk)
            if silent > _MAX_SILENT:
                raise _RefusedError(f"a tag, a comment or a text is longer than {_MAX_SILENT} bytes")
            parser.Parse(chunk, False)
            yield from events.rows
            events.rows.clear()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise _RefusedError(f"it is not well-formed XML (line {error.lineno})") from None
    yield from events.rows


def _doctype(*_: object) -> None:
    raise _RefusedError("it has a document type declaration, which could declare entities")


class _Sheet(_Events):
    """A worksheet: rows of cells that hold numbers, texts of their own or shared ones."""

    def __init__(self, shared: list[str], dates: frozenset[int]) -> None:
        super().__init__()
        self.shared, self.dates = shared, dates
        self.cells: list[str] = []
        self.number = self.count = self.position = 0
        self.kind = self.value = ""
        self.dated = self.reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self.position = _position(attributes.get("r", ""), len(self.cells))
            self.kind, self.value = attributes.get("t", "n"), ""
            style = attributes.get("s", "")
            self.dated = style.isdigit() and len(style) < 8 and int(style) in self.dates
        elif name in ("v", "t"):
            self.reading = True
        elif name == "row":
            self.count += 1
            number = attributes.get("r", "")
            self.number = int(number) if number.isdigit() and len(number) < 8 else self.count
            self.cells = []

    def text(self, data: str) -> None:
        if self.reading and len(self.value) < _MAX_TEXT:
            self.value += data

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.reading = False
        elif name == "c" and self.position < MAX_CELLS:
            self.cells += [""] * (self.position - len(self.cells))
            self.cells[self.position :] = [self._content()]
        elif name == "row":
            self.rows.append((self.number, self.cells))

    def _content(self) -> str:
        value = self.value
        if self.kind == "s":
            at = int(value) if value.isdigit() and len(value) < 9 else len(self.shared)
            return self.shared[at] if at < len(self.shared) else ""
        if self.kind != "n":
            return value
        if self.dated:
            return _day(value)
        return value.removesuffix(".0")


class _Spreadsheet(_Events):
    """The sheets of an XML Spreadsheet 2003."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.line = self.position = 0
        self.value = ""
        self.reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Cell":
            index = next((value for key, value in attributes.items() if key.endswith(" Index")), "")
            self.position = int(index) - 1 if index.isdigit() and 0 < len(index) < 6 else len(self.cells)
            self.value = ""
        elif name == "Data":
            self.reading = True
        elif name == "Row":
            self.line, self.cells = self.parser.CurrentLineNumber, []
        elif name == "Worksheet":
            self.rows.append((self.parser.CurrentLineNumber, []))

    def text(self, data: str) -> None:
        if self.reading and len(self.value) < _MAX_TEXT:
            self.value += data

    def end(self, name: str) -> None:
        if name == "Data":
            self.reading = False
        elif name == "Cell" and len(self.cells) <= self.position < MAX_CELLS:
            self.cells += [""] * (self.position - len(self.cells))
            self.cells.append(self.value.strip())
        elif name == "Row":
            self.rows.append((self.line, self.cells))


class _Shared(_Events):
    """The shared texts; phonetic readings are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.value = ""
        self.reading = self.phonetic = False
        self.size = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - expat's signature
        if name == "si":
            self.value = ""
        elif name == "t":
            self.reading = not self.phonetic
        elif name == "rPh":
            self.phonetic = True

    def text(self, data: str) -> None:
        if self.reading and len(self.value) < _MAX_TEXT:
            self.value += data

    def end(self, name: str) -> None:
        if name == "t":
            self.reading = False
        elif name == "rPh":
            self.phonetic = False
        elif name == "si":
            self.found.append(self.value)
            self.size += 64 + len(self.value)
            if self.size > MAX_SHARED:
                raise _RefusedError("its shared texts are larger than is read; export the list as text")


class _Styles(_Events):
    """Which cell styles show dates, and which number formats the workbook defines for them."""

    def __init__(self) -> None:
        super().__init__()
        self.formats = set(_DATES)
        self.found: list[bool] = []
        self.within = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        number = attributes.get("numFmtId", "")
        if name == "cellXfs":
            self.within = True
        elif not number.isdigit() or len(number) > 8 or len(self.found) > 100_000:
            return
        elif name == "numFmt" and re.search("[yd]", _NOT_A_DATE.sub("", attributes.get("formatCode", "").lower())):
            self.formats.add(int(number))
        elif name == "xf" and self.within:
            self.found.append(int(number) in self.formats)

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.within = False


def _shared(archive: zipfile.ZipFile) -> list[str]:
    events = _Shared()
    _read(archive, "xl/sharedStrings.xml", events)
    return events.found


def _date_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    events = _Styles()
    _read(archive, "xl/styles.xml", events)
    return frozenset(index for index, dated in enumerate(events.found) if dated)


def _read(archive: zipfile.ZipFile, name: str, events: _Events) -> None:
    with archive.open(name) as stream:
        for _ in _streamed(stream, events):
            pass


def _position(reference: str, following: int) -> int:
    """Return the column of a reference such as ``B12``, counted from 0; the following one if there is none."""
    match = _CELL.fullmatch(reference)
    if match is None:
        return following
    position = 0
    for letter in match[1]:
        position = position * 26 + ord(letter) - 64
    return position - 1


def _day(value: str) -> str:
    """Return a day that is counted from 1899-12-30, as spreadsheets do, in ISO 8601."""
    try:
        return (dt.date(1899, 12, 30) + dt.timedelta(days=int(float(value)))).isoformat()
    except (OverflowError, ValueError):
        return value
