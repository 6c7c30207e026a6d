"""The account of a collection as text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wssdoctor.collect.account import Account, Entry, Part

_MOST = 50


def rendered(account: Account, folder: Path | None, output: Path | None) -> str:
    """Return the account, and what to do next. ``output`` is the description that was written."""
    from wssdoctor.cli.problems import listed

    text = "".join(f"{line}\n" for part in account.parts for line in _lines(part)) + listed(account.refused)
    text += f"{account.known} facts are known, {account.unknown} are not"
    text += (
        f"; 'wssdoctor collect {_shown(str(folder or '...'))} --missing' lists those with how to get them.\n"
        if account.unknown
        else ".\n"
    )
    if output is not None:
        text += f"Next: wssdoctor check {_shown(str(output))}\n"
    return text


def _lines(part: Part) -> list[str]:
    shown = [f"  {_shown(_said(part, entry))}" for entry in part.entries[:_MOST]]
    if len(part.entries) > _MOST:
        shown.append(f"  and {len(part.entries) - _MOST} more")
    return [f"{part.title}:", *shown]


def _said(part: Part, entry: Entry) -> str:
    return f"{entry.about} ({entry.says})" if part.kind == "dropped" else f"{entry.about}: {entry.says}"


def _shown(text: str) -> str:
    from wssdoctor.report.shown import shown

    return shown(text)
