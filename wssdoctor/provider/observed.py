"""What a captured response says of its request."""

from __future__ import annotations

from msgspec import Struct


class Observed(Struct, frozen=True):
    """What the captured response says."""

    status: int
    fault: str | None
    probe: bool = False
    """Whether the request was a probe, or sent again as one, which is answered with a fault even behind security."""
    passed: bool | None = None
    """Whether a probe passed security; None where its answer does not tell."""

    @property
    def accepted(self) -> bool | None:
        """Whether the request passed security; None where the answer to a probe does not tell."""
        return self.passed if self.probe else 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether it is an error, and not one that a probe gets behind security."""
        return self.status >= 400 and not (self.probe and self.passed is not False)
