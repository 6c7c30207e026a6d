"""A certificate as a description gives it."""

import datetime
from typing import Annotated

from msgspec import UNSET, Struct, UnsetType

from wssdoctor.description.fact import fact
from wssdoctor.evidence import Sensitivity


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
        fact(
            "The certificate itself (-----BEGIN CERTIFICATE-----)",
            obtain="STRUST: Export, Base64",
            sensitivity=Sensitivity.IDENTIFYING,
        ),
    ] = UNSET
    subject: Annotated[
        str | UnsetType,
        fact(
            "Subject",
            home="STRUST",
            obtain="STRUST",
            sensitivity=Sensitivity.IDENTIFYING,
            example='"CN=ERP, O=Example"',
        ),
    ] = UNSET
    issuer: Annotated[
        str | UnsetType,
        fact("Issuer", home="STRUST", obtain="STRUST", sensitivity=Sensitivity.IDENTIFYING, example='"CN=Example CA"'),
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
    names: Annotated[
        tuple[str, ...] | UnsetType,
        fact(
            "DNS names and IP addresses of the Subject Alternative Name; [] if the certificate has none",
            home="STRUST, certificate details",
            obtain="STRUST, or openssl x509 -noout -ext subjectAltName",
            sensitivity=Sensitivity.IDENTIFYING,
            example="[erp.example.com]",
        ),
    ] = UNSET
