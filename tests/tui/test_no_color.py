from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.screen import play, sample_app
from wssdoctor.tui.app import WssdoctorApp

PLAIN = {"", "0", "1", "2", "4", "7", "22", "24", "27", "39", "49"}


def seen_on_a_terminal(environment: dict[str, str], marker: str, folder: Path) -> str:
    """Run the sample on a terminal of its own until a marker is seen, then quit; return what was written to it."""
    program = "from wssdoctor.tui.app import run; raise SystemExit(run(None, sample=True))"
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    clean = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "PYTEST_CURRENT_TEST")}
    clean |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "XDG_STATE_HOME": str(folder), **environment}
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=slave, stdout=slave, stderr=slave, env=clean, close_fds=True
    )
    os.close(slave)
    written = b""
    deadline = time.monotonic() + 30
    quitting = False
    try:
        while time.monotonic() < deadline:
            if select.select([master], [], [], 0.2)[0]:
                try:
                    data = os.read(master, 65536)
                except OSError:
                    break
                if not data:
                    break
                written += data
            elif process.poll() is not None:
                break
            if not quitting and marker.encode() in written:
                os.write(master, b"q")
                quitting = True
    finally:
        process.kill()
        process.wait()
        os.close(master)
    assert quitting, written[-2000:]
    return written.decode("utf-8", "replace")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_no_color_sends_no_colour(tmp_path: Path):
    text = seen_on_a_terminal({"NO_COLOR": "1"}, "CONFIRMED", tmp_path)
    sent = {code for codes in re.findall(r"\x1b\[([0-9;]*)m", text) for code in codes.split(";")}
    assert sent <= PLAIN, sorted(sent - PLAIN)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_an_empty_no_color_asks_for_nothing(tmp_path: Path):
    text = seen_on_a_terminal({"NO_COLOR": ""}, "CONFIRMED", tmp_path)
    assert "38;2;" in text


def test_without_colour_the_chosen_row_and_mode_can_be_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_COLOR", "1")

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        reversed_text = "".join(
            segment.text
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and segment.style.reverse
        )
        assert "1 Findings" in reversed_text
        assert "FAIL" in reversed_text

    app = sample_app(tmp_path)
    assert app.no_color
    play(app, journey)
