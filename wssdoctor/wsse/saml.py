"""Whether a SAML assertion holds: signature, issuer, validity, audience, recipient, confirmation of the subject.

Sources: SAML Core 1.1 and 2.0, SAML Profiles 2.0 (section 3), WSS SAML token profile 1.1.1 (section 3.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import key_info, names
from wssdoctor.wsse.certificate import CertificateError, decode_base64
from wssdoctor.wsse.document import Element, local_name, text_of
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.part import ASSERTIONS, is_body
from wssdoctor.wsse.protection import Coverage
from wssdoctor.wsse.reference import Reference
from wssdoctor.wsse.saml_assertion import Confirmation, SamlAssertion, Window, read_saml_assertion
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.signature import Signature
from wssdoctor.wsse.timestamp import show

_AS_ISSUER = {
    "cert-untrusted": ("saml-issuer-untrusted", "assertion-signed-by-an-untrusted-sts"),
    "cert-chain-incomplete": ("saml-issuer-untrusted", None),
    "cert-not-yet-valid": ("saml-issuer-untrusted", None),
    "cert-expired": ("saml-issuer-cert-expired", "sts-certificate-expired"),
}
_RESPONSES = frozenset((f"{{{names.SAML1P}}}Response", f"{{{names.SAML2P}}}Response"))
_WHERE = "Assertion"


def assertion_of(element: Element, scope: Scope) -> SamlAssertion:
    """Read an assertion, or give what was read before."""
    found = scope.assertions.get(element)
    if found is None:
        found = scope.assertions[element] = read_saml_assertion(element)
    return found


def holder_key(element: Element, scope: Scope) -> Key:
    """Give the key that an assertion binds its subject to. Raises FaultFound (key-not-found and those of KeyInfo)."""
    assertion = assertion_of(element, scope)
    for confirmation in assertion.confirmations:
        if confirmation.key_info is not None:
            return _confirmed_key(confirmation.key_info, assertion, scope)
    kinds = ", ".join(assertion.kinds) or "no confirmation method"
    evidence = (Compared("SubjectConfirmation", "one with a key (holder-of-key)", kinds, scope.place(element)),)
    says = f"the reference leads to an assertion that holds no key ({kinds})"
    raise FaultFound(Fault("key-not-found", _WHERE, says, evidence=evidence))


def _confirmed_key(info: Element, assertion: SamlAssertion, scope: Scope) -> Key:
    how = f"the key of {assertion.name_id or 'the subject'} in the assertion by {assertion.issuer}"
    place = scope.place(info)
    for namespace in names.WST:
        secret = info.find(f"{{{namespace}}}BinarySecret")
        if secret is not None:
            try:
                return Key(where=_WHERE, how=how, secret=decode_base64(text_of(secret)), known=True, place=place)
            except CertificateError as error:
                evidence = (Located(str(error), scope.place(secret)),)
                says = "the BinarySecret of the assertion is not base64"
                raise FaultFound(Fault("token-malformed", _WHERE, says, evidence=evidence)) from None
    found = key_info.keys_of(info, scope, secret=False)[0]
    # The issuer vouches for this key, so its certificate need not be trusted by itself.
    return Key(where=_WHERE, how=how, public=found.public, secret=found.secret, known=True, place=place)


def judge(
    element: Element,
    own: Signature | None,
    message_signatures: Sequence[Signature],
    scope: Scope,
    missing: list[str],
) -> list[Fault]:
    """Judge one assertion that a receiver reads; the root fault first.

    ``own`` is the checked signature inside the assertion or, for a SAML Response, around it; what is wrong with its
    value and digests is told elsewhere. ``message_signatures`` are the others, whose references prove holder-of-key
    and sender-vouches; their targets are elements of this scope's tree. What could not be judged goes to ``missing``.
    """
    assertion = assertion_of(element, scope)
    return [
        *_signature_faults(assertion, own, scope),
        *_trust_faults(own, scope, missing),
        *_issuer_faults(assertion, scope),
        *_date_faults(assertion, scope),
        *_audience_faults(assertion, scope),
        *_confirmation_faults(assertion, message_signatures, scope),
    ]


# Signature and trust ----------------------------------------------------------------------------------------


def _signature_faults(assertion: SamlAssertion, own: Signature | None, scope: Scope) -> list[Fault]:
    element = assertion.element
    if own is None:
        # A sender vouches with its own signature; every other assertion needs its issuer's.
        if assertion.kinds == ("sender-vouches",):
            return []
        elsewhere = [
            other
            for other in scope.root.iter(*ASSERTIONS)
            if other is not element and other.find(f"{{{names.DS}}}Signature") is not None
        ]
        place = scope.place(element)
        if elsewhere:
            evidence: tuple[Evidence, ...] = (
                Located("the assertion that is read, not signed", place),
                Located("a signed assertion in another place", scope.place(elsewhere[0])),
            )
            says = "the assertion that is read is not signed; a signed one stands in another place"
            return [Fault("signature-wrapped", _WHERE, says, "signed-element-moved", evidence)]
        evidence = (Located("no ds:Signature in the assertion", place),)
        says = f"the {'/'.join(assertion.kinds) or 'SAML'} assertion must be signed by its issuer and is not"
        return [Fault("saml-signature-missing", _WHERE, says, "assertion-signature-removed", evidence)]
    covering = [each for each in own.references if _reaches(each, element)]
    if covering:
        return _left_out(covering, own, scope)
    targets = [reference.target for reference in own.references if reference.target is not None]
    if not targets:
        return []  # why nothing was found is told elsewhere
    evidence = (
        Located("the assertion that is read", scope.place(element)),
        Located("the signed element", scope.place(targets[0])),
    )
    says = "the signature in the assertion signs another element, not the assertion that is read"
    return [Fault("signature-wrapped", _WHERE, says, "signed-element-moved", evidence)]


def _reaches(reference: Reference, element: Element) -> bool:
    """Whether an element, or one around it, is what a reference digests."""
    return any(each is element or each in element.iterancestors() for each in reference.selected)


def _left_out(covering: list[Reference], own: Signature, scope: Scope) -> list[Fault]:
    """Nothing of an assertion may be taken out before it is digested, but the signature itself."""
    for reference in covering:
        for element in reference.removed:
            if element is not own.element:
                evidence = (Located(f"{local_name(element)}, taken out by a transform", scope.place(element)),)
                says = f"the issuer's signature leaves out {local_name(element)}"
                return [Fault("required-part-not-signed", _WHERE, says, evidence=evidence)]
    return []


def _trust_faults(own: Signature | None, scope: Scope, missing: list[str]) -> list[Fault]:
    key = own.key if own is not None else None
    if key is None or own is None or own.value_ok is not True:
        return []
    known = scope.context.known_public_keys
    if key.known or any(held.key == key.public for held in known):
        return []
    if key.certificate is None:
        if scope.context.accept_key_value:
            return []
        evidence = (Compared("key of the issuer", "one of a trusted certificate", key.how, scope.place(own.element)),)
        says = "the assertion is signed with a key that is named by value only, which does not say whose it is"
        return [Fault("saml-issuer-untrusted", _WHERE, says, evidence=evidence)]
    path = scope.store.judge(key.certificate, scope.now, _WHERE, sent=key.sent)
    missing += [item for item in path.unchecked if item not in missing]
    if "trust_anchors" in path.unchecked:
        return []
    return [_as_issuer(fault) for fault in path.faults]


def _as_issuer(fault: Fault) -> Fault:
    """The fault of a signer's certificate as one of the assertion's issuer."""
    name, reason = _AS_ISSUER.get(fault.fault, (fault.fault, fault.reason))
    if fault.reason != "sender-certificate-issued-by-another-ca" and name == "saml-issuer-untrusted":
        reason = fault.reason
    return msgspec.structs.replace(fault, fault=name, reason=reason, says=f"issuer of the assertion: {fault.says}")


# Statements -------------------------------------------------------------------------------------------------


def _issuer_faults(assertion: SamlAssertion, scope: Scope) -> list[Fault]:
    expected = scope.context.saml.issuer
    if expected is None or assertion.issuer == expected:
        return []
    says, reason = _unlike("issuer", expected, assertion.issuer)
    evidence = (Compared("Issuer", expected, assertion.issuer or "absent", scope.place(assertion.element)),)
    return [Fault("saml-issuer-unknown", _WHERE, says, reason or "issuer-name-not-configured", evidence)]


def _date_faults(assertion: SamlAssertion, scope: Scope) -> list[Fault]:
    if assertion.conditions is not None and (faults := _window_faults(assertion.conditions, "Conditions", scope)):
        return faults
    issued = assertion.issue_instant
    if issued is not None and issued > scope.now + _tolerance(scope):
        evidence = (
            Compared("IssueInstant", f"not after {show(scope.now)}", show(issued), scope.place(assertion.element)),
        )
        says = f"the assertion was issued at {show(issued)}, which lies ahead"
        return [Fault("saml-not-yet-valid", _WHERE, says, "sts-clock-ahead", evidence)]
    return []


def _tolerance(scope: Scope) -> timedelta:
    return scope.context.max_future or timedelta()


def _window_faults(window: Window, what: str, scope: Scope) -> list[Fault]:
    before, after = window.not_before, window.not_on_or_after
    if before is not None and after is not None and before <= scope.now < after:
        return []
    faults = []
    for name, text, moment in (
        ("NotBefore", window.not_before_text, before),
        ("NotOnOrAfter", window.not_on_or_after_text, after),
    ):
        if text is not None and moment is None:
            evidence = (Compared(name, "an xsd:dateTime", text, scope.place(window.element)),)
            faults.append(Fault("token-malformed", _WHERE, f"{name} of {what} is no date", evidence=evidence))
    if before is not None and before > scope.now + _tolerance(scope):
        evidence = (_at_odds(f"not before {show(before)}", window, scope),)
        says = f"the assertion is valid only from {show(before)} on ({what})"
        faults.append(Fault("saml-not-yet-valid", _WHERE, says, "sts-clock-ahead", evidence))
    if after is not None and scope.now >= after:
        evidence = (_at_odds(f"before {show(after)}", window, scope),)
        says = f"the assertion expired at {show(after)} ({what})"
        faults.append(Fault("saml-expired", _WHERE, says, "assertion-used-late", evidence))
    return faults


def _at_odds(expected: str, window: Window, scope: Scope) -> Compared:
    return Compared("time of judgement", expected, show(scope.now), scope.place(window.element))


def _audience_faults(assertion: SamlAssertion, scope: Scope) -> list[Fault]:
    expected = scope.context.saml.audience
    if expected is None:
        return []
    for audiences in assertion.audiences:
        if expected not in audiences:
            observed = ", ".join(audiences) or None
            says, reason = _unlike("audience", expected, observed)
            evidence = (Compared("Audience", expected, observed or "absent", scope.place(assertion.element)),)
            reason = reason or "assertion-for-another-audience"
            return [Fault("saml-audience-mismatch", _WHERE, says, reason, evidence)]
    return []


def _unlike(what: str, expected: str, observed: str | None) -> tuple[str, str | None]:
    """Say how a name differs from the expected one, and the reason if it is only a matter of spelling."""
    if observed is None:
        return f"the assertion names no {what}; {expected} is expected", None
    says = f"the {what} is {observed}, not {expected}"
    for how, reason, fold in (
        ("only a slash at the end differs", "trailing-slash", lambda text: text.rstrip("/")),
        ("only upper and lower case differ", "letter-case", str.casefold),
        ("only the port differs", "default-port", lambda text: text.replace(":443/", "/").replace(":80/", "/")),
        ("only http and https differ", "http-instead-of-https", lambda text: text.replace("http://", "https://", 1)),
    ):
        if fold(expected) == fold(observed):
            return f"{says}: {how}", reason
    return says, None


# Confirmation -----------------------------------------------------------------------------------------------


def _confirmation_faults(assertion: SamlAssertion, signatures: Sequence[Signature], scope: Scope) -> list[Fault]:
    """One satisfied confirmation is enough; else tell what is wrong with the one that lacks least."""
    best: list[Fault] | None = None
    for confirmation in assertion.confirmations:
        faults = [
            *(_window_faults(confirmation.window, "SubjectConfirmationData", scope) if confirmation.window else ()),
            *_recipient_faults(assertion, confirmation, scope),
            *_proof_faults(assertion, confirmation, signatures, scope),
        ]
        if not faults:
            return []
        if best is None or len(faults) < len(best):
            best = faults
    return best or []


def _recipient_faults(assertion: SamlAssertion, confirmation: Confirmation, scope: Scope) -> list[Fault]:
    expected = scope.context.saml.recipient
    if expected is None or confirmation.kind == "sender-vouches":
        return []
    observed, holder = confirmation.recipient, confirmation.element
    parent = assertion.element.getparent()
    if observed is None and parent is not None and parent.tag in _RESPONSES:
        observed, holder = parent.get("Recipient") or parent.get("Destination"), parent
    if not observed or observed == expected:
        return []
    says, reason = _unlike("recipient", expected, observed)
    evidence = (Compared("Recipient", expected, observed, scope.place(holder)),)
    return [Fault("saml-recipient-mismatch", _WHERE, says, reason or "assertion-for-another-recipient", evidence)]


def _proof_faults(
    assertion: SamlAssertion, confirmation: Confirmation, signatures: Sequence[Signature], scope: Scope
) -> list[Fault]:
    match confirmation.kind:
        case "bearer":
            return []
        case "holder-of-key":
            return _holder_faults(assertion, confirmation, signatures, scope)
        case "sender-vouches":
            return _sender_faults(assertion, confirmation, signatures, scope)
    evidence = (
        Compared(
            "confirmation method",
            "bearer, holder-of-key or sender-vouches",
            confirmation.method,
            scope.place(confirmation.element),
        ),
    )
    says = f"the confirmation method {confirmation.method or '(none)'} is not known"
    return [Fault("saml-confirmation-failed", _WHERE, says, "confirmation-method-unknown", evidence)]


def _holder_faults(
    assertion: SamlAssertion, confirmation: Confirmation, signatures: Sequence[Signature], scope: Scope
) -> list[Fault]:
    place = scope.place(confirmation.element)
    if confirmation.key_info is None:
        evidence: tuple[Evidence, ...] = (Located("SubjectConfirmation without KeyInfo", place),)
        says = "the assertion says holder-of-key, but names no key"
        return [Fault("saml-confirmation-failed", _WHERE, says, "holder-key-missing", evidence)]
    try:
        holder = _confirmed_key(confirmation.key_info, assertion, scope)
    except FaultFound as found:
        return [found.fault]
    for signature in signatures:
        if signature.value_ok and signature.key is not None and _same_key(signature.key, holder):
            return []
    if not signatures:
        evidence = (Compared("signature of the message", "one with the holder's key", "none", place),)
        says = "nothing in the message is signed with the key of the holder"
        return [Fault("saml-confirmation-failed", _WHERE, says, "message-not-signed-by-holder", evidence)]
    used = signatures[0].key.how if signatures[0].key is not None else "a key that cannot be found"
    evidence = (Compared("key of the message's signature", holder.how, used, place),)
    says = f"the message is not signed with the key of the holder, {assertion.name_id or 'the subject'}"
    return [Fault("saml-confirmation-failed", "Signature", says, "signed-with-a-key-that-is-not-the-holders", evidence)]


def _same_key(one: Key, other: Key) -> bool:
    if one.secret is not None:
        return one.secret == other.secret
    return one.public is not None and one.public == other.public


def _sender_faults(
    assertion: SamlAssertion, confirmation: Confirmation, signatures: Sequence[Signature], scope: Scope
) -> list[Fault]:
    """The sender must have signed the assertion and the body in one signature."""
    bodies = [element for element in scope.root.iterchildren("*") if is_body(element)]
    tried = False
    for signature in signatures:
        reached = [
            any(_reaches(reference, element) for reference in signature.references)
            for element in (assertion.element, *bodies[:1])
        ]
        if all(reached):
            coverage = Coverage([signature])
            if signature.ok and all(element in coverage for element in (assertion.element, *bodies[:1])):
                return []
            tried = not signature.ok
    if tried:
        return []  # the sender did vouch; what is wrong with its signature is told elsewhere
    what = "none" if not signatures else "no signature over both the assertion and the Body"
    evidence = (
        Compared(
            "the sender's signature", "covers the assertion and the Body", what, scope.place(confirmation.element)
        ),
    )
    says = f"the sender must vouch for the assertion by signing it together with the Body: {what}"
    return [Fault("saml-confirmation-failed", _WHERE, says, "sender-does-not-vouch", evidence)]
