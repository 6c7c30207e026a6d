"""Export: choose what to write, see where it goes, write it."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

from textual import on
from textual.containers import Vertical
from textual.widget import Widget

from wssdoctor.atomic import replace_file
from wssdoctor.errors import WssdoctorError
from wssdoctor.tui import exports
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Line, Span, fit, fit_end, span
from wssdoctor.tui.screens.base import Dialog
from wssdoctor.tui.widgets.bar import Banner, CommandBar
from wssdoctor.tui.widgets.choice import Choice
from wssdoctor.tui.widgets.field import Field


class ExportDialog(Dialog):
    """What can be written into a file."""

    CSS_PATH = "export.tcss"
    BINDINGS = bindings("export")
    context = "export"

    def __init__(self, picture: str, text: str) -> None:
        """Take the picture and the text of the screen below."""
        super().__init__()
        self._picture, self._text = picture, text
        self._kinds = exports.kinds()
        self._now = dt.datetime.now()  # noqa: DTZ005 - the user's clock, for a file name
        self._named = False

    def box(self) -> Widget:
        return Vertical(
            Banner(id="title"),
            Choice(id="kinds"),
            Field(id="file", select_on_focus=False, compact=True),
            Banner(id="state"),
            CommandBar(self.context),
            id="box",
        )

    def on_mount(self) -> None:
        self.query_one("#title", Banner).show(lambda _: [(Span("Export", "heading"),), self._basket()])
        choice = self.query_one(Choice)
        first = next(index for index in range(len(self._kinds)) if self._possible(index))
        choice.show(len(self._kinds), self._row, selectable=self._possible, cursor=first)
        choice.focus()
        self._propose()

    def _basket(self) -> Line:
        number = len(self.doctor.whatif.basket.actions)
        if not number:
            return (Span("What to write:", "muted"),)
        return (span(f"What to write (the {number} remedies of the what-if basket are the report's plan):", "muted"),)

    def _possible(self, index: int) -> bool:
        return self.doctor.session.diagnosis is not None or not self._kinds[index].needs_report

    def _row(self, index: int, cells: int) -> Line:
        kind = self._kinds[index]
        if not self._possible(index):
            return (span(fit(f" {kind.title}: no finished diagnosis", cells), "muted"),)
        return (span(f" {fit(kind.title, 28)}", "text"), span(fit(kind.about, max(cells - 30, 0)), "muted"))

    @property
    def _path(self) -> Path:
        return Path(self.query_one(Field).value.strip() or ".").expanduser()

    def _propose(self) -> None:
        if not self._named:
            kind = self._kinds[self.query_one(Choice).cursor]
            field = self.query_one(Field)
            with field.prevent(Field.Changed):
                field.value = exports.file_name(self.doctor.session, kind, self._now)
        self._judge()

    def _judge(self) -> None:
        said, possible = exports.state_of(self._path)
        place = str(self._path.absolute().parent)
        self.query_one("#state", Banner).show(
            lambda cells: [
                (Span("in ", "muted"), span(fit_end(place, cells - 4), "text")),
                (span(said, "muted" if possible else "fail"),),
            ]
        )

    @on(Choice.Highlighted)
    def _moved(self) -> None:
        self._propose()

    @on(Field.Changed)
    def _typed(self) -> None:
        self._named = True
        self._judge()

    def action_file(self) -> None:
        """Change the name of the file."""
        self.query_one(Field).focus()

    @on(Choice.Chosen)
    @on(Field.Submitted)
    def action_write(self) -> None:
        """Write what the chosen row says."""
        kind = self._kinds[self.query_one(Choice).cursor]
        path = self._path
        _, possible = exports.state_of(path)
        if not possible:
            self._judge()
            return
        doctor, diagnosis = self.doctor, self.doctor.session.diagnosis
        report = partial(exports.reported, diagnosis, doctor.whatif, doctor.base) if diagnosis is not None else None
        content = exports.Content(report, doctor.session.case, self._text, self._picture)
        self.dismiss()

        def work() -> None:
            try:
                replace_file(path, kind.make(content))
            except OSError as error:
                doctor.call_from_thread(doctor.say, f"Not written: {error.strerror or error}", loud=True)
                return
            except WssdoctorError as error:
                doctor.call_from_thread(doctor.say, f"Not written: {error}", loud=True)
                return
            doctor.call_from_thread(doctor.written, path, kind.needs_report)

        doctor.run_worker(work, group="export", exit_on_error=False, thread=True)

    def close_inner(self) -> bool:
        """From the file name back to the list; say whether one was there."""
        if self.query_one(Field).has_focus:
            self.query_one(Choice).focus()
            return True
        return False

    def copied(self) -> str:
        return str(self._path.absolute())
