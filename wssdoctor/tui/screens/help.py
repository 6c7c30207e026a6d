"""Help: the keys of the screen below, made from the table of commands; how to read the signs."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Vertical
from textual.widget import Widget

from wssdoctor.tui.command import TITLES, Command, Context, Keymap, keys_of, shown_keys
from wssdoctor.tui.commands import bindings, of, offered
from wssdoctor.tui.lines import Paragraph, Span, blank, fit, line, prose, span
from wssdoctor.tui.screens.base import Dialog
from wssdoctor.tui.widgets.article import Article
from wssdoctor.tui.widgets.bar import CommandBar

_KEYS, _LABEL = 10, 15
"""Columns of the keys and of their short names."""


class HelpDialog(Dialog):
    """The keys and the signs."""

    BINDINGS = bindings("help")
    context = "help"

    def __init__(self, about: Context) -> None:
        super().__init__()
        self._about = about

    def box(self) -> Widget:
        return Vertical(Article(id="help"), CommandBar(self.context), id="box")

    def on_mount(self) -> None:
        article = self.query_one(Article)
        article.show(help_paragraphs(self._about, self.doctor.own_keys))
        article.focus()

    def copied(self) -> str:
        return self.query_one(Article).text


def help_paragraphs(about: Context, keymap: Keymap) -> list[Paragraph]:
    """Return the help of a screen."""
    own = of(about)
    everywhere = [command for command in offered(about) if command not in own]
    return [
        prose(f"Keys: {TITLES[about]}", "heading"),
        *_keys(own, keymap),
        blank(),
        prose("Everywhere", "heading"),
        *_keys(everywhere, keymap),
        blank(),
        prose("Lists and texts", "heading"),
        *_keys(of("list"), keymap),
        blank(),
        prose("Signs", "heading"),
        _sign("✓", "pass", "passed, accepted"),
        _sign("✗", "fail", "failed, rejected: a cause is confirmed"),
        _sign("?", "unknown", "not known: a fact is missing, or the model does not cover it. Never counted as good."),
        _sign("!", "fail", "a check of this program broke, or a warning"),
        _sign("–", "muted", "does not apply"),
        _sign("~", "accent", "in the what-if basket, or changed by it"),
        _sign("→", "muted", "what is seen after a step of a remedy"),
        blank(),
        prose("Mouse", "heading"),
        prose("Click a row to choose it, click it again to open it; the bars above and below can be clicked."),
        prose("Hold Shift (macOS terminals: Option) to select text with the mouse."),
        blank(),
        prose("Nothing is sent anywhere. Passwords are never shown.", "muted"),
    ]


def _keys(commands: Iterable[Command], keymap: Keymap) -> list[Paragraph]:
    return [
        Paragraph(
            line(
                span(f" {fit(shown_keys(keys_of(one, keymap)), _KEYS)} ", "accent"),
                span(fit(one.label, _LABEL)),
                span(one.sentence, "muted"),
            ),
            0,
            _KEYS + _LABEL + 2,
        )
        for one in commands
        if one.keys
    ]


def _sign(glyph: str, tone: str, text: str) -> Paragraph:
    return Paragraph((Span(f" {glyph}  ", tone), span(text)), 0, 4)  # type: ignore[arg-type]
