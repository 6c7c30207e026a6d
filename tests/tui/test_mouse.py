"""The mouse as a terminal tells of it, on a terminal; and each part of a line that a click acts on by itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.screen import LARGE, SIZES, SMALL, app_of, frame, play, press, sample_app, shows
from tests.tui.terminal import Terminal
from tests.tui.test_ways import clicked
from wssdoctor.sample import folder
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.lines import Span, act_at, clip, span

CLICKS: dict[str, tuple[tuple[str, str], ...]] = {
    "text-to-remedy": (
        ("4 Knowledge", "articles"),
        ("/ Search", "Enter Search"),
        ("PASTE", "MSG    WSS031"),
        ("MSG    WSS031", "Remedy"),
    ),
    "case-to-plan": (("3 What-if", "Smallest set"), ("s Smallest set", "No check fails any more")),
    "finding-to-byte": (
        ("The message had expired", "timestamp-expired"),
        ("e Evidence", "byte 473 of the envelope"),
    ),
    "case-to-ticket": (
        ("x Export", "Ticket for support"),
        ("Ticket for support", "Replaced"),
        ("Enter Write", "Written"),
    ),
}
"""Texts to click on, and what each click shows."""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("name", "size"), zip(CLICKS, (SMALL, LARGE, SMALL, LARGE), strict=True), ids=str)
def test_a_way_with_the_mouse_of_a_terminal(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    alone = name == "text-to-remedy"
    call = "run(None)" if alone else "run(None, sample=True)"
    with Terminal(tmp_path, call=call, directory=tmp_path, size=size) as terminal:
        terminal.until("Try the sample" if alone else "simulated:\u00a0resolved")  # rows move no more
        for text, sees in CLICKS[name]:
            if text == "PASTE":
                terminal.walk([("\x1b[200~WSS031\x1b[201~", sees)])
            else:
                terminal.click(text, sees)
        assert terminal.leave() == 0
    assert len(list(tmp_path.glob("*.zip"))) == (name == "case-to-ticket")


def test_a_box_and_a_fold_mark_act_at_one_click(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "3")
        await clicked(app, pilot, "[ ] Call the service over HTTPS")
        assert [one.remedy for one in app.whatif.basket.actions] == ["call-over-https"]
        await clicked(app, pilot, "[x] Call the service over HTTPS")
        assert app.whatif.basket.actions == ()
        await press(app, pilot, "1", "v", "v")
        await clicked(app, pilot, "\u25be ICF node")
        assert "\u25b8 ICF node" in frame(app)
        await clicked(app, pilot, "\u25b8 ICF node")
        assert "\u25be ICF node" in frame(app)

    play(sample_app(tmp_path), journey)


def test_the_matrix_and_the_lanes_are_clicked_at_80_columns(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "3")
        await clicked(app, pilot, " 07 ")
        assert "request 7 of 13" in frame(app)
        await clicked(app, pilot, "USER")
        assert "stage 11 of 12" in frame(app)
        await clicked(app, pilot, " 07 ")  # the chosen one: why it is rejected
        assert app.current_mode == "findings"
        assert app.view.key is not None
        assert app.view.key[0] == "icf-node-inactive"

    play(sample_app(tmp_path), journey)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_mark_leads_to_its_finding_and_the_filter_turns_at_a_click(tmp_path: Path, size: tuple[int, int]) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "2", "n")
        await clicked(app, pilot, "\u25c4 it arrived")
        assert app.view.key is not None
        assert app.view.key[0] == "timestamp-expired"
        await clicked(app, pilot, "f filters")
        assert "confirmed only" in frame(app)

    play(sample_app(tmp_path), journey, size)


def test_a_case_is_opened_and_an_article_is_left_by_mouse_at_80_columns(tmp_path: Path) -> None:
    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await clicked(app, pilot, "o Open")
        await clicked(app, pilot, "Esc cancels")
        assert await shows(app, pilot, "Try the sample")
        await clicked(app, pilot, "o Open")
        app.screen.query_one("#captures").value = str(folder() / "captures")  # type: ignore[attr-defined]
        await clicked(app, pilot, "Enter Ctrl+O opens")
        assert await shows(app, pilot, "1 Findings")
        assert app.session.captured == 13
        await clicked(app, pilot, "4 Knowledge")
        await clicked(app, pilot, "Enter Read")
        assert "q Back" in frame(app)
        await clicked(app, pilot, "q Back")
        assert "q Quit" in frame(app)
        assert app.is_running

    play(app_of(None, tmp_path), journey)


def test_what_is_cut_still_acts_and_nothing_beside_it_does() -> None:
    line = (Span("ab", act="one"), span("cde"), Span("fghij", act="two"))
    assert [act_at(line, cell) for cell in (0, 1, 2, 4, 5, 9, 10)] == ["one", "one", "", "", "two", "two", ""]
    assert act_at(clip(line, 7), 6) == "two"
