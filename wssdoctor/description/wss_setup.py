"""What report WSS_SETUP creates and sets: its settings and the password in secure storage, as facts."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from wssdoctor.description.fact import fact


class WssSetup(Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of report WSS_SETUP."""

    time_tolerance_seconds: Annotated[
        Annotated[int, Meta(ge=0, le=32767)] | UnsetType,
        fact(
            "Tolerance for clocks that are not synchronous, in seconds; SAP publishes neither its default nor its unit",
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
            "SAML trust model for SAML 1.1: the logon ticket's trust (PSE, ACL, USREXTID) or the one of transaction SAML2",
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
            "Whether the technical user's entry in secure storage can be decrypted; after a system copy it often cannot",
            home="transaction SECSTORE",
            obtain="SECSTORE, tab Check Entries: a green light",
            example="true",
        ),
    ] = UNSET
    password_current: Annotated[
        bool | UnsetType,
        fact(
            "Whether the password in secure storage is the one that the technical user has now",
            home="secure storage against USR02; no transaction compares them",
            obtain="ask whether anyone reset the password in SU01 after WSS_SETUP ran (SU01 change documents)",
            example="true",
        ),
    ] = UNSET
