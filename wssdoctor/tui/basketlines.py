"""The what-if basket as lines: remedies to put in, what today looks like, what the basket makes of it. Knows no terminal."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from wssdoctor.diagnosis.run import Run
from wssdoctor.diagnosis.whatif import Action, Tried
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lanes import ROOMY, VERDICTS
from wssdoctor.tui.lines import Line, Paragraph, Span, Tone, fit, fit_name, line, plain, span, spread, width, wrap
from wssdoctor.tui.rows import count
from wssdoctor.tui.session import Session
from wssdoctor.tui.whatif import Offer, WhatIf, turned

_TRIAL = 10
"""Columns for what a remedy does alone."""


def offer_lines(offer: Offer, cells: int, *, chosen: bool, whole: bool = False) -> list[Line]:
    """Draw a remedy: in or out, what it is for, what it does alone, and whether it weakens security.

    It takes one line; with the ``whole`` title as many as that needs.
    """
    mark = ("[–]", "muted") if offer.possible else ("[x]", "accent") if chosen else ("[ ]", "text")
    alone: tuple[str, Tone] = {
        "resolved": ("✓ helps", "pass"),
        "unchanged": ("✗ no help", "fail"),
        "new-problem": ("! harms", "warn"),
        None: ("? untried", "unknown"),
    }[offer.trial]  # type: ignore[assignment]
    note = Span(" SECURITY ", "security") if offer.weakens else Span("")
    where = 18 if cells >= 90 else 0
    room = max(cells - 5 - 1 - where - _TRIAL - 10 - 1, 10)  # the last cell stays free: a scrollbar is beside it
    first, *rest = wrap(Paragraph(line(offer.title)), room) if whole else [line(offer.title)]
    return [
        (
            Span(f" {mark[0]} ", mark[1], "in_or_out"),  # type: ignore[arg-type]
            span(fit(plain(first), room)),
            Span(" "),
            span(fit_name(offer.subject, where), "muted"),
            Span(fit(alone[0], _TRIAL), alone[1]),
            note,
        ),
        *((Span(" " * 5), *one) for one in rest),
    ]


def summary(session: Session, state: WhatIf, offers: Sequence[Offer], cells: int) -> list[Line]:
    """Say what today looks like, what the basket makes of it, and what it costs."""
    weak = {offer.action for offer in offers if offer.weakens}
    today = _counts(session.run)
    number = len(session.run.replays)
    partly = f" of {session.captured}" if number < session.captured else ""
    roomy = cells >= ROOMY
    many = f" {number}{partly} requests   today " if partly or roomy else " today "
    left = [Span(many, "warn" if partly else "muted"), *today]
    if not state.basket.actions:
        plan, toggle = key("whatif-plan"), key("whatif-toggle")
        with_plan = f"{plan} the smallest set" if roomy else f"{plan} puts the smallest set in"
        hints = [(f"{toggle} puts a remedy in", roomy or not session.plan), (with_plan, session.plan is not None)]
        hint = "   " + ", ".join(text for text, so in hints if so) if offers else ""
        return [spread((*left, Span(hint, "muted")), (), cells), _plan_line(session, weak, cells)]
    number = len(state.basket.actions)
    left.append(Span(f"   with {count(number, 'remedy') if roomy else number} ", "muted"))
    if state.why_not:
        return [tuple(left), (span(f" ! cannot be tried: {state.why_not}", "warn"),)]
    if state.result is None:
        return [(*left, Span("working it out ...", "accent")), ()]
    left += _counts(state.result.run)
    lefts = [tuple(left)] if partly else [tuple(left), (Span(" "), *left[1:])]  # the lanes name the requests too
    loud = _security(sum(action in weak for action in state.basket.actions))
    return [
        _turned(lefts, *turned(session.run, state.result.run), cells),
        _loudly(_remaining(state.result, state.unclear, session), loud, cells),
    ]


def _turned(lefts: Sequence[Line], gained: int, lost: int, cells: int) -> Line:
    """Say what came of it behind what is counted, in as many words as there is room for; what was lost in any case."""
    now = Span(f"{gained} now accepted", "pass" if gained else "muted")
    no_longer = Span(f"{lost} no longer accepted", "fail")
    rights: Sequence[Line] = [(now,), ()]
    if lost:
        rights = [(no_longer, Span("  "), now), (no_longer,), (Span(f"{lost} no longer", "fail"),)]
    for right in rights:
        for left in lefts:
            if width((*left, *right)) + 1 < cells:
                return spread(left, (*right, Span(" ")), cells)
    return spread(lefts[-1], (*rights[-1], Span(" ")), cells)


def _plan_line(session: Session, weak: Collection[Action], cells: int) -> Line:
    plan = session.plan
    if plan is None:
        return ()
    if not plan.actions:
        return (Span(" No known remedy can be tried for what is wrong here.", "warn"),)
    kind = "Smallest plan" if plan.smallest else "A plan"
    text = f" {kind}: {count(len(plan.actions), 'remedy')}"
    rest = f"; {len(plan.remaining)} cause(s) remain" if plan.remaining else "; no check fails afterwards"
    found = session.coverage
    unclear = found.unknown + found.error if found else 0
    open_ = f", {unclear} stay without an answer" if unclear else ""
    said = (Span(text, "accent"), Span(rest, "warn" if plan.remaining else "muted"), Span(open_, "unknown"))
    return _loudly(said, _security(sum(action in weak for action in plan.actions)), cells)


def _loudly(said: Line, loud: Line, cells: int) -> Line:
    """Put a note on security after a line, which is cut before the note is."""
    return (*said, *loud) if width((*said, *loud)) <= cells else spread(said, loud, cells)


def _security(number: int) -> Line:
    """Say loudly how many remedies weaken security."""
    if not number:
        return ()
    return (Span("  "), Span(f" {number} WEAKEN{'S' if number == 1 else ''} SECURITY ", "security"))


def _remaining(result: Tried, unclear: int, session: Session) -> Line:
    left = len(result.failing)
    if left:
        new = len(result.failing - {finding.key for finding in session.confirmed})
        text = f" {left} finding{'' if left == 1 else 's'} remain confirmed" + (f", {new} of them new" if new else "")
        return (Span(text, "fail" if new else "warn"),)
    if unclear:
        return (Span(f" No check fails any more, but {unclear} could not be answered", "unknown"),)
    return (Span(" No check fails any more", "pass"),)


def _counts(run: Run) -> list[Span]:
    spans = []
    for verdict in ("rejected", "accepted", "undecided"):
        number = sum(replay.verdict == verdict for replay in run.replays)
        glyph, tone = VERDICTS[verdict]
        if number or verdict != "undecided":
            spans.append(Span(f"{glyph} {number}  ", tone if number else "muted"))
    return spans
