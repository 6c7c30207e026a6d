"""Words that the texts share: who acts, what a record rests on, counts, and lists that say what they leave out."""

from __future__ import annotations

from collections.abc import Iterable

from wssdoctor.report.page import Page

TOP_NAMES = 6
"""Names that a list shows unless all are asked for."""

ACTORS = {
    "basis": "Basis administration",
    "security": "security administration",
    "developer": "the consumer's developer",
    "partner": "the partner",
    "network": "the network team",
}
BASES = {"sap": "documented by SAP", "community": "as others have seen it", "inferred": "inferred, not documented"}


def left_out(page: Page, count: int) -> None:
    """Say how many were left out, if any."""
    if count > 0:
        page.say(f"and {count} more (--verbose shows all)", indent=2, style="quiet")


def listing(names: Iterable[str], verbose: bool = False) -> str:
    """Return names in a row; what is left out is counted."""
    names = list(names)
    kept = names if verbose or len(names) <= TOP_NAMES + 1 else names[:TOP_NAMES]
    left = len(names) - len(kept)
    return ", ".join(kept) + (f" and {left} more (--verbose)" if left else "")


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its word."""
    return f"{number} {one if number == 1 else many or one + 's'}"
