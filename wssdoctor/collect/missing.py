"""What is still missing, with how to get it: a check-list to hand to a colleague."""

from __future__ import annotations

import re

import msgspec
from msgspec import UNSET

from wssdoctor.collect.columns import EXPORTS
from wssdoctor.collect.recipe import RECIPES, Recipe, recipe
from wssdoctor.description.fact import Declaration
from wssdoctor.description.facts import DECLARATIONS, Facts
from wssdoctor.evidence import Sensitivity

_OPTIONAL = re.compile(
    r"\.(?:identity|file|pem|logon_order|password|min_date|issuer|subject_filter|issuer_filter)$"
    r"|^format$|^suppressions\b|\.own_certificate$|^consumer\b"
)
"""Facts that need not be there: other ways to give the same, or only for some settings."""


class Lack(msgspec.Struct, frozen=True):
    """A fact that nobody gave, of one record or of several of a list."""

    path: str
    """As in ``technical_user.lock`` and ``users[].lock``."""
    meaning: str
    records: tuple[str, ...]
    """The records of a list that lack it; empty outside lists."""


class Missing(msgspec.Struct, frozen=True):
    """Facts that one look at the system gives."""

    obtain: str
    steps: tuple[str, ...]
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    """Tables with exactly the columns to export."""
    facts: tuple[Lack, ...]


def missing(facts: Facts) -> tuple[Missing, ...]:
    """Return what a description lacks, grouped by how it is obtained: exports first, then what a person must look up."""
    exported: dict[Recipe, list[Lack]] = {}
    others: dict[str, list[Lack]] = {}
    for path, declaration in DECLARATIONS.items():
        if _OPTIONAL.search(path) or declaration.sensitivity is Sensitivity.SECRET:
            continue
        lack = _lack(facts, path, declaration)
        if lack is None:
            continue
        found = recipe(path)
        if found is not None:
            exported.setdefault(found, []).append(lack)
        else:
            others.setdefault(declaration.obtain or declaration.home, []).append(lack)
    return (
        *(
            Missing(each.title, each.steps, tuple((table, EXPORTS[table]) for table in each.tables), tuple(lacks))
            for each in RECIPES
            if (lacks := exported.get(each))
        ),
        *(Missing(obtain, (), (), tuple(lacks)) for obtain, lacks in others.items()),
    )


def _lack(facts: Facts, path: str, declaration: Declaration) -> Lack | None:
    """Return the fact if nobody gave it; an absent list is missing once, as a whole."""
    listed, bracket, rest = path.partition("[].")
    if not bracket:
        return Lack(path, declaration.meaning, ()) if facts.value(path) is UNSET else None
    items = facts.items(listed)
    if isinstance(items, msgspec.UnsetType) or "[]" in rest or ("own_certificate." in rest and "not_after" not in rest):
        return None
    records = tuple(
        _name(item, index) for index, item in enumerate(items) if facts.value(f"{listed}[{index}].{rest}") is UNSET
    )
    return Lack(path, declaration.meaning, records) if records else None


def _name(item: object, index: int) -> str:
    """Return what tells a record of a list apart."""
    for field in ("path", "name", "application", "external_id", "subject"):
        value = getattr(item, field, None)
        if isinstance(value, str):
            return value
    return str(index)
