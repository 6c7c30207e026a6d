"""A thread that computes, and leaving beside it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tui.terminal import Terminal


def test_what_survives_a_full_collection_is_left_out_of_later_ones() -> None:
    program = """
import gc
from wssdoctor.tui.responsive import favour_screen
favour_screen()
favour_screen()
before = gc.get_freeze_count()
kept = [[index] for index in range(1000)]
gc.collect()
assert gc.get_freeze_count() >= before + 1000, (before, gc.get_freeze_count())
freed = gc.get_freeze_count()
del kept
assert gc.get_freeze_count() <= freed - 1000
"""
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_leaving_waits_for_no_diagnosis_and_restores_the_terminal(tmp_path: Path) -> None:
    before = "from wssdoctor.tui import runner; import threading; runner.run_case = lambda *_: threading.Event().wait()"
    with Terminal(tmp_path, before=before) as terminal:
        terminal.until("READING")
        assert terminal.leave() == 0
    assert "\x1b[?1049l" in terminal.text
    assert "Traceback" not in terminal.text
