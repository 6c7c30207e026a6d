from __future__ import annotations

import asyncio
import itertools
from functools import partial
from pathlib import Path

import pytest
from textual.css.stylesheet import Stylesheet
from textual.events import Resize
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widgets._toast import Toast

from tests.tui.places import PLACES, STATES, app_for, go
from tests.tui.screen import LARGE, SIZES, SMALL, app_of, frame, play, press, sample_app, settled, shown, shows, until
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.lines import _cells as cells_of
from wssdoctor.tui.lines import width
from wssdoctor.tui.screens.room import SMALLEST
from wssdoctor.tui.session import Opening
from wssdoctor.tui.widgets.bar import CommandBar

EVERYWHERE = {**PLACES, **STATES}
SWEEP = ((60, 16), (99, 30), (100, 16), (200, 60))


@pytest.mark.parametrize("size", SIZES)
def test_the_findings_say_what_is_wrong_what_to_do_and_what_was_not_checked(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = frame(app)
        assert "CONFIRMED" in text
        assert "requests rejected" in text
        assert "99 checks" in text
        assert "unknown" in text
        assert "38 outbound" in text
        assert "Evidence" in text
        assert "Do now" in text

    play(sample_app(tmp_path), journey, size)


@pytest.mark.parametrize("place", EVERYWHERE)
def test_every_screen_fits_every_size_and_still_says_what_it_is_for(tmp_path: Path, place: str) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await go(app, pilot, EVERYWHERE[place])
        for bar in app.screen.query(CommandBar):
            assert sum(width(line) for line, _ in bar.items(bar.size.width)) <= bar.size.width
        for size in SWEEP:
            await pilot.resize_terminal(*size)
            assert await until(pilot, partial(fills, app, size))
            assert await shows(app, pilot, EVERYWHERE[place].sees), frame(app)

    play(app_for(EVERYWHERE[place], tmp_path), journey)


@pytest.mark.parametrize("size", [SMALLEST, *SIZES])
def test_where_nothing_can_be_tried_no_pane_is_empty(tmp_path: Path, size: tuple[int, int]) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await go(app, pilot, STATES["nothing-to-try"])
        text = frame(app)
        assert text.count("No request was captured") == 1
        assert "o Open" in text
        assert not app.screen.query_one("#panes").display
        await press(app, pilot, "escape")
        assert app.current_mode == "findings"

    play(app_for(STATES["nothing-to-try"], tmp_path), journey, size)


@pytest.mark.parametrize("keys", [(), ("r",)])
def test_the_bar_of_the_export_names_all_that_it_can_do_on_the_smallest_screen(
    tmp_path: Path, keys: tuple[str, ...]
) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        bar = (await press(app, pilot, "x", *keys)).splitlines()
        named = next(line for line in bar if "Enter Write" in line)
        for label in ("p Preview", "r Redact", "f Name", "Esc Close"):
            assert label in named

    play(sample_app(tmp_path), journey, SMALLEST)


def test_the_map_of_names_is_offered_with_a_ticket_only(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert "m Map" not in await press(app, pilot, "x")
        assert "m Map" in await press(app, pilot, "r")
        assert "m Map" not in await press(app, pilot, "up")

    play(sample_app(tmp_path), journey)


def test_a_resize_during_a_run_harms_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        app = sample_app(tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            for size in itertools.cycle(SWEEP):
                await pilot.resize_terminal(*size)
                assert await until(pilot, partial(fills, app, size))
                if app.session.phase == "done":
                    break

    asyncio.run(run())


def fills(app: WssdoctorApp, size: tuple[int, int]) -> bool:
    """Whether every line of the screen is as wide as it, and there are as many."""
    lines = frame(app).split("\n")
    return len(lines) == size[1] and {cells_of(line) for line in lines} == {size[0]}


def test_below_the_smallest_size_the_screen_says_so(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        for size in ((59, 30), (80, 15)):
            await pilot.resize_terminal(*size)
            await settled(app, pilot)
            assert f"{size[0]}x{size[1]}" in frame(app)
            assert "CONFIRMED" not in frame(app)
        await pilot.resize_terminal(80, 24)
        before = Size(80, 15)
        app.screen.post_message(Resize(before, before))  # told late: the terminal has another size by now
        await settled(app, pilot)
        assert "CONFIRMED" in frame(app)

    play(sample_app(tmp_path), journey)


def test_start_offers_what_to_do(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = frame(app)
        assert "no case" in text
        assert "nothing is sent anywhere" in text
        for row in ("Open a case", "Try the sample", "Search the knowledge base"):
            assert row in text

    play(app_of(None, tmp_path), journey)


def test_without_a_case_every_mode_says_so(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert "No case is open" in await press(app, pilot, "1")
        assert "No case is open" in await press(app, pilot, "2")
        assert "No case is open" in await press(app, pilot, "3")
        assert "articles" in await press(app, pilot, "4")
        assert "Try the sample" in await press(app, pilot, "escape")

    play(app_of(None, tmp_path), journey)


def test_the_bar_of_the_knowledge_names_what_does_something_there(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert "a Applies here" not in await press(app, pilot, "4")
        assert "Esc List" in await press(app, pilot, "enter")
        text = await press(app, pilot, "escape")
        assert "Esc List" not in text
        assert "Enter Read" in text

    play(app_of(None, tmp_path), journey, size=LARGE)


def test_what_was_said_does_not_stand_over_the_list_of_it(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "space")
        await pilot.pause(0.1)
        assert app.screen.query(Toast)
        assert "In the what-if basket" in await press(app, pilot, "m")
        await pilot.pause(0.1)
        assert not app.screen.query(Toast)

    play(sample_app(tmp_path), journey)


def test_a_description_alone_is_never_called_healthy(tmp_path: Path) -> None:
    system = tmp_path / "system.yaml"
    system.write_text("format: '1'\nsystem: {sid: ABC, client: '100'}\n")

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = frame(app)
        assert "INCONCLUSIVE" in text
        assert "HEALTHY" not in text
        assert "facts missing" in text
        assert "ASK" in text
        assert "In SAP" in text

    play(app_of(Opening(system), tmp_path), journey)


def test_a_case_that_cannot_be_read_says_where_why_and_what_to_do(tmp_path: Path) -> None:
    system = tmp_path / "system.yaml"
    system.write_text("format: '1'\nsystem:\n  sidd: ABC\n")

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = frame(app)
        assert "cannot be opened" in text
        assert "system.yaml:3:3" in shown(app).copied()
        system.write_text("format: '1'\nsystem:\n  sid: ABC\n")
        assert "INCONCLUSIVE" in await press(app, pilot, "r")

    play(app_of(Opening(system), tmp_path), journey, LARGE)


def test_a_missing_file_is_an_error_and_esc_leads_back(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert "cannot be opened" in frame(app)
        await press(app, pilot, "escape")
        assert "cannot be opened" not in frame(app)
        await press(app, pilot, "escape")
        assert "Try the sample" in frame(app)
        assert app.is_running

    play(app_of(Opening(tmp_path / "gone.yaml"), tmp_path), journey, LARGE)


def test_a_filter_that_hides_everything_says_how_to_leave(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = await press(app, pilot, "slash", *"xyzzy")
        assert "0 of" in text
        assert "clears" in text
        assert "CONFIRMED" in await press(app, pilot, "escape")

    play(sample_app(tmp_path), journey)


def test_recent_cases_are_offered_and_open_again(tmp_path: Path) -> None:
    system = tmp_path / "erp-prod.yaml"
    system.write_text("format: '1'\nsystem: {sid: ABC}\n")

    async def first(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert "ABC" in frame(app)

    async def second(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert "erp-prod.yaml" in frame(app)
        await press(app, pilot, "end", "enter")
        assert "INCONCLUSIVE" in frame(app)

    play(app_of(Opening(system), tmp_path), first)
    play(app_of(None, tmp_path), second)


def test_the_sample_is_no_recent_case(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert not (tmp_path / "recent.json").exists()

    play(sample_app(tmp_path), journey)


def test_where_there_is_room_titles_are_whole_and_any_of_their_lines_can_be_clicked(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        lines = frame(app).splitlines()
        index = next(index for index, line in enumerate(lines) if "The request carries other logon data" in line)
        assert "judges first" in lines[index + 1]
        await pilot.click(offset=(20, index + 1))
        assert await shows(app, pilot, "CONFIRMED  The request carries other logon data")
        assert await press(app, pilot, "down")
        assert app.view.chosen is not None
        assert "another way than the endpoint" in app.view.chosen.title

    play(sample_app(tmp_path), journey, LARGE)


@pytest.mark.parametrize(
    ("place", "named", "unnamed"),
    [("cancelled", "r Run again", "Esc"), ("exports", "Enter Detail", "Space Try"), ("reading", "? Help", "Export")],
)
def test_the_bar_names_what_helps_here_and_nothing_idle(tmp_path: Path, place: str, named: str, unnamed: str) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await go(app, pilot, STATES[place])
        bar = frame(app).splitlines()[-1]
        assert named in bar
        assert unnamed not in bar

    play(app_for(STATES[place], tmp_path), journey)


def test_a_branch_is_folded_and_unfolded_by_mouse_at_80_columns(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "v", "v")
        assert "← Fold" in await press(app, pilot, "up")
        await pilot.click("CommandBar", offset=(2, 0))
        await settled(app, pilot)
        assert "→ Unfold" in frame(app)
        assert "▸ ICF node" in frame(app)
        await pilot.click("CommandBar", offset=(2, 0))
        await settled(app, pilot)
        assert "▾ ICF node" in frame(app)

    play(sample_app(tmp_path), journey)


def test_a_question_says_how_to_say_no(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert "Esc No" in await press(app, pilot, "space", "q")
        assert "Quit?" not in await press(app, pilot, "n")
        await press(app, pilot, "q", "enter")
        assert not app.is_running

    play(sample_app(tmp_path), journey)


def test_no_screen_that_is_opened_makes_textual_read_all_styles_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[str] = []
    monkeypatch.setattr(Stylesheet, "reparse", lambda _: again.append("read"))
    app = sample_app(tmp_path)

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        again.clear()
        for keys in (*"234561", ("x", "escape"), ("question_mark", "escape"), ("o", "escape"), ("c", "escape")):
            await press(app, pilot, *keys)
        assert app.current_mode == "findings"
        assert again == []
        await press(app, pilot, "T")
        assert again  # a theme is other styles

    play(app, journey)
