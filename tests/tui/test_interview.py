from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.tui.places import PLACES, go
from tests.tui.screen import app_of, frame, play, press, settled, shows
from wssdoctor.description.change import flat
from wssdoctor.description.load import load
from wssdoctor.description.written import written
from wssdoctor.sample import folder
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.session import Opening


async def answered(app: WssdoctorApp, pilot: Pilot[int], *keys: str) -> None:
    await press(app, pilot, *keys)
    for _ in range(500):
        if not app.screen.waiting:
            break
        await pilot.pause(0.02)
    await settled(app, pilot)


async def answer_all(app: WssdoctorApp, pilot: Pilot[int]) -> None:
    """Answer every fact of the question; one without answers to choose from is skipped."""
    for _ in app.screen._interview.question.facts:
        await answered(app, pilot, "enter" if app.screen._options[0].kind == "value" else "s")


def test_one_is_asked_answers_skips_and_takes_back(tmp_path: Path):
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await go(app, pilot, PLACES["interview"])
        first = app.screen._interview
        assert first.question.facts
        assert "Look" in frame(app)
        await answer_all(app, pilot)
        second = app.screen._interview
        assert len(second.replies) == 1
        assert "1 answered" in frame(app)
        for _ in second.question.facts or (None,):
            await answered(app, pilot, "s")
        assert "1 skipped" in frame(app)
        await answered(app, pilot, "u")
        await answered(app, pilot, "u")
        assert app.screen._interview.replies == ()

    play(app_of(None, tmp_path), journey)


def test_a_value_that_cannot_be_is_refused_with_what_may_be(tmp_path: Path):
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await go(app, pilot, PLACES["interview"])
        kinds = [one.kind for one in app.screen._options]
        await press(app, pilot, *["down"] * kinds.index("other"), "enter")
        app.screen.query_one("#value").value = "{a: [1}"
        await press(app, pilot, "escape")
        assert app.screen.query_one("#value").display is False
        assert app.is_running

    play(app_of(None, tmp_path), journey)


def test_answers_are_written_into_a_description_of_their_own(tmp_path: Path):
    system = tmp_path / "system.yaml"
    system.write_text("format: '1'\nsystem: {sid: ABC}\n")

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await answered(app, pilot, "5")
        assert "Nothing was answered" in await press(app, pilot, "w")
        await answer_all(app, pilot)
        values = app.screen._interview.answers
        await press(app, pilot, "w")
        assert await shows(app, pilot, "Written")
        facts = load(tmp_path / "system.answered.yaml")
        assert facts.description.system.sid == "ABC"
        assert all(facts.value(path) == app.screen._interview.case.facts.value(path) for path in values)

    play(app_of(Opening(system), tmp_path / "state"), journey)
    assert system.read_text() == "format: '1'\nsystem: {sid: ABC}\n"


def test_a_description_that_is_written_reads_as_the_same(tmp_path: Path):
    facts = load(folder() / "system.yaml")
    copy = tmp_path / "copy.yaml"
    copy.write_text(written(facts, ("a copy",)))
    before, after = (
        {path: value for path, value in flat(one).items() if not path.endswith(".file")} for one in (facts, load(copy))
    )
    assert before == after  # certificates stand in it, so that it can be moved
