"""From an identity to a user: USREXTID with case, activation and minimum date; CERTRULE; SAML NameIDs.

Sources: SAP Help on VUSREXTID and CERTRULE, table USRCERTMAP, data elements CERT_INDEX, CERT_FILTER_SUBJECT,
CERT_FILTER_ISSUER and SEC_SAML11_TRUST, note 320991 (codes 34 to 36, 41, 42).
"""

from __future__ import annotations

import datetime as dt
import fnmatch
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from msgspec import UNSET, Struct

from wssdoctor.description.identity import CertificateRule, CertificateUser, ExternalId
from wssdoctor.description.user import User
from wssdoctor.wsse.distinguished_name import Attribute, Name, difference, parse

if TYPE_CHECKING:
    from wssdoctor.wsse.certificate import Certificate

_ATTRIBUTES = {
    "CN": "2.5.4.3",
    "OU": "2.5.4.11",
    "O": "2.5.4.10",
    "SERIALNUMBER": "2.5.4.5",
    "UID": "0.9.2342.19200300.100.1.1",
    "E": "1.2.840.113549.1.9.1",
}


class Mapped(Struct, frozen=True):
    """What an identity is mapped to."""

    identity: str
    """The identity as the provider looks it up."""
    where: str
    """Path of the facts that were searched: ``external_ids``."""
    users: tuple[str, ...] = ()
    """The users that were found, each once."""
    too_old: tuple[str, ...] = ()
    """Minimum dates that the certificate is older than."""
    near: str = ""
    """What is nearly an entry, and how it differs."""
    reason: Literal["none", "inactive", "spelling"] = "none"


class Lacking(Struct, frozen=True):
    """The mapping cannot be told for want of a fact, by its general path."""

    path: str


def by_certificate(certificate: Certificate, entries: Sequence[ExternalId]) -> Mapped | Lacking:
    """Map a certificate by USREXTID type DN: same attributes in the same order, upper and lower case count."""
    subject = certificate.subject
    fitting = [entry for entry in entries if entry.type == "DN" and name_in(entry.external_id) == subject]
    return _mapped(str(subject), fitting, [one for one in entries if one.type == "DN"], subject, certificate.not_before)


def by_subject(subject: str, entries: Sequence[ExternalId]) -> Mapped | Lacking:
    """Map a subject that an assertion states by USREXTID type DN; there is no certificate whose date could count."""
    named = name_in(subject)
    own = [entry for entry in entries if entry.type == "DN"]
    fitting = [entry for entry in own if named is not None and name_in(entry.external_id) == named]
    return _mapped(subject, fitting, own, named, None)


def by_external_name(name: str, entries: Sequence[ExternalId], signer: Certificate | None) -> Mapped | Lacking:
    """Map ``<Issuer>::<name>`` by USREXTID type SA; an entry may also name the signer's subject."""
    own = [entry for entry in entries if entry.type == "SA"]
    fitting = [entry for entry in own if entry.external_id == name and _signed_by(entry, signer)]
    return _mapped(name, fitting, own, None, None)


def _mapped(
    identity: str, fitting: list[ExternalId], all_: list[ExternalId], subject: Name | None, begun: dt.datetime | None
) -> Mapped | Lacking:
    for entry in fitting:
        if entry.active is UNSET:
            return Lacking("external_ids[].active")
    active = [entry for entry in fitting if entry.active]
    too_old = [
        entry.min_date
        for entry in active
        if isinstance(entry.min_date, dt.date) and begun is not None and begun.date() < entry.min_date
    ]
    users = []
    for entry in active:
        if not (isinstance(entry.min_date, dt.date) and entry.min_date in too_old):
            if entry.user is UNSET:
                return Lacking("external_ids[].user")
            users.append(str(entry.user).upper())
    shown = tuple(f"{date:%Y-%m-%d}" for date in too_old)
    if users or too_old:
        return Mapped(identity, "external_ids", tuple(dict.fromkeys(users)), shown)
    if fitting:
        return Mapped(identity, "external_ids", near=f"{fitting[0].external_id} is not activated", reason="inactive")
    if any(entry.external_id == identity for entry in all_):
        return Mapped(identity, "external_ids", near=f"{identity}, for another signer")
    near = next((said for entry in all_ if (said := _nearly(identity, subject, entry.external_id))), "")
    return Mapped(identity, "external_ids", near=near, reason="spelling" if near else "none")


def _nearly(identity: str, subject: Name | None, written: str) -> str:
    """Say how an entry differs if a person would take it for the same."""
    if subject is None:
        if "".join(written.split()).casefold() == "".join(identity.split()).casefold():
            return f"{written} differs in spelling only"
        return ""
    named = name_in(written)
    if named is None:
        return ""
    how = difference(named, subject)
    if how is None:
        return f"{written} differs in upper and lower case or in blanks"
    return f"{written}: {how}" if "order" in how or "attribute types" in how else ""


def _signed_by(entry: ExternalId, signer: Certificate | None) -> bool:
    if entry.issuer is UNSET or not entry.issuer:
        return True
    named = name_in(str(entry.issuer))
    return signer is not None and named is not None and named.same(signer.subject)


@lru_cache(maxsize=4096)
def name_in(text: str) -> Name | None:
    """Read a distinguished name; nothing where it is none."""
    try:
        return parse(text)
    except ValueError:
        return None


def by_rule(
    certificate: Certificate,
    rules: Sequence[CertificateRule],
    explicit: Sequence[CertificateUser],
    users: Sequence[User],
) -> Mapped | Lacking:
    """Map a certificate by CERTRULE: an explicit mapping first, then the first usable rule.

    An explicit mapping is one of subject and issuer (key of table USRCERTMAP). Rules are tried by increasing index, and
    later ones are disregarded (data element CERT_INDEX). Several users, such as those with one e-mail address, still make
    it ambiguous.
    """
    subject = certificate.subject
    same_subject = [entry for entry in explicit if name_in(entry.subject) == subject]
    for entry in same_subject:
        if entry.issuer is not UNSET and name_in(str(entry.issuer)) == certificate.issuer:
            if entry.user is UNSET:
                return Lacking("certificate_users[].user")
            return Mapped(str(subject), "certificate_users", (str(entry.user).upper(),))
    if any(entry.issuer is UNSET for entry in same_subject):
        return Lacking("certificate_users[].issuer")
    near = f"an explicit mapping of this subject, for the issuer {same_subject[0].issuer}" if same_subject else ""
    inactive = False
    for rule in rules:
        value = _attribute(subject, rule.attribute)
        if value is None or not (_fits(rule.subject_filter, subject) and _fits(rule.issuer_filter, certificate.issuer)):
            continue
        if rule.active is UNSET:
            return Lacking("certificate_rules[].active")
        if rule.active:
            meant = by_login(value, rule.login_as, users)
            if isinstance(meant, Lacking):
                return meant
            return Mapped(str(subject), "certificate_rules", tuple(dict.fromkeys(meant)))
        near = near if inactive else f"the rule for {rule.attribute} is not active"
        inactive = True
    return Mapped(str(subject), "certificate_rules", near=near, reason="inactive" if inactive else "none")


def by_login(value: str, login_as: str, users: Sequence[User]) -> tuple[str, ...] | Lacking:
    """Return the users whose ID, alias or e-mail address is the value; a user ID needs no user described."""
    if login_as == "user":
        return (value.strip().upper(),)
    field = "alias" if login_as == "alias" else "email"
    found = []
    for user in users:
        own = getattr(user, field)
        if own is UNSET:
            return Lacking(f"users[].{field}")
        if own and own.casefold() == value.strip().casefold():
            found.append(user.name.upper())
    return tuple(found)


def _attribute(subject: Name, attribute: str) -> str | None:
    wanted = _ATTRIBUTES[attribute]
    return next((value for rdn in reversed(subject.rdns) for kind, value in rdn if kind == wanted), None)


def _fits(pattern: object, name: Name) -> bool:
    """Whether a filter fits a name: attribute by attribute from the last one on, each at its place.

    ``C=DE, O=SAP`` fits ``CN=CA, C=DE, O=SAP``, and not ``CN=CA, O=SAP, C=DE`` (data element CERT_FILTER_ISSUER).
    """
    if not isinstance(pattern, str) or not pattern.strip(" *"):
        return True
    wanted = name_in(pattern)
    return (
        wanted is not None
        and len(wanted.rdns) <= len(name.rdns)
        and all(map(_matches, wanted.rdns, name.rdns))  # a name begins with what is written last
    )


def _matches(wanted: tuple[Attribute, ...], rdn: tuple[Attribute, ...]) -> bool:
    return [kind for kind, _ in wanted] == [kind for kind, _ in rdn] and all(
        fnmatch.fnmatchcase(value, pattern.replace("[", "[[]"))
        for (_, pattern), (_, value) in zip(wanted, rdn, strict=True)
    )
