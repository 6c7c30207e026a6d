"""The security settings of the endpoints in SOAMANAGER as facts."""

from typing import Annotated, Literal

from msgspec import UNSET, Struct, UnsetType

from wssdoctor.description.authentication import Authentication
from wssdoctor.description.fact import fact
from wssdoctor.evidence import Sensitivity

IDENTIFYING = Sensitivity.IDENTIFYING


class Binding(Struct, frozen=True, forbid_unknown_fields=True):
    """The security settings of one endpoint in SOAMANAGER."""

    path: Annotated[
        str,
        fact(
            "Path of the endpoint",
            home="SOAMANAGER",
            obtain="SOAMANAGER -> Web Service Configuration -> Overview",
            sensitivity=IDENTIFYING,
            example="/sap/bc/srt/xip/sap/zorder_in/100/zorder_in/zorder_in",
        ),
    ]
    authentication: Annotated[
        Authentication | UnsetType,
        fact(
            "Authentication method; from username-token on it is message authentication",
            home="SRT_RTC_DATA, property AuthenticationMethod (SOAMANAGER, tab Provider Security)",
            obtain="SOAMANAGER, tab Provider Security; or the WS-SecurityPolicy in the binding's WSDL",
            example="username-token",
        ),
    ] = UNSET
    transport: Annotated[
        Literal["http", "https"] | UnsetType,
        fact(
            "Transport guarantee of the binding",
            home="SRT_RTC_DATA, property TLSType (SOAMANAGER, tab Provider Security)",
            obtain="SOAMANAGER, tab Provider Security",
            example="https",
        ),
    ] = UNSET
    algorithm_suite: Annotated[
        str | UnsetType,
        fact(
            "Algorithm suite by its WS-SecurityPolicy name",
            home="the binding's WSDL",
            obtain="sp:AlgorithmSuite in the WSDL",
            example="Basic128",
        ),
    ] = UNSET
    signed_parts: Annotated[
        tuple[str, ...] | UnsetType,
        fact(
            "Parts that must be signed",
            home="the binding's WSDL",
            obtain="sp:SignedParts in the WSDL",
            example="[Body, Timestamp]",
        ),
    ] = UNSET
    saml_confirmation: Annotated[
        tuple[Literal["sender-vouches", "holder-of-key"], ...] | UnsetType,
        fact(
            "Subject confirmation methods that the endpoint accepts",
            home="SRT_RTC_DATA, property AuthenticationMethod.SAML.SubjectConfirmationMethod",
            obtain="SOAMANAGER, tab Provider Security; or the SAML token assertion in the WSDL's policy",
            example="[sender-vouches]",
        ),
    ] = UNSET
