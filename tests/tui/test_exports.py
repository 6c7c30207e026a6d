from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.screen import BASE, SMALL, frame, play, press, sample_app, shows
from tests.tui.test_state import done
from wssdoctor.tui import exports
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.whatif import WhatIf


def content() -> exports.Content:
    session = done("sample")
    return exports.Content(
        lambda: exports.reported(session.diagnosis, WhatIf(), BASE), session.case, "the finding", "<svg></svg>"
    )


@pytest.mark.parametrize("kind", exports.kinds(), ids=lambda kind: kind.id)
def test_every_form_can_be_made(kind: exports.Kind):
    assert len(kind.make(content())) >= 5


def test_a_picture_loads_no_font(tmp_path: Path):
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        raw = app.export_screenshot()
        assert "@font-face" in raw
        svg = exports.without_web_fonts(raw)
        assert "@font-face" not in svg
        assert "cdnjs" not in svg
        assert "CONFIRMED" in svg.replace("&#160;", " ")

    play(sample_app(tmp_path), journey)


def test_a_name_says_which_system_and_when():
    session = done("sample")
    now = dt.datetime(2026, 11, 20, 10, 12)  # noqa: DTZ001
    names = [exports.file_name(session, kind, now) for kind in exports.kinds()]
    assert len(set(names)) == len(names)
    assert names[0].startswith("wssdoctor-ERP-100")
    assert "20261120-1012" in names[0]


def test_a_place_that_cannot_be_written_is_said_before(tmp_path: Path):
    assert exports.state_of(tmp_path / "new.html") == ("not there yet", True)
    assert not exports.state_of(tmp_path)[1]
    assert not exports.state_of(tmp_path / "no" / "folder")[1]
    assert not exports.state_of(Path("a\0b"))[1]


def test_a_case_becomes_a_file_with_the_basket_as_its_plan(tmp_path: Path):
    target = tmp_path / "report.json"

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "space", "x", "down", "down", "down", "f")
        app.screen.query_one("#file").value = str(target)
        await press(app, pilot, "enter")
        assert await shows(app, pilot, "Written")
        assert app.exported == app.whatif.basket.actions
        remedy = app.whatif.basket.actions[0].remedy
        report = json.loads(target.read_bytes())
        assert [one["id"] for one in report["plan"]["remedies"]] == [remedy]

    play(sample_app(tmp_path), journey, SMALL)


def test_without_a_diagnosis_only_the_screen_can_be_written(tmp_path: Path):
    from tests.tui.screen import app_of

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = await press(app, pilot, "4", "x")
        assert "no finished diagnosis" in text
        assert "no-case" in frame(app)

    play(app_of(None, tmp_path), journey)
