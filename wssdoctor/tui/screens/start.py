"""Start: open a case, try the sample, search the knowledge base, go on with a recent case."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from textual import on
from textual.app import ComposeResult

from wssdoctor.tui import recent
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import Line, Span, fit, fit_name, span
from wssdoctor.tui.rows import count
from wssdoctor.tui.screens.base import Place
from wssdoctor.tui.screens.room import WIDE
from wssdoctor.tui.session import Opening
from wssdoctor.tui.widgets.bar import Banner
from wssdoctor.tui.widgets.choice import Choice

_ACTIONS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "Open a case ...",
        "start-open",
        "a description and requests",
        "; or a folder of exports of the system",
        "app.open_case",
    ),
    (
        "Try the sample case",
        "start-sample",
        "a landscape with many faults",
        ": what a diagnosis looks like",
        "app.open_sample",
    ),
    (
        "Search the knowledge base",
        "start-knowledge",
        "a message id, a log, words",
        "; needs no case",
        "app.go('knowledge')",
    ),
    (
        "Be asked step by step",
        "go-interview",
        "where there are no files yet",
        ": one question at a time",
        "app.go('interview')",
    ),
)
"""Title, command, what it is about, more of that where there is room, action."""


_NEEDS_LOW = (
    "· a description ('wssdoctor init' writes one), or exports",
    "· captured requests: raw HTTP, SOAP envelopes or MIME",
)
_NEEDS = (
    "· a description: 'wssdoctor init' writes one to fill in",
    "· or exports: 'wssdoctor collect --missing' says which",
    "· captured requests: raw HTTP, SOAP envelopes or MIME",
)
_NEEDS_WIDE = (
    "· a description of the system: 'wssdoctor init' writes one to fill in, and says for each fact where SAP keeps it",
    "· or a folder of exports: 'wssdoctor collect --missing' says what to export, with transactions and columns",
    "· captured requests: raw HTTP from the ICF recorder, SoapUI's raw tab or a proxy; SOAP envelopes or MIME will do",
    "",
    "Less will do: a system without a request, or requests without a system, are checked as far as they go.",
    "What could not be checked for want of a fact is counted, and the fact is named with the way to find it out.",
)


class StartScreen(Place):
    """The first screen."""

    BINDINGS = bindings("start")
    context = "start"
    explains = True

    def __init__(self) -> None:
        super().__init__()
        self._recent: tuple[recent.Recent, ...] = ()
        self._actions = _ACTIONS

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave export out of the bar: there is nothing to write yet."""
        return False if action == "app.export" else super().check_action(action, parameters)

    def body(self) -> ComposeResult:
        yield Banner(id="promise")
        yield Choice(id="ways")
        yield Banner(id="needs")

    def show(self) -> None:
        self._recent = recent.load(self.doctor.recent_file)
        broken_off = self.doctor.broken_off
        if broken_off is not None and self.doctor.session.opening is None:
            name = broken_off.opening.name
            self._actions = (
                ("Go on where it broke off", "", f"{name}: place and basket as before", "", "resume"),
                *_ACTIONS,
            )
        else:
            self._actions = _ACTIONS
        self.query_one("#promise", Banner).show(_promise)
        self.query_one("#needs", Banner).show(lambda cells: _needs(cells, self.query_one("#needs").size.height))
        ways = self.query_one(Choice)
        ways.show(self._count, self._row, selectable=self._selectable, cursor=max(ways.cursor, 1))
        ways.focus()

    @property
    def _count(self) -> int:
        return 1 + len(self._actions) + (2 + len(self._recent) if self._recent else 0)

    def _selectable(self, row: int) -> bool:
        return 1 <= row <= len(self._actions) or row > len(self._actions) + 2

    def _row(self, row: int, cells: int) -> Line:
        if row == 0:
            return (Span("   Start", "heading"),)
        if row <= len(self._actions):
            title, command, about, more, _ = self._actions[row - 1]
            about += more if cells >= WIDE else ""
            keys = max(len(key(one[1])) for one in _ACTIONS) + 2
            named = span(fit(key(command) if command else "", keys), "accent")
            return (Span(f"   {title:<26}"), named, span(fit(about, cells - 29 - keys), "muted"))
        if row == len(self._actions) + 1:
            return ()
        if row == len(self._actions) + 2:
            return (Span("   Recent", "heading"),)
        one = self._recent[row - len(self._actions) - 3]
        name = Path(one.system).name if one.system else "captures only"
        if not one.there:
            outcome = Span(f"{'file has moved':<19}", "warn")
        elif one.causes:
            causes = f"✗ {count(one.causes, 'cause')}"
            outcome = Span(f"{causes:<19}", "fail")
        else:
            outcome = Span(f"{'no cause confirmed':<19}", "muted")
        requests = count(one.requests, "request")
        return (
            span(f"   {fit_name(name, 22)} "),
            outcome,
            Span(f"{requests:<13}", "muted"),
            Span(recent.ago(one.opened, dt.datetime.now(dt.UTC)), "muted"),
        )

    @on(Choice.Chosen)
    async def _chosen(self, message: Choice.Chosen) -> None:
        row = message.row
        if row <= len(self._actions):
            await self.run_action(self._actions[row - 1][-1])
            return
        one = self._recent[row - len(self._actions) - 3]
        system = Path(one.system) if one.system else None
        self.doctor.open(Opening(system, tuple(map(Path, one.captures)), client=one.client))

    def action_resume(self) -> None:
        """Go on with the case that a session broke off in."""
        place, self.doctor.broken_off = self.doctor.broken_off, None
        if place is not None:
            self.doctor.come_back(place)

    def action_choose(self) -> None:
        """Do what the chosen row says."""
        self.query_one(Choice).action_choose()


def _promise(_: int) -> list[Line]:
    return [
        (),
        (Span("   Why does a SOAP call not log on to SAP? See the cause,", "strong"),),
        (Span("   its proof, and the remedy tried on a copy.", "strong"),),
        (Span("   All stays on this machine: nothing is sent anywhere.", "muted"),),
    ]


def _needs(cells: int, lines: int) -> list[Line]:
    texts: tuple[str, ...] = _NEEDS_WIDE if cells >= WIDE else _NEEDS
    if lines <= len(texts):
        texts = _NEEDS_LOW
    return [(Span("   What you need", "heading"),), *((Span(f"   {text}", "muted"),) for text in texts)]
