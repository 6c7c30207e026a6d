"""An app that draws at the pace of its terminal: what a slow one has not taken is drawn once it can be, as it is then."""

from __future__ import annotations

from typing import Any

from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.screen import Screen

from wssdoctor.tui.themed import Themed


class Painter(Themed):
    """Draws nothing while its driver is ``behind``; the driver has ``catch_up`` called when that is over."""

    _undrawn: frozenset[Region] = frozenset()
    """Where the terminal does not show what it should."""

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
