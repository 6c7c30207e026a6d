"""The half of the app that works on the case: opening, running, trying remedies. The other half is ``app``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from textual import on
from textual.message import Message
from textual.notifications import SeverityLevel

from wssdoctor.errors import WssdoctorError
from wssdoctor.tui import keep, news, recent, session
from wssdoctor.tui.jobs import Jobs
from wssdoctor.tui.keynames import key
from wssdoctor.tui.painter import Painter
from wssdoctor.tui.rows import Row
from wssdoctor.tui.said import Said, kept
from wssdoctor.tui.session import Opening, Session
from wssdoctor.tui.state import FindingList
from wssdoctor.tui.text import harmless
from wssdoctor.tui.whatif import Basket, WhatIf, first_rejected, offers
from wssdoctor.tui.writer import Writer

if TYPE_CHECKING:
    from wssdoctor.knowledge.base import Base


_FRAME = 1.0
"""Seconds after which no frame is waited for any more."""


class Doctor(Painter):
    """An app with a case. Screens read the attributes and ask for changes by the methods."""

    def __init__(self, load_base: Callable[[], Base], state_folder: Path | None, *, theme: str) -> None:
        super().__init__(theme)
        self._load_base = load_base
        self.session = Session()
        self.view = FindingList()
        """The list of findings: its filter, search and chosen row."""
        self.whatif = WhatIf()
        self.request = 0
        """The chosen request; outbound calls are counted after the requests."""
        self._request_chosen = False
        """Whether the user chose it."""
        self.answered = 0
        """Facts that the interview was answered, and that are saved nowhere yet."""
        self.said: tuple[Said, ...] = ()
        """What was said in passing."""
        self.fatal: WssdoctorError | None = None
        """Why the app ended, where it could not go on."""
        self.jobs = Jobs(
            lambda error: self.say(str(error), loud=True),
            lambda where: self.say(f"A defect of this program: {where}", loud=True),
        )
        self.writer = Writer(self.jobs)
        self._state_folder = state_folder
        self._number = self._started = 0
        self._stop = Event()
        self._stop_trying = Event()

    @cached_property
    def base(self) -> Base:
        """The knowledge base, read when it is first needed. Raises ``WssdoctorError``."""
        return self._load_base()

    @cached_property
    def state_folder(self) -> Path:
        """Where recent cases and the place in the open one are kept."""
        return self._state_folder or keep.folder()

    @property
    def recent_file(self) -> Path:
        """Where recent cases are kept."""
        return self.state_folder / "recent.json"

    def give_up(self, error: WssdoctorError) -> None:
        """End the app for an error that leaves nothing to show; whoever runs it says what is wrong."""
        self.fatal = error
        self.exit(error.exit_code)

    def action_go(self, mode: str) -> None:
        """Go to a mode, to the place where it was left."""
        raise NotImplementedError

    def come_back_to_basket(self) -> None:
        """Put the remedies in that a session which broke off had tried."""
        raise NotImplementedError

    def _show(self) -> None:
        """Let the screen that is seen show what is known now."""
        again = getattr(self.screen, "again", None)
        if again is not None:
            again()

    def _show_progress(self) -> None:
        """Let the screen that is seen say how far the run is: many times a second, so nothing else is drawn."""
        progressed = getattr(self.screen, "progressed", None)
        if progressed is not None:
            progressed()

    def say(self, text: str, *, loud: bool = False) -> None:
        """Say something for a moment, or as a warning for a longer one."""
        severity: SeverityLevel = "warning" if loud else "information"
        self._keep(text, loud=loud)
        self.notify(harmless(text), markup=False, severity=severity, timeout=10 if loud else 4)

    def _keep(self, text: str, *, loud: bool) -> None:
        """Keep what is said, to be read again."""
        self.said = kept(self.said, Said(dt.datetime.now(), harmless(text), loud))  # noqa: DTZ005 - the user's clock

    # Opening and running -----------------------------------------------------------------------------------

    def open(self, opening: Opening, *, stay: bool = False) -> None:
        """Open a case and run its diagnosis. ``stay``: on the screen that is seen; else its findings are shown."""
        self._number += 1
        self._stop.set()
        self._stop_trying.set()
        self._stop = stop = Event()
        self.answered = 0  # the interview begins anew with what is read now
        if self.session.opening != opening:
            self.view, self.whatif, self.request, self._request_chosen = FindingList(), WhatIf(), 0, False
        self.whatif = replace(self.whatif, result=None, why_not="", changes=())
        self.session = session.opened(opening)
        if stay:
            self._show()
        else:
            self.action_go("findings")
        # Loading the models takes the processor: let the first frame out before. A screen that is closed before it is
        # drawn takes along what it was to call.
        start = partial(self._start, self._number, opening, stop)
        self.call_after_refresh(start)
        self.set_timer(_FRAME, start)

    def _start(self, number: int, opening: Opening, stop: Event) -> None:
        if number == self._started or stop.is_set():
            return
        self._started = number

        def work() -> None:
            from wssdoctor.tui import runner

            runner.run_case(number, opening, self.base, stop, self._unless(stop))

        self.jobs.begin(self, "run", work, _nothing, self.give_up)

    def _unless(self, stop: Event) -> Callable[[Message], object]:
        """Return what takes messages of a job until it is stopped: there may be no app any more then."""
        return lambda message: stop.is_set() or self.post_message(message)

    def _counts(self, told: news.Told) -> bool:
        """Whether it is news of what runs now; what is still in the queue when the app ends has no screen to show it."""
        return self.is_running and told.number == self._number

    def _take(self, told: news.Told, after: Session) -> None:
        if self._counts(told):
            self.session = after
            self._show()

    @on(news.CaseRead)
    def _case_read(self, told: news.CaseRead) -> None:
        self._take(told, session.read(self.session, told.read))

    @on(news.Advanced)
    def _advanced(self, told: news.Advanced) -> None:
        if not (self._counts(told) and self.session.running):
            return
        before, self.session = self.session, session.advanced(self.session, told.progress, told.known)
        if told.known is None and before.phase == self.session.phase:
            self._show_progress()
        else:
            self._show()

    @on(news.Finished)
    def _finished(self, told: news.Finished) -> None:
        if self._counts(told):
            self.session = session.finished(self.session, told.diagnosis, told.rows)
            if self.view.wanted is None:
                self.view = replace(
                    self.view, key=None
                )  # nobody chose a row: the first root cause is the place to begin
            self.whatif = first_rejected(self.session, self.whatif)
            if not self._request_chosen:
                self.request = self.whatif.request
            self.try_basket(self.whatif.basket)
            self._remember()
            self.come_back_to_basket()

    @on(news.Refused)
    def _refused(self, told: news.Refused) -> None:
        self._broke(told, session.refused(self.session, told.problems), "The case cannot be opened")

    @on(news.Crashed)
    def _crashed(self, told: news.Crashed) -> None:
        self._broke(told, session.crashed(self.session, told.where), "The diagnosis stopped")

    def _broke(self, told: news.Told, after: Session, title: str) -> None:
        if not self._counts(told):
            return
        from wssdoctor.tui.screens.error import ErrorDialog

        self._take(told, after)
        for problem in after.problems:
            self._keep(f"{title}: {problem.what}", loud=True)
        self.push_screen(ErrorDialog(title, after.problems))

    def _remember(self) -> None:
        opening, now = self.session.opening, dt.datetime.now(dt.UTC)
        if opening is None or opening.sample:
            return
        system = str(opening.system.absolute()) if opening.system else None
        captures = tuple(str(path.absolute()) for path in opening.captures)
        run, causes = self.session.run, len(self.session.confirmed)
        one = recent.Recent(system, captures, len(run.replays), run.rejected, causes, now, opening.client)
        recent.remember(one, self.recent_file)

    def cancel(self) -> None:
        """Stop the run; what is known stays, and is said to be a part."""
        self._stop.set()
        self._number += 1
        self.session = session.cancelled(self.session)
        self._show()

    def choose_request(self, number: int) -> None:
        """Choose a request, or an outbound call, for the user: a run that ends leaves it chosen."""
        self.request, self._request_chosen = number, True

    # What-if -----------------------------------------------------------------------------------------------

    def try_basket(self, basket: Basket) -> None:
        """Try other remedies on a copy of the case."""
        self._stop_trying.set()
        self._stop_trying = stop = Event()
        self.whatif = replace(self.whatif, basket=basket, result=None, why_not="", changes=())
        case, number = self.session.case, self._number
        if case is not None and basket.actions:
            base = self.base
            # What is not replayed yet, or was cancelled, is not compared either.
            case = replace(case, requests=case.requests[: len(self.session.run.replays)])
            from wssdoctor.tui import runner

            post = self._unless(stop)
            self.jobs.begin(
                self, "try", lambda: runner.try_remedies(number, case, basket.actions, base, stop, post), _nothing
            )
        self._show()

    @on(news.RemediesTried)
    def _tried(self, told: news.RemediesTried) -> None:
        if self._counts(told) and told.actions == self.whatif.basket.actions:
            self.whatif = replace(
                self.whatif, result=told.result, why_not=told.why_not, unclear=told.unclear, changes=told.changes
            )
            self._show()

    def try_article(self, identifier: str) -> None:
        """Put the remedy with this id, or the best remedy of the cause, into the basket where it serves a finding."""
        found = offers(self.session, self.base) if self.session.confirmed else ()
        mine = [one for one in found if identifier in (one.action.remedy, one.cause) and not one.possible]
        new = [one for one in mine if one.action not in self.whatif.basket.actions]
        if not mine:
            self.say("It serves no confirmed finding of this case, or cannot be simulated.")
        elif not new:
            self.say("It is in the what-if basket already.")
        else:
            self.try_basket(self.whatif.basket.toggled(new[0].action))
            self.say(f"In the what-if basket: {new[0].title}. What-if ({key('go-whatif')}) shows what it does.")

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
            self.say(f"In the what-if basket: {best.title}. What-if ({key('go-whatif')}) shows what it does.")

    def ask(self, title: str, question: str, action: str) -> None:
        """Ask before an action of the screen or the app is done."""
        from wssdoctor.tui.screens.ask import AskDialog

        self.clear_notifications()  # on a small screen they would lie over the question
        self.push_screen(AskDialog(title, question, action))

    def exit(self, *arguments: Any, **options: Any) -> None:
        """Stop what runs and leave."""
        self._stop.set()
        self._stop_trying.set()
        super().exit(*arguments, **options)


def _nothing(_: None) -> None:
    """Such work tells by messages."""
