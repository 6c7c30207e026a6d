"""What all screens have in common: the bars, the breakpoints, and a word for terminals that are too small."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from wssdoctor.tui.command import Context
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Line, Span
from wssdoctor.tui.screens.room import SMALLEST, WIDE, Roomy
from wssdoctor.tui.screens.zoom import zoom_in, zoom_out, zoomed
from wssdoctor.tui.state import unfinished
from wssdoctor.tui.widgets.bar import Banner, CommandBar, ModeBar
from wssdoctor.tui.widgets.choice import Choice
from wssdoctor.tui.widgets.field import Field
from wssdoctor.tui.widgets.view import LinesView

if TYPE_CHECKING:
    from wssdoctor.tui.app import WssdoctorApp

_BROKEN_OFF = {"cancelled": ("again",), "crashed": ("again", "messages"), "refused": ("again", "open")}
"""What helps after a run that did not come to its end, by its phase."""


class TooSmall(Banner):
    """Covers a screen that does not fit."""

    def on_mount(self) -> None:
        self.show(self._lines)

    def _lines(self, _: int) -> list[Line]:
        size = self.app.size
        return [
            (Span(f"wssdoctor needs {SMALLEST[0]}x{SMALLEST[1]}; this terminal has", "strong"),),
            (Span(f"{size.width}x{size.height}. 'wssdoctor check' works at any size.", "text"),),
        ]


def _begin(screen: Place | Dialog) -> None:
    """Let a new screen have the styles as they are parsed, and fit it. Textual else parses them all anew, twice."""
    screen._css_update_count = screen.app._css_update_count
    screen.fit(screen.app.size)


class Place(Roomy, Screen[None]):
    """A full screen. ``context`` names its commands; ``mode`` the mode it belongs to."""

    AUTO_FOCUS = "Choice, Article"

    context: ClassVar[Context]
    mode: ClassVar[str] = ""
    needs_case: ClassVar[bool] = False
    """Whether there is nothing to do here before a case is open."""
    tells_run: ClassVar[bool] = False
    """Whether the screen says how the run stands, while no pane of it is zoomed."""
    explains: ClassVar[bool] = False
    """Whether a text that is pasted where no line takes it is explained."""

    def __init__(self) -> None:
        super().__init__()
        _begin(self)

    @property
    def doctor(self) -> WssdoctorApp:
        """The app."""
        return cast("WssdoctorApp", self.app)

    @property
    def wide(self) -> bool:
        """Whether panes stand side by side."""
        return self.app.size.width >= WIDE

    def compose(self) -> ComposeResult:
        yield ModeBar()
        yield from self.body()
        yield CommandBar(self.context)
        yield TooSmall()

    def body(self) -> ComposeResult:
        """Return the widgets between the bars."""
        raise NotImplementedError

    def show(self) -> None:
        """Show what the app knows now."""
        raise NotImplementedError

    def again(self) -> None:
        """Show everything anew if the screen is the one that is seen."""
        if self.is_mounted and self.is_current:
            self._say_where()
            self.show()
            self.query_one(CommandBar).redraw()

    def _say_where(self) -> None:
        """Say in the bar above where one is, and how the run stands where nothing else says it."""
        session = self.doctor.session
        told = self.tells_run and zoomed(self) is None
        self.query_one(ModeBar).show(session.name, self.mode, () if told else unfinished(session))

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _typing_or_not(self, event: events.DescendantFocus | events.DescendantBlur) -> None:
        """Let the bar name the keys that do something: while one types, letters do not."""
        bar = self.query_one(CommandBar)
        if isinstance(event.widget, Field):
            bar.refresh()
        else:
            bar.redraw()

    @on(events.Paste)
    def _pasted_beside(self, event: events.Paste) -> None:
        if self.explains and event.text.strip():
            self.doctor.explain_text(event.text)

    @on(Choice.Acted)
    async def _part_clicked(self, message: Choice.Acted) -> None:
        await self.run_action(message.act)

    def progressed(self) -> None:
        """Show how far the run is, where the screen says it: nothing else is known by then."""

    def on_screen_resume(self) -> None:
        self.again()

    def resized(self) -> None:
        self.call_after_refresh(self.again)

    @property
    def leading(self) -> tuple[str, ...]:
        """The commands, by id, that stand first in the bar now, whatever their rank."""
        if zoomed(self) is not None:
            return ("zoom",)
        if self.needs_case and self.doctor.session.phase in _BROKEN_OFF:
            return _BROKEN_OFF[self.doctor.session.phase]
        return ("open",) if self.lacking else ()

    @property
    def left_out(self) -> tuple[str, ...]:
        """The commands, by id, that the bar does not name now: their keys would only say why not."""
        return ("export",) if self.needs_case and self.doctor.session.case is None else ()

    @property
    def labels(self) -> Mapping[str, str]:
        """Labels in the bar, by the command's id, that are other now than the table has them."""
        return {"zoom": "All panes"}

    @property
    def within(self) -> bool:
        """Whether a part of the screen took the place of the others: what leads back leads out of it first."""
        return zoomed(self) is not None

    @property
    def lacking(self) -> bool:
        """Whether the screen has nothing to show before a case, or another one, is opened."""
        return self.needs_case and self.doctor.session.opening is None

    def zoom(self) -> bool:
        """Zoom the focused pane, or show all panes again; say whether there was anything to do."""
        if self.unzoom():
            return True
        pane = self.focused
        if not isinstance(pane, LinesView):
            return False
        zoom_in(self, pane)
        self._say_where()
        return True

    def unzoom(self) -> bool:
        """Show all panes again; say whether one was zoomed."""
        if zoomed(self) is None:
            return False
        zoom_out(self)
        self._say_where()
        return True

    def set_focus(self, widget: Widget | None, *arguments: Any, **options: Any) -> None:
        """Show all panes again where another one than the zoomed one is gone to."""
        if widget is not None and zoomed(self) not in (None, widget):
            zoom_out(self)
            self._say_where()
        super().set_focus(widget, *arguments, **options)

    def copied(self) -> str:
        """Return what ``y`` copies: the text of the focused or the first article."""
        from wssdoctor.tui.widgets.article import Article

        focused = self.focused
        if isinstance(focused, Article):
            return focused.text
        return next((article.text for article in self.query(Article) if article.text), "")

    def copied_all(self) -> str:
        """Return what ``Y`` copies: everything that the pane holds."""
        return self.copied()


class ClosedOnce:
    """A part of a screen over another one."""

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close this, unless a key that was quicker than what is done here has closed it."""
        screen = cast("Screen[Any]", self)
        return Screen.dismiss(screen, result) if screen.is_active else AwaitComplete()


class Dialog(ClosedOnce, Roomy, ModalScreen[None]):
    """A screen over another one; Esc closes it."""

    BINDINGS = bindings("dialog")

    context: ClassVar[Context]

    def __init__(self) -> None:
        super().__init__()
        _begin(self)

    @property
    def doctor(self) -> WssdoctorApp:
        """The app."""
        return cast("WssdoctorApp", self.app)

    def compose(self) -> ComposeResult:
        yield self.box()
        yield TooSmall()

    def box(self) -> Widget:
        """Return what stands over the other screen."""
        raise NotImplementedError

    def copied(self) -> str:
        """Return what ``y`` copies."""
        return ""

    def copied_all(self) -> str:
        """Return what ``Y`` copies."""
        return self.copied()
