"""Paste a text of any length: each message in it is recognised and explained."""

from __future__ import annotations

from textual import events, on
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import TextArea

from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Span, span
from wssdoctor.tui.screens.base import Dialog
from wssdoctor.tui.text import harmless_lines
from wssdoctor.tui.widgets.bar import Banner, CommandBar
from wssdoctor.tui.widgets.field import obey

MOST = 100_000
"""Characters that can be edited: to lay more out in lines takes seconds."""


class Paper(TextArea):
    """A text whose content never holds what a terminal obeys."""

    cursor_blink = reactive(False, init=False)
    """As in a line to type in."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False)

    class TooLong(Message):
        """More was pasted than can be edited."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    async def _on_key(self, event: events.Key) -> None:
        await obey(self, event)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        if len(self.text) + len(event.text) > MOST:
            self.post_message(self.TooLong(self.text + event.text))
        else:
            self.replace(harmless_lines(event.text), *self.selection)


class PasteDialog(Dialog):
    """A place to paste into."""

    BINDINGS = bindings("paste")
    context = "paste"

    def box(self) -> Widget:
        return Vertical(Banner(id="title"), Paper(id="paper"), CommandBar(self.context), id="box")

    def on_mount(self) -> None:
        self.query_one("#title", Banner).show(
            lambda _: [
                (
                    Span("Paste a text", "heading"),
                    span("  it stays on this machine: a log, a fault, an e-mail", "muted"),
                )
            ]
        )
        self.query_one(Paper).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out of the bar what is typed into the text."""
        return False if action == "app.copy" else super().check_action(action, parameters)

    def action_accept(self) -> None:
        """Explain the text."""
        self._explain(self.query_one(Paper).text)

    @on(Paper.TooLong)
    def _too_long(self, message: Paper.TooLong) -> None:
        self._explain(message.text)

    def _explain(self, text: str) -> None:
        self.dismiss()
        self.doctor.explain_text(text)
