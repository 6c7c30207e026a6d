"""Values of icm/trusted_reverse_proxy_<n>: subject and issuer of a reverse proxy's certificate."""

from __future__ import annotations

import re

CUT_AT = 128
"""RZ10 stores no more characters of a value (SAP note 2215040)."""

_PART = re.compile(r'\s*(SUBJECT|ISSUER)\s*=\s*"([^"]*)"\s*(?:,|$)', re.IGNORECASE)


def parse(value: str) -> tuple[str, str] | None:
    """Return subject and issuer; nothing for a value that does not hold both, such as one that was cut off."""
    found = {name.upper(): text for name, text in _PART.findall(value)}
    return (found["SUBJECT"], found["ISSUER"]) if {"SUBJECT", "ISSUER"} <= found.keys() else None
