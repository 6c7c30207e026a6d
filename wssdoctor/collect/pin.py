"""The PIN of PSE files and the password of PKCS#12 containers, as the environment gives it."""

from __future__ import annotations

import os

VARIABLE = "WSSDOCTOR_PIN"


def from_environment() -> list[str]:
    """Return the PIN that the variable holds, if it is set."""
    return [os.environ[VARIABLE]] if VARIABLE in os.environ else []
