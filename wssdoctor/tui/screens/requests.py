"""Requests: the captured ones, and the text of the chosen one with marks where findings point."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lanes import VERDICTS
from wssdoctor.tui.lines import Line, Span, file_name, fit, prose, span, spread
from wssdoctor.tui.screens.base import Place
from wssdoctor.tui.source import Mark, SourceLine, marks, paragraphs, source_lines
from wssdoctor.tui.whatif import chosen
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import Banner
from wssdoctor.tui.widgets.choice import Choice


class RequestsScreen(Place):
    """The captured requests."""

    CSS_PATH = "requests.tcss"
    BINDINGS = bindings("requests")
    context = "requests"
    mode = "requests"

    def __init__(self) -> None:
        super().__init__()
        self._indented = True
        self._mark = -1
        self._shown: tuple[str, bool] | None = None
        self._lines: Sequence[SourceLine] = ()
        self._marks: tuple[Mark, ...] = ()

    def body(self) -> ComposeResult:
        yield Banner(id="status")
        with Container(id="panes"):
            yield Choice(id="list")
            yield Article(id="message")

    def show(self) -> None:
        doctor = self.doctor
        count = len(doctor.session.case.requests) if doctor.session.case else 0
        doctor.request = max(0, min(doctor.request, count - 1))
        self.query_one("#status", Banner).show(self._status)
        choice = self.query_one(Choice)
        choice.show(count, self._row, cursor=doctor.request)
        if self.focused is None:
            choice.focus()
        self._read()
        if doctor.wanted_mark is not None:
            self._go_to(doctor.wanted_mark)
            doctor.wanted_mark = None

    def _read(self) -> None:
        doctor = self.doctor
        article = self.query_one(Article)
        case = doctor.session.case
        if case is None or not case.requests:
            text = "No request was captured. Open a case with captures: o." if case else "No case is open: o opens one."
            article.show([prose(text, "muted", indent=1)])
            self._lines, self._marks, self._shown = (), (), None
            return
        request = case.requests[doctor.request]
        same = self._shown == (request.name, self._indented)
        if not same:
            self._lines = source_lines(request, indented=self._indented)
            self._mark = -1
            self._shown = (request.name, self._indented)
        self._marks = marks(self._lines, request.name, doctor.session.findings)
        article.show(paragraphs(self._lines, self._marks), keep_place=same)

    def _status(self, cells: int) -> list[Line]:
        case, session = self.doctor.session.case, self.doctor.session
        if case is None or not case.requests:
            return [(Span(" No captured request", "muted"),)]
        request = case.requests[self.doctor.request]
        capture = request.capture
        view = "indented" if self._indented else "as sent"
        left: list[Span] = [span(f" {file_name(request.name)}", "strong")]
        if self.doctor.request < len(session.run.replays):
            replay = session.run.replays[self.doctor.request]
            glyph, tone = VERDICTS[replay.verdict]
            at = f" at {replay.stage.heading}" if replay.stage else f" as {replay.user}" if replay.user else ""
            left.append(span(f"  {glyph} {replay.verdict}{at}", tone))
        right = f" {len(self._marks)} marked, {view}, {len(capture.envelope)} bytes "
        when = (
            f"{capture.time.moment:%Y-%m-%d %H:%M:%S} UTC ({capture.time.source})" if capture.time else "time unknown"
        )
        captured = f" captured {when}; passwords hidden, controls as symbols"
        return [spread(tuple(left), (Span(right, "muted"),), cells), (span(captured, "muted"),)]

    def _row(self, index: int, cells: int) -> Line:
        session = self.doctor.session
        request = session.case.requests[index] if session.case else None
        glyph, tone = "·", "muted"
        where = "not replayed yet"
        if index < len(session.run.replays):
            replay = session.run.replays[index]
            glyph, tone = VERDICTS[replay.verdict]
            where = replay.stage.heading if replay.stage else f"as {replay.user}" if replay.user else replay.verdict
        name = file_name(request.name) if request else ""
        size = 0 if cells < 32 else 14
        return (
            Span(f" {glyph} ", tone),  # type: ignore[arg-type]
            span(fit(name, cells - 4 - size)),
            span(f" {fit(where, size)}" if size else "", "muted"),
        )

    @on(Choice.Highlighted)
    def _moved(self, message: Choice.Highlighted) -> None:
        self.doctor.request = message.row
        self._read()
        self.query_one("#status", Banner).redraw()

    @on(Choice.Chosen)
    def _opened(self) -> None:
        self.action_read()

    def action_read(self) -> None:
        """Go to the text."""
        self.query_one(Article).focus()

    def action_view(self) -> None:
        """Show the message indented, or as it was sent."""
        self._indented = not self._indented
        self.again()

    def action_mark(self, step: int) -> None:
        """Go to another mark."""
        if not self._marks:
            self.notify("No finding points into this text.", markup=False, timeout=3)
            return
        self._mark = (self._mark + step) % len(self._marks)
        self.query_one(Article).show_paragraph(self._marks[self._mark].row)

    def action_finding(self) -> None:
        """Go to the finding of the mark, or to the one that stops the request."""
        if 0 <= self._mark < len(self._marks):
            self.doctor.show_finding(self._marks[self._mark].key)
            return
        case = self.doctor.session.case
        name = case.requests[self.doctor.request].name if case and case.requests else ""
        stopping = next((one for one in self.doctor.session.confirmed if name in one.stops), None)
        if stopping is None:
            self.notify("No finding stops this request.", markup=False, timeout=3)
        else:
            self.doctor.show_finding(stopping.key)

    def action_replay(self) -> None:
        """Show the way of the request through the stages."""
        doctor = self.doctor
        if doctor.request < len(doctor.session.run.replays):
            doctor.whatif = chosen(doctor.session, doctor.whatif, doctor.request)
        doctor.action_go("whatif")

    def close_inner(self) -> bool:
        """Leave the text; say whether there was anything to leave."""
        if self.query_one(Article).has_focus:
            self.query_one(Choice).focus()
            return True
        return False

    def _go_to(self, key: tuple[str, str]) -> None:
        for index, mark in enumerate(self._marks):
            if mark.key == key:
                self._mark = index
                self.call_after_refresh(self.query_one(Article).show_paragraph, mark.row)
                return
