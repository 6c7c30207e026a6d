"""The lab beside the screen: what comes is seen, is told, and opens among the requests."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from tests import landscape
from tests.present import present
from tests.tui.screen import BASE, LARGE, SMALL, frame, press, settled
from wssdoctor.check.result import Outcome
from wssdoctor.lab.entry import Entry, Failed
from wssdoctor.lab.provider import Provider
from wssdoctor.lab.server import Arrival
from wssdoctor.lab.serving import Where
from wssdoctor.tui import lablines, labrun
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.labrun import LabRun
from wssdoctor.tui.lines import plain, width

SYSTEM = landscape.FOLDER / "system.yaml"
HOSTILE = "/sap/%1b[31mred%e2%80%ae"


def app_with_lab(folder: Path, save: Path | None = None) -> tuple[WssdoctorApp, LabRun]:
    run = LabRun(SYSTEM, Where(port=0, behind_tls=True), folder=save)
    app = WssdoctorApp(lambda: BASE, state_folder=folder, lab=run)
    app.animation_level = "none"
    return app, run


def served(app: WssdoctorApp) -> LabRun:
    assert app.lab is not None
    return app.lab


def post(address: str, path: str, body: bytes) -> int:
    client = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
    client.putrequest("POST", path)
    client.putheader("Content-Type", "text/xml; charset=utf-8")
    client.putheader("Content-Length", str(len(body)))
    client.endheaders(body)
    status = client.getresponse().status
    client.close()
    return status


async def until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    for _ in range(1000):
        if holds():
            break
        await asyncio.sleep(0.02)
    await pilot.pause(0)
    assert holds()


def in_one_loop(app: WssdoctorApp, size: tuple[int, int], journey: Callable[[Pilot[int]], Awaitable[None]]) -> None:
    async def go() -> None:
        async with app.run_test(size=size) as pilot:
            await journey(pilot)

    asyncio.run(go())


def test_what_comes_is_seen_newest_first_and_opens_among_the_requests(tmp_path: Path) -> None:
    app, run = app_with_lab(tmp_path, tmp_path / "saved")
    request = landscape.requests()[0].capture.request
    assert request is not None

    async def journey(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: bool(run.address))
        await until(pilot, lambda: run.address in frame(app))
        await asyncio.to_thread(post, run.address, request.target, request.body)
        await asyncio.to_thread(post, run.address, HOSTILE, request.body)
        await until(pilot, lambda: "2 came" in frame(app))
        seen = frame(app)
        assert "2 came:  ✗ 2 rejected" in seen
        assert "rejected at" in seen
        assert [one.entry.number for one in run.newest()] == [2, 1]
        assert f" {run.newest()[0].entry.status} " in seen
        await press(app, pilot, "j")  # the older one, which was sent at another time than now
        await until(pilot, lambda: "timestamp" in frame(app).lower())
        await press(app, pilot, "enter")
        await settled(app, pilot)
        assert app.current_mode == "requests"
        await until(pilot, lambda: "request-00001" in frame(app))
        assert app.session.case is not None
        assert [one.name.rpartition("-")[2] for one in app.session.case.requests] == ["00001.http"]
        assert app.session.run.replays[0].agrees
        await press(app, pilot, "6")
        assert "2 came" in frame(app)
        await press(app, pilot, "s")
        await until(pilot, lambda: not run.running)
        assert "ended" in frame(app)
        assert "Start lab" in frame(app)

    in_one_loop(app, SMALL, journey)
    assert len(list((tmp_path / "saved").iterdir())) == 2


def test_without_a_lab_it_says_how_to_start_one_and_ends_it_when_it_leaves(tmp_path: Path) -> None:
    app = WssdoctorApp(lambda: BASE, state_folder=tmp_path)
    app.animation_level = "none"

    async def journey(pilot: Pilot[int]) -> None:
        await press(app, pilot, "6")
        assert "o opens a case with a system description" in frame(app)
        assert "Start lab" not in frame(app)
        await press(app, pilot, "s")
        assert app.lab is None  # nothing is described
        app.action_open_sample()
        await settled(app, pilot)
        assert "Start lab" in await press(app, pilot, "6")
        await press(app, pilot, "s")
        await until(pilot, lambda: app.lab is not None and bool(app.lab.address))
        await until(pilot, lambda: "listens at http://127.0.0.1:" in frame(app))
        assert "End lab" in frame(app)
        assert served(app).paths[0] in frame(app)
        await press(app, pilot, "s")
        assert "Start lab" in frame(app)
        await press(app, pilot, "s")

    in_one_loop(app, LARGE, journey)
    assert app.lab is not None
    app.lab.end()
    app.lab.clear()
    assert not app.lab.running


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    first = LabRun(SYSTEM, Where(port=0))
    first.start()
    while not first.address:
        time.sleep(0.01)
    taken = LabRun(SYSTEM, Where(port=int(first.address.rpartition(":")[2])), folder=tmp_path / "saved")
    app = WssdoctorApp(lambda: BASE, state_folder=tmp_path, lab=taken)

    async def journey(pilot: Pilot[int]) -> None:
        await until(pilot, lambda: "cannot be listened on" in frame(app))
        first.end()
        first.clear()
        await press(app, pilot, "s")  # tries the same again
        await until(pilot, lambda: f"listens at {first.address}" in frame(app))

    in_one_loop(app, SMALL, journey)


def test_what_a_case_is_made_of_stays_when_more_comes_and_when_the_lab_starts_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(labrun, "KEPT", 1)
    first = LabRun(SYSTEM, Where(port=0))
    first.start()
    while not first.address:
        time.sleep(0.01)

    def came(number: int) -> Path:
        capture = replace(landscape.requests()[0].capture, name=f"request-{number:05d}.http")
        answer = Provider.of(SYSTEM).answer(capture, landscape.MOMENT)
        first._heard(Arrival(landscape.MOMENT, "127.0.0.1", capture, answer, number))
        return present(first.newest()[0].file)

    held = came(1)
    first.hold([held])
    other = came(2)
    came(3)
    assert held.exists()
    assert not other.exists()  # no longer among those that are shown
    first.end()
    second = first.again()
    assert held.exists()
    second.clear()
    assert not held.parent.exists()


def test_hostile_text_is_harmless_in_rows_and_texts() -> None:
    bad = "\x1b[31mred\u202e\n\x07"
    one = Entry(
        1,
        landscape.MOMENT,
        bad,
        bad,
        500,
        bad,
        "rejected",
        bad,
        ((bad, Outcome.FAILED),),
        (Failed(bad, bad, bad),),
        (bad,),
    )
    columns = {cells: lablines.path_column([one], cells) for cells in (20, 60, 120)}
    texts = [plain(lablines.row(one, cells, first)) for cells, first in columns.items()]
    texts += [plain(paragraph.spans) for paragraph in lablines.article(one)]
    assert not [text for text in texts if set(text) & set("\x1b\u202e\n\x07")]
    assert all(width(lablines.row(one, cells, first)) <= cells for cells, first in columns.items())
