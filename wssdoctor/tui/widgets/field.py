"""A line to type in, or to paste into: what strangers wrote becomes harmless before it is shown."""

from __future__ import annotations

from textual.widgets import Input

from wssdoctor.tui.text import harmless

MOST = 2000
"""Characters that a line keeps."""


class Field(Input):
    """A line whose value never holds what a terminal obeys."""

    def validate_value(self, value: str) -> str:
        """Put symbols in the place of control characters."""
        return harmless(value[:MOST], 10 * MOST)
