"""The built-in sample: one landscape, captures of a real client against it, and the time at which to look at them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

MOMENT = dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC)
"""When the sample is looked at: noon of the day of its captures."""


def folder() -> Path:
    """Return the folder with ``system.yaml``, its certificates and ``captures``; it lies unpacked beside this module."""
    from importlib.resources import files

    return Path(str(files(__name__)))
