"""What an export would write, before it is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wssdoctor.errors import WssdoctorError
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Paragraph, prose, span
from wssdoctor.tui.screens.textdialog import TextDialog
from wssdoctor.tui.text import harmless_lines


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
        def work() -> None:
            try:
                text = harmless_lines(self._make())
                said = [Paragraph((span(one),), 0, len(one) - len(one.lstrip()) + 2) for one in text.split("\n")]
            except WssdoctorError as error:
                said = [prose(f"It cannot be made: {error}", "fail")]
            self.app.call_from_thread(self._made, said)

        self.run_worker(work, group="preview", exit_on_error=False, thread=True)

    def _made(self, said: Sequence[Paragraph]) -> None:
        self._said = said
        if self.is_mounted:
            self.draw()

    def paragraphs(self, _cells: int) -> Sequence[Paragraph]:
        return self._said
