"""One host that speaks HTTP: where requests go."""

from __future__ import annotations

from msgspec import Struct

from wssdoctor.capture.capture import Scheme


class Host(Struct, frozen=True):
    """Scheme, name or address, and port."""

    scheme: Scheme
    name: str
    port: int

    @property
    def authority(self) -> str:
        """Name and port as in a Host field; the port is left out where it is the scheme's own."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port == {"http": 80, "https": 443}[self.scheme] else f"{name}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"
