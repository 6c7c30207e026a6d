"""How much was checked, in one line: what was not is told apart however narrow the line is."""

from __future__ import annotations

import re

import pytest

from wssdoctor.diagnosis.diagnosis import Coverage
from wssdoctor.tui.coverage import coverage_line
from wssdoctor.tui.lines import plain, width

WHOLE = Coverage(99, 40, 11, 0, 48, 0, (), 0, 0, 38)
LITTLE = Coverage(95, 9, 3, 33, 48, 2, tuple(f"fact{number}" for number in range(24)), 38, 0, 38)


@pytest.mark.parametrize("cells", [60, 80, 140])
@pytest.mark.parametrize("found", [WHOLE, LITTLE])
def test_the_counts_add_up_as_they_are_seen_and_what_was_not_run_stands_apart(found: Coverage, cells: int) -> None:
    line = coverage_line(found, cells, running=False)
    assert width(line) <= cells
    run, _, apart = plain(line).partition("   not run: ")
    numbers = [int(number) for number in re.findall(r"[✓✗?!–] (\d+)", run)]
    assert sum(numbers) == found.checks
    assert sum(map(int, re.findall(r"\d+", apart))) == found.waiting_for_request + found.outbound_not_described
    first = next(number for number, part in enumerate(line) if part.text.startswith("not run:"))
    assert {part.tone for part in line[first:] if part.text.strip()} == {"unknown"}
    assert cells < 80 or f"{found.checks} checks:" in run


@pytest.mark.parametrize("cells", [60, 80, 140])
def test_outbound_calls_that_nobody_described_are_named(cells: int) -> None:
    line = coverage_line(WHOLE, cells, running=False)
    assert [part.tone for part in line if part.text.startswith("38 outbound")] == ["unknown"]


def test_services_that_nobody_described_are_counted_too() -> None:
    text = plain(coverage_line(Coverage(38, 38, 0, 0, 0, 0, (), 0, 61, 0), 140, running=False))
    assert "not run: 61 services (not described)" in text
    assert "outbound" not in text


@pytest.mark.parametrize("cells", [60, 80, 140])
def test_nothing_that_was_not_checked_is_left_out(cells: int) -> None:
    line = coverage_line(LITTLE, cells, running=False)
    shown = [part.text for part in line if part.tone == "unknown"]
    numbers = [int(number) for text in shown for number in re.findall(r"\d+", text)]
    assert numbers == [33, 24, *((38, 38) if cells > 80 else (76,))]
    assert not any("…" in text for text in shown)


def test_a_request_may_still_come_while_checks_run() -> None:
    assert " request" not in plain(coverage_line(LITTLE, 140, running=True))
