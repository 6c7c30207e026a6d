"""Outbound calls as text: how far each comes, and what the caller sees."""

from __future__ import annotations

from wssdoctor.report.page import Page, Style
from wssdoctor.report.report import CallVerdict, OutboundCall, Report
from wssdoctor.report.shown import shown

_STYLES: dict[CallVerdict, Style] = {"works": "good", "fails": "bad", "undecided": "doubt"}


def show_calls(page: Page, report: Report) -> None:
    """Show every outbound call that is described."""
    if not report.calls:
        return
    page.heading("outbound calls")
    for one in report.calls:
        page.say(shown(one.call), indent=2, mark=one.verdict, hang=11, style=_STYLES[one.verdict])
        for line in _lines(one):
            page.say(line, indent=13)


def _lines(one: OutboundCall) -> list[str]:
    lines = [f"at {one.stage}"] if one.stage else []
    if one.predicted:
        lines.append(f"modelled: {', '.join(one.predicted)} ({one.basis})")
    return lines
