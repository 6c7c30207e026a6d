"""Profile parameters: DEFAULT.PFL, instance profiles and the running system's list, ``$(...)`` resolved."""

from __future__ import annotations

import re
from typing import Any

from wssdoctor.collect.findings import Findings, Parameter
from wssdoctor.collect.source import Source

_ASSIGNMENT = re.compile(r"\s*([A-Za-z][A-Za-z0-9_/.<>-]*)\s*=\s?(.*)$")
_REFERENCE = re.compile(r"\$\(([A-Za-z][A-Za-z0-9_/.-]*)\)")
_KEPT = re.compile(
    r"login/|icm/HTTPS/|icm/server_port_|icm/HTTP/logging_|icm/trusted_reverse_proxy|ssf/|sec/|ssl/|snc/|rsec/ssfs_|rsau/|DIR_INSTANCE$"
)
_SECRET = re.compile("passw|secret|passphrase|/pin$", re.IGNORECASE)
_LONGEST = 4096
_DEPTH = 16


def is_profile(lines: list[str]) -> bool:
    """Whether these lines are those of a profile: assignments and comments alone, one parameter known."""
    told = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    matches = [_ASSIGNMENT.match(line) for line in told]
    good = [match for match in matches if match]
    if not good or len(good) < 0.9 * len(told):
        return False
    return any("/" in match[1] or match[1] in ("SAPSYSTEMNAME", "INSTANCE_NAME", "SAPSYSTEM") for match in good)


def read(source: Source, findings: Findings) -> None:
    """Read a profile; the last assignment of a parameter counts, as in SAP."""
    found: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(source.lines(), 1):
        match = None if line.lstrip().startswith("#") else _ASSIGNMENT.match(line)
        if match and len(match[2]) <= _LONGEST:
            found[match[1]] = match[2].strip(), number
    rank = 2 if found.keys() & {"INSTANCE_NAME", "SAPSYSTEM"} else 1
    findings.recognised.append((source.name, "instance profile" if rank == 2 else "default profile"))
    findings.parameters += [
        Parameter(name, value, rank, source.place(number)) for name, (value, number) in found.items()
    ]


def join(findings: Findings) -> None:
    """State the parameters that matter, after all files were read: instance before default, the running list first."""
    best: dict[str, int] = {}
    for parameter in findings.parameters:
        best[parameter.name] = max(parameter.rank, best.get(parameter.name, 0))
    winning = [each for each in findings.parameters if each.rank == best[each.name]]
    values = {each.name: each.value for each in winning}
    for each in winning:
        if each.name == "SAPSYSTEMNAME" and re.fullmatch("[A-Z][A-Z0-9]{2}", each.value):
            findings.state("system", (), each.place, sid=each.value)
        if each.name in ("SAPLOCALHOSTFULL", "icm/host_name_full") and "$" not in each.value and each.value:
            findings.state("system", (), each.place, host=each.value)
        if not _KEPT.match(each.name):
            continue
        if _SECRET.search(each.name) and not each.name.startswith("login/"):
            findings.drop("profile parameters that hold secrets", 1, each.place)
            continue
        resolved = _resolved(each.value, values)
        if resolved is None:
            findings.note(f"{each.name}: $(...) names a parameter that no profile of the folder sets", each.place)
        else:
            stated: dict[str, Any] = {each.name: resolved}
            findings.state("profile", (), each.place, **stated)


def _resolved(value: str, values: dict[str, str]) -> str | None:
    """Replace all references; None for one that is not known, runs in a circle or grows without end."""
    for _ in range(_DEPTH):
        if "$(" not in value:
            return value
        if any(name not in values for name in _REFERENCE.findall(value)) or len(value) > _LONGEST:
            return None
        replaced = _REFERENCE.sub(lambda match: values[match[1]], value)
        if replaced == value:
            return None
        value = replaced
    return None
