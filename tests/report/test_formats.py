"""Every form says the same: findings, ids, order, what is suppressed and what is unknown; foreign text stays harmless."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import jsonschema
import msgspec
import pytest
from msgspec.structs import replace

from tests.present import present
from tests.report import invented
from wssdoctor.errors import InputError
from wssdoctor.report import exitcode, html, junit, markdown, monitoring, sarif, template
from wssdoctor.report.exitcode import MONITORING_CODES, monitoring_status
from wssdoctor.report.formats import FORMATS, SUFFIXES, Format, rendered
from wssdoctor.report.report import Report
from wssdoctor.report.schema import schema
from wssdoctor.report.summary import coverage_line

BIDI = "‮"
VOID = {"meta", "br", "link", "img", "input", "hr"}


def suppressed() -> Report:
    report = invented.report()
    first = replace(report.findings[0], suppressed="accepted until 2027-01-01: rebuilt")
    return replace(report, findings=(first, *report.findings[1:]))


def answered(report: Report) -> Report:
    return replace(report, checks=(), unsettled=(), coverage=replace(report.coverage, unknown=0, error=0))


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_has_no_secret_and_no_harmful_character(form: Format) -> None:
    text = rendered(invented.report(), form, verbose=True).decode()
    assert "hunter" not in text
    if form not in ("json", "sarif"):  # which escape by themselves
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_is_the_same_again(form: Format) -> None:
    assert rendered(invented.report(), form) == rendered(invented.report(), form)
    assert SUFFIXES[form].startswith(".")


@pytest.mark.parametrize("name", ["html", "markdown", "junit", "sarif", "monitoring"])
def test_the_golden_files(name: Format) -> None:
    golden = (invented.GOLDEN / f"report{SUFFIXES[name]}").read_bytes()
    assert rendered(invented.report(), name) == golden


def test_findings_keep_their_order_everywhere() -> None:
    report = suppressed()
    ids = [one.cause for one in report.findings]
    run = json.loads(sarif.render(report))["runs"][0]
    assert [one["ruleId"] for one in run["results"]] == ids
    cases = ET.fromstring(junit.render(report)).findall("testsuite[@name='findings']/testcase")
    assert [case.get("name", "").split(" ")[0] for case in cases] == ids
    for text in (html.render(report), markdown.render(report)):
        places = [text.index(f"{identifier}<" if "<html" in text else f"`{identifier}`") for identifier in ids[:3]]
        assert places == sorted(places)


def test_sarif_holds_its_own_rules() -> None:
    """Rules of section 3.27 of SARIF 2.1.0, and required properties of the schema."""
    document = json.loads(sarif.render(suppressed()))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "wssdoctor"
    for result in run["results"]:
        assert result["message"]["text"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["kind"] in ("fail", "open", "pass")
        assert (result["level"] == "none") == (result["kind"] != "fail")
        for location in result["locations"]:
            physical = location["physicalLocation"]
            assert physical["artifactLocation"]["uri"]
            assert physical.get("region", {"startLine": 1})["startLine"] >= 1
    first = run["results"][0]
    assert first["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "accepted until 2027-01-01: rebuilt"}
    ]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "system.yaml"},
        "region": {"startLine": 14, "startColumn": 7},
    }
    assert run["properties"]["suppressed"] == 1
    assert run["properties"]["coverage"]["unknown"] == 2
    for invocation in run["invocations"]:
        assert isinstance(invocation["executionSuccessful"], bool)


def test_sarif_names_files_as_uris() -> None:
    assert sarif.uri("/tmp/a b#1.http") == "file:///tmp/a%20b%231.http"
    assert sarif.uri("calls/ü?.http") == "calls/%C3%BC%3F.http"


def test_junit_counts_what_it_holds() -> None:
    root = ET.fromstring(junit.render(suppressed()))
    for suite in root.findall("testsuite"):
        for attribute, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(attribute, "")) == len(suite.findall(f"testcase/{element}"))
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
    findings, unanswered = root.findall("testsuite")
    assert findings.get("failures") == "2"
    assert "suppressed" in present(findings.find("testcase/skipped")).get("message", "")
    assert unanswered.get("errors") == "4"


def test_what_is_unknown_is_never_green_in_junit() -> None:
    report = replace(invented.report(), findings=())
    assert int(ET.fromstring(junit.render(report)).get("errors", "0")) > 0
    assert ET.fromstring(junit.render(answered(report))).get("errors") == "0"


@pytest.mark.parametrize(
    ("severity", "unknown", "fail_on", "status"),
    [
        ("high", 0, "low", "CRITICAL"),
        ("medium", 0, "low", "WARNING"),
        ("medium", 0, "high", "OK"),
        ("medium", 1, "high", "UNKNOWN"),
        (None, 1, "low", "UNKNOWN"),
        (None, 0, "low", "OK"),
    ],
)
def test_the_state_for_monitoring(severity: str | None, unknown: int, fail_on: str, status: str) -> None:
    report = answered(invented.report())
    findings = tuple(replace(one, severity=severity) for one in report.findings if severity)
    report = replace(report, findings=findings, coverage=replace(report.coverage, unknown=unknown))
    assert monitoring_status(report, fail_on) == status
    line = monitoring.render(report, fail_on)
    assert line.startswith(f"{status}: ")
    assert line.count("\n") == 1
    assert line.count("|") == 1
    assert f"unknown={unknown};;;0" in line
    failing = exitcode.exit_code(report, fail_on)
    assert (MONITORING_CODES[monitoring_status(report, fail_on)] == 0) == (failing == 0)


def test_what_could_not_be_read_is_never_ok_for_monitoring() -> None:
    report = replace(answered(invented.report()), findings=())
    assert monitoring_status(report, "low") == "OK"
    assert monitoring_status(report, "low", "exports were refused") == "UNKNOWN"
    line = monitoring.render(report, "low", "exports were refused")
    assert line.startswith("UNKNOWN: ")
    assert "exports were refused" in line


class Page(HTMLParser):
    """Fails on anything that is not nested, runs script, or asks for something outside."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "iframe", "object", "embed", "link", "img", "form", "base")
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in ("src", "srcset", "action", "style")
            assert name != "href" or (value or "").startswith("#")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("line", "circle", "path")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_whole_and_asks_for_nothing() -> None:
    hostile = "<script>alert(1)</script>\"'&<img src=x>"
    report = replace(invented.report(), system=hostile)
    page = Page()
    page.feed(html.render(report))
    page.close()
    assert page.open == []
    assert page.text.count(hostile) >= 1
    assert "url(" not in html.render(report)
    assert "@import" not in html.render(report)


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_the_page_shows_every_finding_and_the_coverage(form: Format) -> None:
    report = suppressed()
    text = rendered(report, form).decode()
    assert all(one.cause in text for one in report.findings)
    assert "uppressed" in text
    plain = text.replace("\\", "")
    assert coverage_line(report.coverage) in plain
    assert all(fact.path in plain for fact in report.coverage.facts_wanted)


def test_markdown_makes_nothing_of_foreign_text() -> None:
    text = markdown.foreign("[x](http://evil) `a` <b> | *c* @all")
    assert re.sub(r"\\.", "", text) == "xhttp//evil a b  c all"


def test_many_requests_keep_the_page_small() -> None:
    report = invented.report()
    replays = tuple(replace(report.replays[0], capture=f"calls/{number:04}.http") for number in range(1000))
    report = replace(report, replays=replays)
    page = html.render(report)
    assert page.count("<path") <= 2
    assert all(f"{number:04}.http" in page for number in range(1000))


def test_a_template_sees_the_report() -> None:
    text = "{{ report.verdict }}: {% for one in report.findings %}{{ one.cause }} {% endfor %}{{ coverage }}\n"
    made = template.render(invented.report(), text, "mine.j2")
    assert made.startswith("findings: node-asleep letter-late")
    assert made.endswith(coverage_line(invented.report().coverage) + "\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n{{ report.nothing }}", 2),
        ("{% for %}", 1),
        ("{{ ().__class__.__mro__ }}", None),
        ("{{ 1/0 }}", 1),
        ("{% include '/etc/passwd' %}", 1),
    ],
)
def test_a_template_that_fails_says_where(text: str, line: int | None) -> None:
    with pytest.raises(InputError) as error:
        template.render(invented.report(), text, "mine.j2")
    place = error.value.problems[0].place
    assert place is not None
    assert place.file == "mine.j2"
    assert line is None or place.line == line


def test_the_json_fits_the_schema() -> None:
    jsonschema.validate(json.loads(rendered(suppressed(), "json")), schema("report"))
    assert msgspec.json.decode(rendered(suppressed(), "json"), type=Report) == suppressed()


def test_the_text_of_many_requests_has_a_constant_number_of_lines() -> None:
    report = invented.report()

    def lines(number: int) -> int:
        replays = tuple(replace(report.replays[0], capture=f"calls/{one:04}.http") for one in range(number))
        names = tuple(one.capture for one in replays)
        findings = (replace(report.findings[0], captures=names, stops=names), *report.findings[1:])
        return rendered(replace(report, replays=replays, findings=findings), "text").count(b"\n")

    assert lines(100) == lines(1000)
