"""The text: one golden page; beyond it, what must be there whatever the words."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from tests.landscape import case
from tests.report import invented
from wssdoctor.description.load import empty
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.knowledge.load import load
from wssdoctor.report.build import build
from wssdoctor.report.report import Report
from wssdoctor.report.shown import cells
from wssdoctor.report.summary import coverage_line
from wssdoctor.report.text import PARTS, render

BASE = load()


def empty_report() -> Report:
    return build(diagnose(Case(empty(), (), invented.MOMENT), BASE), BASE)


def test_the_golden_page() -> None:
    assert render(invented.report()) == (invented.GOLDEN / "report.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_line_is_wider_than_asked_for(width: int, verbose: bool) -> None:
    for report in (invented.report(), empty_report(), build(diagnose(case(), BASE), BASE)):
        assert max(map(cells, render(report, width=width, verbose=verbose).splitlines())) <= width


def test_no_foreign_character_reaches_the_terminal() -> None:
    for color in (False, True):
        text = re.sub(r"\x1b\[[0-9;]*m", "", render(invented.report(), color=color, verbose=True)) if color else render(
            invented.report(), verbose=True
        )  # fmt: skip
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_no_secret_is_shown() -> None:
    assert "hunter" not in render(invented.report(), verbose=True)


def test_colour_changes_no_word() -> None:
    coloured = render(invented.report(), color=True, verbose=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(invented.report(), verbose=True)


def test_the_coverage_is_always_there() -> None:
    line = coverage_line(empty_report().coverage)
    for parts in ((), PARTS):
        assert line in " ".join(render(empty_report(), parts=parts).split())


@pytest.mark.parametrize("report", [empty_report(), invented.report()], ids=["empty", "invented"])
def test_what_is_left_out_is_counted(report: Report) -> None:
    short, full = render(report), render(report, verbose=True)
    possible = [one for one in report.findings if one.status == "possible"]
    hidden = sum(f"({one.cause}" not in short for one in possible)
    assert not hidden or f"and {hidden} more (--verbose" in short
    assert all(one.cause in full for one in report.findings)
    assert all(path in full for path in report.coverage.missing_facts)


def test_every_confirmed_cause_and_loud_note_is_shown() -> None:
    text = render(invented.report())
    for one in invented.report().findings:
        if one.status == "confirmed":
            assert one.title in text
    assert "WEAKENS SECURITY: Everybody can walk in." in text


def test_an_unknown_case_never_looks_healthy() -> None:
    text = render(empty_report())
    assert "INCONCLUSIVE" in text
    assert "HEALTHY" not in text


def test_a_healthy_case_without_requests_says_so() -> None:
    report = build(diagnose(Case(case().facts, (), invented.MOMENT), BASE), BASE)
    assert report.verdict == "healthy"
    assert "No request was replayed" in render(report)
    assert f"{report.coverage.waiting_for_request} more need a captured request" in " ".join(render(report).split())


def test_many_requests_are_listed_by_number() -> None:
    first = invented.report().findings[1]
    many = replace(first, stops=tuple(f"calls/{number:02}.http" for number in range(30)))
    text = render(replace(invented.report(), findings=(many,)))
    assert "and 24 more (--verbose)" in " ".join(text.split())


def test_of_very_many_requests_those_with_problems_are_kept_and_the_rest_is_counted() -> None:
    first = invented.report().replays[0]
    good = tuple(replace(first, capture=f"good/{number:03}.http", verdict="accepted") for number in range(100))
    text = render(replace(invented.report(), replays=(*good, first)), parts=["requests"])
    assert first.capture in text
    assert "and 61 more (--verbose shows all)" in text
    full = render(replace(invented.report(), replays=(*good, first)), parts=["requests"], verbose=True)
    assert all(one.capture in full for one in good)
