"""The real command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEALTHY = ROOT / "tests" / "data" / "healthy"
SAMPLE = ROOT / "wssdoctor" / "sample"


def wssdoctor(
    *arguments: str | Path,
    stdin: bytes = b"",
    cwd: Path | None = None,
    environment: dict[str, str] | None = None,
    timeout: float = 60,
) -> subprocess.CompletedProcess[bytes]:
    """Run ``wssdoctor`` with these arguments and return what it wrote and its exit code."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "wssdoctor", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(ROOT), **(environment or {})},
        timeout=timeout,
        check=False,
    )
