"""Zooming: one pane of a screen takes the place of all others; the bars above and below stay."""

from __future__ import annotations

from textual.screen import Screen
from textual.widget import Widget

from wssdoctor.tui.widgets.bar import CommandBar, ModeBar

PANE, AROUND, HIDDEN = "-zoomed", "-around-zoomed", "-behind-zoomed"
"""Classes of the pane, of what it stands in, and of what gives way."""


def zoomed(screen: Screen[None]) -> Widget | None:
    """Return the pane that is zoomed."""
    return next(iter(screen.query(f".{PANE}")), None)


def zoom_in(screen: Screen[None], pane: Widget) -> None:
    """Give a pane all the room between the bars."""
    zoom_out(screen)
    pane.add_class(PANE)
    inner: Widget = pane
    for outer in pane.ancestors:
        if not isinstance(outer, Widget):
            break
        for other in outer.children:
            if other is not inner and not isinstance(other, ModeBar | CommandBar):
                other.add_class(HIDDEN)
        if outer is screen:
            break
        outer.add_class(AROUND)
        inner = outer
    screen.query_one(CommandBar).redraw()


def zoom_out(screen: Screen[None]) -> None:
    """Show all panes again."""
    for name in (PANE, AROUND, HIDDEN):
        screen.query(f".{name}").remove_class(name)
    screen.query_one(CommandBar).redraw()
