"""Texts name the keys that are bound, whatever keys.yaml says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from textual.pilot import Pilot

import wssdoctor.tui
from tests.tui.screen import BASE, LARGE, frame, play, settled
from wssdoctor.tui import keynames
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.tui.command import is_typed, shown_keys
from wssdoctor.tui.commands import COMMANDS
from wssdoctor.tui.opening import sample_opening

_LETTER = r"(?:Esc|Enter|Space|[b-zB-Z/?:])"
_NAMED = re.compile(
    rf"(?:^|[\s(]){_LETTER} (?:then |again )?(?!is\b)[a-z]+s\b"  # "o opens one"
    rf"|(?:^|[\s(])(?:a (?:reads|shows|writes|opens)|{_LETTER}|[0-9]): ?$"
    rf"|(?:^|\s)\((?:{_LETTER}|[0-9])[),]"  # "What-if (3)"
    rf"|\b(?:with|after|press) {_LETTER}(?:[.,;)]|$)"
    r"|(?:^|[\s(])(?:a (?:reads|shows|writes|opens)\b|[0-9] says\b)"
)
"""How a text names a key."""
_APART = ("keymap.py", "commands.py", "driver.py")
"""The first speaks of keys, the second binds them, and the third takes an Esc out of what comes, whatever is bound."""
_OWN = "F20"
_DEFAULT = re.compile(r"(?:^|\s\s)(?:[1-6]|Esc|Space|[a-z]) [A-Z][a-z]")
"""How a bar names a key."""


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module, its docstrings left out."""
    tree = ast.parse(path.read_text())
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def test_no_text_names_a_key_itself() -> None:
    for text in (
        "No case is open: o opens one.",
        "What-if (3) shows",
        "read again, or with r.",
        "a reads the article.",
        "Esc stays",
    ):
        assert _NAMED.search(text), text
    folder = Path(wssdoctor.tui.__file__).parent
    found = [
        f"{path.name}:{line}: {text!r}"
        for path in sorted(folder.rglob("*.py"))
        if path.name not in _APART
        for line, text in texts(path)
        if _NAMED.search(text)
    ]
    assert not found


def test_keys_are_called_as_people_call_them() -> None:
    keys = ("question_mark", "f5", "ctrl+t", "shift+tab", "comma", "minus", "x", "backspace")
    assert shown_keys(keys) == "? F5 Ctrl+T Shift+Tab , - x Backspace"
    assert [is_typed(key) for key in ("comma", "x", "space", "f5", "up", "ctrl+t")] == [True] * 3 + [False] * 3


def test_no_sentence_of_a_command_names_a_key() -> None:
    assert not [one.id for one in COMMANDS if _NAMED.search(one.sentence)]


def test_screens_name_the_keys_that_are_bound(tmp_path: Path) -> None:
    own = {command.id: ("f20",) for command in COMMANDS if command.keys and command.context not in ("list", "article")}
    app = WssdoctorApp(lambda: BASE, sample_opening(), state_folder=tmp_path, keymap=own)

    async def look(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        for mode in ("findings", "requests", "whatif", "knowledge", "interview", "lab", "start"):
            app.action_go(mode)
            await settled(app, pilot)
            text = frame(app)
            assert _OWN in text, mode
            assert not [line for line in text.splitlines() if _DEFAULT.search(line)], mode
        app.action_go("findings")
        for action in ("help", "export", "open_case", "messages", "account"):
            await app.run_action(f"app.{action}")
            await settled(app, pilot)
            assert _OWN in frame(app), action
            await app.action_back()

    try:
        play(app, look, LARGE)
    finally:
        keynames.use({})
