"""What the remedies of the basket change in the description, fact by fact."""

from __future__ import annotations

from collections.abc import Sequence

from wssdoctor.tui import changes
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Paragraph
from wssdoctor.tui.screens.textdialog import TextDialog


class ChangesDialog(TextDialog):
    """The effect of the basket as a difference."""

    BINDINGS = bindings("changes")
    context = "changes"

    def paragraphs(self, _cells: int) -> Sequence[Paragraph]:
        return changes.paragraphs(self.doctor.whatif, self.doctor.base)
