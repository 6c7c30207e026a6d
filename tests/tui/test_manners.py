from __future__ import annotations

import re
import signal
import sys
from pathlib import Path

import pytest

from tests.tui.terminal import Terminal

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

LEFT = ("\x1b[?1049l", "\x1b[?1003l", "\x1b[?25h", "\x1b[?2004l")
"""What gives a terminal back: its own screen, its mouse, its cursor, its way to paste."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_its_code_and_gives_the_terminal_back(tmp_path: Path, number: signal.Signals) -> None:
    with Terminal(tmp_path) as terminal:
        terminal.until("CONFIRMED")
        terminal.send(number)
        assert terminal.leave("") == 128 + number
    assert all(one in terminal.text for one in LEFT)


def test_after_a_signal_it_can_go_on_where_it_was(tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        terminal.until("CONFIRMED")
        terminal.send(signal.SIGTERM)
        terminal.leave("")
    with Terminal(tmp_path, call="run(None)") as terminal:
        terminal.until("Go on where it broke off")


def test_without_its_terminal_it_ends(tmp_path: Path) -> None:
    ignoring = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    with Terminal(tmp_path, before=ignoring) as terminal:
        terminal.until("CONFIRMED")
        assert terminal.hang_up() == 128 + signal.SIGHUP


def test_while_the_terminal_takes_nothing_it_goes_on_and_ends(tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        terminal.until("CONFIRMED")
        terminal.type("1234" * 30)
        terminal.until(" articles")
        terminal.walk([("/", "Enter Search"), ("pass\x7f\x7fword", "paword")])  # in the order in which it was typed
        terminal.type("\x1b[27u" + "1234" * 30 + "x?m\x11")  # dialogs that are still being made
        assert terminal.ended() == 0


def test_it_is_suspended_also_in_a_dialog_and_comes_back_whole(tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        terminal.until("CONFIRMED")
        terminal.press("x", "JUnit")
        terminal.press("\x1a", LEFT[0])
        assert terminal.stopped()
        terminal.send(signal.SIGCONT)
        terminal.press("", "JUnit")
        terminal.press("\x1b", "CONFIRMED")
        assert terminal.leave() == 0


def test_a_locale_without_ticks_and_a_wrong_size_change_nothing(tmp_path: Path) -> None:
    with Terminal(
        tmp_path, environment={"PYTHONIOENCODING": "ascii:backslashreplace", "COLUMNS": "20", "LINES": "5"}
    ) as terminal:
        terminal.until("✗")
    assert "\\u" not in terminal.text


def test_on_a_dumb_terminal_it_says_what_works_there(tmp_path: Path) -> None:
    call = "__import__('wssdoctor.cli.main', fromlist=['run']).run([])"
    with Terminal(tmp_path, call=call, environment={"TERM": "dumb"}) as terminal:
        terminal.until("wssdoctor check SYSTEM")
        assert terminal.leave("") == 2
    assert "\x1b" not in terminal.text


@pytest.mark.parametrize("theme", ["", "T"])
def test_with_sixteen_colours_the_chosen_row_can_be_told(tmp_path: Path, theme: str) -> None:
    with Terminal(tmp_path, environment={"TERM": "xterm", "COLORTERM": ""}) as terminal:
        terminal.until("CONFIRMED")
        if theme:
            terminal.press(theme, "Light")
        terminal.press("j", "FAIL")
        terminal.leave()
    assert "38;2;" not in terminal.text
    assert re.search(r"\x1b\[[0-9;]*\b7\b[0-9;]*m ?✗ FAIL", terminal.text)
