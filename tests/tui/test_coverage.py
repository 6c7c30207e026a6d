"""How much was checked, in one line: what was not is told apart however narrow the line is."""

from __future__ import annotations

import pytest

from wssdoctor.diagnosis.diagnosis import Coverage
from wssdoctor.tui.coverage import coverage_line
from wssdoctor.tui.lines import plain, width

WHOLE = Coverage(99, 40, 11, 0, 48, 0, (), 0, 0, 38)
LITTLE = Coverage(99, 9, 3, 33, 48, 2, tuple(f"fact{number}" for number in range(24)), 38, 0, 38)


@pytest.mark.parametrize("cells", [60, 80, 140])
@pytest.mark.parametrize("found", [WHOLE, LITTLE])
def test_outbound_calls_that_nobody_described_are_counted_beside_the_checks(found: Coverage, cells: int) -> None:
    line = coverage_line(found, cells, running=False)
    assert width(line) <= cells
    assert [part.tone for part in line if part.text.startswith("38 outbound")] == ["unknown"]
    assert cells < 140 or "48" in plain(line), "checks that do not apply are those of the provider"


def test_services_that_nobody_described_are_counted_too() -> None:
    text = plain(coverage_line(Coverage(38, 38, 0, 0, 0, 0, (), 0, 61, 0), 140, running=False))
    assert "61 services not described" in text
    assert "outbound" not in text


@pytest.mark.parametrize("cells", [60, 80, 140])
def test_nothing_that_was_not_checked_is_left_out(cells: int) -> None:
    line = coverage_line(LITTLE, cells, running=False)
    shown = [part.text for part in line if part.tone == "unknown"]
    assert [text.split()[0] for text in shown] == ["?", "24", "38", "38"]
    assert not any("…" in text for text in shown)


def test_a_request_may_still_come_while_checks_run() -> None:
    assert "request" not in plain(coverage_line(LITTLE, 140, running=True))
