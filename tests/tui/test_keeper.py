"""A case whose files change, and a session that broke off."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.screen import app_of, frame, play, press, sample_app, settled, shows
from tests.tui.test_interview import answer_all, answered, interview_of
from wssdoctor.sample import folder
from wssdoctor.tui import resume, watch
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.session import Opening
from wssdoctor.tui.widgets.source import SourceView


def case(folder: Path) -> Path:
    system = folder / "system.yaml"
    system.write_text("format: '1'\nsystem: {sid: ABC}\n")
    return system


def test_a_change_of_any_file_is_seen(tmp_path: Path) -> None:
    system = case(tmp_path)
    captures = tmp_path / "captures"
    captures.mkdir()
    opening = Opening(system, (captures,))
    first = watch.trace(opening)
    assert watch.trace(opening) == first
    (captures / "a.http").write_text("x")
    second = watch.trace(opening)
    assert second != first
    (captures / "inner").mkdir()
    (captures / "inner" / "b.http").write_text("x")
    third = watch.trace(opening)
    (captures / "inner" / "b.http").write_text("xy")
    assert third != watch.trace(opening)
    system.unlink()
    assert watch.trace(opening) != second


def test_a_case_is_read_again_when_its_file_changes(tmp_path: Path) -> None:
    system = case(tmp_path)

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        app.look()
        await settled(app, pilot)
        system.write_text("format: '1'\nsystem: {sid: XYZ, client: '100'}\n")
        app.look()
        await settled(app, pilot)
        assert "XYZ" in frame(app)
        assert any("changed" in one.text for one in app.said)

    play(app_of(Opening(system), tmp_path / "state"), journey)


@pytest.mark.parametrize("mode", ["1", "2", "3", "4"])
def test_a_case_that_is_read_again_leaves_the_user_where_he_was(tmp_path: Path, mode: str) -> None:
    copy = tmp_path / "case"
    shutil.copytree(folder(), copy)

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, mode, "down", *(("down", "enter", "down", "down") if mode == "2" else ()))
        place = (app.current_mode, app.request, app.whatif.request, app.view.wanted, app.screen.focused)
        at = app.screen.query(SourceView).first().at if mode == "2" else 0
        app.look()
        await settled(app, pilot)
        changed = copy / "captures" / "13-order-create-handheld.http"
        changed.write_bytes(changed.read_bytes().replace(b"PUMP", b"PIPE"))
        app.look()
        await settled(app, pilot)
        assert any("changed" in one.text for one in app.said)
        assert (app.current_mode, app.request, app.whatif.request, app.view.wanted, app.screen.focused) == place
        if mode == "2":
            assert app.screen.query_one(SourceView).at == at > 0

    play(app_of(Opening(copy / "system.yaml", (copy / "captures",)), tmp_path / "state"), journey)


@pytest.mark.parametrize("mode", ["1", "2", "3"])
def test_a_case_that_cannot_be_read_says_so_and_is_read_once_it_is_mended(tmp_path: Path, mode: str) -> None:
    system = case(tmp_path)
    good = system.read_text()

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, mode)
        app.look()
        await settled(app, pilot)
        system.write_text(good.replace("format", "fromat"))
        app.look()
        await settled(app, pilot)
        assert "did you mean 'format'" in frame(app)
        app.look()
        await settled(app, pilot)
        assert "cannot be opened" in frame(app)
        mended = good.replace("ABC", "XYZ")
        system.write_text(mended)
        app.look()
        await settled(app, pilot)
        assert "XYZ" in frame(app)
        assert "cannot be opened" not in frame(app)

    play(app_of(Opening(system), tmp_path / "state"), journey)


@pytest.mark.parametrize("mode", ["1", "2", "3"])
def test_what_cannot_be_read_is_called_so_on_every_screen(tmp_path: Path, mode: str) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = await press(app, pilot, "escape", mode)
        assert "cannot be read" in text or "NOT READ" in text
        assert "r Run again" in text
        assert "No finding is confirmed" not in text

    play(app_of(Opening(tmp_path / "nowhere.yaml"), tmp_path / "state"), journey)


def test_with_answers_that_are_not_saved_it_is_asked_first(tmp_path: Path) -> None:
    system = case(tmp_path)

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await answered(app, pilot, "5")
        await answer_all(app, pilot)
        replies = interview_of(app).replies
        assert replies
        app.look()
        await settled(app, pilot)
        system.write_text("format: '1'\nsystem: {sid: XYZ}\n")
        app.look()
        await settled(app, pilot)
        assert "begins anew" in frame(app)
        await press(app, pilot, "escape")
        assert interview_of(app).replies == replies

    play(app_of(Opening(system), tmp_path / "state"), journey)


def test_with_remedies_in_the_basket_it_is_asked_first(tmp_path: Path) -> None:
    copy = tmp_path / "case"
    shutil.copytree(folder(), copy)

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "space")
        basket = app.whatif.basket
        app.look()
        await settled(app, pilot)
        (copy / "captures" / "01-order-create.http").unlink()
        app.look()
        await settled(app, pilot)
        assert "files of the case changed" in frame(app)
        replays = len(app.session.run.replays)
        await press(app, pilot, "n")
        assert len(app.session.run.replays) == replays
        app._trace = None
        app.look()
        await settled(app, pilot)
        (copy / "captures" / "02-order-read.http").unlink()
        app.look()
        await settled(app, pilot)
        await press(app, pilot, "y")
        assert len(app.session.run.replays) == replays - 2
        assert app.whatif.basket == basket

    play(app_of(Opening(copy / "system.yaml", (copy / "captures",)), tmp_path / "state"), journey)


def test_after_a_crash_one_goes_on_where_one_was(tmp_path: Path) -> None:
    kept: list[object] = []

    async def crashed(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "down", "space", "3")
        app.look()
        await settled(app, pilot)
        kept.extend((app.view.key, app.whatif.basket.actions))
        (tmp_path / "kept.json").write_bytes((tmp_path / "place.json").read_bytes())

    async def again(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert "Go on where it broke off" in frame(app)
        await press(app, pilot, "enter")
        assert [app.view.key, app.whatif.basket.actions] == kept
        assert app.current_mode == "whatif"

    play(sample_app(tmp_path), crashed)
    (tmp_path / "place.json").write_bytes((tmp_path / "kept.json").read_bytes())
    play(app_of(None, tmp_path), again)


def test_after_a_proper_end_nothing_is_left(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        app.look()
        await settled(app, pilot)
        assert (tmp_path / "place.json").exists()
        app.exit(0)

    play(sample_app(tmp_path), journey)
    assert not (tmp_path / "place.json").exists()


def test_a_running_instance_has_not_broken_off(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        app.look()
        await settled(app, pilot)
        other = app_of(None, tmp_path)
        assert other.broken_off is None
        assert other.seat is not None
        assert app.seat is not None
        assert other.seat.path != app.seat.path
        other.exit(0)
        assert app.seat.load() is not None

    play(sample_app(tmp_path), journey)


def test_a_place_is_offered_while_another_instance_runs_and_is_not_lost_to_a_case_that_is_opened(
    tmp_path: Path,
) -> None:
    first, second = (resume.seat(tmp_path, broken_off=False) for _ in range(2))
    assert first is not None
    assert second is not None
    place = resume.Place("system.yaml", (), None, sample=False, mode="findings")
    second.save(place)
    second.leave()
    with_case = resume.seat(tmp_path, broken_off=False)
    assert with_case is not None
    assert with_case.load() is None
    without = resume.seat(tmp_path, broken_off=True)
    assert without is not None
    assert without.load() == place


def test_without_a_folder_to_write_to_no_place_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert resume.seat(tmp_path / "file" / "state", broken_off=True) is None


def test_a_damaged_place_is_no_place(tmp_path: Path) -> None:
    (tmp_path / "place.json").write_text('{"system": 1')

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert "broke off" not in frame(app)

    play(app_of(None, tmp_path), journey)


def test_quitting_with_remedies_that_no_report_names_is_asked(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "space", "q")
        assert "Quit?" in frame(app)
        await press(app, pilot, "escape")
        assert app.is_running
        app.exported = app.whatif.basket.actions
        await pilot.press("q")
        await pilot.pause()
        assert app.return_code == 0

    play(sample_app(tmp_path), journey)


def test_after_a_reload_the_what_if_is_drawn_as_wide_as_before(tmp_path: Path) -> None:
    copy = tmp_path / "case"
    shutil.copytree(folder(), copy)

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        before = await press(app, pilot, "3")
        assert "Replay  03" in before
        assert " 13 " in before
        app.action_reload()  # while nothing is replayed, there is neither matrix nor replay
        await settled(app, pilot)
        assert await shows(app, pilot, "Replay  03")
        assert frame(app) == before

    play(app_of(Opening(copy / "system.yaml", (copy / "captures",)), tmp_path / "state"), journey)
