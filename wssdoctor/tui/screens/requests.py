"""Requests: the captured ones and the outbound calls; the text of the chosen one with marks where findings point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from wssdoctor.provider.request import Request
from wssdoctor.tui import headers, policy, reading, requestlist, signatures, state
from wssdoctor.tui.callarticle import call_article
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Line, Paragraph, Span, plain, prose, span
from wssdoctor.tui.reading import Reading
from wssdoctor.tui.screens.base import Place
from wssdoctor.tui.whatif import chosen
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import Banner, CommandBar, Tabs
from wssdoctor.tui.widgets.choice import Choice
from wssdoctor.tui.widgets.field import Field, SearchField
from wssdoctor.tui.widgets.source import SourceView

if TYPE_CHECKING:
    from wssdoctor.consumer.call import Call
    from wssdoctor.wsse.verification import Verification

VIEWS = ("Parts", "As sent", "Signatures", "Policy", "Headers")
TEXTS = (0, 1)
"""The views that show the text."""
SIGNATURES = 2
_IDLE = {2: ("request-mark",), 3: ("request-mark", "request-policy"), 4: ("request-mark", "request-headers")}
"""The commands, by id, that do nothing in a view."""
VERIFIED = (SIGNATURES, 3)
"""The views that need the message verified."""


class RequestsScreen(Place):
    """The captured requests and the outbound calls."""

    BINDINGS = bindings("requests")
    context = "requests"
    mode = "requests"
    needs_case = True

    def __init__(self) -> None:
        super().__init__()
        self._view = 0
        self._wraps = {0: False, 1: True}
        self._shown: tuple[object, int] | None = None
        """The request or call that is shown, and the view."""
        self._reading = Reading()
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
        words = SearchField("search in this text", id="words")
        words.display = False
        yield words

    # What there is -----------------------------------------------------------------------------------------

    @property
    def _listed(self) -> requestlist.Listed:
        return requestlist.listed(self.doctor.session)

    @property
    def _request(self) -> Request | None:
        """The chosen request; nothing where a call is chosen, or nothing is there."""
        return self._listed.request(self.doctor.request)

    @property
    def _call(self) -> Call | None:
        return self._listed.call(self.doctor.request)

    @property
    def _line_at(self) -> int:
        """The line under the cursor; -1 where there is none."""
        return self._reading.line_in(self.query_one(SourceView).at)

    @property
    def lacking(self) -> bool:
        session = self.doctor.session
        return session.opening is None or not (session.running or self._listed.total)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out of the bar what needs a request, or its text, where there is none."""
        name = action.partition("(")[0]
        if name == "read" and self._request is None and self._call is None:
            return False
        if self._request is None and name in ("view", "view_at", "fold", "mark", "search"):
            return False
        if name == "fold" and self._view not in TEXTS:
            return False
        return super().check_action(action, parameters)

    @property
    def left_out(self) -> tuple[str, ...]:
        found = self._found.get(self._request) if self._request is not None and self._view == SIGNATURES else None
        idle = _IDLE.get(self._view, ())
        return idle if signatures.failing(found) else (*idle, "request-difference")

    # Showing -----------------------------------------------------------------------------------------------

    def show(self) -> None:
        doctor = self.doctor
        if doctor.session.phase == "reading" and self._shown is not None:
            return  # the case is read again: what is read stays until it is there
        found = self._listed
        doctor.request = max(0, min(doctor.request, found.total - 1))
        self.set_class(not found.total, "-empty")
        choice = self.query_one("#list", Choice)
        choice.show(
            found.rows,
            lambda row, cells: requestlist.row_line(found, doctor.session, row, cells),
            selectable=lambda row: not found.is_heading(row),
            cursor=found.row_of(doctor.request),
        )
        if self.focused is None:
            choice.focus()
        self._read()
        self.query_one("#status", Banner).show(self._status)
        if doctor.wanted_mark is not None:
            wanted, doctor.wanted_mark = doctor.wanted_mark, None
            mark = next((one for one in self._reading.marks if one.key == wanted), None)
            if mark is not None:
                self.query_one(SourceView).focus()
                self.call_after_refresh(self._go_to, mark.row)
            else:
                self.doctor.say("No place in this message shows it: the finding says where its evidence stands.")

    def _status(self, cells: int) -> list[Line]:
        request, call = self._request, self._call
        if call is not None:
            return [(span(f" {call.subject.name}", "strong"),), (Span(" an outbound call of this system", "muted"),)]
        if request is None:
            return []
        replay = requestlist.replay_of(self.doctor.session, self.doctor.request)
        number = self._line_at if self.query_one(SourceView).has_focus else -1
        return [
            requestlist.headline(request, replay, self._reading, cells),
            requestlist.place_line(request, self._reading, number, cells),
        ]

    def _read(self) -> None:
        """Show what is chosen in the view that is chosen."""
        request, call = self._request, self._call
        message, about = self.query_one(SourceView), self.query_one("#about", Article)
        self.query_one(Tabs).show(self._view if request is not None else None)
        message.display = request is not None and self._view in TEXTS
        about.display = not message.display
        if call is not None:
            about.show(call_article(call, self.doctor.session.run), keep_place=self._shown == (call.subject, 0))
            self._shown = call.subject, 0
        elif request is None:
            lacking = state.not_there(self.doctor.session)
            about.show([prose(lacking, "muted", indent=1)] if lacking else requestlist.none_captured())
            self._reading, self._shown = Reading(), None
        elif self._view in TEXTS:
            self._read_text(request)
        else:
            about.show(self._article(request), keep_place=self._shown == (request, self._view))
            self._shown = request, self._view

    def _read_text(self, request: Request) -> None:
        findings, at = self.doctor.session.findings, self.query_one(SourceView).at
        if self._shown == (request, self._view):
            self._reading = reading.marked(self._reading, request, findings)
            self._draw(at)
            return
        words = self.query_one(Field).value
        self._reading = reading.opened(request, findings, words, indented=self._view == 0)
        if self._names_the_same(request):
            self._draw(at)
        else:
            self._draw(0)
            self.query_one(SourceView).go_to(self._reading.first_mark)
        self._shown = request, self._view

    def _names_the_same(self, request: Request) -> bool:
        """Whether the request that is shown, in this view, is the same file as it was before it changed."""
        before, view = self._shown or (None, -1)
        return isinstance(before, Request) and before.name == request.name and view == self._view

    def _draw(self, at: int) -> None:
        text = reading.drawn(self._reading)
        self.query_one(SourceView).show_text(text, wrapped=self._wraps.get(self._view, False), at=at)

    def _article(self, request: Request) -> list[Paragraph]:
        """Say what the view says about a request, or that it is worked out."""
        if self._view not in VERIFIED:
            return headers.paragraphs(request)
        if request not in self._found:
            self._verify(request)
            return [prose("Verifying ...", "accent", indent=1)]
        found, session = self._found[request], self.doctor.session
        if self._view == SIGNATURES:
            return signatures.paragraphs(found)
        assert session.case is not None
        replay = requestlist.replay_of(session, self.doctor.request)
        return policy.paragraphs(session.case.facts, request, found, replay)

    def _verify(self, request: Request) -> None:
        case = self.doctor.session.case
        assert case is not None

        self.doctor.jobs.begin(
            self,
            "verify",
            lambda: signatures.examined(request, case.facts, case.memory.replayer.forensics),
            lambda found: self._verified(request, found),
        )

    def _verified(self, request: Request, found: Verification | None) -> None:
        self._found = {one: kept for one, kept in self._found.items() if one in self._listed.requests}
        self._found[request] = found
        if self._view in VERIFIED and self._request is request:
            self._read()
            self.query_one(CommandBar).redraw()
            if self._wants_difference:
                self.action_difference()
        self._wants_difference = False

    # Going about -------------------------------------------------------------------------------------------

    @on(Choice.Highlighted, "#list")
    def _moved(self, message: Choice.Highlighted) -> None:
        self.doctor.choose_request(self._listed.number_of(message.row))
        self._read()
        self.query_one("#status", Banner).redraw()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    @on(Choice.Highlighted, "#message")
    def _line_chosen(self) -> None:
        self.query_one("#status", Banner).redraw()

    @on(Choice.Chosen, "#list")
    def action_read(self) -> None:
        """Go to the text."""
        self.doctor.choose_request(self.doctor.request)
        message = self.query_one(SourceView)
        (message if message.display else self.query_one("#about", Article)).focus()

    @on(Choice.Chosen, "#message")
    def _line_opened(self) -> None:
        mark = self._reading.mark_at(self._line_at)
        if mark is not None:
            self.doctor.show_finding(mark.key)
        else:
            self.action_fold()

    def action_view(self, step: int) -> None:
        """Choose the next view, or the one before."""
        self.action_view_at((self._view + step) % len(VIEWS))

    def action_view_at(self, view: int) -> None:
        """Choose a view."""
        inside = isinstance(self.focused, SourceView | Article)
        self._view = view
        self._read()
        self.query_one("#status", Banner).redraw()
        self.query_one(CommandBar).redraw()
        if inside:
            self.action_read()

    def action_wrap(self) -> None:
        """Wrap long lines, or cut them."""
        if self._view in TEXTS and self._request is not None:
            at = self.query_one(SourceView).at
            self._wraps[self._view] = not self._wraps[self._view]
            self._draw(at)

    def action_fold(self) -> None:
        """Fold or unfold what the chosen line opens."""
        self._refold(reading.toggled(self._reading, self._line_at))

    def action_unfold(self) -> None:
        """Unfold everything; where nothing is folded, fold long values again."""
        self._refold(reading.unfolded(self._reading))

    def _refold(self, other: Reading) -> None:
        number = self._line_at
        if self._view in TEXTS and number >= 0:
            self._reading = other
            self._draw(other.row_of(number))

    def action_request(self, step: int) -> None:
        """Choose another request."""
        total = self._listed.total
        if total:
            self.doctor.choose_request((self.doctor.request + step) % total)
            self.again()

    def action_mark(self, step: int) -> None:
        """Go to another hit of the search, else to another mark."""
        number = reading.next_line(self._reading, self._line_at, step) if self._view in TEXTS else -1
        if number >= 0:
            self._go_to(number)
        else:
            self.doctor.say("Nothing found." if self._reading.words else "Nothing is marked in this text.")

    def _go_to(self, number: int) -> None:
        message = self.query_one(SourceView)
        other = reading.revealed(self._reading, number)
        if other is not self._reading:
            self._reading = other
            self._draw(message.at)
        row = self._reading.row_of(number)
        if row >= 0:
            message.go_to(row)

    def action_search(self) -> None:
        """Open the line to search in."""
        if self._view not in TEXTS:
            self.action_view_at(0)
        words = self.query_one(Field)
        words.display = True
        words.focus()

    @on(Field.Changed, "#words")
    def _search(self, message: Field.Changed) -> None:
        self._reading = reading.searched(self._reading, message.value)
        self.query_one("#status", Banner).redraw()

    @on(Field.Submitted, "#words")
    def _searched(self) -> None:
        hits = self._reading.hits
        self.query_one(SourceView).focus()
        if hits:
            self._go_to(hits[0])
        self.doctor.say(f"{len(hits)} lines hold it; n and N go on." if hits else "Nothing found.")

    def action_finding(self) -> None:
        """Go to the finding of the mark, or to the one that stops the request or call."""
        mark, request, call = self._reading.mark_at(self._line_at), self._request, self._call
        if mark is not None:
            self.doctor.show_finding(mark.key)
            return
        stopping = requestlist.stopping(self.doctor.session, request, call)
        if stopping is None:
            self.doctor.say("No finding stops this request." if call is None else "No finding is about this call.")
        else:
            self.doctor.show_finding(stopping.key)

    def action_difference(self) -> None:
        """Show what was signed and what came, side by side."""
        request = self._request
        if request is None or request not in self._found:
            self._wants_difference = request is not None
            self.action_view_at(SIGNATURES)
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
        words, choice = self.query_one(Field), self.query_one("#list", Choice)
        if words.display:
            words.display = False
            words.value = ""
            self.query_one(SourceView).focus()
            return True
        if choice.has_focus:
            return False
        choice.focus()
        return True

    def copied(self) -> str:
        """Return the chosen line, or the text about the request."""
        number = self._line_at
        if self.query_one(SourceView).has_focus and number >= 0:
            return plain(self._reading.lines[number].spans).strip()
        return self.copied_all()

    def copied_all(self) -> str:
        """Return the whole text; passwords are hidden in it."""
        if self._view in TEXTS and self._request is not None:
            return "\n".join(plain(one.spans) for one in self._reading.lines)
        return self.query_one("#about", Article).text
