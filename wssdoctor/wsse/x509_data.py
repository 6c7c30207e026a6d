"""ds:X509Data: the certificate that is sent, or named by issuer and serial, SKI, subject or digest."""

from __future__ import annotations

from lxml import etree

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import distinguished_name, names
from wssdoctor.wsse.algorithm import DIGESTS, hasher
from wssdoctor.wsse.certificate import Certificate, CertificateError, decode_base64
from wssdoctor.wsse.document import Element, text_of
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.scope import Scope

_DS = f"{{{names.DS}}}"
_DS11 = f"{{{names.DS11}}}"
TAG = _DS + "X509Data"
ISSUER_SERIAL = _DS + "X509IssuerSerial"


def keys_of(data: Element, scope: Scope, *, where: str) -> list[Key]:
    """Give the keys that an X509Data means, the likeliest first. Raises FaultFound."""
    sent = [certificate_of(text_of(child), child, scope, where) for child in data.iterchildren(_DS + "X509Certificate")]
    if sent:
        return _sent_keys(data, sent, scope, where)
    for child in data.iterchildren("*"):
        found = _named(child, scope)
        if found:
            how = f"{etree.QName(child).localname} of {found[0].subject}"
            return [
                Key(where=where, how=how, public=found[0].public_key, certificate=found[0], place=scope.place(child))
            ]
    wanted, shown = _wanted(data)
    evidence: tuple[Evidence, ...] = (
        Compared(wanted, _held(scope, wanted), shown, scope.place(data)),
        *_near_misses(data, scope),
    )
    raise FaultFound(Fault("key-not-found", where, f"no certificate is known with {wanted} {shown}", evidence=evidence))


def _sent_keys(data: Element, sent: list[Certificate], scope: Scope, where: str) -> list[Key]:
    """The signer's certificate is the one that issued none of the others, or the one that is named beside."""
    issuers = {certificate.issuer.key for certificate in sent if not certificate.self_issued}
    order = sorted(sent, key=lambda each: each.subject.key in issuers)
    place = scope.place(data)
    return [
        Key(
            where=where,
            how=f"X509Certificate of {certificate.subject}",
            public=certificate.public_key,
            certificate=certificate,
            sent=tuple(each for each in sent if each is not certificate),
            place=place,
        )
        for certificate in order
    ]


def certificate_of(text: str, element: Element, scope: Scope, where: str) -> Certificate:
    """Read a certificate in base64. Raises FaultFound (token-malformed)."""
    try:
        return scope.store.certificate(decode_base64(text))
    except CertificateError as error:
        evidence: tuple[Evidence, ...] = (Located(str(error), scope.place(element)),)
        raise FaultFound(
            Fault("token-malformed", where, f"the certificate cannot be read: {error}", evidence=evidence)
        ) from None


def key_of_octets(text: str, element: Element, scope: Scope, *, where: str) -> Key:
    """Give the key of a certificate in base64. Raises FaultFound."""
    certificate = certificate_of(text, element, scope, where)
    how = f"certificate of {certificate.subject}"
    return Key(where=where, how=how, public=certificate.public_key, certificate=certificate, place=scope.place(element))


def by_key_identifier(identifier: bytes, scope: Scope) -> Certificate | None:
    """Find a certificate by its subject key identifier."""
    return next((each for each in candidates(scope) if each.key_identifier == identifier), None)


def by_thumbprint(thumbprint: bytes, scope: Scope) -> Certificate | None:
    """Find a certificate by its SHA-1."""
    return next((each for each in candidates(scope) if each.thumbprint == thumbprint), None)


def by_issuer_serial(element: Element, scope: Scope) -> Certificate | None:
    """Find a certificate by X509IssuerSerial; names are compared as parsed, in either order of their parts."""
    issuer, serial = issuer_and_serial(element)
    if serial is None:
        return None
    try:
        name = distinguished_name.parse(issuer)
    except ValueError:
        return None
    backwards = distinguished_name.Name(tuple(reversed(name.rdns)))
    matching = [each for each in candidates(scope) if each.serial == serial]
    for wanted in (name, backwards):
        for certificate in matching:
            if certificate.issuer.same(wanted):
                return certificate
    return None


def issuer_and_serial(element: Element) -> tuple[str, int | None]:
    """Read X509IssuerSerial: the name as written, and the number or None."""
    name = element.find(_DS + "X509IssuerName")
    issuer = text_of(name) if name is not None else ""
    number = element.find(_DS + "X509SerialNumber")
    digits = text_of(number).strip() if number is not None else ""
    if len(digits) > 100 or not digits.removeprefix("-").isdecimal():
        return issuer.strip(), None
    return issuer.strip(), int(digits)


def candidates(scope: Scope) -> tuple[Certificate, ...]:
    """Give the certificates that a name may mean: what the receiver holds, and its own."""
    own = tuple(key.certificate for key in scope.context.decryption_keys if key.certificate is not None)
    return scope.store.certificates + own


def _named(child: Element, scope: Scope) -> list[Certificate]:
    found: Certificate | None = None
    try:
        if child.tag == ISSUER_SERIAL:
            found = by_issuer_serial(child, scope)
        elif child.tag == _DS + "X509SKI":
            found = by_key_identifier(decode_base64(text_of(child)), scope)
        elif child.tag == _DS + "X509SubjectName":
            name = distinguished_name.parse(text_of(child))
            found = next((each for each in candidates(scope) if each.subject.same(name)), None)
        elif child.tag == _DS11 + "X509Digest":
            name_of_hash = DIGESTS.get(child.get("Algorithm", ""))
            digest = decode_base64(text_of(child))
            found = next(
                (each for each in candidates(scope) if name_of_hash and _hash(name_of_hash, each) == digest), None
            )
    except (CertificateError, ValueError):
        return []
    return [found] if found else []


def _hash(name: str, certificate: Certificate) -> bytes:
    hashed = hasher(name)
    hashed.update(certificate.der)
    digest: bytes = hashed.digest()
    return digest


def _wanted(data: Element) -> tuple[str, str]:
    for child in data.iterchildren("*"):
        if child.tag == ISSUER_SERIAL:
            issuer, serial = issuer_and_serial(child)
            return "issuer and serial number", f"{issuer}, {serial}"
        return str(etree.QName(child).localname), text_of(child).strip()
    return "X509Data", "(empty)"


def _held(scope: Scope, wanted: str) -> str:
    shown = [
        f"{each.issuer}, {each.serial}" if wanted.startswith("issuer") else str(each.subject)
        for each in scope.store.known[:5]
    ]
    return "; ".join(shown) or "no certificate is known"


def _near_misses(data: Element, scope: Scope) -> tuple[Evidence, ...]:
    """Same serial number under an issuer that is written differently."""
    for child in data.iterchildren(ISSUER_SERIAL):
        issuer, serial = issuer_and_serial(child)
        for certificate in candidates(scope):
            if certificate.serial != serial:
                continue
            try:
                how = distinguished_name.difference(distinguished_name.parse(issuer), certificate.issuer)
            except ValueError as error:
                how = str(error)
            if how:
                return (Compared(f"issuer name ({how})", str(certificate.issuer), issuer, scope.place(child)),)
    return ()
