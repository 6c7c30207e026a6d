"""Reading encrypted messages with keys that somebody lends for a replay. They are no facts and are never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wssdoctor.wsse import names
from wssdoctor.wsse.message import Message, read_message

if TYPE_CHECKING:
    from wssdoctor.capture.capture import Capture
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


def plain_text(capture: Capture, message: Message, keys: Keys) -> Message:
    """Return a well-formed message with everything decrypted that the keys open; itself where there is nothing to do.

    A receiver reads the parts in the order of SOAP Message Security 1.1.1, section 9.4.
    """
    if not keys or next(message.root.iter(ENCRYPTED_DATA), None) is None:
        return message
    import datetime as dt

    from wssdoctor.wsse.certificate_path import TrustStore
    from wssdoctor.wsse.context import Context
    from wssdoctor.wsse.encryption import decrypt_message
    from wssdoctor.wsse.envelope import open_parts
    from wssdoctor.wsse.header import our_header
    from wssdoctor.wsse.scope import Scope

    attachments = {one.content_id: one.content for one in capture.attachments if one.content_id}
    opened = open_parts(capture.envelope, attachments)
    scope = Scope(
        Context(decryption_keys=keys.private, shared_keys=dict(keys.shared), certificate_dates_ignored=True),
        TrustStore(()),
        capture.time.moment if capture.time else dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
        opened.root,
        source=None if attachments else opened.source,
        security=our_header(read_message(opened.root), None)[0],
        attachments=attachments,
    )
    return read_message(decrypt_message(scope).plain.root)
