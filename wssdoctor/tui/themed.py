"""The part of the app that has themes: chosen before it begins, parsed once, changed by a key."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

from textual.app import App

from wssdoctor.tui import themes

_HERE = Path(__file__).parent


class Themed(App[int]):
    """An app in one of our themes, or without colour."""

    # Those of the screens too: what a screen brings with it when it is first opened makes Textual parse everything anew.
    CSS_PATH: ClassVar = [_HERE / "global.tcss", *sorted((_HERE / "screens").glob("*.tcss"))]

    def __init__(self, theme: str) -> None:
        # Textual can do without colour only if it knows before it starts; an empty variable asks for nothing.
        if not os.environ.get("NO_COLOR"):
            os.environ.pop("NO_COLOR", None)
        colourless = "NO_COLOR" in os.environ
        super().__init__(ansi_color=True if colourless else None)
        for one in themes.themes():
            self.register_theme(one)
        self.theme = themes.NO_COLOR_THEME if colourless else theme
        self.stylesheet.set_variables(self.get_css_variables())
        self._begins_with: str | None = self.theme
        """The theme that the styles are parsed with at first, until Textual asks for it."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return our colours for a theme that does not know them: those of the terminal itself."""
        return dict.fromkeys(themes.variables(themes.DEFAULT), "ansi_default")

    def refresh_css(self, animate: bool = True) -> None:
        """Parse and apply all styles anew, but not for the theme that they were parsed with at first.

        Textual parses them with a theme of its own, and tells of ours as of a change once the first screen stands.
        """
        begins_with, self._begins_with = self._begins_with, None
        if begins_with != self.theme:
            super().refresh_css(animate)
        for screen in self.screen_stack:
            screen._css_update_count = self._css_update_count

    def choose_next_theme(self) -> str:
        """Choose the next of our themes and return its title; empty without colour, which has only one look."""
        if self.no_color:
            return ""
        names = list(themes.PALETTES)
        here = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(here + 1) % len(names)]
        return themes.TITLES[self.theme]
