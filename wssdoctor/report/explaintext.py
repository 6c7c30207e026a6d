"""An explanation as text: what it is, what to do now, how sure that is."""

from __future__ import annotations

import re
import shlex
from collections import Counter

from wssdoctor.report.explanation import Cause, Explanation, Recognised
from wssdoctor.report.page import Page
from wssdoctor.report.shown import shown

_TOP = 3
_ROOM = 11
"""Lines for messages on a first screen of 24; what to do and how sure that is take the rest."""
_BRIEF = 2
"""Messages that are shown there where there is no room for all."""
_LISTED = re.compile(r"(\w+(?: or \w+)*) (.+)")
_NEAR = 0.75
"""The share of the first score from which on a cause fits nearly as well."""
_STATUSES = {"confirmed": "confirmed by a check of the system", "ruled-out": "ruled out by a check of the system"}
_BASES = {"sap": "documented by SAP", "community": "as others have seen it", "inferred": "inferred, not documented"}


def render(
    explanation: Explanation,
    *,
    width: int = 80,
    color: bool = False,
    verbose: bool = False,
    system: str = "",
    knowledge: str = "",
) -> str:
    """Return the explanation as text; what is left out is counted.

    ``system`` is the description it was held against, ``knowledge`` the folder of own knowledge: the commands that it
    names repeat them.
    """
    page = Page(width, color=color)
    own = f" --knowledge {shlex.quote(knowledge)}" if knowledge else ""
    if not explanation.recognised and not explanation.causes:
        _nothing(page, explanation, own)
        return page.text()
    recognised = _once(explanation.recognised)
    first = _first_screen(recognised, explanation, width)
    if recognised:
        page.heading("what it is")
    for number, (one, lines) in enumerate(first):
        brief, alone = len(first) < len(recognised), not number and not explanation.causes
        _message(page, one, lines, brief=brief, alone=alone, again=number > 0 and _same(one, first[number - 1][0]))
    if len(first) < len(recognised):
        left = len(recognised) - len(first)
        page.say(f"and {left} more message{'s' if left > 1 else ''}, all below", indent=2, style="quiet")
    _now(page, explanation, shlex.quote(system) if system else "SYSTEM", own)
    kept = explanation.causes if verbose else explanation.causes[:_TOP]
    _order(page, explanation, kept)
    _causes(page, explanation, kept, verbose=verbose)
    if len(first) < len(recognised):
        page.heading("all that was recognised")
        for one, lines in recognised:
            _message(page, one, lines)
    _remarks(page, explanation)
    return page.text()


def _nothing(page: Page, explanation: Explanation, own: str) -> None:
    """Say what to do where nothing is known."""
    page.say("Nothing in this text is known.", style="doubt")
    if explanation.suggestions:
        page.say(f"Did you mean {' or '.join(explanation.suggestions)}?")
    page.heading("what to do now")
    _evidence(page, explanation, own)
    page.say(f'wssdoctor ask "WHAT HAPPENS"{own}', indent=2, mark="or", hang=8)
    page.say("wssdoctor knowledge list messages shows what is known.", indent=2, style="quiet")


def _evidence(page: Page, explanation: Explanation, own: str) -> None:
    """Say which evidence to get, and what to do with it."""
    for number, one in enumerate(explanation.next_evidence):
        page.say(one, indent=2, mark="or" if number else "get", hang=8)
    page.say(f"wssdoctor explain FILE{own}, with what you found", indent=2, mark="then", hang=8, style="strong")


def _first_screen(
    recognised: list[tuple[Recognised, list[int]]], explanation: Explanation, width: int
) -> list[tuple[Recognised, list[int]]]:
    """Return the messages that leave room for what to do on a first screen: all, or those that tell most."""
    page = Page(width)
    for one, lines in recognised:
        _message(page, one, lines)
    if page.text().count("\n") <= _ROOM:
        return recognised
    telling = explanation.causes[0].because if explanation.causes else ()
    hiding = {one.id for one, _ in recognised if one.hides_reason}
    return sorted(recognised, key=lambda one: (one[0].id not in hiding, one[0].id not in telling))[:_BRIEF]


def _causes(page: Page, explanation: Explanation, kept: tuple[Cause, ...], *, verbose: bool) -> None:
    """Say what causes it: how to see whether it is, and what helps."""
    if kept:
        page.heading("what causes it, most likely first")
    for number, cause in enumerate(kept, 1):
        page.blank()
        page.say(cause.title, indent=2, mark=f"{number}.", hang=3, style="strong")
        if cause.status != "possible":
            page.say(_STATUSES[cause.status], indent=5, style="bad" if cause.status == "confirmed" else "good")
        because = f"; because of {', '.join(cause.because)}" if cause.because else ""
        for position, line in enumerate(cause.evidence):
            page.say(line, indent=5, mark="" if position else "Evidence", hang=14)
        page.say(f"{cause.cause}; {_BASES[cause.basis]}{because}", indent=5, style="quiet")
        page.say(cause.explanation, indent=5)
        page.say(cause.confirm, indent=5, mark="It is, if", hang=14)
        page.say(cause.rule_out, indent=5, mark="It is not, if", hang=14)
        for position, (remedy, title) in enumerate(zip(cause.remedies, cause.remedy_titles, strict=True)):
            page.say(f"{title} ({remedy})", indent=5, mark="" if position else "Remedy", hang=14)
            if verbose:
                page.pairs(list(cause.partners.get(remedy, {}).items()), indent=19)
    more = len(explanation.causes) - len(kept)
    if more:
        page.say(f"and {more} more possible causes (--verbose shows all)", indent=2, style="quiet")


def _now(page: Page, explanation: Explanation, system: str, own: str) -> None:
    """Say what to do now, and how sure that is."""
    first = explanation.causes[0] if explanation.causes else None
    hidden = bool(explanation.next_evidence)
    page.heading("what to do now")
    if first is None:
        page.say(explanation.recognised[0].no_cause, indent=2, mark="know", hang=8)
    if hidden:
        _evidence(page, explanation, own)
    elif first is not None and first.status == "ruled-out":
        page.say("The checks of the system rule out every cause that is known for this.", indent=2, style="strong")
    if first is not None and first.status != "ruled-out" and (not hidden or first.status == "confirmed"):
        confirmed = first.status == "confirmed"
        mark = "it is" if confirmed else "maybe" if _guessed(explanation) else "likely"
        page.say(first.title, indent=2, mark=mark, hang=8)
        page.say(first.evidence[0] if confirmed and first.evidence else first.confirm, indent=2, mark="look", hang=8)
        if first.remedies:
            page.say(first.remedy_titles[0], indent=2, mark="then", hang=8, style="strong")
            page.say(f"wssdoctor knowledge show {first.remedies[0]}{own}", indent=2, mark="steps", hang=8)
    if explanation.besides:
        titles = "; ".join(f"{title} ({cause})" for cause, title in explanation.besides.items())
        page.say(f"The system shows besides: {titles}.", indent=2)
    page.heading("how sure")
    counts = Counter(cause.status for cause in explanation.causes)
    if counts["confirmed"] or counts["ruled-out"]:
        parts = [f"{counts[one]} {one}" for one in ("confirmed", "ruled-out", "possible") if counts[one]]
        said = ", ".join(parts).replace("ruled-out", "ruled out")
        page.say(f"By the checks of the system: {said}.", indent=2)
    elif first is None:
        page.say(
            "The text names no cause. If something fails, its cause stays unknown until the evidence is there.",
            indent=2,
        )
    elif hidden:
        page.say("The text hides the cause. What is named below is possible, not more.", indent=2)
    elif _guessed(explanation):
        page.say("A guess: no message was recognised, only single words fit. Say more, or get the evidence.", indent=2)
    else:
        page.say(f"Possible, not confirmed: {_among(explanation)}. Words prove nothing.", indent=2)
    if explanation.question and first and explanation.question["yes_if"] not in ("", "-", first.confirm):
        page.say(f"What decides first: {explanation.question['yes_if']}", indent=2)
    page.say(f"wssdoctor check {system} --replay CAPTURE{own}", indent=2, mark="to confirm", hang=12)


def _guessed(explanation: Explanation) -> bool:
    """Whether the causes rest on nothing but words that they share with the text."""
    first, *others = explanation.causes
    return bool(others) and not (first.because or first.why or explanation.understood)


def _among(explanation: Explanation) -> str:
    """Say how far the first cause stands before the others."""
    first, *others = explanation.causes
    if not others:
        named = first.because or explanation.understood
        return "the one cause that is known for it" if named else "it is the cause that you named"
    if not explanation.understood:
        many = sum(bool(cause.because) for cause in explanation.causes) or len(explanation.causes)
        return f"the likeliest of {many} causes" if many > 1 else "the one cause that is known for it"
    near = [cause.title for cause in others[:_TOP] if cause.score >= _NEAR * first.score]
    if near:
        return f"it fits best. Nearly as well fits: {'; or: '.join(near[:2])}"
    return "it fits best, the others clearly less"


def _order(page: Page, explanation: Explanation, kept: tuple[Cause, ...]) -> None:
    """Say what was understood of a description, and what that says for and against the causes that are shown."""
    if not explanation.understood:
        return
    page.heading("why this order")
    for one in explanation.understood:
        words = "" if one.words.startswith(one.means) else f' ("{shown(one.words, 80)}")'
        page.say(f"{one.means}{words}", indent=2, mark="you say", hang=9)
    reasons: dict[str, list[int]] = {}
    for number, cause in enumerate(kept, 1):
        for reason in (*cause.why[:1], *cause.against[:1]):
            reasons.setdefault(reason, []).append(number)
    for reason, numbers in reasons.items():
        page.say(reason, indent=2, mark=f"{', '.join(map(str, numbers))}.", hang=9)


def _remarks(page: Page, explanation: Explanation) -> None:
    """Say who sees the messages, and where sources disagree."""
    remarks = [
        (one.id, label, said)
        for one, _ in _once(explanation.recognised)
        for label, said in (("is seen by", one.seen_by), ("has contradicting sources", one.contradiction))
        if said
    ]
    if remarks:
        page.heading("remarks")
    for identifier, label, said in remarks:
        page.say(f"{identifier} {label}: {said}", indent=2)


def _once(recognised: tuple[Recognised, ...]) -> list[tuple[Recognised, list[int]]]:
    """Return each message once, with the lines that name it."""
    lines: dict[str, list[int]] = {}
    first: dict[str, Recognised] = {}
    for one in recognised:
        first.setdefault(one.id, one)
        lines.setdefault(one.id, []).append(one.line)
    return [(one, lines[one.id]) for one in first.values()]


def _stands_for(value: str, meaning: str) -> str:
    """Return what a value means where the values are listed, such as ``kind: A one, B or b another``; else the meaning."""
    label, _, listed = meaning.partition(": ")
    for entry in listed.split(", "):
        listing = _LISTED.fullmatch(entry)
        if listing is not None and value in listing[1].split(" or "):
            return f"{label}: {listing[2]}"
    return meaning


def _names(one: Recognised) -> bool:
    """Whether the words of the text are the id alone, in some writing: then the message's own text says more."""
    return bool(one.written) and re.sub(r"\W|(?<=\D)0+", "", one.text.upper()) == re.sub(
        r"\W|(?<=\D)0+", "", one.id.upper()
    )


def _same(one: Recognised, other: Recognised) -> bool:
    """Whether two messages were recognised by the same words."""
    return (one.line, one.text) == (other.line, other.text)


def _message(
    page: Page, one: Recognised, lines: list[int], *, brief: bool = False, alone: bool = False, again: bool = False
) -> None:
    """Say what a message means; in brief without its variables and where it is known from.

    Of one that stands alone, ``_now`` says why it names no cause. The words of one that is recognised by the same
    words ``again`` are not repeated.
    """
    places = "" if lines == [1] else f"  (line {', '.join(map(str, lines[:5]))}{' ...' if len(lines) > 5 else ''})"
    text = one.text if one.placeholders or not _names(one) else one.written
    said = f'  "{shown(text, 40 if brief else 120)}"' if text and text != one.id else ""
    page.say(f"{one.id} (the same words)" if again else f"{one.id}{said}{places}", indent=2, style="strong")
    page.say(one.meaning, indent=4)
    if brief:
        return
    for name, value in one.placeholders.items():
        means = f" ({_stands_for(value, one.variables[name])})" if name in one.variables else ""
        page.say(f"{shown(value, 120)}{means}", indent=4, mark=shown(name), hang=max(map(len, one.placeholders)) + 2)
    if one.no_cause and not alone:
        page.say(f"no cause: {one.no_cause}", indent=4)
    page.say(_BASES[one.basis], indent=4, style="quiet")
