"""What sapgenpse prints: get_my_name, maintain_pk -l, seclogin -l."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from wssdoctor.collect.certificates import state_pse
from wssdoctor.collect.findings import Findings
from wssdoctor.collect.placement import pse
from wssdoctor.collect.source import Source

_FILE = re.compile(r'PSE (?:file )?["„“]([^"“”]{1,1000})["“”]', re.IGNORECASE)
_FIELD = re.compile(r"^\s*(Subject|Issuer)(?:Name)?\s*:\s*(.+?)\s*$", re.IGNORECASE)
_VALIDITY = re.compile(r"(NotBefore|NotAfter)\s*:.*?\((\d{12}Z|\d{14}Z)\)", re.IGNORECASE)
_FORWARD = re.compile(r"FCPath|forward certification path", re.IGNORECASE)
_LISTED = re.compile(r"PKList|maintain_pk|trusted certificates", re.IGNORECASE)
_OWN = re.compile(r"MY Certificate|my certificate", re.IGNORECASE)
_MARKS = re.compile(
    r"PSE \(v\d\) open ok|MY Certificate|maintain_pk|PKList|running seclogin|SSO-Credentials available|Opening PSE",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(r":\s*(\S.{0,1000}\.pse)\s*$", re.IGNORECASE)
_READABLE = re.compile(r"\b(\d{1,6}) readable SSO-Credentials available", re.IGNORECASE)
_EMPTY = re.compile(r"(?:PKList|list).*\b(?:empty|no entries)\b|no certificates? (?:in|found)", re.IGNORECASE)


def is_output(lines: list[str]) -> bool:
    """Whether these are lines that sapgenpse printed."""
    return any(_MARKS.search(line) for line in lines)


def read(source: Source, findings: Findings) -> None:
    """Read what sapgenpse printed; several outputs may follow each other."""
    findings.recognised.append((source.name, "output of sapgenpse"))
    target = pse(source.name)
    section = ""
    certificates: list[tuple[str, dict[str, Any], int, tuple[str, str] | None]] = []
    empty: list[tuple[tuple[str, str], int]] = []
    credentials: list[str] = []
    for number, line in enumerate(source.lines(), 1):
        if match := _FILE.search(line):
            # Printed paths say which PSE this is; the name of the text file is only a reserve.
            target = pse(re.split(r"[\\/]", match[1])[-1]) or target
        if match := _CREDENTIAL.search(line):
            credentials.append(re.split(r"[\\/]", match[1])[-1])
        if match := _READABLE.search(line):
            opened = ", ".join(dict.fromkeys(credentials)) or "no PSE"
            what = f"credentials open {opened} ({match[1]} readable); the server cannot open a PSE that is not here"
            findings.note(what, source.place(number))
        if _FORWARD.search(line):
            section = "path"
        elif _LISTED.search(line):
            section = "trusted"
            if _EMPTY.search(line) and target:
                empty.append((target, number))
        elif _OWN.search(line):
            section = "own"
        if match := _FIELD.match(line):
            name = match[1].lower()
            if name == "subject":
                certificates.append((section, {}, number, target))
            if certificates:
                certificates[-1][1].setdefault(name, match[2])
        elif (match := _VALIDITY.search(line)) and certificates:
            name = "not_before" if match[1].lower() == "notbefore" else "not_after"
            moment = _moment(match[2])
            if moment is not None:
                certificates[-1][1].setdefault(name, moment)
    lists: dict[tuple[str, str], tuple[list[dict[str, Any]], int]] = {found: ([], number) for found, number in empty}
    chains: dict[tuple[str, str], tuple[list[dict[str, Any]], int]] = {}
    for where, certificate, number, found in certificates:
        if found is None:
            findings.note("nothing says to which PSE this certificate belongs", source.place(number))
        elif where == "own":
            state_pse(findings, found, source.place(number), own=certificate)
        elif where == "trusted":
            lists.setdefault(found, ([], number))[0].append(certificate)
        elif where == "path":
            chains.setdefault(found, ([], number))[0].append(certificate)
    for found, (issuers, number) in chains.items():
        state_pse(findings, found, source.place(number), chain=issuers)
    for found, (listed, number) in lists.items():
        state_pse(findings, found, source.place(number), trusted=listed)


def _moment(text: str) -> dt.datetime | None:
    """Read UTC as in certificates: YYMMDDhhmmssZ, years from 50 on in the last century (RFC 5280, 4.1.2.5.1)."""
    digits = text[:-1]
    if len(digits) == 12:
        digits = ("19" if digits[:2] >= "50" else "20") + digits
    try:
        return dt.datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
