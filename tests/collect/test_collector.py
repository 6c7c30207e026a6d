"""The ABAP report: small, without secrets, asking for what the live sources ask for; its file is read."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.command import ROOT
from tests.collect import known
from tests.collect.exports import Rows
from wssdoctor.collect.collect import collect
from wssdoctor.collect.columns import SECRETS, column
from wssdoctor.collect.live.selection import selections
from wssdoctor.description.change import flat
from wssdoctor.description.load import loads

REPORT = (ROOT / "collector" / "zwssdoctor_collect.abap").read_text("ascii")
TABLES = {name: set(columns.split(",")) for name, columns in re.findall(r"read_table USING '(\w+)' '([\w,]+)'", REPORT)}


def _file(tables: dict[str, Rows]) -> str:
    """Write tables as the report does: columns of fixed width with a blank behind the longest value."""
    lines = []
    for table, rows in tables.items():
        names = [name for name in rows[0] if name in TABLES[table]]
        widths = [max(32, *(len(row.get(name, "")) for row in rows)) + 1 for name in names]
        lines += ["", f"{table}: wssdoctor list"]
        for cells in (names, *([row.get(name, "") for name in names] for row in rows)):
            lines.append("|" + "".join(f"{cell:<{width}}|" for cell, width in zip(cells, widths, strict=True)))
    return "\n".join([*lines, "", "ICFHANDLER: no authorization to display it"])


def test_the_report_is_small_and_reads_no_secret() -> None:
    assert len(REPORT.splitlines()) < 300
    assert not {name for names in TABLES.values() for name in names} & SECRETS
    for statement in (r"\bUPDATE\b", r"\bMODIFY\b", r"\bINSERT\b", r"\bCOMMIT\b", r"\bDELETE FROM\b", r"\bSUBMIT\b"):
        assert not re.search(statement, re.sub(r"^\*.*$", "", REPORT, flags=re.MULTILINE))


def test_the_report_asks_for_the_same_columns() -> None:
    for wanted in selections(()):
        assert {column(name) for name in wanted.columns} <= {column(name) for name in TABLES[wanted.table]}


def test_its_file_gives_the_known_landscape(tmp_path: Path) -> None:
    tables = {
        name: [{"CLIENT": "100", **row} for row in rows if "assword" not in row.get("PROP_NAME", "")]
        if name == "SRT_RTC_DATA"
        else rows
        for name, rows in known.TABLES.items()
        if name in TABLES
    }
    (tmp_path / "wssdoctor-ERP-100.txt").write_text(_file(tables), "utf-8-sig")
    found = collect(tmp_path, client="100")
    expected = {
        path: value
        for path, value in flat(loads(known.DESCRIPTION.encode(), "known")).items()
        if not path.startswith(("secure_storage.", "profile"))
    }
    assert flat(found.facts) == expected
    assert not found.dropped
    assert not found.merged.contradictions
