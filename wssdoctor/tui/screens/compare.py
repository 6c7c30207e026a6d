"""Compare: the open case with another case, or with a report that was written before."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult

from wssdoctor.errors import WssdoctorError
from wssdoctor.tui import comparing
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import Line, Paragraph, Span, blank, prose, span
from wssdoctor.tui.screens.base import Place
from wssdoctor.tui.screens.opencase import PathSuggester, path_of
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import Banner
from wssdoctor.tui.widgets.field import Field

_ABOUT = (
    "Name another system description, or a folder of its exports: quality beside production, the copy of yesterday.",
    "It is checked with the requests of this case.",
    "Or name a report that was written before ({export}, Report as JSON).",
    "In what follows, 'there' is the other one and 'here' is this case.",
)


class CompareScreen(Place):
    """What differs between two cases."""

    BINDINGS = bindings("compare")
    context = "compare"
    AUTO_FOCUS = "Field"

    def body(self) -> ComposeResult:
        yield Banner(id="status")
        yield Field(
            does="Compare",
            placeholder="another description (system.yaml), a folder of exports, a report (.json)",
            id="other",
            suggester=PathSuggester(),
            select_on_focus=False,
            compact=True,
        )
        yield Article(id="text")

    def show(self) -> None:
        self.query_one("#status", Banner).show(self._status)
        article = self.query_one(Article)
        if not article.text:
            article.show([blank(), *(prose(text.format(export=key("export")), indent=1) for text in _ABOUT)])

    def _status(self, _cells: int) -> list[Line]:
        name = self.doctor.session.name
        return [(Span(" "), Span("Compare with", "heading"), span(f"  this case: {name}", "muted"))]

    def action_other(self) -> None:
        """Name another case."""
        self.query_one(Field).focus()

    @on(Field.Submitted)
    def _named(self, message: Field.Submitted) -> None:
        path = path_of(message.value)
        doctor, diagnosis = self.doctor, self.doctor.session.diagnosis
        if not message.value.strip() or diagnosis is None:
            return
        article = self.query_one(Article)
        article.show([prose("Checking the other one ...", "accent", indent=1)])

        def work() -> list[Paragraph]:
            return comparing.paragraphs(comparing.compared(path, diagnosis, doctor.base))

        doctor.jobs.begin(self, "compare", work, self._compared, self._refused)

    def _compared(self, said: list[Paragraph]) -> None:
        self.query_one(Article).show(said)
        self.query_one(Article).focus()

    def _refused(self, error: WssdoctorError) -> None:
        from wssdoctor.tui.screens.error import ErrorDialog

        self.query_one(Article).show([prose("The other one cannot be read.", "fail", indent=1)])
        self.app.push_screen(
            ErrorDialog("The other one cannot be read", error.problems, closing="Mend it, or name another one.")
        )
