"""Distinguished names as people copy them from STRUST, a trace or a partner's mail."""

from __future__ import annotations

from wssdoctor.wsse.distinguished_name import parse

_COMMON_NAME = "2.5.4.3"


def same(first: str, second: str) -> bool:
    """Whether two texts write the same name; texts that are no distinguished names are compared as they stand."""
    try:
        return parse(first).same(parse(second))
    except ValueError:
        return first.strip() == second.strip()


def common_name(subject: str) -> str | None:
    """Return the common name of a subject, the most specific one."""
    try:
        found = [value for rdn in parse(subject).rdns for kind, value in rdn if kind == _COMMON_NAME]
    except ValueError:
        return None
    return found[-1] if found else None
