"""A thousand captures: how long a text stays, how large a page and a ticket become, and how fast each is made.

``python -m benchmarks.reports [NUMBER]``
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.diagnosis.opening import opened
from wssdoctor.knowledge.load import load
from wssdoctor.report.build import build
from wssdoctor.report.formats import FORMATS, rendered
from wssdoctor.report.report import Report
from wssdoctor.sample import MOMENT, folder
from wssdoctor.ticket.bundle import bundle

T = TypeVar("T")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    base = load()
    with TemporaryDirectory() as place:
        captures = sorted((folder() / "captures").glob("*.http"))
        for index in range(number):
            source = captures[index % len(captures)]
            (Path(place) / f"{index:05}-{source.name}").write_bytes(source.read_bytes())
        few = opened(folder() / "system.yaml", captures, at=None, moment=MOMENT)
        many, seconds = _timed(lambda: opened(folder() / "system.yaml", [Path(place)], at=None, moment=MOMENT))
        print(f"read {number} captures: {seconds:.2f} s")
        diagnosed, seconds = _timed(lambda: diagnose(many, base))
        print(f"diagnosis: {seconds:.2f} s")
        report, seconds = _timed(lambda: build(diagnosed, base))
        print(f"report: {seconds:.2f} s")
        small = build(diagnose(few, base), base)
        for form in FORMATS:
            _form(report, small, form)
        made, seconds = _timed(lambda: bundle(many, report))
        print(f"ticket: {seconds:.2f} s, {len(made.data) / 1e6:.2f} MB")


def _form(report: Report, small: Report, form: str) -> None:
    made, seconds = _timed(lambda: rendered(report, form))  # type: ignore[arg-type]
    before = rendered(small, form)  # type: ignore[arg-type]
    lines, was = made.count(b"\n"), before.count(b"\n")
    print(
        f"{form:10} {seconds:6.2f} s {len(made) / 1e6:7.2f} MB {lines:7} lines ({was} for {len(small.replays)} captures)"
    )


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    begin = time.perf_counter()
    made = work()
    return made, time.perf_counter() - begin


if __name__ == "__main__":
    main()
