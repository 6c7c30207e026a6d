"""How much was checked, in one line: what was not is told apart, however narrow the line is. Knows no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wssdoctor.tui.lines import Line, Span, Tone, spread, width
from wssdoctor.tui.rows import count

if TYPE_CHECKING:  # the first frame does not wait for the models
    from wssdoctor.diagnosis.diagnosis import Coverage

_WORDS = {
    "checks": ("{}:",) * 6,
    "passed": (*("✓ {} passed",) * 2, *("✓ {}",) * 6),
    "failed": (*("✗ {} failed",) * 2, *("✗ {}",) * 6),
    "unknown": (*("? {} unknown",) * 4, *("? {}",) * 4),
    "missing": (*("({} missing)",) * 7, "({})"),
    "broken": (*("! {} broken",) * 4, *("! {}",) * 4),
    "not-applicable": (*("– {} n/a",) * 3, *("– {}",) * 5),
    "not-run": (*("not run:",) * 5, *("not run: {}",) * 3),
    "waiting": (*("{} need a request",) * 3, *("{} no request",) * 2),
    "services": ("{} services (not described)", *("{} services",) * 4),
    "outbound": ("{} outbound (not described)", *("{} outbound",) * 4),
}
"""What is counted, in ever fewer words, the clearest of them last; none where it is left out."""
_BREVITIES = 8
_GAPS = {"missing": " ", "not-run": "   "}
"""What stands before a count, where it is not two blanks."""
_APART = ("waiting", "services", "outbound")
"""Counts of checks that were not run: they are none of the others."""


def coverage_line(found: Coverage, cells: int, *, running: bool, part: str = "") -> Line:
    """Count the checks by their outcome, in as many words as there is room for: all counts together are all checks.

    ``part`` follows the number of checks: that they are not all, where the run did not come to its end yet.

    Checks that were not run stand behind, apart: for want of a request, or as nobody described what they are about. They
    are not among those that do not apply: they miss something.
    """
    counted = tuple(_counted(found, running=running, part=part))
    for brevity in range(_BREVITIES):
        words = _worded(counted, brevity)
        if width(words) < cells:
            return words
    return spread(words, (), cells)


def _counted(found: Coverage, *, running: bool, part: str) -> Iterator[tuple[str, int | str, Tone]]:
    yield "checks", f"{count(found.checks, 'check')}{part}", "muted"
    yield "passed", found.passed, "pass"
    yield "failed", found.failed, "fail" if found.failed else "muted"
    yield "unknown", found.unknown, "unknown" if found.unknown else "muted"
    if found.missing_facts:
        yield "missing", count(len(found.missing_facts), "fact"), "unknown"
    if found.error:
        yield "broken", found.error, "fail"
    if found.not_applicable:
        yield "not-applicable", found.not_applicable, "muted"
    waiting = 0 if running else found.waiting_for_request
    apart = dict(zip(_APART, (waiting, found.provider_not_described, found.outbound_not_described), strict=True))
    if any(apart.values()):
        yield "not-run", sum(apart.values()), "unknown"
    for name, number in apart.items():
        if number:
            yield name, number, "unknown"


def _worded(counted: tuple[tuple[str, int | str, Tone], ...], brevity: int) -> Line:
    parts: list[Span] = []
    before = ""
    for name, number, tone in counted:
        if brevity < len(_WORDS[name]):
            gap = " " if before in ("", "not-run") else ", " if before in _APART else _GAPS.get(name, "  ")
            parts += [
                Span(gap, tone if before in _APART else "muted"),
                Span(_WORDS[name][brevity].format(number), tone),
            ]
            before = name
    return tuple(parts)
