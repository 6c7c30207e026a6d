"""An explanation as text: what it is, what to do now, how sure that is."""

from __future__ import annotations

from wssdoctor.report.explanation import Explanation, Recognised
from wssdoctor.report.page import Page
from wssdoctor.report.shown import shown

_TOP = 3
_STATUSES = {"confirmed": "confirmed by a check of the system", "ruled-out": "ruled out by a check of the system"}
_BASES = {"sap": "documented by SAP", "community": "as others have seen it", "inferred": "inferred, not documented"}


def render(explanation: Explanation, *, width: int = 80, color: bool = False, verbose: bool = False) -> str:
    """Return the explanation as text; what is left out is counted."""
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
    kept = explanation.causes if verbose else explanation.causes[:_TOP]
    if kept:
        page.heading("what causes it, most likely first")
    for number, cause in enumerate(kept, 1):
        page.blank()
        page.say(cause.title, indent=2, mark=f"{number}.", hang=3, style="strong")
        if cause.status != "possible":
            page.say(_STATUSES[cause.status], indent=5, style="bad" if cause.status == "confirmed" else "good")
        because = f"; because of {', '.join(cause.because)}" if cause.because else ""
        page.say(f"{cause.cause}; {_BASES[cause.basis]}{because}", indent=5, style="quiet")
        page.say(cause.explanation, indent=5)
        page.say(cause.confirm, indent=5, mark="It is, if", hang=14)
        page.say(cause.rule_out, indent=5, mark="It is not, if", hang=14)
        for position, (remedy, title) in enumerate(zip(cause.remedies, cause.remedy_titles, strict=True)):
            page.say(f"{title} ({remedy})", indent=5, mark="" if position else "Do now", hang=14)
            if verbose:
                page.pairs(list(cause.partners.get(remedy, {}).items()), indent=19)
    more = len(explanation.causes) - len(kept)
    if more:
        page.say(f"and {more} more possible causes (--verbose shows all)", indent=2, style="quiet")
    if explanation.causes:
        _next(page, explanation)
    return page.text()


def _next(page: Page, explanation: Explanation) -> None:
    """Say how sure it is, and what to do to be surer."""
    page.heading("how sure")
    decided = [cause for cause in explanation.causes if cause.status != "possible"]
    if decided:
        page.say(f"The checks of the system decide {len(decided)} of {len(explanation.causes)} causes.", indent=2)
    else:
        page.say("Words prove nothing: each cause is possible, none is confirmed.", indent=2)
    if explanation.question:
        page.say(f"What decides first: {explanation.question['yes_if']}", indent=2)
    page.heading("run next")
    first = explanation.causes[0]
    page.say("wssdoctor check SYSTEM --replay CAPTURE    confirms a cause and tries the remedies", indent=2)
    if first.remedies:
        page.say(f"wssdoctor knowledge show {first.remedies[0]}    shows the steps", indent=2)


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
    for label, said in (("seen by", one.seen_by), ("no cause", one.no_cause), ("sources disagree", one.contradiction)):
        if said:
            page.say(f"{label}: {said}", indent=4)
    page.say(_BASES[one.basis], indent=4, style="quiet")
