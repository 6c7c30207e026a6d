"""What was signed and what came, side by side, for each digest that differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widget import Widget

from wssdoctor.tui import octets
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Paragraph, blank, span
from wssdoctor.tui.screens.base import Dialog
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import CommandBar

if TYPE_CHECKING:
    from wssdoctor.wsse.verification import Digested


class DifferenceDialog(Dialog):
    """The canonical forms of the parts whose digest differs."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = bindings("difference")
    context = "difference"

    def __init__(self, failing: Sequence[Digested]) -> None:
        super().__init__()
        self._failing = failing

    def box(self) -> Widget:
        return Vertical(Article(id="text"), CommandBar(self.context), id="box")

    def on_mount(self) -> None:
        self.query_one(Article).focus()
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        article = self.query_one(Article)
        said: list[Paragraph] = []
        for one in self._failing:
            said += [Paragraph((span(one.name, "strong"),), 1, 1)]
            said += [*octets.side_by_side(one, article.scrollable_content_region.width - 1), blank()]
        article.show(said, keep_place=True)

    def copied(self) -> str:
        return "\n\n".join(f"{one.name}\n{octets.plain_text(one)}" for one in self._failing)
