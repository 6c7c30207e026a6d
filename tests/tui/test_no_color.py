from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.screen import play, sample_app
from tests.tui.terminal import Terminal
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.lines import Span
from wssdoctor.tui.widgets.view import strip_of

PLAIN = {"", "0", "1", "2", "4", "7", "22", "24", "27", "39", "49"}


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_no_color_sends_no_colour(tmp_path: Path) -> None:
    with Terminal(tmp_path, environment={"NO_COLOR": "1"}) as terminal:
        terminal.until("CONFIRMED")
        terminal.leave()
    sent = {code for codes in re.findall(r"\x1b\[([0-9;]*)m", terminal.text) for code in codes.split(";")}
    assert sent <= PLAIN, sorted(sent - PLAIN)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_an_empty_no_color_asks_for_nothing(tmp_path: Path) -> None:
    with Terminal(tmp_path, environment={"NO_COLOR": ""}) as terminal:
        terminal.until("CONFIRMED")
    assert "38;2;" in terminal.text


def test_without_colour_the_chosen_row_and_mode_can_be_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        reversed_text = "".join(
            segment.text
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and segment.style.reverse
        )
        assert "1 Findings" in reversed_text
        assert "FAIL" in reversed_text

    app = sample_app(tmp_path)
    assert app.no_color
    play(app, journey)


def test_without_colour_the_row_chosen_in_another_pane_is_underlined_and_headings_only_where_they_have_text() -> None:
    line = (Span(" Lab  ", "heading"), Span("ended"))
    heading = [one.text for one in strip_of(line, 20, "", no_color=True) if one.style and one.style.underline]
    assert heading == ["Lab"]
    chosen = strip_of(line, 20, "", no_color=True, surface="cursor-dim")
    assert "".join(one.text for one in chosen if one.style and one.style.underline) == " Lab  ended         "
