"""The room that a screen has: its classes say how much, before it is laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.geometry import Size

if TYPE_CHECKING:
    from textual.screen import Screen

    _Screen = Screen[None]
else:
    _Screen = object

SMALLEST = (60, 16)
"""Columns and lines below which nothing useful fits."""
WIDE = 100
"""Columns from which panes stand side by side."""

_COLUMNS = ((0, "-tiny"), (SMALLEST[0], "-narrow"), (WIDE, "-wide"))
_LINES = ((0, "-flat"), (SMALLEST[1], "-low"), (20, "-tall"))


class Roomy(_Screen):
    """A part of a screen class. Textual's own breakpoints would lay out a screen, style it anew and lay it out again.

    It also tells a screen each size twice: as the terminal's, and as what came of the layout. A size that the terminal
    does not have any more would come of its own layout again, and so for ever beside the next one.
    """

    _room: Size | None = None
    """The size that it is laid out for."""

    def fit(self, size: Size) -> None:
        """Take the classes for a size in cells."""
        classes = {name: False for _, name in (*_COLUMNS, *_LINES)}
        for length, steps in ((size.width, _COLUMNS), (size.height, _LINES)):
            classes[max(step for step in steps if step[0] <= length)[1]] = True
        self.update_classes(classes, animate=False)

    async def on_event(self, event: events.Event) -> None:
        """Pass over a size that is known or gone. Other screens are given the same event: it stays as it is."""
        if isinstance(event, events.Resize):
            if event.size == self._room or event.size != self.app.size:
                return
            self._room = event.size
            self.fit(event.size)
            self.resized()
        await super().on_event(event)

    def resized(self) -> None:
        """Do what another size asks for, before the screen is laid out."""
