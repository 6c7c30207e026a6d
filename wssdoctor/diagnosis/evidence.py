"""What people saw and said beside the captured answers."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Evidence(Struct, frozen=True):
    """Hints at causes that are no facts: they rank, and prove nothing."""

    messages: tuple[str, ...] = ()
    """Ids of messages and codes that were seen, as the knowledge base names them."""
    words: Mapping[str, float] = {}
    """How well the words of a description fit each cause, from 0 to 1."""
    said: Mapping[str, bool] = {}
    """Causes of which somebody said that it is so, or is not, by the way to tell that its record gives."""


NOTHING = Evidence()
