"""What was found out about messages and certificates, kept as long as somebody works on one case.

Verifying a message alone needs nothing of the description, and building paths to anchors nothing of the message: each
is done once, however often the description changes meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import msgspec

from wssdoctor.evidence import Evidence, Sensitivity
from wssdoctor.provider.decryption import ENCRYPTED_DATA, Keys, octets_of
from wssdoctor.provider.request import Request
from wssdoctor.wsse import names
from wssdoctor.wsse.document import DocumentError, local_name
from wssdoctor.wsse.envelope import Opened, open_parts
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.message import Message
from wssdoctor.wsse.part import ASSERTIONS
from wssdoctor.wsse.verification import PartReport, Reports, Verification

if TYPE_CHECKING:
    from wssdoctor.wsse.certificate import Certificate
    from wssdoctor.wsse.certificate_path import TrustStore
    from wssdoctor.wsse.verifier import Verifier

WANTING = frozenset(("key-not-found", "context-unknown"))
"""Faults of a message verified alone that certificates or secrets of the receiver may mend."""
_SIGNATURE = f"{{{names.DS}}}Signature"


T = TypeVar("T")


class Held(msgspec.Struct, frozen=True):
    """What the provider holds to look keys up in: certificates as PEM, secrets of security contexts by identifier."""

    certificates: tuple[str, ...] = ()
    secrets: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"<{len(self.certificates)} certificates, {len(self.secrets)} secrets>"


NOTHING = Held()


class Forensics:
    """The explicit memory of one case. Whoever makes it decides how long it lives."""

    def __init__(self) -> None:
        self._verifications: WeakKeyDictionary[Request, dict[Held, Verification]] = WeakKeyDictionary()
        self._verifiers: dict[tuple[Held, Keys], Verifier] = {}
        self._certificates: dict[str, Certificate | None] = {}
        self._by_list: dict[Certificate, tuple[tuple[Any, ...], Any]] = {}
        self._stores: dict[tuple[tuple[str, ...], tuple[str, ...]], TrustStore] = {}

    def __reduce__(self) -> tuple[type[Forensics], tuple[()]]:
        return Forensics, ()

    @cached_property
    def _alone(self) -> Verifier:
        # What verifies costs 80 ms to import, which only cases with signed messages pay.
        from wssdoctor.wsse.context import Context
        from wssdoctor.wsse.verifier import Verifier

        return Verifier(Context(certificate_dates_ignored=True, decryption_keys=()))

    def alone(self, request: Request) -> Verification:
        """Verify a well-formed message with nothing but itself."""
        return self._verification(request, NOTHING)

    def with_held(self, request: Request, held: Held) -> Verification:
        """Verify a message that needs what the receiver holds."""
        return self._verification(request, held)

    def examined(self, request: Request, held: Held) -> Verification:
        """Verify a well-formed message and keep what was digested, to be looked at; nothing is remembered.

        Where nobody lent a key, what is encrypted is unknown.
        """
        message = request.signed_as
        verifier = self._verifier(held, message.keys)
        if not message.keys.private:
            from wssdoctor.wsse.verifier import Verifier

            verifier = Verifier(msgspec.structs.replace(verifier.context, decryption_keys=None))
        return verifier.judge(_opened(message), now=_moment(message), octets=True)

    def certificate(self, pem: str) -> Certificate | None:
        """Read a certificate; nothing where it cannot be read."""
        if pem not in self._certificates:
            from wssdoctor.wsse.certificate import CertificateError, load_certificates

            try:
                self._certificates[pem] = load_certificates(pem.encode())[0]
            except (CertificateError, IndexError):
                self._certificates[pem] = None
        return self._certificates[pem]

    def certificate_of(self, octets: bytes) -> Certificate:
        """Give the certificate of octets that a verification reported."""
        return self._alone.store.certificate(octets)

    def store(self, anchors: tuple[str, ...], known: tuple[str, ...] = ()) -> TrustStore:
        """Give the store of trust for some certificates in PEM: ``anchors`` end paths, ``known`` count themselves."""
        key = anchors, known
        if key not in self._stores:
            from wssdoctor.wsse.certificate_path import TrustStore

            self._stores[key] = TrustStore(self._read(anchors), known=self._read(known))
        return self._stores[key]

    def for_list(self, certificate: Certificate, entries: tuple[Any, ...], work: Callable[[], T]) -> T:
        """Do some work on a certificate once for each list of entries; the last list is remembered."""
        done = self._by_list.get(certificate)
        if done is None or done[0] is not entries:
            done = self._by_list[certificate] = entries, work()
        return done[1]

    def _read(self, certificates: Sequence[str]) -> list[Certificate]:
        return [found for pem in certificates if (found := self.certificate(pem)) is not None]

    def _verification(self, request: Request, held: Held) -> Verification:
        message = request.signed_as
        done = self._verifications.get(message)
        if done is None:
            done = self._verifications[message] = {}
        found = done.get(held)
        if found is None:
            bare = held is NOTHING and not message.keys
            verifier = self._alone if bare else self._verifier(held, message.keys)
            found = done[held] = verifier.judge(_opened(message), now=_moment(message))
        return found

    def _verifier(self, held: Held, keys: Keys) -> Verifier:
        known = self._verifiers.get((held, keys))
        if known is None:
            from wssdoctor.wsse.context import Context
            from wssdoctor.wsse.verifier import Verifier

            context = Context(
                certificate_dates_ignored=True,
                intermediates=tuple(self._read(held.certificates)),
                decryption_keys=keys.private,
                shared_keys={
                    **dict(keys.shared),
                    **{name: octets for name, text in held.secrets if (octets := octets_of(text)) is not None},
                },
            )
            known = self._verifiers[held, keys] = Verifier(context)
        return known


def is_protected(request: Request) -> bool:
    """Whether anything in a well-formed message is signed or encrypted, or should be because it is an assertion."""
    message = request.message
    if not isinstance(message, Message):
        return False
    return next(message.root.iter(_SIGNATURE, ENCRYPTED_DATA, *ASSERTIONS), None) is not None


def unprotected(request: Request) -> Verification:
    """Report a message that is not protected: there is nothing to verify."""
    message, header = request.message, request.security
    if not isinstance(message, Message):
        return Verification(verdict="undecided")
    elements = [item.element for item in header.items] if header else []
    elements += [message.body] if message.body is not None else []
    parts = tuple(PartReport(part=local_name(element), mark="unprotected") for element in elements)
    return Verification(verdict="undecided", reports=Reports(parts=parts))


def _opened(request: Request) -> Opened:
    """Give the tree of a request, or a new one where verification may change it."""
    message, capture = request.message, request.capture
    assert isinstance(message, Message)
    attachments = {one.content_id: one.content for one in capture.attachments if one.content_id}
    if not attachments and not request.keys and next(message.root.iter(ENCRYPTED_DATA), None) is None:
        return Opened(message.root, capture.envelope, {}, None)
    try:
        return open_parts(capture.envelope, attachments)
    except DocumentError:  # read before, so only what is put back can make it too large
        return Opened(message.root, capture.envelope, {}, None)


def _moment(request: Request) -> dt.datetime:
    """Dates are judged by checks of their own: any moment at which the message looks fresh will do."""
    stamps = request.security.timestamps if request.security else ()
    if stamps and stamps[0].created is not None:
        return stamps[0].created
    time = request.capture.time
    return time.moment if time else dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def placed(fault: Fault, request: Request) -> Fault:
    """Return a fault with its evidence placed in the capture's file; what it quotes may name people and systems."""
    evidence = tuple([_placed(piece, request) for piece in fault.evidence])
    return msgspec.structs.replace(fault, evidence=evidence)


def _placed(piece: Evidence, request: Request) -> Evidence:
    place = piece.place
    if place is not None and place.file is None and (place.line or place.xpath):
        place = request.place(place.xpath, place.line)
    return msgspec.structs.replace(piece, place=place, sensitivity=Sensitivity.IDENTIFYING)
