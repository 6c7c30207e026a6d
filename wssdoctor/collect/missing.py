"""What is still missing, with how to get it: a check-list to hand to a colleague."""

from __future__ import annotations

import re

import msgspec
from msgspec import UNSET

from wssdoctor.description.fact import Declaration
from wssdoctor.description.facts import DECLARATIONS, Facts
from wssdoctor.evidence import Sensitivity

_FIELD = re.compile(r"\b([A-Z][A-Z0-9_]{3,})-([A-Z][A-Z0-9_]+)")
_KEYS = {
    "USR02": ("MANDT", "BNAME"),
    "ICFSERVICE": ("ICF_NAME", "ICFPARGUID", "ICFNODGUID", "ORIG_NAME"),
    "ICFSERVLOC": ("ICF_NAME", "ICFPARGUID"),
    "ICFSECPASSWD": ("ICF_NAME", "ICFPARGUID"),
    "USREXTID": ("MANDT", "BNAME", "TYPE", "EXTID", "STATUS"),
}
"""Columns by which rows are told apart, so that an export without them is of no use."""
_FORBIDDEN = ("PASSWD", "BCODE", "PASSCODE")
_OPTIONAL = re.compile(
    r"\.(?:identity|file|pem|logon_order|password)$|^format$|^suppressions\b|\.own_certificate$|^consumer\b"
)
"""Facts that need not be there: other ways to give the same, or only for some settings."""


class Missing(msgspec.Struct, frozen=True):
    """Facts that one look at the system gives."""

    obtain: str
    facts: tuple[tuple[str, str], ...]
    """Path and meaning."""
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    """Tables with exactly the columns to export."""


def missing(facts: Facts) -> tuple[Missing, ...]:
    """Return what a description lacks, grouped by how it is obtained, in the order of the format."""
    groups: dict[str, list[tuple[str, Declaration]]] = {}
    for path, declaration in DECLARATIONS.items():
        if _OPTIONAL.search(path) or declaration.sensitivity is Sensitivity.SECRET:
            continue
        for concrete in _unset(facts, path):
            groups.setdefault(declaration.obtain or declaration.home, []).append((concrete, declaration))
    return tuple(
        Missing(obtain, tuple((path, each.meaning) for path, each in found), _columns([each for _, each in found]))
        for obtain, found in groups.items()
    )


def _unset(facts: Facts, path: str) -> list[str]:
    """Return the concrete paths at which nobody gave a fact; an absent list is missing once, as a whole."""
    listed, bracket, rest = path.partition("[].")
    if not bracket:
        return [path] if facts.value(path) is UNSET else []
    items = facts.items(listed)
    if isinstance(items, msgspec.UnsetType) or "[]" in rest:
        return []
    if "own_certificate." in rest:
        rest = rest if rest.endswith("not_after") else ""
    found = []
    for index, item in enumerate(items if rest else ()):
        if facts.value(f"{listed}[{index}].{rest}") is UNSET:
            name = getattr(item, "path", None) or getattr(item, "name", None) or getattr(item, "application", index)
            found.append(f"{listed}[{name}].{rest}")
    return found


def _columns(found: list[Declaration]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    tables: dict[str, list[str]] = {}
    for declaration in found:
        for table, column in _FIELD.findall(declaration.home):
            if not any(word in column for word in _FORBIDDEN):
                columns = tables.setdefault(table, list(_KEYS.get(table, ())))
                if column not in columns:
                    columns.append(column)
    return tuple((table, tuple(columns)) for table, columns in sorted(tables.items()))
