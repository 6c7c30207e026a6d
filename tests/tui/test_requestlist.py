"""The list of requests and outbound calls: which row is whose."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.tui.screen import LARGE, frame, play, press, sample_app
from tests.tui.test_state import done
from wssdoctor.check.result import Subject
from wssdoctor.consumer.call import Call
from wssdoctor.tui import session
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.lines import plain
from wssdoctor.tui.requestlist import Listed, listed, row_line


def test_calls_stand_under_a_heading_and_are_counted_after_the_requests() -> None:
    sample = done("sample")
    assert sample.case is not None
    requests = sample.case.requests[:2]
    calls = tuple(Call(Subject(name), "works", None, None) for name in ("one", "other"))
    found = Listed(requests, calls)
    assert (found.total, found.rows) == (4, 5)
    assert [row for row in range(found.rows) if found.is_heading(row)] == [2]
    assert [found.row_of(number) for number in range(4)] == [0, 1, 3, 4]
    assert [found.number_of(found.row_of(number)) for number in range(4)] == [0, 1, 2, 3]
    assert [found.request(number) for number in (-1, 0, 1, 2)] == [None, *requests, None]
    assert [found.call(number) for number in (1, 2, 3, 4)] == [None, *calls, None]
    assert not any(listed(sample).is_heading(row) for row in range(20))


def test_what_was_listed_is_still_drawn_while_the_case_is_read_again(tmp_path: Path) -> None:
    sample = done("sample")
    assert sample.opening is not None
    found, reading = listed(sample), session.opened(sample.opening)
    assert "not replayed" in plain(row_line(found, reading, 0, 80))

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "2")
        app.session = reading
        app.screen.query_one("#list").refresh()
        await pilot.pause()
        assert frame(app).count("not replayed") == len(found.requests)

    play(sample_app(tmp_path), journey, LARGE)
