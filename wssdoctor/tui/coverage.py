"""How much was checked, in one line: what was not is told apart, however narrow the line is. Knows no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wssdoctor.tui.lines import Line, Span, Tone, spread, width
from wssdoctor.tui.rows import count

if TYPE_CHECKING:  # the first frame does not wait for the models
    from wssdoctor.diagnosis.diagnosis import Coverage

_WORDS = {
    "checks": ("{}:",) * 3,
    "passed": (*("✓ {} passed",) * 2, *("✓ {}",) * 6),
    "failed": (*("✗ {} failed",) * 2, *("✗ {}",) * 6),
    "unknown": (*("? {} unknown",) * 6, *("? {}",) * 2),
    "broken": (*("! {} broken",) * 6, *("! {}",) * 2),
    "missing": (*("{} missing",) * 7, "{}"),
    "waiting": (*("{} need a request",) * 5, *("{} no request",) * 3),
    "services": ("{} services not described", *("{} services not run",) * 4, *("{} services",) * 3),
    "outbound": ("{} outbound not described", *("{} outbound not run",) * 4, *("{} outbound",) * 3),
    "not-applicable": ("– {} n/a",) * 4,
}
"""What is counted, in ever fewer words, the clearest of them last; none where it is left out."""
_BREVITIES = 8


def coverage_line(found: Coverage, cells: int, *, running: bool, part: str = "") -> Line:
    """Count the checks by their outcome, in as many words as there is room for.

    ``part`` follows the number of checks: that they are not all, where the run did not come to its end yet.

    Checks of a side that nobody described are not among those that do not apply: they miss something.
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
    if found.error:
        yield "broken", found.error, "fail"
    if found.missing_facts:
        yield "missing", count(len(found.missing_facts), "fact"), "unknown"
    if found.waiting_for_request and not running:
        yield "waiting", found.waiting_for_request, "unknown"
    if found.provider_not_described:
        yield "services", found.provider_not_described, "unknown"
    if found.outbound_not_described:
        yield "outbound", found.outbound_not_described, "unknown"
    if found.not_applicable:
        yield "not-applicable", found.not_applicable, "muted"


def _worded(counted: tuple[tuple[str, int | str, Tone], ...], brevity: int) -> Line:
    parts = [Span(" ")]
    for name, number, tone in counted:
        if brevity < len(_WORDS[name]):
            parts += [Span(_WORDS[name][brevity].format(number), tone), Span("  ")]
    return tuple(parts[:-1])
