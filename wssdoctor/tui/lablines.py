"""The lab as lines: what came, newest first; the stages and the reason of one request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from wssdoctor.check.result import Outcome
from wssdoctor.provider.stage import Stage
from wssdoctor.tui.articles import GLYPHS
from wssdoctor.tui.keynames import key
from wssdoctor.tui.labrun import KEPT, LabRun
from wssdoctor.tui.lines import Line, Paragraph, Span, Tone, blank, fit, fit_end, labelled, line, prose, span

if TYPE_CHECKING:  # the screen opens without the server
    from wssdoctor.lab.entry import Entry, Failed, Verdict

_VERDICTS: dict[Verdict, tuple[str, Tone]] = {
    "accepted": ("✓", "pass"),
    "rejected": ("✗", "fail"),
    "undecided": ("?", "unknown"),
    "refused": ("!", "fail"),
    "handshake": ("!", "fail"),
    "document": ("·", "muted"),
}
_COUNTED: dict[Verdict, str] = {"handshake": "without a request", "document": "for a WSDL"}
"""How verdicts are counted that are no word for it themselves."""
_HEADINGS = {str(stage): stage.heading for stage in Stage}

_ABOUT = "A lab answers on this machine as the described system would, and says of each request why it is refused."
_SHOWN = 20
"""Endpoints that are named before the rest is counted."""


def status(run: LabRun | None) -> list[Line]:
    """Say whether and where the lab listens, what became of the requests, and what was last said of its description."""
    if run is None:
        return [(Span(" Lab  ", "heading"), Span("not running", "muted"))]
    if run.problems:
        return [(Span(" Lab  ", "heading"), Span("✗ not running", "fail"))]
    of = span(f"  {run.system.name}", "muted")
    if not run.running:
        said: list[Line] = [(Span(" Lab  ", "heading"), Span("ended", "warn"), of)]
    elif run.address:
        said = [(Span(" Lab  ", "heading"), Span("listens at ", "pass"), span(run.address, "strong"), of)]
    else:
        said = [(Span(" Lab  ", "heading"), Span("starting ...", "accent"), of)]
    if run.counts:
        said.append(_counts(run))
    if run.said:
        said.append((span(f" {run.said}", "accent"),))
    return said


def _counts(run: LabRun) -> Line:
    total = run.counts.total()
    kept = f", the last {KEPT} shown" if total > KEPT else ""
    parts = [span(f" {total} came{kept}:", "strong")]
    for verdict, (glyph, tone) in _VERDICTS.items():
        if run.counts[verdict]:
            parts.append(span(f"  {glyph} {run.counts[verdict]} {_COUNTED.get(verdict, verdict)}", tone))
    return tuple(parts)


def path_column(entries: Iterable[Entry], cells: int) -> int:
    """Return how many of so many cells of a row its path takes: a third at most, less where all are short."""
    most = max(cells - 16, 4) // 3
    return max((len(fit_end(_path(one), most).rstrip()) for one in entries), default=most)


def _path(one: Entry) -> str:
    return one.asked.partition(" ")[2] or one.asked


def row(one: Entry, cells: int, first: int) -> Line:
    """Draw a request: verdict, time, answer, the end of its path in the ``first`` cells, and the reason."""
    glyph, tone = _VERDICTS[one.verdict]
    begins = (
        Span(f" {glyph} ", tone),
        span(f"{one.moment:%H:%M:%S} ", "muted"),
        span(f"{one.status or '---'} "),
    )
    room = max(cells - 16, 4)
    return (*begins, span(fit_end(_path(one), first)), span(f" {fit(_reason(one), max(room - first - 1, 0))}", tone))


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
    yield prose(f"{glyph} {told}", tone, indent=1, hang=3)
    if one.status:
        yield labelled("Asked", one.asked)
    yield labelled("From", f"{one.client}, at {one.moment:%Y-%m-%d %H:%M:%S} UTC")
    yield labelled("Answer", f"HTTP {one.status} {one.fault or ''}".strip() if one.status else "none")
    for number, failed in enumerate(one.failed):
        label = "" if number else "Failed"
        yield labelled(
            label, line(span(f"{_heading(failed)}: ", "muted"), span(f"{failed.says}  "), span(failed.code, "muted"))
        )
    if one.assumed:
        yield labelled("Unknown", f"taken as in a healthy system: {', '.join(one.assumed)}", "unknown")
    if one.stages:
        yield _stages(one)
    if one.verdict in ("handshake", "document"):
        return
    yield blank()
    yield prose(f"{key('lab-open')} opens it, with those before it, in Requests and Findings.", "muted", indent=1)


def _stages(one: Entry) -> Paragraph:
    """Name all stages in their order, each with the sign of its outcome beside it."""
    parts: list[Span] = []
    for heading, outcome in one.stages:
        glyph, tone = GLYPHS[outcome]
        named = f"{glyph} {heading}".replace(" ", "\u00a0")
        parts.append(span(f"{named}  ", tone))
    outcomes = {outcome for _, outcome in one.stages}
    legend = []
    if Outcome.FAILED in outcomes:
        legend.append("the first ✗ refuses it, the others are judged all the same")
    if Outcome.NOT_APPLICABLE in outcomes:
        legend.append("–\u00a0does not apply")
    if legend:
        parts.append(span(f"({'; '.join(legend)})", "muted"))
    return labelled("Stages", tuple(parts))


def explained(run: LabRun | None, *, described: bool) -> list[Paragraph]:
    """Say what to do where no request is chosen; ``described`` is whether the open case describes a system."""
    if run is None:
        if described:
            first, what = "lab-serve", "serves the system of the open case."
        else:
            then = f"Then {key('lab-serve')} starts it."
            first, what = "open", f"opens a case with a system description, which a lab needs. {then}"
        return [
            _keyed("", first, what),
            blank(),
            prose(_ABOUT, "muted", indent=1),
            prose("Clients send to the address that then stands above.", "muted", indent=1),
        ]
    if run.problems:
        return [*_problems(run), blank(), _keyed("", "lab-serve", "tries again.")]
    if not run.running:
        return [_keyed("Nothing came. ", "lab-serve", "starts the lab again.")]
    return list(_waiting(run)) if run.address else []


def _keyed(before: str, command: str, does: str) -> Paragraph:
    """Name the key of a command, and what it does."""
    return Paragraph(line(span(before), span(key(command), "accent"), span(f" {does}")), 1, 1)


def _problems(run: LabRun) -> Iterator[Paragraph]:
    for one in run.problems:
        place = f"  {one.place}" if one.place is not None else ""
        yield Paragraph(line(span(f"✗ {one.what}", "fail"), span(place, "accent")), 1, 3)
        if one.why:
            yield labelled("why", one.why, indent=3, column=5)
        if one.hint:
            yield labelled("do", one.hint, "pass", indent=3, column=5)


def _waiting(run: LabRun) -> Iterator[Paragraph]:
    """Say where clients may send to, and how to send what was captured before."""
    yield prose("Nothing came yet. Let a client send there, to one of these endpoints:", indent=1)
    for path in run.paths[:_SHOWN]:
        yield prose(path, "accent", indent=3)
    if len(run.paths) > _SHOWN:
        yield prose(f"and {len(run.paths) - _SHOWN} more", "muted", indent=3)
    yield prose("With ?wsdl behind its path, an endpoint gives its WSDL.", "muted", indent=1)
    yield blank()
    yield prose("Or send a capture:", indent=1)
    yield prose(f"wssdoctor send CAPTURE --to {run.address}", "accent", indent=3)
    if run.about:
        yield blank()
    for text in run.about.splitlines():
        yield prose(text, "muted", indent=1, hang=3)
