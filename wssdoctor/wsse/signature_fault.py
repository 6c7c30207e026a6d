"""The faults of a signature that was checked, root first, with the reason where one can be found."""

from __future__ import annotations

import base64

from wssdoctor.evidence import Compared, Computed, Evidence, Place
from wssdoctor.wsse import names
from wssdoctor.wsse import reference as references
from wssdoctor.wsse.document import Element
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.signature import Signature

_ENCRYPTED = f"{{{names.XENC}}}EncryptedData"


def faults_of(signature: Signature, scope: Scope, *, unjudgeable: bool = False) -> list[Fault]:
    """Say what is wrong with structure, algorithms, key, value and each reference of a signature.

    ``unjudgeable`` says that something could not be decrypted: digests of what is still encrypted then mean nothing, and a
    token that is not found may be there.
    """
    faults: list[Fault] = []
    if signature.fault is not None and not (unjudgeable and key_may_be_hidden(signature, scope)):
        faults.append(signature.fault)
    broken = [reference for reference in signature.references if reference.ok is not True]
    if signature.value_ok is False:
        faults.append(_value_mismatch(signature, scope))
    elif not broken:
        return faults
    for reference in broken:
        if unjudgeable and may_be_hidden(reference, scope):
            continue
        if reference.fault is not None:
            faults.append(_unreadable(reference, signature, scope))
        else:
            from wssdoctor.wsse import digest_search

            reason, evidence = digest_search.explain(reference, signature, scope)
            faults.append(references.mismatch(reference, scope, reason, evidence))
    return faults


def may_be_hidden(reference: references.Reference, scope: Scope) -> bool:
    """Whether what was signed is, or may be, in what is still encrypted."""
    if reference.target is not None:
        return hides(reference.target)
    lost = reference.fault is not None and reference.fault.fault == "reference-unresolved"
    return lost and (reference.uri or "").startswith("#") and hides(scope.root)


def key_may_be_hidden(signature: Signature, scope: Scope) -> bool:
    """Whether the token that a signature refers to may be in what is still encrypted."""
    lost = signature.fault is not None and signature.fault.fault == "token-reference-unresolved"
    return lost and hides(scope.root)


def hides(element: Element) -> bool:
    """Whether something in an element is still encrypted."""
    return next(element.iter(_ENCRYPTED), None) is not None


def _unreadable(reference: references.Reference, signature: Signature, scope: Scope) -> Fault:
    fault = reference.fault
    assert fault is not None
    if fault.fault != "reference-unresolved" or reference.uri == "" or not reference.digest_method:
        return fault
    from wssdoctor.wsse import digest_search

    return digest_search.explain_unresolved(reference, fault, signature, scope)


def _value_mismatch(signature: Signature, scope: Scope) -> Fault:
    from wssdoctor.wsse import value_search

    info, key = signature.info, signature.key
    assert info is not None
    assert key is not None
    found = value_search.explain(signature, scope)
    place = scope.place(info.element)
    evidence: list[Evidence] = [
        Computed(
            "SignatureValue",
            (
                ("SignatureMethod", info.algorithm.uri),
                ("CanonicalizationMethod", info.method_uri),
                ("key", _words(key)),
                ("SignatureValue", base64.b64encode(info.value).decode()),
            ),
            ("canonicalise SignedInfo", "verify the value over it with the key"),
            "does not verify",
            place,
        ),
        *found.evidence,
    ]
    says = found.says or f"the signature value does not fit SignedInfo and the key ({key.how})"
    where = found.where or ("DerivedKeyToken" if key.where == "DerivedKeyToken" else "SignedInfo")
    return Fault("signature-value-mismatch", where, says, found.reason, tuple(evidence))


def _words(key: Key) -> str:
    return f"{key.how}, {key.certificate.key_description}" if key.certificate is not None else key.how


def trust_faults(key: Key, scope: Scope, missing: list[str]) -> list[Fault]:
    """Judge whether the key that verified a signature may be believed; what could not be judged goes to ``missing``."""
    if key.certificate is not None and key.public is not None:
        if any(held.key == key.public for held in scope.context.known_public_keys):
            return []
        path = scope.store.judge(
            key.certificate,
            scope.now,
            key.where,
            place=key.found_at if scope.context.subjects else None,
            sent=key.sent,
            subjects=scope.context.subjects,
        )
        missing += [item for item in path.unchecked if item not in missing]
        return [] if "trust_anchors" in path.unchecked else list(path.faults)
    if key.secret is not None or key.known or scope.context.accept_key_value or key.where == "Assertion":
        return _weak(key, scope)
    if not (scope.store.anchors or scope.store.known or scope.context.known_public_keys):
        missing.append("trust_anchors")
        return []
    where = key.found_at or Place()
    evidence: tuple[Evidence, ...] = (Compared("key", "one of a trusted certificate, or a known one", key.how, where),)
    says = "the signature names its key by value only, which does not say whose it is, and the key is not known"
    return [Fault("key-not-found", "KeyInfo", says, None, evidence), *_weak(key, scope)]


def _weak(key: Key, scope: Scope) -> list[Fault]:
    least = scope.context.min_rsa_bits or 0
    if key.public is None or not least:
        return []
    from wssdoctor.wsse.certificate import kind_and_bits

    kind, bits = kind_and_bits(key.public)
    if kind != "RSA" or bits >= least:
        return []
    evidence: tuple[Evidence, ...] = (Compared("RSA key", f"at least {least} bits", f"{bits} bits", key.found_at),)
    return [Fault("key-too-weak", "KeyInfo", f"the RSA key has {bits} bits; {least} are demanded", None, evidence)]
