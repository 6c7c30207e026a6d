"""Messages: what was said in passing, to be read again."""

from __future__ import annotations

from textual.containers import Vertical
from textual.widget import Widget

from wssdoctor.tui import said
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.screens.base import Dialog
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import CommandBar


class MessagesDialog(Dialog):
    """All toasts, the newest first."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = bindings("messages")
    context = "messages"

    def box(self) -> Widget:
        return Vertical(Article(id="text"), CommandBar(self.context), id="box")

    def on_mount(self) -> None:
        article = self.query_one(Article)
        article.show(said.paragraphs(self.doctor.said))
        article.focus()

    def copied(self) -> str:
        return self.query_one(Article).text
