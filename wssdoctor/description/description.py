"""Format 1 of the system description: every fact that checks may ask for.

All facts are optional. ``UNSET`` means that nobody gave the fact, so nothing that needs it can be green.
Homes and ways to obtain them follow SAP's documentation of WSS_SETUP, SICF, STRUST and table USR02.
"""

import datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from wssdoctor.description.authentication import Authentication
from wssdoctor.description.consumer import Consumer
from wssdoctor.description.fact import fact
from wssdoctor.description.identity import CertificateRule, CertificateUser, ExternalId, SamlTrust
from wssdoctor.description.memory import SecurityContext, SeenSignature
from wssdoctor.description.pse import Pse
from wssdoctor.evidence import Sensitivity

IDENTIFYING = Sensitivity.IDENTIFYING
SECRET = Sensitivity.SECRET

OPEN_END = datetime.date(9999, 12, 31)
"""How an unlimited validity is written (SAP shows an empty field; table USR02 holds 00000000)."""

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

STANDARD_ORDER: tuple[Credential, ...] = (
    "fields",
    "client-certificate",
    "sso-ticket",
    "assertion-ticket",
    "basic",
    "rfc",
    "spnego",
    "saml",
    "service-data",
)
"""The standard logon sequence of an ICF node (SAP Help: Maintaining Logon Procedures)."""

SystemId: TypeAlias = Annotated[str, Meta(pattern="^[A-Z][A-Z0-9]{2}$")]
ClientNumber: TypeAlias = Annotated[str, Meta(pattern="^[0-9]{3}$")]
Release: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9]\.?[0-9]{2}$")]
OneByte: TypeAlias = Annotated[int, Meta(ge=0, le=255)]
UserType: TypeAlias = Literal["A", "B", "C", "L", "S"]
Lock: TypeAlias = Annotated[
    OneByte | UnsetType,
    fact(
        "Lock state as the number in UFLAG: 0 free; 32 locked by the central administrator, 64 by the local one, "
        "128 by wrong logons; sums occur (192 = 64 + 128)",
        home="USR02-UFLAG (SU01, tab Logon Data)",
        obtain="SE16 on table USR02 with the fields BNAME, UFLAG, USTYP, GLTGV, GLTGB, LOCNT only; or SU01",
        example="0",
    ),
]
ValidFrom: TypeAlias = Annotated[
    datetime.date | UnsetType,
    fact(
        "First day on which the user may log on; 1900-01-01 if not limited",
        home="USR02-GLTGV (SU01, tab Logon Data)",
        obtain="SU01, or SE16 on USR02 field GLTGV",
        example="1900-01-01",
    ),
]
ValidTo: TypeAlias = Annotated[
    datetime.date | UnsetType,
    fact(
        "Last day on which the user may log on; 9999-12-31 if not limited",
        home="USR02-GLTGB (SU01, tab Logon Data)",
        obtain="SU01, or SE16 on USR02 field GLTGB",
        example="9999-12-31",
    ),
]


class System(Struct, frozen=True, forbid_unknown_fields=True):
    """Which system this is."""

    sid: Annotated[
        SystemId | UnsetType,
        fact(
            "System ID",
            home="System -> Status",
            obtain="System -> Status",
            sensitivity=IDENTIFYING,
            example="ERP",
        ),
    ] = UNSET
    client: Annotated[
        ClientNumber | UnsetType,
        fact(
            "Client in which the services run",
            home="System -> Status",
            obtain="System -> Status",
            example='"100"',
        ),
    ] = UNSET
    release: Annotated[
        Release | UnsetType,
        fact(
            "Release of SAP_BASIS; it decides the technical user's name",
            home="System -> Status -> Component information, SAP_BASIS",
            obtain="System -> Status -> Details; 7.50 and 750 are both understood",
            example='"7.50"',
        ),
    ] = UNSET
    host: Annotated[
        str | UnsetType,
        fact(
            "Host name under which callers reach the system",
            home="SMICM -> Goto -> Services",
            obtain="SMICM -> Goto -> Services",
            sensitivity=IDENTIFYING,
            example="erp.example.com",
        ),
    ] = UNSET


class Clock(Struct, frozen=True, forbid_unknown_fields=True):
    """The provider's clock: a fact like any other."""

    offset_seconds: Annotated[
        float | UnsetType,
        fact(
            "How far the provider's clock is ahead of the consumer's, in seconds; negative if it is behind",
            home="operating system clock; SM51 shows the server time",
            obtain="compare the UTC time of both hosts; the Date header of an HTTP response is the provider's clock",
            example="0",
        ),
    ] = UNSET


class WssSetup(Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of report WSS_SETUP."""

    time_tolerance_seconds: Annotated[
        Annotated[int, Meta(ge=0, le=32767)] | UnsetType,
        fact(
            "Tolerance for clocks that are not synchronous. SAP publishes neither default nor unit; seconds assumed",
            home="report WSS_SETUP, field Time Tolerance (data element SEC_WSS_SETUP_CLOCK_CFG)",
            obtain="SA38 -> WSS_SETUP, leave Test Run checked, read the field",
            example="60",
        ),
    ] = UNSET
    detect_message_replays: Annotated[
        bool | UnsetType,
        fact(
            "Whether signature values are stored for 60 minutes and the same value is refused",
            home="report WSS_SETUP (data element SEC_WSS_SETUP_REPLAY_CFG)",
            obtain="SA38 -> WSS_SETUP, leave Test Run checked, read the field",
            example="true",
        ),
    ] = UNSET
    encryption_algorithm: Annotated[
        Literal["aes128", "aes192", "aes256", "triple-des"] | UnsetType,
        fact(
            "Encryption algorithm that providers use; SAP's default is aes128",
            home="report WSS_SETUP, algorithm selection",
            obtain="SA38 -> WSS_SETUP, leave Test Run checked, read the field",
            example="aes128",
        ),
    ] = UNSET
    digest_algorithm: Annotated[
        Literal["sha1", "sha256"] | UnsetType,
        fact(
            "Hash algorithm of signatures; SAP's default is sha1, and sha256 needs SAP Cryptographic Library PL28",
            home="report WSS_SETUP, algorithm selection",
            obtain="SA38 -> WSS_SETUP, leave Test Run checked, read the field",
            example="sha256",
        ),
    ] = UNSET
    saml_trust: Annotated[
        Literal["ticket", "saml2"] | UnsetType,
        fact(
            "SAML trust model: the logon ticket's trust (PSE, ACL, USREXTID) or the one of transaction SAML2",
            home="report WSS_SETUP (data element SEC_SAML11_TRUST)",
            obtain="SA38 -> WSS_SETUP, leave Test Run checked, read the field",
            example="saml2",
        ),
    ] = UNSET
    secure_conversation_provider: Annotated[
        bool | UnsetType,
        fact(
            "Whether the standard service for SecureConversation was configured",
            home="report WSS_SETUP, Create Provider Configuration",
            obtain="SA38 -> WSS_SETUP, leave Test Run checked: the list says what it would create",
            example="false",
        ),
    ] = UNSET


class TechnicalUser(Struct, frozen=True, forbid_unknown_fields=True):
    """The technical user with which ICF logs on before the SOAP message is read (delayed logon)."""

    exists: Annotated[
        bool | UnsetType,
        fact(
            "Whether the technical user exists in the client of the services",
            home="USR02 (SU01)",
            obtain="SU01: display DELAY_LOGON (7.1x and later) or DELAY_L_<SID> (7.0x)",
            example="true",
        ),
    ] = UNSET
    name: Annotated[
        str | UnsetType,
        fact(
            "Its name: DELAY_LOGON from 7.1x on, DELAY_L_<SID> on 7.0x",
            home="USR02-BNAME (SU01)",
            obtain="SU01",
            example="DELAY_LOGON",
        ),
    ] = UNSET
    type: Annotated[
        UserType | UnsetType,
        fact(
            "User type: A dialog, B system, C communication, L reference, S service",
            home="USR02-USTYP (SU01, tab Logon Data)",
            obtain="SU01, or SE16 on USR02 field USTYP",
            example="B",
        ),
    ] = UNSET
    lock: Lock = UNSET
    valid_from: ValidFrom = UNSET
    valid_to: ValidTo = UNSET
    failed_logons: Annotated[
        OneByte | UnsetType,
        fact(
            "Failed logons since the last good one; a stale password elsewhere makes it grow",
            home="USR02-LOCNT",
            obtain="SE16 on USR02 field LOCNT",
            example="0",
        ),
    ] = UNSET


class SecureStorage(Struct, frozen=True, forbid_unknown_fields=True):
    """The technical user's password in secure storage."""

    entry_present: Annotated[
        bool | UnsetType,
        fact(
            "Whether secure storage has an entry with the technical user's password",
            home="transaction SECSTORE (table RSECTAB; never export its content)",
            obtain="SECSTORE, tab Check Entries",
            example="true",
        ),
    ] = UNSET
    entry_readable: Annotated[
        bool | UnsetType,
        fact(
            "Whether that entry can be decrypted; after a system copy it often cannot",
            home="transaction SECSTORE",
            obtain="SECSTORE, tab Check Entries: a green light",
            example="true",
        ),
    ] = UNSET
    password_current: Annotated[
        bool | UnsetType,
        fact(
            "Whether the stored password is the one that the user has now",
            home="secure storage against USR02; no transaction compares them",
            obtain="ask whether anyone reset the password in SU01 after WSS_SETUP ran (SU01 change documents)",
            example="true",
        ),
    ] = UNSET


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


class User(Struct, frozen=True, forbid_unknown_fields=True):
    """A user that callers name in a token."""

    name: Annotated[
        str,
        fact("User name", home="USR02-BNAME (SU01)", obtain="SU01", sensitivity=IDENTIFYING, example="WS_ORDER"),
    ]
    exists: Annotated[
        bool | UnsetType,
        fact("Whether the user exists in the client", home="USR02 (SU01)", obtain="SU01", example="true"),
    ] = UNSET
    type: Annotated[
        UserType | UnsetType,
        fact("User type, as for the technical user", home="USR02-USTYP (SU01)", obtain="SU01", example="B"),
    ] = UNSET
    lock: Lock = UNSET
    valid_from: ValidFrom = UNSET
    valid_to: ValidTo = UNSET
    password_state: Annotated[
        Literal["productive", "initial", "expired", "deactivated"] | UnsetType,
        fact(
            "State of the password",
            home="SU01, tab Logon Data, password status; USR02-CODVN X = deactivated",
            obtain="SU01, tab Logon Data",
            example="productive",
        ),
    ] = UNSET
    password: Annotated[
        str | UnsetType,
        fact(
            "The password, only if you want sent passwords compared here; it is never written anywhere",
            home="nowhere in clear",
            obtain="leave it out and state sent_password_current instead",
            sensitivity=SECRET,
        ),
    ] = UNSET
    sent_password_current: Annotated[
        bool | UnsetType,
        fact(
            "Whether the password that the caller sends is the user's current one",
            home="no transaction shows it",
            obtain="log on with exactly this user and password elsewhere, for example to /sap/bc/ping",
            example="true",
        ),
    ] = UNSET
    services: Annotated[
        tuple[str, ...] | UnsetType,
        fact(
            "Paths of the services that the user may call (S_SERVICE); '*' for all",
            home="authorization object S_SERVICE (PFCG, SUIM)",
            obtain="SUIM -> Authorizations for the user, object S_SERVICE; role SAP_BC_WEBSERVICE_CONSUMER allows all",
            sensitivity=IDENTIFYING,
            example='["*"]',
        ),
    ] = UNSET
    operations: Annotated[
        tuple[str, ...] | UnsetType,
        fact(
            "Single operations that the user may call beside whole services: path, slash, operation",
            home="authorization object S_SERVICE, which holds a hash for each service and operation",
            obtain="SUIM -> Authorizations for the user, object S_SERVICE",
            sensitivity=IDENTIFYING,
            example='["/sap/bc/srt/xip/sap/zorder_in/100/zorder_in/zorder_in/ReadOrder"]',
        ),
    ] = UNSET
    alias: Annotated[
        str | UnsetType,
        fact(
            "Alias; empty text if none. Needed where a mapping looks for it",
            home="SU01, tab Logon Data, Alias",
            obtain="SU01, tab Logon Data",
            sensitivity=IDENTIFYING,
            example='""',
        ),
    ] = UNSET
    email: Annotated[
        str | UnsetType,
        fact(
            "E-mail address; empty text if none. Needed where a mapping looks for it",
            home="SU01, tab Address",
            obtain="SU01, tab Address",
            sensitivity=IDENTIFYING,
            example='""',
        ),
    ] = UNSET


class Suppression(Struct, frozen=True, forbid_unknown_fields=True):
    """A known deviation that the owner accepts for a while."""

    cause: Annotated[
        str,
        fact("Id of the cause", home="this tool", obtain="the report names it", example="icf-node-inactive"),
    ]
    reason: Annotated[
        Annotated[str, Meta(min_length=1)],
        fact(
            "Why it is accepted",
            home="this tool",
            obtain="you decide",
            sensitivity=IDENTIFYING,
            example='"switched off until go-live"',
        ),
    ]
    until: Annotated[
        datetime.date,
        fact("Last day on which it is accepted", home="this tool", obtain="you decide", example="2027-03-31"),
    ]
    subject: Annotated[
        str | UnsetType,
        fact(
            "Text in the name of the part that it concerns; all parts if absent",
            home="this tool",
            obtain="the report names it after 'About'",
            sensitivity=IDENTIFYING,
            example="zstock_in",
        ),
    ] = UNSET


class Description(Struct, frozen=True, forbid_unknown_fields=True):
    """A system description, format 1."""

    format: Annotated[Literal["1"], fact("Version of this format", example="1")]
    system: System | UnsetType = UNSET
    clock: Clock | UnsetType = UNSET
    wss_setup: WssSetup | UnsetType = UNSET
    technical_user: TechnicalUser | UnsetType = UNSET
    secure_storage: SecureStorage | UnsetType = UNSET
    icf: Icf | UnsetType = UNSET
    pses: Annotated[tuple[Pse, ...] | UnsetType, fact("PSEs of STRUST", home="STRUST", obtain="STRUST")] = UNSET
    bindings: Annotated[
        tuple[Binding, ...] | UnsetType,
        fact("Endpoints of SOAMANAGER", home="SOAMANAGER", obtain="SOAMANAGER"),
    ] = UNSET
    users: Annotated[
        tuple[User, ...] | UnsetType, fact("Users named in tokens", home="USR02 (SU01)", obtain="SU01")
    ] = UNSET
    external_ids: Annotated[
        tuple[ExternalId, ...] | UnsetType,
        fact(
            "Mappings of external identities; [] if there are none",
            home="USREXTID",
            obtain="SM30 on VUSREXTID",
        ),
    ] = UNSET
    certificate_rules: Annotated[
        tuple[CertificateRule, ...] | UnsetType,
        fact(
            "Rules that map certificates to users; [] if there are none",
            home="USRCERTRULE",
            obtain="transaction CERTRULE",
        ),
    ] = UNSET
    certificate_users: Annotated[
        tuple[CertificateUser, ...] | UnsetType,
        fact(
            "Explicit mappings of certificates to users; [] if there are none",
            home="USRCERTMAP",
            obtain="transaction CERTRULE, Explicit Mappings",
        ),
    ] = UNSET
    saml_trust: SamlTrust | UnsetType = UNSET
    security_contexts: Annotated[
        tuple[SecurityContext, ...] | UnsetType,
        fact(
            "Security contexts that the provider knew when the messages came; [] if none",
            home="cache of security contexts (structure SEC_ST_CACHE)",
            obtain="payload traces of the negotiation",
        ),
    ] = UNSET
    signature_store: Annotated[
        tuple[SeenSignature, ...] | UnsetType,
        fact(
            "Signature values that came in messages beside the captured ones; [] if there were none",
            home="store of WSS_SETUP, Detect Message Replays",
            obtain="payload traces; ask the caller whether the same message was sent before",
        ),
    ] = UNSET
    consumer: Consumer | UnsetType = UNSET
    profile: Annotated[
        dict[str, str] | UnsetType,
        fact(
            "Profile parameters by name",
            home="RZ11",
            obtain="report RSPARAM",
            example="{login/fails_to_user_lock: 5}",
        ),
    ] = UNSET
    suppressions: Annotated[
        tuple[Suppression, ...] | UnsetType,
        fact("Findings that are accepted for a while; still shown and counted", home="this tool", obtain="you decide"),
    ] = UNSET
