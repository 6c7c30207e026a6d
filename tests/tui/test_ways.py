"""The four ways that matter, each by keys alone and by mouse alone, at both sizes: none takes more than twelve keys."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from textual import events
from textual.pilot import Pilot

from tests.present import present
from tests.tui.screen import SIZES, app_of, frame, play, press, sample_app, settled, shows
from wssdoctor.ticket.reading import differences, manifest_of, unpacked
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.source import SourceView

MOST = 12
PASTED = "E WSS(031) System is not prepared"

Check = Callable[[WssdoctorApp, "Pilot[int]"], Awaitable[None]]


class Way(NamedTuple):
    """Keys and clicks of a way, and what must be so at its end. A paste counts as one key."""

    keys: tuple[str, ...]
    clicks: tuple[str, ...]
    """Texts to click on; with a plus sign before it, twice."""
    ends: Check


async def remedy_is_read(app: WssdoctorApp, pilot: Pilot[int]) -> None:
    text = app.screen.query_one(Article).text
    assert "WSS031" in text
    assert "Remedy" in text
    assert app.screen.query_one(Article).has_focus


async def plan_is_proven(app: WssdoctorApp, pilot: Pilot[int]) -> None:
    assert await shows(app, pilot, "No check fails any more")
    assert len(app.whatif.basket.actions) == len(present(app.session.plan).actions) > 0
    assert all(replay.verdict == "accepted" for replay in present(app.whatif.result).run.replays)


async def byte_is_shown(app: WssdoctorApp, pilot: Pilot[int]) -> None:
    assert await shows(app, pilot, "◄")
    assert await shows(app, pilot, "byte 473 of the envelope")
    request = present(app.session.case).requests[app.request]
    assert request.capture.envelope[473:].startswith(b"<wsu:Timestamp ")
    assert app.screen.query_one(SourceView).has_focus


async def ticket_is_there(app: WssdoctorApp, pilot: Pilot[int]) -> None:
    assert await shows(app, pilot, "Written")
    (ticket,) = Path().glob("wssdoctor-ERP-100-*.zip")
    members = unpacked(ticket)
    assert not differences(members, manifest_of(members, ticket), ticket)
    report = json.loads(members["report.json"])
    confirmed = {one["cause"] for one in report["findings"] if one["status"] == "confirmed"}
    assert confirmed == {finding.cause for finding in app.session.confirmed}
    assert not any(b"WS_ORDER" in data for data in members.values())


WAYS = {
    "text-to-remedy": Way(
        ("4", "slash", "PASTE", "enter", "enter"), ("4 Knowledge", "/ Search", "PASTE", "+WSS031"), remedy_is_read
    ),
    "case-to-plan": Way(("3", "s"), ("3 What-if", "s Smallest set"), plan_is_proven),
    "finding-to-byte": Way((*["down"] * 6, "e"), ("The message had expired", "e Evidence"), byte_is_shown),
    "case-to-ticket": Way(("x", "r", "enter"), ("x Export", "Ticket for support", "Enter Write"), ticket_is_there),
}


async def pasted(app: WssdoctorApp, pilot: Pilot[int]) -> None:
    present(app.screen.focused).post_message(events.Paste(PASTED))
    await settled(app, pilot)


async def clicked(app: WssdoctorApp, pilot: Pilot[int], text: str) -> None:
    """Click on a text: where it is lowest, as bars are; for two clicks where it is highest, as rows are."""
    times, text = 2 if text.startswith("+") else 1, text.removeprefix("+")
    for _ in range(times):
        assert await shows(app, pilot, text), frame(app)
        rows = frame(app).split("\n")
        found = [index for index, one in enumerate(rows) if text in one]
        row = found[0] if times == 2 else found[-1]
        await pilot.click(offset=(rows[row].index(text) + 1, row))
        await settled(app, pilot)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", WAYS)
def test_by_keys_alone(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    way = WAYS[name]
    assert len(way.keys) <= MOST

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        for key in way.keys:
            if key == "PASTE":
                await pasted(app, pilot)
            else:
                await press(app, pilot, key)
        await way.ends(app, pilot)

    _play(way, tmp_path, journey, size)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", WAYS)
def test_by_mouse_alone(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    way = WAYS[name]

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        for text in way.clicks:
            if text == "PASTE":
                await pasted(app, pilot)
            else:
                await clicked(app, pilot, text)
        await way.ends(app, pilot)

    _play(way, tmp_path, journey, size)


def _play(way: Way, folder: Path, journey: Check, size: tuple[int, int]) -> None:
    app = app_of(None, folder / "state") if way.ends is remedy_is_read else sample_app(folder / "state")
    with contextlib.chdir(folder):
        play(app, journey, size)
