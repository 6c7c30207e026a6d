"""Why a signature value does not fit: another key, another SignedInfo, or another way to write the value."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from wssdoctor.evidence import Compared, Computed, Evidence
from wssdoctor.wsse import key_info, octet_search
from wssdoctor.wsse.algorithm import SIGNATURES, SignatureAlgorithm, hasher
from wssdoctor.wsse.digest_search import prefix_hints
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.search_subject import Matches, Subject
from wssdoctor.wsse.signature import Signature, SignedInfo
from wssdoctor.wsse.signature_value import compute_hmac, fits, recover_digest, verifies


class Explanation(msgspec.Struct, frozen=True):
    """What was found: a sentence and the part that it points to (empty: the usual ones), reason and evidence."""

    says: str = ""
    where: str = ""
    reason: str | None = None
    evidence: tuple[Evidence, ...] = ()


def explain(signature: Signature, scope: Scope) -> Explanation:
    """Find out why the value of a signature does not verify with the key that is named."""
    info, key = signature.info, signature.key
    assert info is not None
    assert key is not None
    other = _another_key(signature, info, scope)
    if other is not None:
        evidence: tuple[Evidence, ...] = (
            Compared("key", other.how, key.how, key.found_at or scope.place(info.element)),
        )
        where = key.where if key.certificate is not None else ""
        says = f"the value was made with another key than the one that is named: {other.how}"
        return Explanation(says, where, "signed-with-another-key", evidence)
    if info.value and _verifies(signature, info, key, info.value[::-1]):
        return Explanation("the octets of the value stand in reverse order", "", "value-reversed")
    if info.algorithm.family == "rsa" and key.public is not None:
        return _rsa(signature, info, key, scope)
    return _other(signature, info, key, scope)


def _another_key(signature: Signature, info: SignedInfo, scope: Scope) -> Key | None:
    """Try the other keys of the message and of the receiver: the wrong token may be attached or named."""
    tried = {id(key.public) for key in signature.candidates if key.public is not None}
    for key in _all_keys(info, scope):
        if id(key.public) in tried or not fits(info.algorithm, key):
            continue
        try:
            if verifies(info.algorithm, key, signature.octets, info.value, output_bits=info.output_bits, pss=info.pss):
                return key
        except (UnsupportedAlgorithm, ValueError):
            continue
    return None


def _all_keys(info: SignedInfo, scope: Scope) -> Iterator[Key]:
    yield from scope.keys.values()
    yield from key_info.held_keys(scope, secret=info.algorithm.family == "hmac")


def _verifies(
    signature: Signature, info: SignedInfo, key: Key, value: bytes, algorithm: SignatureAlgorithm | None = None
) -> bool:
    try:
        return verifies(algorithm or info.algorithm, key, signature.octets, value)
    except (UnsupportedAlgorithm, ValueError):
        return False


def _rsa(signature: Signature, info: SignedInfo, key: Key, scope: Scope) -> Explanation:
    """An RSA value tells which digest its maker signed."""
    assert key.public is not None
    recovered = recover_digest(key.public, info.value)
    place = scope.place(info.element)
    if recovered is None:
        for algorithm in SIGNATURES.values():
            if (
                algorithm.family == "rsa-pss"
                and algorithm.digest
                and _verifies(signature, info, key, info.value, algorithm)
            ):
                says = f"the value is RSA-PSS, although SignatureMethod says {info.algorithm.uri}"
                return Explanation(says, "", "signature-method-misdeclared")
        says = f"the value was not made with the key that is named ({key.how}), or was altered"
        replaced = [
            reference
            for reference in signature.references
            if reference.ok is False and reference.target is not None and scope.keys.get(reference.target) is key
        ]
        if replaced:
            says = "neither the digest of the token nor the signature value fits the token that is sent"
            return Explanation(says, key.where, "signed-token-replaced")
        if key.where == "Assertion":
            says = "the message is signed with another key than the one that the assertion confirms"
            return Explanation(says, "Signature", "signed-with-a-key-that-is-not-the-holders")
        octets, least = len(info.value), (_bits(key) + 7) // 8
        if octets != least:
            length = Compared("octets of the SignatureValue", str(least), str(octets), scope.place(info.element))
            return Explanation(
                f"{says}; it has {octets} octets, this key makes {least}",
                "Signature",
                "signature-value-altered",
                (length,),
            )
        return Explanation(says, "Signature")
    name, digest = recovered

    def matches(candidate: bytes) -> bool:
        hashed = hasher(name)
        hashed.update(candidate)
        return bool(hashed.digest() == digest)

    if name != info.algorithm.digest:
        evidence: tuple[Evidence, ...] = (
            Compared("digest inside the signature value", info.algorithm.digest, name, place),
        )
        for uri, algorithm in SIGNATURES.items():
            written = signature.octets.replace(info.algorithm.uri.encode(), uri.encode())
            if algorithm.family == "rsa" and algorithm.digest == name and matches(written):
                says = f"SignatureMethod was {uri} when it was signed"
                return Explanation(says, "", "signature-method-changed", evidence)
        if matches(signature.octets):
            says = f"the signer used {name} although SignatureMethod says {info.algorithm.digest}"
            return Explanation(says, "", "signature-method-misdeclared", evidence)
    return _signed_info(signature, info, matches, scope, "the key fits, but SignedInfo is not what was signed")


def _bits(key: Key) -> int:
    return int(getattr(key.public, "key_size", 0))


def _other(signature: Signature, info: SignedInfo, key: Key, scope: Scope) -> Explanation:
    """HMAC, DSA, ECDSA and PSS tell nothing: each SignedInfo is tried with the key."""
    budget = iter(range(400))

    def matches(candidate: bytes) -> bool:
        if next(budget, None) is None:
            return False
        try:
            return verifies(info.algorithm, key, candidate, info.value, output_bits=info.output_bits, pss=info.pss)
        except (UnsupportedAlgorithm, ValueError):
            return False

    if info.algorithm.family in ("ecdsa", "dsa") and _as_der(signature, info, key):
        evidence: tuple[Evidence, ...] = (
            Compared(
                "SignatureValue",
                "r and s, one after the other",
                "an ASN.1 sequence of r and s",
                scope.place(info.element),
            ),
        )
        return Explanation("the value is written as ASN.1, not as XML Signature demands", "", "value-in-asn1", evidence)
    if info.algorithm.family == "hmac" and key.secret is not None:
        full = compute_hmac(info.algorithm, key.secret, signature.octets)
        if info.value and len(info.value) != len(full) and hmac.compare_digest(full[: len(info.value)], info.value):
            return Explanation(
                "the value is cut short, but HMACOutputLength does not say so", "", "hmac-output-shortened"
            )
    found = _signed_info(signature, info, matches, scope, "")
    if found.reason is not None or key.where == "DerivedKeyToken":
        return found
    digests_hold = all(reference.ok for reference in signature.references)
    other_secret = key.secret is not None and key.known and digests_hold
    reason = "receiver-has-another-shared-key" if other_secret else None
    return msgspec.structs.replace(found, where="Signature", reason=reason)


def _as_der(signature: Signature, info: SignedInfo, key: Key) -> bool:
    try:
        r, s = decode_dss_signature(info.value)
    except ValueError:
        return False
    if encode_dss_signature(r, s) != info.value:
        return False
    size = (max(r.bit_length(), s.bit_length(), 160) + 7) // 8
    plain = r.to_bytes(size) + s.to_bytes(size)
    try:
        return verifies(info.algorithm, key, signature.octets, plain)
    except (UnsupportedAlgorithm, ValueError):
        return False


def _signed_info(signature: Signature, info: SignedInfo, matches: Matches, scope: Scope, says: str) -> Explanation:
    """Look for the SignedInfo that was signed: digests put right, formatting undone."""
    octets = signature.octets
    for reference in signature.references:
        if reference.computed is None or reference.ok:
            continue
        right = base64.b64encode(reference.computed)
        changed = octets.replace(base64.b64encode(reference.sent), right)
        if matches(changed):
            evidence: tuple[Evidence, ...] = (
                Compared(
                    "DigestValue",
                    right.decode(),
                    base64.b64encode(reference.sent).decode(),
                    scope.place(reference.element),
                ),
            )
            words = f"the DigestValue of {reference.part} was altered: with the right one the signature verifies"
            return Explanation(words, "", "digest-value-altered", evidence)
    subject = Subject(
        element=info.element,
        method=info.method,
        octets=octets,
        hints=prefix_hints(signature.element, info.element),
        source=scope.source,
    )
    found = octet_search.search(subject, matches, thorough=scope.thorough and info.algorithm.family == "rsa")
    if found is None:
        reason = "signed-info-changed" if says else None
        return Explanation(says, "", reason)
    reason = "signed-info-pretty-printed" if found.reason == "pretty-printed" else found.reason
    computed = Computed(
        "the SignedInfo that was signed",
        (("SignatureMethod", info.algorithm.uri),),
        (f"take SignedInfo {found.words}", "verify the value over it"),
        "verifies",
        scope.place(info.element),
    )
    return Explanation(f"the value fits SignedInfo {found.words}", "", reason, (computed,))
