"""The key that a text names: the one that is really bound to a command."""

from __future__ import annotations

from wssdoctor.tui.command import Keymap, is_typed, keys_of, shown_keys
from wssdoctor.tui.commands import COMMANDS

_COMMANDS = {command.id: command for command in COMMANDS}
_own: Keymap = {}


def use(keymap: Keymap) -> None:
    """Name these keys of the user's own from now on. The app that starts says so; a process has one."""
    global _own
    _own = keymap


def key(command: str, *, typing: bool = False) -> str:
    """Return the first key of a command as people call it: ``x``, ``Esc``. Raises ``KeyError`` for an unknown one.

    While one is ``typing``, only keys count that type nothing; empty where there is none.
    """
    keys = keys_of(_COMMANDS[command], _own)
    return shown_keys([one for one in keys if not (typing and is_typed(one))][:1])
