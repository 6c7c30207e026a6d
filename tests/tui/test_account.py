"""A folder of exports: what became of each file is shown, and what was left out is never green."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from textual.pilot import Pilot

from tests.present import present
from tests.tui.screen import LARGE, SMALL, app_of, frame, play, press, sample_app, shown
from tests.tui.test_state import done
from wssdoctor.tui import account, state
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.lines import plain
from wssdoctor.tui.opening import read_case
from wssdoctor.tui.session import Opening
from wssdoctor.tui.state import FindingList


def exports(folder: Path) -> Path:
    folder.mkdir()
    (folder / "users.txt").write_text("|MANDT|BNAME|UFLAG|\n|100|WS_ORDER|64|\n")
    (folder / "users2.txt").write_text("|MANDT|BNAME|UFLAG|\n|100|WS_ORDER|0|\n")
    (folder / "holiday.txt").write_text("nothing of SAP\n")
    return folder


def test_the_account_stands_in_the_header_and_behind_a_key(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = frame(app)
        assert "2 read" in text
        assert "1 contradiction" in text
        assert "1 not read" in text
        text = await press(app, pilot, "R")
        assert "holiday.txt" in text
        assert "users2.txt" in shown(app).copied()
        assert "64 (users.txt" in shown(app).copied()

    for size in (SMALL, LARGE):
        play(app_of(Opening(exports(tmp_path / f"exports{size[0]}")), tmp_path / "state"), journey, size)


def test_a_description_has_an_account_too(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        text = await press(app, pilot, "R")
        assert "system.yaml" in text
        assert "13 requests read" in text

    play(sample_app(tmp_path), journey)


def test_what_exports_left_out_is_never_green(tmp_path: Path) -> None:
    found = read_case(Opening(exports(tmp_path / "exports"))).account
    assert found is not None
    whole = done("healthy")
    assert "HEALTHY" in plain(state.status_lines(whole, FindingList(), 80)[0])
    partly = replace(whole, account=found)
    assert partly.unread == 1
    lines = state.status_lines(partly, FindingList(), 80)
    assert "INCONCLUSIVE" in plain(lines[0])
    assert not any(one.tone == "pass" for one in lines[0])
    assert "≠ 1 contradiction" in plain(account.headline(found))


def test_a_folder_without_an_export_is_no_system(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "holiday.txt").write_text("nothing of SAP\n")

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert "no export in this folder" in shown(app).copied()

    play(app_of(Opening(tmp_path / "exports"), tmp_path / "state"), journey)


def test_one_client_can_be_chosen(tmp_path: Path) -> None:
    folder = exports(tmp_path / "exports")
    (folder / "users2.txt").write_text("|MANDT|BNAME|UFLAG|\n|200|WS_ORDER|0|\n")

    async def several(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert "several clients" in shown(app).copied()

    async def one(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        assert present(app.session.case).facts.value("users[0].lock") == 64

    play(app_of(Opening(folder), tmp_path / "state"), several)
    play(app_of(Opening(folder, client="100"), tmp_path / "state"), one)
