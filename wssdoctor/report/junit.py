"""The report as JUnit XML, as CI servers read it (the form of Jenkins and Surefire).

The first suite holds the findings in their order: confirmed ones fail, suppressed and possible ones are skipped with the
reason, ruled-out ones pass. The second holds what was not answered, as errors: unknown is never green.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from wssdoctor.check.result import Outcome
from wssdoctor.report.evidenceline import evidence_lines
from wssdoctor.report.exitcode import counts
from wssdoctor.report.report import Check, Finding, Report
from wssdoctor.report.sending import FINDING_WORDS, REMEDY_WORDS, WORDS, held_against, told
from wssdoctor.report.shown import shown
from wssdoctor.report.summary import coverage_line, verdict_line

_LONGEST = 2000
"""Characters of one foreign text in an attribute or a message."""


def render(report: Report) -> bytes:
    """Return the document in UTF-8."""
    root = etree.Element("testsuites", name="wssdoctor")
    for suite in (_findings(report), _answers(report)):
        root.append(suite)
        for name in ("tests", "failures", "errors"):
            root.set(name, str(int(root.get(name, "0")) + int(suite.get(name, "0"))))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _findings(report: Report) -> etree._Element:
    suite = _suite("findings", report)
    for finding in report.findings:
        case = etree.SubElement(suite, "testcase", classname="findings", name=_name(finding.cause, finding.subject))
        if counts(finding):
            failed = etree.SubElement(case, "failure", type=finding.severity, message=finding.title)
            failed.text = "\n".join(_told(finding))
        elif finding.known:
            etree.SubElement(case, "skipped", message="known from the baseline")
        elif finding.status == "confirmed":
            etree.SubElement(case, "skipped", message=f"suppressed: {shown(finding.suppressed, _LONGEST)}")
        elif finding.status == "possible":
            missing = f"; decided by {', '.join(finding.missing)}" if finding.missing else ""
            etree.SubElement(case, "skipped", message=f"possible, not decided{missing}")
    return _counted(suite, report)


def _answers(report: Report) -> etree._Element:
    suite = _suite("unanswered", report)
    unanswered = [one for one in report.checks if one.outcome in (Outcome.UNKNOWN, Outcome.ERROR)]
    for check, subject, first in _grouped(unanswered):
        case = etree.SubElement(suite, "testcase", classname="unanswered", name=_name(check, subject))
        etree.SubElement(case, "error", type=str(first.outcome), message=shown(first.says, _LONGEST))
    for name in report.unsettled:
        case = etree.SubElement(suite, "testcase", classname="unanswered", name=_name("contradicted", name))
        says = "the system did not accept this request, which the description accepts"
        etree.SubElement(case, "error", type="contradicted", message=says)
    if not unanswered and not report.unsettled:
        etree.SubElement(suite, "testcase", classname="unanswered", name="every check has an answer")
    return _counted(suite, report)


def _grouped(checks: Iterable[Check]) -> Iterator[tuple[str, str, Check]]:
    """Yield each check once with what it is about; requests that lack the same are counted."""
    groups: dict[tuple[str, str, Outcome], list[Check]] = {}
    for one in checks:
        groups.setdefault((one.check, one.says, one.outcome), []).append(one)
    for (check, _, _), members in groups.items():
        captures = [one.capture for one in members if one.capture is not None]
        about = members[0].capture or members[0].subject
        yield check, f"{len(captures)} requests" if len(captures) > 1 else about, members[0]


def _told(finding: Finding) -> Iterator[str]:
    yield finding.cause
    yield from (shown(says, _LONGEST) for says in finding.says)
    yield finding.explanation
    if finding.on_system:
        yield FINDING_WORDS[finding.on_system]
    yield from evidence_lines(finding.evidence)
    if finding.stops:
        yield f"stops: {', '.join(shown(one) for one in finding.stops)}"
    for remedy in finding.remedies:
        trial = f"simulated: {remedy.trial}" if remedy.trial else "not simulated"
        trial += f"; {REMEDY_WORDS[remedy.on_system]}" if remedy.on_system else ""
        yield f"remedy: {remedy.title} ({remedy.id}; {trial})"


def _suite(name: str, report: Report) -> etree._Element:
    suite = etree.Element("testsuite", name=name, timestamp=f"{report.moment:%Y-%m-%dT%H:%M:%S}")
    for key in ("tests", "failures", "errors", "skipped"):
        suite.set(key, "0")
    properties = etree.SubElement(suite, "properties")
    for key, value in (
        ("version", report.version),
        ("system", shown(report.system)),
        ("verdict", report.verdict),
        ("summary", verdict_line(report)),
        ("coverage", coverage_line(report.coverage)),
        *(
            (f"sent: {shown(one.of)}", shown(f"{WORDS[one.on_system]}: {told(one)}; {held_against(one)}", 600))
            for one in report.sent
            if not one.superseded
        ),
    ):
        etree.SubElement(properties, "property", name=key, value=value)
    return suite


def _counted(suite: etree._Element, report: Report) -> etree._Element:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for key, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(len(suite.findall(f"testcase/{element}"))))
    for case in suite.iterfind("testcase"):
        case.set("time", "0")
    suite.set("time", "0")
    suite.set("hostname", "localhost")
    etree.SubElement(suite, "system-out").text = coverage_line(report.coverage)
    etree.SubElement(suite, "system-err")
    return suite


def _name(identifier: str, subject: str) -> str:
    return f"{identifier} ({shown(subject, _LONGEST)})"
