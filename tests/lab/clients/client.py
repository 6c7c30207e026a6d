"""Real clients as programs: each is given a call a line, and says in a line of JSON what its user sees."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct


class Seen(Struct, frozen=True):
    """What the user of a client sees of one call."""

    accepted: bool
    shown: str
    """The text that a program without handling of its own would end with."""
    exit: int


class Client:
    """A client that runs, for a ``with``."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **(environment or {})},
        )

    def call(self, kind: str, url: str, **options: str) -> Seen:
        """Call a URL with one kind of security."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(
            "\t".join([kind, url, *(f"{name}={value}" for name, value in options.items())]) + "\n"
        )
        self._process.stdin.flush()
        return Seen(**json.loads(self._process.stdout.readline()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


HERE = Path(__file__).parent
