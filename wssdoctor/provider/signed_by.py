"""Who signed: the forensics of a message held against the certificates that the provider trusts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import UNSET

from wssdoctor.check.check import Inapplicable, Known, Missing
from wssdoctor.check.engine import Finding
from wssdoctor.check.result import Subject
from wssdoctor.description.certificate import Certificate
from wssdoctor.description.facts import general
from wssdoctor.description.identity import TrustedProvider
from wssdoctor.description.pse import Pse
from wssdoctor.provider import mapping
from wssdoctor.provider.forensics import WANTING, Held, is_protected, placed, unprotected
from wssdoctor.provider.messagefact import PLAIN_TEXT
from wssdoctor.wsse.document import DocumentError
from wssdoctor.wsse.outline import outline
from wssdoctor.wsse.verification import SignatureReport, Verification

if TYPE_CHECKING:
    from wssdoctor.provider.situation import Situation
    from wssdoctor.wsse import certificate as x509
    from wssdoctor.wsse.certificate_path import TrustStore

REQUEST = Subject()
"""The request itself, of which these facts speak."""
_MISMATCHES = ("digest-mismatch", "signature-value-mismatch")
"""Faults that say that the message is not the one that was signed."""
_KEY_PSES = ("wsse", "system", "saml2")
_IDENTITIES = (UNSET, "", "WSSKEY", "WSSE", "DFAULT")
"""Names of the usual identity for signature checks; others hold keys of other partners."""


def verification(situation: Situation) -> Finding:
    request = situation.request
    if request is None:
        return Missing("message.security_header")
    if isinstance(request.message, DocumentError):
        return Inapplicable("the envelope is not well-formed")
    if request.signed_as.security is None:
        return Inapplicable("the message carries no security header")
    if request.header_hides and not request.signed_as.security.signatures:
        return Missing(PLAIN_TEXT)  # a signature may stand in what is hidden
    found = situation.forensics.alone(request) if is_protected(request.signed_as) else unprotected(request)
    if any(fault.fault in WANTING for fault in found.faults):
        found = situation.forensics.with_held(request, held(situation))
    header = request.find("message.security_header")
    place = header.place if isinstance(header, Known) else request.place()
    return Known("message.verification", found, place)


def held(situation: Situation) -> Held:
    """Everything in which a key that the message only names may be found."""
    pems = [
        certificate.pem
        for pse in situation.records("pses")
        if pse.application in _KEY_PSES
        for certificate in (pse.own_certificate, *(pse.trusted if isinstance(pse.trusted, tuple) else ()))
        if isinstance(certificate, Certificate)
    ]
    for provider in situation.records("saml_trust.providers"):
        pems += [one.pem for one in provider.certificates or ()]
    secrets = [
        (one.identifier, one.secret) for one in situation.records("security_contexts") if isinstance(one.secret, str)
    ]
    return Held(tuple(dict.fromkeys(pem for pem in pems if isinstance(pem, str))), tuple(secrets))


def _signatures(situation: Situation) -> Sequence[SignatureReport] | Missing | Inapplicable:
    verification = situation.find("message.verification", REQUEST)
    if not isinstance(verification, Known):
        assert isinstance(verification, Missing | Inapplicable)
        return verification
    return verification.value.signatures or Inapplicable("the message is not signed")


def faults(situation: Situation) -> Finding:
    """Everything that is wrong with signatures, whoever made them."""
    signatures = _signatures(situation)
    if isinstance(signatures, Missing | Inapplicable):
        return signatures
    verification: Known[Verification] = situation.find("message.verification", REQUEST)  # type: ignore[assignment]
    request = situation.request
    assert request is not None
    found = tuple([placed(fault, request) for fault in verification.value.faults])
    return Known("message.signature_faults", found, verification.place)


def integrity(situation: Situation) -> Finding:
    """The mismatches; unknown where there are none and a value could not be judged for want of its secret."""
    found = situation.find("message.signature_faults", REQUEST)
    if not isinstance(found, Known):
        return found
    mismatches = tuple(fault for fault in found.value if fault.fault in _MISMATCHES)
    if not mismatches and any(fault.fault == "context-unknown" for fault in found.value):
        return Missing("security_contexts[].secret")
    return Known("message.integrity", mismatches, found.place)


def signer_of(situation: Situation) -> x509.Certificate | Missing | Inapplicable:
    """The certificate that signed the message, not an assertion in it."""
    report = _signer_report(situation)
    if isinstance(report, Missing | Inapplicable):
        return report
    assert report.certificate is not None
    return situation.forensics.certificate_of(report.certificate)


def _signer_report(situation: Situation) -> SignatureReport | Missing | Inapplicable:
    signatures = _signatures(situation)
    if isinstance(signatures, Missing | Inapplicable):
        return signatures
    own = [one for one in signatures if not one.inner and one.certificate is not None]
    return own[0] if own else Inapplicable("no signature leads to a certificate")


def signer_path(situation: Situation) -> Finding:
    """The path from the signer's certificate to the certificate list of the WS-Security PSE."""
    report = _signer_report(situation)
    if isinstance(report, Missing | Inapplicable):
        return report
    pse = _pse(situation, "wsse")
    if isinstance(pse, Missing):
        return pse
    record = situation.record(pse)
    if record.trusted is UNSET:
        return Missing("pses[].trusted")
    return _path(situation, report, f"{pse}.trusted", tuple(record.trusted), direct=False)


def _pse(situation: Situation, application: str) -> str | Missing:
    """Return the path of the PSE that counts: the usual identity, or the only one."""
    own: list[tuple[int, Pse]] = [
        (index, pse) for index, pse in enumerate(situation.records("pses")) if pse.application == application
    ]
    if not own:
        return Missing("pses")
    usual = [index for index, pse in own if pse.identity in _IDENTITIES]
    return f"pses[{(usual or [own[0][0]])[0]}]"


def _path(
    situation: Situation,
    report: SignatureReport,
    where: str,
    trusted: tuple[Certificate, ...],
    *,
    direct: bool,
) -> Finding:
    """Judge a certificate by a list; unknown where the list names, without its content, one that may fit."""
    now = situation.find("time.provider", REQUEST)
    if not isinstance(now, Known):
        return now
    assert report.certificate is not None
    certificate = situation.forensics.certificate_of(report.certificate)
    path = _store(situation, trusted, direct=direct).judge(
        certificate,
        now.value,
        "Signature",
        sent=tuple(situation.forensics.certificate_of(one) for one in report.sent_certificates),
    )
    if not path.complete:
        wanted = {str(mapping.name_in(one)) for one in (str(certificate.subject), str(certificate.issuer))}
        unread = [one for one in trusted if one.pem is UNSET]
        if any(one.subject is UNSET or str(mapping.name_in(str(one.subject))) in wanted for one in unread):
            return Missing(f"{general(where)}[].file")
    return Known(where, path, situation.facts.place(where))


def _store(situation: Situation, trusted: tuple[Certificate, ...], *, direct: bool) -> TrustStore:
    pems = tuple([one.pem for one in trusted if isinstance(one.pem, str)])
    return situation.forensics.store((), pems) if direct else situation.forensics.store(pems)


def _issuer_report(situation: Situation) -> SignatureReport | Missing | Inapplicable:
    """The signature that answers for the assertion: its issuer's, or that of a sender who vouches."""
    signatures = _signatures(situation)
    if isinstance(signatures, Missing | Inapplicable):
        return signatures
    inner = [one for one in signatures if one.inner]
    assertion = situation.find("message.assertion", REQUEST)
    if not inner and isinstance(assertion, Known) and "sender-vouches" in assertion.value.kinds:
        return _signer_report(situation)
    with_certificate = [one for one in inner if one.certificate is not None]
    if inner and not with_certificate:
        return Inapplicable("the assertion's signature leads to no certificate")
    return with_certificate[0] if with_certificate else Inapplicable("nobody signed for the assertion")


def issuer_path(situation: Situation) -> Finding:
    """The path from the certificate behind the assertion to where the SAML trust model looks."""
    report = _issuer_report(situation)
    if isinstance(report, Missing | Inapplicable):
        return report
    model = situation.find("saml_trust.model", REQUEST)
    if not isinstance(model, Known):
        return model
    if model.value == "saml2":
        provider = provider_of(situation)
        if isinstance(provider, Missing | Inapplicable):
            return provider
        path, record = provider
        if record.certificates is UNSET:
            return Missing("saml_trust.providers[].certificates")
        return _path(situation, report, f"{path}.certificates", record.certificates, direct=True)
    pse = _pse(situation, "system")
    if isinstance(pse, Missing):
        return pse
    record_ = situation.record(pse)
    if record_.trusted is UNSET:
        return Missing("pses[].trusted")
    own = (record_.own_certificate,) if isinstance(record_.own_certificate, Certificate) else ()
    return _path(situation, report, f"{pse}.trusted", (*record_.trusted, *own), direct=False)


def provider_of(situation: Situation) -> tuple[str, TrustedProvider] | Missing | Inapplicable:
    """Return the trusted provider that has the name of the assertion's issuer."""
    assertion = situation.find("message.assertion", REQUEST)
    if not isinstance(assertion, Known):
        assert isinstance(assertion, Missing | Inapplicable)
        return assertion
    for index, one in enumerate(situation.records("saml_trust.providers")):
        if one.name == assertion.value.issuer:
            return f"saml_trust.providers[{index}]", one
    named = situation.find("saml_trust.saml2_providers", REQUEST)
    if isinstance(named, Known) and assertion.value.issuer not in named.value:
        return Inapplicable("the issuer is not among the trusted providers")
    return Missing("saml_trust.providers")


def trust_model(situation: Situation) -> Finding:
    """The trust model that counts: that of WSS_SETUP for SAML 1.1, transaction SAML2 for every assertion of SAML 2.0.

    SAP Help, Message-Based Authentication with WS-Security: the trust of the logon ticket is for SAML 1.1 alone.
    """
    assertion = situation.find("message.assertion", REQUEST)
    if isinstance(assertion, Known) and assertion.value.version == "2.0":
        return Known("saml_trust.model", "saml2", assertion.place)
    setting = situation.find("wss_setup.saml_trust", REQUEST)
    if situation.request is None and isinstance(setting, Known) and setting.value == "ticket":
        issuers = situation.facts.value("saml_trust.ticket_issuers")
        if issuers == () and situation.facts.value("saml_trust.saml2_providers"):
            return Missing("message.assertion")  # its version says whether trust in transaction SAML2 counts
    return setting


def accepted_issuers(situation: Situation) -> Finding:
    """The names of issuers that count in the trust model."""
    model = situation.find("saml_trust.model", REQUEST)
    if not isinstance(model, Known):
        return model
    return situation.find(f"saml_trust.{'saml2_providers' if model.value == 'saml2' else 'ticket_issuers'}", REQUEST)


def signer_certificate(situation: Situation) -> x509.Certificate | None:
    """Return the certificate that signed the message, where there is one."""
    found = signer_of(situation)
    return None if isinstance(found, Missing | Inapplicable) else found


def issuer_certificate(situation: Situation) -> x509.Certificate | None:
    """Return the certificate that answers for the assertion, where there is one."""
    report = _issuer_report(situation)
    if isinstance(report, Missing | Inapplicable) or report.certificate is None:
        return None
    return situation.forensics.certificate_of(report.certificate)


def described(certificate: x509.Certificate | None) -> dict[str, str] | None:
    """Write a certificate as a description holds it."""
    if certificate is None:
        return None
    return {
        "pem": outline(certificate.der).pem,
        "subject": str(certificate.subject),
        "issuer": str(certificate.issuer),
        "not_before": f"{certificate.not_before:%Y-%m-%dT%H:%M:%SZ}",
        "not_after": f"{certificate.not_after:%Y-%m-%dT%H:%M:%SZ}",
    }


def own_keys(situation: Situation) -> Finding:
    """The own certificates of the PSEs whose keys decrypt messages."""
    found = []
    for index, pse in enumerate(situation.records("pses")):
        if pse.application != "wsse" or not isinstance(pse.own_certificate, Certificate):
            continue
        certificate = (
            situation.forensics.certificate(pse.own_certificate.pem)
            if isinstance(pse.own_certificate.pem, str)
            else None
        )
        if certificate is None:
            return Missing("pses[].own_certificate.file")
        found.append((f"pses[{index}].own_certificate", certificate))
    if not found:
        return Missing("pses[].own_certificate")
    return Known(found[0][0], tuple(one for _, one in found), situation.facts.place(found[0][0]))
