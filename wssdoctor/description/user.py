"""Users of the system as facts: those that callers name, and the technical user of the delayed logon.

Homes and ways to obtain them follow the fields of table USR02.
"""

import datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from wssdoctor.description.fact import fact
from wssdoctor.evidence import Sensitivity

IDENTIFYING = Sensitivity.IDENTIFYING
SECRET = Sensitivity.SECRET


OneByte: TypeAlias = Annotated[int, Meta(ge=0, le=255)]
UserType: TypeAlias = Literal["A", "B", "C", "L", "S"]
Lock: TypeAlias = Annotated[
    OneByte | UnsetType,
    fact(
        "Lock state as the number in UFLAG; 0 not locked, 32 locked by the central administrator, "
        "64 locked by the local administrator, 128 locked by wrong logons, sums occur (192 = 64 + 128)",
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
        fact(
            "User type; A dialog, B system, C communication, L reference, S service",
            home="USR02-USTYP (SU01)",
            obtain="SU01",
            example="B",
        ),
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
            "Name of the technical user: DELAY_LOGON from 7.1x on, DELAY_L_<SID> on 7.0x",
            home="USR02-BNAME (SU01)",
            obtain="SU01",
            example="DELAY_LOGON",
        ),
    ] = UNSET
    type: Annotated[
        UserType | UnsetType,
        fact(
            "User type; A dialog, B system, C communication, L reference, S service",
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
