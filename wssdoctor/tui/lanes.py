"""What-if as lines: requests today and later, the way of one request through the stages."""

from __future__ import annotations

from wssdoctor.check.result import Outcome
from wssdoctor.provider.replay import Replay, Step
from wssdoctor.tui.articles import GLYPHS, result_paragraph
from wssdoctor.tui.callarticle import call_line
from wssdoctor.tui.lines import (
    ELLIPSIS,
    Line,
    Paragraph,
    Span,
    Tone,
    blank,
    file_name,
    fit,
    fit_name,
    labelled,
    line,
    span,
    spread,
    width,
)
from wssdoctor.tui.session import Session
from wssdoctor.tui.whatif import STAGES, WhatIf

SHORT = ("TLS", "ICF", "LOG", "SOAP", "BIND", "TIME", "SIGN", "ENCR", "TOK", "REPL", "USER", "AUTH")
"""The stages in four letters at most."""
TINY = ("TLS", "ICF", "LOG", "SOA", "BND", "TIM", "SIG", "ENC", "TOK", "RPL", "USR", "AUT")
"""The stages in three letters."""
MEDIUM = (
    "Transport",
    "ICF node",
    "ICF logon",
    "SOAP",
    "Binding",
    "Timestamp",
    "Signature",
    "Encrypted",
    "Token",
    "Replayed",
    "User",
    "Authoriz.",
)
"""The stages in nine letters at most."""
_STOP = 15
"""Columns for where a request stops, or for the longest user that it logs on."""
_BOTH_STOPS = 58
"""Columns from which it is shown where a request stops today and where it stops then; below, only the latter."""
ROOMY = 70
"""Columns from which requests are counted in words."""
VERDICTS: dict[str, tuple[str, Tone]] = {
    "accepted": ("✓", "pass"),
    "rejected": ("✗", "fail"),
    "undecided": ("?", "unknown"),
}


def matrix(session: Session, state: WhatIf, cells: int) -> list[Line]:
    """Draw all requests in three lines: number, today, what-if; around the chosen one where they do not fit.

    What is not known yet is said in words, as far as there is room.
    """
    replays = session.run.replays
    if not replays:
        return []
    fits = max((cells - 12) // 4, 1)
    first = max(0, min(state.request - fits // 2, len(replays) - fits))
    shown = range(first, min(first + fits, len(replays)))
    numbers: list[Span] = [Span(" Requests  " if first == 0 else " Requests <", "muted")]
    today: list[Span] = [Span(" today     ", "muted")]
    later: list[Span] = [Span(" what-if   ", "muted")]
    for index in shown:
        number = f"{index + 1:02d}"[-3:]
        act = f"request_at({index})"
        numbers.append(Span(f"{number:>3} ", "selected" if index == state.request else "muted", act))
        glyph, tone = VERDICTS[replays[index].verdict]
        today.append(Span(f"{glyph:>3} ", tone, act))
        then = _later(replays[index], _after(state, index))
        later.append(Span(then.text, then.tone, act))
    if shown.stop < len(replays):
        numbers.append(Span(">", "muted"))
    if state.result is None:
        later[1:] = [Span(_untried(state), "muted")]
    elif any(_after(state, index) is None for index in shown) and width(later) + len(_LATE) < cells:
        later.append(Span(_LATE, "muted"))
    return [tuple(numbers), tuple(today), tuple(later)]


_LATE = f"{ELLIPSIS} came after"
"""Said of requests that came after the remedies were tried."""


def _untried(state: WhatIf) -> str:
    """Say why nothing is known of what the remedies do."""
    if not state.basket.actions:
        return "no remedies yet"
    return "cannot be tried" if state.why_not else "working it out ..."


def _after(state: WhatIf, index: int) -> Replay | None:
    """Return the replay with the remedies; none for a request that came after they were tried."""
    replays = state.result.run.replays if state.result else ()
    return replays[index] if index < len(replays) else None


def _later(before: Replay, after: Replay | None) -> Span:
    if after is None:
        return Span(f"  {ELLIPSIS} ", "muted")
    glyph, tone = VERDICTS[after.verdict]
    return Span(f"{glyph:>3}{'~' if after.verdict != before.verdict else ' '}", tone)


def request_line(session: Session, state: WhatIf, index: int, cells: int) -> Line:
    """Draw one request of the table: its name, today, what-if, and where each stops."""
    before, after = session.run.replays[index], _after(state, index)
    glyph, tone = VERDICTS[before.verdict]
    later = _later(before, after) if state.result else Span(" " * 4)
    begins = (Span(f" {index + 1:02d}  ", "muted"),)
    today, then = (
        span(fit(_stop(before), _STOP), "muted"),
        span(fit(_stop(after) if after else _late(state), _STOP), "muted"),
    )
    if cells < _BOTH_STOPS:
        name = fit_name(file_name(before.capture), max(cells - 5 - 3 - 4 - _STOP, 8))
        return (
            *begins,
            span(name),
            Span(f" {glyph} ", tone),
            Span(f"{later.text[2:]} ", later.tone),
            then if state.result else today,
        )
    name = fit_name(file_name(before.capture), cells - 5 - 3 - _STOP - 3 - 1 - _STOP)
    return (
        *begins,
        span(name),
        Span(f" {glyph} ", tone),
        today,
        Span(f" {later.text[2:]}", later.tone),
        Span(" "),
        then,
    )


def outbound_line(session: Session, state: WhatIf, index: int, cells: int) -> Line:
    """Draw one outbound call of the table: its name, where it fails, and what becomes of it."""
    call = session.run.calls[index]
    later = state.result.run.calls if state.result else ()
    return call_line(call, cells, later=next((one for one in later if one.subject.path == call.subject.path), None))


def log(session: Session, state: WhatIf) -> list[str]:
    """Return the way of the chosen request as text, a line for each stage and lane."""
    if not session.run.replays:
        return []
    before, after = session.run.replays[state.request], _after(state, state.request)
    rows = [f"{before.capture}: {before.verdict} today" + (f", {after.verdict} with the remedies" if after else "")]
    for index, stage in enumerate(STAGES):
        for name, replay in (("today", before), ("what-if", after)):
            if replay is None:
                continue
            step = replay.steps[index]
            failed = "; ".join(one.says for one in step.results if one.outcome is Outcome.FAILED)
            rows.append(
                f"  {index + 1:>2} {stage.heading:<20} {name:<8} {step.outcome.value}{': ' + failed if failed else ''}"
            )
    return rows


def _late(state: WhatIf) -> str:
    return _LATE[2:] if state.result else ""


def _stop(replay: Replay) -> str:
    return replay.stage.heading if replay.stage else f"as {replay.user}" if replay.user else ""


def lanes(session: Session, state: WhatIf, cells: int, *, playing: bool = False) -> list[Line]:
    """Draw the way of the chosen request through the stages: today, and with the remedies."""
    if not session.run.replays:
        return []
    before, after = session.run.replays[state.request], _after(state, state.request)
    size = _stage_size(cells)
    named = MEDIUM if size > 9 else SHORT if size > 4 else TINY
    heading = spread(
        (
            Span(" Replay ", "heading"),
            span(f" {file_name(before.capture)}", "strong"),
            span(f"  request {state.request + 1} of {len(session.run.replays)}" if cells >= ROOMY else "", "muted"),
        ),
        (
            Span("playing  " if playing else "", "accent"),
            Span(f"stage {state.stage + 1} of {len(STAGES)}  {STAGES[state.stage].heading} ", "muted"),
        ),
        cells,
    )
    names: list[Span] = [Span(" " * 10)]
    for index, name in enumerate(named):
        tone: Tone = "selected" if index == state.stage else "muted"
        act = f"stage_at({index})"
        names += [Span(name, tone, act), Span(" " * max(size - len(name), 0), act=act)]
    say = _LATE[2:] if state.result else _untried(state) if state.basket.actions else _INVITES
    return [heading, tuple(names), _lane("today", before, None, size), _lane("what-if", after, before, size, say)]


_INVITES = "put remedies in to see what changes"


def _stage_size(cells: int) -> int:
    """Return how many columns a stage has in the lanes."""
    return min(13, max((cells - 10) // len(STAGES), 4))


def _stops(size: int) -> str:
    """Return what stands beside the stage that stops a request."""
    return " STOP" if size > 6 else "!"


def _lane(name: str, replay: Replay | None, before: Replay | None, size: int, say: str = "") -> Line:
    spans: list[Span] = [Span(f" {name:<9}", "muted")]
    if replay is None:
        return (*spans, Span(say, "muted"))
    stopped = False
    for index, step in enumerate(replay.steps):
        glyph, tone = GLYPHS[step.outcome]
        if step.outcome is Outcome.FAILED:
            glyph = f"{glyph}{'' if stopped else _stops(size)}"
            stopped = True
        if before is not None and before.steps[index].outcome is not step.outcome:
            glyph += "~"
        spans.append(Span(f"{glyph:<{size}}", tone, f"stage_at({index})"))
    return tuple(spans)


def legend(cells: int) -> Line:
    """Explain the glyphs of the lanes, those that explain themselves only where there is room."""
    mark = _stops(_stage_size(cells)).strip()
    texts = (
        f"✓ passes  ✗ fails  {mark} stops here, what follows as if mended  ? unknown  – does not apply  ~ changed",
        f"✓ passes  ✗ fails  {mark} stops here, then as if mended  ? unknown  – n/a  ~ changed",
        f"{mark} stops here, then as if mended  ? unknown  ~ changed",
    )
    return (Span(" "), Span(next((text for text in texts if len(text) < cells), texts[-1]), "muted"))


def stage_article(session: Session, state: WhatIf) -> list[Paragraph]:
    """Say what each lane checked in the chosen stage."""
    if not session.run.replays:
        return []
    before, after = session.run.replays[state.request], _after(state, state.request)
    paragraphs: list[Paragraph] = []
    first = before.stage
    if before.verdict == "rejected" and first is not None and STAGES.index(first) < state.stage:
        text = f"today the request stops at {first.heading}; this is what it would meet if that were mended"
        paragraphs.append(labelled("", text, "muted"))
    paragraphs += _results("today", before.steps[state.stage])
    if after is not None:
        changed = after.steps[state.stage].results != before.steps[state.stage].results
        if changed:
            paragraphs += _results("what-if", after.steps[state.stage])
        else:
            paragraphs.append(labelled("what-if", "the same", "muted"))
    paragraphs.append(blank())
    paragraphs += _answer("today", before)
    if after is not None:
        paragraphs += _answer("what-if", after)
    return paragraphs


_WORST_FIRST = (Outcome.FAILED, Outcome.ERROR, Outcome.UNKNOWN, Outcome.PASSED, Outcome.NOT_APPLICABLE)


def _results(label: str, step: Step) -> list[Paragraph]:
    if not step.results:
        return [labelled(label, "no check in this stage", "muted")]
    worst_first = sorted(step.results, key=lambda one: _WORST_FIRST.index(one.outcome))
    return [result_paragraph(result, label if index == 0 else "") for index, result in enumerate(worst_first)]


def _answer(label: str, replay: Replay) -> list[Paragraph]:
    glyph, tone = VERDICTS[replay.verdict]
    text = {"accepted": "accepted", "rejected": "rejected", "undecided": "undecided: facts are missing"}[replay.verdict]
    if replay.verdict == "accepted" and replay.user:
        text += f" as {replay.user}"
    if replay.stage is not None:
        text += f" at {replay.stage.heading}"
    spans = [span(f"{glyph} {text}", tone)]
    if replay.predicted is not None:
        fault = f", {replay.predicted.fault}" if replay.predicted.fault else ""
        messages = f" ({', '.join(replay.predicted.messages)})" if replay.predicted.messages else ""
        spans.append(
            span(
                f"  answer, modelled: {replay.predicted.status}{fault}{messages}, basis {replay.predicted.basis}",
                "muted",
            )
        )
    paragraphs = [labelled(label, tuple(spans))]
    if replay.observed is not None and label == "today":
        fault = f", {replay.observed.fault}" if replay.observed.fault else ""
        agrees: tuple[str, Tone] = {
            True: ("agrees with the model", "pass"),
            False: ("disagrees with the model: trust the capture", "warn"),
            None: ("cannot be compared", "unknown"),
        }[replay.agrees]  # type: ignore[assignment]
        paragraphs.append(
            labelled("captured", line(span(f"{replay.observed.status}{fault}  "), span(agrees[0], agrees[1])))
        )
    return paragraphs
