"""What a message is made fresh with. No secret of it is ever shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec

from wssdoctor.wsse.certificate import Certificate
from wssdoctor.wsse.private_key import PrivateKey
from wssdoctor.wsse.signing import SigningKey


class Identity(msgspec.Struct, frozen=True):
    """A key to sign with, its certificate, and those of the authorities above it, the nearest first."""

    key: SigningKey
    certificate: Certificate
    chain: tuple[Certificate, ...] = ()

    def __repr__(self) -> str:
        return f"<identity {self.certificate.subject}>"


class SecurityContext(msgspec.Struct, frozen=True):
    """A security context that a provider issued (WS-SecureConversation 1.3, section 2)."""

    identifier: str
    secret: bytes

    def __repr__(self) -> str:
        return f"SecurityContext({self.identifier!r}, (secret))"


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """What a message is made fresh with."""

    now: dt.datetime
    """By the consumer's clock; aware."""
    identities: tuple[Identity, ...] = ()
    """Keys to sign with; of several, a signature takes the one that it names, or else the first that fits."""
    passwords: Mapping[str, str] = {}
    """By user, as the UsernameToken names it."""
    secrets: Mapping[str, bytes] = {}
    """Shared keys, by the name that the message calls them: a KeyName, or the identifier of a security context."""
    contexts: Mapping[str, SecurityContext] = {}
    """Security contexts to be used now, by the identifier of the captured one; ``*`` stands for any other."""
    recipients: tuple[Certificate, ...] = ()
    """For whom keys are encrypted; where there are none, for those for whom they were."""
    decryption_keys: tuple[PrivateKey, ...] = ()
    """What opens the captured message, where it is encrypted."""
    assertion: bytes | None = None
    """A SAML assertion to be sent in the place of the captured one."""
    issuer: Identity | None = None
    """The key of the assertions' issuer, to issue the captured ones anew."""
    probe: bool = True
    """Whether the payload is replaced by one that no service knows."""

    def __repr__(self) -> str:
        return f"<material as at {self.now:%Y-%m-%dT%H:%M:%SZ}>"

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """All that it knows by name."""
        own = [one.certificate for one in self.identities]
        opening = [one.certificate for one in self.decryption_keys if one.certificate is not None]
        return tuple(dict.fromkeys((*self.recipients, *own, *opening)))

    def context(self, identifier: str | None) -> SecurityContext | None:
        """Give the security context that takes the place of a captured one."""
        return self.contexts.get(identifier or "*") or self.contexts.get("*")
