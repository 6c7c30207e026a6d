from __future__ import annotations

import itertools
from pathlib import Path
from threading import Event

import pytest
from textual.message import Message
from textual.pilot import Pilot

from tests.tui.screen import BASE, frame, play, press, sample_app, settled
from wssdoctor.diagnosis.progress import Progress
from wssdoctor.tui import runner
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.news import Advanced, CaseRead, Crashed, Finished, Refused, RemediesTried
from wssdoctor.tui.opening import read_case, sample_opening
from wssdoctor.tui.session import Opening


def told_of(opening: Opening, cancelled: Event | None = None) -> list[Message]:
    messages: list[Message] = []
    runner.run_case(1, opening, BASE, cancelled or Event(), messages.append)
    return messages


def test_a_run_tells_of_the_case_and_of_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "CADENCE", 0.0)
    monkeypatch.setattr(runner, "FINDINGS", 0.0)
    messages = told_of(sample_opening())
    assert isinstance(messages[0], CaseRead)
    assert isinstance(messages[-1], Finished)
    phases = [one.progress.phase for one in messages if isinstance(one, Advanced)]
    assert phases == sorted(phases, key=["checks", "remedies", "plan"].index)
    assert phases[0] == "checks"
    runs = [one.known.run for one in messages if isinstance(one, Advanced) and one.known is not None]
    counts = [len(run.replays) for run in runs]
    assert counts == sorted(set(counts))
    assert {run.undescribed for run in runs} == {messages[-1].diagnosis.run.undescribed} == {("consumer",)}


class Clock:
    """A clock that goes on by a little with every look."""

    now = 0.0

    def monotonic(self) -> float:
        self.now += 0.003
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_however_fast_the_steps_come_news_keeps_its_cadence(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(runner, "time", clock)
    monkeypatch.setattr(runner, "FINDINGS", 3 * runner.CADENCE)
    told: list[tuple[float, bool]] = []

    def post(message: Message) -> None:
        if isinstance(message, Advanced):
            clock.now += 0.04  # so that there is more than one
            told.append((clock.now, message.known is not None))

    runner.run_case(1, sample_opening(), BASE, Event(), post)
    for times, cadence in (
        ([time for time, _ in told], runner.CADENCE),
        ([time for time, known in told if known], runner.FINDINGS),
    ):
        assert times
        assert all(later - earlier >= cadence for earlier, later in itertools.pairwise(times))
    assert told[0][1]
    assert not all(known for _, known in told)


def test_a_cancelled_run_stops_and_says_nothing_more() -> None:
    stop = Event()
    messages: list[Message] = []

    def post(message: Message) -> None:
        messages.append(message)
        stop.set()

    runner.run_case(1, sample_opening(), BASE, stop, post)
    assert [type(one) for one in messages] == [CaseRead]


def test_files_that_cannot_be_read_are_all_named(tmp_path: Path) -> None:
    (tmp_path / "system.yaml").write_text("format: '1'\nsystem: {sidd: X}\n")
    (tmp_path / "a.http").write_bytes(b"\0\1\2")
    (message,) = told_of(Opening(tmp_path / "system.yaml", (tmp_path / "a.http", tmp_path / "gone.xml")))
    assert isinstance(message, Refused)
    files = [problem.place.file for problem in message.problems if problem.place]
    assert [Path(str(file)).name for file in files] == ["system.yaml", "a.http", "gone.xml"]
    assert message.problems[0].place is not None
    assert message.problems[0].place.line == 2


def test_a_defect_is_named_without_any_value(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(runner, "diagnose", broken)
    *_, message = told_of(sample_opening())
    assert isinstance(message, Crashed)
    assert "RuntimeError" in message.where
    assert "hunter2" not in message.where


def test_remedies_are_tried_on_a_copy() -> None:
    case = read_case(sample_opening()).case
    finished = told_of(sample_opening())[-1]
    assert isinstance(finished, Finished)
    assert finished.diagnosis.plan is not None
    messages: list[Message] = []
    runner.try_remedies(1, case, finished.diagnosis.plan.actions, BASE, Event(), messages.append)
    (message,) = messages
    assert isinstance(message, RemediesTried)
    assert message.result is not None
    assert message.result.run.rejected == 0


def test_a_trial_that_is_not_wanted_any_more_says_nothing() -> None:
    case = read_case(sample_opening()).case
    stop = Event()
    stop.set()
    messages: list[Message] = []
    runner.try_remedies(1, case, (), BASE, stop, messages.append)
    assert messages == []


def test_progress_is_plain_data() -> None:
    assert Progress("checks", 1, 2).replays == ()


def test_news_that_the_end_of_the_app_overtakes_is_dropped(tmp_path: Path) -> None:
    app = sample_app(tmp_path)

    async def nothing(_app: WssdoctorApp, _pilot: Pilot[int]) -> None:
        return

    play(app, nothing)
    before, diagnosis = app.session, app.session.diagnosis
    assert diagnosis is not None
    app._finished(Finished(app._number, diagnosis, ()))
    assert app.session is before


def test_the_end_of_the_run_leaves_the_finding_that_is_read(tmp_path: Path) -> None:
    app = sample_app(tmp_path)

    async def read(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "enter")
        before, diagnosis = app.view.chosen, app.session.diagnosis
        assert before is not None
        assert diagnosis is not None
        app._finished(Finished(app._number, diagnosis, app.session.rows))
        await settled(app, pilot)
        assert app.view.chosen == before
        assert before.title in frame(app)

    play(app, read)
