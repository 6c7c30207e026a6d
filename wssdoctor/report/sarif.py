"""The report as SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format), for code scanning and editors.

Each finding is a result with its cause as rule: confirmed ones fail, possible ones are open, ruled-out ones pass.
Their evidence points into the description file and the captures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import msgspec

from wssdoctor.check.result import Outcome
from wssdoctor.evidence import Evidence, Place
from wssdoctor.report.evidenceline import evidence_line
from wssdoctor.report.exitcode import is_inconclusive
from wssdoctor.report.report import Finding, Report
from wssdoctor.report.sending import WORDS, held_against, told
from wssdoctor.report.shown import shown
from wssdoctor.report.summary import coverage_line, verdict_line

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS = {"high": "error", "medium": "warning", "low": "note"}
_KINDS = {"confirmed": "fail", "possible": "open", "ruled-out": "pass"}


def render(report: Report) -> bytes:
    """Return the document in UTF-8, indented."""
    rules = list({one.cause: one for one in report.findings}.values())
    places = {one.cause: number for number, one in enumerate(rules)}
    files = {
        piece.place.file: None
        for one in report.findings
        for piece in one.evidence
        if piece.place is not None and piece.place.file
    }
    run = {
        "tool": {
            "driver": {"name": "wssdoctor", "version": report.version, "rules": [_rule(one) for one in rules]},
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "artifacts": [{"location": {"uri": uri(file)}} for file in files],
        "results": [_result(one, places[one.cause], baseline=report.baseline is not None) for one in report.findings],
        "properties": {
            "verdict": report.verdict,
            "summary": verdict_line(report),
            "coverage": msgspec.to_builtins(report.coverage),
            "suppressed": sum(bool(one.suppressed) for one in report.findings),
            "sent": msgspec.to_builtins(report.sent),
        },
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def uri(file: str) -> str:
    """Return the URI reference of a file as the user named it; an odd byte of its name becomes a question mark."""
    name = PurePath(file).as_posix()
    encoded = quote(name.encode("utf-8", "replace"), safe="/")
    return f"file://{encoded}" if name.startswith("/") else encoded


def _rule(one: Finding) -> dict[str, Any]:
    steps = "\n".join(f"- {remedy.title} ({remedy.id})" for remedy in one.remedies)
    return {
        "id": one.cause,
        "shortDescription": {"text": one.title},
        "fullDescription": {"text": one.explanation},
        "help": {"text": f"{one.explanation}\n\nRemedies:\n{steps}" if steps else one.explanation},
        "defaultConfiguration": {"level": _LEVELS[one.severity]},
        "properties": {"basis": one.basis, "tags": ["WS-Security", one.basis]},
    }


def _result(one: Finding, rule: int, *, baseline: bool) -> dict[str, Any]:
    kind = _KINDS[one.status]
    says = "; ".join(shown(text) for text in one.says)
    text = f"{one.title} - {shown(one.subject)}{f': {says}' if says else ''}"
    located = [(piece, piece.place) for piece in one.evidence if piece.place is not None and piece.place.file]
    result: dict[str, Any] = {
        "ruleId": one.cause,
        "ruleIndex": rule,
        "kind": kind,
        "level": _LEVELS[one.severity] if kind == "fail" else "none",
        "message": {"text": text},
        "locations": [_location(place, piece) for piece, place in located],
        "partialFingerprints": {"causeAndSubject/v1": _fingerprint(one)},
        "properties": {
            "status": one.status,
            "severity": one.severity,
            "confidence": one.confidence,
            "subject": one.subject,
            "explains": one.explains,
            "folded_under": one.folded_under,
            "captures": one.captures,
            "stops": one.stops,
            "missing": one.missing,
            "evidence": [evidence_line(piece) for piece in one.evidence],
            "remedies": [
                {"id": remedy.id, "trial": remedy.trial, "on_system": remedy.on_system} for remedy in one.remedies
            ],
            "on_system": one.on_system,
        },
    }
    if baseline:
        result["baselineState"] = "unchanged" if one.known or one.status != "confirmed" else "new"
    if one.suppressed:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": shown(one.suppressed)}]
    return result


def _location(place: Place, piece: Evidence) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(place.file or "")}}
    if place.line is not None:
        physical["region"] = {"startLine": place.line, **({"startColumn": place.column} if place.column else {})}
    location: dict[str, Any] = {"physicalLocation": physical, "message": {"text": evidence_line(piece)}}
    logical = place.xpath or place.fact
    if logical:
        kind = "element" if place.xpath else "member"
        location["logicalLocations"] = [{"fullyQualifiedName": shown(logical), "kind": kind}]
    return location


def _fingerprint(one: Finding) -> str:
    """Return what makes it the same result in another run; how many requests show it does not matter."""
    count, _, rest = one.subject.partition(" ")
    subject = "" if count.isdigit() and rest in ("request", "requests") else one.subject
    return hashlib.sha256(f"{one.cause}\n{subject}".encode("utf-8", "replace")).hexdigest()


def _invocation(report: Report) -> dict[str, Any]:
    moment = f"{report.moment:%Y-%m-%dT%H:%M:%SZ}"
    return {
        "executionSuccessful": not report.coverage.error,
        "endTimeUtc": moment,
        "toolExecutionNotifications": list(_notifications(report)),
        "properties": {"inconclusive": is_inconclusive(report)},
    }


def _notifications(report: Report) -> Iterable[dict[str, Any]]:
    """Yield what was not answered: a defect of the program, or a fact that nobody gave."""
    yield {
        "level": "warning" if is_inconclusive(report) else "note",
        "message": {"text": coverage_line(report.coverage)},
    }
    for fact in report.coverage.facts_wanted:
        yield {"level": "warning", "message": {"text": f"{fact.path} is not known: {fact.obtain}"}}
    for name in report.unsettled:
        text = f"CONTRADICTED: the system did not accept {shown(name)}, which the description accepts"
        yield {"level": "error", "message": {"text": text}}
    for one in report.sent:
        if not one.superseded:
            level = {"contradicted": "error", "undecided": "warning"}.get(one.on_system, "note")
            text = shown(f"{one.of}: {WORDS[one.on_system]}: {told(one)}; {held_against(one)}", 600)
            yield {"level": level, "message": {"text": text}}
    defects = {one.check: one.says for one in report.checks if one.outcome is Outcome.ERROR}
    for check, says in defects.items():
        yield {"level": "error", "message": {"text": f"{check}: {shown(says)}"}}
    for expired in report.suppressions_expired:
        yield {"level": "warning", "message": {"text": f"A suppression has expired: {shown(expired)}"}}
