"""What verify found, as a JSON document and as text: parts with a mark each, faults with evidence, what was right."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from wssdoctor.evidence import Compared
from wssdoctor.report.evidencetext import Names, show_evidence
from wssdoctor.report.page import Page, Style
from wssdoctor.report.shown import shown
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.reason import REASONS
from wssdoctor.wsse.verification import (
    Mark,
    PartReport,
    SignatureReport,
    TokenReport,
    Verdict,
    Verification,
)

SCHEMA = "wssdoctor.verify/1"
WIDTH = 100

_VERDICTS: dict[Verdict, Style] = {"accept": "good", "reject": "bad", "undecided": "doubt"}
_MARKS: dict[Mark, tuple[str, Style]] = {
    "ok": ("ok", "good"),
    "broken": ("BROKEN", "bad"),
    "unprotected": ("clear", "doubt"),
    "absent": ("ABSENT", "bad"),
    "unknown": ("?", "doubt"),
}
_LABEL = 10


class MessageReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result for one message. ``faults`` has the root first; ``missing`` is what kept parts from being judged."""

    file: str
    verdict: Verdict
    faults: tuple[Fault, ...]
    parts: tuple[PartReport, ...]
    signatures: tuple[SignatureReport, ...]
    tokens: tuple[TokenReport, ...]
    missing: tuple[str, ...]


class VerifyDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The document that ``wssdoctor verify --format json`` prints."""

    schema: str = SCHEMA
    messages: tuple[MessageReport, ...]


def message_report(file: str, found: Verification) -> MessageReport:
    """Make the public report of one message."""
    return MessageReport(
        file=file,
        verdict=found.verdict,
        faults=found.faults,
        parts=found.parts,
        signatures=found.signatures,
        tokens=found.tokens,
        missing=found.missing,
    )


def json_document(messages: Iterator[bytes]) -> Iterator[bytes]:
    """Write the document around reports that are encoded already, one at a time."""
    yield b'{"schema":"%b","messages":[' % SCHEMA.encode()
    for number, message in enumerate(messages):
        yield b",\n" + message if number else b"\n" + message
    yield b"\n]}\n"


def render(report: MessageReport, *, width: int = WIDTH, color: bool = False, verbose: bool = False) -> str:
    """Return the text for one message. What comes from the message is made harmless."""
    page = Page(width, color=color)
    names = Names(())
    page.say(f"{report.verdict.upper()}  {shown(report.file)}", style=_VERDICTS[report.verdict])
    for part in report.parts:
        _part(page, part)
    for token in report.tokens:
        page.say(f"{shown(token.token)}: {shown(token.says)}", indent=4, style="quiet")
    for signature in report.signatures:
        _signature(page, signature, verbose=verbose)
    for number, fault in enumerate(report.faults, 1):
        page.blank()
        page.say(f"{fault.fault}  {shown(fault.where)}", indent=2, mark=f"{number}.", hang=4, style="bad")
        page.say(shown(fault.says), indent=6)
        if fault.reason is not None:
            page.say(f"{fault.reason}: {REASONS.get(fault.reason, '')}", indent=6, mark="Reason", hang=_LABEL)
        show_evidence(page, fault.evidence, names, indent=6, label=_LABEL, verbose=verbose)
    _right(page, report.faults)
    if report.missing:
        page.blank()
        page.say(f"Not judged for want of: {', '.join(map(shown, report.missing))}", indent=2, style="doubt")
    page.blank()
    return page.text()


def _part(page: Page, part: PartReport) -> None:
    mark, style = _MARKS[part.mark]
    how = [word for word, is_so in (("signed", part.signed), ("encrypted", part.encrypted)) if is_so]
    where = f"line {part.line}" if part.line is not None else ""
    facts = ", ".join(filter(None, (*how, where)))
    page.say(f"{shown(part.part)}{f' ({facts})' if facts else ''}", indent=2, mark=mark, hang=8, style=style)


def _signature(page: Page, signature: SignatureReport, *, verbose: bool) -> None:
    who = f"by {shown(signature.signer)}" if signature.signer else f"key: {shown(signature.key or 'none')}"
    held = {True: "holds", False: "does not hold", None: "could not be judged"}[signature.value_ok]
    method = (signature.method or "unknown method").rpartition("#")[2]
    page.say(f"signature {who}, {shown(method)}: the value {held}", indent=4, style="quiet")
    for reference in signature.references:
        if reference.ok and not verbose:
            continue
        state = {True: "digest fits", False: "digest differs", None: "not digested"}[reference.ok]
        what = {"": "(whole document)", None: "(without URI)"}.get(reference.uri, reference.uri or "")
        # What was not found has no part: SignedInfo is then only where the reference stands.
        part = "" if reference.ok is None and reference.part == "SignedInfo" else f", {shown(reference.part)}"
        page.say(f"reference {shown(what)}{part}: {state}", indent=6)


def _right(page: Page, faults: tuple[Fault, ...]) -> None:
    """Say what would have been right, as far as the evidence tells."""
    rows = list(
        dict.fromkeys(
            (shown(f"{fault.where}, {piece.what}", 60), shown(piece.expected))
            for fault in faults
            for piece in fault.evidence
            if isinstance(piece, Compared)
        )
    )
    if rows:
        page.heading("right would have been")
        page.pairs(rows, indent=2, most=44)
