"""User and password for a server: from the environment or a keyring. They are never shown, logged or stored."""

from __future__ import annotations

import os
from collections.abc import Mapping

import msgspec

USER, PASSWORD = "WSSDOCTOR_USER", "WSSDOCTOR_PASSWORD"
"""The variables that may hold them."""


class Credentials(msgspec.Struct, frozen=True):
    """A user and its password. Neither text nor error shows the password."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.user!r}, (secret))"


def from_environment(environment: Mapping[str, str] = os.environ) -> Credentials | None:
    """Return what the variables hold; None unless both are set."""
    if USER in environment and PASSWORD in environment:
        return Credentials(environment[USER], environment[PASSWORD])
    return None


def from_keyring(origin: str, user: str | None = None) -> Credentials | None:
    """Return what the keyring of the operating system holds for a server; None without an entry or without keyring.

    The entry's service is ``wssdoctor URL``, for example ``wssdoctor https://erp.example.com:44300``.
    """
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    try:
        found = keyring.get_credential(f"wssdoctor {origin}", user)
    except keyring.errors.KeyringError:
        return None
    return Credentials(found.username, found.password) if found and found.username and found.password else None
