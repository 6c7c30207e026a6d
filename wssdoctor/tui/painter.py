"""An app at the pace of its terminal and of its screens.

What a slow terminal has not taken is drawn once it can be, as it is then. What is typed faster than a screen is made
waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import ScreenStackError
from textual.geometry import Region
from textual.screen import Screen

from wssdoctor.tui.themed import Themed

_PATIENCE = 2.0
"""Seconds that a key waits for a screen at most."""


class Painter(Themed):
    """Draws nothing while its driver is ``behind``; the driver has ``catch_up`` called when that is over."""

    _undrawn: frozenset[Region] = frozenset()
    """Where the terminal does not show what it should."""

    async def on_event(self, event: events.Event) -> None:
        """Let a key that opens a screen make it before the next key closes it, or asks for what it holds.

        Behind a key that ends the program no key does anything.
        """
        if self._exit and isinstance(event, events.InputEvent):
            return
        if isinstance(event, events.InputEvent) and not isinstance(event, events.MouseMove):
            with contextlib.suppress(TimeoutError, ScreenStackError):
                await asyncio.wait_for(self.screen._mounted_event.wait(), _PATIENCE)
        await super().on_event(event)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if getattr(self._driver, "behind", False):
            self._undrawn |= self._regions(renderable)
        else:
            super()._display(screen, renderable)

    def _regions(self, update: object) -> frozenset[Region]:
        if isinstance(update, ChopsUpdate):
            return frozenset(Region(left, line, right - left, 1) for line, left, right in update.spans)
        return frozenset([update.region if isinstance(update, LayoutUpdate) else self.size.region])

    def catch_up(self) -> None:
        """Draw what was not drawn."""
        everything = self.size.region
        regions = {seen for one in self._undrawn if (seen := one.intersection(everything))}
        self._undrawn = frozenset()
        if regions:
            self.screen.refresh(*regions)
