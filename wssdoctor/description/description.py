"""Format 1 of the system description: every fact that checks may ask for.

All facts are optional. ``UNSET`` means that nobody gave the fact, so nothing that needs it can be green.
Homes and ways to obtain them follow SAP's documentation of WSS_SETUP, SICF, STRUST and table USR02.
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from wssdoctor.description.binding import Binding
from wssdoctor.description.consumer import Consumer
from wssdoctor.description.fact import fact
from wssdoctor.description.icf import Icf
from wssdoctor.description.identity import CertificateRule, CertificateUser, ExternalId, SamlTrust
from wssdoctor.description.memory import SecurityContext, SeenNonce, SeenSignature
from wssdoctor.description.pse import CryptoLibrary, Pse
from wssdoctor.description.suppression import Suppression
from wssdoctor.description.user import TechnicalUser, User
from wssdoctor.description.wss_setup import SecureStorage, WssSetup
from wssdoctor.evidence import Sensitivity

IDENTIFYING = Sensitivity.IDENTIFYING

SystemId: TypeAlias = Annotated[str, Meta(pattern="^[A-Z][A-Z0-9]{2}$")]
ClientNumber: TypeAlias = Annotated[str, Meta(pattern="^[0-9]{3}$")]
Release: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9]\.?[0-9]{2}$")]


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


MOST_SECONDS = 315_360_000
"""Ten years: by more no clock is wrong."""


class Clock(Struct, frozen=True, forbid_unknown_fields=True):
    """The provider's clock: a fact like any other."""

    offset_seconds: Annotated[
        Annotated[float, Meta(ge=-MOST_SECONDS, le=MOST_SECONDS)] | UnsetType,
        fact(
            "How far the provider's clock is ahead of the consumer's, in seconds; negative if it is behind",
            home="operating system clock; SM51 shows the server time",
            obtain="compare the UTC time of both hosts; the Date header of an HTTP response is the provider's clock",
            example="0",
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
    crypto_library: CryptoLibrary | UnsetType = UNSET
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
            "Rules that map certificates to users, by increasing index: the first usable one counts; [] if there are none",
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
    nonce_store: Annotated[
        tuple[SeenNonce, ...] | UnsetType,
        fact(
            "Nonces that whatever receives the calls remembers, such as a gateway; [] if there were none; leave out if "
            "nothing remembers nonces. No public source says that AS ABAP does",
            home="nonce cache of a gateway, or of what receives the calls",
            obtain="its log, or captures of the last minutes",
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
