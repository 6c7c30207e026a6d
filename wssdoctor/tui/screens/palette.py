"""The palette of commands, which holds out where there is no room for its list."""

from __future__ import annotations

from textual.command import CommandList, CommandPalette

from wssdoctor.tui.screens.base import ClosedOnce
from wssdoctor.tui.screens.room import Roomy


class Palette(ClosedOnce, Roomy, CommandPalette):
    """The palette of Textual, whose list else breaks where it has no line and is to turn a page."""

    def _action_command_list(self, action: str) -> None:
        if action == "select" or self.query_one(CommandList).size.height:
            super()._action_command_list(action)
