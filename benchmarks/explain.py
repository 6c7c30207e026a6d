"""How fast a long log is explained, on one core, and how much memory that takes.

    python -m benchmarks.explain [MEGABYTES]

Three logs are made: ordinary lines alone, one error in a thousand lines, one line in five an error. Each is scanned in a
process of its own.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.match import scan

PLAIN = (
    "[Thr 140302] Mon Nov 20 10:{a:02}:{b:02} 2026",
    "[Thr 140302] IcmWorkerThread: got connection {a} from {b}",
    "M  ThIRollBack: roll back user {a} / session {b}",
    "[Thr 140302] HttpModHandler: resource /sap/bc/srt/rfc/{a}/order_{b}",
    "N  SncInit(): found snc/data_protection/max={a}, using {b}",
    '10.0.0.{a} - - [20/Nov/2026:10:00:{b:02} +0000] "POST /sap/bc/srt/xip/sap/order HTTP/1.1" 200 1234',
    "INFO org.apache.cxf.services - inbound message {a} of client {b}",
)
WRONG = (
    "[Thr 140302] *** ERROR => SapSSLSessionStart(sssl_hdl=7f)==SSSLERR_PEER_CERT_UNTRUSTED [icxxconn.c 1234]",
    "[Thr 140302] HTTP/1.1 401 Unauthorized",
    "N  DyISigni: return code=2 (see Note 320991)",
    "Message expired (20261120100000 20261120100500 20261120110000 )",
)


def log(size: int, share: float) -> bytes:
    """Return a log of about ``size`` bytes in which ``share`` of the lines are errors."""
    dice = random.Random(1)
    lines, length = [], 0
    while length < size:
        chosen = dice.choice(WRONG if dice.random() < share else PLAIN)
        lines.append(chosen.format(a=dice.randrange(60), b=dice.randrange(60)))
        length += len(lines[-1]) + 1
    return "\n".join(lines).encode()


def measured(size: int, share: float) -> tuple[float, float, int]:
    """Return megabytes a second, megabytes of memory that the scan added, and what was found."""
    data = log(size, share)
    base = load(overlays=())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    found = scan(BytesIO(data), base)
    seconds = time.process_time() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return len(data) / seconds / 1e6, grown / 1024, len(found.found)


def main(megabytes: int) -> None:
    """Measure and print."""
    print(f"{'errors':>8}{'MB/s':>8}{'added MiB':>11}{'found':>7}")
    for share in (0.0, 0.001, 0.2):
        with get_context("spawn").Pool(1) as pool:
            speed, grown, found = pool.apply(measured, (megabytes * 1_000_000, share))
        print(f"{share:8.3f}{speed:8.1f}{grown:11.1f}{found:7}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
