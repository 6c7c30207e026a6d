"""The whole judgement of a message, all faults, the root first. What is shared between messages is held here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from wssdoctor.evidence import Evidence, Located
from wssdoctor.wsse import header, names, policy, protection, signature_fault, timestamp, username_token
from wssdoctor.wsse.certificate_path import TrustStore
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.document import DocumentError, Element, child_of, text_of
from wssdoctor.wsse.encrypted_part import EncryptedPart
from wssdoctor.wsse.envelope import Opened, may_be_encrypted, open_message
from wssdoctor.wsse.explanation import Stage, in_order, stage_of
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.item import Assertion, Timestamp, read_assertion
from wssdoctor.wsse.message import SecurityHeader, read_message
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
from wssdoctor.wsse.verification import Reports, Verdict, Verification

if TYPE_CHECKING:
    from wssdoctor.wsse.encryption import Decryption

_SIGNATURE = f"{{{names.DS}}}Signature"
_VALUE = f"{{{names.DS}}}SignatureValue"
_WANT = ("decryption-key-not-found", "context-unknown", "key-not-found")
"""Faults of decryption that only say that a key is not known here."""


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
        return self.judge(opened, now=now, octets=octets)

    def judge(self, opened: Opened, *, now: datetime | None = None, octets: bool = False) -> Verification:
        """Judge a message that was opened already; decryption and evidence may change its tree."""
        at = self.context.time or opened.captured or now or datetime.now(UTC)
        return _Case(self, opened, at).judge(octets=octets)


class _Case:
    """The work on one message; it collects faults by stage, and sorts them in the end."""

    def __init__(self, verifier: Verifier, opened: Opened, now: datetime) -> None:
        self.context = verifier.context
        self.faults: list[tuple[Stage, Fault]] = [(Stage.DOCUMENT, fault) for fault in opened.faults]
        self.missing: list[str] = []
        self.message = read_message(opened.root)
        self.security: SecurityHeader | None = None
        if self.message.soap_version is not None:
            self.security, found = header.our_header(self.message, self.context.actor)
            self.add(Stage.HEADER, found)
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
        self.decryption: Decryption | None = None
        self.encrypted_parts: tuple[EncryptedPart, ...] = ()
        self.closed: list[Fault] = []
        """What lacks a key, where nobody said which keys the receiver holds: unknown, and no fault."""
        self.hidden: set[Element] = set()
        self.signatures: list[Signature] = []
        self.inner_signatures: list[Signature] = []
        """Those inside assertions: they prove what an issuer said, not what the sender did."""

    def add(self, stage: Stage, faults: Collection[Fault]) -> None:
        if faults:
            self.faults += [(stage, fault) for fault in faults]

    def judge(self, *, octets: bool) -> Verification:
        if self.message.soap_version is not None and self.security is None and self._demands_nothing():
            self.faults.clear()
            self.missing.append("a security header, or a demand for one")
        self.add(Stage.DOCUMENT, header.malformed_envelope(self.message))
        self._decrypt()
        self.signatures = [self._check(element) for element in self._signature_elements()]
        coverage = Coverage(self.signatures)
        self._signature_faults()
        broken = {
            reference.target for each in self.signatures for reference in each.references if reference.ok is False
        }
        self._timestamps(broken)
        self._username_tokens(broken)
        self._assertions()
        self._demands(coverage)
        self.missing += [f"a key that decrypts ({fault.says})" for fault in self.closed]
        faults = in_order(self.faults)
        verdict: Verdict = "reject" if faults else "undecided" if self.missing else "accept"
        return Verification(
            verdict=verdict,
            faults=faults,
            missing=tuple(self.missing),
            digested=digested(self.signatures, self.scope) if octets else (),
            reports=partial(self._reports, faults),
        )

    def _reports(self, faults: tuple[Fault, ...]) -> Reports:
        coverage = Coverage(self.signatures + self.inner_signatures)
        unknown = {each.element for each in self.signatures if not each.ok}
        if self.decryption is not None:
            unknown |= self.decryption.hidden(still=True)
        undecrypted = self._undecrypted()
        return Reports(
            parts=part_reports(
                self.message,
                self.security,
                coverage,
                self.hidden,
                unknown,
                faults,
                self.closed,
                self.scope,
                hides=self._header_hides(),
            ),
            signatures=tuple(
                [
                    signature_report(each, self.scope, detailed=bool(faults), inner=inner, unjudgeable=undecrypted)
                    for inner, found in ((False, self.signatures), (True, self.inner_signatures))
                    for each in found
                ]
            ),
            tokens=(
                *token_reports(self.security, faults, self.closed, self.scope),
                *encryption_reports(self.encrypted_parts),
                *exchange_reports(self.message),
            ),
        )

    def _undecrypted(self) -> bool:
        """Whether something could not be decrypted."""
        return bool(self.closed) or any(stage == Stage.DECRYPTION for stage, _ in self.faults)

    def _header_hides(self) -> bool:
        """Whether tokens and signatures may be in what could not be decrypted."""
        holder = self.security.element if self.security is not None else self.scope.root
        return self._undecrypted() and signature_fault.hides(holder)

    def _signing_is_known(self) -> bool:
        """Whether each signature is there to be read, has its key, and signs nothing that is still encrypted."""
        if not self._undecrypted():
            return True
        return not self._header_hides() and not any(
            each.fault in self.closed
            or signature_fault.key_may_be_hidden(each, self.scope)
            or any(not one.ok and signature_fault.may_be_hidden(one, self.scope) for one in each.references)
            for each in self.signatures
        )

    def _demands_nothing(self) -> bool:
        context = self.context
        return not (context.require_signed or context.require_tokens or context.require_encrypted)

    def _decrypt(self) -> None:
        if not self.context.require_encrypted and not may_be_encrypted(self.scope.root):
            return
        from wssdoctor.wsse import encryption

        decryption = encryption.decrypt_message(self.scope)
        if not self.context.knows_keys:
            self.closed = [fault for fault in dict.fromkeys(decryption.faults) if fault.fault in _WANT]
        self.add(Stage.DECRYPTION, [fault for fault in decryption.faults if fault not in self.closed])
        self.add(Stage.DEMAND, encryption.clear_parts(self.context.require_encrypted, decryption))
        self.encrypted_parts, self.hidden = decryption.parts, decryption.hidden()
        self.states, self.decryption = decryption.scopes, decryption
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
        references = list(signature.references)
        for index in reversed(range(len(self.states) - 1)):
            earlier = self._twin(signature, index)
            if earlier is not None and len(earlier.references) == len(references):
                references = [
                    self._moved(there, index) if not here.ok and there.ok else here
                    for here, there in zip(references, earlier.references, strict=True)
                ]
        return msgspec.structs.replace(signature, references=tuple(references))

    def _twin(self, signature: Signature, index: int) -> Signature | None:
        """The same signature as it stands in an earlier state; None if it was still encrypted."""
        state = self.states[index]
        for element in state.root.iter(_SIGNATURE):
            twin = check_signature(element, state) if _says_the_same(element, signature.element) else None
            if twin is not None and twin.octets == signature.octets:
                return twin
        return None

    def _moved(self, reference: Reference, index: int) -> Reference:
        """A reference that held in an earlier state, with its target where it stands in plain text."""

        def here(elements: Iterable[Element]) -> tuple[Element, ...]:
            found = [self.decryption.in_plain(element, index) for element in elements] if self.decryption else []
            return tuple(element for element in found if element is not None)

        target = here((reference.target,)) if reference.target is not None else ()
        removed = here(reference.removed)
        return msgspec.structs.replace(
            reference,
            target=target[0] if target else None,
            selected=here(reference.selected) if len(removed) == len(reference.removed) else (),
            removed=removed,
        )

    def _signature_faults(self) -> None:
        for signature in self.signatures:
            self._judge_signature(signature)
            if signature.key is not None and signature.value_ok:
                self.add(Stage.TRUST, signature_fault.trust_faults(signature.key, self.scope, self.missing))

    def _judge_signature(self, signature: Signature) -> None:
        fault = signature.fault
        if fault is not None and fault.fault == "decryption-key-not-found" and not self.context.knows_keys:
            self.closed += [fault] if fault not in self.closed else []
        for fault in signature_fault.faults_of(signature, self.scope, unjudgeable=self._undecrypted()):
            if fault not in self.closed:
                self.add(stage_of(fault), (fault,))
        self.add(Stage.DEMAND, policy.forbidden_algorithms(signature.element, self.scope))

    def _timestamps(self, broken: set[Element | None]) -> None:
        found = self.security.timestamps if self.security is not None else ()
        if len(found) > 1:
            evidence: tuple[Evidence, ...] = tuple(
                Located("Timestamp", self.scope.place(each.element)) for each in found
            )
            says = f"the security header has {len(found)} Timestamps; one is allowed"
            self.add(Stage.TIME, (Fault("timestamp-duplicate", "Timestamp", says, None, evidence),))
        for item in found:
            self.add(Stage.TIME_ALTERED if item.element in broken else Stage.TIME, self._timestamp(item))

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
            stage = Stage.USERNAME_ALTERED if item.element in broken else Stage.USERNAME
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
            faults = saml.judge(assertion.element, own, others, self.scope, self.missing)
            known = self._signing_is_known()
            self.add(Stage.ASSERTION, [fault for fault in faults if known or fault.fault != "saml-confirmation-failed"])

    def _issuers_signature(self, assertion: Element) -> Signature | None:
        """Give the checked signature inside an assertion, or that of the Response around it."""
        element = child_of(assertion, _SIGNATURE)
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
        self.add(Stage.WRAPPED, protection.wrapped(self.message, coverage, self.scope))
        if not self._header_hides():
            self.add(Stage.MISSING_TOKEN, policy.missing_tokens(self.message, self.security, self.scope))
        if not self.context.require_signed or not self._signing_is_known():
            return
        if not self.signatures:
            holder = self.security.element if self.security is not None else self.scope.root
            wanted = ", ".join(self.context.require_signed)
            evidence: tuple[Evidence, ...] = (Located("no ds:Signature", self.scope.place(holder)),)
            says = f"the message is not signed; these parts must be: {wanted}"
            self.add(Stage.DEMAND, (Fault("signature-missing", "Security", says, "signature-removed", evidence),))
            return
        self.add(Stage.UNSIGNED, protection.not_signed(self.message, self.security, coverage, self.scope))


def _says_the_same(one: Element, other: Element) -> bool:
    """Whether two signatures have the same value: a cheap look before one is checked."""
    values = [child_of(each, _VALUE) for each in (one, other)]
    texts = ["".join(text_of(value).split()) for value in values if value is not None]
    return len(texts) == 2 and texts[0] == texts[1]


def verify(
    message: bytes, context: Context, *, now: datetime | None = None, octets: bool = False, thorough: bool = False
) -> Verification:
    """Judge one message for the receiver that ``context`` describes; see Verifier for many messages."""
    return Verifier(context, thorough=thorough).verify(message, now=now, octets=octets)
