"""Requests: the captured ones and the outbound calls; the text of the chosen one with marks where findings point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from wssdoctor.provider.request import Request
from wssdoctor.tui import folds, signatures
from wssdoctor.tui.callarticle import call_article, call_line
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.exact import byte_at
from wssdoctor.tui.lanes import VERDICTS
from wssdoctor.tui.lines import Line, Paragraph, Span, file_name, fit, fit_end, plain, prose, span, spread
from wssdoctor.tui.screens.base import Place
from wssdoctor.tui.source import Mark, SourceLine, marks, numbered, source_lines, starts_of
from wssdoctor.tui.whatif import chosen
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import Banner, Tabs
from wssdoctor.tui.widgets.choice import Choice
from wssdoctor.tui.widgets.field import Field
from wssdoctor.tui.widgets.source import SourceView

if TYPE_CHECKING:
    from wssdoctor.consumer.call import Call
    from wssdoctor.wsse.verification import Verification

VIEWS = ("Parts", "As sent", "Signatures")


class RequestsScreen(Place):
    """The captured requests and the outbound calls."""

    CSS_PATH = "requests.tcss"
    BINDINGS = bindings("requests")
    context = "requests"
    mode = "requests"

    def __init__(self) -> None:
        super().__init__()
        self._view = 0
        self._wraps = {0: False, 1: True}
        self._shown: tuple[object, int] | None = None
        self._lines: Sequence[SourceLine] = ()
        self._starts: dict[str, int] = {}
        self._marks: tuple[Mark, ...] = ()
        self._ends: dict[int, int] = {}
        self._folded: frozenset[int] = frozenset()
        self._rows: list[int] = []
        self._hits: list[int] = []
        self._found: dict[Request, Verification | None] = {}
        """What was verified, by request."""
        self._wants_difference = False
        """Whether the difference is to be shown once the message is verified."""

    def body(self) -> ComposeResult:
        yield Banner(id="status")
        with Container(id="panes"):
            yield Choice(id="list")
            with Vertical(id="text"):
                yield Tabs(VIEWS, "view_at", id="views")
                yield SourceView(id="message")
                yield Article(id="about")
        words = Field(placeholder="search in this text", id="words", select_on_focus=False, compact=True)
        words.display = False
        yield words

    # What there is -----------------------------------------------------------------------------------------

    @property
    def _requests(self) -> tuple[Request, ...]:
        case = self.doctor.session.case
        return case.requests if case else ()

    @property
    def _calls(self) -> tuple[Call, ...]:
        return self.doctor.session.run.calls if self.doctor.session.run.survey else ()

    @property
    def _request(self) -> Request | None:
        """The chosen request; nothing where a call is chosen, or nothing is there."""
        return self._requests[self.doctor.request] if self.doctor.request < len(self._requests) else None

    @property
    def _call(self) -> Call | None:
        number = self.doctor.request - len(self._requests)
        return self._calls[number] if 0 <= number < len(self._calls) else None

    def _heading(self, row: int) -> bool:
        return bool(self._calls) and row == len(self._requests)

    # Showing -----------------------------------------------------------------------------------------------

    def show(self) -> None:
        doctor = self.doctor
        total = len(self._requests) + len(self._calls)
        doctor.request = max(0, min(doctor.request, total - 1))
        choice = self.query_one("#list", Choice)
        rows = total + bool(self._calls)
        cursor = doctor.request + (doctor.request >= len(self._requests) and bool(self._calls))
        choice.show(rows, self._row, selectable=lambda row: not self._heading(row), cursor=cursor)
        if self.focused is None:
            choice.focus()
        self._read()
        self.query_one("#status", Banner).show(self._status)
        if doctor.wanted_mark is not None:
            wanted, doctor.wanted_mark = doctor.wanted_mark, None
            mark = next((one for one in self._marks if one.key == wanted), None)
            if mark is not None:
                self.query_one(SourceView).focus()
                self.call_after_refresh(self._go_to, mark.row)

    def _read(self) -> None:
        """Show what is chosen in the view that is chosen."""
        request, call = self._request, self._call
        message, about = self.query_one(SourceView), self.query_one(Article)
        self.query_one(Tabs).show(self._view if request is not None else None)
        message.display = request is not None and self._view < 2
        about.display = not message.display
        if call is not None:
            about.show(call_article(call, self.doctor.session.run), keep_place=self._shown == (call.subject, 0))
            self._shown = call.subject, 0
        elif request is None:
            text = (
                "No case is open: o opens one."
                if self.doctor.session.case is None
                else ("No request was captured. Open a case with captures: o.")
            )
            about.show([prose(text, "muted", indent=1)])
            self._lines, self._marks, self._shown = (), (), None
        elif self._view == 2:
            self._read_signatures(request)
        else:
            self._read_text(request)

    def _read_text(self, request: Request) -> None:
        key = (request, self._view)
        at = self.query_one(SourceView).at
        if self._shown != key:
            tree = source_lines(request, indented=True)
            self._starts = starts_of(tree)
            self._lines = tree if self._view == 0 else source_lines(request, indented=False)
            self._marks = marks(self._lines, request.name, self.doctor.session.findings, self._starts)
            self._ends = folds.ends(self._lines)
            self._folded = folds.long_values(self._lines)
            self._shown, at = key, 0
            self._search()
        else:
            self._marks = marks(self._lines, request.name, self.doctor.session.findings, self._starts)
        self._draw(at)

    def _draw(self, at: int) -> None:
        self._rows = folds.visible(self._lines, self._ends, self._folded)
        by_row: dict[int, list[Mark]] = {}
        for mark in self._marks:
            by_row.setdefault(mark.row, []).append(mark)
        drawn: list[tuple[Paragraph, Line]] = []
        for row in self._rows:
            here = list(by_row.get(row, ()))
            if row in self._folded and row in self._ends:
                here += [one for inner in range(row + 1, self._ends[row] + 1) for one in by_row.get(inner, ())]
            spans = folds.drawn(self._lines, self._ends, self._folded, row)
            drawn.append(numbered(self._lines[row], spans, here))
        self.query_one(SourceView).show_text(drawn, wrapped=self._wraps.get(self._view, False), at=at)

    def _read_signatures(self, request: Request) -> None:
        about = self.query_one(Article)
        self._shown = request, 2
        if request in self._found:
            about.show(signatures.paragraphs(self._found[request]))
            return
        about.show([prose("Verifying ...", "accent", indent=1)])
        case = self.doctor.session.case
        assert case is not None

        def work() -> None:
            found = signatures.examined(request, case.facts, case.memory.replayer.forensics)
            self.app.call_from_thread(self._verified, request, found)

        self.run_worker(work, group="verify", exclusive=True, exit_on_error=False, thread=True)

    def _verified(self, request: Request, found: Verification | None) -> None:
        self._found = {one: kept for one, kept in self._found.items() if one in self._requests}
        self._found[request] = found
        if self._shown == (request, 2) and self._request is request:
            self.query_one(Article).show(signatures.paragraphs(found))
            if self._wants_difference:
                self.action_difference()
        self._wants_difference = False

    def _status(self, cells: int) -> list[Line]:
        request, call = self._request, self._call
        if call is not None:
            return [(span(f" {call.subject.name}", "strong"),), (Span(" an outbound call of this system", "muted"),)]
        if request is None:
            return [(Span(" No captured request", "muted"),)]
        session, capture = self.doctor.session, request.capture
        left: list[Span] = [span(f" {file_name(request.name)}", "strong")]
        if self.doctor.request < len(session.run.replays):
            replay = session.run.replays[self.doctor.request]
            glyph, tone = VERDICTS[replay.verdict]
            at = f" at {replay.stage.heading}" if replay.stage else f" as {replay.user}" if replay.user else ""
            left.append(span(f"  {glyph} {replay.verdict}{at}", tone))
        right = f" {len(self._marks)} marked, {len(capture.envelope)} bytes "
        return [spread(tuple(left), (Span(right, "muted"),), cells), self._where(request, cells)]

    def _where(self, request: Request, cells: int) -> Line:
        """Say where the cursor is in the message, or when the message was captured."""
        at = self.query_one(SourceView).at
        if self._view < 2 and 0 <= at < len(self._rows) and self._lines[self._rows[at]].start is not None:
            one = self._lines[self._rows[at]]
            byte = byte_at(request.capture, one.start or 0)
            text = f" byte {byte} of the envelope  "
            return (Span(text, "muted"), span(fit_end(one.path, max(cells - len(text), 8)), "muted"))
        time = request.capture.time
        when = f"{time.moment:%Y-%m-%d %H:%M:%S} UTC ({time.source})" if time else "time unknown"
        return spread((span(f" captured {when}; passwords hidden, controls as symbols", "muted"),), (), cells)

    def _row(self, row: int, cells: int) -> Line:
        if self._heading(row):
            return (Span(" Outbound calls", "heading"),)
        if row > len(self._requests):
            return call_line(self._calls[row - len(self._requests) - 1], cells)
        session = self.doctor.session
        glyph, tone, where = "·", "muted", "not replayed"
        if row < len(session.run.replays):
            replay = session.run.replays[row]
            glyph, tone = VERDICTS[replay.verdict]
            where = replay.stage.heading if replay.stage else f"as {replay.user}" if replay.user else replay.verdict
        size = 0 if cells < 32 else 14
        return (
            Span(f" {glyph} ", tone),  # type: ignore[arg-type]
            span(fit(file_name(self._requests[row].name), cells - 4 - size)),
            span(f" {fit(where, size)}" if size else "", "muted"),
        )

    # Going about -------------------------------------------------------------------------------------------

    @on(Choice.Highlighted, "#list")
    def _moved(self, message: Choice.Highlighted) -> None:
        self.doctor.request = message.row - (message.row > len(self._requests))
        self._read()
        self.query_one("#status", Banner).redraw()

    @on(Choice.Highlighted, "#message")
    def _line_chosen(self) -> None:
        self.query_one("#status", Banner).redraw()

    @on(Choice.Chosen, "#list")
    def action_read(self) -> None:
        """Go to the text."""
        message = self.query_one(SourceView)
        (message if message.display else self.query_one(Article)).focus()

    @on(Choice.Chosen, "#message")
    def _line_opened(self) -> None:
        row = self._row_at
        mark = next((one for one in self._marks if one.row == row), None)
        if mark is not None:
            self.doctor.show_finding(mark.key)
        else:
            self.action_fold()

    @property
    def _row_at(self) -> int:
        at = self.query_one(SourceView).at
        return self._rows[at] if 0 <= at < len(self._rows) else -1

    def action_view(self) -> None:
        """Choose the next view."""
        self.action_view_at((self._view + 1) % len(VIEWS))

    def action_view_at(self, view: int) -> None:
        """Choose a view."""
        inside = isinstance(self.focused, SourceView | Article)
        self._view = view
        self._read()
        self.query_one("#status", Banner).redraw()
        if inside:
            self.action_read()

    def action_wrap(self) -> None:
        """Wrap long lines, or cut them."""
        if self._view < 2 and self._request is not None:
            at = self.query_one(SourceView).at
            self._wraps[self._view] = not self._wraps[self._view]
            self._draw(at)

    def action_fold(self) -> None:
        """Fold or unfold what the chosen line opens."""
        row = self._row_at
        if self._view < 2 and row >= 0 and folds.foldable(self._lines, self._ends, row):
            self._folded = self._folded ^ {row}
            self._draw(self._rows.index(row))

    def action_unfold(self) -> None:
        """Unfold everything; where nothing is folded, fold long values again."""
        row = self._row_at
        if self._view < 2 and row >= 0:
            self._folded = frozenset() if self._folded else folds.long_values(self._lines)
            self._rows = folds.visible(self._lines, self._ends, self._folded)
            self._draw(self._rows.index(row))

    def action_request(self, step: int) -> None:
        """Choose another request."""
        total = len(self._requests) + len(self._calls)
        if total:
            self.doctor.request = (self.doctor.request + step) % total
            self.again()

    def action_mark(self, step: int) -> None:
        """Go to another hit of the search, else to another mark."""
        rows = self._hits if self.query_one(Field).value else sorted({mark.row for mark in self._marks})
        if self._view == 2 or not rows:
            self.doctor.say("Nothing is marked in this text." if not self.query_one(Field).value else "Nothing found.")
            return
        here = self._row_at
        later = [row for row in rows if row > here]
        earlier = [row for row in rows if row < here]
        self._go_to((later or rows)[0] if step > 0 else (earlier or rows)[-1])

    def _go_to(self, row: int) -> None:
        message = self.query_one(SourceView)
        hiding = folds.unfolded(self._ends, self._folded, row)
        if hiding != self._folded:
            self._folded = hiding
            self._draw(message.at)
        if row in self._rows:
            message.go_to(self._rows.index(row))

    def action_search(self) -> None:
        """Open the line to search in."""
        if self._view == 2:
            self.action_view_at(0)
        words = self.query_one(Field)
        words.display = True
        words.focus()

    @on(Field.Changed, "#words")
    def _search(self) -> None:
        words = self.query_one(Field).value.lower()
        self._hits = [row for row, one in enumerate(self._lines) if words in plain(one.spans).lower()] if words else []
        self.query_one("#status", Banner).redraw()

    @on(Field.Submitted, "#words")
    def _searched(self) -> None:
        self.query_one(SourceView).focus()
        if self._hits:
            self._go_to(self._hits[0])
        self.doctor.say(f"{len(self._hits)} lines hold it; n and N go on." if self._hits else "Nothing found.")

    def action_finding(self) -> None:
        """Go to the finding of the mark, or to the one that stops the request or call."""
        row, name = self._row_at, self._request.name if self._request else ""
        mark = next((one for one in self._marks if one.row == row), None)
        if mark is not None:
            self.doctor.show_finding(mark.key)
            return
        call = self._call
        confirmed = self.doctor.session.confirmed
        stopping = next((one for one in confirmed if name in one.stops), None) if name else None
        if call is not None:
            stopping = next((one for one in confirmed if one.subject.path == call.subject.path), None)
        if stopping is None:
            self.doctor.say("No finding stops this request." if call is None else "No finding is about this call.")
        else:
            self.doctor.show_finding(stopping.key)

    def action_difference(self) -> None:
        """Show what was signed and what came, side by side."""
        request = self._request
        if request is None or request not in self._found:
            self._wants_difference = True
            self.action_view_at(2)
            return
        failing = signatures.failing(self._found[request])
        if not failing:
            self.doctor.say("No digest of this message differs.")
            return
        from wssdoctor.tui.screens.difference import DifferenceDialog

        self.app.push_screen(DifferenceDialog(failing))

    def action_replay(self) -> None:
        """Show the way of the request through the stages."""
        doctor = self.doctor
        if doctor.request < len(doctor.session.run.replays):
            doctor.whatif = chosen(doctor.session, doctor.whatif, doctor.request)
        doctor.action_go("whatif")

    def close_inner(self) -> bool:
        """Close the search, or leave the text; say whether there was anything to leave."""
        words = self.query_one(Field)
        if words.display:
            words.display = False
            words.value = ""
            self.query_one(SourceView).focus()
            return True
        if self.query_one("#list", Choice).has_focus:
            return False
        self.query_one("#list", Choice).focus()
        return True

    def copied(self) -> str:
        """Return the chosen line, or the text about the request."""
        row = self._row_at
        if self.query_one(SourceView).has_focus and row >= 0:
            return plain(self._lines[row].spans).strip()
        return self.copied_all()

    def copied_all(self) -> str:
        """Return the whole text; passwords are hidden in it."""
        if self._view < 2 and self._request is not None:
            return "\n".join(plain(one.spans) for one in self._lines)
        return self.query_one(Article).text
