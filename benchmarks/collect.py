"""How fast a long list is read, and how much memory that takes: ``python -m benchmarks.collect [ROWS]``."""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO

from wssdoctor.collect.collect import collect

Rows = Iterator[tuple[str, ...]]
HEADER = ("MANDT", "BNAME", "TYPE", "EXTID", "STATUS")
WIDTHS = (5, 12, 4, 60, 6)


def mappings(count: int) -> Rows:
    """Return rows of USREXTID."""
    for number in range(count):
        yield "100", f"USER{number}", "DN", f"CN=User {number}, OU=Größe, O=Example", "X"


def as_se16(stream: IO[str], rows: Rows) -> None:
    """Write the list of SE16, with its header on every page."""
    ruler = "-" * 93

    def line(cells: tuple[str, ...]) -> str:
        return "|" + "|".join(f"{cell:{width}}" for cell, width in zip(cells, WIDTHS, strict=True)) + "|\n"

    for number, row in enumerate(rows):
        if number % 1000 == 0:
            stream.write(f"{ruler}\n{line(HEADER)}{ruler}\n")
        stream.write(line(row))


def as_tabs(stream: IO[str], rows: Rows) -> None:
    """Write columns separated by tabs."""
    for row in chain((HEADER,), rows):
        stream.write("\t".join(row) + "\n")


def as_html(stream: IO[str], rows: Rows) -> None:
    """Write a page with one table."""
    stream.write("<html><body><table>\n")
    for row in chain((HEADER,), rows):
        stream.write(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n")
    stream.write("</table></body></html>\n")


def as_sheet(stream: IO[str], rows: Rows) -> None:
    """Write the worksheet of a workbook, its texts in the cells."""
    stream.write('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
    for row in chain((HEADER,), rows):
        stream.write("<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>")
    stream.write("</sheetData></worksheet>")


FORMS: dict[str, Callable[[IO[str], Rows], None]] = {
    "SE16 list": as_se16,
    "tab-separated": as_tabs,
    "HTML": as_html,
    "workbook": as_sheet,
}


def exported(path: Path, rows: int, form: str) -> None:
    """Write an export of USREXTID."""
    if form != "workbook":
        with path.open("w", encoding="utf-8") as stream:
            FORMS[form](stream, mappings(rows))
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            FORMS[form](io.TextIOWrapper(part, encoding="utf-8", write_through=True), mappings(rows))


def peak() -> float:
    """Return the largest memory that the process had so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for form in FORMS:
        for count in (rows // 10, rows):
            with tempfile.TemporaryDirectory() as folder:
                exported(Path(folder) / "usrextid", count, form)
                begin = time.perf_counter()
                found = collect(Path(folder))
                took = time.perf_counter() - begin
            said = "" if found.recognised else " NOT RECOGNISED"
            print(f"{form:14} {count:>9} rows {took:6.2f} s {count / took:>9.0f} rows/s, peak {peak():.0f} MiB{said}")


if __name__ == "__main__":
    main()
