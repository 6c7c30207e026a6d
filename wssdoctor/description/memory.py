"""What the running system remembers: security contexts, and what came in earlier messages."""

import datetime
from typing import Annotated

from msgspec import UNSET, Struct, UnsetType

from wssdoctor.description.fact import fact
from wssdoctor.evidence import Sensitivity


class SecurityContext(Struct, frozen=True, forbid_unknown_fields=True):
    """A security context that the provider issued (WS-SecureConversation 1.3, section 2)."""

    identifier: Annotated[
        str,
        fact(
            "Identifier of the security context token",
            home="cache of security contexts (structure SEC_ST_CACHE)",
            obtain="the RequestSecurityTokenResponse in the payload trace",
            sensitivity=Sensitivity.IDENTIFYING,
            example='"urn:uuid:5a1d1bb0-9f0c-4a32-8a3c-0d9f5f2b6c11"',
        ),
    ]
    user: Annotated[
        str | UnsetType,
        fact(
            "User for whom the context was negotiated",
            home="SEC_ST_CACHE-AUTHENTICATED_USER",
            obtain="the token of the request that negotiated it, or SM20 at that time",
            sensitivity=Sensitivity.IDENTIFYING,
            example="WS_ORDER",
        ),
    ] = UNSET
    expires: Annotated[
        datetime.datetime | UnsetType,
        fact(
            "When it expires, UTC",
            home="SEC_ST_CACHE-EXPIRES",
            obtain="wst:Lifetime in the RequestSecurityTokenResponse",
            example="2026-11-20T12:00:00Z",
        ),
    ] = UNSET
    secret: Annotated[
        str | UnsetType,
        fact(
            "Its secret in base64, only if you want signature values checked here; it is never written anywhere",
            home="nowhere in clear",
            obtain="leave it out; then signatures with this context stay unjudged",
            sensitivity=Sensitivity.SECRET,
        ),
    ] = UNSET


class SeenSignature(Struct, frozen=True, forbid_unknown_fields=True):
    """A signature value in the store against replays."""

    value: Annotated[
        str,
        fact(
            "ds:SignatureValue in base64",
            home="store of WSS_SETUP, Detect Message Replays",
            obtain="payload traces of the last 60 minutes",
            example='"q83vEjRWeJA="',
        ),
    ]
    seen_at: Annotated[
        datetime.datetime,
        fact(
            "When the provider received it, by the consumer's clock, UTC",
            home="store of WSS_SETUP, Detect Message Replays",
            obtain="payload traces of the last 60 minutes",
            example="2026-11-20T09:30:00Z",
        ),
    ]


class SeenNonce(Struct, frozen=True, forbid_unknown_fields=True):
    """A nonce that a receiver of the message remembers."""

    value: Annotated[
        str,
        fact(
            "wsse:Nonce in base64",
            home="nonce cache of a gateway, or of what receives the calls",
            obtain="its log, or captures of the last minutes",
            example='"d3NzZG9jdG9yLXNhbXBsZQ=="',
        ),
    ]
    seen_at: Annotated[
        datetime.datetime,
        fact(
            "When it came, by the consumer's clock, UTC",
            home="nonce cache of a gateway, or of what receives the calls",
            obtain="its log, or captures of the last minutes",
            example="2026-11-20T09:58:00Z",
        ),
    ]
