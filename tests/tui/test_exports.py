from __future__ import annotations

import contextlib
import datetime as dt
import json
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input

from tests.present import present
from tests.tui.screen import BASE, SMALL, frame, play, press, sample_app, shows
from tests.tui.test_state import done
from wssdoctor.ticket.reading import differences, manifest_of, unpacked
from wssdoctor.tui import exports
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.lines import plain
from wssdoctor.tui.redaction import REDACTIONS, Packed, paragraphs
from wssdoctor.tui.screens.room import SMALLEST
from wssdoctor.tui.whatif import WhatIf


def content() -> exports.Content:
    session = done("sample")
    return exports.Content(
        lambda: exports.reported(present(session.diagnosis), WhatIf(), BASE), session.case, "the finding", "<svg></svg>"
    )


@pytest.mark.parametrize("kind", exports.kinds(), ids=lambda kind: kind.id)
def test_every_form_can_be_made(kind: exports.Kind) -> None:
    assert len(kind.make(content())) >= 5


def test_a_picture_loads_no_font(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        raw = app.export_screenshot()
        assert "@font-face" in raw
        svg = exports.without_web_fonts(raw)
        assert "@font-face" not in svg
        assert "cdnjs" not in svg
        assert "CONFIRMED" in svg.replace("&#160;", " ")

    play(sample_app(tmp_path), journey)


def test_a_name_says_which_system_and_when() -> None:
    session = done("sample")
    now = dt.datetime(2026, 11, 20, 10, 12)  # noqa: DTZ001
    names = [exports.file_name(session, kind, now) for kind in exports.kinds()]
    assert len(set(names)) == len(names)
    assert names[0].startswith("wssdoctor-ERP-100")
    assert "20261120-1012" in names[0]


def test_a_place_that_cannot_be_written_is_said_before(tmp_path: Path) -> None:
    assert exports.state_of(tmp_path / "new.html") == ("not there yet, folder is writable", True)
    assert not exports.state_of(tmp_path)[1]
    assert not exports.state_of(tmp_path / "no" / "folder")[1]
    assert not exports.state_of(Path("a\0b"))[1]


def test_a_case_becomes_a_file_with_the_basket_as_its_plan(tmp_path: Path) -> None:
    target = tmp_path / "report.json"

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "space", "x", "down", "down", "down", "f")
        app.screen.query_one("#file", Input).value = str(target)
        await press(app, pilot, "enter")
        assert await shows(app, pilot, "Written")
        assert app.exported == app.whatif.basket.actions
        remedy = app.whatif.basket.actions[0].remedy
        report = json.loads(target.read_bytes())
        assert [one["id"] for one in report["plan"]["remedies"]] == [remedy]

    play(sample_app(tmp_path), journey, SMALL)


def test_without_a_diagnosis_only_the_screen_can_be_written(tmp_path: Path) -> None:
    from tests.tui.screen import app_of

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = await press(app, pilot, "4", "x")
        assert "no finished diagnosis" in text
        assert "no-case" in frame(app)

    play(app_of(None, tmp_path), journey)


def test_what_a_ticket_replaces_is_counted_and_what_stays_is_said() -> None:
    usual, kept = REDACTIONS[0], REDACTIONS[3]
    one, other = (exports.ticket(replace(content(), redaction=redaction)) for redaction in (usual, kept))
    replaced, kept_secret = (
        {count.what: count.count for count in made.bundle.manifest.replaced} for made in (one, other)
    )
    assert one.kept == ()
    assert {count.what for count in other.kept} == replaced.keys() - kept_secret.keys() >= {"user", "host"}
    assert replaced["password"] == kept_secret["password"] > 0
    assert "certificates.pem" in {member.name for member in other.bundle.manifest.members}
    for redaction, made in ((usual, one), (kept, other)):
        text = plain([span for paragraph in paragraphs(redaction, made) for span in paragraph.spans])
        assert f"NOT redacted: {redaction.stays}" in text
        assert f"password {replaced['password']}" in text
    assert f"user {replaced['user']}" in plain(paragraphs(kept, other)[0].spans)


def test_a_ticket_is_chosen_previewed_and_written_with_its_map(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "x", "r")
        assert await shows(app, pilot, "Left out")
        await press(app, pilot, "p")
        assert await shows(app, pilot, "captures/01.http")
        text = await press(app, pilot, "escape", "m")
        assert ".names.json" in text
        assert "not there yet, folder is writable" in text
        await press(app, pilot, "enter")
        assert await shows(app, pilot, "Written")

    with contextlib.chdir(tmp_path):
        play(sample_app(tmp_path / "state"), journey, SMALL)
    (ticket,) = tmp_path.glob("*.zip")
    members = unpacked(ticket)
    assert not differences(members, manifest_of(members, ticket), ticket)
    (names,) = tmp_path.glob("*.names.json")
    assert names.stat().st_mode & 0o777 == 0o600
    assert "WS_ORDER" in json.loads(names.read_bytes()).values()
    assert b"WS_ORDER" not in ticket.read_bytes() + b"".join(members.values())


def test_a_ticket_that_is_written_while_it_is_counted_is_packed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go_on = Event(), Event()
    packed: list[Packed] = []
    pack = exports.ticket

    def slow(content: exports.Content) -> Packed:
        began.set()
        go_on.wait(10)
        packed.append(pack(content))
        return packed[-1]

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        monkeypatch.setattr(exports, "ticket", slow)
        for key in ("x", "r"):
            app.simulate_key(key)
            await pilot.pause(0.1)
        while not began.is_set():
            await pilot.pause(0.01)
        app.simulate_key("enter")
        await pilot.pause(0.1)
        go_on.set()
        assert await shows(app, pilot, "Written")

    with contextlib.chdir(tmp_path):
        play(sample_app(tmp_path / "state"), journey, SMALL)
    (written,) = tmp_path.glob("*.zip")
    assert [one.bundle.data for one in packed] == [written.read_bytes()]


@pytest.mark.parametrize("kind", ["html", "json", "finding", "screen"])
def test_every_form_has_a_preview(kind: str) -> None:
    one = next(one for one in exports.kinds() if one.id == kind)
    assert len(exports.preview(content(), one)) > 10


def test_the_smallest_screen_shows_every_level_of_redaction_and_whole(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert REDACTIONS[-1].title in await press(app, pilot, "x", "r")

    play(sample_app(tmp_path), journey, SMALLEST)
