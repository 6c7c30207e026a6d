"""The consumer's side of setting up a security context (WS-SecureConversation 1.3, section 3; WS-Trust 1.3, section 4.4)."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import secrets

import msgspec

from wssdoctor.wsse import document, names
from wssdoctor.wsse.certificate_path import TrustStore
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.document import DocumentError, Element, child_of, local_name, namespace_of, text_of
from wssdoctor.wsse.encrypted_key import unwrap
from wssdoctor.wsse.fault import FaultFound
from wssdoctor.wsse.fresh_token import put
from wssdoctor.wsse.material import SecurityContext
from wssdoctor.wsse.message import Message, read_message
from wssdoctor.wsse.private_key import PrivateKey
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.secure_conversation import context_identifier, p_sha1

_LEAST_OCTETS, _MOST_OCTETS, _USUAL_OCTETS = 16, 1024, 32


class Handshake(msgspec.Struct, frozen=True):
    """What the consumer gave to the key of a security context."""

    entropy: bytes

    def __repr__(self) -> str:
        return "Handshake((secret))"


def renew_handshake(message: Message) -> Handshake | None:
    """Give a request for a security context fresh entropy; None for a message that asks for none."""
    request = next(message.body.iterchildren("*"), None) if message.body is not None else None
    if request is None or local_name(request) != "RequestSecurityToken" or namespace_of(request) not in names.WST:
        return None
    kind = child_of(request, f"{{{namespace_of(request)}}}TokenType")
    if kind is None or not text_of(kind).strip().endswith("/sct"):
        return None
    secret = _entropy(request)
    if secret is None:
        return Handshake(b"")
    fresh = secrets.token_bytes(len(_octets(secret)) or _USUAL_OCTETS)
    put(secret, base64.b64encode(fresh).decode())
    return Handshake(fresh)


def identifier_in(answer: bytes) -> str | None:
    """Give the identifier of the context that an answer issues; None if it issues none."""
    response = _response(answer)
    return _identifier(response) if response is not None else None


def established(handshake: Handshake, answer: bytes, keys: tuple[PrivateKey, ...] = ()) -> SecurityContext | None:
    """Know the context and its key from the answer; None if it issues none, or its key cannot be had from it.

    ``keys`` open a proof key that the provider encrypted for the consumer.
    """
    response = _response(answer)
    if response is None:
        return None
    identifier = _identifier(response)
    trust = namespace_of(response)
    proof = child_of(response, f"{{{trust}}}RequestedProofToken")
    if identifier is None or proof is None:
        return None
    direct = child_of(proof, f"{{{trust}}}BinarySecret")
    encrypted = child_of(proof, f"{{{names.XENC}}}EncryptedKey")
    if direct is not None:
        secret = _octets(direct)
    elif encrypted is not None:
        secret = _unwrapped(encrypted, keys)
    else:
        computed, theirs = child_of(proof, f"{{{trust}}}ComputedKey"), _entropy(response)
        if computed is None or theirs is None or text_of(computed).strip() != f"{trust}/CK/PSHA1":
            return None
        size = child_of(response, f"{{{trust}}}KeySize")
        bits = text_of(size).strip() if size is not None else ""
        octets = int(bits) // 8 if bits.isascii() and bits.isdigit() and len(bits) < 6 else _USUAL_OCTETS
        secret = p_sha1(handshake.entropy, _octets(theirs), min(max(octets, _LEAST_OCTETS), _MOST_OCTETS))
    return SecurityContext(identifier, secret) if secret else None


def _unwrapped(encrypted: Element, keys: tuple[PrivateKey, ...]) -> bytes:
    scope = Scope(
        Context(decryption_keys=keys, certificate_dates_ignored=True),
        TrustStore(()),
        dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
        encrypted.getroottree().getroot(),
        source=None,
        security=None,
    )
    try:
        return unwrap(encrypted, scope).secret or b""
    except FaultFound:
        return b""


def _response(answer: bytes) -> Element | None:
    try:
        body = read_message(document.parse_document(answer)).body
    except DocumentError:
        return None
    found = next(body.iterchildren("*"), None) if body is not None else None
    if found is None or namespace_of(found) not in names.WST:
        return None
    single = f"{{{namespace_of(found)}}}RequestSecurityTokenResponse"
    return found if found.tag == single else child_of(found, single)


def _identifier(response: Element) -> str | None:
    issued = child_of(response, f"{{{namespace_of(response)}}}RequestedSecurityToken")
    token = (
        next(issued.iter(*(f"{{{one}}}SecurityContextToken" for one in names.WSC)), None)
        if issued is not None
        else None
    )
    return context_identifier(token) if token is not None else None


def _entropy(element: Element) -> Element | None:
    trust = namespace_of(element)
    entropy = child_of(element, f"{{{trust}}}Entropy")
    return child_of(entropy, f"{{{trust}}}BinarySecret") if entropy is not None else None


def _octets(element: Element) -> bytes:
    try:
        return base64.b64decode(text_of(element))
    except (binascii.Error, ValueError):
        return b""
