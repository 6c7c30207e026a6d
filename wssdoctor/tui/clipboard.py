"""Copying: with the system's own command where there is one, else through the terminal (OSC 52)."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Mapping

_SECONDS = 2
"""How long a command may take; some never answer where no display is."""


def command(
    environment: Mapping[str, str], which: Callable[[str], str | None] = shutil.which
) -> tuple[str, ...] | None:
    """Return the command that copies what it reads, or nothing where only the terminal can.

    On a machine that is reached by SSH only a forwarded display is the user's own.
    """
    known: list[tuple[str, ...]] = []
    if environment.get("WAYLAND_DISPLAY"):
        known.append(("wl-copy",))
    if environment.get("DISPLAY"):
        known += [("xclip", "-selection", "clipboard"), ("xsel", "--clipboard", "--input")]
    if not (environment.get("SSH_CONNECTION") or environment.get("SSH_TTY")):
        known += [("pbcopy",), ("clip.exe",)]
    return next((one for one in known if which(one[0])), None)


def copied(text: str, words: tuple[str, ...]) -> bool:
    """Hand a text to a command; say whether it took it."""
    try:
        done = subprocess.run(  # noqa: S603 - one of the commands above, without a shell
            words,
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def for_tmux(text: str) -> str:
    """Return the sequence that tmux hands on to the terminal around it, where it is allowed to (OSC 52, wrapped)."""
    octets = base64.b64encode(text.encode("utf-8", "replace")).decode()
    return f"\x1bPtmux;\x1b\x1b]52;c;{octets}\a\x1b\\"
