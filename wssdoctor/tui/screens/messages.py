"""Messages: what was said in passing, to be read again."""

from __future__ import annotations

from collections.abc import Sequence

from wssdoctor.tui import said
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Paragraph
from wssdoctor.tui.screens.textdialog import TextDialog


class MessagesDialog(TextDialog):
    """All toasts, the newest first."""

    BINDINGS = bindings("messages")
    context = "messages"

    def paragraphs(self, _cells: int) -> Sequence[Paragraph]:
        return said.paragraphs(self.doctor.said)
