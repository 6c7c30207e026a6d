"""Many statements to one description: provenance kept, contradictions reported with both places, never resolved."""

from __future__ import annotations

from typing import Any

import msgspec

from wssdoctor.collect.certificates import alike, identity
from wssdoctor.collect.findings import Findings, LooseCertificate, Statement
from wssdoctor.evidence import Place

LISTS = ("icf.nodes", "pses", "bindings", "users", "external_ids", "certificate_rules", "certificate_users")
"""Lists whose items are told apart by a key."""
PART = "trusted_part"
"""Certificates of a list that were exported one by one."""
RECORDS = ("system", "clock", "wss_setup", "technical_user", "secure_storage", "saml_trust", "profile")


class Value(msgspec.Struct, frozen=True):
    """A fact with the place that gave it."""

    data: Any
    place: Place


class Contradiction(msgspec.Struct, frozen=True):
    """Two statements about one fact that cannot both hold; the fact is left out."""

    fact: str
    first: Value
    second: Value


class Superseded(msgspec.Struct, frozen=True):
    """An older statement that gave way to a newer one; both exports carry a date."""

    fact: str
    newer: Value
    older: Value


class Record(msgspec.Struct, frozen=True):
    """A record or an item of a list: its facts by name, in the order of the format."""

    name: str
    key: tuple[str, ...]
    values: dict[str, Value]


class Merged(msgspec.Struct, frozen=True):
    """What all exports together say."""

    records: tuple[Record, ...]
    contradictions: tuple[Contradiction, ...]
    superseded: tuple[Superseded, ...]
    complete: frozenset[str]
    """Lists that were exported, so that they may be stated even where they are empty."""
    loose: tuple[LooseCertificate, ...]
    """Certificates that no PSE could be found for."""


def merge(findings: Findings) -> Merged:
    """Merge all statements. The order in which files were read has no influence."""
    by_record: dict[tuple[str, tuple[str, ...]], dict[str, list[Statement]]] = {}
    complete = set()
    for statement in findings.statements:
        if statement.name == "complete":
            complete.add(statement.record)
        else:
            facts = by_record.setdefault((statement.record, statement.key), {})
            facts.setdefault(statement.name, []).append(statement)
    loose = {identity({"pem": each.pem}): each for each in findings.certificates}
    merging = _Merging()
    records = []
    for name, key in sorted(by_record, key=_order):
        values: dict[str, Value] = {}
        for fact, statements in by_record[name, key].items():
            value = merging.one(f"{name}{_shown(key)}.{fact}", sorted(statements, key=_by_place))
            if value is not None:
                values[fact] = Value(_with_bytes(fact, value.data, loose), value.place)
        _join_certificate_lists(f"{name}{_shown(key)}", values, merging)
        records.append(Record(name, key, values))
    left = tuple(sorted(loose.values(), key=lambda each: (str(each.place), each.pem)))
    return Merged(tuple(records), tuple(merging.contradictions), tuple(merging.superseded), frozenset(complete), left)


def _order(record: tuple[str, tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
    return (*RECORDS, *LISTS).index(record[0]), record[1]


def _by_place(statement: Statement) -> tuple[str, int]:
    return statement.place.file or "", statement.place.line or 0


def _shown(key: tuple[str, ...]) -> str:
    return f"[{' '.join(part for part in key if part)}]" if key else ""


class _Merging:
    """Decides between statements, and keeps account of it."""

    def __init__(self) -> None:
        self.contradictions: list[Contradiction] = []
        self.superseded: list[Superseded] = []

    def one(self, fact: str, statements: list[Statement]) -> Value | None:
        """Return what the statements agree on; the newest where all that differ carry a date; None otherwise."""
        if fact.endswith((f".{PART}", ".own_chain")):
            return _together(statements)
        first = statements[0]
        others = [each for each in statements[1:] if not _agree(each.value, first.value)]
        if not others:
            best = max(statements, key=lambda each: _fullness(each.value))  # the first of those
            return Value(best.value, best.place)
        moments = {each.dated for each in statements}
        if None not in moments and len(moments) > 1:
            newest = max(moment for moment in moments if moment is not None)
            latest = [each for each in statements if each.dated == newest]
            taken = Value(latest[0].value, latest[0].place)
            if all(_agree(each.value, taken.data) for each in latest):
                older = next(each for each in statements if not _agree(each.value, taken.data))
                self.superseded.append(Superseded(fact, taken, Value(older.value, older.place)))
                return taken
        self.contradict(fact, Value(first.value, first.place), Value(others[0].value, others[0].place))
        return None

    def contradict(self, fact: str, first: Value, second: Value) -> None:
        """Report two statements that cannot both hold."""
        self.contradictions.append(Contradiction(fact, first, second))


def _together(statements: list[Statement]) -> Value:
    """Return certificates from several files, each once."""
    found: dict[Any, dict[str, Any]] = {}
    for statement in statements:
        for certificate in statement.value:
            key = identity(certificate)
            if key not in found or "pem" in certificate:
                found[key] = certificate
    return Value(list(found.values()), statements[0].place)


def _join_certificate_lists(name: str, values: dict[str, Value], merging: _Merging) -> None:
    """Hold certificates that were exported one by one against the whole list, or take them for it."""
    part, whole = values.pop(PART, None), values.get("trusted")
    if part is None:
        return
    if whole is None:
        values["trusted"] = part
    elif not _within(part.data, whole.data):
        merging.contradict(f"{name}.trusted", whole, part)
        del values["trusted"]
    else:
        exact = {identity(each): each for each in part.data}
        values["trusted"] = Value([exact.get(identity(each), each) for each in whole.data], whole.place)


def _agree(first: Any, second: Any) -> bool:
    """Whether two statements can both hold: certificates are compared by what both say, lists without their order."""
    if isinstance(first, dict) and isinstance(second, dict):
        return alike(identity(first), identity(second))
    if _is_certificates(first) and _is_certificates(second):
        return len(first) == len(second) and _within(first, second) and _within(second, first)
    return bool(first == second)


def _is_certificates(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _within(part: list[dict[str, Any]], whole: list[dict[str, Any]]) -> bool:
    """Whether every certificate of one list is in another."""
    found = [identity(each) for each in whole]
    return all(any(alike(one, other) for other in found) for one in map(identity, part))


def _fullness(value: Any) -> int:
    """Count the certificates that are given as themselves and not by their fields."""
    certificates = value if isinstance(value, list) else [value]
    return sum(isinstance(each, dict) and "pem" in each for each in certificates)


def _with_bytes(fact: str, value: Any, loose: dict[Any, LooseCertificate]) -> Any:
    """Put the certificate itself where a list only shows its fields and a file of the folder holds it."""
    if fact == "own_certificate":
        return _exchanged(value, loose)
    return [_exchanged(each, loose) for each in value] if fact in ("trusted", PART, "own_chain") else value


def _exchanged(certificate: dict[str, Any], loose: dict[Any, LooseCertificate]) -> dict[str, Any]:
    found = loose.pop(identity(certificate), None)
    return {"pem": found.pem} if found is not None else certificate
