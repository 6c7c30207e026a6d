"""What readers find in exports: statements of facts with their place, what was dropped, and what to tell the user."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import msgspec

from wssdoctor.evidence import Place


class Statement(msgspec.Struct, frozen=True):
    """One fact as one export gives it."""

    record: str
    """The record or list: ``technical_user``, ``users``, ``icf.nodes``."""
    key: tuple[str, ...]
    """What tells the items of a list apart; empty outside lists."""
    name: str
    value: Any
    """Plain data, as YAML holds it."""
    place: Place
    dated: dt.datetime | None = None
    """When the export was made, where it says so itself."""


class Note(msgspec.Struct, frozen=True):
    """Something that the user should know of an export."""

    what: str
    place: Place


class Dropped(msgspec.Struct, frozen=True):
    """Secrets that were recognised and not kept."""

    what: str
    count: int
    place: Place


class LooseCertificate(msgspec.Struct, frozen=True):
    """A certificate of which nothing says to which PSE it belongs."""

    pem: str
    place: Place


class Service(msgspec.Struct, frozen=True):
    """A row of ICFSERVICE."""

    name: str
    parent: str
    guid: str
    shown_name: str
    client: str | None
    user: str | None
    https: bool | None
    required_logon_data: bool
    place: Place


class Parameter(msgspec.Struct, frozen=True):
    """A profile parameter as one source gives it, ``$(...)`` not yet resolved."""

    name: str
    value: str
    rank: int
    """0 system default, 1 DEFAULT.PFL, 2 instance profile, 3 the running system's list."""
    place: Place


class Findings:
    """Gathers what the readers of one folder find."""

    def __init__(self, client: str | None = None, users: frozenset[str] = frozenset()) -> None:
        self.client = client
        """The only client whose rows count; None if the user named none."""
        self.users = users
        """The only users to keep; empty for all."""
        self.statements: list[Statement] = []
        self.notes: list[Note] = []
        self.dropped: list[Dropped] = []
        self.recognised: list[tuple[str, str]] = []
        """File and what it is."""
        self.unrecognised: list[Note] = []
        self.services: list[Service] = []
        self.active: dict[tuple[str, str], tuple[bool, Place]] = {}
        """Activity by name and parent GUID (ICFSERVLOC)."""
        self.node_users: dict[tuple[str, str], tuple[str, Place]] = {}
        """Stored users by name and parent GUID (ICFSECPASSWD)."""
        self.tables: set[str] = set()
        """The tables of which an export was read."""
        self.parameters: list[Parameter] = []
        self.certificates: list[LooseCertificate] = []
        self.captures: list[Path] = []
        """Captured requests among the exports."""
        self.clients: dict[str, Place] = {}
        """Clients that rows came from."""

    def state(
        self,
        record: str,
        key: tuple[str, ...],
        place: Place,
        dated: dt.datetime | None = None,
        **values: Any,
    ) -> None:
        """Add the facts of one record; ``None`` states nothing."""
        self.statements += [
            Statement(record, key, name, value, place, dated) for name, value in values.items() if value is not None
        ]

    def note(self, what: str, place: Place) -> None:
        """Tell the user something."""
        self.notes.append(Note(what, place))

    def drop(self, what: str, count: int, place: Place) -> None:
        """Count secrets that were not kept."""
        if count:
            self.dropped.append(Dropped(what, count, place))
