"""An interview at the prompt: one short question after the other, the ranking after each answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wssdoctor.description.answer import expected, in_words
from wssdoctor.description.answer import read as value_of
from wssdoctor.diagnosis.interview import Interview
from wssdoctor.diagnosis.question import Question, Wanted
from wssdoctor.report.page import Page
from wssdoctor.report.shown import shown

LETTERS = "abcdefghij"
_LIKELY = 3
HELP = "a letter or a value; Enter: not known; back: the question before; end: enough"


def interviewed(start: Interview, read: Callable[[str], str], say: Callable[[str], None]) -> Interview:
    """Ask until the cause is found, nothing is left to ask, or it is enough; return the last state.

    ``read`` shows a prompt and returns what was typed; ``say`` shows text.
    """
    now = start
    say(standing(now))
    while (question := now.question) is not None:
        say(heading(question, len(now.replies) + 1))
        reply = _said(now, question, read, say) if question.cause else _answered(now, question, read, say)
        if reply is None:
            return now
        now = reply
        say(standing(now))
    return now


def standing(now: Interview) -> str:
    """Say which causes are likely now."""
    page = Page(80)
    first = [one for one in now.ranking if one.status != "ruled-out"][:_LIKELY]
    page.blank()
    if now.found is not None:
        page.say(f"Found: {now.base.causes[now.found].title} ({now.found})")
        return page.text()
    for number, one in enumerate(first, 1):
        how = "confirmed" if one.status == "confirmed" else f"{one.share:.0%}"
        page.say(f"{how:>9}  {now.base.causes[one.cause].title}", mark=f"{number}.", hang=3)
    if now.question is None:
        page.say("There is nothing left to ask.")
    return page.text()


def heading(question: Question, number: int) -> str:
    """Say what to look at."""
    page = Page(80)
    page.blank()
    page.say(f"Question {number}: {shown(question.subject, 200)}")
    if question.cause:
        page.say(question.yes_if, indent=2, mark="yes, if", hang=9)
        page.say(question.no_if, indent=2, mark="no, if", hang=9)
    return page.text()


def asked(wanted: Wanted) -> str:
    """Say which fact is wanted, where it is found, and what it may be."""
    page = Page(80)
    page.say("; ".join(part for part in in_words(wanted.declaration) if part), indent=2)
    page.say(wanted.declaration.obtain, indent=2, mark="look in", hang=9)
    for letter, choice in zip(LETTERS, wanted.choices, strict=False):
        meaning = f" (speaks for {', '.join(choice.causes[:3])})" if choice.causes else ""
        usual = " (speaks for no fault)" if choice.usual and not choice.causes else ""
        page.say(f"{shown(choice.shown, 120)}{usual}{meaning}", indent=4, mark=letter, hang=3)
    if not wanted.choices:
        page.say(expected(wanted.declaration), indent=2, mark="type", hang=9)
    return page.text()


def _answered(
    now: Interview, question: Question, read: Callable[[str], str], say: Callable[[str], None]
) -> Interview | None:
    """Ask for the facts of one look; nothing where it is enough."""
    values: dict[str, Any] = {}
    for wanted in question.facts:
        say(asked(wanted))
        may = expected(wanted.declaration)
        while True:
            typed = read("  ?").strip()
            if typed in ("end", "back"):
                return None if typed == "end" else now.before or now
            if not typed:
                break
            if typed == "?":
                say(f"  {HELP}")
                continue
            try:
                values[wanted.path] = _value(typed, wanted)
                now.answered(values)
            except ValueError:
                values.pop(wanted.path, None)
                say(f"  {shown(typed, 60)} cannot be the value. Expected is {shown(may, 200)}.\n  {HELP}")
                continue
            break
        if wanted.path.endswith(".exists") and values.get(wanted.path) is False:
            break  # there is nothing more to see of it
    return now.answered(values)


def _value(typed: str, wanted: Wanted) -> Any:
    """Return what was typed as plain data. Raises ``ValueError`` for what the fact cannot be."""
    if len(typed) == 1 and typed in LETTERS[: len(wanted.choices)]:
        return wanted.choices[LETTERS.index(typed)].value
    return value_of(typed, wanted.declaration)


def _said(now: Interview, _: Question, read: Callable[[str], str], say: Callable[[str], None]) -> Interview | None:
    while True:
        typed = read("  Is it so? (y/n)").strip().lower()
        if typed in ("y", "yes", "n", "no"):
            return now.said(typed.startswith("y"))
        if typed in ("end", "back"):
            return None if typed == "end" else now.before or now
        if not typed:
            return now.skipped()
        say(f"  y or n; {HELP.partition('; ')[2]}")
