"""The services of the Internet Communication Framework (transaction SICF) as facts."""

from typing import Annotated, Literal, TypeAlias, get_args

from msgspec import UNSET, Meta, Struct, UnsetType

from wssdoctor.description.fact import fact
from wssdoctor.evidence import Sensitivity

IDENTIFYING = Sensitivity.IDENTIFYING

Credential: TypeAlias = Literal[
    "fields",
    "client-certificate",
    "sso-ticket",
    "assertion-ticket",
    "basic",
    "rfc",
    "spnego",
    "saml",
    "service-data",
]
"""A kind of logon data that ICF knows, as in the standard logon order of SICF."""

STANDARD_ORDER: tuple[Credential, ...] = get_args(Credential)
"""The standard logon sequence of an ICF node (SAP Help: Maintaining Logon Procedures)."""


class IcfNode(Struct, frozen=True, forbid_unknown_fields=True):
    """One service of the Internet Communication Framework (transaction SICF)."""

    path: Annotated[
        str,
        fact(
            "Path below the virtual host",
            home="SICF; ICFSERVICE walked upwards by ICFPARGUID",
            obtain="SICF: right-click -> Test Service shows it; report RSICFCHK lists nodes with logon data",
            sensitivity=IDENTIFYING,
            example="/sap/bc/srt/xip/sap/zorder_in/100/zorder_in/zorder_in",
        ),
    ]
    exists: Annotated[
        bool | UnsetType,
        fact(
            "Whether the node exists; false states that it does not",
            home="SICF",
            obtain="SICF",
            example="true",
        ),
    ] = UNSET
    active: Annotated[
        bool | UnsetType,
        fact(
            "Whether the node and all nodes above it are active",
            home="ICFSERVLOC-ICFACTIVE",
            obtain="SICF: an inactive node is greyed out",
            example="true",
        ),
    ] = UNSET
    https_required: Annotated[
        bool | UnsetType,
        fact(
            "Whether the node demands HTTPS",
            home="ICFSERVICE-SSLFLAG (SICF, tab Logon Data, Security Requirements)",
            obtain="SICF, tab Logon Data: Security Requirements = SSL",
            example="true",
        ),
    ] = UNSET
    logon_procedure: Annotated[
        Literal["standard", "alternative", "service-data-required", "certificate-required"] | UnsetType,
        fact(
            "Logon procedure of the node",
            home="SICF, tab Logon Data (domain of ICF_AUTHENTICATE)",
            obtain="SICF, tab Logon Data: Standard, Alternative Logon Procedure, Required with Logon Data, "
            "Required with Client Certificate",
            example="standard",
        ),
    ] = UNSET
    logon_order: Annotated[
        tuple[Credential, ...] | UnsetType,
        fact(
            "Order of the alternative logon procedure",
            home="SICF, tab Logon Data",
            obtain="SICF, tab Logon Data, list Logon Procedure; only for the alternative procedure",
            example="[fields, client-certificate, basic, service-data]",
        ),
    ] = UNSET
    all_logons: Annotated[
        bool | UnsetType,
        fact(
            "Whether the list is tried until one logon succeeds; otherwise only the first that applies",
            home="SICF, tab Logon Data, All Logons",
            obtain="SICF, tab Logon Data",
            example="false",
        ),
    ] = UNSET
    stored_user: Annotated[
        str | UnsetType,
        fact(
            "User stored in the node, own or inherited; empty text if none",
            home="ICFSECPASSWD-ICF_USER, older ICFSERVICE-ICF_USER",
            obtain="SICF, tab Logon Data; report RSICFCHK lists nodes with logon data",
            sensitivity=IDENTIFYING,
            example="DELAY_LOGON",
        ),
    ] = UNSET
    stored_password_current: Annotated[
        bool | UnsetType,
        fact(
            "Whether the password stored in the node is the one that the technical user has now",
            home="ICFSECPASSWD-ICF_PASSWD (never export it)",
            obtain="run WSS_SETUP with Test Run checked and the ICF update selected: it lists nodes to be updated",
            example="true",
        ),
    ] = UNSET
    stored_client: Annotated[
        Annotated[str, Meta(pattern="^([0-9]{3})?$")] | UnsetType,
        fact(
            "Client stored in the node; empty text if none",
            home="ICFSERVICE-ICF_MANDT",
            obtain="SICF, tab Logon Data",
            example='"100"',
        ),
    ] = UNSET


class Icf(Struct, frozen=True, forbid_unknown_fields=True):
    """The Internet Communication Framework."""

    nodes_complete: Annotated[
        bool | UnsetType,
        fact(
            "Whether the list below holds every service node of the system, so that a path not in it does not exist",
            home="SICF",
            obtain="true only for a full export of ICFSERVICE",
            example="false",
        ),
    ] = UNSET
    nodes: Annotated[
        tuple[IcfNode, ...] | UnsetType,
        fact("The services in question", home="SICF", obtain="SICF: the node of the endpoint's path"),
    ] = UNSET
