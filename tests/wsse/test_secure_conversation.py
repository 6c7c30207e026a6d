from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.wsse.encrypting import (
    b64,
    data_references,
    encrypted_data,
    message,
    private_key,
    reference,
    scope_of,
    thumbprint,
    transport,
)
from tests.wsse.pki import NOW, server
from tests.wsse.signing import by_id, sign
from wssdoctor.wsse import names, verify
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.document import parse_document
from wssdoctor.wsse.fault import FaultFound
from wssdoctor.wsse.secure_conversation import (
    DEFAULT_LABEL,
    derived_key,
    p_sha1,
    password_key,
    read_derived_key,
    token_exchange,
)

SECRET, NONCE = bytes(range(32)), b"0123456789abcdef"


def test_p_sha1_by_its_definition() -> None:
    first = hmac.digest(b"secret", b"seed", "sha1")
    second = hmac.digest(b"secret", first, "sha1")
    expected = hmac.digest(b"secret", first + b"seed", "sha1") + hmac.digest(b"secret", second + b"seed", "sha1")
    assert p_sha1(b"secret", b"seed", 40) == expected


@settings(deadline=None)
@given(st.binary(), st.binary(), st.integers(1, 80), st.integers(0, 80))
def test_p_sha1_at_an_offset_is_a_slice(secret: bytes, seed: bytes, length: int, offset: int) -> None:
    assert p_sha1(secret, seed, length, offset) == p_sha1(secret, seed, length + offset)[offset:]


def test_a_password_key_by_its_definition() -> None:
    """UsernameToken profile 1.1.1, section 4.2: K1 = SHA1(password + salt), Kn = SHA1(Kn-1)."""
    expected = hashlib.sha1("pässword".encode() + b"salt").digest()
    assert password_key("pässword", b"salt", 1) == expected
    assert password_key("pässword", b"salt", 3) == hashlib.sha1(hashlib.sha1(expected).digest()).digest()


def context_token(namespace: str = names.WSC_13) -> str:
    return (
        f'<c:SecurityContextToken xmlns:c="{namespace}" wsu:Id="sct"><c:Identifier>uuid:1</c:Identifier>'
        "</c:SecurityContextToken>"
    )


def key_token(inner: str, *, uri: str = "#sct", namespace: str = names.WSC_13, attributes: str = "") -> str:
    return (
        f'<c:DerivedKeyToken xmlns:c="{namespace}" wsu:Id="dk" {attributes}>{reference(uri)}{inner}'
        f"<c:Nonce>{b64(NONCE)}</c:Nonce></c:DerivedKeyToken>"
    )


@pytest.mark.parametrize("namespace", names.WSC)
@pytest.mark.parametrize(
    ("inner", "attributes", "label", "length", "offset"),
    [
        ("", "", DEFAULT_LABEL, 32, 0),
        ("<c:Offset>7</c:Offset><c:Length>20</c:Length>", "", DEFAULT_LABEL, 20, 7),
        ("<c:Generation>2</c:Generation><c:Length>16</c:Length>", "", DEFAULT_LABEL, 16, 32),
        ("<c:Length>24</c:Length><c:Label>label</c:Label>", 'Algorithm="{}/dk/p_sha1"', b"label", 24, 0),
        ("<c:Properties><c:Label>label</c:Label></c:Properties>", "", b"label", 32, 0),
    ],
)
def test_derived_keys(namespace: str, inner: str, attributes: str, label: bytes, length: int, offset: int) -> None:
    token = key_token(inner, namespace=namespace, attributes=attributes.format(namespace))
    scope = scope_of(message(context_token(namespace) + token, ""), Context(shared_keys={"uuid:1": SECRET}))
    key = derived_key(by_id(scope.root, "dk"), scope)
    assert key.secret == p_sha1(SECRET, label + NONCE, length, offset)
    assert SECRET.hex() not in repr(key)


@pytest.mark.parametrize(
    ("token", "fault"),
    [
        (key_token("<c:Length>0</c:Length>"), "token-malformed"),
        (key_token("<c:Length>99999999</c:Length>"), "token-malformed"),
        (key_token("<c:Offset>-1</c:Offset>"), "token-malformed"),
        (key_token("<c:Generation>65536</c:Generation>"), "token-malformed"),
        (key_token("").replace("<c:Nonce>", "<c:Nonce>*"), "token-malformed"),
        (key_token("", attributes='Algorithm="urn:other"'), "algorithm-unknown"),
        (key_token("", uri="#gone"), "token-reference-unresolved"),
        (key_token("", uri="#dk"), "token-reference-unresolved"),
        (key_token("", uri="#bst"), "algorithm-key-mismatch"),
        (key_token("").replace(reference("#sct"), ""), "key-not-found"),
    ],
)
def test_derived_keys_that_cannot_be(token: str, fault: str) -> None:
    binary = f'<wsse:BinarySecurityToken wsu:Id="bst" ValueType="{names.X509_V3}">{b64(server().der)}</wsse:BinarySecurityToken>'
    scope = scope_of(message(binary + context_token() + token, ""), Context(shared_keys={"uuid:1": SECRET}))
    with pytest.raises(FaultFound) as raised:
        derived_key(by_id(scope.root, "dk"), scope)
    assert raised.value.fault.fault == fault


def signed(secret: bytes, tokens: str, info: str) -> bytes:
    """A message whose body is signed with a secret that the tokens lead to."""
    tree = parse_document(message(tokens, "<x/>").encode())
    security = next(tree.iter(f"{{{names.WSSE}}}Security"))
    sign(tree, {"body": by_id(tree, "body")}, security, secret, info)
    return etree.tostring(tree)


def receiver(**options: Any) -> Context:
    return Context(time=NOW, require_signed=("Body",), **options)


@pytest.mark.parametrize("namespace", names.WSC)
def test_a_message_signed_within_a_context(namespace: str) -> None:
    token = key_token("", namespace=namespace)
    source = signed(p_sha1(SECRET, DEFAULT_LABEL + NONCE, 32), context_token(namespace) + token, reference("#dk"))
    assert verify(source, receiver(shared_keys={"uuid:1": SECRET})).verdict == "accept"
    assert verify(source, receiver(shared_keys={"*": SECRET})).verdict == "accept"
    other = verify(source, receiver(shared_keys={"uuid:1": bytes(32)}))
    assert [fault.fault for fault in other.faults][:1] == ["signature-value-mismatch"]
    unknown = verify(source, receiver(shared_keys={"uuid:2": SECRET}))
    assert [(fault.fault, fault.where) for fault in unknown.faults][:1] == [("context-unknown", "SecurityContextToken")]


def test_a_context_named_by_its_identifier() -> None:
    source = signed(SECRET, context_token(), reference("uuid:1", names.WSC_13 + "/sct"))
    assert verify(source, receiver(shared_keys={"uuid:1": SECRET})).verdict == "accept"


def test_keys_derived_from_an_encrypted_key_sign_and_encrypt() -> None:
    """As WCF does: one encrypted key, one derived key for the signature, another for the body."""
    base = transport(server(), SECRET, thumbprint(server().certificate))
    cipher = key_token("<c:Length>16</c:Length><c:Offset>32</c:Offset>", uri="#ek").replace('"dk"', '"dk2"')
    tree = parse_document(message(base + key_token("", uri="#ek") + cipher, "<x/>").encode())
    security = next(tree.iter(f"{{{names.WSSE}}}Security"))
    body = by_id(tree, "body")
    signature = sign(tree, {"body": body}, security, p_sha1(SECRET, DEFAULT_LABEL + NONCE, 32), reference("#dk"))
    secret = p_sha1(SECRET, DEFAULT_LABEL + NONCE, 16, 32)
    hidden = encrypted_data("<x/>", names.AES128_CBC, secret, reference("#dk2"))
    written = etree.tostring(tree).decode().replace("<x/>", hidden)
    start = written.index("<ds:Signature")
    source = written[:start] + data_references("ed") + written[start:]
    assert signature is not None
    held = receiver(decryption_keys=(private_key(server()),), require_encrypted=("Body",))
    result = verify(source.encode(), held)
    assert (result.verdict, result.faults) == ("accept", ())


def username_token(
    salt: str = "AQIDBAUGBwgJCgsMDQ4PEA==", iteration: str = "<wsse11:Iteration>1000</wsse11:Iteration>"
) -> str:
    return (
        '<wsse:UsernameToken wsu:Id="ut"><wsse:Username>alice</wsse:Username>'
        f"<wsse11:Salt>{salt}</wsse11:Salt>{iteration}</wsse:UsernameToken>"
    )


@pytest.mark.parametrize("iteration", ["", "<wsse11:Iteration>1000</wsse11:Iteration>"])
def test_a_message_signed_with_a_password(iteration: str) -> None:
    key = password_key("secret", base64.b64decode("AQIDBAUGBwgJCgsMDQ4PEA=="), 1000)
    source = signed(key, username_token(iteration=iteration), reference("#ut"))
    assert verify(source, receiver(users={"alice": "secret"})).verdict == "accept"
    wrong = verify(source, receiver(users={"alice": "Secret"}))
    assert [fault.fault for fault in wrong.faults][:1] == ["signature-value-mismatch"]
    unknown = verify(source, receiver(users={"bob": "secret"}))
    assert [fault.fault for fault in unknown.faults][:1] == ["username-unknown"]


@pytest.mark.parametrize(
    "token", [username_token("*"), username_token(iteration="<wsse11:Iteration>10000000</wsse11:Iteration>")]
)
def test_a_password_key_that_cannot_be(token: str) -> None:
    source = signed(bytes(20), token, reference("#ut"))
    result = verify(source, receiver(users={"alice": "secret"}))
    assert "token-malformed" in [fault.fault for fault in result.faults]


@pytest.mark.parametrize(("trust", "conversation"), list(zip(names.WST, names.WSC, strict=True)))
def test_exchanges(trust: str, conversation: str) -> None:
    request = parse_document(
        f'<t:RequestSecurityToken xmlns:t="{trust}"><t:TokenType>{conversation}/sct</t:TokenType>'
        f"<t:RequestType>{trust}/Issue</t:RequestType><t:Entropy><t:BinarySecret>AA==</t:BinarySecret></t:Entropy>"
        "<t:KeySize>256</t:KeySize></t:RequestSecurityToken>".encode()
    )
    asked = token_exchange(request)
    assert asked is not None
    assert (asked.kind, asked.key_size, asked.has_entropy) == ("RequestSecurityToken", 256, True)
    response = parse_document(
        f'<t:RequestSecurityTokenResponseCollection xmlns:t="{trust}" xmlns:u="{names.WSU}"><t:RequestSecurityTokenResponse>'
        f'<t:RequestedSecurityToken><c:SecurityContextToken xmlns:c="{conversation}"><c:Identifier>uuid:1</c:Identifier>'
        "</c:SecurityContextToken></t:RequestedSecurityToken><t:RequestedProofToken><t:ComputedKey/></t:RequestedProofToken>"
        "<t:Lifetime><u:Created>2026-03-01T12:00:00Z</u:Created><u:Expires>2026-03-01T13:00:00Z</u:Expires></t:Lifetime>"
        "</t:RequestSecurityTokenResponse></t:RequestSecurityTokenResponseCollection>".encode()
    )
    given_back = token_exchange(response)
    assert given_back is not None
    assert (given_back.context, given_back.proof, given_back.created) == ("uuid:1", "ComputedKey", NOW)
    assert token_exchange(parse_document(b"<x/>")) is None
    assert token_exchange(None) is None


def test_reading_tells_nothing_of_the_secret() -> None:
    scope = scope_of(message(context_token() + key_token(""), ""), Context(shared_keys={"uuid:1": SECRET}))
    assert b64(SECRET) not in repr(read_derived_key(by_id(scope.root, "dk"), scope))
