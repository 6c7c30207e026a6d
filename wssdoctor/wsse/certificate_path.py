"""Is a certificate trusted? Paths to the given anchors (RFC 5280, section 6), and where one breaks, why.

What is shared between messages (parsed certificates, paths) is kept in a ``TrustStore``, which its owner
makes and passes on. The dates are judged anew for each instant; all else is decided once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from wssdoctor.evidence import Place
from wssdoctor.wsse import certificate_fault
from wssdoctor.wsse.certificate import Certificate, decode_base64, load_der
from wssdoctor.wsse.distinguished_name import Name
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.revocation import RevocationList
from wssdoctor.wsse.timestamp import show

_LONGEST = 8
_TRIALS = 64
_REMEMBERED = 4096
_USUAL_TEXT = 8192
"""Longer texts are not worth remembering: no usual certificate has them."""


class Path(msgspec.Struct, frozen=True):
    """Certificates from the subject's to the last that was found, and what is wrong apart from dates.

    ``complete`` if the last one is an anchor, or the first is trusted by itself.
    """

    certificates: tuple[Certificate, ...]
    complete: bool
    faults: tuple[Fault, ...] = ()
    unchecked: tuple[str, ...] = ()
    """What the store could not judge, for example a revocation list out of date."""

    valid_from: datetime = datetime.max.replace(tzinfo=UTC)
    """The instants from and until which all certificates are valid."""
    valid_until: datetime = datetime.min.replace(tzinfo=UTC)

    @property
    def subject(self) -> Certificate:
        """The certificate in question."""
        return self.certificates[0]


class TrustStore:
    """What a receiver trusts, and what was found out with it.

    ``anchors`` end a path, ``intermediates`` help to build one, ``known`` are trusted directly.
    ``min_rsa_bits`` is the shortest RSA key allowed below the anchor. With ``dates_ignored`` no validity
    period is judged.
    """

    def __init__(
        self,
        anchors: Iterable[Certificate] = (),
        intermediates: Iterable[Certificate] = (),
        known: Iterable[Certificate] = (),
        revocation_lists: Iterable[RevocationList] = (),
        *,
        min_rsa_bits: int | None = None,
        dates_ignored: bool = False,
    ) -> None:
        self.anchors = tuple(anchors)
        self.intermediates = tuple(intermediates)
        self.known = tuple(known)
        self.revocation_lists = tuple(revocation_lists)
        self.min_rsa_bits = min_rsa_bits
        self.dates_ignored = dates_ignored
        self.certificates = tuple(dict.fromkeys((*self.known, *self.intermediates, *self.anchors)))
        """All that the receiver holds, the directly trusted first: where a key identifier is looked up."""
        self._anchors = frozenset(self.anchors)
        self._known = frozenset(self.known)
        self._certificates: dict[bytes, Certificate] = {}
        self._subjects: dict[Certificate, str] = {}
        self._texts: dict[str, Certificate] = {}
        self._paths: dict[tuple[Certificate, tuple[Certificate, ...]], tuple[Path, ...]] = {}

    def certificate(self, octets: bytes) -> Certificate:
        """Read a certificate in DER, or give the one read before. Raises CertificateError."""
        found = self._certificates.get(octets)
        if found is None:
            if len(self._certificates) >= _REMEMBERED:
                self._certificates.clear()
            found = self._certificates[octets] = load_der(octets)
        return found

    def certificate_in(self, text: str) -> Certificate:
        """Read a certificate in base64, or give the one read before. Raises CertificateError."""
        found = self._texts.get(text)
        if found is None:
            found = self.certificate(decode_base64(text))
            if len(self._texts) >= _REMEMBERED:
                self._texts.clear()
            if len(text) <= _USUAL_TEXT:
                self._texts[text] = found
        return found

    def subject(self, certificate: Certificate) -> str:
        """Write the subject's name, or give what was written before."""
        found = self._subjects.get(certificate)
        if found is None:
            if len(self._subjects) >= _REMEMBERED:
                self._subjects.clear()
            found = self._subjects[certificate] = str(certificate.subject)
        return found

    def path(self, subject: Certificate, at: datetime, sent: tuple[Certificate, ...] = ()) -> Path:
        """Find the best path for a certificate: a faultless one if there is one, else the most telling.

        ``sent`` are further certificates from the message, which help to build a path but are not trusted.
        The faults in the result say ``where`` as an empty text; ``judge`` puts it in.
        """
        paths = self._paths.get((subject, sent))
        if paths is None:
            if len(self._paths) >= _REMEMBERED:
                self._paths.clear()
            paths = self._paths[subject, sent] = self._search(subject, sent)
        for path in paths:
            if not path.faults and (self.dates_ignored or path.valid_from <= at <= path.valid_until):
                return path
        best: Path | None = None
        for path in paths:
            late = () if self.dates_ignored else certificate_fault.date_faults(path.certificates, at)
            judged = msgspec.structs.replace(path, faults=path.faults + late)
            if best is None or len(judged.faults) < len(best.faults):
                best = judged
        assert best is not None
        return best

    def judge(
        self,
        subject: Certificate,
        at: datetime,
        where: str,
        *,
        place: Place | None = None,
        sent: tuple[Certificate, ...] = (),
        subjects: tuple[Name, ...] = (),
    ) -> Path:
        """Judge a signer's certificate at an instant: path, dates, revocation, key, and if it is expected.

        ``where`` names the part that carried or named it; ``subjects`` are the accepted names (none: all).
        Returns the path with its faults, root first.
        """
        path = self.path(subject, at, sent)
        if not (path.faults or subjects or self.revocation_lists):
            return path
        stale = self._stale_lists(path, at)
        faults = [msgspec.structs.replace(fault, where=where) for fault in path.faults]
        if subjects and not any(subject.subject.same(name) for name in subjects):
            faults.append(certificate_fault.not_expected(subject, subjects, where, place))
        if not faults and not stale:
            return path
        return msgspec.structs.replace(path, faults=tuple(faults), unchecked=path.unchecked + stale)

    def _stale_lists(self, path: Path, at: datetime) -> tuple[str, ...]:
        """Revocation lists that should have been replaced by then: they cannot prove that all is well."""
        if not self.revocation_lists or self.dates_ignored:
            return ()
        issuers = {certificate.issuer.key for certificate in path.certificates}
        return tuple(
            f"revocation list of {found.issuer}: out of date since {show(found.next_update)}"
            for found in self.revocation_lists
            if found.next_update is not None and found.next_update < at and found.issuer.key in issuers
        )

    def _search(self, subject: Certificate, sent: tuple[Certificate, ...]) -> tuple[Path, ...]:
        """All complete paths, shortest first; or the one unfinished path that got farthest."""
        if subject in self._known or subject in self._anchors:
            return (self._assess((subject,), sent),)
        authorities: dict[object, list[Certificate]] = {}
        for authority in dict.fromkeys((*self.anchors, *self.intermediates, *sent)):
            authorities.setdefault(authority.subject.key, []).append(authority)
        complete: list[Path] = []
        unfinished: list[tuple[Certificate, ...]] = []
        open_paths: list[tuple[Certificate, ...]] = [(subject,)]
        trials = 0
        for chain in open_paths:  # grows while it is walked: breadth first
            issuers = []
            for authority in authorities.get(chain[-1].issuer.key, ()):
                trials += 1
                if trials > _TRIALS:
                    break
                if authority not in chain and chain[-1].signed.verifies_with(authority.public_key):
                    issuers.append(authority)
            for authority in issuers:
                longer = (*chain, authority)
                if authority in self._anchors:
                    complete.append(self._assess(longer, sent))
                elif len(longer) < _LONGEST:
                    open_paths.append(longer)
            if not issuers:
                unfinished.append(chain)
        if complete:
            return tuple(complete)
        farthest = max(unfinished or [(subject,)], key=len)
        known = tuple(authority for namesakes in authorities.values() for authority in namesakes)
        fault = certificate_fault.unfinished(farthest, self.anchors, known)
        weak = self._weak_keys(farthest)
        return (Path(farthest, complete=False, faults=(fault, *weak), unchecked=self._nothing_trusted()),)

    def _nothing_trusted(self) -> tuple[str, ...]:
        return () if self.anchors or self.known else ("trust_anchors",)

    def _assess(self, chain: tuple[Certificate, ...], sent: tuple[Certificate, ...]) -> Path:
        faults: list[Fault] = []
        unchecked: list[str] = []
        for below, issuer in enumerate(chain[1:]):
            faults += certificate_fault.issuer_faults(issuer, below, is_anchor=issuer in self._anchors)
            if issuer.extensions.name_constraints is not None:
                unchecked.append(f"name constraints of {issuer.subject}")
        if chain[0] not in self._known:
            for certificate in chain:
                faults += certificate_fault.critical_faults(certificate)
        self._revocation(chain, sent, faults, unchecked)
        faults += self._weak_keys(chain)
        return Path(
            chain,
            complete=True,
            faults=tuple(faults),
            unchecked=tuple(unchecked),
            valid_from=max(certificate.not_before for certificate in chain),
            valid_until=min(certificate.not_after for certificate in chain),
        )

    def _weak_keys(self, chain: tuple[Certificate, ...]) -> list[Fault]:
        least = self.min_rsa_bits or 0
        return [
            certificate_fault.weak_key(certificate, least)
            for index, certificate in enumerate(chain)
            if certificate.key_kind == "RSA"
            and certificate.key_bits < least
            and (index == 0 or certificate not in self._anchors)
        ]

    def _revocation(
        self,
        chain: tuple[Certificate, ...],
        sent: tuple[Certificate, ...],
        faults: list[Fault],
        unchecked: list[str],
    ) -> None:
        if not self.revocation_lists:
            return
        for index, certificate in enumerate(chain):
            lists = [each for each in self.revocation_lists if each.issuer.same(certificate.issuer)]
            held = chain[index + 1 : index + 2] or (*self.anchors, *self.intermediates, *sent)
            issuers = [issuer for issuer in held if issuer.subject.same(certificate.issuer)]
            for found in lists:
                if not issuers and certificate.serial in found.revoked:
                    # The issuer of a directly trusted certificate need not be known; its list counts all the same.
                    faults.append(certificate_fault.revoked(certificate, found))
                elif not any(found.is_from(issuer) for issuer in issuers):
                    unchecked.append(f"revocation list of {found.issuer}: its signature does not verify")
                elif found.partial:
                    unchecked.append(f"revocation list of {found.issuer}: extension {found.partial[0]}")
                elif certificate.serial in found.revoked:
                    faults.append(certificate_fault.revoked(certificate, found))
