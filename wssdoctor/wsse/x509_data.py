"""ds:X509Data: the key of a certificate that is sent along or named."""

from __future__ import annotations

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import names
from wssdoctor.wsse.certificate import Certificate, CertificateError
from wssdoctor.wsse.certificate_reference import CertificateReference, read_x509_data
from wssdoctor.wsse.document import Element, text_of
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.scope import Scope

TAG = f"{{{names.DS}}}X509Data"
ISSUER_SERIAL = f"{{{names.DS}}}X509IssuerSerial"
_CERTIFICATE = f"{{{names.DS}}}X509Certificate"


def keys_of(data: Element, scope: Scope, *, where: str) -> list[Key]:
    """Give the keys that an X509Data means, the likeliest first. Raises FaultFound."""
    sent = [certificate_of(text_of(child), child, scope, where) for child in data.iterchildren(_CERTIFICATE)]
    if sent:
        return _sent_keys(data, sent, where)
    references = read_x509_data(data)
    for reference in references:
        certificate = known_certificate(reference, scope)
        if certificate is not None:
            return [certificate_key(certificate, f"X509Data with {reference}", data, where)]
    if not references:
        evidence: tuple[Evidence, ...] = (Located("X509Data without a certificate or name", scope.place(data)),)
        raise FaultFound(Fault("key-not-found", where, "X509Data names no certificate", evidence=evidence))
    raise FaultFound(not_known(references[0], data, scope, where))


def _sent_keys(data: Element, sent: list[Certificate], where: str) -> list[Key]:
    """The signer's certificate is the one that is named beside, or the one that issued none of the others."""
    order = list(dict.fromkeys(sent))
    if len(order) > 1:
        references = read_x509_data(data)
        issuers = {certificate.issuer.key for certificate in sent if not certificate.self_issued}
        order.sort(
            key=lambda each: (
                not any(reference.matches(each) for reference in references),
                each.subject.key in issuers,
            )
        )
    return [
        Key(
            where=where,
            how="X509Certificate",
            public=certificate.public_key,
            certificate=certificate,
            sent=tuple(each for each in sent if each is not certificate),
            element=data,
        )
        for certificate in order
    ]


def certificate_of(text: str, element: Element, scope: Scope, where: str) -> Certificate:
    """Read a certificate in base64. Raises FaultFound (token-malformed)."""
    try:
        return scope.store.certificate_in(text)
    except CertificateError as error:
        evidence: tuple[Evidence, ...] = (Located(str(error), scope.place(element)),)
        says = f"the certificate cannot be read: {error}"
        raise FaultFound(Fault("token-malformed", where, says, evidence=evidence)) from None


def certificate_key(certificate: Certificate, how: str, element: Element, where: str) -> Key:
    """Give the key of a certificate found by what ``element`` says."""
    return Key(where=where, how=how, public=certificate.public_key, certificate=certificate, element=element)


def known_certificate(reference: CertificateReference, scope: Scope) -> Certificate | None:
    """Find the certificate that is named, among those that the receiver holds and its own."""
    return next((each for each in _candidates(scope) if reference.matches(each)), None)


def not_known(reference: CertificateReference, element: Element, scope: Scope, where: str) -> Fault:
    """Say that no certificate of this name is known, and which one comes close."""
    place = scope.place(element)
    held = "; ".join(str(each.subject) for each in scope.store.known[:5])
    evidence: list[Evidence] = [
        Compared("certificate", held, str(reference), place)
        if held
        else Located(f"{reference}; no certificate is known here", place)
    ]
    says, reason = f"no certificate is known with {reference}", "certificate-not-in-the-receivers-store"
    for certificate in _candidates(scope):
        near = reference.near_miss(certificate)
        if near:
            how, reason = near
            evidence.append(Compared(how, str(certificate.subject), reference.written, place))
            says = f"{says}; {how}"
            break
    if reference.malformed:
        says = f"the certificate's name cannot be read: {reference.malformed}"
    return Fault("key-not-found", where, says, reason, tuple(evidence))


def _candidates(scope: Scope) -> tuple[Certificate, ...]:
    own = tuple(key.certificate for key in scope.context.private_keys if key.certificate is not None)
    return scope.store.certificates + own
