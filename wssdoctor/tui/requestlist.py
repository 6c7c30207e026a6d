"""Captured requests and outbound calls as lines: of the list, and of the header over one. Knows no terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from wssdoctor.provider.request import Request
from wssdoctor.report.sending import OUTCOMES
from wssdoctor.tui.callarticle import call_line
from wssdoctor.tui.exact import byte_at
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lanes import VERDICTS
from wssdoctor.tui.lines import (
    Line,
    Paragraph,
    Span,
    blank,
    file_name,
    fit,
    fit_end,
    fit_name,
    prose,
    span,
    spread,
    width,
)
from wssdoctor.tui.reading import Reading
from wssdoctor.tui.session import Session

if TYPE_CHECKING:
    from wssdoctor.capture.capture import TimeSource
    from wssdoctor.consumer.call import Call
    from wssdoctor.diagnosis.finding import Finding
    from wssdoctor.provider.replay import Replay


_SOURCES: Mapping[TimeSource, str] = {
    "given": "by --at",
    "note": "noted in the file",
    "response-date": "Date of the response",
    "request-date": "Date of the request",
    "file": "date of the file",
}
"""What a time is known from."""
_WAYS = (
    "The raw HTTP request tells the most: ICF recorder in SICF, SoapUI's raw tab, a proxy.",
    "The bare envelope will do: payload trace of SRT_UTIL.",
    "Recordings serve as they are: HAR, SoapUI projects, Fiddler's SAZ, flows of mitmproxy, curl commands.",
    "Keep the bytes as they are: no pretty-printing.",
)


def none_captured(why: str = "No request was captured, so there is none to look at.") -> list[Paragraph]:
    """Say that there is no request, and how to come by one."""
    lab = f"Lab ({key('go-lab')}) serves the system of this case on this machine: whatever is sent to it is a capture."
    ways = [Paragraph((Span("· ", "muted"), span(way)), 3, 5) for way in (*_WAYS, lab)]
    then = prose(f"{key('open')} opens the case with what was captured.", "muted", indent=1)
    return [prose(why, indent=1), blank(), Paragraph((Span("How to capture one", "heading"),), 1), *ways, blank(), then]


class Listed(Struct, frozen=True):
    """What the list holds: the requests, then under a heading the outbound calls. Both are counted by one number."""

    requests: tuple[Request, ...] = ()
    calls: tuple[Call, ...] = ()

    @property
    def total(self) -> int:
        """How many requests and calls there are."""
        return len(self.requests) + len(self.calls)

    @property
    def rows(self) -> int:
        """How many rows the list has, the heading among them."""
        return self.total + bool(self.calls)

    def request(self, number: int) -> Request | None:
        """Return the request with this number; nothing where it is a call's, or nobody's."""
        return self.requests[number] if 0 <= number < len(self.requests) else None

    def call(self, number: int) -> Call | None:
        """Return the call with this number."""
        number -= len(self.requests)
        return self.calls[number] if 0 <= number < len(self.calls) else None

    def is_heading(self, row: int) -> bool:
        """Whether a row is the heading over the calls."""
        return bool(self.calls) and row == len(self.requests)

    def row_of(self, number: int) -> int:
        """Return the row of a request or call."""
        return number + (bool(self.calls) and number >= len(self.requests))

    def number_of(self, row: int) -> int:
        """Return the number of the request or call in a row."""
        return row - (row > len(self.requests))


def listed(session: Session) -> Listed:
    """Return what there is to list of a session."""
    requests = session.case.requests if session.case else ()
    return Listed(requests, session.run.calls if session.run.survey else ())


def row_line(found: Listed, session: Session, row: int, cells: int) -> Line:
    """Draw a row of the list."""
    if found.is_heading(row):
        return (Span(" Outbound calls", "heading"),)
    number = found.number_of(row)
    request, call = found.request(number), found.call(number)
    if request is not None:
        return request_line(request, replay_of(session, number), cells)
    return call_line(call, cells) if call is not None else ()


def stopping(session: Session, request: Request | None, call: Call | None) -> Finding | None:
    """Return the first confirmed finding that stops a request, or is about a call."""
    if call is not None:
        return next((one for one in session.confirmed if one.subject.path == call.subject.path), None)
    return next((one for one in session.confirmed if request is not None and request.name in one.stops), None)


def replay_of(session: Session, number: int) -> Replay | None:
    """Return the replay of a request; none where it was not replayed yet."""
    return session.run.replays[number] if 0 <= number < len(session.run.replays) else None


def request_line(request: Request, replay: Replay | None, cells: int) -> Line:
    """Draw a request in the list: its verdict, its name, where it stops."""
    glyph, tone, where = "·", "muted", "not replayed"
    if replay is not None:
        glyph, tone = VERDICTS[replay.verdict]
        where = replay.stage.heading if replay.stage else f"as {replay.user}" if replay.user else replay.verdict
    size = 0 if cells < 32 else 14
    return (
        Span(f" {glyph} ", tone),  # type: ignore[arg-type]
        span(fit_name(file_name(request.name), cells - 4 - size)),
        span(f" {fit(where, size)}" if size else "", "muted"),
    )


def headline(request: Request, replay: Replay | None, reading: Reading, cells: int) -> Line:
    """Say the verdict on a request, how much of it is marked, and how large it is."""
    left: list[Span] = [span(f" {file_name(request.name)}", "strong")]
    if replay is not None:
        glyph, tone = VERDICTS[replay.verdict]
        at = f" at {replay.stage.heading}" if replay.stage else f" as {replay.user}" if replay.user else ""
        left.append(span(f"  {glyph} {replay.verdict}{at}", tone))
    right = f"{len(reading.marks)} marked, {len(request.capture.envelope)} bytes "
    if width(left) + len(right) >= cells:
        right = f"{len(reading.marks)} marked "
    return spread(tuple(left), (Span(right, "muted"),) if width(left) + len(right) < cells else (), cells)


def place_line(request: Request, reading: Reading, number: int, cells: int) -> Line:
    """Say where a line is in the message; where it is nowhere, when the message was captured."""
    one = reading.lines[number] if number >= 0 else None
    if one is not None and one.start is not None:
        text = f" byte {byte_at(request.capture, one.start)} of the envelope  "
        room, mark = max(cells - len(text), 8), reading.mark_at(number)
        if mark is not None and not one.path:  # a text without elements, in which what the mark says may be far away
            return (Span(text, "muted"), span(fit(f"✗ {mark.says}", room), mark.tone))
        return (Span(text, "muted"), span(fit_end(one.path, room), "muted"))
    time = request.capture.time
    when = f"{time.moment:%Y-%m-%d %H:%M:%S} UTC ({_SOURCES[time.source]})" if time else "time unknown"
    sent = request.capture.sent
    if sent is not None:
        told = f" sent again {when[:23]}: {OUTCOMES[sent.outcome.value]}; {sent.to}, of {file_name(sent.of)}"
        return (span(fit(told, cells), "muted"),)
    hidden = "; secrets are hidden"
    told = f" captured {when}"
    return spread((span(told + hidden if len(told + hidden) < cells else told, "muted"),), (), cells)
