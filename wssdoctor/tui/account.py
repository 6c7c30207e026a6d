"""What the files of a case came to, as lines: what was read, refused, contradictory. Knows no terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import Line, Paragraph, Span, Tone, blank, file_name, labelled, line, prose, span
from wssdoctor.tui.rows import count
from wssdoctor.tui.session import Session

if TYPE_CHECKING:
    from wssdoctor.collect.account import Account, Kind

_FIRST: tuple[Kind, ...] = ("contradictions", "not-read", "dropped", "to-note", "superseded", "read")
"""What asks for something to be done comes first."""
_TONES: dict[Kind, tuple[str, Tone]] = {
    "contradictions": ("≠", "fail"),
    "not-read": ("–", "warn"),
    "dropped": ("!", "warn"),
    "to-note": ("·", "text"),
    "superseded": ("·", "muted"),
    "read": ("✓", "pass"),
}


def headline(account: Account) -> Line:
    """Count in one line what became of the exports."""
    refused, contradictions = len(account.refused), account.count("contradictions")
    spans = [Span(f" exports: ✓ {account.count('read')} read", "pass")]
    if refused:
        spans.append(Span(f"  ✗ {refused} refused", "fail"))
    if contradictions:
        spans.append(Span(f"  ≠ {count(contradictions, 'contradiction')}", "fail"))
    if account.count("not-read"):
        spans.append(Span(f"  – {account.count('not-read')} not read", "warn"))
    if account.count("dropped"):
        spans.append(Span(f"  ! {count(account.count('dropped'), 'secret')} dropped", "warn"))
    return (span(f" {key('account')}", "accent"), *spans)


def paragraphs(session: Session) -> list[Paragraph]:
    """Say what became of every file."""
    opening, case = session.opening, session.case
    if opening is None or case is None:
        return [prose("No case was read yet.", "muted", indent=1)]
    if session.account is not None:
        return [*_of_exports(session.account), *_of_captures(session)]
    said = [Paragraph((Span("What was read", "heading"),), 1, 1)]
    if opening.system is not None:
        name = file_name(str(opening.system))
        about = line(span(name, "strong"), span("  a system description, read whole"))
        said.append(labelled("✓", about, "pass", column=2))
    else:
        said.append(labelled("–", "no system description: nothing is known of the system", "warn", column=2))
    return [*said, *_of_captures(session)]


def _of_exports(found: Account) -> list[Paragraph]:
    known = f"{found.known} facts are known, {found.unknown} are not"
    said = [Paragraph((span(known, "strong"),), 1, 1)]
    if found.unknown:
        said.append(prose("'wssdoctor collect FOLDER --missing' lists what to export, and how.", "muted", indent=1))
    if found.refused:
        said += [blank(), Paragraph((Span("Refused: what these exports say is not known", "heading"),), 1, 1)]
    for problem in found.refused:
        place = str(problem.place) if problem.place else ""
        said.append(Paragraph(line(Span("✗ ", "fail"), span(place, "strong"), span(f"  {problem.what}")), 1, 3))
        if problem.why:
            said.append(labelled("why", problem.why, indent=3, column=5))
        if problem.hint:
            said.append(labelled("do", problem.hint, "pass", indent=3, column=5))
    by_kind = {part.kind: part for part in found.parts}
    for kind in _FIRST:
        part = by_kind.get(kind)
        if part is None:
            continue
        glyph, tone = _TONES[kind]
        said += [blank(), Paragraph((span(part.title, "heading"),), 1, 1)]
        for entry in part.entries:
            said.append(
                Paragraph(line(Span(f"{glyph} ", tone), span(entry.about, "strong"), span(f"  {entry.says}")), 1, 3)
            )
    return said


def _of_captures(session: Session) -> list[Paragraph]:
    assert session.opening is not None
    said = [blank(), Paragraph((Span("Captured requests", "heading"),), 1, 1)]
    said.append(labelled("✓" if session.captured else "–", f"{count(session.captured, 'request')} read", column=2))
    keys = session.opening.keys
    if keys:
        lent = f"{count(len(keys), 'private key')} lent: kept in memory until you quit, shown and saved nowhere"
        said += [blank(), Paragraph((Span("Keys", "heading"),), 1, 1), labelled("·", lent, column=2)]
        said += [labelled("", f"key of {one.owner}", "muted", column=2) for one in keys]
    return said
