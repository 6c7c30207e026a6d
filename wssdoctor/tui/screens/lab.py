"""Lab: the requests that come to a provider which behaves as the described system, live, newest first."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from wssdoctor.tui import lablines
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.labrun import Came
from wssdoctor.tui.lines import Line
from wssdoctor.tui.screens.base import Place
from wssdoctor.tui.session import Opening
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import Banner, CommandBar
from wssdoctor.tui.widgets.choice import Choice

SECONDS = 0.25
"""Between two looks at what came: many requests make one drawing."""
_OPENED = 100
"""Requests that are opened together: the chosen one and those that came before it."""


class LabScreen(Place):
    """What comes to the lab."""

    BINDINGS = bindings("lab")
    context = "lab"
    mode = "lab"

    def __init__(self) -> None:
        super().__init__()
        self._came: list[Came] = []
        self._number = -1
        self._columns: dict[int, int] = {}
        """How wide paths are drawn in rows of so many cells."""
        self._follows = True
        """Whether the cursor stays on the newest request; it does not once it was moved down."""

    def body(self) -> ComposeResult:
        yield Banner(id="status")
        with Container(id="panes"):
            yield Choice(id="list")
            yield Article(id="about")

    def on_mount(self) -> None:
        self.set_interval(SECONDS, self._look)

    def _look(self) -> None:
        run = self.doctor.lab
        if self.is_current and run is not None and (run.number != self._number or not run.running):
            self.show()

    @property
    def _chosen(self) -> Came | None:
        at = self.query_one("#list", Choice).cursor
        return self._came[at] if 0 <= at < len(self._came) else None

    def show(self) -> None:
        run, chosen = self.doctor.lab, self._chosen
        self._number = run.number if run is not None else -1
        self._came = run.newest() if run is not None else []
        at = 0
        if chosen is not None and not self._follows:
            here = (index for index, one in enumerate(self._came) if one.entry.number == chosen.entry.number)
            at = next(here, len(self._came) - 1)
        self._columns = {}
        said, status = lablines.status(run), self.query_one("#status", Banner)
        status.show(lambda _: said)
        status.styles.height = len(said)
        self.query_one("#list", Choice).show(len(self._came), self._row, cursor=at)
        self.set_class(not self._came, "-empty")
        self._tell()
        self.query_one(CommandBar).redraw()

    @property
    def leading(self) -> tuple[str, ...]:
        return super().leading or (() if self._can_serve else ("open",))

    @property
    def left_out(self) -> tuple[str, ...]:
        return () if self._can_serve else ("lab-serve",)

    @property
    def labels(self) -> Mapping[str, str]:
        run = self.doctor.lab
        return {**super().labels, "lab-serve": "End lab"} if run is not None and run.running else super().labels

    @property
    def _described(self) -> bool:
        """Whether the open case has a description that a lab can serve; a folder of exports is none."""
        opening = self.doctor.session.opening
        return opening is not None and opening.system is not None and opening.system.is_file()

    @property
    def _can_serve(self) -> bool:
        return self.doctor.lab is not None or self._described

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out of the bar what needs a request where none came."""
        return False if action == "open" and not self._came else super().check_action(action, parameters)

    def _row(self, index: int, cells: int) -> Line:
        if cells not in self._columns:
            self._columns[cells] = lablines.path_column((one.entry for one in self._came), cells)
        return lablines.row(self._came[index].entry, cells, self._columns[cells])

    def _tell(self) -> None:
        chosen = self._chosen
        said = (
            list(lablines.article(chosen.entry))
            if chosen
            else lablines.explained(self.doctor.lab, described=self._described)
        )
        self.query_one(Article).show(said, keep_place=True)

    @on(Choice.Highlighted, "#list")
    def _moved(self, message: Choice.Highlighted) -> None:
        self._follows = message.row == 0
        self._tell()

    @on(Choice.Chosen, "#list")
    def action_open(self) -> None:
        """Open the chosen request, and those before it, as a case, and show it among the requests."""
        chosen, run = self._chosen, self.doctor.lab
        if chosen is None or run is None:
            self.doctor.say("No request is chosen.")
        elif chosen.entry.verdict in ("handshake", "document"):
            self.doctor.say("This was no call of an endpoint.", loud=True)
        elif chosen.file is None or not chosen.file.exists():
            self.doctor.say("This request was not saved, or is kept no longer.", loud=True)
        else:
            at = self._came.index(chosen)
            files = tuple(one.file for one in self._came[at : at + _OPENED] if one.file is not None)
            run.hold(files)
            self.doctor.open(Opening(run.system, files, keys=run.keys))
            self.doctor.action_go("requests")

    def action_serve(self) -> None:
        """Start a lab for the open case, or end the one that runs."""
        self.doctor.serve_or_end()
        self._follows = True
        self.show()

    def close_inner(self) -> bool:
        """Go back to the list; say whether there was anything to leave."""
        if self.query_one("#list", Choice).has_focus or not self._came:
            return False
        self.query_one("#list", Choice).focus()
        return True

    def copied(self) -> str:
        """Return the address of the lab, where no request is chosen; else what is told of it."""
        run = self.doctor.lab
        return self.query_one(Article).text if self._chosen or run is None else run.address

    def copied_all(self) -> str:
        """Return what is told of the chosen request."""
        return self.query_one(Article).text
