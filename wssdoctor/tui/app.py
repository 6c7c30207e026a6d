"""The app: modes, themes, the run of a diagnosis, and what is common to all screens."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Event
from typing import Any, ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import App, SystemCommand
from textual.screen import Screen

from wssdoctor.knowledge import base as knowledge
from wssdoctor.knowledge.base import Base
from wssdoctor.tui import recent, runner, session, themes
from wssdoctor.tui.commands import Context, bindings, offered
from wssdoctor.tui.opening import sample_opening
from wssdoctor.tui.rows import Row
from wssdoctor.tui.session import Opening, Session
from wssdoctor.tui.state import FindingList
from wssdoctor.tui.text import harmless
from wssdoctor.tui.whatif import Basket, WhatIf, first_rejected, offers


def _screen(name: str) -> Any:
    """Return what makes a screen when its mode is first entered: a screen costs its import only when seen."""

    def make() -> Screen[None]:
        if name == "start":
            from wssdoctor.tui.screens.start import StartScreen

            return StartScreen()
        if name == "findings":
            from wssdoctor.tui.screens.findings import FindingsScreen

            return FindingsScreen()
        if name == "requests":
            from wssdoctor.tui.screens.requests import RequestsScreen

            return RequestsScreen()
        if name == "whatif":
            from wssdoctor.tui.screens.whatif import WhatIfScreen

            return WhatIfScreen()
        from wssdoctor.tui.screens.knowledge import KnowledgeScreen

        return KnowledgeScreen()

    return make


class WssdoctorApp(App[int]):
    """The terminal UI of wssdoctor."""

    CSS_PATH = "global.tcss"
    TITLE = "wssdoctor"
    MODES: ClassVar[dict[str, Any]] = {
        name: _screen(name) for name in ("start", "findings", "requests", "whatif", "knowledge")
    }
    DEFAULT_MODE = "start"
    BINDINGS = bindings("app")
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(
        self,
        base: Base,
        opening: Opening | None = None,
        *,
        recent_file: Path | None = None,
        theme: str = themes.DEFAULT,
    ) -> None:
        """Take what to open at once, if anything; ``recent_file`` is where recent cases are kept."""
        # Textual can do without colour only if it knows before it starts; an empty variable asks for nothing.
        if not os.environ.get("NO_COLOR"):
            os.environ.pop("NO_COLOR", None)
        colourless = "NO_COLOR" in os.environ
        super().__init__(ansi_color=True if colourless else None)
        for one in themes.themes():
            self.register_theme(one)
        self.theme = themes.NO_COLOR_THEME if colourless else theme
        self.base = base
        self.session = Session()
        self.view = FindingList()
        self.whatif = WhatIf()
        self.request = 0
        self.wanted_mark: tuple[str, str] | None = None
        self.wanted_article = ""
        self.recent_file = recent_file or recent.home()
        self._opening = opening
        self._number = 0
        self._stop = Event()
        self._stop_trying = Event()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return our colours for a theme that does not know them: those of the terminal itself."""
        return dict.fromkeys(themes.variables(themes.DEFAULT), "ansi_default")

    # Opening and running -----------------------------------------------------------------------------------

    def on_mount(self) -> None:
        if self._opening is not None:
            self.open(self._opening)

    def open(self, opening: Opening) -> None:
        """Open a case and run its diagnosis."""
        self._number += 1
        self._stop.set()
        self._stop_trying.set()
        self._stop = stop = Event()
        number, base = self._number, self.base
        if self.session.opening != opening:
            self.view, self.whatif, self.request = FindingList(), WhatIf(), 0
        self.whatif = replace(self.whatif, basket=Basket(), result=None, why_not="")
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

    # Ways between the screens ------------------------------------------------------------------------------

    def _show(self) -> None:
        again = getattr(self.screen, "again", None)
        if again is not None:
            again()

    def say(self, text: str) -> None:
        """Say something for a moment."""
        self.notify(harmless(text), markup=False, timeout=4)

    def show_evidence(self, row: Row | None) -> None:
        """Show the request that a finding concerns, at the place in its text."""
        case = self.session.case
        names = (row.finding.stops or row.finding.captures) if row and row.finding else ()
        index = next((i for i, one in enumerate(case.requests) if one.name in names), None) if case else None
        if index is None or row is None:
            self.say("No captured request shows this.")
            return
        self.request, self.wanted_mark = index, row.key
        self.action_go("requests")

    def show_finding(self, key: tuple[str, str]) -> None:
        """Go to a finding."""
        self.view = replace(self.view, key=key)
        self.action_go("findings")

    def show_article(self, row: Row | None) -> None:
        """Read the article of a finding's cause."""
        if row is None or row.finding is None:
            self.say("There is no article about this.")
            return
        self.wanted_article = row.finding.cause
        self.action_go("knowledge")

    # Actions -----------------------------------------------------------------------------------------------

    def action_go(self, mode: str) -> None:
        """Go to a mode, to the place where it was left."""
        while len(self.screen_stack) > 1 and self.screen.is_modal:
            self.pop_screen()
        if self.current_mode != mode:
            self.switch_mode(mode)
        else:
            while len(self.screen_stack) > 1:
                self.pop_screen()
            self._show()

    async def action_back(self) -> None:
        """Close the innermost thing; cancel a run; else one level back. Never quits."""
        close_inner = getattr(self.screen, "close_inner", None)
        if len(self.screen_stack) > 1:
            self.pop_screen()
        elif self.session.running:
            self._stop.set()
            self._number += 1
            self.session = session.cancelled(self.session)
            self._show()
        elif close_inner is not None and close_inner():
            self.screen.refresh_bindings()
        elif self.current_mode == "findings":
            self.action_go("start")
        elif self.current_mode != "start":
            self.action_go("findings" if self.session.opening else "start")

    def action_leave(self) -> None:
        """One level back from a screen over another; else quit."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self.exit(0)

    async def action_quit(self) -> None:
        """Quit at once."""
        self.exit(0)

    def exit(self, *arguments: Any, **options: Any) -> None:
        """Stop what runs and leave."""
        self._stop.set()
        self._stop_trying.set()
        super().exit(*arguments, **options)

    def action_open_case(self) -> None:
        """Ask for the files of a case."""
        from wssdoctor.tui.screens.opencase import OpenDialog

        if self.screen.is_modal:
            self.pop_screen()
        self.push_screen(OpenDialog())

    def action_open_sample(self) -> None:
        """Open the built-in sample."""
        self.open(sample_opening())

    def action_again(self) -> None:
        """Read the files of the case and check again."""
        if self.session.opening is None:
            self.say("No case is open.")
        else:
            self.open(self.session.opening)

    def action_help(self) -> None:
        """Show the keys of the screen."""
        from wssdoctor.tui.screens.help import HelpDialog

        context: Context = getattr(self.screen, "context", "app")
        if context != "help":
            self.push_screen(HelpDialog(context))

    def action_next_theme(self) -> None:
        """Choose the next of our themes."""
        names = list(themes.PALETTES)
        if self.no_color:
            self.say("NO_COLOR is set, so there is only one look.")
        else:
            here = names.index(self.theme) if self.theme in names else -1
            self.theme = names[(here + 1) % len(names)]
            self.say(f"Theme: {themes.TITLES[self.theme]}")

    def action_copy(self) -> None:
        """Copy what the screen is about through the terminal."""
        copied = getattr(self.screen, "copied", None)
        text = copied() if copied else ""
        if text:
            self.copy_to_clipboard(text)
            self.say(f"{len(text)} characters handed to the terminal (OSC 52); not every terminal takes them.")

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer what the table of commands has for the screen."""
        for command in offered(getattr(screen, "context", "app")):
            if command.action == "app.command_palette":
                continue

            async def run(action: str = command.action) -> None:
                await self.screen.run_action(action)

            yield SystemCommand(command.title, command.sentence, run)


def run(
    system: Path | None, captures: Sequence[Path] = (), *, at: dt.datetime | None = None, sample: bool = False
) -> int:
    """Open the terminal UI and return the exit code of the process.

    Raises ``WssdoctorError`` where the knowledge base cannot be read, and ``InputError`` without a terminal.
    """
    if not (sys.stdin.isatty() and sys.__stderr__ is not None and sys.__stderr__.isatty()):
        from wssdoctor.errors import InputError

        raise InputError.because(
            "the terminal UI needs a terminal", hint="wssdoctor check SYSTEM [CAPTURE...] works everywhere"
        )
    opening = None
    if sample:
        opening = sample_opening()
    elif system is not None or captures:
        opening = Opening(system, tuple(captures), at)
    app = WssdoctorApp(knowledge.load(), opening)
    code = app.run()
    return code if code is not None else app.return_code or 0
