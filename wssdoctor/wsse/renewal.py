"""Making a captured message fresh: times, nonces, identifiers, keys and signatures anew, in exactly the captured shape.

References, transforms, algorithms, the way in which keys are named, and the order of signing and encrypting stay as
they were captured. What cannot be made anew is refused: a message that is half fresh would prove nothing.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

import msgspec
from lxml import etree

from wssdoctor.wsse import document, names
from wssdoctor.wsse.account import Account
from wssdoctor.wsse.certificate_path import TrustStore
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.document import Element, text_of
from wssdoctor.wsse.encryption import decrypt_message
from wssdoctor.wsse.envelope import open_parts
from wssdoctor.wsse.fresh_assertion import is_signed, reissue_assertion, replace_assertion
from wssdoctor.wsse.fresh_key import FreshKeys
from wssdoctor.wsse.fresh_signature import FreshSignatures
from wssdoctor.wsse.fresh_token import put, renew_context, renew_derived_keys, renew_timestamp, renew_username_token
from wssdoctor.wsse.handshake import Handshake, renew_handshake
from wssdoctor.wsse.layer import Layers, Slot
from wssdoctor.wsse.material import Material
from wssdoctor.wsse.message import SecurityHeader, read_message
from wssdoctor.wsse.probe import probe_parts, put_probe
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.sealing import seal
from wssdoctor.wsse.xop import Outlined, referenced

_MESSAGE_ID = tuple(f"{{{namespace}}}MessageID" for namespace in names.ADDRESSING)
_ACTION = tuple(f"{{{namespace}}}Action" for namespace in names.ADDRESSING)
"""By it a provider may choose the operation, as by SOAPAction."""


class Renewed(msgspec.Struct, frozen=True):
    """A message made fresh, and what was done to it."""

    envelope: bytes
    changed: tuple[str, ...]
    kept: tuple[str, ...]
    """What is as old as the capture, and may be refused for it."""
    attachments: Mapping[str, bytes] = {}
    """The MIME parts that changed, by Content-ID."""
    left_out: tuple[str, ...] = ()
    """Content-IDs of the MIME parts that belong to the replaced payload: nothing refers to them any more."""
    handshake: Handshake | None = None
    """What the consumer remembers of a request for a security context, to know the key from its answer."""


def renewed(envelope: bytes, material: Material, attachments: Mapping[str, bytes] | None = None) -> Renewed:
    """Make the message fresh. Raises ``InputError`` with everything that is lacking for it."""
    work = _Renewal(envelope, material, attachments or {})
    work.run()
    work.account.raise_lacking()
    parts = work.outlined.moved_out(work.root)
    declared = envelope.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml")
    octets = etree.tostring(work.root, encoding="UTF-8", xml_declaration=declared)
    before = attachments or {}
    after = work.attachments | parts
    left_out = tuple(sorted(before.keys() - referenced(work.root))) if work.probing else ()
    if left_out:
        work.account.change("MIME parts of the payload left out")
    changed = {name: content for name, content in after.items() if before.get(name) != content}
    return Renewed(octets, work.account.changed, work.account.kept, changed, left_out, work.handshake)


class _Renewal:
    """One message under work: its plain text is changed and signed, and encrypted on the way back."""

    def __init__(self, envelope: bytes, material: Material, attachments: Mapping[str, bytes]) -> None:
        self.material = material
        self.account = Account()
        self.handshake: Handshake | None = None
        self.probing = False
        """Whether the probe stands in the place of the payload."""
        self.outlined = Outlined(document.parse_document(envelope), attachments)
        captured = self._scope_over(open_parts(envelope, attachments).root, attachments)
        decryption = decrypt_message(captured)
        self._captured_keys = decryption.plain.by_sha1
        self.attachments = dict(decryption.plain.attachments)
        self.layers = Layers(decryption)
        self.root = self.layers.root
        self.keys: FreshKeys | None = None

    def run(self) -> None:
        self._refuse_closed()
        levels = self.layers.levels()
        trees = [self.root, *(slot.frame for slot in self.layers.slots)]
        self.outlined.follow(trees)
        self._payload()
        self._addressing()
        for header in read_message(self.root).security:
            self._tokens(header)
        renew_derived_keys(self.root, self.account)
        self.keys = FreshKeys(trees, self._scope, self._captured_keys, self.material, self.account, self.attachments)
        self.keys.renew()
        signatures = FreshSignatures(self.material, self.account)
        signatures.name(levels, self._scope())
        if self.account.lacks:  # what else could not be done would only follow from that
            return
        for level in range(self.layers.top, -1, -1):
            signatures.sign([one for one, at in levels.items() if at == level], self._scope())
            for slot in self.layers.slots:
                if slot.level == level:
                    self._seal(slot)

    def _scope(self) -> Scope:
        """See the message as it is now, as somebody who knows the fresh secrets."""
        scope = self._scope_over(self.root, self.attachments)
        if self.keys is not None:
            scope.by_sha1.update(self.keys.by_sha1)
        return scope

    def _scope_over(self, root: Element, attachments: Mapping[str, bytes]) -> Scope:
        material = self.material
        known = material.certificates
        context = Context(
            known_certs=known,
            decryption_keys=material.decryption_keys,
            users=material.passwords,
            shared_keys={**material.secrets, **{one.identifier: one.secret for one in material.contexts.values()}},
        )
        security = next(iter(read_message(root).security), None)
        return Scope(context, TrustStore(known=known), material.now, root, security=security, attachments=attachments)

    def _refuse_closed(self) -> None:
        """Refuse what no key opens, unless it is payload, in whose place the probe comes."""
        body = read_message(self.root).body
        for slot in self.layers.closed:
            holder = slot.holder
            payload = holder is None or (body is not None and (holder is body or body in holder.iterancestors()))
            if not (payload and self.material.probe):
                says = f"{slot.part.what} is encrypted for {slot.part.recipient}, and no key that was given opens it."
                self.account.lack(says, "Give the recipient's key with --decryption-key, or send it with --exact.")

    def _payload(self) -> None:
        """Put the probe in, unless the message asks for a security context, which has no payload."""
        message = read_message(self.root)
        self.handshake = renew_handshake(message)
        if self.handshake is not None:
            self.account.change("entropy of the handshake")
        elif self.material.probe and message.body is not None:
            put_probe(message.body, self.layers.slots)
            probe_parts(self.root, self.attachments)
            self.probing = True
            self.account.change("payload replaced by a probe")

    def _addressing(self) -> None:
        for element in self.root.iter(*_MESSAGE_ID):
            prefix = re.match(r"[A-Za-z:]*", text_of(element).strip())
            put(element, f"{prefix[0] if prefix and prefix[0].endswith(':') else 'urn:uuid:'}{uuid.uuid4()}")
            self.account.change("MessageID")
        for element in self.root.iter(*_ACTION) if self.probing else ():
            put(element, names.PROBE)
            self.account.change("Action")

    def _tokens(self, header: SecurityHeader) -> None:
        for stamp in header.timestamps:
            renew_timestamp(stamp, self.material.now)
            self.account.change("Timestamp")
        for token in header.username_tokens:
            renew_username_token(token, self.material, self.account)
        for context in header.security_context_tokens:
            renew_context(context, self.root, self.material, self.account)
        for one in header.assertions:
            if not one.encrypted:  # what no key opens is refused already
                self._assertion(one.element)

    def _assertion(self, element: Element) -> None:
        if self.material.assertion is not None:
            other = replace_assertion(element, self.material.assertion, self.account)
            for slot in self.layers.slots:
                slot.holder = other if slot.holder is element else slot.holder
        elif self.material.issuer is not None or not is_signed(element):
            try:
                reissue_assertion(element, self._scope(), self.material, self.account)
            except ValueError as error:
                self.account.lack(f"The assertion cannot be issued anew: {error}.", "Give one with --assertion.")
        else:
            self.account.keep("the SAML assertion is as old as the capture")

    def _seal(self, slot: Slot) -> None:
        try:
            seal(slot, self._scope(), self.attachments)
        except ValueError as error:
            self.account.lack(f"{slot.part.what} cannot be encrypted anew: {error}.")
        else:
            self.account.change("encryption")
