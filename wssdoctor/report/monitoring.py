"""The report in one line for Nagios, Icinga and CheckMK: state, what is wrong, and performance data.

The form follows the Monitoring Plugins Development Guidelines: ``STATE: text | label=value;;;0``.
"""

from __future__ import annotations

from wssdoctor.report.exitcode import counting, is_inconclusive, monitoring_status
from wssdoctor.report.report import Report
from wssdoctor.report.shown import shown
from wssdoctor.report.words import counted

_TOP_CAUSES = 4


def render(report: Report, fail_on: str = "low", unread: str = "") -> str:
    """Return the one line, with its line end; the exit code to match is that of ``monitoring_status``."""
    found = counting(report, fail_on)
    confirmed = [one for one in report.findings if one.status == "confirmed"]
    suppressed = sum(bool(one.suppressed) for one in confirmed)
    known = sum(one.known and not one.suppressed for one in confirmed)
    below = len(confirmed) - suppressed - known - len(found)
    says = [counted(len(found), "finding")]
    if found:
        causes = list(dict.fromkeys(one.cause for one in found))
        left = len(causes) - _TOP_CAUSES
        says[0] += f" ({', '.join(causes[:_TOP_CAUSES])}{f' and {left} more' if left > 0 else ''})"
    if below:
        says.append(f"{below} below the threshold")
    if known:
        says.append(f"{known} known from the baseline")
    if suppressed:
        says.append(f"{suppressed} suppressed")
    if is_inconclusive(report):
        lost = report.baseline.no_longer_answered if report.baseline else ()
        unanswered = len(lost) if report.baseline else report.coverage.unknown + report.coverage.error
        if unanswered:
            says.append(f"{counted(unanswered, 'check')} without an answer")
        refused = report.baseline.unsettled if report.baseline else report.unsettled
        if refused:
            says.append(f"{counted(len(refused), 'request')} CONTRADICTED by the system")
    if unread:
        says.append(unread)
    verdicts = [one.verdict for one in report.replays]
    if verdicts:
        says.append(f"{verdicts.count('accepted')} of {counted(len(verdicts), 'request')} accepted")
    figures = {
        "findings": len(found),
        "suppressed": suppressed,
        "unknown": report.coverage.unknown,
        "errors": report.coverage.error,
        "checks": report.coverage.checks,
        "accepted": verdicts.count("accepted"),
        "rejected": verdicts.count("rejected"),
        "undecided": verdicts.count("undecided"),
    }
    text = f"{shown(report.system)}: {', '.join(says)}".replace("|", "/")  # a bar would begin the figures
    data = " ".join(f"{name}={value};;;0" for name, value in figures.items())
    return f"{monitoring_status(report, fail_on, unread)}: {text} | {data}\n"
