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


def answered(facts: Facts, values: Mapping[str, Any], assumed: Facts) -> Facts:
    """Return facts with answers in them, by concrete path as ``assumed`` counts them.

    Items that the answers speak of and that are not described are added by what names them in ``assumed``.
    Raises ``ValueError`` for a path or a value that a description cannot hold.
    """
    for path in values:
        facts = _with_items(facts, path, assumed)
    facts = change(facts, values)
    places = {**facts.places, **{path: Place(file=SOURCE, fact=path) for path in values}}
    return Facts(facts.description, places, facts.name)


def _with_items(facts: Facts, path: str, assumed: Facts) -> Facts:
    """Add the items of lists on the way to a fact."""
    here = ""
    for name, index in steps(path)[:-1]:
        here = f"{here}.{name}" if here else name
        if index is None:
            continue
        present = len(facts.items(here) or ())
        for missing in range(present, index + 1):
            facts = change(facts, {f"{here}[{missing}]": _named(assumed.value(f"{here}[{missing}]"))})
        here = f"{here}[{index}]"
    return facts


def _named(item: Any) -> dict[str, Any]:
    found = {name: getattr(item, name, UNSET) for name in _NAMES} if isinstance(item, msgspec.Struct) else {}
    return {name: msgspec.to_builtins(value) for name, value in found.items() if value is not UNSET}
