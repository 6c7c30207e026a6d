"""The lab as lines: what came, newest first; the stages and the reason of one request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wssdoctor.provider.stage import Stage
from wssdoctor.tui.articles import GLYPHS
from wssdoctor.tui.labrun import KEPT, LabRun
from wssdoctor.tui.lines import Line, Paragraph, Span, Tone, blank, fit, fit_end, labelled, line, prose, span, spread

if TYPE_CHECKING:  # the screen opens without the server
    from wssdoctor.lab.entry import Entry, Failed

_VERDICTS: dict[str, tuple[str, Tone]] = {
    "accepted": ("✓", "pass"),
    "rejected": ("✗", "fail"),
    "undecided": ("?", "unknown"),
    "refused": ("!", "fail"),
    "handshake": ("!", "fail"),
    "document": ("·", "muted"),
}
_HEADINGS = {str(stage): stage.heading for stage in Stage}

NO_LAB = (
    "No lab is running: s starts one for the open case.",
    "A lab answers as the described system would, on this machine, and says of each request why it is refused.",
    "Clients send to the address that then stands above.",
)
WAITING = "Nothing came yet. Let a client send to the address above, or send a capture:"


def status(run: LabRun | None, cells: int) -> list[Line]:
    """Say where the lab listens, how many requests came, and what was last said about its description."""
    if run is None:
        return [(Span(" Lab", "heading"), Span("  not running", "muted"))]
    if run.problems:
        return [(Span(" Lab  ", "heading"), Span("not running", "fail"))]
    if not run.running:
        return [(Span(" Lab  ", "heading"), Span("ended", "muted")), _counts(run)]
    where = run.address or "beginning ..."
    left = (Span(" Lab  ", "heading"), span(where, "strong"), span(f"  {run.system.name}", "muted"))
    return [spread(left, _counts(run), cells), (span(f" {run.said}" if run.said else "", "accent"),)]


def _counts(run: LabRun) -> Line:
    kept = f", the last {KEPT} shown" if run.total > KEPT else ""
    return (span(f" {run.total} came, ", "muted"), span(f"{run.accepted} accepted", "pass"), span(f"{kept} ", "muted"))


def row(one: Entry, cells: int) -> Line:
    """Draw a request: verdict, time, answer, the end of its path, and the reason."""
    glyph, tone = _VERDICTS[one.verdict]
    begins = (
        Span(f" {glyph} ", tone),
        span(f"{one.moment.astimezone():%H:%M:%S} ", "muted"),
        span(f"{one.status or '---'} "),
    )
    room = max(cells - 16, 4)
    path = one.asked.partition(" ")[2] or one.asked
    first = room // 3
    return (*begins, span(fit_end(path, first)), span(f" {fit(_reason(one), max(room - first - 1, 0))}", tone))


def _heading(failed: Failed) -> str:
    return _HEADINGS.get(failed.stage, failed.stage)


def _reason(one: Entry) -> str:
    """Say why a request is not accepted, in few words: the sign before it says that it is not."""
    return f"{_heading(one.failed[0])}: {one.failed[0].says}" if _rejected(one) else one.told


def _rejected(one: Entry) -> bool:
    return one.verdict == "rejected" and bool(one.failed)


def article(one: Entry) -> Iterator[Paragraph]:
    """Tell one request: the reason, what else would fail, and each stage."""
    glyph, tone = _VERDICTS[one.verdict]
    told = f"rejected at {_heading(one.failed[0])}" if _rejected(one) else one.told
    yield prose(f"{glyph} {told}", tone, indent=1)
    if one.status:
        yield labelled("Asked", one.asked)
    yield labelled("By", f"{one.client}, {one.moment:%Y-%m-%d %H:%M:%S} UTC")
    yield labelled("Answer", f"HTTP {one.status} {one.fault or ''}".strip() if one.status else "none")
    for number, failed in enumerate(one.failed):
        label = "" if number else "Failed"
        yield labelled(
            label, line(span(f"{_heading(failed)}: ", "muted"), span(f"{failed.says}  "), span(failed.code, "muted"))
        )
    if one.assumed:
        yield labelled("Unknown", f"taken as in a healthy system: {', '.join(one.assumed)}", "unknown")
    if one.stages:
        yield blank()
    for heading, outcome in one.stages:
        glyph, toned = GLYPHS[outcome]
        yield labelled("", line(span(f"{glyph} ", toned), span(heading)), column=2)
    if one.verdict in ("handshake", "document"):
        return
    yield blank()
    yield prose("Enter opens it, with those before it, in Requests and Findings.", "muted", indent=1)


def explained(run: LabRun | None) -> list[Paragraph]:
    """Say what to do where no request is chosen."""
    if run is None:
        return [prose(text, indent=1) for text in NO_LAB]
    said = [prose(f"{one.what} {one.why} {one.hint}".strip(), "fail", indent=1) for one in run.problems]
    if said:
        said.append(prose("s tries again.", "muted", indent=1))
    if not said:
        said = [prose(WAITING, indent=1), prose(f"wssdoctor send CAPTURE --to {run.address}", "accent", indent=3)]
        said += [prose(text, "muted", indent=1, hang=3) for text in run.about.splitlines()]
    return said
