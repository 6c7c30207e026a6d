"""What was signed and what came, side by side, for each digest that differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wssdoctor.tui import octets
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Paragraph, blank, prose
from wssdoctor.tui.screens.textdialog import TextDialog

if TYPE_CHECKING:
    from wssdoctor.wsse.verification import Digested


class DifferenceDialog(TextDialog):
    """The canonical forms of the parts whose digest differs."""

    BINDINGS = bindings("difference")
    context = "difference"

    def __init__(self, failing: Sequence[Digested]) -> None:
        super().__init__()
        self._failing = failing

    def paragraphs(self, _cells: int) -> list[Paragraph]:
        said = [prose(octets.LEGEND, "muted"), blank()]
        for one in self._failing:
            said += [prose(octets.title(one), "strong"), *octets.side_by_side(one, _cells), blank()]
        return said

    def copied(self) -> str:
        return "\n\n".join(f"{octets.title(one)}\n{octets.plain_text(one)}" for one in self._failing)
