"""Making a captured message fresh: times, nonces, identifiers and signatures anew, in exactly the captured shape.

References, transforms, algorithms and the way in which the key is named stay as they were captured. What cannot be made
anew is refused: a message that is half fresh would prove nothing.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import secrets
import uuid
from collections.abc import Mapping

import msgspec
from lxml import etree

from wssdoctor.errors import InputError, Problem
from wssdoctor.wsse import canonical, document, names
from wssdoctor.wsse.certificate import Certificate
from wssdoctor.wsse.certificate_path import TrustStore
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.document import Element, child_of, local_name, text_of
from wssdoctor.wsse.fault import FaultFound
from wssdoctor.wsse.key_naming import name_certificate
from wssdoctor.wsse.message import Message, SecurityHeader, UsernameToken, read_message
from wssdoctor.wsse.reference import Reference, check_reference
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.signature import SignedInfo, read_signed_info
from wssdoctor.wsse.signing import SigningKey, sign
from wssdoctor.wsse.timestamp import parse_datetime

PROBE = "urn:wssdoctor:probe"
"""Namespace of the payload that no service knows: it passes security and fails afterwards."""
_MESSAGE_ID = tuple(
    f"{{{namespace}}}MessageID"
    for namespace in ("http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing")
)
_DIGEST_VALUE, _SIGNATURE_VALUE = f"{{{names.DS}}}DigestValue", f"{{{names.DS}}}SignatureValue"
_ENCRYPTED = (f"{{{names.XENC}}}EncryptedData", f"{{{names.XENC}}}EncryptedKey")
_FRACTION = re.compile(r"\.([0-9]{1,9})")
_NONCE_OCTETS = 16


class Material(msgspec.Struct, frozen=True):
    """What a message is made fresh with."""

    now: dt.datetime
    """By the consumer's clock; aware."""
    key: SigningKey | None = None
    certificate: Certificate | None = None
    """Of the key."""
    passwords: Mapping[str, str] = {}
    """By user, as the UsernameToken names it."""
    assertion: bytes | None = None
    """A SAML assertion to be sent in the place of the captured one."""
    probe: bool = True
    """Whether the payload is replaced by one that no service knows."""

    def __repr__(self) -> str:
        return f"<material as at {self.now:%Y-%m-%dT%H:%M:%SZ}>"


class Renewed(msgspec.Struct, frozen=True):
    """A message made fresh, and what was done to it."""

    envelope: bytes
    changed: tuple[str, ...]
    kept: tuple[str, ...]
    """What is as old as the capture, and may be refused for it."""


def renewed(envelope: bytes, material: Material, attachments: Mapping[str, bytes] | None = None) -> Renewed:
    """Make the message fresh. Raises ``InputError`` with everything that is lacking for it."""
    root = document.parse_document(envelope)
    work = _Renewal(read_message(root), material, attachments or {})
    work.run()
    if work.lacking:
        raise InputError(*[Problem(one, hint=hint) for one, hint in work.lacking.items()])
    declared = envelope.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml")
    octets = etree.tostring(root, encoding="UTF-8", xml_declaration=declared)
    return Renewed(octets, tuple(dict.fromkeys(work.changed)), tuple(dict.fromkeys(work.kept)))


class _Renewal:
    """One message under work."""

    def __init__(self, message: Message, material: Material, attachments: Mapping[str, bytes]) -> None:
        self.message = message
        self.material = material
        self.attachments = attachments
        self.changed: list[str] = []
        self.kept: list[str] = []
        self.lacking: dict[str, str] = {}
        """What is lacking, and what to do about it."""

    def run(self) -> None:
        root = self.message.root
        if next(root.iter(*_ENCRYPTED), None) is not None:
            self._lack("The message is encrypted, and cannot be encrypted anew.", "Send it with --exact.")
            return
        if self.material.probe:
            self._probe()
        for element in root.iter(*_MESSAGE_ID):
            prefix = re.match(r"[A-Za-z:]*", text_of(element).strip())
            _put(element, f"{prefix[0] if prefix and prefix[0].endswith(':') else 'urn:uuid:'}{uuid.uuid4()}")
            self.changed.append("MessageID")
        for header in self.message.security:
            self._tokens(header)
        self._sign()

    def _probe(self) -> None:
        body = self.message.body
        if body is None:
            return
        _put(body, None)
        etree.SubElement(body, f"{{{PROBE}}}Probe", nsmap={"probe": PROBE})
        self.changed.append("payload replaced by a probe")

    def _tokens(self, header: SecurityHeader) -> None:
        for stamp in header.timestamps:
            lifetime = stamp.expires - stamp.created if stamp.expires and stamp.created else None
            self._restamp(stamp.element, lifetime)
            self.changed.append("Timestamp")
        for token in header.username_tokens:
            self._username_token(token)
        if header.security_context_tokens:
            self._lack("The message belongs to a security context, whose key is not at hand.", "Send it with --exact.")
        for one in header.assertions:
            self._assertion(one.element)

    def _restamp(self, element: Element, lifetime: dt.timedelta | None) -> None:
        now = self.material.now
        for child in element.iterchildren(f"{{{names.WSU}}}Created", f"{{{names.WSU}}}Expires"):
            moment = now if local_name(child) == "Created" else now + (lifetime or dt.timedelta(minutes=5))
            _put(child, _as_written(moment, text_of(child)))

    def _username_token(self, token: UsernameToken) -> None:
        user = token.username or ""
        given = self.material.passwords.get(user)
        nonce = child_of(token.element, f"{{{names.WSSE}}}Nonce")
        fresh = secrets.token_bytes(_NONCE_OCTETS)
        self._restamp(token.element, None)
        if nonce is not None:
            _put(nonce, base64.b64encode(fresh).decode())
        created = child_of(token.element, f"{{{names.WSU}}}Created")
        password = child_of(token.element, f"{{{names.WSSE}}}Password")
        if password is not None and token.password_type == names.PASSWORD_DIGEST:
            if given is None:
                self._lack(f"The password of {user} is needed for a new PasswordDigest.", "Give it with --password.")
                return
            octets = fresh if nonce is not None else b""
            octets += text_of(created).encode() if created is not None else b""
            digest = hashlib.sha1(octets + given.encode(), usedforsecurity=False).digest()
            _put(password, base64.b64encode(digest).decode())
        elif password is not None and given is not None:
            _put(password, given)
        self.changed.append("UsernameToken")

    def _assertion(self, element: Element) -> None:
        if self.material.assertion is None:
            self.kept.append("the SAML assertion is as old as the capture")
            return
        other = document.parse_document(self.material.assertion)
        if local_name(other) != "Assertion":
            self._lack("The file given for the assertion holds none.", "Its root must be a SAML Assertion.")
            return
        parent = element.getparent()
        assert parent is not None
        other.tail = element.tail
        parent.replace(element, other)
        self.changed.append("SAML assertion")

    def _sign(self) -> None:
        """Sign anew: those that other signatures cover come first."""
        signatures = [each.element for header in self.message.security for each in header.signatures]
        if not signatures:
            return
        key, certificate = self.material.key, self.material.certificate
        if key is None or certificate is None:
            self._lack("The message is signed, and no key is given to sign it anew.", "Give --key, or --exact.")
            return
        scope = self._scope(certificate)
        infos: list[tuple[Element, SignedInfo]] = []
        for element in signatures:
            try:
                infos.append((element, read_signed_info(element, scope)))
            except FaultFound as found:
                self._lack(f"A signature cannot be made anew: {found.fault.says}.", "Send the message with --exact.")
                return
        for _, info in infos:
            if info.algorithm.family == "hmac" or info.key_info is None:
                self._lack("A signature is made with a shared secret, which is not at hand.", "Send it with --exact.")
                return
            try:
                self.changed += name_certificate(info.key_info, certificate, scope.identifiers)
            except ValueError as error:
                self._lack(f"A signature cannot be made anew: {error}.", "Send the message with --exact.")
                return
        scope = self._scope(certificate)
        waiting = infos
        while waiting:
            ready = [one for one in waiting if not self._covers(one, waiting, scope)] or waiting[:1]
            for element, info in ready:
                self._sign_one(element, info, key, scope)
            waiting = [one for one in waiting if one not in ready]

    def _scope(self, certificate: Certificate) -> Scope:
        store = TrustStore(known=(certificate,))
        context = Context(known_certs=(certificate,))
        own = self.message.security[0]
        return Scope(context, store, self.material.now, self.message.root, security=own, attachments=self.attachments)

    def _covers(self, one: tuple[Element, SignedInfo], others: list[tuple[Element, SignedInfo]], scope: Scope) -> bool:
        """Whether a signature signs one of the others."""
        elements = {element for element, _ in others if element is not one[0]}
        for reference in one[1].references:
            target = check_reference(reference, one[0], scope).target
            if target is not None and not elements.isdisjoint(target.iter()):
                return True
        return False

    def _sign_one(self, element: Element, info: SignedInfo, key: SigningKey, scope: Scope) -> None:
        for reference in info.references:
            checked: Reference = check_reference(reference, element, scope)
            value = child_of(reference, _DIGEST_VALUE)
            if checked.computed is None or value is None:
                says = checked.fault.says if checked.fault else "a Reference has no DigestValue"
                self._lack(f"A signature cannot be made anew: {says}.", "Send the message with --exact.")
                return
            _put(value, base64.b64encode(checked.computed).decode())
        signed = child_of(element, _SIGNATURE_VALUE)
        assert signed is not None
        try:
            octets = canonical.canonicalize(info.element, info.method)
            _put(signed, base64.b64encode(sign(info.algorithm, key, octets, info.pss)).decode())
        except ValueError as error:
            self._lack(f"A signature cannot be made anew: {error}.", "Give another key.")
            return
        self.changed.append("signature")

    def _lack(self, what: str, hint: str) -> None:
        self.lacking.setdefault(what, hint)


def _put(element: Element, text: str | None) -> None:
    """Set the content of an element; comments and elements inside go."""
    for child in list(element):
        element.remove(child)
    element.text = text


def _as_written(moment: dt.datetime, before: str) -> str:
    """Write a moment in the form in which another was written: its fraction, and Z or an offset."""
    moment = moment.astimezone(dt.UTC)
    zone = "Z"
    earlier = parse_datetime(before)
    if earlier is not None and not before.strip().endswith("Z"):
        offset = earlier.utcoffset() or dt.timedelta(0)
        plain = re.search(r"[+-]\d\d:\d\d$", before.strip())
        zone, moment = (plain[0], moment + _offset(plain[0])) if plain else ("", moment + offset)
    fraction = _FRACTION.search(before)
    digits = f".{moment.microsecond:06d}000"[: len(fraction[1]) + 1] if fraction else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{digits}{zone}"


def _offset(text: str) -> dt.timedelta:
    span = dt.timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return -span if text[0] == "-" else span
