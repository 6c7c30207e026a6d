"""What can be written into a file: reports, the finding as text, a picture of the screen. Knows no terminal."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from wssdoctor.report.formats import SUFFIXES, Format
from wssdoctor.tui.redaction import AS_SEEN, REDACTIONS, REPORT, Packed, Redaction, packed
from wssdoctor.tui.session import Session
from wssdoctor.tui.whatif import WhatIf

if TYPE_CHECKING:
    from wssdoctor.diagnosis.case import Case
    from wssdoctor.diagnosis.diagnosis import Diagnosis
    from wssdoctor.knowledge.base import Base
    from wssdoctor.report.report import Report


MOST = 200_000
"""Octets that a preview shows."""


class Content(Struct, frozen=True):
    """What an export may be made of."""

    report: Callable[[], Report] | None
    """Makes the report; none while no diagnosis is there."""
    case: Case | None
    """What a ticket packs beside the report."""
    finding: str
    """All about the chosen finding, or whatever the screen is about, as text."""
    screen: str
    """The screen as SVG."""
    redaction: Redaction = REDACTIONS[0]
    """How much a ticket replaces."""


class Kind(Struct, frozen=True):
    """One form of export."""

    id: str
    title: str
    about: str
    suffix: str
    make: Callable[[Content], bytes]
    stays: str = REPORT
    """What is not redacted; for a ticket it depends."""
    needs_report: bool = True


def kinds() -> tuple[Kind, ...]:
    """Return what can be written, the most useful first."""
    return (
        *(Kind(form, title, about, SUFFIXES[form], partial(_report, form=form)) for form, title, about in _REPORTS),
        Kind("ticket", "Ticket for support", "redacted: report, captures, form for SAP", ".zip", _ticket),
        Kind(
            "finding",
            "What this screen says",
            "the finding, request or article as text",
            ".txt",
            _finding,
            AS_SEEN,
            False,
        ),
        Kind(
            "screen", "Picture of this screen", "SVG; no font is loaded from anywhere", ".svg", _screen, AS_SEEN, False
        ),
    )


_REPORTS: tuple[tuple[Format, str, str], ...] = (
    ("html", "Report as one HTML file", "for colleagues, with the stages drawn"),
    ("markdown", "Report as Markdown", "for a ticket or a wiki"),
    ("text", "Report as text", "findings, evidence, remedies, plan"),
    ("json", "Report as JSON", "for scripts; compare reads it"),
    ("sarif", "Findings as SARIF", "for code hosts and their viewers"),
    ("junit", "Checks as JUnit", "for build servers"),
)


def _report(content: Content, form: Format) -> bytes:
    from wssdoctor.report.formats import rendered

    assert content.report is not None
    return rendered(content.report(), form, verbose=True)


def ticket(content: Content) -> Packed:
    """Pack the ticket. Raises ``WssdoctorError`` where its final scan finds a secret."""
    assert content.report is not None
    assert content.case is not None
    return packed(content.case, content.report(), content.redaction)


def ticket_list(made: Packed) -> str:
    """Return the list of a ticket, as its preview shows it."""
    from wssdoctor.ticket.preview import render

    return render(made.bundle.manifest, len(made.bundle.data), most=1000)


def _ticket(content: Content) -> bytes:
    return ticket(content).bundle.data


def names_file(path: Path) -> Path:
    """Return where the map of names goes that belongs to a ticket."""
    return path.with_name(f"{path.stem}.names.json")


def names_in(made: Packed) -> bytes:
    """Return which name each placeholder of a ticket stands for, as JSON for the owner alone."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(made.bundle.private_map), indent=2) + b"\n"


def preview(content: Content, kind: Kind, cells: int = 80) -> str:
    """Return what would be written, as text; of a ticket its list. A report as text is laid out for so many cells.

    Raises ``WssdoctorError`` as making it does.
    """
    if kind.id == "ticket":
        return ticket_list(ticket(content))
    if kind.id == "screen":
        return "The screen below this dialog, as it is seen now."
    if kind.id in ("html", "text") and content.report is not None:
        from wssdoctor.report import text

        said = text.render(content.report(), width=cells, verbose=True)
        return f"The page says the same as this text:\n\n{said}" if kind.id == "html" else said
    return kind.make(content)[:MOST].decode("utf-8", "replace")


def _finding(content: Content) -> bytes:
    return (content.finding.rstrip() + "\n").encode("utf-8", "backslashreplace")


def _screen(content: Content) -> bytes:
    return without_web_fonts(content.screen).encode("utf-8", "backslashreplace")


_FONT_FACE = re.compile(r"\s*@font-face\s*\{[^}]*\}")
_FAMILY = re.compile(r"font-family:\s*Fira Code[^;]*;")


def without_web_fonts(svg: str) -> str:
    """Return a picture that asks no other machine for a font."""
    return _FAMILY.sub("font-family: monospace;", _FONT_FACE.sub("", svg))


def file_name(session: Session, kind: Kind, now: dt.datetime) -> str:
    """Return a name that says which system and when."""
    about = re.sub(r"[^A-Za-z0-9]+", "-", session.name).strip("-") or "case"
    return f"wssdoctor-{about[:40]}-{now:%Y%m%d-%H%M}{'-' + kind.id if not kind.needs_report else ''}{kind.suffix}"


def reported(diagnosis: Diagnosis, state: WhatIf, base: Base) -> Report:
    """Make the report of a case; the remedies in the what-if basket are its plan, where there are any."""
    from wssdoctor.diagnosis.plan import proven
    from wssdoctor.report.build import build

    if state.result is not None and len(state.result.run.replays) == len(diagnosis.run.replays):
        made = proven(state.basket.actions, diagnosis.case, diagnosis.run, state.result, smallest=False)
        if diagnosis.plan is None or set(made.actions) != set(diagnosis.plan.actions):
            diagnosis = replace(diagnosis, plan=made)
    return build(diagnosis, base)


def state_of(path: Path) -> tuple[str, bool]:
    """Say what writing a file would do, and whether that is possible."""
    import os

    try:
        if "\0" in str(path):
            return "that is no name for a file", False
        if path.is_dir():
            return "that is a folder", False
        folder = path.parent
        if not folder.is_dir():
            return f"there is no folder {folder}", False
        if not os.access(folder, os.W_OK):
            return f"the folder {folder} cannot be written to", False
        there = path.exists()
        if there and not path.is_file():
            return "that is no file but a device or a pipe", False
    except (OSError, ValueError):
        return "that is no name for a file", False
    return f"{'is there already and will be replaced' if there else 'not there yet'}, folder is writable", True
