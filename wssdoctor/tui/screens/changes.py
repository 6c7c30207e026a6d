"""What the remedies of the basket change in the description, fact by fact."""

from __future__ import annotations

from textual.containers import Vertical
from textual.widget import Widget

from wssdoctor.tui import changes
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.screens.base import Dialog
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import CommandBar


class ChangesDialog(Dialog):
    """The effect of the basket as a difference."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = bindings("changes")
    context = "changes"

    def box(self) -> Widget:
        return Vertical(Article(id="text"), CommandBar(self.context), id="box")

    def on_mount(self) -> None:
        article = self.query_one(Article)
        article.show(changes.paragraphs(self.doctor.whatif, self.doctor.base))
        article.focus()

    def copied(self) -> str:
        return self.query_one(Article).text
