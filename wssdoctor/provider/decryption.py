"""Reading encrypted messages with keys that somebody lends for a replay. They are no facts and are never shown."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from msgspec import Struct

from wssdoctor.wsse import names
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.message import Message, read_message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wssdoctor.capture.capture import Capture
    from wssdoctor.description.facts import Facts
    from wssdoctor.wsse.private_key import PrivateKey

ENCRYPTED_DATA = f"{{{names.XENC}}}EncryptedData"


class Keys:
    """Private keys of the provider, and secrets by the identifier of their security context."""

    def __init__(self, private: tuple[PrivateKey, ...] = (), shared: tuple[tuple[str, bytes], ...] = ()) -> None:
        self.private = private
        self.shared = shared

    def __bool__(self) -> bool:
        return bool(self.private or self.shared)

    def __repr__(self) -> str:
        return f"<{len(self.private)} private keys, {len(self.shared)} secrets>"


NO_KEYS = Keys()


def keys_for(private: Sequence[PrivateKey], facts: Facts) -> Keys:
    """Return lent keys beside the secrets of the security contexts that a description knows."""
    shared = [
        (one.identifier, octets)
        for one in facts.items("security_contexts") or ()
        if isinstance(one.secret, str) and (octets := octets_of(one.secret)) is not None
    ]
    return Keys(tuple(private), tuple(shared))


class Opened(Struct, frozen=True):
    """A message with everything decrypted that some keys open, and what was found wrong on the way."""

    message: Message
    faults: tuple[Fault, ...] = ()


def octets_of(text: str) -> bytes | None:
    """Read a secret in base64; nothing where it cannot be read."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def opened(capture: Capture, message: Message, keys: Keys) -> Opened:
    """Decrypt what the keys open in a well-formed message; the message itself where there is nothing to do.

    A receiver reads the parts in the order of SOAP Message Security 1.1.1, section 9.4.
    """
    if not keys or next(message.root.iter(ENCRYPTED_DATA), None) is None:
        return Opened(message)
    import datetime as dt

    from wssdoctor.wsse.certificate_path import TrustStore
    from wssdoctor.wsse.context import Context
    from wssdoctor.wsse.encryption import decrypt_message
    from wssdoctor.wsse.envelope import open_parts
    from wssdoctor.wsse.header import our_header
    from wssdoctor.wsse.scope import Scope

    attachments = {one.content_id: one.content for one in capture.attachments if one.content_id}
    parts = open_parts(capture.envelope, attachments)
    scope = Scope(
        Context(decryption_keys=keys.private, shared_keys=dict(keys.shared), certificate_dates_ignored=True),
        TrustStore(()),
        capture.time.moment if capture.time else dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
        parts.root,
        source=None if attachments else parts.source,
        security=our_header(read_message(parts.root), None)[0],
        attachments=attachments,
    )
    found = decrypt_message(scope)
    return Opened(read_message(found.plain.root), found.faults)
