from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from tests.knowledge.small import write
from wssdoctor.errors import InputError
from wssdoctor.knowledge.files import read
from wssdoctor.knowledge.folders import home
from wssdoctor.knowledge.load import load


def test_the_cache_gives_what_the_files_give(tmp_path: Path) -> None:
    cache = tmp_path / "deep" / "cache.json"
    fresh = load(home(), cache)
    assert cache.is_file()
    assert load(home(), cache) == fresh == read(home())
    assert [path.name for path in cache.parent.iterdir()] == ["cache.json"]


def test_a_change_that_keeps_size_and_time_is_seen(tmp_path: Path) -> None:
    folder = write(tmp_path / "knowledge")
    cache = tmp_path / "cache.json"
    assert load(folder, cache).remedies["unlock-user"].effect is not None
    path = folder / "causes" / "user-locked.yaml"
    before = path.stat()
    path.write_text(path.read_text().replace("users[].lock: 64", "users[].lock: 32"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert load(folder, cache).causes["user-locked"].faults[0].facts == {"users[].lock": 32}


def test_a_file_that_moves_between_folders_is_seen(tmp_path: Path) -> None:
    folder = write(tmp_path / "knowledge")
    cache = tmp_path / "cache.json"
    load(folder, cache)
    (folder / "remedies" / "unlock-user.yaml").unlink()
    with pytest.raises(InputError):
        load(folder, cache)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"key": 1}', b'{"key": "", "base": {}}', b"\xff\xfe", b"[" * 9999]
)
def test_a_damaged_cache_is_ignored_and_replaced(tmp_path: Path, content: bytes) -> None:
    folder = write(tmp_path / "knowledge")
    cache = tmp_path / "cache.json"
    cache.write_bytes(content)
    assert load(folder, cache) == read(folder)
    assert cache.read_bytes() != content


@pytest.mark.parametrize("word", ["packed_words", "packed_language"])
def test_a_cache_that_is_damaged_where_it_stays_packed_is_replaced(tmp_path: Path, word: str) -> None:
    folder = write(tmp_path / "knowledge")
    cache = tmp_path / "cache.json"
    load(folder, cache)
    whole = cache.read_bytes()
    place = whole.index(b'"', whole.index(f'"{word}":'.encode()) + len(word) + 4) + 1
    cache.write_bytes(whole[:place] + b"\xff" + whole[place + 1 :])
    assert load(folder, cache) == read(folder)
    assert cache.read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    folder = write(tmp_path / "knowledge")
    (tmp_path / "file").write_text("in the way")
    assert load(folder, tmp_path / "file" / "cache.json") == read(folder)
    (tmp_path / "folder").mkdir()
    assert load(folder, tmp_path / "folder") == read(folder)
    assert list((tmp_path / "folder").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "knowledge"]


def test_each_set_of_folders_has_a_cache_of_its_own_and_few_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    first, second = write(tmp_path / "first"), write(tmp_path / "second")

    def caches() -> dict[str, int]:
        return {one.name: one.stat().st_mtime_ns for one in (tmp_path / "cache").iterdir()}

    assert load(first) == load(second)
    both = caches()
    assert len(both) == 2
    load(first)
    load(second)
    load(second, overlays=())
    assert caches() == both
    for number in range(12):
        load(write(tmp_path / str(number)))
    latest = caches()
    load(tmp_path / "11")
    assert len(latest) == 8
    assert caches() == latest


def test_a_warm_start_loads_no_heavy_module(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from wssdoctor.knowledge.folders import home; from wssdoctor.knowledge.load import load;"
        "load(home(), Path(sys.argv[1]));"
        "print(*sorted({'yaml', 'lxml', 'cryptography', 'textual', 'jinja2', 'tempfile', 'difflib'} & {*sys.modules}))"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "cache.json")]
    subprocess.run(command, check=True, capture_output=True)
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() == []
