"""Encrypted messages: read with keys that are lent for the run, unknown without them, and never a key in what is said."""

from __future__ import annotations

import base64
import pickle

import pytest

from tests import landscape, signed
from tests.signed import CONTEXT, SECRET, SESSION, sign_then_encrypt, with_body_hidden
from tests.wsse.encrypting import (
    data_references,
    encrypted_data,
    key_identifier,
    message,
    private_key,
    reference,
    thumbprint,
    transport,
)
from tests.wsse.pki import client, server
from wssdoctor.check.result import Outcome
from wssdoctor.description.change import change
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.knowledge.load import load
from wssdoctor.provider.decryption import Keys
from wssdoctor.provider.replay import Replay, replay
from wssdoctor.provider.replayer import Replayer
from wssdoctor.provider.request import Request
from wssdoctor.wsse import names
from wssdoctor.wsse.document import parse_document
from wssdoctor.wsse.edit import damage_encryption
from wssdoctor.wsse.private_key import PrivateKey

FACTS = signed.for_the_provider()


def request(envelope: bytes, keys: Keys) -> Request:
    found = signed.capture("encrypted.http", "zprice_in", envelope)
    return Request.of(found.capture, keys=keys)


def outcome(found: Replay, check: str) -> Outcome:
    return next(one.outcome for one in found.results if one.check == check)


LENT = Keys((private_key(server()),))


def test_with_the_providers_key_all_stages_see_the_plain_text() -> None:
    found = replay(FACTS, request(sign_then_encrypt(server()), LENT))
    assert (found.verdict, found.user) == ("accepted", "WS_ORDER")
    assert outcome(found, "encryption.readable") is Outcome.PASSED
    assert outcome(found, "signature.unaltered") is Outcome.PASSED
    assert outcome(found, "authorization.service") is Outcome.PASSED
    locked = replay(change(FACTS, {"users[0].lock": 64}), request(sign_then_encrypt(server()), LENT))
    assert [one.check for one in locked.failed] == ["user.unlocked"]


@pytest.mark.parametrize("keys", [Keys(), Keys((private_key(client()),))])
def test_without_the_key_the_result_is_unknown_and_says_what_is_missing(keys: Keys) -> None:
    found = replay(FACTS, request(sign_then_encrypt(server()), keys))
    assert found.verdict == "undecided"
    assert found.failed == ()
    assert outcome(found, "encryption.for-this-provider") is Outcome.PASSED
    unknown = next(one for one in found.results if one.check == "encryption.readable")
    assert (unknown.outcome, unknown.missing) == (Outcome.UNKNOWN, ("message.plain_text",))


def test_damaged_content_is_found_only_with_the_right_key() -> None:
    damaged = damage_encryption(sign_then_encrypt(server()))
    assert reasons(replay(FACTS, request(damaged, LENT))) == [("encryption.readable", "content")]
    for keys in (Keys(), Keys((private_key(client()),)), Keys(LENT.private, ((CONTEXT, SECRET),))):
        found = replay(FACTS, request(damaged, keys))
        assert (found.verdict, outcome(found, "encryption.readable")) == ("undecided", Outcome.UNKNOWN)


def test_an_encrypted_key_that_names_ours_and_is_not_for_it_is_found() -> None:
    name = key_identifier(names.THUMBPRINT_SHA1, thumbprint(server().certificate))
    plain = signed.signed(signed.binary(client()), client().key, reference("#bst", names.X509_V3)).decode()
    envelope = with_body_hidden(plain, transport(client(), SESSION, name, lists=data_references("ed")))
    assert reasons(replay(FACTS, request(envelope, LENT))) == [("encryption.readable", "key")]
    assert (
        replay(FACTS, request(envelope, Keys((PrivateKey(*private_key(client()).__reduce__()[1][:1]),)))).failed == ()
    )


def test_a_message_for_another_key_is_mended_by_encrypting_it_for_the_one_that_the_provider_has() -> None:
    other = change(FACTS, {f"pses[{own()}].own_certificate": signed.certificate(client())})
    mine = request(sign_then_encrypt(server()), LENT)
    assert reasons(replay(other, mine)) == [("encryption.for-this-provider", "other-key")]
    anew = Request.of(mine.capture, mine, mine.keys, encrypted_anew=True)
    assert replay(other, anew).verdict == "accepted"
    assert replay(other, pickle.loads(pickle.dumps(anew))) == replay(other, anew)
    unread = Request.of(mine.capture, mine, encrypted_anew=True)
    assert replay(other, unread).verdict == "undecided"


def own() -> int:
    return next(index for index, one in enumerate(FACTS.items("pses") or ()) if one.application == "wsse")


def reasons(found: Replay) -> list[tuple[str, str | None]]:
    return [(one.check, one.reason) for one in found.failed]


def test_an_altered_message_is_found_under_its_encryption() -> None:
    text = sign_then_encrypt(server())
    altered = text.replace(b"</wsse:BinarySecurityToken>", b"</wsse:BinarySecurityToken><!-- -->")
    assert replay(FACTS, request(altered, LENT)).verdict == "accepted"
    other = signed.signed(signed.binary(client()), client().key, reference("#bst", names.X509_V3), number=7).decode()
    body = text[text.index(b":Body") :]
    swapped = other[: other.index(":Body")].encode() + body
    security = swapped.index(b">", swapped.index(b"<wsse:Security")) + 1
    key = text[text.index(b"<xenc:EncryptedKey") : text.index(b"</xenc:EncryptedKey>") + len(b"</xenc:EncryptedKey>")]
    found = replay(FACTS, request(swapped[:security] + key + swapped[security:], LENT))
    assert "signature.unaltered" in [one.check for one in found.failed]


def hidden_token() -> bytes:
    """A UsernameToken that is encrypted as a whole."""
    token = (
        f'<wsse:UsernameToken xmlns:wsse="{names.WSSE}"><wsse:Username>WS_SHOP</wsse:Username>'
        "<wsse:Password>geheim</wsse:Password></wsse:UsernameToken>"
    )
    key = transport(
        server(),
        SESSION,
        key_identifier(names.THUMBPRINT_SHA1, thumbprint(server().certificate)),
        lists=data_references("ed"),
    )
    data = encrypted_data(token, names.AES256_CBC, SESSION, kind=names.ENCRYPTED_ELEMENT)
    return message(signed.timestamp() + key + data, '<x:Read xmlns:x="urn:x"/>').encode()


def test_a_token_that_nobody_can_see_is_not_called_absent() -> None:
    facts = change(FACTS, {f"bindings[{binding()}].authentication": "username-token"})
    dark = replay(facts, request(hidden_token(), Keys()))
    assert dark.failed == ()
    assert outcome(dark, "binding.token-present") is Outcome.UNKNOWN
    bright = replay(facts, request(hidden_token(), LENT))
    assert outcome(bright, "binding.token-present") is Outcome.PASSED
    assert outcome(bright, "username-token.complete") is Outcome.PASSED


def binding() -> int:
    return next(index for index, one in enumerate(FACTS.items("bindings") or ()) if "zprice" in one.path)


def test_the_secret_of_a_security_context_opens_what_was_encrypted_with_it() -> None:
    (plain,) = signed.secure_conversation()[1]
    key_info = f"<wsse:SecurityTokenReference>{reference('#sct').partition('>')[2]}"
    text = with_body_hidden(
        plain.capture.envelope.decode(),
        data_references("ed"),
        SECRET,
        key_info,
    )
    # The list must come after the token that it names (SOAP Message Security 1.1.1, section 5).
    assert parse_document(text) is not None
    bare = signed.capture("context.http", "zplanning_in", text)
    lent = Request.of(bare.capture, keys=Keys(shared=((CONTEXT, SECRET),)))
    assert outcome(replay(signed.base(), bare), "encryption.readable") is Outcome.UNKNOWN
    assert outcome(replay(signed.base(), lent), "encryption.readable") is Outcome.PASSED
    assert replay(signed.base(), lent).verdict == "accepted"


def test_memory_and_plan_answer_as_ever_and_show_no_key() -> None:
    mine = request(sign_then_encrypt(server()), LENT)
    case = Case(change(FACTS, {"users[0].lock": 64}), (mine,), landscape.MOMENT)
    found = diagnose(case, load())
    assert [one.cause for one in found.confirmed] == ["user-locked"]
    assert found.plan is not None
    assert {one.after for one in found.plan.proof} == {"accepted"}
    assert Replayer().replay(FACTS, pickle.loads(pickle.dumps(mine))) == replay(FACTS, mine)
    octets = LENT.private[0].__reduce__()[1][0]
    shown = repr((found, LENT, mine.keys))
    assert base64.b64encode(octets).decode()[:40] not in shown
    assert repr(octets)[2:40] not in shown


def test_a_recipient_may_be_named_by_its_whole_certificate() -> None:
    carried = key_identifier(names.X509_V3, base64.b64encode(server().der).decode())
    text = signed.signed(signed.binary(client()), client().key, reference("#bst", names.X509_V3)).decode()
    hidden = with_body_hidden(text, transport(server(), SESSION, carried, lists=data_references("ed")))
    assert replay(FACTS, request(hidden, LENT)).verdict == "accepted"
    other = change(FACTS, {f"pses[{own()}].own_certificate": signed.certificate(client())})
    assert "encryption.for-this-provider" in [one.check for one in replay(other, request(hidden, LENT)).failed]
