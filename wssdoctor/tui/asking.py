"""An interview as lines: how the causes rank, what is asked, how to find the answer. Knows no terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from wssdoctor.description.answer import example, expected, in_words
from wssdoctor.description.fact import Declaration
from wssdoctor.description.insert import EMPTY, REMARK
from wssdoctor.diagnosis.interview import Candidate, Interview
from wssdoctor.diagnosis.question import Question, Wanted
from wssdoctor.knowledge.base import Base
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import Line, Paragraph, Span, Tone, blank, fit, labelled, line, prose, span, spread
from wssdoctor.tui.rows import count
from wssdoctor.tui.session import Session

_ORDERED = 80
"""Columns from which the order of the ranking is said."""


class Option(Struct, frozen=True):
    """One answer that can be chosen."""

    kind: str
    """``value``, ``other``, ``unknown``, ``yes``, ``no``."""
    text: str
    about: str = ""
    value: Any = None


class Kept(Struct, frozen=True):
    """Where answers are kept, and the text that they are put into."""

    path: Path
    text: Callable[[], str]
    """Reads the text. Raises ``OSError``, and ``ValueError`` where it is none."""
    own: bool
    """Whether it is the description of the case itself."""


def kept(session: Session, here: Path) -> Kept:
    """Return the case's own description; for exports, or without a description, a new file."""
    system = session.opening.system if session.opening else None
    if system is None:
        return Kept(here / "answered.yaml", lambda: EMPTY, own=False)
    path = system.absolute()
    if session.account is not None:
        return Kept(path.with_name(f"{path.name}.answered.yaml"), lambda: session.text, own=False)
    return Kept(path, lambda: path.read_text("utf-8"), own=True)


def saving(additions: Mapping[str, Any], to: Kept) -> str:
    """Say what saving would do."""
    facts = f"{count(len(additions), 'fact')} from your answers"
    marked = f"each marked with '# {REMARK}'"
    if to.own:
        return f"{to.path} gets {facts}, {marked}. Nothing else in it changes. Then the case is read again."
    there = "is there already and will be replaced" if to.path.exists() else "is not there yet"
    return f"A new description with {facts}, {marked}: {to.path}, which {there}."


def fact_asked(question: Question, given: Mapping[str, Any]) -> Wanted | None:
    """Return the first fact of a question that has no reply yet; what does not exist has no more to look at."""
    if any(path.endswith(".exists") and value is False for path, value in given.items()):
        return None
    return next((one for one in question.facts if one.path not in given), None)


def options(question: Question, given: Mapping[str, Any], base: Base) -> tuple[Option, ...]:
    """Return the answers to choose from: those that tell causes apart, one that is typed, and that nobody knows."""
    unknown = Option("unknown", "Nobody knows", "the fact stays unknown")
    wanted = fact_asked(question, given)
    if wanted is None:
        return (Option("yes", "Yes, it is so"), Option("no", "No, it is not"), unknown)
    choices = []
    for one in wanted.choices:
        titles = "; ".join(base.causes[cause].title for cause in one.causes[:2] if cause in base.causes)
        about = "speaks for no fault" if one.usual else f"speaks for: {titles}" if titles else ""
        choices.append(Option("value", one.shown, about, one.value))
    if _closed(wanted):
        return (*choices, unknown)
    declared = wanted.declaration
    typed = f"them, such as {example(declared)}" if _several(declared) else expected(declared)
    other = Option("other", "Another value ..." if choices else "The value ...", f"type {typed}")
    return (*choices, other, unknown)


def _several(declared: Declaration) -> bool:
    return declared.shape in ("texts", "records")


def _closed(wanted: Wanted) -> bool:
    """Whether the choices are all values that there are."""
    values = [one.value for one in wanted.choices]
    yes_or_no = len(values) == 2 and all(isinstance(one, bool) for one in values)
    return yes_or_no or (bool(wanted.declaration.options) and {*wanted.declaration.options} <= {*map(str, values)})


def option_line(option: Option, cells: int, longest: int = 0) -> Line:
    """Draw one answer in a row of so many cells, beside others of which the longest has so many."""
    size = min(max(cells // 3, 18), max(longest, 26), 36)
    return (span(f"  {fit(option.text, size)} "), span(fit(option.about, max(cells - size - 3, 0)), "muted"))


def status(interview: Interview | None, cells: int) -> list[Line]:
    """Say how far the interview is."""
    if interview is None:
        return [(Span(" Interview: working out what to ask ...", "accent"),)]
    answered = sum(bool(one.values) or one.said is not None for one in interview.replies)
    skipped = len(interview.replies) - answered
    possible = sum(one.status == "possible" for one in interview.ranking)
    order = ", likeliest first" if cells >= _ORDERED else ""
    right = (Span(f"{answered} answered, {skipped} skipped ", "muted"),)
    return [
        spread(
            (Span(" "), Span("Interview", "heading"), span(f"  {possible} causes are possible{order}", "muted")),
            right,
            cells,
        )
    ]


def ranking(interview: Interview | None, base: Base, cells: int, rows: int) -> list[Line]:
    """Draw so many first causes with their shares, and how each moved by the last reply."""
    if interview is None:
        return []
    places = _places(interview.before)
    lines: list[Line] = []
    left = _left(interview)
    shown = left[:rows]
    bars = max((_bar(one) for one in shown), default=0)
    longest = max((len(base.causes[one.cause].title) for one in shown), default=0)
    room = min(longest, max(cells - bars - 13, 8))
    for place, one in enumerate(shown, 1):
        before = places.get(one.cause)
        glyph, tone = _moved(before, place) if interview.before is not None else (" ", "muted")
        title = base.causes[one.cause].title
        sign, colour = {"confirmed": ("✗", "fail"), "possible": ("?", "unknown"), "ruled-out": ("✓", "pass")}[
            one.status
        ]
        lines.append(
            (
                Span(f" {glyph} ", tone),
                Span(f"{sign} ", colour),  # type: ignore[arg-type]
                span(fit(title, room), "strong" if place == 1 else "text"),
                Span(f"  {'█' * _bar(one):<{bars}}", "accent"),
                Span(f" {one.share:>4.0%}", "muted"),
            )
        )
    if len(left) > len(shown):
        lines.append(line(span(f"     and {len(left) - len(shown)} more", "muted")))
    return lines


def _bar(one: Candidate) -> int:
    return round(one.share * 10)


def _left(interview: Interview) -> Sequence[Candidate]:
    return [one for one in interview.ranking if one.status != "ruled-out"]


def _places(interview: Interview | None) -> dict[str, int]:
    return {one.cause: place for place, one in enumerate(interview.ranking, 1)} if interview else {}


def _moved(before: int | None, now: int) -> tuple[str, Tone]:
    if before is None or before > now:
        return "▲", "pass"
    return ("▼", "warn") if before < now else ("·", "muted")


def asked(interview: Interview, given: Mapping[str, Any], base: Base) -> list[Paragraph]:
    """Say what is asked and how to find the answer; at the end, what was found."""
    question = interview.question
    if question is None:
        return _ended(interview, base)
    wanted = fact_asked(question, given)
    if wanted is None:
        title = base.causes[question.cause].title if question.cause in base.causes else question.about
        return [
            Paragraph((Span("Is it this?  ", "heading"), span(title, "strong")), 1, 3),
            labelled("It is, if", question.yes_if, column=14),
            labelled("It is not, if", question.no_if, column=14),
        ]
    declared = wanted.declaration
    asked, otherwise = in_words(declared)
    whether = asked.startswith("Whether ")
    number, total = [one.path for one in question.facts].index(wanted.path) + 1, len(question.facts)
    which = f"   {number} of {total}" if total > 1 else ""
    said = [
        Paragraph(
            (
                Span("Find out  " if whether else "What do you find?  ", "heading"),
                span(f"w{asked[1:]}" if whether else asked, "strong"),
                span(which, "muted"),
            ),
            1,
            3,
        ),
        labelled("About", line(span(question.subject or question.about), span(f"   {wanted.path}", "muted"))),
    ]
    typed = expected(declared) if _several(declared) else ""
    for label, text in (("Where", declared.home), ("Look", declared.obtain), ("Note", otherwise), ("Type", typed)):
        if text:
            said.append(labelled(label, text))
    titles = [base.causes[one].title for one in question.decides[:3] if one in base.causes]
    if titles:
        said.append(labelled("Decides", "; ".join(titles), "muted"))
    return said


def _ended(interview: Interview, base: Base) -> list[Paragraph]:
    found = interview.found
    if found is None:
        said = [
            prose("There is nothing left to ask, and no cause is sure.", "unknown", indent=1),
            prose(
                "The ranking above is what can be said. A captured request, or facts that were skipped, tell more.",
                indent=1,
            ),
        ]
    else:
        cause = base.causes[found]
        status = next(one.status for one in interview.ranking if one.cause == found)
        word = "CONFIRMED" if status == "confirmed" else "MOST LIKELY"
        said = [
            Paragraph((Span(f"{word}  ", "fail"), span(cause.title, "strong")), 1, 3),
            labelled("Cause", cause.explanation),
        ]
        because = next((one.because for one in interview.ranking if one.cause == found), ())
        said += [labelled("Because" if index == 0 else "", one) for index, one in enumerate(because)]
        for remedy in cause.remedies:
            said += [
                labelled("Remedy", line(span(base.remedies[remedy].title, "strong"), span(f"  {remedy}", "muted")))
            ]
    if interview.answers:
        said += [blank(), labelled("Answers", "")]
    for reply in interview.replies:
        for path, value in reply.values.items():
            said.append(Paragraph(line(span(f"{path}  ", "accent"), span(str(value))), 3, 5))
    keys = [f"{key('interview-article')} reads the article."]
    if interview.replies:
        saved, undone = key("interview-save"), key("interview-undo")
        keys.insert(0, f"{saved} writes the answers into a description; {undone} takes the last one back.")
    said += [blank(), prose(" ".join(keys), "muted", indent=1)]
    return said
