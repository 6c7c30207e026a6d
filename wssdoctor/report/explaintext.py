"""An explanation as text: what it is, what to do now, how sure that is."""

from __future__ import annotations

from collections import Counter

from wssdoctor.report.explanation import Cause, Explanation, Recognised
from wssdoctor.report.page import Page
from wssdoctor.report.shown import shown

_TOP = 3
_STATUSES = {"confirmed": "confirmed by a check of the system", "ruled-out": "ruled out by a check of the system"}
_BASES = {"sap": "documented by SAP", "community": "as others have seen it", "inferred": "inferred, not documented"}


def render(
    explanation: Explanation, *, width: int = 80, color: bool = False, verbose: bool = False, system: str = ""
) -> str:
    """Return the explanation as text; what is left out is counted. ``system`` is the description it was held against."""
    page = Page(width, color=color)
    if not explanation.recognised and not explanation.causes:
        page.say("Nothing in this text is known.", style="doubt")
        if explanation.suggestions:
            page.say(f"Did you mean {' or '.join(explanation.suggestions)}?")
        page.say("wssdoctor knowledge list messages shows what is; a captured request says more than a text.")
        return page.text()
    if explanation.recognised:
        page.heading("what it is")
    for one, lines in _once(explanation.recognised):
        _message(page, one, lines)
    if explanation.causes:
        _now(page, explanation, system)
    kept = explanation.causes if verbose else explanation.causes[:_TOP]
    _order(page, explanation, kept)
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
    _remarks(page, explanation)
    return page.text()


def _now(page: Page, explanation: Explanation, system: str) -> None:
    """Say what to do now, and how sure that is."""
    first = explanation.causes[0]
    page.heading("what to do now")
    if first.status == "ruled-out":
        page.say("The checks of the system rule out every cause that is known for this.", indent=2, style="strong")
    else:
        confirmed = first.status == "confirmed"
        page.say(first.title, indent=2, mark="it is" if confirmed else "likely", hang=8)
        page.say(first.evidence[0] if confirmed and first.evidence else first.confirm, indent=2, mark="look", hang=8)
        if first.remedies:
            page.say(first.remedy_titles[0], indent=2, mark="then", hang=8, style="strong")
            page.say(f"wssdoctor knowledge show {first.remedies[0]}", indent=2, mark="steps", hang=8)
    if explanation.besides:
        titles = "; ".join(f"{title} ({cause})" for cause, title in explanation.besides.items())
        page.say(f"The system shows besides: {titles}.", indent=2)
    page.heading("how sure")
    counts = Counter(cause.status for cause in explanation.causes)
    if counts["confirmed"] or counts["ruled-out"]:
        parts = [f"{counts[one]} {one}" for one in ("confirmed", "ruled-out", "possible") if counts[one]]
        said = ", ".join(parts).replace("ruled-out", "ruled out")
        page.say(f"By the checks of the system: {said}.", indent=2)
    else:
        many = len(explanation.causes)
        others = f"the likeliest of {many} causes" if many > 1 else "the one cause that is known for it"
        page.say(f"Possible, not confirmed: {others}. Words prove nothing.", indent=2)
    if explanation.question and explanation.question["yes_if"] not in ("", "-", first.confirm):
        page.say(f"What decides first: {explanation.question['yes_if']}", indent=2)
    page.say(f"wssdoctor check {system or 'SYSTEM'} --replay CAPTURE", indent=2, mark="to confirm", hang=12)


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


def _message(page: Page, one: Recognised, lines: list[int]) -> None:
    places = "" if lines == [1] else f"  (line {', '.join(map(str, lines[:5]))}{' ...' if len(lines) > 5 else ''})"
    text = "" if one.text == one.id else f'  "{shown(one.text, 120)}"'
    page.say(f"{one.id}{text}{places}", indent=2, style="strong")
    page.say(one.meaning, indent=4)
    if one.placeholders:
        page.pairs([(shown(name), shown(value, 120)) for name, value in one.placeholders.items()], indent=4)
    if one.no_cause:
        page.say(f"no cause: {one.no_cause}", indent=4)
    page.say(_BASES[one.basis], indent=4, style="quiet")
