"""What lent keys make of a message: plain text, or the proof that what is encrypted was damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from wssdoctor.check.check import Known, Missing
from wssdoctor.check.engine import Finding
from wssdoctor.check.result import Subject
from wssdoctor.provider.forensics import placed
from wssdoctor.provider.messagefact import PLAIN_TEXT
from wssdoctor.wsse.fault import Fault

if TYPE_CHECKING:
    from wssdoctor.provider.situation import Situation

PATH = "encryption.opened"
_DAMAGED = ("decryption-failed", "decrypted-content-malformed")
_UNOPENED = "key-unwrap-failed"


class Decrypted(Struct, frozen=True):
    """What the lent keys open, and what they should open and do not."""

    count: int
    """Parts in plain text."""
    damaged: tuple[Fault, ...] = ()
    """Parts whose key was opened, and which do not decrypt with it."""
    unopened: tuple[Fault, ...] = ()
    """Encrypted keys that name the provider's key, which was lent and does not open them."""


def decrypted(situation: Situation) -> Finding:
    """Judge what stays hidden: damage is proven only where the right key was lent, else it is unknown."""
    request = situation.request
    if request is None:
        return Missing(PLAIN_TEXT)
    plain = request.find(PLAIN_TEXT)
    if isinstance(plain, Known):
        return Known(PATH, Decrypted(plain.value), plain.place)
    if not isinstance(plain, Missing):
        return plain
    faults = [placed(fault, request) for fault in request.hiding]
    # A stated secret may be the wrong one; a private key that opened an encrypted key is the right one.
    sure = bool(request.keys.private) and not request.keys.shared
    damaged = tuple(fault for fault in faults if fault.fault in _DAMAGED and sure)
    unopened = tuple(fault for fault in faults if fault.fault == _UNOPENED)
    if unopened and not _named_and_lent(situation):
        unopened = ()
    if not (damaged or unopened):
        return plain
    return Known(PATH, Decrypted(0, damaged, unopened), request.place())


def _named_and_lent(situation: Situation) -> bool:
    """Whether every encrypted key names a certificate of the provider whose private key was lent."""
    assert situation.request is not None
    recipients = situation.find("message.recipients", Subject())
    own = situation.find("encryption.own_keys", Subject())
    if not isinstance(recipients, Known) or not isinstance(own, Known):
        return False
    lent = [private.key.public_key() for private in situation.request.keys.private]
    held = [certificate for certificate in own.value if certificate.public_key in lent]
    return all(any(one.is_for(certificate) for certificate in held) for one in recipients.value)
