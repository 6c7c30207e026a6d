"""What came of trying records in healthy systems: the public form ``wssdoctor.proofs/1``, and as text."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from wssdoctor.diagnosis.proof import Proof
from wssdoctor.report.page import Page, Style

SCHEMA: Literal["wssdoctor.proofs/1"] = "wssdoctor.proofs/1"
_STYLES: dict[str, Style] = {"proven": "good", "not-mended": "bad"}


class Proofs(Struct, frozen=True):
    """What came of trying records."""

    schema: Literal["wssdoctor.proofs/1"]
    proofs: tuple[Proof, ...]


def render(tried: Proofs, *, width: int = 80, color: bool = False) -> str:
    """Return what was tried as text."""
    page = Page(width, color=color)
    if not tried.proofs:
        page.say("There is nothing of your own to try.", style="doubt")
    for one in tried.proofs:
        about = one.record if one.record == one.cause else f"{one.record} for {one.cause}"
        style = _STYLES.get(one.outcome, "doubt")
        page.say(f"{about}: {one.outcome.replace('-', ' ')}", mark="-", hang=2, style=style)
        page.say(one.says, indent=2)
    return page.text()
