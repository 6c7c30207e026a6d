"""How long commands take from the first to the last breath of the process, against ``python -c "import argparse"``.

Runs are interleaved, so that a busy machine burdens all alike; medians are compared. Byte code and the cache of the
knowledge base are warm, as after installation and a first use; both lie in a temporary folder. Prints a table; exits 0
whatever it says.

    python -m benchmarks.startup [RUNS]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "wssdoctor" / "sample"
WSSDOCTOR = (sys.executable, "-m", "wssdoctor")

BASELINE = "import argparse"
COMMANDS: dict[str, tuple[tuple[str, ...], float | None]] = {
    BASELINE: ((sys.executable, "-c", "import argparse"), None),
    "--version": ((*WSSDOCTOR, "--version"), 3.0),
    "explain WSS031": ((*WSSDOCTOR, "explain", "WSS031"), 4.5),
    "check of the sample": (
        (*WSSDOCTOR, "check", str(SAMPLE / "system.yaml"), "--replay", str(SAMPLE / "captures")),
        12.0,
    ),
}
"""What is run, and how many times the baseline it may take."""


def main(runs: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder, "XDG_CACHE_HOME": folder, "PYTHONPATH": str(ROOT)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for command, _ in COMMANDS.values():
            seconds(command, environment)
        taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
        for _ in range(runs):
            for name, (command, _) in COMMANDS.items():
                taken[name].append(seconds(command, environment))
    baseline = statistics.median(taken[BASELINE])
    print(f"Python {sys.version.split()[0]}, medians of {runs} interleaved runs")
    print(f"{'command':22}{'ms':>8}{'ratio':>8}{'may be':>8}")
    for name, (_, limit) in COMMANDS.items():
        median = statistics.median(taken[name])
        verdict = "" if limit is None else f"{limit:>8.1f}  {'reached' if median <= limit * baseline else 'MISSED'}"
        print(f"{name:22}{median * 1000:8.1f}{median / baseline:8.2f}{verdict}")


def seconds(command: tuple[str, ...], environment: dict[str, str]) -> float:
    """Return how long a command takes; what it prints is thrown away, findings are its business."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 21)
