"""Evidence: what was observed, what was expected, and where.

Every kind is frozen and public JSON knows it by its ``kind``. Sensitivity is set where a value is created, so that
redaction never has to guess.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import msgspec


class Sensitivity(StrEnum):
    """Who may see a value."""

    PUBLIC = "public"
    """Says nothing about who owns the system."""
    IDENTIFYING = "identifying"
    """Names a host, a user, a partner: replaced by a placeholder before it is sent to strangers."""
    SECRET = "secret"  # noqa: S105 - the name of a level, not a password
    """Never leaves the process: shown as ``(secret)`` everywhere."""


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where something stands: in a file, in a message, or among the facts."""

    file: str | None = None
    """The file as the user named it."""
    line: int | None = None
    """Counted from 1."""
    column: int | None = None
    """Counted from 1, in characters."""
    xpath: str | None = None
    """Path of an element or attribute, with the usual prefixes (soap, wsse, wsu, ds, xenc, saml)."""
    fact: str | None = None
    """Path of a fact in a system description, for example ``technical_user.lock``."""

    def __str__(self) -> str:
        position = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return "  ".join(part for part in (position, self.xpath or self.fact) if part)


class Compared(msgspec.Struct, frozen=True, tag="compared", tag_field="kind", omit_defaults=True):
    """One value held against what it should be."""

    what: str
    expected: str
    observed: str
    place: Place | None = None
    sensitivity: Sensitivity = Sensitivity.PUBLIC


class Located(msgspec.Struct, frozen=True, tag="located", tag_field="kind", omit_defaults=True):
    """Something that stands (or is missing) at a place."""

    what: str
    place: Place
    sensitivity: Sensitivity = Sensitivity.PUBLIC


class Computed(msgspec.Struct, frozen=True, tag="computed", tag_field="kind", omit_defaults=True):
    """A calculation that the reader can repeat: inputs by name, steps in order, result."""

    what: str
    inputs: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    result: str
    place: Place | None = None
    sensitivity: Sensitivity = Sensitivity.PUBLIC


class Quoted(msgspec.Struct, frozen=True, tag="quoted", tag_field="kind", omit_defaults=True):
    """Words of somebody else: a log line, a fault, a message. Hostile until shown through a renderer."""

    source: str
    text: str
    place: Place | None = None
    sensitivity: Sensitivity = Sensitivity.PUBLIC


Evidence: TypeAlias = Compared | Located | Computed | Quoted
