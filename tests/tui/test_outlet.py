from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from threading import Event

import pytest

from wssdoctor.tui.outlet import Outlet

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the driver of Windows is another one")

_PIPE = 1_000_000
"""More bytes than a pipe takes that nobody reads."""


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    reads, writes = os.pipe()
    yield reads, writes
    os.close(writes)


def wait_for(outlet: Outlet, *, behind: bool) -> None:
    while outlet.behind is not behind:
        time.sleep(0.01)


def test_who_writes_does_not_wait_and_is_told_when_everything_is_taken(ends: tuple[int, int]) -> None:
    caught_up = Event()
    outlet = Outlet(ends[1], caught_up.set)
    outlet.write("x" * _PIPE)
    wait_for(outlet, behind=True)
    outlet.write("é")
    with os.fdopen(ends[0], "rb") as reads:
        assert reads.read(_PIPE + 2).decode() == "x" * _PIPE + "é"
        assert caught_up.wait(60)
    wait_for(outlet, behind=False)
    outlet.end()


def test_at_the_end_what_is_not_taken_is_forgotten_and_a_command_that_was_cut_is_ended(ends: tuple[int, int]) -> None:
    outlet = Outlet(ends[1], lambda: None)
    outlet.write("x" * _PIPE)
    outlet.settle()
    outlet.write("last")
    found = b""
    with os.fdopen(ends[0], "rb", buffering=0) as reads:
        while not found.endswith(b"last"):
            found += reads.read(65536)
    outlet.end()
    assert found.lstrip(b"x") == b"\x18\x1b[?2026llast"
    assert len(found) < _PIPE


def test_without_a_terminal_nothing_is_kept(ends: tuple[int, int]) -> None:
    os.close(ends[0])
    outlet = Outlet(ends[1], lambda: None)
    outlet.write("x" * _PIPE)
    wait_for(outlet, behind=False)
    outlet.end()
