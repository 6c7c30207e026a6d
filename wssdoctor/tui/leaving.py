"""How the app is left: by a key, a signal or a defect; what would be lost, and the exit code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wssdoctor.tui.keeper import Keeper
from wssdoctor.tui.keynames import key
from wssdoctor.tui.rows import count
from wssdoctor.tui.text import harmless

if TYPE_CHECKING:
    from wssdoctor.diagnosis.whatif import Action
    from wssdoctor.tui.labrun import LabRun


class Leaver(Keeper):
    """An app that asks before it loses something, and tells a proper end from one that the user did not want."""

    lab: LabRun | None = None
    """The lab that is served beside the screen, or was."""
    exported: tuple[Action, ...] = ()
    """The what-if basket that was last written into a report."""

    def written(self, path: Path, report: bool) -> None:
        """Say that a file was written."""
        if report:
            self.exported = self.whatif.basket.actions
        self.say(f"Written: {path}")

    @property
    def loses(self) -> str:
        """What an end would lose; empty if nothing."""
        remedies = self.whatif.basket.actions
        if self.writer.unwritten:
            return f"Not written yet: {self.writer.unwritten[0]}. {key('ask-no')} stays."
        if remedies and self.exported != remedies:
            held = count(len(remedies), "remedy")
            then = f"{key('ask-no')} stays; {key('export')} then writes a report."
            return f"The what-if basket holds {held} that no report names yet. {then}"
        return ""

    async def action_leave(self) -> None:
        """One level back where there is one; else quit, after a question where something would be lost."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        elif getattr(self.screen, "within", False):
            await self.run_action("app.back")
        elif self.loses:
            self.ask("Quit?", self.loses, "app.quit")
        else:
            self.exit(0)

    async def action_quit(self) -> None:
        """Quit at once."""
        self.exit(0)

    def exit(self, *arguments: Any, **options: Any) -> None:
        """Forget the place, as this is a proper end, and leave."""
        if self.seat is not None:
            self.seat.forget()
        self._leave(*arguments, **options)

    def end_by(self, number: int) -> None:
        """Leave because a signal says so. The place is kept: the user did not mean to go."""
        self.keep_place()
        self._leave(128 + number)

    def _leave(self, *arguments: Any, **options: Any) -> None:
        if self.lab is not None:
            self.lab.end()
            self.lab.clear()
        super().exit(*arguments, **options)

    def _handle_exception(self, error: Exception) -> None:
        """Take no notice of a screen that was still being made when the end came: Textual takes away what it holds."""
        if not self._exit:
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End the app for a defect; whoever runs it says where. Textual would print the values of all variables."""
        self._close_messages_no_wait()

    def exit_code(self) -> int:
        """Return the exit code of the process once what is being written is written; name the files that are not.

        Raises the ``WssdoctorError`` that left nothing to show, or whatever broke the app.
        """
        self.writer.end()
        for path in self.writer.unwritten:
            print(f"not written: {harmless(str(path))}", file=sys.stderr)
        broke = self.fatal or self._exception
        if broke is not None:
            raise broke
        return self.return_value if self.return_value is not None else self.return_code or 0
