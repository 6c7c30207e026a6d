"""A question before something is done that cannot be taken back."""

from __future__ import annotations

from textual.containers import Vertical
from textual.widget import Widget

from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Paragraph, blank, prose, span
from wssdoctor.tui.screens.base import Dialog
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import CommandBar


class AskDialog(Dialog, inherit_bindings=False):
    """Enter does it, Esc does not."""

    BINDINGS = bindings("ask")
    context = "ask"

    def __init__(self, title: str, question: str, action: str) -> None:
        super().__init__()
        self._title, self._question, self._action = title, question, action

    def box(self) -> Widget:
        return Vertical(Article(id="question"), CommandBar(self.context), id="box")

    def on_mount(self) -> None:
        article = self.query_one(Article)
        article.show([Paragraph((span(self._title, "strong"),), 1, 1), blank(), prose(self._question, indent=1)])
        article.focus()

    async def action_yes(self) -> None:
        """Do it."""
        self.dismiss()
        await self.app.screen.run_action(self._action)
