from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from wssdoctor.tui.recent import Recent, ago, load, remember

NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


def one(name: str) -> Recent:
    return Recent(name, (), 3, 1, 1, NOW)


def test_the_newest_comes_first_and_each_once(tmp_path: Path) -> None:
    path = tmp_path / "state" / "recent.json"
    for name in ("a", "b", "a"):
        remember(one(name), path)
    assert [known.system for known in load(path)] == ["a", "b"]
    assert [entry.name for entry in path.parent.iterdir()] == ["recent.json"]


def test_only_a_few_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "recent.json"
    for number in range(20):
        remember(one(str(number)), path)
    assert [known.system for known in load(path)] == [str(number) for number in range(19, 11, -1)]


def test_a_damaged_or_missing_file_means_none(tmp_path: Path) -> None:
    path = tmp_path / "recent.json"
    assert load(path) == ()
    for damaged in (b"", b"{", b'{"recent": 1}', b"\xff\xfe", b"[" * 100_000):
        path.write_bytes(damaged)
        assert load(path) == ()
    path.unlink()
    if hasattr(os, "mkfifo"):
        os.mkfifo(path)
        assert load(path) == ()


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    remember(one("a"), file / "recent.json")
    assert load(file / "recent.json") == ()


def test_files_that_moved_are_noticed(tmp_path: Path) -> None:
    there = tmp_path / "system.yaml"
    there.write_text("")
    assert one(str(there)).there
    assert not one(str(tmp_path / "gone.yaml")).there
    assert not one("nul\0").there


def test_times_are_said_roughly() -> None:
    for seconds, words in ((5, "just now"), (120, "2 minutes ago"), (3600, "1 hour ago"), (200_000, "2 days ago")):
        assert ago(NOW - dt.timedelta(seconds=seconds), NOW) == words


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "recent.json"
    remember(one("a"), path)
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0
