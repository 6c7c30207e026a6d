"""The whole judgement of a message, all faults, the root first. What is shared between messages is held here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial

import msgspec

from wssdoctor.evidence import Evidence, Located
from wssdoctor.wsse import header, names, policy, protection, signature_fault, timestamp, username_token
from wssdoctor.wsse.certificate_path import TrustStore
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.document import DocumentError, Element
from wssdoctor.wsse.encrypted_part import EncryptedPart, at_position, position_of
from wssdoctor.wsse.envelope import Opened, open_message
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.message import Assertion, SecurityHeader, Timestamp, read_assertion, read_message
from wssdoctor.wsse.part import ASSERTIONS
from wssdoctor.wsse.protection import Coverage
from wssdoctor.wsse.reference import Reference
from wssdoctor.wsse.report import (
    digested,
    encryption_reports,
    exchange_reports,
    part_reports,
    signature_report,
    token_reports,
)
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.signature import Signature, check_signature
from wssdoctor.wsse.verification import Verdict, Verification

_SIGNATURE = f"{{{names.DS}}}Signature"


class Verifier:
    """Judges messages for one receiver; certificates and paths are remembered from message to message.

    Can be pickled: what it remembers stays behind.
    """

    def __init__(self, context: Context, *, thorough: bool = False) -> None:
        """``thorough`` searches longer, up to seconds, for what was done to altered content."""
        self.context = context
        self.thorough = thorough
        self.store = TrustStore(
            context.trust_anchors,
            context.intermediates,
            context.known_certs,
            context.crls,
            min_rsa_bits=context.min_rsa_bits,
            dates_ignored=context.certificate_dates_ignored,
        )

    def __reduce__(self) -> tuple[Callable[[Context], Verifier], tuple[Context]]:
        return partial(type(self), thorough=self.thorough), (self.context,)

    def verify(self, message: bytes, *, now: datetime | None = None, octets: bool = False) -> Verification:
        """Judge one message. ``now`` stands in where neither context nor capture gives a time (default: the clock).

        ``octets`` keeps what was digested. Never raises for what the message says.
        """
        try:
            opened = open_message(message)
        except DocumentError as error:
            return Verification(verdict="reject", faults=(error.as_fault(),))
        at = self.context.time or opened.captured or now or datetime.now(UTC)
        return _Case(self, opened, at).judge(octets=octets)


class _Case:
    """The work on one message; it collects faults by stage, and sorts them in the end."""

    def __init__(self, verifier: Verifier, opened: Opened, now: datetime) -> None:
        self.context = verifier.context
        self.faults: list[tuple[int, Fault]] = [(_DOCUMENT, fault) for fault in opened.faults]
        self.missing: list[str] = []
        self.message = read_message(opened.root)
        self.security: SecurityHeader | None = None
        if self.message.soap_version is not None:
            self.security, found = header.our_header(self.message, self.context.actor)
            self.add(_HEADER, found)
        self.scope = Scope(
            self.context,
            verifier.store,
            now,
            opened.root,
            source=opened.source if not opened.attachments else None,
            security=self.security,
            attachments=opened.attachments,
            thorough=verifier.thorough,
        )
        self.states: tuple[Scope, ...] = (self.scope,)
        self.encrypted_parts: tuple[EncryptedPart, ...] = ()
        self.hidden: set[Element] = set()
        self.signatures: list[Signature] = []
        self.inner_signatures: list[Signature] = []
        """Those inside assertions: they prove what an issuer said, not what the sender did."""
        self.source = opened.source

    def add(self, stage: int, faults: Iterable[Fault]) -> None:
        self.faults += [(stage, fault) for fault in faults]

    def judge(self, *, octets: bool) -> Verification:
        if self.message.soap_version is not None and self.security is None and self._demands_nothing():
            self.faults.clear()
            self.missing.append("a security header, or a demand for one")
        self._decrypt()
        elements = self._signature_elements()
        self.signatures = [self._check(element) for element in elements]
        coverage = Coverage(self.signatures)
        self._signature_faults()
        broken = {
            reference.target for each in self.signatures for reference in each.references if reference.ok is False
        }
        self._timestamps(broken)
        self._username_tokens(broken)
        self._assertions()
        self._demands(coverage)
        faults = _in_order(self.faults)
        verdict: Verdict = "reject" if faults else "undecided" if self.missing else "accept"
        signatures = self.signatures + self.inner_signatures
        if self.inner_signatures:
            coverage = Coverage(signatures)
        return Verification(
            verdict=verdict,
            faults=faults,
            parts=part_reports(self.message, self.security, coverage, self.hidden, faults, self.scope),
            signatures=tuple([signature_report(each, self.scope, detailed=bool(faults)) for each in signatures]),
            tokens=(
                *token_reports(self.security, faults, self.scope),
                *encryption_reports(self.encrypted_parts),
                *exchange_reports(self.message),
            ),
            missing=tuple(self.missing),
            digested=digested(self.signatures) if octets else (),
        )

    def _demands_nothing(self) -> bool:
        context = self.context
        return not (context.require_signed or context.require_tokens or context.require_encrypted)

    def _decrypt(self) -> None:
        from wssdoctor.wsse import encryption

        if not encryption.may_be_encrypted(self.source):
            if self.context.require_encrypted:
                self.add(
                    _DEMAND, encryption.clear_parts(self.context.require_encrypted, encryption.Decryption(self.states))
                )
            return
        decryption = encryption.decrypt_message(self.scope)
        self.add(_DECRYPTION, decryption.faults)
        self.add(_DEMAND, encryption.clear_parts(self.context.require_encrypted, decryption))
        self.encrypted_parts, self.hidden = decryption.parts, decryption.hidden()
        self.states = decryption.scopes
        if decryption.plain is not self.scope:
            self.scope = decryption.plain
            self.message = read_message(self.scope.root)
            self.security = self.scope.security

    def _signature_elements(self) -> list[Element]:
        if self.security is not None:
            return [item.element for item in self.security.signatures]
        # A bare document: all signatures but those of assertions, which are judged with the assertion.
        return [
            element
            for element in self.scope.root.iter(_SIGNATURE)
            if not (element.getparent() is not None and element.getparent().tag in ASSERTIONS)  # type: ignore[union-attr]
        ]

    def _check(self, element: Element) -> Signature:
        """Check a signature over the plain text, and what does not hold there over what was sent."""
        signature = check_signature(element, self.scope)
        if len(self.states) == 1 or all(reference.ok for reference in signature.references):
            return signature
        at = position_of(element)
        references = list(signature.references)
        for state in reversed(self.states[:-1]):
            twin = at_position(state.root, at)
            if twin is None or twin.tag != element.tag:
                continue
            earlier = check_signature(twin, state).references
            if len(earlier) == len(references):
                references = [
                    self._moved(there) if not here.ok and there.ok else here
                    for here, there in zip(references, earlier, strict=True)
                ]
        return msgspec.structs.replace(signature, references=tuple(references))

    def _moved(self, reference: Reference) -> Reference:
        """A reference that held in an earlier state, with its target where it stands in plain text."""
        target = reference.target
        here = at_position(self.scope.root, position_of(target)) if target is not None else None
        return msgspec.structs.replace(reference, target=here, removed=())

    def _signature_faults(self) -> None:
        for signature in self.signatures:
            self._judge_signature(signature)
            if signature.key is not None and signature.value_ok:
                self.add(_TRUST, signature_fault.trust_faults(signature.key, self.scope, self.missing))

    def _judge_signature(self, signature: Signature) -> None:
        undecrypted = any(stage == _DECRYPTION for stage, _ in self.faults)
        for fault in signature_fault.faults_of(signature, self.scope, unjudgeable=undecrypted):
            self.add(_STAGES.get(fault.fault, _SIGNATURE_VALUE), (fault,))
        self.add(_DEMAND, policy.forbidden_algorithms(signature.element, self.scope))

    def _timestamps(self, broken: set[Element | None]) -> None:
        found = self.security.timestamps if self.security is not None else ()
        if len(found) > 1:
            evidence: tuple[Evidence, ...] = tuple(
                Located("Timestamp", self.scope.place(each.element)) for each in found
            )
            says = f"the security header has {len(found)} Timestamps; one is allowed"
            self.add(_TIME, (Fault("timestamp-duplicate", "Timestamp", says, None, evidence),))
        for item in found:
            self.add(_TIME_ALTERED if item.element in broken else _TIME, self._timestamp(item))

    def _timestamp(self, item: Timestamp) -> tuple[Fault, ...]:
        repeated = tuple(
            Fault(
                "timestamp-malformed",
                "Timestamp",
                f"the time stamp has {name} twice",
                None,
                (Located(f"second {name}", self.scope.place(item.element)),),
            )
            for name in item.repeated
            if name in ("Created", "Expires")
        )
        return repeated + timestamp.judge_window(
            item.created_text,
            item.expires_text,
            item.created,
            item.expires,
            self.scope.now,
            max_age=self.context.max_age,
            max_future=self.context.max_future,
            place=lambda: self.scope.place(item.element),
        )

    def _username_tokens(self, broken: set[Element | None]) -> None:
        found = self.security.username_tokens if self.security is not None else ()
        for item in found:
            stage = _USERNAME_ALTERED if item.element in broken else _USERNAME
            self.add(stage, username_token.judge(item, self.context, self.scope.now))
            if self.context.users is None and "users" not in self.missing:
                self.missing.append("users")

    def _assertions(self) -> None:
        if self.security is not None:
            found: Iterable[Assertion] = self.security.assertions
        elif self.message.soap_version is None:
            found = [
                read_assertion(element)
                for element in self.scope.root.iter(*ASSERTIONS)
                if not any(ancestor.tag in ASSERTIONS for ancestor in element.iterancestors())
            ]
        else:
            found = ()
        for assertion in found:
            if assertion.encrypted:
                continue
            from wssdoctor.wsse import saml

            own = self._issuers_signature(assertion.element)
            others = [each for each in self.signatures if each is not own]
            self.add(_ASSERTION, saml.judge(assertion.element, own, others, self.scope, self.missing))

    def _issuers_signature(self, assertion: Element) -> Signature | None:
        """Give the checked signature inside an assertion, or that of the Response around it."""
        element = assertion.find(_SIGNATURE)
        if element is None:
            if self.security is not None:
                return None
            around = assertion.getparent()
            return next((each for each in self.signatures if each.element.getparent() is around), None)
        own = self._check(element)
        self._judge_signature(own)
        self.inner_signatures.append(own)
        return own

    def _demands(self, coverage: Coverage) -> None:
        if self.security is None and self.message.soap_version is not None:
            return
        self.add(_WRAPPED, protection.wrapped(self.message, coverage, self.scope))
        self.add(_MISSING_TOKEN, policy.missing_tokens(self.message, self.security, self.scope))
        if not self.context.require_signed:
            return
        if not self.signatures:
            holder = self.security.element if self.security is not None else self.scope.root
            wanted = ", ".join(self.context.require_signed)
            evidence: tuple[Evidence, ...] = (Located("no ds:Signature", self.scope.place(holder)),)
            says = f"the message is not signed; these parts must be: {wanted}"
            self.add(_DEMAND, (Fault("signature-missing", "Security", says, "signature-removed", evidence),))
            return
        self.add(_UNSIGNED, protection.not_signed(self.message, self.security, coverage, self.scope))


(
    _DOCUMENT,
    _HEADER,
    _TIME,
    _USERNAME,
    _MISSING_TOKEN,
    _DECRYPTION,
    _STRUCTURE,
    _ALGORITHM,
    _TOKEN,
    _KEY,
    _SIGNATURE_VALUE,
    _FOUND,
    _TRUST,
    _WRAPPED,
    _DIGEST,
    _TIME_ALTERED,
    _USERNAME_ALTERED,
    _DEMAND,
    _ASSERTION,
    _UNSIGNED,
) = range(20)
"""The order of explanation: what comes earlier explains what comes later."""

_STAGES = {
    "signature-malformed": _STRUCTURE,
    "algorithm-unknown": _ALGORITHM,
    "algorithm-key-mismatch": _ALGORITHM,
    "hmac-output-too-short": _ALGORITHM,
    "c14n-relative-namespace-uri": _ALGORITHM,
    "token-malformed": _TOKEN,
    "token-reference-unresolved": _TOKEN,
    "key-info-missing": _KEY,
    "key-not-found": _KEY,
    "context-unknown": _KEY,
    "reference-unresolved": _FOUND,
    "duplicate-id": _FOUND,
    "mtom-part-missing": _FOUND,
    "signature-wrapped": _WRAPPED,
    "digest-mismatch": _DIGEST,
}


def _laid_out(ordered: list[Fault]) -> list[Fault]:
    """Where the whole message was laid out anew, the part that suffered comes before SignedInfo, which did too."""
    if any(fault.fault == "digest-mismatch" and fault.reason in _LAYOUT for fault in ordered):
        shifted = [fault for fault in ordered if fault.fault == "signature-value-mismatch" and fault.reason in _LAYOUT]
        return [fault for fault in ordered if fault not in shifted] + shifted
    return ordered


_LAYOUT = frozenset(
    ("body-pretty-printed", "part-pretty-printed", "signed-info-pretty-printed", "line-endings-changed")
)


def _in_order(faults: list[tuple[int, Fault]]) -> tuple[Fault, ...]:
    """Sort by stage and drop what another fault says already."""
    ordered = _laid_out([fault for _, fault in sorted(faults, key=lambda each: each[0])])
    explained: set[tuple[str, str]] = set()
    kept: list[Fault] = []
    for fault in ordered:
        if (fault.fault, fault.where) in explained and fault in kept:
            continue
        if fault.fault == "required-part-not-signed" and any(
            other.where == fault.where and other.fault in _EXPLAIN_UNSIGNED for other in kept
        ):
            continue
        kept.append(fault)
        explained.add((fault.fault, fault.where))
    return tuple(kept)


_EXPLAIN_UNSIGNED = frozenset(
    (
        "signature-wrapped",
        "digest-mismatch",
        "reference-unresolved",
        "duplicate-id",
        "timestamp-missing",
        "username-token-missing",
    )
)
"""Faults after which it goes without saying that the same part is not signed."""


def verify(
    message: bytes, context: Context, *, now: datetime | None = None, octets: bool = False, thorough: bool = False
) -> Verification:
    """Judge one message for the receiver that ``context`` describes; see Verifier for many messages."""
    return Verifier(context, thorough=thorough).verify(message, now=now, octets=octets)
