"""The program on a pseudo-terminal: what really goes out to a user's screen."""

from __future__ import annotations

import os
import select
import struct
import subprocess
import sys
import time
from pathlib import Path

if sys.platform != "win32":
    import fcntl
    import pty
    import termios

SAMPLE = "run(None, sample=True)"


def seen_on_a_terminal(
    environment: dict[str, str], marker: str, folder: Path, *, call: str = SAMPLE, keys: str = "q"
) -> str:
    """Run the program on a terminal of its own; press keys once a marker is seen; return what was written to it."""
    program = f"from pathlib import Path; from wssdoctor.tui.app import run; raise SystemExit({call})"
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    clean = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "PYTEST_CURRENT_TEST")}
    clean |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "XDG_STATE_HOME": str(folder), **environment}
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=slave, stdout=slave, stderr=slave, env=clean, close_fds=True
    )
    os.close(slave)
    written = b""
    deadline = time.monotonic() + 30
    quitting = False
    try:
        while time.monotonic() < deadline:
            if select.select([master], [], [], 0.2)[0]:
                try:
                    data = os.read(master, 65536)
                except OSError:
                    break
                if not data:
                    break
                written += data
            elif process.poll() is not None:
                break
            if not quitting and marker.encode() in written:
                for key in keys:
                    os.write(master, key.encode())
                    time.sleep(0.4)
                quitting = True
    finally:
        process.kill()
        process.wait()
        os.close(master)
    assert quitting, written[-2000:]
    return written.decode("utf-8", "replace")
