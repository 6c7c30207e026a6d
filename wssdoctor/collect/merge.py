"""Many statements to one description: provenance kept, contradictions reported with both places, never resolved."""

from __future__ import annotations

from typing import Any

import msgspec

from wssdoctor.collect.certificates import identity
from wssdoctor.collect.findings import Findings, LooseCertificate, Statement
from wssdoctor.evidence import Place

LISTS = ("icf.nodes", "pses", "bindings", "users", "external_ids", "certificate_rules", "certificate_users")
"""Lists whose items are told apart by a key."""
RECORDS = ("system", "wss_setup", "technical_user", "secure_storage", "saml_trust", "profile")


class Contradiction(msgspec.Struct, frozen=True):
    """Two statements about one fact that cannot both hold; the fact is left out."""

    fact: str
    first: Place
    second: Place


class Value(msgspec.Struct, frozen=True):
    """A fact with the place that gave it."""

    data: Any
    place: Place


class Record(msgspec.Struct, frozen=True):
    """A record or an item of a list: its facts by name, in the order of the format."""

    name: str
    key: tuple[str, ...]
    values: dict[str, Value]


class Merged(msgspec.Struct, frozen=True):
    """What all exports together say."""

    records: tuple[Record, ...]
    contradictions: tuple[Contradiction, ...]
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
    contradictions: list[Contradiction] = []
    records = []
    for name, key in sorted(by_record, key=_order):
        values: dict[str, Value] = {}
        for fact, statements in by_record[name, key].items():
            value = _one(f"{name}{_shown(key)}.{fact}", sorted(statements, key=_by_place), contradictions)
            if value is not None:
                values[fact] = Value(_with_bytes(fact, value.data, loose), value.place)
        records.append(Record(name, key, values))
    left = tuple(sorted(loose.values(), key=lambda each: (str(each.place), each.pem)))
    return Merged(tuple(records), tuple(contradictions), frozenset(complete), left)


def _order(record: tuple[str, tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
    return (*RECORDS, *LISTS).index(record[0]), record[1]


def _by_place(statement: Statement) -> tuple[str, int]:
    return statement.place.file or "", statement.place.line or 0


def _shown(key: tuple[str, ...]) -> str:
    return f"[{' '.join(part for part in key if part)}]" if key else ""


def _one(fact: str, statements: list[Statement], contradictions: list[Contradiction]) -> Value | None:
    """Return what the statements agree on; the newest where all that differ carry a date; None otherwise."""
    first = statements[0]
    if fact.endswith((".trusted", ".own_chain")):
        return _one_list(statements)
    others = [each for each in statements[1:] if _key(fact, each.value) != _key(fact, first.value)]
    if not others:
        best = next((each for each in statements if isinstance(each.value, dict) and "pem" in each.value), first)
        return Value(best.value, best.place)
    moments = {each.dated for each in statements}
    if None not in moments and len(moments) > 1:
        newest = max(moment for moment in moments if moment is not None)
        latest = [each for each in statements if each.dated == newest]
        if all(_key(fact, each.value) == _key(fact, latest[0].value) for each in latest):
            return Value(latest[0].value, latest[0].place)
    contradictions.append(Contradiction(fact, first.place, others[0].place))
    return None


def _one_list(statements: list[Statement]) -> Value:
    """Return a certificate list with every certificate once: files may each hold a part of it."""
    found: dict[Any, dict[str, Any]] = {}
    for statement in statements:
        for certificate in statement.value:
            key = identity(certificate)
            if key not in found or "pem" in certificate:
                found[key] = certificate
    return Value(list(found.values()), statements[0].place)


def _key(fact: str, value: Any) -> Any:
    return identity(value) if fact.endswith(".own_certificate") else value


def _with_bytes(fact: str, value: Any, loose: dict[Any, LooseCertificate]) -> Any:
    """Put the certificate itself where a list only shows its fields and a file of the folder holds it."""
    if fact == "own_certificate":
        return _exchanged(value, loose)
    return [_exchanged(each, loose) for each in value] if fact in ("trusted", "own_chain") else value


def _exchanged(certificate: dict[str, Any], loose: dict[Any, LooseCertificate]) -> dict[str, Any]:
    found = loose.pop(identity(certificate), None)
    return {"pem": found.pem} if found is not None else certificate
