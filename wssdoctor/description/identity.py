"""Who an identity from outside is in this system: USREXTID, CERTRULE, and the trust in SAML issuers."""

import datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from wssdoctor.description.certificate import Certificate
from wssdoctor.description.fact import fact
from wssdoctor.evidence import Sensitivity

IDENTIFYING = Sensitivity.IDENTIFYING


class ExternalId(Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping of an external identity to a user."""

    type: Annotated[
        Literal["DN", "SA", "NT", "LD", "ID"],
        fact(
            "Type: DN certificate subject, SA SAML token",
            home="USREXTID-TYPE (SM30, VUSREXTID)",
            obtain="SE16 on USREXTID",
            example="SA",
        ),
    ]
    external_id: Annotated[
        str,
        fact(
            "The external identity exactly as stored; case matters",
            home="USREXTID-EXTID",
            obtain="SM30 on VUSREXTID",
            sensitivity=IDENTIFYING,
            example='"STS/100::jane"',
        ),
    ]
    user: Annotated[
        str | UnsetType,
        fact(
            "User",
            home="USREXTID-BNAME",
            obtain="SM30 on VUSREXTID",
            sensitivity=IDENTIFYING,
            example="WS_ORDER",
        ),
    ] = UNSET
    active: Annotated[
        bool | UnsetType,
        fact(
            "Whether the entry is activated",
            home="USREXTID-STATUS",
            obtain="SM30 on VUSREXTID",
            example="true",
        ),
    ] = UNSET
    min_date: Annotated[
        datetime.date | UnsetType,
        fact(
            "Certificates that begin before this day are not accepted for this entry; leave out if none is set",
            home="USREXTID, field Min. date",
            obtain="SM30 on VUSREXTID",
            example="2026-01-01",
        ),
    ] = UNSET
    issuer: Annotated[
        str | UnsetType,
        fact(
            "Type SA: subject of the certificate that must have signed the assertion, as STRUST shows it; leave out if "
            "none is set",
            home="USREXTID, field Issuer Name",
            obtain="SM30 on VUSREXTID; report RSUSREXT sets it",
            sensitivity=IDENTIFYING,
            example='"CN=STS, O=Example"',
        ),
    ] = UNSET


class CertificateRule(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of transaction CERTRULE.

    Rules are tried by increasing index, and the first usable one counts (data element CERT_INDEX): list them in the
    order of the transaction.
    """

    attribute: Annotated[
        Literal["CN", "OU", "O", "UID", "E", "SERIALNUMBER"],
        fact(
            "Attribute of the certificate's subject that names the user",
            home="USRCERTRULE (transaction CERTRULE, Certificate Attribute)",
            obtain="CERTRULE",
            example="CN",
        ),
    ]
    login_as: Annotated[
        Literal["user", "alias", "e-mail"],
        fact(
            "What the attribute's value is in the user master",
            home="USRCERTRULE (transaction CERTRULE, Login As)",
            obtain="CERTRULE",
            example="user",
        ),
    ]
    subject_filter: Annotated[
        str | UnsetType,
        fact(
            "Filter on the subject, from its last attribute on, with * for any text; leave out if none is set",
            home="USRCERTRULE (transaction CERTRULE, Subject Filter)",
            obtain="CERTRULE",
            sensitivity=IDENTIFYING,
            example='"CN=*, O=Example"',
        ),
    ] = UNSET
    issuer_filter: Annotated[
        str | UnsetType,
        fact(
            "Filter on the issuer, from its last attribute on, with * for any text; leave out if none is set",
            home="USRCERTRULE (transaction CERTRULE, Issuer Filter)",
            obtain="CERTRULE",
            sensitivity=IDENTIFYING,
            example='"CN=Example CA, O=Example"',
        ),
    ] = UNSET
    active: Annotated[
        bool | UnsetType,
        fact("Whether the rule is active", home="USRCERTRULE", obtain="CERTRULE", example="true"),
    ] = UNSET


class CertificateUser(Struct, frozen=True, forbid_unknown_fields=True):
    """An explicit mapping of transaction CERTRULE: exactly one subject of one issuer to one user, before all rules.

    Subject and issuer are the key of table USRCERTMAP.
    """

    subject: Annotated[
        str,
        fact(
            "Subject of the certificate",
            home="USRCERTMAP (transaction CERTRULE, Explicit Mappings)",
            obtain="CERTRULE",
            sensitivity=IDENTIFYING,
            example='"CN=Partner, O=Example"',
        ),
    ]
    issuer: Annotated[
        str | UnsetType,
        fact(
            "Issuer of the certificate",
            home="USRCERTMAP-ISSUER (transaction CERTRULE, Explicit Mappings)",
            obtain="CERTRULE",
            sensitivity=IDENTIFYING,
            example='"CN=Example CA, O=Example"',
        ),
    ] = UNSET
    user: Annotated[
        str | UnsetType,
        fact("User", home="USRCERTMAP", obtain="CERTRULE", sensitivity=IDENTIFYING, example="WS_ORDER"),
    ] = UNSET


NameIdFormat: TypeAlias = Literal[
    "unspecified", "email", "x509-subject", "windows-name", "kerberos", "persistent", "transient", "entity"
]
"""The NameID formats of SAML Core 1.1 and 2.0, section 8.3, in short."""


class NameIdMapping(Struct, frozen=True, forbid_unknown_fields=True):
    """How one NameID format of a trusted provider leads to a user."""

    format: Annotated[
        NameIdFormat,
        fact(
            "NameID format that is supported for this provider",
            home="transaction SAML2, trusted provider, Identity Federation",
            obtain="SAML2, Trusted Providers, tab Identity Federation",
            example="unspecified",
        ),
    ]
    source: Annotated[
        Literal["user", "alias", "e-mail", "x509-subject", "external-id"] | UnsetType,
        fact(
            "Where the user is looked up: user ID, alias, e-mail, USREXTID type DN (x509-subject) or type SA",
            home="transaction SAML2, trusted provider, User ID Mapping Mode",
            obtain="SAML2, Trusted Providers, tab Identity Federation",
            example="user",
        ),
    ] = UNSET


class TrustedProvider(Struct, frozen=True, forbid_unknown_fields=True):
    """A trusted provider of transaction SAML2 in full."""

    name: Annotated[
        str,
        fact(
            "Name of the provider, which is the Issuer of its assertions",
            home="transaction SAML2, tab Trusted Providers",
            obtain="SAML2, Trusted Providers",
            sensitivity=IDENTIFYING,
            example='"https://sts.example.com"',
        ),
    ]
    certificates: Annotated[
        tuple[Certificate, ...] | UnsetType,
        fact(
            "Signing certificates, primary and secondary",
            home="transaction SAML2, trusted provider, Signature and Encryption",
            obtain="SAML2, Trusted Providers, tab Signature and Encryption; or the provider's metadata",
        ),
    ] = UNSET
    name_ids: Annotated[
        tuple[NameIdMapping, ...] | UnsetType,
        fact(
            "Supported NameID formats and how each leads to a user",
            home="transaction SAML2, trusted provider, Identity Federation",
            obtain="SAML2, Trusted Providers, tab Identity Federation",
        ),
    ] = UNSET


class SamlTrust(Struct, frozen=True, forbid_unknown_fields=True):
    """Where trust in SAML issuers was maintained."""

    ticket_issuers: Annotated[
        tuple[str, ...] | UnsetType,
        fact(
            "Issuers in the ticket's access control list; [] if none",
            home="TWPSSO2ACL (STRUSTSSO2)",
            obtain="STRUSTSSO2, tab Logon Ticket",
            sensitivity=IDENTIFYING,
            example="[]",
        ),
    ] = UNSET
    saml2_providers: Annotated[
        tuple[str, ...] | UnsetType,
        fact(
            "Active trusted providers of transaction SAML2; [] if none",
            home="transaction SAML2, tab Trusted Providers",
            obtain="SAML2, Trusted Providers",
            sensitivity=IDENTIFYING,
            example='["urn:sts.example.com"]',
        ),
    ] = UNSET
    local_provider: Annotated[
        str | UnsetType,
        fact(
            "Name of the local provider, the audience of assertions for this system",
            home="transaction SAML2, tab Local Provider",
            obtain="SAML2, Local Provider; usual names look like ERP_100",
            sensitivity=IDENTIFYING,
            example="ERP_100",
        ),
    ] = UNSET
    providers: Annotated[
        tuple[TrustedProvider, ...] | UnsetType,
        fact(
            "The trusted providers in full, for those whose assertions are to be judged",
            home="transaction SAML2, tab Trusted Providers",
            obtain="SAML2, Trusted Providers",
        ),
    ] = UNSET
