"""What every output says first: the verdict in words, and how much was checked."""

from __future__ import annotations

from collections.abc import Sequence

from wssdoctor.report.report import Coverage, Replay, Report
from wssdoctor.report.words import counted


def verdict_line(report: Report) -> str:
    """Say in a sentence or two what was found: confirmed causes, requests, and what could not be answered."""
    confirmed = sum(finding.status == "confirmed" for finding in report.findings)
    coverage = report.coverage
    requests = f"; {requests_counted(report.replays)}" if report.replays else ""
    unanswered = coverage.unknown + coverage.error
    system = _system(report)
    if report.baseline is not None:
        return f"{_new(report)}{requests}.{_lost(report)}{system}"
    if report.verdict == "findings":
        gap = f" {counted(unanswered, 'check')} could not be answered." if unanswered else ""
        accepted = sum(bool(finding.suppressed) for finding in report.findings)
        suppressed = f", {accepted} of them suppressed" if accepted else ""
        return f"FINDINGS: {counted(confirmed, 'cause is', 'causes are')} confirmed{suppressed}{requests}.{gap}{system}"
    if report.verdict == "inconclusive":
        but = f", but {counted(unanswered, 'check')} could not be answered" if unanswered else ""
        return (
            f"INCONCLUSIVE: nothing is confirmed{but}{requests} by the model.{system} This is not a clean bill of health."
            if report.unsettled
            else f"INCONCLUSIVE: nothing is confirmed{but}{requests}. This is not a clean bill of health.{system}"
        )
    only = " No request was replayed." if not report.replays else ""
    return f"HEALTHY: all {counted(coverage.checks, 'check')} passed or do not apply{requests}.{only}{system}"


def _system(report: Report) -> str:
    """Say what the real system says to the model: contradictions first."""
    says: list[str] = []
    if report.unsettled:
        lacks = counted(len(report.unsettled), "request")
        says.append(f"CONTRADICTED: the system did not accept {lacks} that the description accepts.")
    last = [one for one in report.sent if not one.superseded]
    if last:
        words = [one.on_system for one in last]
        told = [f"{words.count('confirmed')} confirmed", f"{words.count('contradicted')} contradicted"]
        told += [f"{words.count('undecided')} undecided"] if "undecided" in words else []
        says.append(f"Sent to the system: {counted(len(last), 'request')}, {', '.join(told)}.")
    return "".join(f" {one}" for one in says)


def requests_counted(replays: Sequence[Replay]) -> str:
    """Count requests by verdict."""
    verdicts = [one.verdict for one in replays]
    return (
        f"{verdicts.count('accepted')} of {counted(len(verdicts), 'request')} accepted, "
        f"{verdicts.count('rejected')} rejected, {verdicts.count('undecided')} undecided"
    )


def coverage_line(coverage: Coverage) -> str:
    """Say how much was checked: what is unknown is never left out."""
    parts = [f"{coverage.passed} passed", f"{coverage.failed} failed", f"{coverage.unknown} unknown"]
    if coverage.not_applicable:
        parts.append(f"{coverage.not_applicable} not applicable")
    if coverage.error:
        parts.append(f"{coverage.error} broken (a defect of this program)")
    line = f"{counted(coverage.checks, 'check')}: {', '.join(parts)}"
    facts = len(coverage.missing_facts)
    rest = [f"{counted(facts, 'fact')} {'is' if facts == 1 else 'are'} missing"] if facts else []
    if coverage.waiting_for_request:
        rest.append(f"{coverage.waiting_for_request} more need a captured request")
    if coverage.provider_not_described:
        rest.append(f"services offered: not described ({counted(coverage.provider_not_described, 'check')} not run)")
    if coverage.outbound_not_described:
        rest.append(f"outbound calls: not described ({counted(coverage.outbound_not_described, 'check')} not run)")
    return f"{line} - {'; '.join(rest)}" if rest else line


def _new(report: Report) -> str:
    """Say what is new since the baseline, and count what is not."""
    assert report.baseline is not None
    new = [one for one in report.findings if one.status == "confirmed" and not one.known]
    suppressed = sum(bool(one.suppressed) for one in new)
    hidden = f", {suppressed} of them suppressed" if suppressed else ""
    known = f"{counted(report.baseline.known, 'known one')} not shown" if report.baseline.known else "none known before"
    gone = f", {counted(len(report.baseline.gone), 'cause is', 'causes are')} gone" if report.baseline.gone else ""
    since = f"{report.baseline.moment:%Y-%m-%d %H:%M} UTC"
    return f"NEW SINCE {since}: {counted(len(new), 'cause is', 'causes are')} confirmed{hidden}; {known}{gone}"


def _lost(report: Report) -> str:
    assert report.baseline is not None
    lost = report.baseline.no_longer_answered
    return f" {counted(len(lost), 'check has', 'checks have')} no answer any more." if lost else ""
