"""What sapcli prints besides tables and PEM: ``user details`` and ``strust listcertificates``."""

from __future__ import annotations

import re

from wssdoctor.collect.certificates import state_pse
from wssdoctor.collect.findings import Findings
from wssdoctor.collect.placement import HOW, pse
from wssdoctor.collect.source import Source
from wssdoctor.collect.users import DELAY

_USER = re.compile(r"User\s+:\s*(\S{1,40})\s*$")
_ALIAS = re.compile(r"Alias\s+:\s*(\S{0,40})\s*$")
_LOGIN = re.compile(r"Last Login\s*:")
_CERTIFICATE = re.compile(r"\*\s+([A-Za-z][A-Za-z0-9.]*\s*=.*\S)\s*$")


def read(source: Source, lines: list[str], findings: Findings) -> bool:
    """Read what sapcli printed; False if these are other lines. ``lines`` are the first of the file."""
    told = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not told:
        return False
    if all(_CERTIFICATE.match(line) for _, line in told):
        _certificates(source, findings)
        return True
    if any(_USER.match(line) for _, line in told) and any(_LOGIN.match(line) for _, line in told):
        _users(source, findings)
        return True
    return False


def _users(source: Source, findings: Findings) -> None:
    findings.recognised.append((source.name, "user details of sapcli"))
    name = ""
    for number, line in enumerate(source.lines(), 1):
        if match := _USER.match(line):
            name = match[1].upper()
            place = source.place(number)
            if DELAY.fullmatch(name):
                findings.state("technical_user", (), place, name=name, exists=True)
            else:
                findings.state("users", (name,), place, name=name, exists=True)
        elif name and not DELAY.fullmatch(name) and (match := _ALIAS.match(line)):
            findings.state("users", (name,), source.place(number), alias=match[1])


def _certificates(source: Source, findings: Findings) -> None:
    findings.recognised.append((source.name, "certificate list of sapcli"))
    target = pse(source.name)
    if target is None:
        findings.note(f"nothing says to which PSE this list belongs: {HOW}", source.place())
        return
    subjects = [match[1] for line in source.lines() if (match := _CERTIFICATE.match(line))]
    state_pse(findings, target, source.place(1), trusted=[{"subject": subject} for subject in subjects])
