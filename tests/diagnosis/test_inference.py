"""With its facts hidden and only the answer known, the true cause stays possible and ranks high."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from tests.landscape import MOMENT, case, requests
from wssdoctor.capture.capture import Response
from wssdoctor.check.result import Subject
from wssdoctor.description.change import change, differences
from wssdoctor.description.facts import Facts
from wssdoctor.description.load import empty
from wssdoctor.diagnosis.assumption import assumed
from wssdoctor.diagnosis.case import Case, run
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.diagnosis.patch import apply
from wssdoctor.knowledge.load import load
from wssdoctor.provider.replay import Replay
from wssdoctor.provider.request import Request

BASE = load()
ALL = tuple(request.name for request in requests())


def answered(request: Request, replay: Replay) -> Request:
    """Give a request the answer that the model predicts, as if it had been captured."""
    status = replay.predicted.status if replay.predicted else 200
    fault = replay.predicted.fault if replay.predicted else None
    body = (
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>{fault}'
        "</faultcode></s:Fault></s:Body></s:Envelope>"
        if fault
        else ""
    )
    response = Response(status, "", (), body.encode())
    return Request.of(replace(request.capture, response=response))


TELLING = {"exists": (".active", ".lock", ".own_certificate"), "password": (".sent_password_current",)}
"""Facts that say the same as a hidden one, and so are hidden with it."""


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def hidden() -> Iterator[tuple[str, int, Facts, tuple[Request, ...]]]:
    """Yield each fault that a description shows, with its facts hidden and its answers captured."""
    for cause in sorted(BASE.causes):
        for number, fault in enumerate(BASE.causes[cause].faults):
            if fault.request:
                continue
            try:
                sick = apply(fault, case(), Subject(), ALL)
            except ValueError:
                continue  # it speaks of tokens that no message here carries
            after = run(sick)
            if not after.rejected:
                continue
            changed = [one.path for one in differences(case().facts, sick.facts)]
            changed += [
                path.rpartition(".")[0] + telling for path in changed for telling in TELLING.get(_last(path), ())
            ]
            known = [path for path in changed if sick.facts.value(path) is not UNSET]
            facts = change(sick.facts, dict.fromkeys(known, UNSET))
            captured = tuple(answered(one, replay) for one, replay in zip(sick.requests, after.replays, strict=True))
            yield cause, number, facts, captured


CASES = list(hidden())
IDS = [f"{cause}-{number}" for cause, number, *_ in CASES]


@pytest.mark.parametrize(("cause", "number", "facts", "captured"), CASES, ids=IDS)
@pytest.mark.parametrize("known", ["all but its facts", "nothing"])
def test_the_true_cause_is_never_ruled_out(
    cause: str, number: int, facts: Facts, captured: tuple[Request, ...], known: str
) -> None:
    found = diagnose(Case(empty() if known == "nothing" else facts, captured, MOMENT), BASE, remedies=False)
    status = {finding.cause: finding.status for finding in found.findings}
    assert status.get(cause) in ("possible", "confirmed")


def test_the_true_cause_is_among_the_first_three_when_only_its_own_facts_are_hidden() -> None:
    ranks = {}
    for cause, number, facts, captured in CASES:
        found = diagnose(Case(facts, captured, MOMENT), BASE, remedies=False)
        order = [finding.cause for finding in found.findings if finding.status != "ruled-out"]
        ranks[cause, number] = order.index(cause)
    late = {key: rank for key, rank in ranks.items() if rank > 2}
    assert len(late) <= 0.05 * len(ranks), late


def test_a_question_names_facts_and_how_to_find_them() -> None:
    found = diagnose(Case(empty(), requests(), MOMENT), BASE, remedies=False)
    question = found.question
    assert question is not None
    assert all(wanted.declaration.obtain for wanted in question.facts)
    offered = [wanted.choices for wanted in question.facts if wanted.choices]  # a date, or a name, is typed
    assert offered
    assert all({choice.usual for choice in choices} >= {False} for choices in offered)
    assert question.decides


def test_what_is_assumed_is_healthy_and_keeps_what_is_known() -> None:
    for facts in (empty(), case().facts):
        after = run(assumed(Case(facts, requests(), MOMENT)))
        assert {one.verdict for one in after.replays} == {"accepted"}
    sick = change(case().facts, {"technical_user.lock": 64})
    assert run(assumed(Case(sick, requests(), MOMENT))).rejected == len(requests())
