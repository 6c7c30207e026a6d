"""All about one finding, on a screen of its own where there is no room beside the list."""

from __future__ import annotations

from textual.app import ComposeResult

from wssdoctor.tui import articles, state
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.screens.base import Place
from wssdoctor.tui.widgets.article import Article


class DetailScreen(Place):
    """One finding at full size."""

    BINDINGS = bindings("detail")
    context = "detail"
    mode = "findings"

    def body(self) -> ComposeResult:
        yield Article(id="about")

    def show(self) -> None:
        doctor = self.doctor
        article = self.query_one(Article)
        paragraphs = articles.row_article(doctor.view.chosen, doctor.session, doctor.base, doctor.whatif.basket.actions)
        article.show(paragraphs, keep_place=True)
        article.focus()

    def action_step(self, rows: int) -> None:
        """Go to another finding."""
        self.doctor.view = state.stepped(self.doctor.view, rows)
        self.query_one(Article).scroll_to(y=0, animate=False)
        self.again()

    def action_basket(self) -> None:
        """Put the best remedy of the finding into the basket, or take it out."""
        self.doctor.try_best(self.doctor.view.chosen)
        self.again()

    def action_request(self) -> None:
        """Show the request that the finding concerns."""
        self.doctor.show_evidence(self.doctor.view.chosen)

    def action_article(self) -> None:
        """Read the article of the cause."""
        self.doctor.show_article(self.doctor.view.chosen)
