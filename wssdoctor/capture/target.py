"""The target of a request line, in origin form (``/path?query``) or absolute form (RFC 9112, 3.2)."""

from __future__ import annotations

import re
from typing import ClassVar

from wssdoctor.capture.discreet import Discreet

_TARGET = re.compile(r"(?:(https?)://([^/?]*))?([^?]*)(?:\?(.*))?", re.IGNORECASE | re.DOTALL)


class Target(Discreet, frozen=True):
    """A target in its pieces, as written. The query may hold a password."""

    scheme: str | None
    """None in origin form."""
    authority: str | None
    path: str
    query: str | None
    """None when there is no question mark."""

    _shown: ClassVar[tuple[str, ...]] = ("path",)

    @classmethod
    def of(cls, text: str) -> Target:
        """Take a target apart; ``str`` puts it together again."""
        pieces = _TARGET.fullmatch(text)
        assert pieces is not None  # the pattern matches every text
        return cls(pieces[1], pieces[2], pieces[3], pieces[4])

    def __str__(self) -> str:
        origin = "" if self.scheme is None else f"{self.scheme}://{self.authority}"
        return origin + self.path + ("" if self.query is None else f"?{self.query}")

    def names_and_values(self) -> tuple[tuple[str, str], ...]:
        """Return the query percent-decoded, in its order."""
        from urllib.parse import parse_qsl

        return tuple(parse_qsl(self.query or "", keep_blank_values=True))

    def with_query(self, name: str, value: str | None) -> Target:
        """Set a name of the query, where it stood first or else at the end; None takes it away. Others stay."""
        from urllib.parse import quote, unquote_plus

        new = [] if value is None else [f"{quote(name, safe='')}={quote(value, safe='')}"]
        kept: list[str] = []
        for element in (self.query or "").split("&"):
            if unquote_plus(element.partition("=")[0]) != name:
                kept.append(element)
            else:
                kept += new
                new = []
        query = "&".join([element for element in [*kept, *new] if element])
        return Target(self.scheme, self.authority, self.path, query or None)
