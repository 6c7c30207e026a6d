"""What was sent to the system again, as text: each with what was predicted and what the system says to it."""

from __future__ import annotations

from wssdoctor.report.evidencetext import Names
from wssdoctor.report.page import Page
from wssdoctor.report.report import Report
from wssdoctor.report.sending import STYLES, WORDS, held_against, told
from wssdoctor.report.shown import shown
from wssdoctor.report.words import counted, left_out, listing

_TOP_SENT = 20
_LABEL = 10


def show_sent(page: Page, report: Report, names: Names, *, verbose: bool) -> None:
    """Show what counts, contradictions first; what was sent again later is counted, and shown where all is asked for."""
    last = [one for one in report.sent if verbose or not one.superseded]
    if not last:
        return
    page.heading("sent to the system")
    order = ("contradicted", "undecided", "confirmed")
    last.sort(key=lambda one: (one.superseded, order.index(one.on_system)))
    for one in last if verbose else last[:_TOP_SENT]:
        page.say(f"{names.of(one.of)}: {WORDS[one.on_system]}", indent=2, style=STYLES[one.on_system])
        page.say(shown(told(one), 400), indent=4, mark="Answer", hang=_LABEL)
        page.say(shown(held_against(one), 400), indent=4, mark="Model", hang=_LABEL)
        if one.error:
            page.say(shown(one.error), indent=4, mark="Why", hang=_LABEL)
        if one.superseded:
            page.say("sent again later, which counts instead", indent=4, style="quiet")
        page.say(names.of(one.capture), indent=4, mark="Saved in", hang=_LABEL, style="quiet")
    if not verbose:
        left_out(page, len(last) - _TOP_SENT)
        left_out(page, sum(one.superseded for one in report.sent))


def show_unsettled(page: Page, report: Report, names: Names, *, verbose: bool) -> None:
    """Say loudly which requests the system refused although the description accepts them, and what to do."""
    if not report.unsettled:
        return
    page.say(
        f"CONTRADICTED: the system did not accept {counted(len(report.unsettled), 'request')} that the description "
        f"accepts: {listing(names.all(report.unsettled), verbose)}.",
        indent=2,
        style="bad",
    )
    page.say(
        "If it was mended since, send them again (wssdoctor send --save) or capture them anew. "
        "If not, the description or the model is wrong.",
        indent=2,
    )
