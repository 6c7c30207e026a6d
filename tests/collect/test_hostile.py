"""Hostile and foreign files: refused with one line or said to be unknown, never a traceback, never a wrong fact."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collect import exports, known, landscape
from wssdoctor.collect import certificates, profile, pse, sapcli, sapgenpse, wss_setup, xmlexport
from wssdoctor.collect.collect import collect
from wssdoctor.collect.findings import Findings
from wssdoctor.collect.source import Source
from wssdoctor.collect.write import _scalar
from wssdoctor.description.change import flat
from wssdoctor.description.load import loads
from wssdoctor.errors import InputError


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    return stream.getvalue()


def _zip(*parts: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return stream.getvalue()


_SHEET = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData><row>"
_SPREADSHEET = b"<?xml version='1.0'?>%s<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet"
ENTITY = '<!DOCTYPE a [<!ENTITY x "y">]><wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">&x;</wsdl:definitions>'


@pytest.mark.parametrize(
    "data",
    [
        _bomb(),
        b"PK\x03\x04 and nothing more",
        exports.workbook("USR02", known.TABLES["USR02"])[:-300],
        b"|BNAME|UFLAG|\n|" + b"A" * 3_000_000 + b"|0|\n",
        ENTITY.encode(),
        ENTITY.encode("utf-16"),
        b"<html><!ENTITY x 'y'><table></table></html>",
        _zip(("../../evil.xml", b"x"), ("/evil", b"x")),
        _zip(("[Content_Types].xml", b""), ("xl/worksheets/sheet1.xml", b"<!DOCTYPE a [<!ENTITY x 'y'>]>" + _SHEET)),
        _zip(("[Content_Types].xml", b""), ("xl/worksheets/sheet1.xml", _SHEET + b"<c>" * 100)),
        _zip(*((f"f{number}", b"") for number in range(3000))),
        _SPREADSHEET % b"<!DOCTYPE a [<!ENTITY x 'y'>]>",
        _SPREADSHEET % b"" + b" a='" + b"A" * 5_000_000,
        b"<html><table><tr><td a='" + b"A" * 5_000_000,
        b"<html><table><tr><td " + b"a=b " * 1_200_000,
        b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + b" " * 33_000_000,
    ],
    ids=[
        "bomb",
        "no-archive",
        "cut-workbook",
        "endless-line",
        "entity",
        "entity-utf16",
        "entity-html",
        "zip-slip",
        "entity-sheet",
        "cut-sheet",
        "many-entries",
        "entity-spreadsheet",
        "endless-attribute",
        "endless-attribute-html",
        "endless-tag-html",
        "large-web-archive",
    ],
)
def test_refused_with_one_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    found = collect(tmp_path)
    assert len(found.refused) == 1
    assert "\n" not in found.refused[0].what + found.refused[0].why
    assert set(flat(found.facts)) <= {"format"}


def test_many_cells_deep_elements_and_huge_files_take_little_memory(tmp_path: Path) -> None:
    (tmp_path / "cells.xlsx").write_bytes(
        _zip(("[Content_Types].xml", b""), ("xl/worksheets/sheet1.xml", _SHEET + b"<c r='A1'><v>7</v></c>" * 300_000))
    )
    (tmp_path / "cells.html").write_bytes(b"<html><table><tr>" + b"<td>x</td>" * 1_000_000)
    (tmp_path / "deep.html").write_bytes(b"<html><table>" + b"<div>" * 500_000 + b"<tr><td>x</td></tr>")
    with (tmp_path / "line").open("wb") as stream:
        stream.write(b"|BNAME|UFLAG|\n|" + b"A" * 70_000)
        stream.truncate(1 << 30)
    with (tmp_path / "key.der").open("wb") as stream:
        stream.write(b"\x30\x84\x3f\xff\xff\xfa")
        stream.truncate(1 << 30)
    bounded = (
        "import resource, sys; from pathlib import Path; from wssdoctor.collect.collect import collect;"
        "resource.setrlimit(resource.RLIMIT_AS, (768 << 20, 768 << 20)); found = collect(Path(sys.argv[1]));"
        "print(*(each.place.file for each in found.refused))"
    )
    ran = subprocess.run([sys.executable, "-c", bounded, str(tmp_path)], capture_output=True, check=True)
    assert ran.stdout.split() == [b"cells.xlsx", b"key.der", b"line"]


def test_nothing_of_an_archive_is_written(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "x").write_bytes(_zip(("../evil", b"x"), ("xl/worksheets/../../../evil.xml", b"x")))
    collect(tmp_path / "exports")
    assert [path.name for path in tmp_path.iterdir()] == ["exports"]


def test_a_part_of_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    data = bytearray(_bomb())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    (tmp_path / "x").write_bytes(bytes(data))
    assert collect(tmp_path).refused


def test_links_that_lead_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert not collect(tmp_path).recognised


@pytest.mark.parametrize("data", [b"", b"\n\n", b"hello world\n", b"\x00\x01\x02\xff" * 50, b"{}", b"%PDF-1.4\n"])
def test_other_files_are_listed_as_not_read(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    found = collect(tmp_path)
    assert len(found.unrecognised) == 1
    assert not found.recognised


def _collected(data: bytes, name: str = "x") -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(data)
        with contextlib.suppress(InputError):  # as when a damaged row names another client
            collect(Path(folder))


_SEEDS = [
    *(exports.FORMATS[form](name, rows, "de") for form in ("se16", "tabs", "xlsx", "html", "mhtml", "xml") for name, rows in known.TABLES.items()),
    exports.pse(2, exports.der_of(exports.certificate("A")[0]), [], None),
    exports.pse(4, exports.der_of(exports.certificate("A")[0]), [], ""),
    exports.pem_of(exports.certificate("A")[0]),
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(_SEEDS), st.data())
def test_damaged_exports_never_break_the_program(seed: bytes, data: st.DataObject) -> None:
    damaged = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(damaged)))
    _collected(
        bytes(damaged[:cut] if data.draw(st.booleans()) else damaged), data.draw(st.sampled_from(["x", "SAPWSSE"]))
    )


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    for start in (
        b"",
        b"0\x82",
        b"|BNAME|UFLAG|\n|",
        b"PK\x03\x04",
        b"<html><table><tr><td>",
        b"<?xml version='1.0'?>",
    ):
        _collected(start + data)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40).filter(lambda text: not any(0xD800 <= ord(character) <= 0xDFFF for character in text)))
def test_every_text_survives_the_description(text: str) -> None:
    written = f'format: "1"\nsystem:\n  host: {_scalar(text)}\n'
    assert loads(written.encode(), "x").value("system.host") == text


def _samples() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        landscape.write(Path(folder), "de")
        return [path.read_bytes() for path in sorted(Path(folder).iterdir())]


_TEXTS = ("SAPSYSTEMNAME", "WSS_SETUP", "Opening PSE", "MY Certificate:", "* CN=A", "User      : A", "Last Login:", "PKList", "$(A)", "login/x = $(login/x)")  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(_samples()), st.data())
def test_damaged_files_of_other_kinds(seed: bytes, data: st.DataObject) -> None:
    damaged = bytearray(seed)
    for _ in range(data.draw(st.integers(0, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    _collected(bytes(damaged[: data.draw(st.integers(1, len(damaged)))]), "SAPWSSE")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_TEXTS) | st.text(max_size=20), max_size=12))
def test_lines_that_the_readers_of_texts_look_for(lines: list[str]) -> None:
    _collected("\n".join(lines).encode("utf-8", "replace"))


def test_each_reader_leaves_the_files_of_others_alone(tmp_path: Path) -> None:
    """Every reader is given every file; it says that it is none of its own, refuses it, or reads its own kind."""
    contents = [*_SEEDS, *_samples()]
    for number, content in enumerate(contents):
        path = tmp_path / f"{number}"
        path.write_bytes(content)
        expected = {what for _, what in collect(path, pins=[landscape.PIN]).recognised}
        for reader in _READERS:
            findings = Findings()
            with contextlib.suppress(InputError):
                reader(Source(path, path.name), findings)
            assert {what for _, what in findings.recognised} <= expected, (content[:60], reader)


def _certificates(source: Source, findings: Findings) -> None:
    certificates.read(source, source.whole(), findings)


def _pse(source: Source, findings: Findings) -> None:
    if pse.is_pse(source.whole()):
        pse.read(source, source.whole(), (landscape.PIN,), findings)


def _sapgenpse(source: Source, findings: Findings) -> None:
    if sapgenpse.is_output(source.start()):
        sapgenpse.read(source, findings)


def _wss_setup(source: Source, findings: Findings) -> None:
    if wss_setup.is_list(source.start()):
        wss_setup.read(source, findings)


def _profile(source: Source, findings: Findings) -> None:
    if profile.is_profile(source.start()):
        profile.read(source, findings)


def _sapcli(source: Source, findings: Findings) -> None:
    sapcli.read(source, source.start(), findings)


_READERS = (_certificates, _pse, _sapgenpse, _wss_setup, _profile, _sapcli, xmlexport.read)
