"""How fast a long list is read, and how much memory that takes: ``python -m benchmarks.collect [ROWS]``."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from wssdoctor.collect.collect import collect


def exported(path: Path, rows: int, *, tabs: bool) -> None:
    """Write an export of USREXTID."""
    with path.open("w", encoding="utf-8") as stream:
        if tabs:
            stream.write("MANDT\tBNAME\tTYPE\tEXTID\tSTATUS\n")
            for number in range(rows):
                stream.write(f"100\tUSER{number}\tDN\tCN=User {number}, OU=Größe, O=Example\tX\n")
            return
        header = f"|{'MANDT':5}|{'BNAME':12}|{'TYPE':4}|{'EXTID':60}|{'STATUS':6}|\n"
        for number in range(rows):
            if number % 1000 == 0:
                stream.write(f"{'-' * 93}\n{header}{'-' * 93}\n")
            name = f"CN=User {number}, OU=Größe, O=Example"
            stream.write(f"|100  |{f'USER{number}':12}|DN  |{name:60}|X     |\n")


def peak() -> float:
    """Return the largest memory that the process had so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for tabs in (False, True):
        for count in (rows // 10, rows):
            with tempfile.TemporaryDirectory() as folder:
                exported(Path(folder) / "usrextid.txt", count, tabs=tabs)
                begin = time.perf_counter()
                found = collect(Path(folder))
                took = time.perf_counter() - begin
            form = "tab-separated" if tabs else "SE16 list"
            said = "" if found.recognised else " NOT RECOGNISED"
            print(f"{form:14} {count:>9} rows {took:6.2f} s {count / took:>9.0f} rows/s, peak {peak():.0f} MiB{said}")


if __name__ == "__main__":
    main()
