"""Holding the knowledge against the checks: what records name exists, and what checks can say is claimed.

The house rules of the records themselves are the business of ``wssdoctor.knowledge.lint``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.diagnosis.patch import DAYS, EDITS, PLACEHOLDERS
from wssdoctor.errors import Problem
from wssdoctor.knowledge.files import AnyEntry, Reading
from wssdoctor.knowledge.record import Patch
from wssdoctor.provider.answer import ANSWERS
from wssdoctor.provider.replay import CHECKS

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_ITEM = re.compile(r"\[[^\]]*\]")


def lint(reading: Reading) -> tuple[Problem, ...]:
    """Return everything that records and checks say differently, each with its place."""
    return (*_claims(reading), *_patches(reading), *_answers(reading))


def _claims(reading: Reading) -> Iterator[Problem]:
    """Every claim of a cause is that of a check, or of one of its reasons; each code is claimed by one cause."""
    meant = {one.id: one.codes for one in CHECKS if one.answer}
    meant |= {code: (code,) for codes in meant.values() for code in codes}
    claimed: dict[str, str] = {}
    for entry in reading.causes:
        for index, claim in enumerate(entry.record.checks):
            place = entry.place(f"checks[{index}]")
            if claim not in meant:
                yield Problem(f"{entry.record.id}: no check can fail as {claim}", place, hint=_near(claim, meant))
            for code in meant.get(claim, ()):
                if code in claimed:
                    yield Problem(f"{entry.record.id}: {claimed[code]} claims {code} too", place)
                claimed[code] = entry.record.id
    for code in sorted({code for codes in meant.values() for code in codes} - claimed.keys()):
        yield Problem(f"no cause claims {code}", hint="add it to the checks of the cause that its failure confirms")


def _patches(reading: Reading) -> Iterator[Problem]:
    for cause in reading.causes:
        for index, fault in enumerate(cause.record.faults):
            yield from _patch(cause, fault, f"faults[{index}]")
    for remedy in reading.remedies:
        if remedy.record.effect is not None:
            yield from _patch(remedy, remedy.record.effect, "effect")


def _patch(entry: AnyEntry, patch: Patch, path: str) -> Iterator[Problem]:
    """Every path is that of a fact, every edit and every placeholder one that can be carried out."""
    for fact, value in patch.facts.items():
        place = entry.place(f"{path}.facts.{fact}")
        if _ITEM.sub("[]", fact).removesuffix("[]") not in DECLARATIONS:
            yield Problem(f"{entry.record.id}: {fact} is no fact of a description", place)
        yield from _placeholders(entry, value, f"{path}.facts.{fact}")
    for index, edit in enumerate(patch.request):
        if edit.do not in EDITS:
            yield Problem(f"{entry.record.id}: no such edit: {edit.do}", entry.place(f"{path}.request[{index}].do"))
        yield from _placeholders(entry, edit.value, f"{path}.request[{index}].value")


def _placeholders(entry: AnyEntry, value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, str):
        for name in _PLACEHOLDER.findall(value):
            if name not in PLACEHOLDERS and name not in DAYS:
                yield Problem(f"{entry.record.id}: no such placeholder: {{{name}}}", entry.place(path))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _placeholders(entry, item, path)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _placeholders(entry, item, path)


def _answers(reading: Reading) -> Iterator[Problem]:
    """Every message that the model predicts is known."""
    known = {entry.record.id for entry in reading.messages}
    for answer in ANSWERS.values():
        for message in answer.messages:
            if message not in known:
                yield Problem(f"the answer {answer.id} predicts {message}, which is no message of the knowledge base")


def _near(code: str, codes: Iterable[str]) -> str:
    import difflib

    near = difflib.get_close_matches(code, codes, n=1)
    return f"did you mean '{near[0]}'?" if near else ""
