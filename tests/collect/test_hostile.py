"""Hostile and foreign files: refused with one line or said to be unknown, never a traceback, never a wrong fact."""

from __future__ import annotations

import contextlib
import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collect import exports, known
from wssdoctor.collect.collect import collect
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
    ],
    ids=["bomb", "no-archive", "cut-workbook", "endless-line", "entity", "entity-utf16", "entity-html"],
)
def test_refused_with_one_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    found = collect(tmp_path)
    assert len(found.refused) == 1
    assert "\n" not in found.refused[0].what + found.refused[0].why
    assert set(flat(found.facts)) <= {"format"}


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
