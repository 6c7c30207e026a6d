"""The list that report WSS_SETUP shows for a test run: settings as label and value, English or German."""

from __future__ import annotations

import re
from typing import Any

from wssdoctor.collect.findings import Findings
from wssdoctor.collect.source import Source

_LABELS = {
    "time_tolerance_seconds": r"time tolerance|clock skew|zeittoleranz|zeitabweichung",
    "detect_message_replays": r"detect message replays?|message replay|wiederholte nachrichten erkennen|replay[- ]erkennung",
    "encryption_algorithm": r"encryption algorithm|verschlüsselungsalgorithmus",
    "digest_algorithm": r"(?:digest|hash|signature) algorithm|hash-?algorithmus|signaturalgorithmus",
    "saml_trust": r"saml trust|use trust settings defined in ta saml2|saml-vertrauen|vertrauenseinstellungen aus ta saml2 verwenden",
    "secure_conversation_provider": r"(?:create )?provider configuration|provider-?konfiguration(?: anlegen)?",
}
_PATTERNS = {
    name: re.compile(rf"^\W*(?:{label})\b[^:|=\t]*[:|=\t]\s*(.+?)\W*$", re.IGNORECASE)
    for name, label in _LABELS.items()
}
_TITLE = re.compile(r"\bWSS_SETUP\b")
_YES = frozenset({"x", "yes", "ja", "on", "ein", "true", "active", "aktiv", "exists", "vorhanden"})
_NO = frozenset({"-", "no", "nein", "off", "aus", "false", "inactive", "inaktiv", "missing", "fehlt"})
_ENCRYPTION = {
    "aes128": "aes128",
    "aes192": "aes192",
    "aes256": "aes256",
    "tripledes": "triple-des",
    "3des": "triple-des",
}


def is_list(lines: list[str]) -> bool:
    """Whether these lines name the report and at least one of its settings."""
    return any(map(_TITLE.search, lines)) and any(
        pattern.match(line) for line in lines for pattern in _PATTERNS.values()
    )


def read(source: Source, findings: Findings) -> None:
    """Read the list."""
    findings.recognised.append((source.name, "test run of WSS_SETUP"))
    for number, line in enumerate(source.lines(), 1):
        for name, pattern in _PATTERNS.items():
            match = pattern.match(line)
            if match is None:
                continue
            value = _value(name, match[1].strip(" |"))
            place = source.place(number)
            if value is None:
                findings.note(f"the value of {name} is not understood", place)
            else:
                findings.state("wss_setup", (), place, **{name: value})


def _value(name: str, text: str) -> Any:
    word = text.strip(" []").lower()
    if not word:
        # An empty check box says no; an empty cell says nothing.
        return False if "[" in text and name == "detect_message_replays" else None
    plain = re.sub(r"[-_ ]", "", word)
    match name:
        case "time_tolerance_seconds":
            number = re.match(r"(\d{1,5})(?!\d)", word)
            return int(number[1]) if number and int(number[1]) <= 32767 else None
        case "encryption_algorithm":
            return next((value for key, value in _ENCRYPTION.items() if key in plain), None)
        case "digest_algorithm":
            return next((value for value in ("sha256", "sha1") if value in plain), None)
        case "saml_trust":
            if word in _YES or "saml2" in plain:
                return "saml2"
            return "ticket" if word in _NO or "ticket" in plain else None
    return True if word in _YES else False if word in _NO else None
