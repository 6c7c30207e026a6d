"""A thread that computes, and leaving beside it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.events import Key
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tests.tui.screen import play, press, sample_app, shows, until
from tests.tui.terminal import Terminal
from wssdoctor.diagnosis.progress import Progress
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.news import Advanced
from wssdoctor.tui.widgets.bar import Banner
from wssdoctor.tui.widgets.field import Field
from wssdoctor.tui.widgets.view import LinesView


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


def test_news_of_progress_alone_draws_only_the_line_that_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: set[tuple[str | None, int]] = set()

    def told(kind: type[Widget]) -> None:
        render_line = kind.render_line

        def render(self: Widget, y: int) -> Strip:
            drawn.add((self.id, y))
            return render_line(self, y)

        monkeypatch.setattr(kind, "render_line", render)

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        app.session = replace(app.session, phase="remedies", done=3, total=9)
        app._show()
        await pilot.pause(0.1)
        for kind in (Banner, LinesView):
            told(kind)
        app.post_message(Advanced(app._number, Progress("remedies", 4, 9), None))
        assert await shows(app, pilot, "4 of 9")
        assert drawn == {("status", 0)}
        drawn.clear()
        app.view = replace(app.view, search="nothing is called so")
        app.post_message(Advanced(app._number, Progress("plan", 0, None), None))
        assert await shows(app, pilot, "SEARCHING THE SMALLEST PLAN")
        assert ("about", 0) in drawn  # a new phase shows all that is other than it was drawn

    play(sample_app(tmp_path), journey)


def test_tasks_begin_in_turn_whatever_the_loop_was_told(tmp_path: Path) -> None:
    async def start() -> None:
        loop = asyncio.get_running_loop()
        loop.set_task_factory(lambda loop, work, **options: asyncio.Task(work, loop=loop, **options))
        async with sample_app(tmp_path).run_test():
            assert loop.get_task_factory() is None

    asyncio.run(start())


def test_the_line_for_a_password_draws_nothing_while_it_waits(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "o")
        assert not any(line.cursor_blink for line in app.screen.query(Input))
        assert app.screen.query_one("#password", Input).password

    play(sample_app(tmp_path), journey)


@pytest.mark.parametrize("keys", [("slash",), ("o",), ("4", "p")])
def test_a_cursor_that_waits_draws_nothing(tmp_path: Path, keys: tuple[str, ...]) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, *keys)
        await until(pilot, lambda: isinstance(app.focused, Input | TextArea))
        assert isinstance(app.focused, Input | TextArea)
        assert not app.focused.cursor_blink
        assert app.focused._cursor_visible

    play(sample_app(tmp_path), journey)


@pytest.mark.parametrize("mode", ["1", "2", "4"])
def test_what_is_typed_fast_behind_the_key_of_the_search_is_searched_for(tmp_path: Path, mode: str) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, mode)
        before, here = app.view.filter, app.current_mode
        for key, character in (("j", "j"), ("slash", "/"), *zip("f3q", "f3q", strict=True), ("slash", "/"), ("s", "s")):
            app.post_message(Key(key, character))
        assert await until(pilot, lambda: isinstance(app.focused, Field) and app.focused.value == "f3q/s")
        assert (app.current_mode, app.view.filter) == (here, before)

    play(sample_app(tmp_path), journey)
