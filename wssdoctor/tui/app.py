"""The app: modes, themes, keys and the ways between the screens."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import SystemCommand
from textual.screen import Screen
from textual.widgets import Input

from wssdoctor.errors import InputError, WssdoctorError
from wssdoctor.tui import keynames, themes
from wssdoctor.tui.command import Context, Keymap
from wssdoctor.tui.commands import bindings, offered
from wssdoctor.tui.leaving import Leaver
from wssdoctor.tui.opening import sample_opening
from wssdoctor.tui.rows import Row
from wssdoctor.tui.screens.places import place
from wssdoctor.tui.session import Opening
from wssdoctor.tui.state import chose
from wssdoctor.tui.widgets.field import MOST, Field

if TYPE_CHECKING:
    from textual.driver import Driver

    from wssdoctor.knowledge.base import Base
    from wssdoctor.lab.serving import Where
    from wssdoctor.report.explanation import Explanation
    from wssdoctor.tui.labrun import LabRun
    from wssdoctor.wsse.private_key import PrivateKey


class WssdoctorApp(Leaver):
    """The terminal UI of wssdoctor."""

    TITLE = "wssdoctor"
    MODES: ClassVar[dict[str, Any]] = {
        name: partial(place, name)
        for name in ("start", "findings", "requests", "whatif", "knowledge", "interview", "lab")
    }
    DEFAULT_MODE = "start"
    BINDINGS = bindings("app")
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(
        self,
        load_base: Callable[[], Base],
        opening: Opening | None = None,
        *,
        state_folder: Path | None = None,
        theme: str = themes.DEFAULT,
        keymap: Keymap | None = None,
        lab: LabRun | None = None,
    ) -> None:
        """Take what to open at once, if anything.

        ``state_folder`` is where recent cases are kept; ``keymap`` has the user's own keys. ``lab`` is
        one that is to be served at once.
        """
        if lab is not None:
            self.DEFAULT_MODE = "lab"  # type: ignore[misc]  # as below
        elif opening is not None:
            self.DEFAULT_MODE = "findings"  # type: ignore[misc]  # no other screen is made first
        super().__init__(load_base, state_folder, theme=theme)
        self.wanted_mark: tuple[str, str] | None = None
        self.wanted_article = ""
        self.pasted: Explanation | None = None
        """What a pasted text says."""
        self.opens_nothing = opening is None
        self.broken_off = None if opening or self.seat is None else self.seat.load()
        """Where the last session broke off, if it did not end properly."""
        self.own_keys: Keymap = keymap or {}
        keynames.use(self.own_keys)
        if self.own_keys:
            self.set_keymap({name: ",".join(keys) for name, keys in self.own_keys.items()})
        self._opening = opening
        self.lab = lab

    def get_driver_class(self) -> type[Driver]:
        """Return what reads the keyboard and writes to the terminal."""
        usual = super().get_driver_class()
        if usual.__name__ != "LinuxDriver":  # Windows, or what the environment asks for
            return usual
        from wssdoctor.tui import driver

        return driver.Driver

    def on_load(self) -> None:
        """Let tasks begin in turn on every Python, as they do on 3.11.

        From 3.12 on Textual begins them at once, and a screen that is the first one then mounts what it holds before the
        app knows that it is there.
        """
        asyncio.get_running_loop().set_task_factory(None)

    def on_mount(self) -> None:
        if self._opening is not None:
            self.open(self._opening)
        if self.lab is not None:
            self.lab.start()
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))  # what the shell wrote goes
        self.watch_files()

    @on(Field.ManyLines)
    def _not_pasted(self, message: Field.ManyLines) -> None:
        length = len(message.text)
        self.say(f"Not pasted: {length} characters. This line takes one line of at most {MOST}.", loud=True)

    # Ways between the screens ------------------------------------------------------------------------------

    def show_evidence(self, row: Row | None) -> None:
        """Show the request that a finding concerns, at the place in its text."""
        case = self.session.case
        names = (row.finding.stops or row.finding.captures) if row and row.finding else ()
        index = next((i for i, one in enumerate(case.requests) if one.name in names), None) if case else None
        if index is None or row is None:
            self.say("No captured request shows this.")
            return
        self.choose_request(index)
        self.wanted_mark = row.key
        self.action_go("requests")

    def show_finding(self, key: tuple[str, str]) -> None:
        """Go to a finding."""
        self.view = chose(self.view, key)
        self.action_go("findings")

    def show_article(self, row: Row | None) -> None:
        """Read the article of a finding's cause."""
        if row is None or row.finding is None:
            self.say("There is no article about this.")
            return
        self.wanted_article = row.finding.cause
        self.action_go("knowledge")

    def explain_text(self, text: str) -> None:
        """Say what a pasted text means."""

        def work() -> Explanation:
            from wssdoctor.report.explanation import explain

            return explain(text, self.base)

        self.jobs.begin(self, "explain", work, self._explained)

    def _explained(self, found: Explanation) -> None:
        self.pasted = found
        self.action_go("knowledge")

    # Actions -----------------------------------------------------------------------------------------------

    def action_go(self, mode: str) -> None:
        """Go to a mode, to the place where it was left."""
        if mode in ("knowledge", "interview"):
            try:
                _ = self.base
            except WssdoctorError as error:
                self.give_up(error)
                return
        while len(self.screen_stack) > 1 and self.screen.is_modal:
            self.pop_screen()
        if self.current_mode != mode:
            self.switch_mode(mode)
        else:
            while len(self.screen_stack) > 1:
                self.pop_screen()
            self._show()

    async def action_back(self) -> None:
        """Cancel the run that is watched; else close the innermost thing; else one level back. Never quits."""
        close_inner, unzoom = (getattr(self.screen, name, None) for name in ("close_inner", "unzoom"))
        if unzoom is not None and unzoom():
            return
        if close_inner is not None and self.screen.is_modal and close_inner():
            self.screen.refresh_bindings()
        elif len(self.screen_stack) > 1:
            self.pop_screen()
        elif self.session.running and self.current_mode == "findings" and not isinstance(self.focused, Input):
            self.cancel()
        elif close_inner is not None and close_inner():
            self.screen.refresh_bindings()
        elif self.current_mode == "findings":
            self.action_go("start")
        elif self.current_mode != "start":
            self.action_go("findings" if self.session.opening else "start")

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

    def serve_or_end(self) -> None:
        """End the lab that runs; else serve the described system of the open case, or the one that was served before."""
        if self.lab is not None and self.lab.running:
            self.lab.end()
            self.say("The lab ended.")
            return
        opening = self.session.opening
        described = opening.system if opening is not None else None
        if self.lab is not None and described in (None, self.lab.system):
            self.lab = self.lab.again()
        elif opening is None or described is None or not described.is_file():
            made = "; 'wssdoctor collect' makes one of exports" if described is not None and described.is_dir() else ""
            self.say(f"A lab behaves as a system description says: open a case with one{made}.", loud=True)
            return
        else:
            from wssdoctor.lab.serving import Where
            from wssdoctor.tui.labrun import LabRun

            self.lab = LabRun(described, Where(port=0, behind_tls=True), opening.keys, before=self.lab)
        self.lab.start()

    def action_help(self) -> None:
        """Show the keys of the screen."""
        from wssdoctor.tui.screens.help import HelpDialog

        context: Context = getattr(self.screen, "context", "app")
        if context != "help":
            self.push_screen(HelpDialog(context))

    def action_command_palette(self) -> None:
        """Search everything that can be done here."""
        from wssdoctor.tui.screens.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_account(self) -> None:
        """Show what became of the files of the case."""
        from wssdoctor.tui.screens.account import AccountDialog

        self.push_screen(AccountDialog())

    def action_messages(self) -> None:
        """Show what was said in passing, the last of which need not stand over it."""
        from wssdoctor.tui.screens.messages import MessagesDialog

        self.clear_notifications()
        self.push_screen(MessagesDialog())

    def action_export(self) -> None:
        """Ask what to write into a file."""
        from wssdoctor.tui.screens.export import ExportDialog

        copied = getattr(self.screen, "copied", None)
        self.push_screen(ExportDialog(self.export_screenshot(title="wssdoctor"), copied() if copied else ""))

    def action_compare(self) -> None:
        """Compare the case with another one."""
        from wssdoctor.tui.screens.compare import CompareScreen

        if self.session.diagnosis is None:
            self.say("Open a case and let its checks end: then it can be compared.")
        else:
            self.push_screen(CompareScreen())

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or take it back."""
        zoom = getattr(self.screen, "zoom", None)
        if zoom is None or not zoom():
            self.say("There is no pane to zoom here.")

    def action_next_theme(self) -> None:
        """Choose the next of our themes."""
        title = self.choose_next_theme()
        self.say(f"Theme: {title}" if title else "NO_COLOR is set, so there is only one look.")

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer what the table of commands has for the screen."""
        for command in offered(getattr(screen, "context", "app")):
            if command.action == "app.command_palette":
                continue

            async def run(action: str = command.action) -> None:
                await self.screen.run_action(action)

            yield SystemCommand(command.title, command.sentence, run)


def _base(knowledge: Path | None) -> Base:
    from wssdoctor.knowledge.folders import own_folders
    from wssdoctor.knowledge.load import load

    return load(overlays=own_folders(knowledge))


def run(
    system: Path | None,
    captures: Sequence[Path] = (),
    *,
    at: dt.datetime | None = None,
    client: str | None = None,
    keys: Sequence[PrivateKey] = (),
    sample: bool = False,
    knowledge: Path | None = None,
    lab: Where | None = None,
    save: Path | None = None,
    passwords: Mapping[str, str] | None = None,
) -> int:
    """Open the terminal UI and return the exit code of the process. ``keys`` decrypt requests and are kept nowhere.

    ``knowledge`` is a folder of the user's own. ``lab`` serves the system beside the screen, ``save`` keeps the requests, and
    ``passwords`` of users are compared with those that come.

    Raises ``WssdoctorError`` where the knowledge base cannot be read, ``InputError`` without a terminal, and whatever a
    defect of this program raises.
    """
    if not (sys.stdin.isatty() and sys.__stderr__ is not None and sys.__stderr__.isatty()):
        raise InputError.because(
            "the terminal UI needs a terminal", hint="wssdoctor check SYSTEM [CAPTURE...] works everywhere"
        )
    from wssdoctor.tui import keymap, responsive

    opening = served = None
    if lab is not None and system is not None:
        from wssdoctor.tui.labrun import LabRun

        served = LabRun(system, lab, tuple(keys), save, passwords)
    elif sample:
        opening = sample_opening()
    elif system is not None or captures:
        opening = Opening(system, tuple(captures), at, client=client, keys=tuple(keys))
    app = WssdoctorApp(partial(_base, knowledge), opening, keymap=keymap.load(), lab=served)
    responsive.favour_screen()
    app.run()
    responsive.spare_survivors()  # the end of the process would look through all of a large case
    return app.exit_code()
