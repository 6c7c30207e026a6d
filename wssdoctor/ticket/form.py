"""The form: what SAP asks for in a ticket about component BC-SEC-WSS, answered from the case, with what is missing.

The items follow SAP's page on web services security issues for support: scenario and authentication method, transport
security, runtime and release on both sides, adapters, settings and errors on both sides, payloads and traces as text.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import UNSET, Struct

from wssdoctor.capture.headers import header
from wssdoctor.diagnosis.case import Case
from wssdoctor.redact.http import Fields
from wssdoctor.report.page import Page
from wssdoctor.report.report import Report
from wssdoctor.report.sending import told
from wssdoctor.report.shown import shown
from wssdoctor.report.summary import coverage_line, verdict_line
from wssdoctor.report.words import counted

_MOST = 12


class Item(Struct, frozen=True):
    """One item of the form."""

    asked: str
    answers: tuple[str, ...]
    missing: tuple[str, ...]
    """What is still to be added, each with how to obtain it."""


def form(case: Case, report: Report, fields: Fields) -> tuple[Item, ...]:
    """Answer the form. ``report`` is the redacted one; of the case only what identifies nobody is taken."""
    return (
        _scenario(case, report),
        _transport(case),
        _provider(case),
        _consumer(case, fields),
        _adapters(),
        _settings(case, report),
        _errors(report),
        _payloads(case, report),
    )


def render(items: tuple[Item, ...], report: Report) -> str:
    """Return the form as text."""
    page = Page(80)
    page.say("Ticket for component BC-SEC-WSS")
    page.blank()
    page.say(verdict_line(report))
    page.say(coverage_line(report.coverage))
    for number, item in enumerate(items, 1):
        page.heading(f"{number}. {item.asked}")
        for answer in item.answers:
            page.say(shown(answer, 2000), indent=2, mark="- ")
        for missing in item.missing:
            page.say(shown(missing, 2000), indent=2, mark="STILL MISSING: ")
    left = sum(len(item.missing) for item in items)
    page.heading("still missing")
    page.say(f"{counted(left, 'answer is', 'answers are')} still missing." if left else "Nothing.", indent=2)
    page.say("Attach no screenshots: support asks for text and XML.", indent=2)
    return page.text()


def _scenario(case: Case, report: Report) -> Item:
    answers = [f"{counted(len(report.replays), 'request')} to the system: the system is the provider"] * bool(
        report.replays
    )
    answers += [f"{counted(len(report.calls), 'outbound call')}: the system is the consumer"] * bool(report.calls)
    methods = case.facts.column("bindings", "authentication")
    known = [] if methods is UNSET else sorted({str(one) for one in methods if one is not UNSET})
    answers += [f"authentication method of the bindings: {', '.join(known)}"] * bool(known)
    missing = [] if known else ["the authentication method: SOAMANAGER, tab Provider Security"]
    if not report.replays and not report.calls:
        missing.append("the scenario: who calls whom")
    return Item("Scenario and authentication method", tuple(answers), tuple(missing))


def _transport(case: Case) -> Item:
    guaranteed = case.facts.column("bindings", "transport")
    known = [] if guaranteed is UNSET else sorted({str(one) for one in guaranteed if one is not UNSET})
    schemes = [one.capture.request.scheme if one.capture.request else None for one in case.requests]
    answers = [f"transport guarantee of the bindings: {', '.join(known)}"] * bool(known)
    answers += [
        f"{counted(schemes.count(scheme), 'request')} over {scheme}"
        for scheme in ("https", "http")
        if scheme in schemes
    ]
    missing = [f"whether {counted(schemes.count(None), 'request')} came over HTTP or HTTPS"] if None in schemes else []
    return Item(
        "Transport security", tuple(answers), tuple(missing) if known else (*missing, "the transport guarantee")
    )


def _provider(case: Case) -> Item:
    release = case.facts.value("system.release")
    if release is UNSET:
        return Item(
            "Provider: runtime and release", ("AS ABAP",), ("release and support package: System -> Status -> Details",)
        )
    missing = "the support package of SAP_BASIS and the kernel patch: System -> Status -> Details"
    return Item("Provider: runtime and release", (f"AS ABAP, SAP_BASIS {release}",), (missing,))


def _consumer(case: Case, fields: Fields) -> Item:
    agents = {
        fields.fields((("User-Agent", agent),))[0].partition(": ")[2]
        for one in case.requests
        if one.capture.request and (agent := header(one.capture.request.headers, "user-agent"))
    }
    missing = () if agents else ("runtime and release of the consumer: it names itself nowhere in the captures",)
    return Item("Consumer: runtime and release", tuple(f"names itself {one}" for one in sorted(agents)), missing)


def _adapters() -> Item:
    return Item("Adapters", (), ("whether PI, CPI or another adapter stands between consumer and provider",))


def _settings(case: Case, report: Report) -> Item:
    given = [name for name in case.facts.description.__struct_fields__ if case.facts.value(name) is not UNSET]
    answers = [f"system.yaml holds the settings of the provider: {', '.join(given[1:])}"] * (len(given) > 1)
    missing = [f"{fact.path}: {fact.obtain}" for fact in report.coverage.facts_wanted[:_MOST]]
    more = len(report.coverage.facts_wanted) - _MOST
    if more > 0:
        missing.append(f"{more} more facts, all named in report.json")
    if case.facts.value("consumer") is UNSET:
        missing.append("the settings of the consumer: its security policy, keys and certificates")
    return Item("Settings on both sides", tuple(answers), tuple(missing))


def _errors(report: Report) -> Item:
    answers = list(_observed(report))
    missing = [] if answers else ["the response of the provider to a failing request"]
    missing.append("the error in the log of the provider at that time: SRT_UTIL, error log; SM21; dev_w")
    return Item("Errors on both sides", tuple(answers), tuple(missing))


def _observed(report: Report) -> Iterator[str]:
    seen = [(one.observed, one.capture) for one in report.replays if one.observed is not None]
    failing = [(one, capture) for one, capture in seen if one.status >= 400]
    for observed, capture in failing[:_MOST]:
        yield f"{capture}: HTTP {observed.status}{f', fault {observed.fault}' if observed.fault else ''}"
    if len(failing) > _MOST:
        yield f"and {len(failing) - _MOST} more, all in report.json"
    again = [one for one in report.sent if not one.superseded]
    for one in again[:_MOST]:
        yield f"{one.of} was sent again: {told(one)}"
    if len(again) > _MOST:
        yield f"and {len(again) - _MOST} more were sent again, all in report.json"


def _payloads(case: Case, report: Report) -> Item:
    answers = [f"{counted(len(report.replays), 'request')} in captures/, as text"] * bool(report.replays)
    answers += ["the stages that each request passes in the model, in replays/"] * bool(report.replays)
    missing = [] if report.replays else ["a failing request as raw HTTP: SRT_UTIL payload trace, ICF recorder"]
    if any(one.capture.response is None for one in case.requests):
        missing.append("the responses: not every capture has one")
    return Item("Payloads and traces", tuple(answers), tuple(missing))
