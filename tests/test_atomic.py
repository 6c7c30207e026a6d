from __future__ import annotations

import os
from pathlib import Path

from wssdoctor.atomic import replace_file


def test_a_new_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        replace_file(tmp_path / "report", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "report").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "report").read_bytes() == b"x"


def test_an_existing_file_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "report").write_bytes(b"old")
    (tmp_path / "report").chmod(0o604)
    replace_file(tmp_path / "report", b"new")
    assert (tmp_path / "report").stat().st_mode & 0o777 == 0o604
    assert (tmp_path / "report").read_bytes() == b"new"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    replace_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_device_is_written_to() -> None:
    replace_file(Path(os.devnull), b"x")
    assert Path(os.devnull).is_char_device()
