"""Holding the knowledge against the checks: what records name exists, and what checks can say is claimed.

The house rules of the records themselves are the business of ``wssdoctor.knowledge.lint``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import get_args

from wssdoctor.consumer.answer import ANSWERS as OUTBOUND_ANSWERS
from wssdoctor.consumer.call import CHECKS as OUTBOUND_CHECKS
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.diagnosis.outbound_placeholder import OUTBOUND_PLACEHOLDERS
from wssdoctor.diagnosis.patch import DAYS, EDITS, PLACEHOLDERS
from wssdoctor.errors import Problem
from wssdoctor.knowledge import record
from wssdoctor.knowledge.reading import AnyEntry, Reading
from wssdoctor.knowledge.record import Patch
from wssdoctor.provider.answer import ANSWERS
from wssdoctor.provider.replay import CHECKS
from wssdoctor.yamlfile import fields

_ITEM = re.compile(r"\[[^\]]*\]")


def lint(reading: Reading) -> tuple[Problem, ...]:
    """Return everything that records and checks say differently, each with its place."""
    return (*_claims(reading), *_patches(reading), *_answers(reading))


def _claims(reading: Reading) -> Iterator[Problem]:
    """Every claim of a cause is that of a check, or of one of its reasons; each code is claimed by a cause."""
    meant = {one.id: one.codes for one in (*CHECKS, *OUTBOUND_CHECKS) if one.answer or one.reasons}
    meant |= {code: (code,) for codes in meant.values() for code in codes}
    claimed: set[str] = set()
    for entry in reading.causes:
        for index, claim in enumerate(entry.record.checks):
            claimed.update(meant.get(claim, ()))
            if claim not in meant:
                place = entry.place(f"checks[{index}]")
                yield Problem(f"{entry.record.id}: no check can fail as {claim}", place, hint=_near(claim, meant))
    for code in sorted({code for codes in meant.values() for code in codes} - claimed):
        yield Problem(f"no cause claims {code}", hint="add it to the checks of the cause that its failure confirms")


def _patches(reading: Reading) -> Iterator[Problem]:
    """Every fact that a patch changes exists; everything that records may ask of a patch can be carried out."""
    for cause in reading.causes:
        for index, fault in enumerate(cause.record.faults):
            yield from _facts(cause, fault, f"faults[{index}]")
    for remedy in reading.remedies:
        if remedy.record.effect is not None:
            yield from _facts(remedy, remedy.record.effect, "effect")
    for name in sorted(record.PLACEHOLDERS - PLACEHOLDERS.keys() - OUTBOUND_PLACEHOLDERS.keys() - DAYS.keys()):
        yield Problem(f"records may hold {{{name}}}, and no patch fills it")
    for edit in sorted(set(get_args(fields(record.RequestEdit)["do"].annotation)) - EDITS.keys()):
        yield Problem(f"records may ask for {edit}, and no patch does it")


def _facts(entry: AnyEntry, patch: Patch, path: str) -> Iterator[Problem]:
    for fact in patch.facts:
        if _ITEM.sub("[]", fact).removesuffix("[]") not in DECLARATIONS:
            what = f"{entry.record.id}: {fact} is no fact of a description"
            yield Problem(what, entry.place(f"{path}.facts.{fact}"))


def _answers(reading: Reading) -> Iterator[Problem]:
    """Every message that the model predicts is known."""
    known = {entry.record.id for entry in reading.messages}
    predicted = {name: answer.messages for name, answer in ANSWERS.items()}
    predicted |= {f"{name} of a call": answer.messages for name, answer in OUTBOUND_ANSWERS.items()}
    for answer, messages in predicted.items():
        for message in messages:
            if message not in known:
                yield Problem(f"the answer {answer} predicts {message}, which is no message of the knowledge base")


def _near(code: str, codes: Iterable[str]) -> str:
    import difflib

    near = difflib.get_close_matches(code, codes, n=1)
    return f"did you mean '{near[0]}'?" if near else ""
