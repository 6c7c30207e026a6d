"""The half of the app that works on the case: opening, running, trying remedies. The other half is ``app``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from threading import Event
from typing import Any

from msgspec.structs import replace
from textual import on
from textual.app import App
from textual.notifications import SeverityLevel

from wssdoctor.knowledge.base import Base
from wssdoctor.tui import recent, runner, session
from wssdoctor.tui.rows import Row
from wssdoctor.tui.session import Opening, Session
from wssdoctor.tui.state import FindingList
from wssdoctor.tui.text import harmless
from wssdoctor.tui.whatif import Basket, WhatIf, first_rejected, offers


class Doctor(App[int]):
    """An app with a case. Screens read the attributes and ask for changes by the methods."""

    def __init__(self, base: Base, recent_file: Path | None, *, ansi_color: bool | None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.base = base
        self.session = Session()
        self.view = FindingList()
        """The list of findings: its filter, search and chosen row."""
        self.whatif = WhatIf()
        self.request = 0
        """The chosen request."""
        self.recent_file = recent_file or recent.home()
        self._number = 0
        self._stop = Event()
        self._stop_trying = Event()

    def action_go(self, mode: str) -> None:
        """Go to a mode, to the place where it was left."""
        raise NotImplementedError

    def _show(self) -> None:
        """Let the screen that is seen show what is known now."""
        again = getattr(self.screen, "again", None)
        if again is not None:
            again()

    def say(self, text: str, *, loud: bool = False) -> None:
        """Say something for a moment, or as a warning for a longer one."""
        severity: SeverityLevel = "warning" if loud else "information"
        self.notify(harmless(text), markup=False, severity=severity, timeout=10 if loud else 4)

    # Opening and running -----------------------------------------------------------------------------------

    def open(self, opening: Opening) -> None:
        """Open a case and run its diagnosis."""
        self._number += 1
        self._stop.set()
        self._stop_trying.set()
        self._stop = stop = Event()
        number, base = self._number, self.base
        if self.session.opening != opening:
            self.view, self.whatif, self.request = FindingList(), WhatIf(), 0
        self.whatif = replace(self.whatif, result=None, why_not="")
        self.session = session.opened(opening)
        self.run_worker(
            lambda: runner.run_case(number, opening, base, stop, self.post_message),
            group="diagnosis",
            exit_on_error=False,
            thread=True,
        )
        self.action_go("findings")

    def _take(self, told: runner.Told, after: Session) -> None:
        if told.number == self._number:
            self.session = after
            self._show()

    @on(runner.CaseRead)
    def _case_read(self, told: runner.CaseRead) -> None:
        self._take(told, session.read(self.session, told.case))

    @on(runner.Advanced)
    def _advanced(self, told: runner.Advanced) -> None:
        if told.number == self._number and self.session.running:
            self._take(told, session.advanced(self.session, told.progress, told.known))

    @on(runner.Finished)
    def _finished(self, told: runner.Finished) -> None:
        if told.number == self._number:
            self.session = session.finished(self.session, told.diagnosis, told.rows)
            self.whatif = first_rejected(self.session, self.whatif)
            self.try_basket(self.whatif.basket)
            self._remember()

    @on(runner.Refused)
    def _refused(self, told: runner.Refused) -> None:
        self._broke(told, session.refused(self.session, told.problems), "The case cannot be opened")

    @on(runner.Crashed)
    def _crashed(self, told: runner.Crashed) -> None:
        self._broke(told, session.crashed(self.session, told.where), "The diagnosis stopped")

    def _broke(self, told: runner.Told, after: Session, title: str) -> None:
        if told.number != self._number:
            return
        from wssdoctor.tui.screens.error import ErrorDialog

        self._take(told, after)
        self.push_screen(ErrorDialog(title, after.problems))

    def _remember(self) -> None:
        opening, now = self.session.opening, dt.datetime.now(dt.UTC)
        if opening is None or opening.sample:
            return
        system = str(opening.system.absolute()) if opening.system else None
        captures = tuple(str(path.absolute()) for path in opening.captures)
        run, causes = self.session.run, len(self.session.confirmed)
        recent.remember(recent.Recent(system, captures, len(run.replays), run.rejected, causes, now), self.recent_file)

    def cancel(self) -> None:
        """Stop the run; what is known stays, and is said to be a part."""
        self._stop.set()
        self._number += 1
        self.session = session.cancelled(self.session)
        self._show()

    # What-if -----------------------------------------------------------------------------------------------

    def try_basket(self, basket: Basket) -> None:
        """Try other remedies on a copy of the case."""
        self._stop_trying.set()
        self._stop_trying = stop = Event()
        self.whatif = replace(self.whatif, basket=basket, result=None, why_not="")
        case, base, number = self.session.case, self.base, self._number
        if case is not None and basket.actions:
            # What is not replayed yet, or was cancelled, is not compared either.
            case = replace(case, requests=case.requests[: len(self.session.run.replays)])
            self.run_worker(
                lambda: runner.try_remedies(number, case, basket.actions, base, stop, self.post_message),
                group="what-if",
                exit_on_error=False,
                thread=True,
            )
        self._show()

    @on(runner.RemediesTried)
    def _tried(self, told: runner.RemediesTried) -> None:
        if told.number == self._number and told.actions == self.whatif.basket.actions:
            self.whatif = replace(self.whatif, result=told.result, why_not=told.why_not, unclear=told.unclear)
            self._show()

    def try_best(self, row: Row | None) -> None:
        """Put the best remedy of a finding into the basket, or take its remedies out."""
        finding = row.finding if row else None
        if finding is None or finding.status != "confirmed":
            self.say("Only a confirmed finding has remedies to try.")
            return
        mine = [
            offer
            for offer in offers(self.session, self.base)
            if (offer.cause, offer.action.subject.path) == finding.key and not offer.possible
        ]
        inside = [offer for offer in mine if offer.action in self.whatif.basket.actions]
        if not mine:
            self.say("None of its remedies can be simulated.")
        elif inside:
            taken = {offer.action for offer in inside}
            kept = [one for one in self.whatif.basket.actions if one not in taken]
            self.try_basket(self.whatif.basket.changed(kept))
            self.say("Out of the what-if basket.")
        else:
            best = next((offer for offer in mine if offer.trial == "resolved" and not offer.weakens), mine[0])
            self.try_basket(self.whatif.basket.toggled(best.action))
            self.say(f"In the what-if basket: {best.title}. 3 shows what it does.")

    def exit(self, *arguments: Any, **options: Any) -> None:
        """Stop what runs and leave."""
        self._stop.set()
        self._stop_trying.set()
        super().exit(*arguments, **options)
