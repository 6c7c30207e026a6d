"""Every pane of every screen can have the room of all."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from tests.tui.places import PLACES, app_for, go
from tests.tui.screen import LARGE, SMALL, frame, play, press
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.widgets.view import LinesView

_PANES = {
    "findings": ("list", "about"),
    "requests": ("list", "message"),
    "what-if": ("remedies", "stage"),
    "knowledge": ("list", "article"),
    "interview": ("answers", "question"),
    "lab": ("list", "about"),
}


@pytest.mark.parametrize("name", _PANES)
def test_each_pane_takes_the_room_between_the_bars_and_gives_it_back(tmp_path: Path, name: str) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await go(app, pilot, PLACES[name])
        before = frame(app)
        for pane in _PANES[name]:
            widget = app.screen.query_one(f"#{pane}", LinesView)
            widget.focus()
            await pilot.pause()
            await press(app, pilot, "z")
            await pilot.pause()
            text = frame(app)
            width, height = app.size
            assert widget.size.width >= width - 1
            assert widget.size.height == height - 2
            assert "z All panes" in text
            assert "3 What-if" in text
            await press(app, pilot, "down", "escape")
            await pilot.pause()
            assert widget.size.height < height - 2
        await press(app, pilot, "up")
        assert len(frame(app).splitlines()) == len(before.splitlines())

    play(app_for(PLACES[name], tmp_path), journey, LARGE if name == "findings" else SMALL)


def test_going_to_another_pane_shows_all_panes(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        app.session = replace(app.session, phase="cancelled")
        assert "! CANCELLED" in (await press(app, pilot, "z")).splitlines()[0]
        assert "! CANCELLED" not in (await press(app, pilot, "enter")).splitlines()[0]
        await pilot.pause()
        assert not app.screen.query(".-zoomed")
        assert app.focused is app.screen.query_one("#about")

    play(app_for(PLACES["findings"], tmp_path), journey, LARGE)
