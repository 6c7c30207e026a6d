"""The ways of a user, by keys and by mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input

from tests.present import of_type, present
from tests.tui.places import PLACES, app_for, go
from tests.tui.screen import LARGE, SIZES, SMALL, app_of, frame, play, press, sample_app, settled, shown, shows
from wssdoctor.sample import folder
from wssdoctor.tui import runner
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.opening import Read, read_case
from wssdoctor.tui.screens.whatif import WhatIfScreen
from wssdoctor.tui.session import Opening
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import CommandBar, ModeBar
from wssdoctor.tui.widgets.choice import Choice


def chosen(app: WssdoctorApp) -> int:
    """How many remedies are in the basket."""
    return len(app.whatif.basket.actions)


@pytest.mark.parametrize("size", SIZES)
def test_from_a_failing_case_to_the_proven_plan(tmp_path: Path, size: tuple[int, int]) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = await press(app, pilot, "t", "3", "s")
        rejected = app.session.run.rejected
        assert rejected > 0
        assert f"{rejected} now accepted" in text
        assert "No check fails any more" in text

    play(app_of(None, tmp_path), journey, size)


def test_from_an_error_text_to_its_remedy(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = await press(app, pilot, "4", "slash", *"wss 31", "enter", "enter")
        assert "WSS031" in text
        assert "Remedy" in "\n".join(app.screen.query_one(Article).text.splitlines())

    play(app_of(None, tmp_path), journey)


def test_from_a_finding_to_the_place_in_the_message_and_back(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = await press(app, pilot, "slash", *"timestamp-expired", "enter", "e")
        assert app.current_mode == "requests"
        assert "◄" in text
        await press(app, pilot, "f")
        assert app.current_mode == "findings"
        assert app.view.key is not None
        assert app.view.key[0] == "timestamp-expired"

    play(sample_app(tmp_path), journey)


def test_a_remedy_goes_into_the_basket_from_its_finding_and_out_again(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = await press(app, pilot, "space")
        assert chosen(app) == 1
        assert "~" in text
        await press(app, pilot, "3")
        assert "now accepted" in frame(app)
        await press(app, pilot, "1", "space")
        assert chosen(app) == 0

    play(sample_app(tmp_path), journey)


def test_the_basket_can_be_undone_and_emptied(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "3", "space", "down", "space")
        assert chosen(app) == 2
        await press(app, pilot, "u")
        assert chosen(app) == 1
        await press(app, pilot, "s", "0")
        assert chosen(app) == 0
        assert app.whatif.result is None

    play(sample_app(tmp_path), journey)


def test_the_replay_steps_through_stages_and_requests(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "3")
        stage, request = app.whatif.stage, app.whatif.request
        await press(app, pilot, "left")
        assert app.whatif.stage == stage - 1
        await press(app, pilot, "right_square_bracket")
        assert app.whatif.request == request + 1
        await press(app, pilot, "n")
        step = app.session.run.replays[app.whatif.request].steps[app.whatif.stage]
        assert step.outcome == "failed"

    play(sample_app(tmp_path), journey)


def test_modes_keep_their_place(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "down", "down")
        chosen = app.view.key
        first = app.request
        await press(app, pilot, "2", "down", "3", "4", "1")
        assert app.view.key == chosen
        assert app.screen.query_one("#list", Choice).cursor == app.view.cursor
        await press(app, pilot, "2")
        assert app.request == first + 1

    play(sample_app(tmp_path), journey)


def test_requests_open_on_the_first_rejected_one_unless_another_was_chosen(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        replays = app.session.run.replays
        first = next(i for i, one in enumerate(replays) if one.verdict == "rejected")
        assert first > 0
        assert replays[first].capture.rpartition("/")[2] in (await press(app, pilot, "2")).splitlines()[1]
        assert app.request == first
        await press(app, pilot, "home", "enter", "r", "2")
        assert app.request == 0

    play(sample_app(tmp_path), journey)


@pytest.mark.parametrize("keys", [("2",), ("2", "v")])
def test_the_first_mark_of_a_request_is_in_sight_and_when_it_was_captured(
    tmp_path: Path, keys: tuple[str, ...]
) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        lines = (await press(app, pilot, *keys)).splitlines()
        assert any(line.startswith("✗") for line in lines[8:])
        assert lines[2].startswith(" captured ")
        lines = (await press(app, pilot, "enter")).splitlines()
        assert lines[2].startswith(" byte ")
        assert any("after Expires" in line for line in lines)
        await press(app, pilot, "enter")
        assert app.current_mode == "findings"

    play(sample_app(tmp_path), journey)


def test_the_bar_of_requests_names_what_the_view_can_do(tmp_path: Path) -> None:
    there = PLACES["signatures"]

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await go(app, pilot, there)
        bar = frame(app).splitlines()[-1]
        assert "d Difference" in bar
        assert "Next mark" not in bar
        bar = (await press(app, pilot, "V")).splitlines()[-1]
        assert "n Next mark" in bar
        assert "Difference" not in bar
        bar = (await press(app, pilot, "p")).splitlines()[-1]
        assert "h Headers" in bar
        assert "Policy" not in bar

    play(app_for(there, tmp_path), journey)


def test_esc_leads_back_and_never_quits_and_q_quits_at_the_top(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "enter", "question_mark", "escape", "escape")
        assert app.current_mode == "findings"
        for _ in range(6):
            await press(app, pilot, "escape")
        assert app.current_mode == "start"
        assert app.is_running
        await pilot.press("q")
        await pilot.pause()
        assert app.return_code == 0

    play(sample_app(tmp_path), journey)


def test_q_in_a_detail_is_a_step_back(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "enter", "q")
        assert app.is_running
        assert app.screen.query("#list")

    play(sample_app(tmp_path), journey, SMALL)


def test_letters_typed_into_a_search_are_no_commands(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "slash", *"q1tf")
        assert app.view.search == "q1tf"
        assert app.current_mode == "findings"

    play(sample_app(tmp_path), journey)


def test_a_case_is_opened_by_naming_its_files(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "o")
        app.screen.query_one("#system", Input).value = str(folder() / "system.yaml")
        app.screen.query_one("#captures", Input).value = f"{folder()}/captures/0*.http"
        await press(app, pilot, "enter")
        assert len(app.session.run.replays) == 9
        assert "requests rejected" in frame(app)

    play(app_of(None, tmp_path), journey)


def test_the_open_dialog_completes_paths_and_wants_at_least_one(tmp_path: Path) -> None:
    (tmp_path / "landscape.yaml").write_text("format: '1'\n")

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = await press(app, pilot, "o", "enter")
        assert "Name a description" in text
        app.screen.query_one("#system", Input).value = f"{tmp_path}/land"
        await press(app, pilot, "end")
        await pilot.pause(0.1)
        await press(app, pilot, "right")
        assert app.screen.query_one("#system", Input).value.endswith("landscape.yaml")

    play(app_of(None, tmp_path), journey, LARGE)


def test_a_run_is_cancelled_with_esc_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    reached, go_on = Event(), Event()

    def slow(opening: Opening, alive: Callable[[], None]) -> Read:
        reached.set()
        go_on.wait(10)
        return read_case(opening, alive)

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        monkeypatch.setattr(runner, "read_case", slow)
        await pilot.press("r")
        while not reached.is_set():
            await pilot.pause(0.01)
        assert "READING" in frame(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "CANCELLED" in frame(app)
        assert app.session.phase == "cancelled"
        go_on.set()
        await settled(app, pilot)
        assert app.session.phase == "cancelled"
        monkeypatch.undo()
        assert "CONFIRMED" in await press(app, pilot, "r")

    play(sample_app(tmp_path), journey)


def test_a_defect_of_ours_is_shown_and_does_not_end_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("hunter2")

    monkeypatch.setattr(runner, "diagnose", broken)

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = frame(app)
        assert "RuntimeError" in text
        assert "hunter2" not in text
        assert "STOPPED" in await press(app, pilot, "escape")

    play(sample_app(tmp_path), journey)


def test_copying_hands_text_to_the_terminal_and_says_so(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = await press(app, pilot, "y")
        assert "Evidence" in app.clipboard
        assert "OSC 52" in text

    play(sample_app(tmp_path), journey)


def test_the_theme_changes_with_one_key(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "T")
        assert app.theme == "wssdoctor-light"
        await press(app, pilot, "T", "T")
        assert app.theme == "wssdoctor-dark"

    play(sample_app(tmp_path), journey)


def test_from_start_to_the_plan_by_mouse_alone(tmp_path: Path) -> None:
    async def click(app: WssdoctorApp, pilot: Pilot[int], widget: type[Widget], text: str) -> None:
        bar = app.screen.query_one(widget)
        line = frame(app).split("\n")[bar.region.y]
        await pilot.click(bar, offset=(line.index(text), 0))
        await settled(app, pilot)

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await click(app, pilot, CommandBar, "Sample")
        assert app.current_mode == "findings"
        await pilot.click("#list", offset=(10, 4))
        await settled(app, pilot)
        assert app.view.cursor == 4
        await pilot.click("#list", offset=(10, 4))
        await settled(app, pilot)
        assert not app.screen.query("#list")
        await click(app, pilot, CommandBar, "Back")
        await click(app, pilot, ModeBar, "3 What-if")
        assert app.current_mode == "whatif"
        await click(app, pilot, CommandBar, "Smallest set")
        assert "now accepted" in frame(app)

    play(app_of(None, tmp_path), journey)


def test_captures_alone_are_a_case(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert len(app.session.run.replays) == 13
        assert "HEALTHY" not in frame(app)

    play(app_of(Opening(None, (folder() / "captures",)), tmp_path), journey)


def test_the_palette_runs_a_command(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        for words, mode in (("Go: what-if", "whatif"), ("Go: knowledge", "knowledge")):
            await pilot.press("colon")
            app.screen.query_one(Input).value = words
            await pilot.pause(0.5)
            await pilot.press("down", "enter")
            await pilot.pause(0.2)
            await settled(app, pilot)
            assert app.current_mode == mode

    play(sample_app(tmp_path), journey)


def test_a_remedy_that_weakens_security_is_announced(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "1", "slash", *"clock-skew", "enter", "3")
        offers = of_type(WhatIfScreen, app.screen)._offers
        weak = next(index for index, offer in enumerate(offers) if offer.weakens and not offer.possible)
        await press(app, pilot, *["down"] * weak, "space")
        assert await shows(app, pilot, "weakens security")
        assert await shows(app, pilot, "WEAKENS SECURITY")

    play(sample_app(tmp_path), journey, LARGE)


def test_running_again_keeps_the_basket_and_the_chosen_finding(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "down", "space")
        basket, key = app.whatif.basket, app.view.key
        await press(app, pilot, "r")
        assert app.whatif.basket == basket
        assert app.whatif.result is not None
        assert app.view.key == key

    play(sample_app(tmp_path), journey)


def test_leaving_a_search_does_not_cancel_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    go_on = Event()

    def slow(opening: Opening, alive: Callable[[], None]) -> Read:
        go_on.wait(10)
        return read_case(opening, alive)

    monkeypatch.setattr(runner, "read_case", slow)

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        app.action_open_sample()
        await pilot.press("4", "slash", "a", "escape", "escape")
        assert app.session.running
        go_on.set()
        await settled(app, pilot)
        assert app.session.phase == "done"

    play(app_of(None, tmp_path), journey)


def test_a_replay_plays_to_the_stage_that_stops_and_the_log_can_be_copied(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "3", "p")
        replay = app.session.run.replays[app.whatif.request]
        assert replay.steps[app.whatif.stage].stage == replay.stage
        assert "today" in shown(app).copied()
        await press(app, pilot, "n")
        later = (app.whatif.request, app.whatif.stage)
        await press(app, pilot, "N")
        assert (app.whatif.request, app.whatif.stage) != later

    play(sample_app(tmp_path), journey)


def test_a_pasted_log_is_explained_line_by_line(tmp_path: Path) -> None:
    from textual import events

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "4", "p")
        present(app.screen.focused).post_message(events.Paste("first\nE WSS031 here\n\x1b[2Jx WSS021\n"))
        await settled(app, pilot)
        await press(app, pilot, "ctrl+s")
        assert await shows(app, pilot, "The pasted text: 2 known messages")
        assert "line    2" in frame(app)
        await press(app, pilot, "escape")
        assert "The pasted text" not in frame(app)

    play(app_of(None, tmp_path), journey)


def test_a_case_is_compared_with_another_and_with_a_report(tmp_path: Path) -> None:
    from wssdoctor.report.build import build
    from wssdoctor.report.jsonreport import to_json

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        report = tmp_path / "before.json"
        report.write_bytes(to_json(build(present(app.session.diagnosis), app.base)))
        for other, says in ((folder() / "system.yaml", "The facts are the same"), (report, "do not hold the facts")):
            await press(app, pilot, "c")
            app.screen.query_one("#other", Input).value = str(other)
            await press(app, pilot, "enter")
            assert await shows(app, pilot, "Nothing got better or worse")
            assert says in shown(app).copied()
            await press(app, pilot, "escape")
        await press(app, pilot, "c")
        app.screen.query_one("#other", Input).value = str(tmp_path / "gone.yaml")
        await press(app, pilot, "enter")
        assert await shows(app, pilot, "cannot be read")

    play(sample_app(tmp_path), journey)


def test_outbound_calls_stand_beside_requests(tmp_path: Path) -> None:
    system = Path(__file__).resolve().parents[1] / "data" / "healthy" / "outbound" / "system.yaml"

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert "Outbound calls" in await press(app, pilot, "2")
        call = app.session.run.calls[0]
        text = app.screen.query_one(Article).text
        assert call.subject.name in text
        assert "Logical port" in text
        await press(app, pilot, "3")
        assert await shows(app, pilot, "Outbound calls")

    play(app_of(Opening(system), tmp_path / "state"), journey, LARGE)


@pytest.mark.parametrize("mode", ["start", "4"])
def test_what_is_pasted_where_no_line_takes_it_is_explained(tmp_path: Path, mode: str) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        if mode != "start":
            await press(app, pilot, mode)
        assert app.focused is not None
        app.focused.post_message(events.Paste("E WSS(031) System is not prepared"))
        assert await shows(app, pilot, "The pasted text: 1 known message, "), frame(app)
        assert app.current_mode == "knowledge"

    play(app_of(None, tmp_path), journey)
