"""Records of the knowledge base as public documents and as text."""

from __future__ import annotations

from io import BytesIO
from typing import Literal, TypeAlias

from msgspec import Struct

from wssdoctor.errors import Problem
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.match import scan
from wssdoctor.knowledge.record import Cause, Message, Remedy
from wssdoctor.report.page import Page
from wssdoctor.report.related import related_causes

Kind: TypeAlias = Literal["cause", "message", "remedy"]


class Entry(Struct, frozen=True):
    """One line of the catalogue."""

    kind: Kind
    id: str
    title: str
    """Of a message its text, or its meaning where it has none."""


class Catalogue(Struct, frozen=True):
    """Everything that is known, by kind and id."""

    schema: Literal["wssdoctor.knowledge/1"]
    entries: tuple[Entry, ...]


class Article(Struct, frozen=True):
    """One record; the two others are null."""

    schema: Literal["wssdoctor.article/1"]
    cause: Cause | None = None
    message: Message | None = None
    remedy: Remedy | None = None


class Lint(Struct, frozen=True):
    """What breaks the rules of the knowledge base."""

    schema: Literal["wssdoctor.lint/1"]
    problems: tuple[Problem, ...]


_SEVERAL = {"cause": "causes", "message": "messages", "remedy": "remedies"}


def catalogue(base: Base, kinds: tuple[Kind, ...]) -> Catalogue:
    """Return the records of some kinds."""
    found: list[Entry] = []
    if "cause" in kinds:
        found += (Entry("cause", one.id, one.title) for one in base.causes.values())
    if "message" in kinds:
        found += (Entry("message", one.id, one.text or one.meaning) for one in base.messages.values())
    if "remedy" in kinds:
        found += (Entry("remedy", one.id, one.title) for one in base.remedies.values())
    return Catalogue("wssdoctor.knowledge/1", tuple(sorted(found, key=lambda one: (one.kind, one.id))))


def article(identifier: str, base: Base) -> Article | None:
    """Return the record with an id; messages also as ``explain`` knows them: ``wss 31``, or by their other names."""
    wanted = identifier.lower()
    for one in base.messages.values():
        if wanted in (one.id.lower(), *(alias.lower() for alias in one.aliases)):
            return Article("wssdoctor.article/1", message=one)
    if wanted in base.causes:
        return Article("wssdoctor.article/1", cause=base.causes[wanted])
    if wanted in base.remedies:
        return Article("wssdoctor.article/1", remedy=base.remedies[wanted])
    named = {one.id for one in scan(BytesIO(identifier.encode("utf-8", "replace")), base).found}
    return Article("wssdoctor.article/1", message=base.messages[named.pop()]) if len(named) == 1 else None


def render_catalogue(listed: Catalogue, *, width: int = 80, color: bool = False) -> str:
    """Return the catalogue as text."""
    page = Page(width, color=color)
    if not listed.entries:
        page.say("Nothing fits.", style="doubt")
    for kind in dict.fromkeys(one.kind for one in listed.entries):
        mine = [one for one in listed.entries if one.kind == kind]
        page.heading(f"{len(mine)} {kind if len(mine) == 1 else _SEVERAL[kind]}")
        page.pairs([(one.id, one.title) for one in mine], indent=2)
    return page.text()


def render_found(found: Catalogue, *, width: int = 80, color: bool = False) -> str:
    """Return what a search found as text, best first, whatever its kind."""
    page = Page(width, color=color)
    if not found.entries:
        page.say("Nothing fits.", style="doubt")
    page.pairs([(f"{one.kind} {one.id}", one.title) for one in found.entries], indent=2)
    return page.text()


def render_article(shown: Article, base: Base, *, width: int = 80, color: bool = False) -> str:
    """Return a record as text."""
    page = Page(width, color=color)
    if shown.cause:
        _cause(page, shown.cause, base)
    if shown.message:
        _message(page, shown.message, base)
    if shown.remedy:
        _remedy(page, shown.remedy, base)
    return page.text()


def _cause(page: Page, cause: Cause, base: Base) -> None:
    page.say(f"Cause {cause.id}: {cause.title}", style="strong")
    page.blank()
    page.say(cause.explanation)
    page.blank()
    rows = [
        ("severity", f"{cause.severity}; {cause.frequency}"),
        ("side", cause.side),
        ("it is, if", cause.confirm),
        ("it is not, if", cause.rule_out),
        ("checks", ", ".join(cause.checks)),
        ("you see", ", ".join(cause.messages)),
        *(("symptom", symptom) for symptom in cause.symptoms),
        ("leads to", ", ".join(cause.leads_to)),
        ("proof", f"none: {cause.unproven}" if cause.unproven else f"{len(cause.faults)} simulated faults"),
        ("contradiction", cause.contradiction),
        ("override", cause.override),
    ]
    _rows(page, rows)
    page.heading("remedies, best first")
    page.pairs([(remedy, base.remedies[remedy].title) for remedy in cause.remedies], indent=2)
    near = related_causes(cause.id, base)
    if near:
        page.heading("related, and why")
        page.pairs([(other, why) for other, why in near], indent=2)
    _sources(page, cause.basis, cause.sources, base)


def _message(page: Page, message: Message, base: Base) -> None:
    page.say(f"Message {message.id}{': ' if message.text else ''}{message.text}", style="strong")
    page.blank()
    page.say(message.meaning)
    page.blank()
    rows = [
        ("also written", ", ".join(message.aliases)),
        *message.placeholders.items(),
        ("seen by", message.seen_by),
        ("no cause", message.no_cause),
        ("contradiction", message.contradiction),
        ("override", message.override),
    ]
    _rows(page, rows)
    if message.causes:
        page.heading("causes, most likely first")
        page.pairs([(cause, base.causes[cause].title) for cause in message.causes], indent=2)
    _sources(page, message.basis, message.sources, base)


def _remedy(page: Page, remedy: Remedy, base: Base) -> None:
    page.say(f"Remedy {remedy.id}: {remedy.title}", style="strong")
    if remedy.weakens_security:
        page.say(f"WEAKENS SECURITY: {remedy.weakens_security}", style="bad")
    page.heading("steps")
    for number, step in enumerate(remedy.steps, 1):
        page.say(f"{step.where + ': ' if step.where else ''}{step.do}", indent=2, mark=f"{number}.", hang=3)
        if step.see:
            page.say(f"then: {step.see}", indent=5)
    page.blank()
    rows = [
        ("who", f"{remedy.actor}, on the side of the {remedy.side}"),
        ("risk", remedy.risk),
        ("interruption", remedy.interruption),
        ("rollback", remedy.rollback),
        ("releases", remedy.releases),
        ("after", ", ".join(remedy.after)),
        ("simulation", f"none: {remedy.unproven}" if remedy.unproven else "its effect is tried by replay"),
        ("override", remedy.override),
    ]
    _rows(page, rows)
    if remedy.partners:
        page.heading("in the software of a partner")
        page.pairs([(name, str(hint)) for name, hint in remedy.partners.items()], indent=2)
    page.heading("serves")
    page.pairs([(cause, base.causes[cause].title) for cause in base.causes_by_remedy[remedy.id]], indent=2)
    _sources(page, remedy.basis, remedy.cited, base)


def _rows(page: Page, rows: list[tuple[str, str]]) -> None:
    page.pairs([(name, value) for name, value in rows if value], indent=2)


def _sources(page: Page, basis: str, sources: tuple[str, ...], base: Base) -> None:
    page.heading(f"sources (basis: {basis})")
    for identifier in sources:
        source = base.sources[identifier]
        page.say(f"{source.title}, {source.address}", indent=2, mark="-", hang=2)
