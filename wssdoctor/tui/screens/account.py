"""What became of the files of the case: exports read and refused, contradictions, secrets that were dropped."""

from __future__ import annotations

from collections.abc import Sequence

from wssdoctor.tui import account
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Paragraph
from wssdoctor.tui.screens.textdialog import TextDialog


class AccountDialog(TextDialog):
    """The account of the collection."""

    BINDINGS = bindings("account")
    context = "account"

    def paragraphs(self, _cells: int) -> Sequence[Paragraph]:
        return account.paragraphs(self.doctor.session)
