"""The authentication methods of web services, as SOAMANAGER knows them for endpoints and for logical ports."""

from __future__ import annotations

from typing import Literal, TypeAlias

Authentication: TypeAlias = Literal[
    "none",
    "basic",
    "client-certificate",
    "sso-ticket",
    "username-token",
    "x509-signature",
    "saml",
    "secure-conversation",
]
"""From username-token on it is message authentication."""
