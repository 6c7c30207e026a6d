"""A dialog that is a text and a bar."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from wssdoctor.tui.command import TITLES
from wssdoctor.tui.lines import Paragraph
from wssdoctor.tui.screens.base import Dialog
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import CommandBar


class TextDialog(Dialog):
    """Shows paragraphs over another screen."""

    def box(self) -> Widget:
        box = Vertical(Article(id="text"), CommandBar(self.context), id="box")
        box.border_title = Content(TITLES[self.context])
        return box

    def on_mount(self) -> None:
        self.query_one(Article).focus()

    def resized(self) -> None:
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Show the paragraphs as they are now."""
        article = self.query_one(Article)
        article.show(self.paragraphs(article.scrollable_content_region.width - 1), keep_place=True)

    def paragraphs(self, _cells: int) -> Sequence[Paragraph]:
        """Return what it shows in so many cells."""
        raise NotImplementedError

    def copied(self) -> str:
        return self.query_one(Article).text
