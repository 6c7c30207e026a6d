"""Stage user: from certificate or assertion to exactly one user (codes 34 to 36, 41 and 42 of note 320991)."""

from __future__ import annotations

from wssdoctor.check.check import Check, Known, Verdict, check, failed, passed
from wssdoctor.evidence import Compared
from wssdoctor.provider.mapping import Mapped
from wssdoctor.provider.stage import Stage

_AFTER = ("binding.token-present", "soap.security-header-processed", "signature.readable")
_SAYS = {
    "none": "no active mapping leads to a user",
    "inactive": "there is a mapping, but it is not active",
    "spelling": "there is a mapping that is spelled differently",
}
_CERTIFICATE = (
    "VUSREXTID type DN, exact in case and order and activated, or with login/certificate_mapping_rulebased = 1 the rules "
    "of CERTRULE (7.31 and later) (SAP Help: VUSREXTID, CERTRULE)"
)
_SAML = (
    "VUSREXTID type SA with the external name <Issuer>::<name>, or in the SAML2 model what transaction SAML2 maps the "
    "NameID format to (SAP Help: SAML; data element SEC_SAML11_TRUST)"
)


def _checks(prefix: str, fact: str, method: str, basis: str, codes: tuple[str, str]) -> tuple[Check, ...]:
    only_if = {"bindings[].authentication": (method,)}

    @check(
        f"{prefix}.mapped",
        f"The {prefix} is mapped to a user",
        Stage.USER,
        rationale=f"{basis}; logon code {codes[0]} (note 320991).",
        only_if=only_if,
        needs=(fact,),
        after=_AFTER,
        answer=f"delayed-logon-{codes[0]}",
        reasons=("none", "inactive", "spelling"),
    )
    def mapped(found: Known[Mapped]) -> Verdict:
        if found.value.users or found.value.too_old:
            return passed()
        evidence = Compared(
            "external identity", found.value.identity, found.value.near or "no entry", found.place, found.sensitivity
        )
        return failed(_SAYS[found.value.reason], evidence, reason=found.value.reason)

    @check(
        f"{prefix}.mapping-unambiguous",
        f"The {prefix} is mapped to one user only",
        Stage.USER,
        rationale=f"More than one user is refused with logon code {codes[1]} (note 320991).",
        only_if=only_if,
        needs=(fact,),
        after=_AFTER,
        answer=f"delayed-logon-{codes[1]}",
        reasons=("ambiguous",),
    )
    def unambiguous(found: Known[Mapped]) -> Verdict:
        if len(found.value.users) <= 1:
            return passed()
        evidence = found.compared("users of this identity", "one", ", ".join(found.value.users))
        return failed(f"{len(found.value.users)} users are mapped", evidence, reason="ambiguous")

    return mapped, unambiguous


@check(
    "certificate.mapping-date",
    "The certificate is not older than the minimum date of its mapping",
    Stage.USER,
    rationale="USREXTID may name a minimum date; an older certificate is refused with logon code 36 (note 320991).",
    only_if={"bindings[].authentication": ("x509-signature",)},
    needs=("certificate.mapping",),
    after=_AFTER,
    answer="delayed-logon-36",
    reasons=("min-date",),
)
def mapping_date(found: Known[Mapped]) -> Verdict:
    if found.value.users or not found.value.too_old:
        return passed()
    wanted = "the day on which the certificate begins, or earlier"
    evidence = found.compared("minimum date of the mapping", wanted, ", ".join(found.value.too_old))
    return failed("the certificate began before the minimum date of the mapping", evidence, reason="min-date")


CHECKS = (
    *_checks("certificate", "certificate.mapping", "x509-signature", _CERTIFICATE, ("34", "35")),
    mapping_date,
    *_checks("assertion", "saml.mapping", "saml", _SAML, ("41", "42")),
)
