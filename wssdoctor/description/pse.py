"""Certificates, and the PSEs of STRUST that hold them."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Struct, UnsetType

from wssdoctor.description.fact import fact
from wssdoctor.evidence import Sensitivity

IDENTIFYING = Sensitivity.IDENTIFYING


class Certificate(Struct, frozen=True, forbid_unknown_fields=True):
    """A certificate: as a file beside the description, inline, or by what a list shows of it."""

    file: Annotated[
        str | UnsetType,
        fact(
            "PEM or DER file, relative to the description",
            obtain="STRUST: double-click the certificate, Export, Base64",
            example="sapwsse.crt",
        ),
    ] = UNSET
    pem: Annotated[
        str | UnsetType,
        fact("The certificate itself (-----BEGIN CERTIFICATE-----)", obtain="STRUST: Export, Base64"),
    ] = UNSET
    subject: Annotated[
        str | UnsetType,
        fact("Subject", home="STRUST", obtain="STRUST", sensitivity=IDENTIFYING, example='"CN=ERP, O=Example"'),
    ] = UNSET
    issuer: Annotated[
        str | UnsetType,
        fact("Issuer", home="STRUST", obtain="STRUST", sensitivity=IDENTIFYING, example='"CN=Example CA"'),
    ] = UNSET
    not_before: Annotated[
        datetime.datetime | UnsetType,
        fact(
            "Start of validity, UTC",
            home="STRUST",
            obtain="STRUST or sapgenpse get_my_name -v",
            example="2025-01-01T00:00:00Z",
        ),
    ] = UNSET
    not_after: Annotated[
        datetime.datetime | UnsetType,
        fact(
            "End of validity, UTC",
            home="STRUST",
            obtain="STRUST or sapgenpse get_my_name -v",
            example="2027-01-01T00:00:00Z",
        ),
    ] = UNSET


class Pse(Struct, frozen=True, forbid_unknown_fields=True):
    """A Personal Security Environment in STRUST."""

    application: Annotated[
        Literal["wsse", "ssl-server", "ssl-client-standard", "ssl-client-anonymous", "system", "saml2"],
        fact(
            "Which PSE: wsse (SAPWSSE.pse), ssl-server (SAPSSLS), ssl-client-standard (SAPSSLC), "
            "ssl-client-anonymous (SAPSSLA), system (SAPSYS), saml2",
            home="STRUST",
            obtain="STRUST",
            example="wsse",
        ),
    ]
    identity: Annotated[
        str | UnsetType,
        fact("Identity, if not the default one", home="STRUST", obtain="STRUST", example="WSSKEY"),
    ] = UNSET
    exists: Annotated[
        bool | UnsetType,
        fact(
            "Whether the PSE exists",
            home="STRUST",
            obtain="STRUST: a red cross marks a PSE that does not exist",
            example="true",
        ),
    ] = UNSET
    own_certificate: Annotated[
        Certificate | UnsetType,
        fact("The PSE's own certificate", home="STRUST, Own Certificate", obtain="STRUST"),
    ] = UNSET
    trusted: Annotated[
        tuple[Certificate, ...] | UnsetType,
        fact("Its certificate list", home="STRUST, Certificate List", obtain="STRUST; sapgenpse maintain_pk -l"),
    ] = UNSET
