"""A fact of a description as checks take it: known with its place and sensitivity, or missing."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from wssdoctor.check.check import Known, Missing
from wssdoctor.description.facts import DECLARATIONS, Facts


def described(facts: Facts, path: str, concrete: str) -> Known[Any] | Missing:
    """Return the fact at a concrete path; where nobody gave it, say so by its general path."""
    value = facts.value(concrete)
    if value is UNSET:
        return Missing(path)
    return Known(concrete, value, facts.place(concrete), DECLARATIONS[path].sensitivity)
