"""Work off the screen's thread: whose news count, and that the end of the program waits for none of it but for files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot

from tests.tui.screen import app_of, frame, play, press, settled
from tests.tui.terminal import Terminal
from wssdoctor.errors import InputError
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.screens.messages import MessagesDialog
from wssdoctor.tui.writer import File


def once(free: Event, word: str) -> Callable[[], str]:
    """Work that gives a word when it may."""

    def work() -> str:
        free.wait()
        return word

    return work


def test_newer_work_of_a_kind_makes_the_news_of_the_older_void(tmp_path: Path) -> None:
    told: list[str] = []
    free = Event()

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        app.jobs.begin(app, "a", once(free, "old"), told.append)
        app.jobs.begin(app, "b", once(free, "other"), told.append)
        app.jobs.begin(app, "a", once(free, "new"), told.append)
        assert app.jobs.under_way("a")
        free.set()
        await settled(app, pilot)
        assert not app.jobs.under_way()

    play(app_of(None, tmp_path), journey)
    assert sorted(told) == ["new", "other"]


def test_news_for_a_screen_that_is_gone_is_dropped(tmp_path: Path) -> None:
    told: list[str] = []
    free = Event()

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        dialog = MessagesDialog()
        await app.push_screen(dialog)
        app.jobs.begin(dialog, "a", once(free, "late"), told.append)
        await app.pop_screen()
        free.set()
        await settled(app, pilot)

    play(app_of(None, tmp_path), journey)
    assert told == []


def test_news_that_the_end_of_the_app_overtakes_is_dropped(tmp_path: Path) -> None:
    told: list[str] = []
    free = Event()
    app = app_of(None, tmp_path)

    async def journey(app: WssdoctorApp, _: Pilot[int]) -> None:
        app.jobs.begin(app, "a", once(free, "late"), told.append)
        app.exit(0)

    play(app, journey)
    (job,) = app.jobs._newest.values()
    free.set()
    app.jobs._take(job, lambda: told.append("in the queue"))
    assert told == []


def test_an_error_is_told_and_a_defect_is_told_without_any_value(tmp_path: Path) -> None:
    def bad() -> None:
        raise InputError.because("no such thing")

    def defect() -> None:
        raise RuntimeError("the password is hunter2")

    refused: list[Exception] = []

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        app.jobs.begin(app, "a", bad, lambda _: None, refused.append)
        app.jobs.begin(app, "b", bad, lambda _: None)
        app.jobs.begin(app, "c", defect, lambda _: None)
        await settled(app, pilot)
        said = " ".join(one.text for one in app.said)
        assert "no such thing" in said
        assert "RuntimeError" in said
        assert "hunter2" not in said + frame(app)

    play(app_of(None, tmp_path), journey)
    assert [str(one) for one in refused] == ["no such thing"]


def test_who_quits_is_asked_while_a_file_is_not_written_yet(tmp_path: Path) -> None:
    free = Event()
    file = tmp_path / "report.html"

    def make() -> list[File]:
        free.wait()
        return [File(file, b"all")]

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        app.writer.write(app, file, make, lambda: app.say("done"), lambda _: None)
        app.simulate_key("q")
        await pilot.pause()
        assert "Not written yet" in frame(app)
        free.set()
        await settled(app, pilot)
        assert file.read_bytes() == b"all"
        assert app.writer.unwritten == ()
        assert "done" in await press(app, pilot, "escape")

    play(app_of(None, tmp_path / "state"), journey)


_HANGING = """
import time
def for_ever(*_, **__):
    time.sleep(1e6)
from wssdoctor.diagnosis import interview
from wssdoctor.report import explanation
from wssdoctor.tui import clipboard, comparing, exports, signatures
clipboard.command = lambda _: ("copy",)
interview.Interview.ranking = property(for_ever)
clipboard.copied = explanation.explain = comparing.compared = exports.preview = signatures.examined = for_ever
"""

_BROKEN = """
from wssdoctor.cli import main
from wssdoctor.tui import app
def broken(self):
    password = "hunter2"
    raise RuntimeError(password)
app.WssdoctorApp.action_messages = broken
"""

_SLOW_DISK = """
import time
from wssdoctor.tui import writer
replace = writer.replace_file
def replace_file(path, data, permissions=None):
    print("the disk is slow", end="", flush=True, file=sys.__stderr__)
    time.sleep(1)
    replace(path, data, permissions)
import sys
writer.replace_file = replace_file
"""

_SLOW_REPORT = """
import time
from wssdoctor.tui import exports
exports.reported = lambda *_: time.sleep(1e6)
"""

on_a_terminal = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


@on_a_terminal
def test_the_end_waits_for_no_work_whatever_it_is(tmp_path: Path) -> None:
    with Terminal(tmp_path, before=_HANGING) as terminal:
        terminal.until("CONFIRMED")
        for keys, sees in (
            ("5", "Working out"),
            ("2", "Parts"),
            ("v", "As sent"),
            ("v", "Verifying"),
            ("c", "Compare with"),
            (f"{tmp_path}\r", "Checking"),
            ("\x1b", "Verifying"),
            ("4", "articles"),
            ("p", "Paste a text"),
            ("WSS031\x13", "articles"),
            ("yx", "Report as"),  # what copies shows nothing until it ends
            ("p", "Being made"),
        ):
            terminal.press(keys, sees)
        assert terminal.leave() == 0


@on_a_terminal
def test_a_file_that_is_being_written_is_written_wholly_before_the_end(tmp_path: Path) -> None:
    with Terminal(tmp_path / "state", before=_SLOW_DISK, directory=tmp_path) as terminal:
        terminal.until("simulated:\u00a0resolved")
        terminal.press("x", "Report as")
        terminal.press("\r", "the disk is slow")
        assert terminal.leave() == 0
    (file,) = (one for one in tmp_path.iterdir() if one.is_file())
    assert file.read_text().rstrip().endswith("</html>")


@on_a_terminal
def test_a_file_that_was_not_made_before_the_end_is_named_and_is_not_there(tmp_path: Path) -> None:
    with Terminal(tmp_path / "state", before=_SLOW_REPORT, directory=tmp_path) as terminal:
        terminal.until("simulated:\u00a0resolved")
        terminal.press("x", "Report as")
        terminal.press("\r", "CAUSES CONFIRMED")
        terminal.press("q", "Not written yet")
        assert terminal.leave() == 0
        assert "not written: wssdoctor-" in terminal.text
    assert [one for one in tmp_path.iterdir() if one.is_file()] == []


@on_a_terminal
def test_a_defect_ends_the_program_as_such_and_shows_no_value(tmp_path: Path) -> None:
    with Terminal(tmp_path, before=_BROKEN, call="main.run(['demo'])") as terminal:
        terminal.until("CONFIRMED")
        assert terminal.leave("m") == 4
    assert "RuntimeError" in terminal.text
    assert "hunter2" not in terminal.text
