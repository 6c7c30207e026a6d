"""How much was checked, in one line: what was not is told apart, however narrow the line is. Knows no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wssdoctor.tui.lines import Line, Span, Tone, spread, width
from wssdoctor.tui.rows import count

if TYPE_CHECKING:  # the first frame does not wait for the models
    from wssdoctor.diagnosis.diagnosis import Coverage

_WORDS = {
    "checks": ("{}:", "{}:"),
    "passed": ("✓ {} passed", *("✓ {}",) * 6),
    "failed": ("✗ {} failed", *("✗ {}",) * 6),
    "unknown": (*("? {} unknown",) * 5, *("? {}",) * 2),
    "broken": (*("! {} broken",) * 5, *("! {}",) * 2),
    "missing": (*("{} missing",) * 6, "{}"),
    "waiting": (*("{} need a request",) * 4, *("{} no request",) * 3),
    "services": ("{} services not described", *("{} services not run",) * 3, *("{} services",) * 3),
    "outbound": ("{} outbound not described", *("{} outbound not run",) * 3, *("{} outbound",) * 3),
    "not-applicable": ("– {} n/a",) * 3,
}
"""What is counted, in ever fewer words, the clearest of them last; none where it is left out."""
_BREVITIES = 7


def coverage_line(found: Coverage, cells: int, *, running: bool) -> Line:
    """Count the checks by their outcome, in as many words as there is room for.

    Checks of a side that nobody described are not among those that do not apply: they miss something.
    """
    counted = tuple(_counted(found, running=running))
    for brevity in range(_BREVITIES):
        words = _worded(counted, brevity)
        if width(words) < cells:
            return words
    return spread(words, (), cells)


def _counted(found: Coverage, *, running: bool) -> Iterator[tuple[str, int | str, Tone]]:
    yield "checks", count(found.checks, "check"), "muted"
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
    if found.not_applicable > found.outbound_not_described:
        yield "not-applicable", found.not_applicable - found.outbound_not_described, "muted"


def _worded(counted: tuple[tuple[str, int | str, Tone], ...], brevity: int) -> Line:
    parts = [Span(" ")]
    for name, number, tone in counted:
        if brevity < len(_WORDS[name]):
            parts += [Span(_WORDS[name][brevity].format(number), tone), Span("  ")]
    return tuple(parts[:-1])
