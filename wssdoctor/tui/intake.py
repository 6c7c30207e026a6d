"""What is typed and what is pasted, told apart as it comes in: a pasted text is a text, whatever it holds.

Textual takes a pasted escape sequence that it does not know for keys, keeps any length, and waits for ever for an end
that never comes.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from textual._xterm_parser import BRACKETED_PASTE_END as END
from textual._xterm_parser import BRACKETED_PASTE_START as START

MOST = 2_000_000
"""Characters of a pasted text that are kept."""
SILENCE = 2.0
"""Seconds without a character after which a pasted text is taken for one that does not go on."""
_WAYS_OUT = frozenset(("\x1b", "\x1b[27u", "\x11", "\x1b[113;5u", "\x03", "\x1b[99;5u"))
"""Esc, Ctrl+Q and Ctrl+C, as terminals send them."""


class Pasted(Struct, frozen=True):
    """A text that was pasted."""

    text: str
    lost: int = 0
    """Characters beyond those that are kept."""
    ended: bool = True
    """Whether its end came; else all of it is lost."""


class Intake:
    """The state of what comes in: within a pasted text, or between two."""

    _heard = 0.0

    def __init__(self) -> None:
        self._begin(inside=False)

    def _begin(self, *, inside: bool) -> None:
        self._inside = inside
        self._kept: list[str] = []
        self._size = 0
        self._edge = ""
        """The last characters, which may begin a mark."""
        self._told = False

    def take(self, text: str, now: float) -> Iterator[str | Pasted]:
        """Return what a text holds: what is typed, with the marks around what is pasted, and what is pasted.

        ``now`` is in seconds, from whenever.
        """
        if self._inside and now - self._heard >= SILENCE and text in _WAYS_OUT:
            yield END
            yield self._left(ended=False)
        self._heard = now
        while text:
            seen = self._edge + text
            at = seen.find(END if self._inside else START)
            if not self._inside:
                end = at + len(START) - len(self._edge) if at >= 0 else len(text)
                yield text[:end]
                self._edge, text = seen[1 - len(START) :], text[end:]
                if at >= 0:
                    self._begin(inside=True)
            elif at >= 0:
                self._keep(seen[:at])
                yield END
                yield self._left(ended=True)
                text = seen[at + len(END) :]
            else:
                begun = next((size for size in range(len(END) - 1, 0, -1) if seen.endswith(END[:size])), 0)
                self._keep(seen[: len(seen) - begun])
                self._edge, text = seen[len(seen) - begun :], ""

    def stays_out(self, now: float) -> bool:
        """Say, once for each pasted text, whether its end is not to be expected any more."""
        if self._told or not self._inside or now - self._heard < SILENCE:
            return False
        self._told = True
        return True

    def _keep(self, text: str) -> None:
        self._kept.append(text[: max(MOST - self._size, 0)])
        self._size += len(text)

    def _left(self, *, ended: bool) -> Pasted:
        text = "".join(self._kept) if ended else ""
        found = Pasted(text, self._size - len(text), ended)
        self._begin(inside=False)
        return found
