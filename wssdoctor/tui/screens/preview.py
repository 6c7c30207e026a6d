"""What an export would write, before it is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wssdoctor.errors import WssdoctorError
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Paragraph, prose, span
from wssdoctor.tui.screens.textdialog import TextDialog
from wssdoctor.tui.text import harmless_lines

AROUND = 8
"""Columns that the dialog takes around the text on a small screen."""
PAGE = 120
"""Columns of what has no columns of its own, where there is room."""


class PreviewDialog(TextDialog):
    """Shows a text that is made while one waits."""

    BINDINGS = bindings("preview")
    context = "preview"

    def __init__(self, make: Callable[[], str]) -> None:
        """Take what makes the text; it may raise ``WssdoctorError``."""
        super().__init__()
        self._make = make
        self._said: Sequence[Paragraph] = [prose("Being made ...", "accent")]

    def on_mount(self) -> None:
        def work() -> list[Paragraph]:
            text = harmless_lines(self._make())
            return [Paragraph((span(one),), 0, len(one) - len(one.lstrip()) + 2) for one in text.split("\n")]

        self.doctor.jobs.begin(self, "preview", work, self._made, self._refused)

    def _made(self, said: Sequence[Paragraph]) -> None:
        self._said = said
        self.draw()

    def _refused(self, error: WssdoctorError) -> None:
        self._made([prose(f"It cannot be made: {error}", "fail")])

    def paragraphs(self, _cells: int) -> Sequence[Paragraph]:
        return self._said
