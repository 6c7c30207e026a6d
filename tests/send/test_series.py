"""A handshake and what follows it, sent to the lab: the requests use the security context that was set up."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping

import pytest

from tests import signed
from tests.lab.serving import now, served
from tests.present import present
from tests.wsse.encrypting import message, private_key, transport
from tests.wsse.pki import client, server
from tests.wsse.signing import x509_data
from wssdoctor.capture.capture import Capture
from wssdoctor.capture.sent import Outcome
from wssdoctor.description.change import change
from wssdoctor.errors import InputError
from wssdoctor.network.target import target
from wssdoctor.send.send import Sent
from wssdoctor.send.series import prepared, sent
from wssdoctor.send.wire import Way
from wssdoctor.wsse import names
from wssdoctor.wsse.handshake import Handshake, established
from wssdoctor.wsse.material import Material

PASSWORD = "sample-Passw0rd"


def handshake(*, entropy: bool) -> Capture:
    """A request for the context of the landscape's captures, with its answer."""
    trust, conversation = names.WST_13, names.WSC_13
    nonce = f'<t:Entropy><t:BinarySecret Type="{trust}/Nonce">{base64.b64encode(bytes(32)).decode()}</t:BinarySecret></t:Entropy>'
    body = (
        f'<t:RequestSecurityToken xmlns:t="{trust}"><t:TokenType>{conversation}/sct</t:TokenType>'
        f"<t:RequestType>{trust}/Issue</t:RequestType>{nonce if entropy else ''}</t:RequestSecurityToken>"
    )
    token = (
        "<wsse:UsernameToken><wsse:Username>WS_ORDER</wsse:Username>"
        f"<wsse:Password>{PASSWORD}</wsse:Password></wsse:UsernameToken>"
    )
    issued = (
        f'<e:Envelope xmlns:e="{names.SOAP11}"><e:Body><t:RequestSecurityTokenResponse xmlns:t="{trust}">'
        f'<t:RequestedSecurityToken><c:SecurityContextToken xmlns:c="{conversation}"><c:Identifier>{signed.CONTEXT}'
        "</c:Identifier></c:SecurityContextToken></t:RequestedSecurityToken></t:RequestSecurityTokenResponse>"
        "</e:Body></e:Envelope>"
    )
    answer = f"\r\n\r\nHTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: {len(issued)}\r\n\r\n{issued}"
    request = signed.capture("rst.http", "zplanning_in", message(token, body).encode(), answer.encode())
    return request.capture


def following() -> Capture:
    return signed.LANDSCAPES["secure-conversation"]()[1][0].capture


def run(
    captures: list[Capture], material: Material | None = None, facts: Mapping[str, object] | None = None
) -> tuple[list[Sent], int]:
    described = change(signed.base(), {"security_contexts": [], **(facts or {})})
    lent = material or Material(now=now())
    with served(described) as (port, heard):
        way = Way(target(f"http://127.0.0.1:{port}"))
        done = list(sent(prepared(captures, way, lent), way, lent, 50))
    return done, len(heard)


@pytest.mark.parametrize("entropy", [True, False])
def test_a_handshake_sets_up_the_context_of_what_follows(entropy: bool) -> None:
    done, heard = run([handshake(entropy=entropy), following(), following()])
    assert [one.outcome for one in done] == [Outcome.STILL_ACCEPTED, Outcome.NOW_ACCEPTED, Outcome.NOW_ACCEPTED]
    assert heard == 3  # never more requests than captures
    assert "payload replaced by a probe" not in done[0].ready.changed  # it has none
    assert b"operation is unknown" in present(done[1].capture.response).body


def test_without_its_handshake_a_context_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(InputError) as caught:
        run([following()])
    assert "handshake" in caught.value.problems[0].hint


def test_a_known_secret_serves_without_a_handshake() -> None:
    context = {
        "identifier": signed.CONTEXT,
        "user": "WS_ORDER",
        "expires": "9999-12-31T00:00:00Z",
        "secret": base64.b64encode(signed.SECRET).decode(),
    }
    lent = Material(now=now(), secrets={signed.CONTEXT: signed.SECRET})
    done, _ = run([following()], lent, {"security_contexts": [context]})
    assert done[0].outcome is Outcome.NOW_ACCEPTED


def test_a_handshake_that_fails_leaves_the_rest_unsent() -> None:
    done, heard = run([handshake(entropy=True), following()], facts={"users[0].lock": 64})
    assert [one.outcome for one in done] == [Outcome.ANOTHER_FAILURE, Outcome.NO_ANSWER]
    assert done[1].error.startswith("not sent: ")
    assert [one.unsent for one in done] == [False, True]
    assert heard == 1


def test_between_two_requests_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    lent = Material(now=now())
    way = Way(target("http://127.0.0.1:1"), None, 1)
    done = list(sent(prepared([handshake(entropy=False)] * 3, way, lent), way, lent, 10))
    assert waited == [0.1, 0.1]
    assert {one.outcome for one in done} == {Outcome.NO_ANSWER}


def test_a_proof_key_that_is_encrypted_for_the_consumer_is_opened_with_a_lent_key() -> None:
    secret = bytes(range(32))
    trust, conversation = names.WST_13, names.WSC_13
    body = (
        f'<t:RequestSecurityTokenResponse xmlns:t="{trust}"><t:RequestedSecurityToken>'
        f'<c:SecurityContextToken xmlns:c="{conversation}"><c:Identifier>urn:new</c:Identifier></c:SecurityContextToken>'
        f"</t:RequestedSecurityToken><t:RequestedProofToken>{transport(client(), secret, x509_data(client().der))}</t:RequestedProofToken>"
        "</t:RequestSecurityTokenResponse>"
    )
    answer = message("", body).encode()
    found = established(Handshake(b""), answer, (private_key(client()),))
    assert found is not None
    assert (found.identifier, found.secret) == ("urn:new", secret)
    for keys in ((), (private_key(server()),)):
        other = established(Handshake(b""), answer, keys)
        assert other is None or other.secret != secret


def test_another_answer_sets_up_nothing() -> None:
    for answer in (b"", b"<html/>", b"<!DOCTYPE a><a/>", following().envelope):
        assert established(Handshake(bytes(32)), answer) is None
