from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.screen import frame, play, press, sample_app, shows
from wssdoctor.tui import clipboard
from wssdoctor.tui.app import WssdoctorApp


def chosen(*there: str, **environment: str) -> str | None:
    found = clipboard.command(environment, lambda name: name if name in there else None)
    return found[0] if found else None


def test_the_system_command_is_chosen_by_what_is_there() -> None:
    assert chosen("wl-copy", "xclip", WAYLAND_DISPLAY="wayland-0", DISPLAY=":0") == "wl-copy"
    assert chosen("xclip", WAYLAND_DISPLAY="wayland-0", DISPLAY=":0") == "xclip"
    assert chosen("xsel", DISPLAY=":0") == "xsel"
    assert chosen("pbcopy") == "pbcopy"
    assert chosen("clip.exe") == "clip.exe"
    assert chosen("wl-copy", "xclip") is None


def test_over_ssh_the_clipboard_of_the_far_machine_is_not_used() -> None:
    assert chosen("pbcopy", SSH_CONNECTION="1") is None
    assert chosen("xclip", SSH_CONNECTION="1", DISPLAY="localhost:10.0") == "xclip"


def test_a_command_that_fails_did_not_copy() -> None:
    assert not clipboard.copied("x", ("/nowhere/wl-copy",))
    assert not clipboard.copied("x", (sys.executable, "-c", "raise SystemExit(1)"))


def test_for_tmux_the_sequence_is_wrapped() -> None:
    assert clipboard.for_tmux("a") == "\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_copying_uses_the_command_and_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "wl-copy"
    program.write_text(f"#!/bin/sh\ncat > {tmp_path}/copied\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "y")
        assert await shows(app, pilot, "wl-copy")
        assert "Evidence" in (tmp_path / "copied").read_text()
        await press(app, pilot, "Y")
        assert await shows(app, pilot, "wl-copy")
        assert "What is wrong" in (tmp_path / "copied").read_text()
        assert "wl-copy" in await press(app, pilot, "m")

    play(sample_app(tmp_path), journey)


def test_where_there_is_nothing_to_copy_that_is_said(tmp_path: Path) -> None:
    from tests.tui.screen import app_of

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "y")
        assert "nothing to copy" in frame(app)

    play(app_of(None, tmp_path), journey)
