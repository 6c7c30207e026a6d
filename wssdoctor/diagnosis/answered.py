"""Answers of people as facts of a description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts, steps
from wssdoctor.evidence import Place

SOURCE = "(answered)"
"""Where facts stand that somebody answered: the file in their place."""
_NAMES = ("path", "name", "application", "identity", "logical_port", "type", "external_id", "identifier")
"""What tells items of a list apart. Without these an item says nothing."""


def answered(facts: Facts, values: Mapping[str, Any], assumed: Facts) -> tuple[Facts, dict[str, Any]]:
    """Return facts with answers in them, and everything that was added, by concrete path as ``assumed`` counts them.

    Items that the answers speak of and that are not described are added by what names them in ``assumed``.
    Raises ``ValueError`` for a path or a value that a description cannot hold.
    """
    added: dict[str, Any] = {}
    for path in values:
        facts = _with_items(facts, path, assumed, added)
    facts = change(facts, values)
    added.update(values)
    places = {**facts.places, **{path: Place(file=SOURCE, fact=path) for path in added}}
    return Facts(facts.description, places, facts.name), added


def _with_items(facts: Facts, path: str, assumed: Facts, added: dict[str, Any]) -> Facts:
    """Add the items of lists on the way to a fact."""
    here = ""
    for name, index in steps(path)[:-1]:
        here = f"{here}.{name}" if here else name
        if index is None:
            continue
        present = len(facts.items(here) or ())
        for missing in range(present, index + 1):
            item = f"{here}[{missing}]"
            added[item] = _named(assumed.value(item))
            facts = change(facts, {item: added[item]})
        here = f"{here}[{index}]"
    return facts


def _named(item: Any) -> dict[str, Any]:
    found = {name: getattr(item, name, UNSET) for name in _NAMES} if isinstance(item, msgspec.Struct) else {}
    return {name: msgspec.to_builtins(value) for name, value in found.items() if value is not UNSET}
