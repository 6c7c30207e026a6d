"""Stage user: from certificate or assertion to exactly one user (codes 34 to 36, 41 and 42 of note 320991)."""

from __future__ import annotations

from msgspec import Struct

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
CERTIFICATE_BASIS = (
    "VUSREXTID type DN, exact in case and order and activated, or with login/certificate_mapping_rulebased = 1 the rules "
    "of CERTRULE (7.31 and later) (SAP Help: VUSREXTID, CERTRULE)"
)
_SAML = (
    "VUSREXTID type SA with the external name <Issuer>::<name>, or in the SAML2 model what transaction SAML2 maps the "
    "NameID format to (SAP Help: SAML; data element SEC_SAML11_TRUST)"
)


class Kind(Struct, frozen=True):
    """What is mapped, in which stage, and how a failure is answered."""

    prefix: str
    what: str
    fact: str
    method: str
    basis: str
    codes: tuple[str, ...]
    stage: Stage = Stage.USER
    logon: str = "delayed-logon"
    after: tuple[str, ...] = _AFTER


def mapping_checks(kind: Kind) -> tuple[Check, ...]:
    """Make the checks of one kind of identity; ids begin with its prefix, ids of answers with its kind of logon."""
    only_if = {"bindings[].authentication": (kind.method,)}

    @check(
        f"{kind.prefix}.mapped",
        f"The {kind.what} is mapped to a user",
        kind.stage,
        rationale=f"{kind.basis}; logon code {kind.codes[0]} (note 320991).",
        only_if=only_if,
        needs=(kind.fact,),
        after=kind.after,
        answer=f"{kind.logon}-{kind.codes[0]}",
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
        f"{kind.prefix}.mapping-unambiguous",
        f"The {kind.what} is mapped to one user only",
        kind.stage,
        rationale=f"More than one user is refused with logon code {kind.codes[1]} (note 320991).",
        only_if=only_if,
        needs=(kind.fact,),
        after=kind.after,
        answer=f"{kind.logon}-{kind.codes[1]}",
        reasons=("ambiguous",),
    )
    def unambiguous(found: Known[Mapped]) -> Verdict:
        if len(found.value.users) <= 1:
            return passed()
        evidence = found.compared("users of this identity", "one", ", ".join(found.value.users))
        return failed(f"{len(found.value.users)} users are mapped", evidence, reason="ambiguous")

    @check(
        f"{kind.prefix}.mapping-date",
        f"The {kind.what} is not older than the minimum date of its mapping",
        kind.stage,
        rationale="USREXTID may name a minimum date; an older certificate is refused with logon code 36 (note 320991).",
        only_if=only_if,
        needs=(kind.fact,),
        after=kind.after,
        answer=f"{kind.logon}-{kind.codes[-1]}",
        reasons=("min-date",),
    )
    def mapping_date(found: Known[Mapped]) -> Verdict:
        if found.value.users or not found.value.too_old:
            return passed()
        wanted = "the day on which the certificate begins, or earlier"
        evidence = found.compared("minimum date of the mapping", wanted, ", ".join(found.value.too_old))
        return failed("the certificate began before the minimum date of the mapping", evidence, reason="min-date")

    return (mapped, unambiguous, mapping_date) if len(kind.codes) > 2 else (mapped, unambiguous)


CERTIFICATE = Kind(
    "certificate", "certificate", "certificate.mapping", "x509-signature", CERTIFICATE_BASIS, ("34", "35", "36")
)
_ASSERTION = Kind("assertion", "assertion", "saml.mapping", "saml", _SAML, ("41", "42"))

CHECKS = (*mapping_checks(CERTIFICATE), *mapping_checks(_ASSERTION))
