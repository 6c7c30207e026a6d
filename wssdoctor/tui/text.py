"""The only door through which foreign text reaches the terminal.

Textual hands control characters on to the terminal and reads brackets as markup. So text goes in as ``Span`` (see
``lines``) or as ``Content``, both made here, and never as a bare ``str``.
"""

from __future__ import annotations

from textual.content import Content

from wssdoctor.report.shown import shown

LIMIT = 4000
"""Characters of one piece of text; what is cut off is counted."""


def harmless(text: str, limit: int = LIMIT) -> str:
    """Return text without anything that a terminal obeys; doing it twice changes nothing."""
    return text if text.isascii() and text.isprintable() and len(text) <= limit else shown(text, limit)


def content(text: str, limit: int = LIMIT) -> Content:
    """Return text for a widget of Textual: harmless, and never read as markup."""
    return Content(harmless(text, limit))


def harmless_lines(text: str) -> str:
    """Return a text of many lines without anything that a terminal obeys, line ends apart."""
    return "\n".join(harmless(line.expandtabs(4), len(line) * 4 + LIMIT) for line in text.splitlines())
