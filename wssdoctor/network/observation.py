"""What was seen of a server from outside, without a logon: the document that ``probe`` writes and ``collect`` reads."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec


class SeenCertificate(msgspec.Struct, frozen=True):
    """A certificate that the server sent."""

    subject: str
    issuer: str
    not_before: dt.datetime
    not_after: dt.datetime
    names: tuple[str, ...]
    """DNS names and IP addresses."""
    pem: str


class Tls(msgspec.Struct, frozen=True):
    """A handshake."""

    version: str
    cipher: str
    verified: bool
    """Whether chain, dates and host name hold, by the authorities that were given or those of this computer."""
    why: str
    """Why not; empty if they hold."""
    certificates: tuple[SeenCertificate, ...]
    """As sent, the server's own first."""


class ServerClock(msgspec.Struct, frozen=True):
    """The server's clock against that of this computer. ``Date`` has whole seconds, and an answer takes its time."""

    date: dt.datetime
    ahead_at_least_seconds: float
    ahead_at_most_seconds: float
    """Negative where the server's clock is behind."""
    round_trip_seconds: float


class SeenBinding(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the WSDL demands of callers of one endpoint; what it does not say is absent."""

    path: str
    authentication: str | None = None
    transport: str | None = None
    algorithm_suite: str | None = None
    signed_parts: tuple[str, ...] | None = None
    saml_confirmation: tuple[str, ...] | None = None


class Observation(msgspec.Struct, frozen=True):
    """Everything that was seen."""

    schema: Literal["wssdoctor.probe/1"]
    url: str
    host: str
    at: dt.datetime
    """By the clock of this computer."""
    tls: Tls | None
    clock: ServerClock | None
    status: int | None
    """Of an anonymous GET."""
    challenge: str
    """WWW-Authenticate; empty if there was none."""
    location: str
    """Where a redirect leads; it is not followed."""
    server: str
    """The header field Server."""
    bindings: tuple[SeenBinding, ...]
    notes: tuple[str, ...]
