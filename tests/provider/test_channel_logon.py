"""ICF logs callers on itself by user and password of HTTP, or by a client certificate of TLS."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from msgspec.structs import replace

from tests import landscape
from tests.present import of_type, present
from tests.wsse.pki import client
from wssdoctor.capture.capture import Capture
from wssdoctor.capture.edit import replace_envelope, set_header, with_request
from wssdoctor.check.check import Known
from wssdoctor.check.result import Outcome
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.provider.replay import Replay
from wssdoctor.provider.replay import replay as walked
from wssdoctor.provider.request import Request

ENVELOPE = (
    b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><n:ReadOrder xmlns:n="urn:example:sales"/>'
    b"</e:Body></e:Envelope>"
)
SUBJECT = str(client().certificate.subject)


def facts(method: str, **more: Any) -> Facts:
    """The healthy landscape, where the service of the captures logs on by HTTP or TLS."""
    base = landscape.facts()
    path = of_type(Known, landscape.requests()[0].find("request.path")).value
    index = next(number for number, one in enumerate(base.items("bindings") or ()) if one.path == path)
    values = {
        f"bindings[{index}].authentication": method,
        "external_ids": [{"type": "DN", "external_id": SUBJECT, "user": "WS_ORDER", "active": True}],
        "users[0].services": ["*"],
        "users[0].name": "WS_ORDER",
    }
    return change(base, {**values, **more})


def capture(basic: str | None = None, octets: bytes | None = b"") -> Capture:
    made = replace_envelope(landscape.requests()[0].capture, ENVELOPE)
    assert made.request is not None
    made = with_request(replace(made, response=None), replace(made.request, client_certificate=octets))
    if basic is not None:
        made = set_header(made, "Authorization", f"Basic {base64.b64encode(basic.encode()).decode()}")
    return made


def replay(facts: Facts, sent: Capture) -> Replay:
    return walked(facts, Request.of(sent))


def decided(found: Replay) -> tuple[str, int, tuple[str, ...]]:
    assert found.predicted is not None
    return found.failed[0].check, found.predicted.status, found.predicted.messages


GOOD = "ws_order:secret"


def test_a_healthy_system_accepts_user_and_password_and_client_certificate() -> None:
    for method, sent in (("basic", capture(GOOD)), ("client-certificate", capture(octets=client().der))):
        found = replay(facts(method), sent)
        assert (found.verdict, found.user) == ("accepted", "WS_ORDER")
        # Nobody waits for the message to be read, so the technical user does not count.
        assert replay(facts(method, **{"technical_user.lock": 64}), sent).verdict == "accepted"
        assert found.steps[0].stage == "transport"


@pytest.mark.parametrize(
    ("basic", "values", "check", "code"),
    [
        (None, {}, "icf-logon.credentials-sent", "LOGON-RC-1"),
        ("ws_order:", {}, "icf-logon.user-and-password", "LOGON-RC-1"),
        (GOOD, {"users[0].exists": False}, "icf-user.exists", "LOGON-RC-1"),
        (GOOD, {"users[0].password": "another"}, "icf-logon.password-matches", "LOGON-RC-1"),
        (GOOD, {"users[0].sent_password_current": False}, "icf-logon.password-current", "LOGON-RC-1"),
        (GOOD, {"users[0].lock": 128}, "icf-user.unlocked", "LOGON-RC-2"),
        (GOOD, {"users[0].type": "L"}, "icf-user.type", "LOGON-RC-7"),
        (GOOD, {"users[0].valid_to": "2026-01-01"}, "icf-user.valid-to", "LOGON-RC-8"),
        (GOOD, {"users[0].password_state": "initial"}, "icf-user.password-usable", "LOGON-RC-50"),
        (
            GOOD,
            {"icf.nodes[0].logon_procedure": "service-data-required"},
            "icf-logon.procedure-takes",
            "LOGON-RC-1",
        ),
    ],
)
def test_icf_refuses_user_and_password_with_401(
    basic: str | None, values: dict[str, Any], check: str, code: str
) -> None:
    found = decided(replay(facts("basic", **values), capture(basic)))
    assert found[:2] == (check, 401)
    assert code in found[2]


@pytest.mark.parametrize(
    ("octets", "values", "check", "code"),
    [
        (b"", {}, "icf-logon.certificate-sent", "LOGON-RC-1"),
        (None, {"external_ids": []}, "icf-certificate.mapped", "LOGON-RC-34"),
        (None, {"external_ids[0].active": False}, "icf-certificate.mapped", "LOGON-RC-34"),
        (
            None,
            {"external_ids[1]": {"type": "DN", "external_id": SUBJECT, "user": "OTHER", "active": True}},
            "icf-certificate.mapping-unambiguous",
            "LOGON-RC-35",
        ),
        (None, {"external_ids[0].min_date": "2099-01-01"}, "icf-certificate.mapping-date", "LOGON-RC-36"),
        (None, {"users[0].lock": 64}, "icf-user.unlocked", "LOGON-RC-2"),
    ],
)
def test_icf_refuses_a_client_certificate_with_401(
    octets: bytes | None, values: dict[str, Any], check: str, code: str
) -> None:
    sent = capture(octets=client().der if octets is None else octets)
    found = decided(replay(facts("client-certificate", **values), sent))
    assert found[:2] == (check, 401)
    assert code in found[2]


def test_what_the_caller_may_do_counts_for_the_user_of_icf_too() -> None:
    for method, sent in (("basic", capture(GOOD)), ("client-certificate", capture(octets=client().der))):
        found = replay(facts(method, **{"users[0].services": []}), sent)
        assert found.failed[0].check == "authorization.service"


def test_what_nobody_knows_is_not_green() -> None:
    silent = replay(facts("client-certificate"), capture(octets=None))
    assert silent.verdict == "undecided"
    assert "request.client_certificate" in {path for one in silent.results for path in one.missing}
    forwarded = set_header(capture(), "SSL_CLIENT_CERT", base64.b64encode(client().der).decode())
    assert replay(facts("client-certificate"), forwarded).verdict == "undecided"
    ticket = set_header(capture(), "Cookie", "MYSAPSSO2=x")
    assert replay(facts("sso-ticket"), ticket).verdict == "undecided"
    unknown = replay(facts("basic"), capture("somebody:secret"))
    assert unknown.verdict == "undecided"


def test_a_client_certificate_is_judged_before_a_stored_user() -> None:
    sent = with_request(
        landscape.requests()[0].capture,
        replace(present(landscape.requests()[0].capture.request), client_certificate=client().der),
    )
    assert decided(replay(landscape.facts(), sent))[:2] == ("icf-logon.no-competing-credentials", 401)


def test_no_representation_shows_a_password() -> None:
    found = Request.of(capture("ws_order:hunter2-secret")).find("request.logon")
    assert "hunter2" not in repr(found)
    failing = replay(facts("basic", **{"users[0].password": "another-secret"}), capture("ws_order:hunter2-secret"))
    assert {one.outcome for one in failing.results if one.check == "icf-logon.password-matches"} == {Outcome.FAILED}
    assert "hunter2" not in repr(failing)
    assert "another-secret" not in repr(failing)
