"""A command: something that the user can do, with its keys. All of them stand in ``commands``."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

Context: TypeAlias = Literal[
    "app",
    "list",
    "article",
    "start",
    "findings",
    "detail",
    "requests",
    "difference",
    "whatif",
    "changes",
    "interview",
    "knowledge",
    "lab",
    "paste",
    "compare",
    "dialog",
    "open",
    "export",
    "preview",
    "ask",
    "messages",
    "account",
    "error",
    "help",
]
"""Where a command works: everywhere, in a kind of widget, or on one screen."""

DIALOGS: frozenset[Context] = frozenset(
    ("difference", "changes", "paste", "open", "export", "preview", "ask", "messages", "account", "error", "help")
)
"""Screens over another one."""

TITLES: Mapping[Context, str] = {
    "start": "Start",
    "findings": "Findings",
    "detail": "One finding",
    "requests": "Requests",
    "difference": "What was signed and what came",
    "whatif": "What-if",
    "changes": "What remedies change",
    "interview": "Interview",
    "knowledge": "Knowledge",
    "lab": "Lab",
    "paste": "Paste a text",
    "compare": "Compare",
    "open": "Open a case",
    "export": "Export",
    "preview": "What would be written",
    "ask": "A question",
    "messages": "Messages",
    "account": "What was read",
    "error": "What is wrong",
    "help": "Help",
    "list": "Lists",
    "article": "Texts",
    "dialog": "Dialogs",
    "app": "Everywhere",
}
"""What each place is called in the help."""


class Command(Struct, frozen=True):
    """Something that the user can do."""

    id: str
    context: Context
    keys: tuple[str, ...]
    label: str
    """One or two words for the bar at the foot."""
    title: str
    """What the palette calls it."""
    sentence: str
    """What help says."""
    action: str
    """The action of Textual that does it."""
    rank: int = 0
    """Place in the bar at the foot, from 1; 0: not shown there."""


Keymap: TypeAlias = Mapping[str, tuple[str, ...]]
"""Keys of the user's own, by command."""

NAMES: Mapping[str, str] = {
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "insert": "Ins",
    "delete": "Del",
    "minus": "-",
    "plus": "+",
    "at": "@",
    "underscore": "_",
}
"""Keys that are not called as Textual calls them, nor by the character that Textual names."""

_ARROWS = ("up", "down", "left", "right")


def called(key: str) -> str:
    """Return a key as people call it: ``?``, ``F5``, ``Ctrl+T``."""
    if key in NAMES or len(key) == 1:
        return NAMES.get(key, key)
    held, _, letter = key.rpartition("+")
    if held or (key[0] == "f" and key[1:].isdigit()):
        return f"{held.title()}+{letter.upper()}" if held else key.upper()
    try:
        character = unicodedata.lookup(key.replace("_", " "))
    except KeyError:
        character = ""
    return character if character.isprintable() and character else key.capitalize()


def is_typed(key: str) -> bool:
    """Whether a key goes into a line to type in instead of doing something."""
    return key == "space" or (len(called(key)) == 1 and key not in _ARROWS)


def keys_of(command: Command, keymap: Keymap) -> tuple[str, ...]:
    """Return the keys of a command: the user's own, else those of the table."""
    return keymap.get(command.id, command.keys)


def shown_keys(keys: Iterable[str]) -> str:
    """Return keys as people call them."""
    return " ".join(map(called, keys))
