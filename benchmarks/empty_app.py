"""The smallest app of Textual: what the terminal UI is compared with."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

MARKER = "marker-empty"
"""The text on its screen."""


class Empty(App[None]):
    """One text."""

    def compose(self) -> ComposeResult:
        yield Static(MARKER)


if __name__ == "__main__":
    Empty().run()
