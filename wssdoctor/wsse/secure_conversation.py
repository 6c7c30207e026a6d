"""WS-SecureConversation: security contexts and the keys derived from them, and the exchanges that set one up.

Sources: WS-SecureConversation 1.3/1.4 (sections 2, 7), its draft of February 2005, WS-Trust 1.3 (sections 3, 4),
UsernameToken profile 1.1.1 (section 4).
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

import msgspec

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import names, token_reference
from wssdoctor.wsse.certificate import CertificateError, decode_base64
from wssdoctor.wsse.document import Element, local_name, namespace_of, text_of
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.timestamp import parse_datetime

DEFAULT_LABEL = b"WS-SecureConversation" * 2
_DEFAULT_LENGTH = 32
_LONGEST = 1024
_FARTHEST = 65536
_MOST_ITERATIONS = 250_000
_DEFAULT_ITERATIONS = 1000


class DerivedKey(msgspec.Struct, frozen=True):
    """What a DerivedKeyToken says: lengths and offset in octets; ``reference`` leads to the base key."""

    reference: Element | None
    label: bytes
    nonce: bytes
    offset: int
    length: int


def p_sha1(secret: bytes, seed: bytes, length: int, offset: int = 0) -> bytes:
    """Derive ``length`` octets from ``offset`` on with P_SHA-1 of TLS 1.0 (RFC 2246, section 5)."""
    result, link = b"", seed
    while len(result) < offset + length:
        link = hmac.digest(secret, link, "sha1")
        result += hmac.digest(secret, link + seed, "sha1")
    return result[offset : offset + length]


def password_key(password: str, salt: bytes, iterations: int) -> bytes:
    """Derive 20 octets from a password (UsernameToken profile 1.1.1, section 4.2)."""
    key = password.encode() + salt
    for _ in range(max(iterations, 1)):
        key = hashlib.sha1(key, usedforsecurity=False).digest()
    return key


def username_token_key(element: Element, scope: Scope) -> Key:
    """Derive the key of a UsernameToken with Salt and Iteration from the password that the receiver holds.

    Raises FaultFound: username-unknown, token-malformed, key-not-found.
    """
    texts = {local_name(child): text_of(child).strip() for child in element.iterchildren("*")}
    user = texts.get("Username", "")
    users = scope.context.users
    place = scope.place(element)
    if users is None or user not in users:
        fault = "key-not-found" if users is None else "username-unknown"
        evidence: tuple[Evidence, ...] = (Located(f"key derived from the password of {user!r}", place),)
        says = f"no password of user {user!r} is given, from which the key would be derived"
        raise FaultFound(Fault(fault, "UsernameToken", says, evidence=evidence))
    salt = _octets(element, scope, texts.get("Salt"), "UsernameToken", "Salt")
    iterations = _number(element, scope, texts.get("Iteration"), "Iteration", _MOST_ITERATIONS, "UsernameToken")
    if iterations is None:
        iterations = _DEFAULT_ITERATIONS
    return Key(
        where="UsernameToken",
        how=f"derived from the password of {user!r}, {iterations} iterations",
        secret=password_key(users[user], salt, iterations),
        known=True,
        place=place,
    )


def context_key(element: Element, scope: Scope) -> Key:
    """Find the secret of a SecurityContextToken among the shared keys. Raises FaultFound: context-unknown."""
    identifier = context_identifier(element)
    secret = scope.context.shared_key(identifier)
    place = scope.place(element)
    if secret is None:
        known = ", ".join(sorted(scope.context.shared_keys)) or "none"
        raise FaultFound(
            Fault(
                "context-unknown",
                "SecurityContextToken",
                f"the security context {identifier or '(without Identifier)'} is not known to the receiver",
                "receiver-does-not-know-the-context",
                (Compared("security context", f"one that is known ({known})", identifier or "", place),),
            )
        )
    return Key(
        where="SecurityContextToken",
        how=f"secret of the security context {identifier}",
        secret=secret,
        known=True,
        place=place,
    )


def context_identifier(element: Element) -> str | None:
    """Give the Identifier of a SecurityContextToken."""
    child = element.find(f"{{{namespace_of(element)}}}Identifier")
    return text_of(child).strip() or None if child is not None else None


def read_derived_key(element: Element, scope: Scope) -> DerivedKey:
    """Read a DerivedKeyToken (section 7). Raises FaultFound: token-malformed, algorithm-unknown."""
    algorithm = element.get("Algorithm")
    if algorithm not in (None, names.P_SHA1, names.P_SHA1_2005_02):
        raise FaultFound(
            Fault(
                "algorithm-unknown",
                "DerivedKeyToken",
                f"the key derivation {algorithm} is not known",
                evidence=(Compared("Algorithm", names.P_SHA1, algorithm, scope.place(element)),),
            )
        )
    children = {local_name(child): child for child in element.iterchildren("*")}
    if "Properties" in children:
        children = {local_name(child): child for child in children["Properties"].iterchildren("*")} | children
    texts = {name: text_of(child).strip() for name, child in children.items()}
    number = [
        _number(element, scope, texts.get(name), name, limit)
        for name, limit in (("Length", _LONGEST), ("Offset", _FARTHEST), ("Generation", _FARTHEST))
    ]
    length = _DEFAULT_LENGTH if number[0] is None else number[0]
    offset = number[1] if number[1] is not None else (number[2] or 0) * length
    if offset > _FARTHEST or not length:
        raise _malformed(element, scope, "Length or Generation is out of bounds", texts.get("Generation"))
    return DerivedKey(
        reference=children.get("SecurityTokenReference"),
        label=texts["Label"].encode() if texts.get("Label") else DEFAULT_LABEL,
        nonce=_octets(element, scope, texts.get("Nonce"), "DerivedKeyToken", "Nonce"),
        offset=offset,
        length=length,
    )


def derived_key(element: Element, scope: Scope) -> Key:
    """Derive the key of a DerivedKeyToken from the one that its reference leads to.

    Raises FaultFound: token-malformed, algorithm-unknown, algorithm-key-mismatch and what the reference raises.
    """
    told = read_derived_key(element, scope)
    place = scope.place(element)
    if told.reference is None:
        secret = scope.context.shared_key(None)
        how = "the shared key"
        if secret is None:
            raise FaultFound(
                Fault(
                    "key-not-found",
                    "DerivedKeyToken",
                    "the DerivedKeyToken does not say from which key it is derived",
                    evidence=(Located("no SecurityTokenReference", place),),
                )
            )
    else:
        base = token_reference.keys_of(told.reference, scope)[0]
        secret, how = base.secret, base.how
        if secret is None:
            raise FaultFound(
                Fault(
                    "algorithm-key-mismatch",
                    "DerivedKeyToken",
                    "a key can only be derived from a secret, and the reference leads to a public key",
                    evidence=(Compared("base key", "a shared secret", base.how, place),),
                )
            )
    return Key(
        where="DerivedKeyToken",
        how=f"{told.length} octets from offset {told.offset} derived from {how}",
        secret=p_sha1(secret, told.label + told.nonce, told.length, told.offset),
        known=True,
        place=place,
    )


class TokenExchange(msgspec.Struct, frozen=True):
    """What a RequestSecurityToken or its response says; lifetime as instants, key size in bits."""

    kind: str
    request_type: str | None
    token_type: str | None
    context: str | None
    key_size: int | None
    has_entropy: bool
    proof: str | None
    """Kind of the proof token (BinarySecret, EncryptedKey, ComputedKey)."""
    created: datetime | None
    expires: datetime | None


_EXCHANGES = frozenset(
    f"{{{namespace}}}{name}"
    for namespace in names.WST
    for name in (
        "RequestSecurityToken",
        "RequestSecurityTokenResponse",
        "RequestSecurityTokenResponseCollection",
    )
)


def token_exchange(operation: Element | None) -> TokenExchange | None:
    """Read the first child of a Body as a WS-Trust request or response; None if it is neither."""
    if operation is None or operation.tag not in _EXCHANGES:
        return None
    namespace = namespace_of(operation)
    inner = operation
    if local_name(operation).endswith("Collection"):
        inner = next(operation.iterchildren(f"{{{namespace}}}RequestSecurityTokenResponse"), operation)
    children = {local_name(child): child for child in inner.iterchildren("*")}

    def text(name: str) -> str | None:
        return text_of(children[name]).strip() if name in children else None

    size = text("KeySize") or ""
    context = next((found for name in names.WSC for found in inner.iter(f"{{{name}}}SecurityContextToken")), None)
    proof = children.get("RequestedProofToken")
    proofs = list(proof.iterchildren("*")) if proof is not None else []
    lifetime = {
        local_name(child): parse_datetime(text_of(child))
        for child in (children["Lifetime"].iterchildren("*") if "Lifetime" in children else ())
    }
    return TokenExchange(
        kind=local_name(operation),
        request_type=text("RequestType"),
        token_type=text("TokenType"),
        context=context_identifier(context) if context is not None else None,
        key_size=int(size) if size.isascii() and size.isdigit() and len(size) < 6 else None,
        has_entropy="Entropy" in children,
        proof=local_name(proofs[0]) if proofs else None,
        created=lifetime.get("Created"),
        expires=lifetime.get("Expires"),
    )


def _malformed(
    element: Element, scope: Scope, says: str, observed: str | None, where: str = "DerivedKeyToken"
) -> FaultFound:
    evidence = (Compared(says, "as the specification has it", observed or "absent", scope.place(element)),)
    return FaultFound(Fault("token-malformed", where, says, evidence=evidence))


def _octets(element: Element, scope: Scope, text: str | None, where: str, name: str) -> bytes:
    if not text:
        raise _malformed(element, scope, f"{name} is missing", text, where)
    try:
        return decode_base64(text)
    except CertificateError:
        raise _malformed(element, scope, f"{name} is not base64", text, where) from None


def _number(
    element: Element, scope: Scope, text: str | None, name: str, limit: int, where: str = "DerivedKeyToken"
) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > limit:
        raise _malformed(element, scope, f"{name} is no number up to {limit}", text, where)
    return int(text)
