"""One-line bars: the modes above, the commands below; and lines that only inform."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from wssdoctor.tui.command import DIALOGS, Command, Context, Keymap, keys_of, shown_keys
from wssdoctor.tui.commands import COMMANDS, footer
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import ELLIPSIS, Line, Span, act_at, fit, span, width
from wssdoctor.tui.widgets.field import Field
from wssdoctor.tui.widgets.view import strip_of


class Banner(Widget):
    """A few lines that inform; ``draw`` makes them for the width at hand."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._draw: Callable[[int], Sequence[Line]] = lambda _: ()
        self._drawn: tuple[tuple[Size, Size], Sequence[Line]] | None = None
        """For which screen and which room of its own the lines were drawn; it has none while it is hidden."""

    def show(self, draw: Callable[[int], Sequence[Line]]) -> None:
        """Show other lines."""
        self._draw = draw
        self.redraw()

    def redraw(self) -> None:
        """Draw the lines anew that say something else: what they speak of has changed."""
        if self._drawn is None or self._drawn[0] != self._room:
            self._drawn = None
            self.refresh()
            return
        before, lines = self._drawn[1], self._draw(self.size.width)
        self._drawn = self._room, lines
        for y, (old, new) in enumerate(zip_longest(before, lines, fillvalue=())):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))

    @property
    def _room(self) -> tuple[Size, Size]:
        return self.app.size, self.size

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        if self._drawn is None or self._drawn[0] != self._room:
            self._drawn = self._room, self._draw(self.size.width)
        lines = self._drawn[1]
        line = lines[y] if y < len(lines) else ()
        strip = strip_of(line, self.size.width, self.app.theme, no_color=self.app.no_color)
        return strip.apply_style(self.rich_style)

    async def on_click(self, event: events.Click) -> None:
        lines = self._drawn[1] if self._drawn is not None else ()
        act = act_at(lines[event.y], event.x) if event.y < len(lines) else ""
        if act:
            await self.screen.run_action(act)


class Bar(Widget):
    """Items in one line, each with an action that a click runs."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._seen: Line | None = None
        """What was drawn last."""

    def items(self, cells: int) -> Sequence[tuple[Line, str | None]]:
        """Return the items from left to right for the width at hand."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw the bar anew if it is other than it was drawn."""
        if self._line() != self._seen:
            self.refresh()

    def _line(self) -> Line:
        return tuple(part for item, _ in self.items(self.size.width) for part in item)

    def render_line(self, y: int) -> Strip:
        """Draw the bar."""
        if y:
            return Strip.blank(self.size.width, self.rich_style)
        line = self._seen = self._line()
        strip = strip_of(line, self.size.width, self.app.theme, no_color=self.app.no_color)
        if self.app.no_color:
            strip = strip.apply_style(Style(underline=self.has_class("-top")))
        return Strip([Segment(one.text, self.rich_style + (one.style or Style())) for one in strip])

    async def on_click(self, event: events.Click) -> None:
        x = 0
        for item, action in self.items(self.size.width):
            x += width(item)
            if event.x < x:
                if action:
                    await self.screen.run_action(action)
                return


_TELLING = 10
"""Columns in which a part of a case's name still tells something."""
MODES = (
    ("findings", "Findings", "Find"),
    ("requests", "Requests", "Reqs"),
    ("whatif", "What-if", "What"),
    ("knowledge", "Knowledge", "Know"),
    ("interview", "Interview", "Ask"),
    ("lab", "Lab", "Lab"),
)
"""The modes, each by its title and by a short one; both stand behind its key."""


def mode_items(case: str, mode: str, run: Line, cells: int) -> list[tuple[Line, str | None]]:
    """Return where one is: the case and how its run stands at the left, all modes at the right.

    Where there is little room the case's name is cut, then the titles stand closer, then those of the other modes are short.
    """
    said = (*run, Span("  ")) if run else ()
    for short, apart in ((False, 2), (False, 1), (True, 1)):
        titles = [
            (name, f"{key(f'go-{name}')} {brief if short and name != mode else title}") for name, title, brief in MODES
        ]
        room = cells - sum(len(title) + apart for _, title in titles) - width(said)
        if room >= _TELLING:
            break
    left: Line = (Span(" wssdoctor  ", "strong"), span(case, "muted"), Span("  ")) if case else ()
    if width(left) > room:
        left = (Span(" "), span(_cut(case, room - 2), "strong"), Span(" ")) if room >= _TELLING else ()
    gap = Span(" " * max(room - width(left), 0))
    before = " " * (apart - 1)
    modes = [
        ((Span(f"{before}{title} ", "selected" if name == mode else "text"),), f"app.go('{name}')")
        for name, title in titles
    ]
    return [((*left, *said, gap), None), *modes]


def _cut(name: str, cells: int) -> str:
    """Cut the name of a case, at best behind a word."""
    kept = fit(name, cells)
    return f"{kept.rstrip(ELLIPSIS).rstrip(' (,')}{ELLIPSIS}" if kept.endswith(ELLIPSIS) else kept.rstrip()


class ModeBar(Bar):
    """Where one is."""

    def __init__(self) -> None:
        super().__init__(classes="-top")
        self._where: tuple[str, str, Line] = ("", "", ())

    def show(self, case: str, mode: str, run: Line) -> None:
        """Show another case or mode; ``run`` says how the run stands, where nothing else does."""
        self._where = case, mode, run
        self.redraw()

    def items(self, cells: int) -> Sequence[tuple[Line, str | None]]:
        return mode_items(*self._where, cells)


class Tabs(Bar):
    """Views to choose from; a click runs ``action`` with the number of the view."""

    def __init__(self, titles: Sequence[str], action: str, *, lead: str = "", id: str | None = None) -> None:  # noqa: A002
        """Take the titles, the action, and what stands before them."""
        super().__init__(id=id)
        self._titles, self._action, self._lead = titles, action, lead
        self._chosen: int | None = 0

    def show(self, chosen: int | None) -> None:
        """Show which view is chosen; none where there is nothing to choose."""
        self._chosen = chosen
        self.redraw()

    def items(self, cells: int) -> Sequence[tuple[Line, str | None]]:
        if self._chosen is None:
            return []
        lead: list[tuple[Line, str | None]] = [((Span(self._lead, "muted"),), None)] if self._lead else []
        tabs: list[tuple[Line, str | None]] = [
            ((Span(f" {title} ", "selected" if index == self._chosen else "text"),), f"{self._action}({index})")
            for index, title in enumerate(self._titles)
        ]
        if sum(width(item) for item, _ in (*lead, *tabs)) <= cells:
            return [*lead, *tabs]
        narrow: list[tuple[Line, str | None]] = []  # the smallest screens
        for item, action in tabs:
            narrow += [
                ((Span("│" if narrow else "", "muted"),), None),
                ((Span(item[0].text.strip(), item[0].tone),), action),
            ]
        return narrow


ALWAYS = 90
"""Commands of this rank and above stand in the bar however narrow it is."""


class CommandBar(Bar):
    """What can be done here; what does not fit is left to the palette and the help."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._commands = context

    def items(self, cells: int) -> Sequence[tuple[Line, str | None]]:
        keymap: Keymap = getattr(self.app, "own_keys", {})
        if isinstance(self.screen.focused, Field):
            return self._typing(self.screen.focused, cells)
        leading, left_out = getattr(self.screen, "leading", ()), getattr(self.screen, "left_out", ())
        first = [command for command in COMMANDS if command.id in leading]
        keys = {key for command in first for key in command.keys}
        wanted = first + [
            command
            for command in footer(self._commands)
            if command.id not in left_out
            and not keys & {*command.keys}
            and self.screen.check_action(command.action, ()) is not False
        ]
        items = [
            (
                (
                    Span(f" {shown_keys(keys_of(command, keymap)[:1])} ", "accent"),
                    Span(f"{self._label(command)} ", "text"),
                ),
                command.action,
            )
            for command in wanted
        ]
        sizes = [width(item) for item, _ in items]
        fixed = [
            index
            for index, command in enumerate(wanted)
            if command.rank >= ALWAYS or (command.context == "dialog" and command.action == "app.back")
        ]
        room = cells - sum(sizes[index] for index in fixed)
        chosen = []
        for index in range(len(items)):
            if index not in fixed:
                room -= sizes[index]
            if index in fixed or room >= 0:
                chosen.append(index)
        return [items[index] for index in chosen]

    def _typing(self, field: Field, cells: int) -> Sequence[tuple[Line, str | None]]:
        """Return what can be done while one types, as far as there is room: letters go into the line."""
        back = "dialog-back" if self._commands in DIALOGS else "back"
        wanted = [("Enter", field.does, "app.simulate_key('enter')"), (key(back, typing=True), "Back", "app.back")]
        wanted += [
            (key(command.id, typing=True), command.label, command.action)
            for command in COMMANDS
            if command.id in ("help", "commands", "quit-now") and self._commands not in DIALOGS
        ]
        items = [
            ((span(f" {named} ", "accent"), span(f"{label} ", "text")), action)
            for named, label, action in wanted
            if named
        ]
        while sum(width(item) for item, _ in items) > cells:
            items.pop()
        return items

    def _label(self, command: Command) -> str:
        """Return a command's label; what quits at the top is a step back elsewhere."""
        labels: Mapping[str, str] = getattr(self.screen, "labels", {})
        if command.id in labels:
            return labels[command.id]
        deeper = self.screen is not self.app.screen_stack[0] or getattr(self.screen, "within", False)
        return "Back" if command.action == "app.leave" and deeper else command.label
