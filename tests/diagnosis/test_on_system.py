"""What requests that were sent again prove: never green where the system refuses, and a contradiction is one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from tests import landscape
from wssdoctor.capture.capture import Capture, CaptureTime, Response
from wssdoctor.capture.edit import replace_envelope
from wssdoctor.capture.sent import Outcome, Seen, SentAgain
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import Diagnosis, diagnose
from wssdoctor.knowledge.load import load
from wssdoctor.report.baseline import against
from wssdoctor.report.build import build
from wssdoctor.report.comparison import compare
from wssdoctor.report.exitcode import exit_code, monitoring_status
from wssdoctor.report.report import Report
from wssdoctor.wsse.material import Material
from wssdoctor.wsse.renewal import renewed

HEALTHY = landscape.facts()
SICK = change(HEALTHY, {"icf.nodes[0].stored_password_current": False})
REFUSED = Response(401, "", (), b"<html/>")
PROBED = Response(
    500,
    "",
    (("Content-Type", "text/xml"),),
    b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>e:Client</faultcode>'
    b"<faultstring>the operation is unknown</faultstring></e:Fault></e:Body></e:Envelope>",
)
NOTHING_TOLD = Response(
    500,
    "",
    (("Content-Type", "text/xml"),),
    b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>e:Server</faultcode>'
    b"<faultstring>An error</faultstring></e:Fault></e:Body></e:Envelope>",
)
REMEDY = "refresh-icf-nodes"


def captured() -> Capture:
    return replace(landscape.requests()[0].capture, response=REFUSED)


def sent(
    response: Response | None, outcome: Outcome, hours: int = 1, more: Mapping[str, object] | None = None
) -> Capture:
    """The probe that was sent some hours after the capture, with its answer."""
    before = captured()
    assert before.time is not None
    moment = before.time.moment + dt.timedelta(hours=hours)
    fresh = replace_envelope(before, renewed(before.envelope, Material(now=moment)).envelope)
    record = SentAgain("elsewhere/order.http", before.fingerprint, "https://erp.example.com", outcome, Seen(401))
    return replace(
        fresh,
        name=f"sent/{hours}.http",
        response=response,
        time=CaptureTime(moment, "note"),
        sent=replace(record, **(more or {})),
    )


def diagnosed(facts: Facts, *captures: Capture) -> Diagnosis:
    return diagnose(Case.of(facts, captures, landscape.MOMENT), load())


def reported(facts: Facts, *captures: Capture) -> Report:
    return build(diagnosed(facts, *captures), load())


def node_finding(report: Report) -> object:
    return next(one for one in report.findings if one.cause == "icf-node-password-stale").on_system


def test_a_captured_refusal_of_what_the_description_accepts_is_not_healthy() -> None:
    report = reported(HEALTHY, captured())
    assert (report.verdict, exit_code(report, "low"), report.unsettled) == ("inconclusive", 3, (captured().name,))
    assert monitoring_status(report, "low") == "UNKNOWN"
    assert not report.coverage.unknown


def test_an_acceptance_on_the_system_settles_it() -> None:
    report = reported(HEALTHY, captured(), sent(PROBED, Outcome.NOW_ACCEPTED))
    assert (report.verdict, exit_code(report, "low"), report.unsettled) == ("healthy", 0, ())
    (one,) = report.sent
    assert (one.on_system, one.of, one.superseded) == ("confirmed", captured().name, False)
    assert [each.agrees for each in report.replays] == [None, True]
    assert not [finding for finding in report.findings if finding.status == "possible"]


@pytest.mark.parametrize(
    ("response", "outcome", "word"),
    [
        (REFUSED, Outcome.STILL_REJECTED, "contradicted"),
        (NOTHING_TOLD, Outcome.UNCLEAR, "undecided"),
        (None, Outcome.NO_ANSWER, "undecided"),
    ],
)
def test_whatever_is_not_accepted_is_never_green(response: Response | None, outcome: Outcome, word: str) -> None:
    report = reported(HEALTHY, captured(), sent(response, outcome))
    assert (report.sent[0].on_system, report.verdict, exit_code(report, "low")) == (word, "inconclusive", 3)
    assert set(report.unsettled) == {captured().name, "sent/1.http"}
    alone = reported(HEALTHY, sent(response, outcome))
    assert (alone.verdict, alone.sent[0].of) == ("inconclusive", "elsewhere/order.http")


def test_the_last_answer_counts() -> None:
    good, bad = sent(PROBED, Outcome.NOW_ACCEPTED, 1), sent(REFUSED, Outcome.STILL_REJECTED, 2)
    assert reported(HEALTHY, good, bad).unsettled == ("sent/2.http",)
    good, bad = sent(PROBED, Outcome.NOW_ACCEPTED, 2), sent(REFUSED, Outcome.STILL_REJECTED, 1)
    report = reported(HEALTHY, captured(), bad, good)
    assert (report.verdict, [one.superseded for one in report.sent]) == ("healthy", [True, False])


def test_a_finding_is_confirmed_mended_or_contradicted() -> None:
    still = reported(SICK, captured(), sent(REFUSED, Outcome.STILL_REJECTED))
    assert (node_finding(still), still.sent[0].on_system) == ("confirmed", "confirmed")
    gone = reported(SICK, captured(), sent(PROBED, Outcome.NOW_ACCEPTED))
    assert (node_finding(gone), gone.sent[0].on_system, exit_code(gone, "low")) == ("gone", "contradicted", 1)
    after = {"carried_out": (REMEDY,), "predicted": Seen(200), "as_predicted": True}
    mended = reported(SICK, captured(), sent(PROBED, Outcome.NOW_ACCEPTED, more=after))
    assert (node_finding(mended), mended.sent[0].on_system) == ("mended", "confirmed")


def remedy_word(as_predicted: bool | None, response: Response, outcome: Outcome) -> str | None:
    record = {"carried_out": (REMEDY,), "predicted": Seen(200), "as_predicted": as_predicted}
    report = reported(SICK, captured(), sent(response, outcome, more=record))
    finding = next(one for one in report.findings if one.cause == "icf-node-password-stale")
    assert {one.on_system for one in finding.remedies if one.id != REMEDY} <= {None}
    return next(one.on_system for one in finding.remedies if one.id == REMEDY)


def test_a_remedy_is_confirmed_or_contradicted_by_what_was_predicted_after_it() -> None:
    assert remedy_word(True, PROBED, Outcome.NOW_ACCEPTED) == "confirmed"
    assert remedy_word(False, REFUSED, Outcome.STILL_REJECTED) == "contradicted"
    assert remedy_word(None, NOTHING_TOLD, Outcome.UNCLEAR) == "undecided"


def test_compare_says_what_the_system_said_to_a_cause_that_is_gone() -> None:
    before = reported(SICK, captured(), sent(REFUSED, Outcome.STILL_REJECTED, 1))
    good = compare(before, reported(HEALTHY, captured(), sent(PROBED, Outcome.NOW_ACCEPTED, 2)))
    assert (good.outcome, [(one.cause, one.on_system) for one in good.gone]) == (
        "better",
        [("icf-node-password-stale", "confirmed")],
    )
    (one,) = good.sent
    assert one.before is not None
    assert (one.before.outcome, one.after.outcome) == ("still-rejected", "now-accepted")
    bad = compare(before, reported(HEALTHY, captured(), sent(REFUSED, Outcome.STILL_REJECTED, 2)))
    assert (bad.outcome, bad.gone[0].on_system, bad.unsettled) == ("undecided", "contradicted", ("sent/2.http",))
    unsent = compare(before, reported(HEALTHY, captured()))
    assert (unsent.outcome, unsent.gone[0].on_system) == ("better", None)


def test_a_baseline_knows_old_contradictions_and_fails_on_new_ones() -> None:
    bad = reported(HEALTHY, captured())
    assert exit_code(against(bad, bad, "good.json"), "low") == 0
    assert exit_code(against(bad, reported(HEALTHY), "good.json"), "low") == 3
