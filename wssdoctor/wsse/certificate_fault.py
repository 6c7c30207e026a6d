"""What is wrong with a certificate or its path, in words and with evidence; ``where`` is the caller's."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise

from wssdoctor.evidence import Compared, Computed, Evidence, Place
from wssdoctor.wsse import distinguished_name
from wssdoctor.wsse.certificate import Certificate
from wssdoctor.wsse.distinguished_name import Name
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.revocation import RevocationList
from wssdoctor.wsse.timestamp import show


def unfinished(
    chain: tuple[Certificate, ...], anchors: tuple[Certificate, ...], authorities: tuple[Certificate, ...]
) -> Fault:
    """Say which link is missing after the last certificate of a path, and which authority comes close."""
    last = chain[-1]
    shown = _path_evidence(chain)
    if last.self_signed:
        return _self_signed(chain, anchors, shown)
    others = [authority for authority in authorities if authority not in chain]
    for authority in others:
        if authority.subject.same(last.issuer):
            return Fault(
                "cert-untrusted",
                "",
                f"{last.subject} names {last.issuer} as its issuer, but was not signed with the key that is"
                " known under this name",
                "look-alike-issuer",
                (shown, *_key_evidence(last, authority)),
            )
    for authority in others:
        if last.signed.verifies_with(authority.public_key):
            how = distinguished_name.difference(last.issuer, authority.subject)
            return Fault(
                "cert-untrusted",
                "",
                f"{last.subject} was signed with the key of {authority.subject}, but names its issuer"
                f" differently: {how}",
                "issuer-name-differs",
                (shown, Compared("issuer", str(authority.subject), str(last.issuer))),
            )
    missing = Compared("certificate of the issuer", f"one of {last.issuer}", "none here or in the message")
    if _leads_home(chain, anchors):
        return Fault(
            "cert-chain-incomplete",
            "",
            f"the certificate of {last.issuer}, which issued {last.subject}, is missing",
            "intermediate-certificate-not-sent-and-not-known",
            (shown, missing),
        )
    return Fault(
        "cert-untrusted",
        "",
        f"{last.subject} was issued by {last.issuer}, which is not trusted and not known here",
        "sender-certificate-issued-by-another-ca",
        (shown, missing),
    )


def weak_key(certificate: Certificate, least: int) -> Fault:
    """Say that an RSA key is shorter than the policy demands."""
    return Fault(
        "key-too-weak",
        "",
        f"the RSA key of {certificate.subject} has {certificate.key_bits} bits; {least} are the minimum",
        evidence=(Compared("bits of the RSA key", f"at least {least}", str(certificate.key_bits)),),
    )


def _leads_home(chain: tuple[Certificate, ...], anchors: tuple[Certificate, ...]) -> bool:
    """Whether what is known of the missing issuer tells that an anchor stands above it.

    Either the authority key identifier names the issuer's own issuer; or nothing but the subject's certificate is
    there, and its issuer stands in the same directory entry as an anchor (equal but for the last RDN) without
    calling itself a root. Else the issuer may belong to anybody.
    """
    last = chain[-1]
    above = last.extensions.authority_issuer
    if above is not None:
        return any(anchor.subject.same(above) for anchor in anchors)
    parent = last.issuer.parent
    if len(chain) > 1 or not parent.rdns or re.search(r"\broot\b", str(last.issuer), re.IGNORECASE):
        return False
    return any(anchor.subject.parent.same(parent) and not anchor.subject.same(last.issuer) for anchor in anchors)


def _path_evidence(chain: tuple[Certificate, ...]) -> Computed:
    steps = tuple(f"{below.subject} is signed by {above.subject}" for below, above in pairwise(chain))
    return Computed(
        "path from the signer towards a trust anchor",
        (("certificate", f"{chain[0].subject}, serial number {chain[0].serial}"),),
        steps,
        f"ends at {chain[-1].subject}",
    )


def _self_signed(chain: tuple[Certificate, ...], anchors: tuple[Certificate, ...], shown: Evidence) -> Fault:
    last = chain[-1]
    if len(chain) == 1:
        says, reason = f"{last.subject} is self-signed and not trusted", "self-signed-certificate"
    else:
        says = f"the path ends at {last.subject}, a root that is not trusted"
        reason = "sender-certificate-issued-by-another-ca"
    namesakes = [anchor for anchor in anchors if anchor.subject.same(last.subject)]
    if namesakes:
        says += "; an anchor of the same name has another key"
        reason = "look-alike-issuer"
    evidence = (shown, *(each for namesake in namesakes for each in _key_evidence(last, namesake)))
    return Fault("cert-untrusted", "", says, reason, evidence)


def _key_evidence(certificate: Certificate, authority: Certificate) -> tuple[Evidence, ...]:
    named = certificate.extensions.authority_key_identifier
    if certificate.self_issued:
        named = certificate.key_identifier
    if named is None or named == authority.key_identifier:
        return (Compared("signature of the certificate", f"verifies with {authority.subject}", "does not"),)
    return (Compared("key identifier of the issuer", authority.key_identifier.hex(":"), named.hex(":")),)


def issuer_faults(issuer: Certificate, below: int, *, is_anchor: bool) -> list[Fault]:
    """Judge whether a certificate may issue others, with so many authorities ``below`` it."""
    extensions = issuer.extensions
    reasons = []
    if extensions.is_ca is False or (extensions.is_ca is None and not is_anchor):
        reasons.append(("issuer-is-no-authority", "is no certification authority (basicConstraints)"))
    if extensions.key_usage is not None and "keyCertSign" not in extensions.key_usage:
        reasons.append(("issuer-may-not-sign", "may not sign certificates (keyUsage without keyCertSign)"))
    if extensions.path_length is not None and below > extensions.path_length:
        reasons.append(("path-too-long", f"allows only {extensions.path_length} authorities below it"))
    return [
        Fault(
            "cert-untrusted",
            "",
            f"the issuer {issuer.subject} {says}",
            reason,
            (Compared("issuer", "an authority that may issue this certificate", says),),
        )
        for reason, says in reasons
    ]


def critical_faults(certificate: Certificate) -> list[Fault]:
    """Name the critical extensions that are not understood (RFC 5280, section 4.2)."""
    return [
        Fault(
            "cert-untrusted",
            "",
            f"{certificate.subject} has the critical extension {identifier}, which is not understood",
            "critical-extension-unknown",
            (Compared("critical extension", "one that is understood", identifier),),
        )
        for identifier in certificate.extensions.critical_unknown
    ]


def revoked(certificate: Certificate, found: RevocationList) -> Fault:
    """Say since when and why a list revokes the certificate."""
    entry = found.revoked[certificate.serial]
    why = f" ({entry.reason})" if entry.reason else ""
    return Fault(
        "cert-revoked",
        "",
        f"{certificate.subject} was revoked on {show(entry.since)}{why}",
        "certificate-revoked",
        (
            Compared(
                f"serial number {certificate.serial} in the revocation list of {found.issuer}",
                "absent",
                f"revoked since {show(entry.since)}{why}",
            ),
        ),
    )


def date_faults(certificates: tuple[Certificate, ...], at: datetime) -> tuple[Fault, ...]:
    """Judge the validity periods of a path; the first certificate is the subject's."""
    return tuple(
        _date_fault(certificate, at, is_issuer=index > 0)
        for index, certificate in enumerate(certificates)
        if not certificate.not_before <= at <= certificate.not_after
    )


def _date_fault(certificate: Certificate, at: datetime, *, is_issuer: bool) -> Fault:
    period = f"{show(certificate.not_before)} to {show(certificate.not_after)}"
    evidence = (Compared("time within the validity period", period, show(at)),)
    whose = "the issuing certificate" if is_issuer else "the certificate"
    if at < certificate.not_before:
        says = f"{whose} of {certificate.subject} is not valid before {show(certificate.not_before)}"
        reason = "issuing-certificate-not-yet-valid" if is_issuer else "sender-certificate-not-yet-valid"
        return Fault("cert-not-yet-valid", "", says, reason, evidence)
    says = f"{whose} of {certificate.subject} expired on {show(certificate.not_after)}"
    if is_issuer:
        return Fault("issuer-cert-expired", "", says, "issuing-certificate-expired", evidence)
    return Fault("cert-expired", "", says, "sender-certificate-expired", evidence)


def not_expected(subject: Certificate, subjects: tuple[Name, ...], where: str, place: Place | None) -> Fault:
    differences = [distinguished_name.difference(subject.subject, name) for name in subjects]
    reversed_only = distinguished_name.REVERSED in differences
    hint = "; the name expected is the same with its order reversed" if reversed_only else ""
    return Fault(
        "signer-not-authorized",
        where,
        f"{subject.subject} is trusted, but is not one of the expected signers{hint}",
        "expected-subject-reversed" if reversed_only else "signer-not-expected",
        (
            Compared(
                "subject of the signer",
                " or ".join(map(str, subjects)),
                str(subject.subject),
                place,
            ),
        ),
    )
