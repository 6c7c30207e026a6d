"""Bundles come from strangers: what is altered, hostile or no bundle is refused with its file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.landscape import case
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.errors import InputError
from wssdoctor.knowledge.load import load
from wssdoctor.report.build import build
from wssdoctor.ticket import reading
from wssdoctor.ticket.bundle import bundle
from wssdoctor.ticket.reading import open_bundle

BASE = load()
WHOLE = bundle(case(), build(diagnose(case(), BASE), BASE)).data


def members() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_a_whole_bundle_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.zip").write_bytes(WHOLE)
    opened = open_bundle(tmp_path / "t.zip")
    assert opened.report.verdict == "healthy"
    assert {one.name for one in opened.manifest.members} == set(members()) - {"manifest.json"}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda files: files | {"report.json": files["report.json"] + b" "}, "report.json"),
        (lambda files: files | {"more.txt": b"x"}, "more.txt"),
        (lambda files: {name: data for name, data in files.items() if name != "system.yaml"}, "system.yaml"),
        (lambda files: {name: data for name, data in files.items() if name != "manifest.json"}, "manifest.json"),
        (lambda files: files | {"manifest.json": b"{}"}, "manifest.json"),
        (lambda files: files | {"../evil": b"x"}, "../evil"),
        (lambda files: files | {"/etc/evil": b"x"}, "/etc/evil"),
        (lambda files: files | {"c:\\evil": b"x"}, "evil"),
        (lambda files: files | {"bomb": bytes(30_000_000)}, "bomb"),
    ],
)
def test_what_is_altered_or_hostile_is_refused(
    change: Callable[[dict[str, bytes]], dict[str, bytes]], named: str, tmp_path: Path
) -> None:
    (tmp_path / "t.zip").write_bytes(packed(change(members())))
    with pytest.raises(InputError) as error:
        open_bundle(tmp_path / "t.zip")
    assert any(named in str(problem.place) for problem in error.value.problems)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"hello", WHOLE[:-50], WHOLE[:1000]])
def test_what_is_no_archive_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "t.zip").write_bytes(data)
    with pytest.raises(InputError):
        open_bundle(tmp_path / "t.zip")


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_MEMBERS", 3)
    (tmp_path / "t.zip").write_bytes(WHOLE)
    with pytest.raises(InputError):
        open_bundle(tmp_path / "t.zip")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        open_bundle(tmp_path / "gone.zip")
    assert "gone.zip" in str(error.value.problems[0].place)
