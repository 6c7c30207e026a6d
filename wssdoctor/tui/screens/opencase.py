"""Open a case: name its files. Paths are completed while they are typed."""

from __future__ import annotations

import glob
import os
import shlex
from pathlib import Path

from textual import on
from textual.containers import Vertical
from textual.suggester import Suggester
from textual.widget import Widget

from wssdoctor.tui.commands import bindings
from wssdoctor.tui.lines import Span, span
from wssdoctor.tui.screens.base import Dialog
from wssdoctor.tui.session import Opening
from wssdoctor.tui.text import harmless
from wssdoctor.tui.widgets.bar import Banner
from wssdoctor.tui.widgets.field import Field

_MOST_ENTRIES = 2000


class PathSuggester(Suggester):
    """Completes the path at the end of a line."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the line with the first fitting path, in alphabetical order."""
        before, _, last = value.rpartition(" ")
        if not last:
            return None
        folder, name = os.path.split(os.path.expanduser(last))  # noqa: PTH111 - Path drops a slash at the end
        try:
            with os.scandir(folder or ".") as entries:
                found = sorted(
                    entry.name + ("/" if entry.is_dir() else "")
                    for _, entry in zip(range(_MOST_ENTRIES), entries, strict=False)
                    if entry.name.startswith(name) and (name or not entry.name.startswith("."))
                )
        except (OSError, ValueError):
            return None
        fitting = next((one for one in found if harmless(one) == one and " " not in one), None)
        if fitting is None:
            return None
        return f"{before} {last}{fitting[len(name) :]}" if before else f"{last}{fitting[len(name) :]}"


class OpenDialog(Dialog):
    """Asks for the files of a case."""

    CSS_PATH = "opencase.tcss"
    BINDINGS = bindings("open")
    context = "open"

    def box(self) -> Widget:
        opening = self.doctor.session.opening
        known = opening if opening and not opening.sample else None
        system = str(known.system) if known and known.system else ""
        captures = shlex.join(map(str, known.captures)) if known else ""
        return Vertical(
            Banner(id="title"),
            Field(system, placeholder="system.yaml", suggester=PathSuggester(), id="system"),
            Banner(id="second"),
            Field(captures, placeholder="captures/ or order.http ...", suggester=PathSuggester(), id="captures"),
            Banner(id="hint"),
            id="box",
        )

    def on_mount(self) -> None:
        self.query_one("#title", Banner).show(
            lambda _: [(Span("Open a case", "heading"),), (Span("System description (YAML)", "strong"),)]
        )
        self.query_one("#second", Banner).show(
            lambda _: [(Span("Captured requests: files, folders or patterns, apart by blanks", "strong"),)]
        )
        self._hint("")

    def _hint(self, wrong: str) -> None:
        keys = (
            Span("→", "accent"),
            Span(" completes   ", "muted"),
            Span("Tab", "accent"),
            Span(" next line   ", "muted"),
            Span("Enter", "accent"),
            Span(" opens   ", "muted"),
            Span("Esc", "accent"),
            Span(" cancels", "muted"),
        )
        self.query_one("#hint", Banner).show(lambda _: [(span(wrong, "fail"),), keys])

    @on(Field.Submitted)
    def action_accept(self) -> None:
        """Open what the two lines name."""
        system, captures = (self.query_one(f"#{name}", Field).value.strip() for name in ("system", "captures"))
        try:
            words = shlex.split(captures)
        except ValueError:
            self._hint("A quotation mark is not closed.")
            return
        if not system and not words:
            self._hint("Name a system description, captures, or both.")
            return
        self.dismiss()
        paths = [path for word in words for path in _matching(word)]
        self.doctor.open(Opening(Path(system).expanduser() if system else None, tuple(paths)))


def _matching(word: str) -> list[Path]:
    """Return the files that a pattern stands for, or the name itself so that opening it says what is wrong."""
    name = os.path.expanduser(word)  # noqa: PTH111 - the same name goes to glob
    found = sorted(glob.glob(name)) if glob.has_magic(name) and not Path(name).exists() else []  # noqa: PTH207
    return [Path(one) for one in found or [name]]
