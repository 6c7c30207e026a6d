"""The report for strangers: the same findings, stages and verdicts, with placeholders for what identifies.

Our own texts (titles, explanations, steps) stay as they are. Every other text is redacted word by word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from wssdoctor.evidence import Place
from wssdoctor.redact.texts import Texts
from wssdoctor.report.report import Report
from wssdoctor.typed import looked_at

_OWN = frozenset(
    {"schema", "version", "verdict", "moment", "coverage", "cause", "title", "explanation", "status", "severity"}
    | {
        "confidence",
        "basis",
        "checks",
        "explains",
        "folded_under",
        "missing",
        "score",
        "sources",
        "id",
        "trial",
        "actor",
    }
    | {"side", "steps", "risk", "interruption", "rollback", "weakens_security", "releases", "check", "stage", "outcome"}
    | {"reason", "messages", "smallest", "remaining", "applied", "path", "meaning", "home", "obtain", "yes_if", "no_if"}
    | {"decides", "usual", "causes", "kind", "sensitivity", "doubts", "agrees", "time", "on_system", "superseded"}
)
"""Keys whose values are this program's own words, numbers and ids."""
_NAMES = frozenset({"capture", "captures", "stops", "of", "unsettled"})
_ANYWHERE = frozenset({"checks", "findings"})


class Redactor:
    """Redacts one report: ``members`` says under which name each file of the case stands in the bundle."""

    def __init__(self, texts: Texts, members: Mapping[str, str], places: Mapping[str, Place]) -> None:
        self._texts = texts
        self._members = members
        self._places = places

    def redacted(self, report: Report) -> Report:
        """Return the report with its foreign texts redacted."""
        made = self._record(msgspec.to_builtins(report), top=True)
        return msgspec.convert(made, looked_at(Report))

    def _record(self, record: Mapping[str, Any], *, top: bool = False) -> dict[str, Any]:
        if set(record) <= {"file", "line", "column", "xpath", "fact"} and record:
            return self._place(record)
        return {
            key: value if key in _OWN and not (top and key in _ANYWHERE) else self._value(key, value)
            for key, value in record.items()
        }

    def _value(self, key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return self._record(value)
        if isinstance(value, list | tuple):
            if key == "predicted":  # ids of messages
                return value
            return [self._value(key, one) for one in value]
        if not isinstance(value, str):
            return value
        if key in _NAMES or (key == "system" and value in self._members):
            return self._members.get(value) or self._texts.closed(value)
        return self._texts.closed(value)

    def _place(self, place: Mapping[str, Any]) -> dict[str, Any]:
        """Return a place in the bundle: facts of the description stand elsewhere there."""
        made = dict(place)
        fact = place.get("fact")
        moved = self._places.get(str(fact)) if fact else None
        if moved is not None:
            return {key: value for key, value in msgspec.to_builtins(moved).items() if value is not None}
        if place.get("file") is not None:
            made["file"] = self._members.get(place["file"]) or self._texts.closed(place["file"])
        if place.get("xpath") is not None:
            made["xpath"] = self._texts.closed(place["xpath"])
        return made
