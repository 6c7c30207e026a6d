"""Real clients against the lab: for each client, kind of security and cause, what is predicted and what its user sees.

    python -m benchmarks.clients [--client zeep] [--kind username-text] [--texts] [--record FILE]

The healthy system must accept each kind that SAP's does, and each injected cause must give the predicted answer as the
client shows it. Clients that are not installed are named with what they need. --record writes the distinct texts that
their users see, each with the causes behind it; clients that are not called keep the texts that the list has.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from tests.lab.clients import seen
from tests.lab.clients.catalogue import PROGRAMS, Program
from tests.lab.clients.matrix import Bench, Cell
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.load import load


def row(cell: Cell, texts: bool) -> str:
    """Write one line of the table."""
    mark = (
        "same, as a page"
        if cell.page and cell.same
        else "same"
        if cell.same
        else "NOT SHOWN"
        if cell.answered
        else "OTHER"
    )
    cause = f"{cell.cause}[{cell.fault}] by {cell.how}" if cell.cause else "healthy"
    told = f"{cell.client:9} {cell.kind:38.38} {cause:46.46} {cell.predicted!s:30.30} {cell.wire!s:30.30} {mark}"
    if texts or not cell.same:
        told += f"\n{'':10}exit {cell.seen.exit}: {' '.join(cell.seen.shown.split())[:300]}"
    return told


def measured(
    program: Program, version: str, base: Base, folder: Path, only: str, texts: bool
) -> tuple[str, tuple[seen.Text, ...]]:
    """Call with every kind of a client; return its line of the summary, and what its users see."""
    refused: list[tuple[str, str]] = []
    counted: Counter[str] = Counter()
    with Bench(program, folder) as bench:
        for kind in program.kinds:
            if only and kind.name != only:
                continue
            healthy, arrival = bench.healthy(kind)
            print(row(healthy, texts or bool(kind.refused)))
            refused += healthy.told(base)
            if kind.refused:
                counted["refused"] += 1
                counted["refused as predicted"] += healthy.same
                continue
            counted["healthy"] += 1
            counted["accepted"] += healthy.same
            for cell in bench.sick(kind, arrival, base):
                print(row(cell, texts))
                refused += cell.told(base)
                counted["causes"] += 1
                counted["same"] += cell.same
                counted["pages"] += cell.page
    summary = (
        f"{version}: healthy accepted {counted['accepted']}/{counted['healthy']}, refused as SAP does and shown "
        f"{counted['refused as predicted']}/{counted['refused']}, causes same {counted['same']}/{counted['causes']}"
        + (f" (of {counted['pages']} the client does not tell the HTTP status)" if counted["pages"] else "")
    )
    return summary, seen.texts(refused)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--client", default="", help="Only this one.")
    parser.add_argument("--kind", default="", help="Only this kind of security.")
    parser.add_argument("--texts", action="store_true", help="Print what the client's user sees of each call.")
    parser.add_argument("--record", type=Path, help="Write the texts that users see to this list.")
    options = parser.parse_args()
    base = load()
    recorded = seen.load()
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for program in PROGRAMS:
            if options.client not in ("", program.name):
                continue
            try:
                version = program.version()
            except LookupError as error:
                lines.append(f"{program.name}: not tried, {error}")
                continue
            line, texts = measured(program, version, base, Path(folder), options.kind, options.texts)
            lines.append(line)
            recorded[program.name] = seen.Shown(version, texts)
    if options.record:
        seen.write(options.record, {one.name: recorded[one.name] for one in PROGRAMS if one.name in recorded})
    print("\n" + "\n".join(lines))


if __name__ == "__main__":
    main()
