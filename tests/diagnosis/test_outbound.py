"""Outbound calls in a diagnosis: beside a provider, alone, or not described; and remedies tried on one call alone."""

from __future__ import annotations

from tests.landscape import FOLDER, MOMENT, case, facts, outbound, requests
from wssdoctor.capture.read import read_bytes
from wssdoctor.consumer.call import CHECKS
from wssdoctor.description.change import change
from wssdoctor.description.load import empty, load
from wssdoctor.diagnosis.case import Case, run
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.diagnosis.finding import find
from wssdoctor.diagnosis.whatif import actions_for, tried
from wssdoctor.knowledge.load import load as knowledge
from wssdoctor.provider.request import Request
from wssdoctor.report.build import build
from wssdoctor.report.summary import coverage_line

BASE = knowledge()


def test_a_provider_alone_is_healthy_and_says_that_calls_are_not_described() -> None:
    diagnosis = diagnose(Case(load(FOLDER / "system.yaml"), requests(), MOMENT), BASE)
    assert diagnosis.coverage.complete
    assert diagnosis.coverage.outbound_not_described == len(CHECKS)
    assert diagnosis.coverage.provider_not_described == 0
    assert diagnosis.run.calls == ()
    found = diagnosis.coverage
    assert found.passed + found.failed + found.unknown + found.not_applicable + found.error == found.checks
    told = coverage_line(build(diagnosis, BASE).coverage)
    assert f"{found.passed} passed" in told
    assert f" {found.not_applicable} not applicable" in told, "calls that nobody described are none of these"


def test_calls_alone_are_healthy_and_say_that_the_provider_is_not_described() -> None:
    diagnosis = diagnose(Case(outbound(), (), MOMENT), BASE)
    assert diagnosis.coverage.complete
    assert diagnosis.coverage.provider_not_described > 0
    assert diagnosis.coverage.outbound_not_described == 0
    assert diagnosis.coverage.waiting_for_request == 0
    assert {one.verdict for one in diagnosis.run.calls} == {"works"}


def test_both_sides_are_checked_where_both_are_described() -> None:
    coverage = diagnose(case(), BASE).coverage
    assert (coverage.provider_not_described, coverage.outbound_not_described) == (0, 0)


def test_a_description_that_says_nothing_is_one_of_a_provider() -> None:
    coverage = diagnose(Case(empty(), (), MOMENT), BASE).coverage
    assert coverage.provider_not_described == 0
    assert coverage.unknown == coverage.checks > 0


def test_an_answer_to_a_request_rules_out_nothing_about_calls() -> None:
    named = {"consumer": {"calls": [{"logical_port": "LP", "url": "https://host.example.com/"}]}}
    answered = (FOLDER / "captures" / "01-order-create.http").read_bytes()
    refused = read_bytes(answered.replace(b"HTTP/1.1 200 OK", b"HTTP/1.1 401 Unauthorized"), "refused.http")
    diagnosis = diagnose(Case(change(empty(), named), (Request.of(refused),), MOMENT), BASE)
    assert [one.observed.status for one in diagnosis.run.replays if one.observed] == [401]
    status = {one.cause: one.status for one in diagnosis.findings}
    assert "ruled-out" in status.values()
    assert {status[cause] for cause in ("sni-missing", "tls-version-or-cipher", "proxy-or-network")} == {"possible"}


def test_a_remedy_serves_the_call_of_its_finding_alone() -> None:
    values = {f"consumer.calls[{index}].peer.port_open": False for index in (0, 1)}
    broken = Case(change(facts(), values), requests(), MOMENT)
    found = [one for one in find(run(broken), BASE) if one.status == "confirmed"]
    assert [(one.cause, one.subject.path) for one in found] == [
        ("proxy-or-network", "consumer.calls[0]"),
        ("proxy-or-network", "consumer.calls[1]"),
    ]
    action = next(one for one in actions_for(found[1], BASE) if one.remedy == "open-network-route")
    after = tried(broken, (action,), BASE)
    assert after.failing == {("proxy-or-network", "consumer.calls[0]")}
    assert [one.verdict for one in after.run.calls] == ["fails", "works", "works"]


def test_a_plan_shows_each_call_before_and_after() -> None:
    made = diagnose(Case(change(facts(), {"consumer.client_sni": False}), requests(), MOMENT), BASE).plan
    assert made is not None
    assert [action.remedy for action in made.actions] == ["enable-client-sni"]
    assert [(one.before, one.after) for one in made.calls] == [
        ("fails", "works"),
        ("works", "works"),
        ("works", "works"),
    ]


def test_a_remedy_of_requests_leaves_calls_alone() -> None:
    """A cause that both sides share offers remedies of both; those of the other side change nothing."""
    broken = Case(change(facts(), {"users[0].sent_password_current": False}), requests(), MOMENT)
    finding = next(one for one in find(run(broken), BASE) if one.cause == "wrong-password")
    action = next(one for one in actions_for(finding, BASE) if one.remedy == "enter-call-credentials")
    after = tried(broken, (action,), BASE)
    assert after.case.facts.value("consumer") == broken.facts.value("consumer")
    assert finding.key in after.failing


def test_several_faults_of_one_call_are_all_named_and_mended() -> None:
    values = {
        "consumer.client_sni": False,
        "consumer.tls_versions": ["1.0"],
        "consumer.calls[0].peer.client_certificate_known": False,
        "consumer.calls[0].peer.certificates[0].not_after": "2026-11-01T00:00:00Z",
        "pses[2].trusted": [],
    }
    diagnosis = diagnose(Case(change(facts(), values), requests(), MOMENT), BASE)
    assert {one.cause for one in diagnosis.confirmed} == {
        "sni-missing",
        "tls-version-or-cipher",
        "client-cert-rejected",
        "cert-expired",
        "ssl-peer-cert-untrusted",
    }
    assert diagnosis.plan is not None
    assert diagnosis.plan.remaining == ()
    assert {one.after for one in diagnosis.plan.calls} == {"works"}


def test_a_remedy_that_another_one_needs_stays_in_the_plan() -> None:
    values = {
        "consumer.calls[1].url": "billing.example.net/invoices",
        "consumer.calls[1].peer.certificates[0].names": ["other.example.net"],
        "consumer.calls[1].peer.issuer_at_system": "CN=Inspection CA",
    }
    made = diagnose(Case(change(facts(), values), requests(), MOMENT), BASE).plan
    assert made is not None
    assert made.remaining == ()
    assert "call-published-url" in {action.remedy for action in made.actions}
