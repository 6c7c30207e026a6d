"""What a SOAP message says about security, and whether its cryptography holds. Knows nothing of SAP.

``verify(message, context)`` is the documented entry. The names are loaded at first use, so that importing this room
costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wssdoctor.wsse.context import Context, load_context
    from wssdoctor.wsse.fault import Fault
    from wssdoctor.wsse.verification import Verification
    from wssdoctor.wsse.verifier import Verifier, verify

__all__ = ["Context", "Fault", "Verification", "Verifier", "load_context", "verify"]

_HOMES = {
    "Context": "context",
    "Fault": "fault",
    "Verification": "verification",
    "Verifier": "verifier",
    "load_context": "context",
    "verify": "verifier",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
