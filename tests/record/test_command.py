"""The command forwards what a client sends, and keeps it for its owner alone."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
from pathlib import Path

from tests import landscape
from tests.lab.serving import served
from wssdoctor.capture.read import read


def test_what_goes_by_is_kept_for_its_owner_and_shown_nowhere(tmp_path: Path) -> None:
    sent = landscape.requests()[0].capture.request
    assert sent is not None
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o755)
    with served(landscape.facts(), lambda: landscape.MOMENT) as (port, _):
        to = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "wssdoctor", "record", "--listen", "0", "--to", to, "-o", str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as recorder:
            try:
                assert recorder.stderr is not None
                assert recorder.stdout is not None
                listening = re.search(r"127\.0\.0\.1:(\d+)", recorder.stderr.readline())
                assert listening is not None
                client = http.client.HTTPConnection("127.0.0.1", int(listening[1]), timeout=10)
                client.request(sent.method, sent.target, sent.body, dict(sent.headers))
                client.getresponse().read()
                client.close()
                told = recorder.stdout.readline()
            finally:
                recorder.terminate()
    (file,) = folder.iterdir()
    assert told.strip() == str(file)
    assert file.stat().st_mode & 0o077 == 0
    kept = read(file).request
    assert kept is not None
    assert kept.body == sent.body
