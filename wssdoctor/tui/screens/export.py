"""Export: choose what to write, see what it holds and where it goes, write it."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

from textual import events, on
from textual.containers import Vertical
from textual.timer import Timer
from textual.widget import Widget

from wssdoctor.errors import WssdoctorError
from wssdoctor.tui import exports, redaction
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Line, Paragraph, Span, fit, fit_end, labelled, prose, span
from wssdoctor.tui.once import Once
from wssdoctor.tui.redaction import REDACTIONS, Packed
from wssdoctor.tui.rows import count
from wssdoctor.tui.screens.base import Dialog
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import Banner, CommandBar, Tabs
from wssdoctor.tui.widgets.choice import Choice
from wssdoctor.tui.widgets.field import Field
from wssdoctor.tui.writer import File

_REST = 0.2
"""Seconds that the cursor rests on the ticket before it is packed, to count what is replaced."""


class ExportDialog(Dialog):
    """What can be written into a file."""

    BINDINGS = bindings("export")
    context = "export"

    def __init__(self, picture: str, text: str) -> None:
        """Take the picture and the text of the screen below."""
        super().__init__()
        self._picture, self._text = picture, text
        self._kinds = exports.kinds()
        self._now = dt.datetime.now()  # noqa: DTZ005 - the user's clock, for a file name
        self._named = False
        self._redaction = 0
        self._tickets: dict[int, Once[Packed]] = {}
        """Tickets that are made, or being made, by their redaction."""
        self._leak = ""
        """Why no ticket can be written."""
        self._names = False
        """Whether the map of names is written beside a ticket."""
        self._resting: Timer | None = None

    def box(self) -> Widget:
        return Vertical(
            Banner(id="title"),
            Choice(id="kinds"),
            Tabs([one.title for one in REDACTIONS], "redact", lead="Redact   ", id="levels"),
            Article(id="about"),
            Field(does="Write", id="file", select_on_focus=False, compact=True),
            Banner(id="state"),
            CommandBar(self.context),
            id="box",
        )

    def on_mount(self) -> None:
        self.query_one("#title", Banner).show(lambda _: [(Span("Export", "heading"), *self._basket())])
        self.query_one(Article).can_focus = False
        choice = self.query_one(Choice)
        first = next(index for index in range(len(self._kinds)) if self._possible(index))
        choice.show(len(self._kinds), self._row, selectable=self._possible, cursor=first)
        choice.focus()
        self._propose()

    # What there is -----------------------------------------------------------------------------------------

    @property
    def _kind(self) -> exports.Kind:
        return self._kinds[self.query_one(Choice).cursor]

    @property
    def _path(self) -> Path:
        return Path(self.query_one(Field).value.strip() or ".").expanduser()

    @property
    def _content(self) -> exports.Content:
        doctor, diagnosis = self.doctor, self.doctor.session.diagnosis
        report = partial(exports.reported, diagnosis, doctor.whatif, doctor.base) if diagnosis is not None else None
        return exports.Content(report, doctor.session.case, self._text, self._picture, REDACTIONS[self._redaction])

    @property
    def _ticket(self) -> Once[Packed]:
        """The ticket of the chosen redaction, which is packed once for all that want it."""
        content = self._content
        return self._tickets.setdefault(self._redaction, Once(lambda: exports.ticket(content)))

    def _basket(self) -> Line:
        number = len(self.doctor.whatif.basket.actions)
        remedies = "the remedy" if number == 1 else f"the {number} remedies"
        return (span(f"   {remedies} of the what-if basket: the plan" if number else "", "muted"),)

    def _possible(self, index: int) -> bool:
        return self.doctor.session.diagnosis is not None or not self._kinds[index].needs_report

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _typing_or_not(self) -> None:
        """Let the bar name the keys that do something: while one types a name, letters do not."""
        self.query_one(CommandBar).redraw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out of the bar what is of a ticket only."""
        if action == "names" and self._kind.id != "ticket":
            return False
        return super().check_action(action, parameters)

    # Showing -----------------------------------------------------------------------------------------------

    def _row(self, index: int, cells: int) -> Line:
        kind = self._kinds[index]
        if not self._possible(index):
            return (span(fit(f" {kind.title}: no finished diagnosis", cells), "muted"),)
        return (span(f" {fit(kind.title, 26)} ", "text"), span(fit(kind.about, max(cells - 28, 0)), "muted"))

    def _propose(self) -> None:
        if not self._named:
            field = self.query_one(Field)
            with field.prevent(Field.Changed):
                field.value = exports.file_name(self.doctor.session, self._kind, self._now)
        self._draw()

    def _draw(self) -> None:
        """Say what the file holds and does not hold, and what writing it would do."""
        ticket = self._kind.id == "ticket"
        self.query_one(Tabs).show(self._redaction if ticket else None)
        self.query_one(CommandBar).redraw()
        self.query_one(Article).show(self._about() if ticket else [redaction.not_redacted(self._kind.stays)])
        said, possible = exports.state_of(self._path)
        place = str(self._path.absolute().parent)
        names = "; with the map of names (.names.json)" if ticket and self._names else ""
        self.query_one("#state", Banner).show(
            lambda cells: [
                (Span("in ", "muted"), span(fit_end(place, cells - 4), "text")),
                (span(f"{said}{names}", "muted" if possible else "fail"),),
            ]
        )
        if ticket and self._ticket.made is None and not self._leak:
            if self._resting is not None:
                self._resting.stop()
            self._resting = self.set_timer(_REST, self._pack)

    def _about(self) -> list[Paragraph]:
        if self._leak:
            return [labelled("Leak", self._leak, "fail", indent=0)]
        made = self._ticket.made
        said = redaction.paragraphs(REDACTIONS[self._redaction], made)
        number = made.bundle.manifest.unsearchable if made else 0
        if number:
            text = f"{count(number, 'short or ordinary value')}: replaced only where structure shows them"
            said.append(prose(text, "warn"))
        return said

    def _pack(self) -> None:
        if self._kind.id != "ticket":
            return
        self.doctor.jobs.begin(self, "ticket", self._ticket.get, lambda _: self._draw(), self._leaked)

    def _leaked(self, error: WssdoctorError) -> None:
        self._leak = str(error)
        self._draw()

    # Choosing and writing ----------------------------------------------------------------------------------

    @on(Choice.Highlighted)
    def _moved(self) -> None:
        self._propose()

    @on(Field.Changed)
    def _typed(self) -> None:
        self._named = True
        self._draw()

    def action_file(self) -> None:
        """Change the name of the file."""
        self.query_one(Field).focus()

    def action_redaction(self, step: int) -> None:
        """Choose what a ticket replaces."""
        self.action_redact((self._redaction + step) % len(REDACTIONS))

    def action_redact(self, number: int) -> None:
        """Choose a level of redaction; the ticket is what it is for."""
        ticket = next(index for index, one in enumerate(self._kinds) if one.id == "ticket")
        if not self._possible(ticket):
            self.doctor.say("A ticket needs a finished diagnosis.")
        elif self._kind.id != "ticket":
            self.query_one(Choice).move_to(ticket)
        else:
            self._redaction, self._leak = number, ""
            self._draw()

    def action_names(self) -> None:
        """Write the map of names too, or not."""
        self._names = not self._names
        self._draw()

    def action_preview(self) -> None:
        """Show what would be written."""
        from wssdoctor.tui.screens.preview import AROUND, PAGE, PreviewDialog

        content, kind, ticket = self._content, self._kind, self._ticket
        cells = min(self.app.size.width - AROUND, PAGE if kind.id == "html" else 80)
        self.app.push_screen(
            PreviewDialog(
                (lambda: exports.ticket_list(ticket.get()))
                if kind.id == "ticket"
                else partial(exports.preview, content, kind, cells)
            )
        )

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def action_write(self) -> None:
        """Write what the chosen row says."""
        kind, path, doctor = self._kind, self._path, self.doctor
        _, possible = exports.state_of(path)
        if not possible:
            self._draw()
            return
        content, names, ticket = self._content, self._names, self._ticket
        self.dismiss()

        def files() -> list[File]:
            if kind.id != "ticket":
                return [File(path, kind.make(content))]
            made = ticket.get()
            beside = [File(exports.names_file(path), exports.names_in(made), 0o600)] if names else []
            return [File(path, made.bundle.data), *beside]

        doctor.writer.write(
            doctor,
            path,
            files,
            lambda: doctor.written(path, kind.needs_report),
            lambda error: doctor.say(f"Not written: {error}", loud=True),
        )

    def close_inner(self) -> bool:
        """From the file name back to the list; say whether one was there."""
        if self.query_one(Field).has_focus:
            self.query_one(Choice).focus()
            return True
        return False

    def copied(self) -> str:
        return str(self._path.absolute())
