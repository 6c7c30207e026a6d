"""Changes to a message, made on a copy of its bytes: how faults are injected and remedies tried.

A signature over what is changed does not survive; whoever uses this says so.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Mapping

from lxml import etree

from wssdoctor.wsse import document, names
from wssdoctor.wsse.document import Element
from wssdoctor.wsse.item import UsernameToken
from wssdoctor.wsse.message import Message, SecurityHeader, read_message
from wssdoctor.wsse.timestamp import parse_datetime

_DIGESTS = {"sha1": names.SHA1, "sha256": names.SHA256, "sha512": names.SHA512}
_PASSWORD_TYPES = {"text": names.PASSWORD_TEXT, "digest": names.PASSWORD_DIGEST}


def restamp(envelope: bytes, created: dt.datetime) -> bytes:
    """Set Created of every Timestamp and UsernameToken, and Expires so that the lifetime stays."""
    return _edited(envelope, lambda message: _restamp(message, created))


def set_password_type(envelope: bytes, kind: str) -> bytes:
    """Set the Type of every password: ``text``, ``digest``, or ``none`` for no attribute. Digests are not computed."""

    def edit(message: Message) -> None:
        for token in _username_tokens(message):
            for password in token.element.iterfind(f"{{{names.WSSE}}}Password"):
                if kind == "none":
                    password.attrib.pop("Type", "")
                else:
                    password.set("Type", _PASSWORD_TYPES[kind])

    return _edited(envelope, edit)


def set_password(envelope: bytes, password: str) -> bytes:
    """Set the text of every password."""

    def edit(message: Message) -> None:
        for token in _username_tokens(message):
            for element in token.element.iterfind(f"{{{names.WSSE}}}Password"):
                element.text = password

    return _edited(envelope, edit)


def remove_username_token(envelope: bytes) -> bytes:
    """Remove every UsernameToken."""

    def edit(message: Message) -> None:
        for token in _username_tokens(message):
            _remove(token.element)

    return _edited(envelope, edit)


def add_username_token(envelope: bytes, username: str, password: str) -> bytes:
    """Add a UsernameToken with a password as text; a security header too, where there is none."""

    def edit(message: Message) -> None:
        token = etree.SubElement(_security(message), f"{{{names.WSSE}}}UsernameToken")
        etree.SubElement(token, f"{{{names.WSSE}}}Username").text = username
        element = etree.SubElement(token, f"{{{names.WSSE}}}Password", Type=names.PASSWORD_TEXT)
        element.text = password

    return _edited(envelope, edit)


def add_assertion(envelope: bytes, issuer: str) -> bytes:
    """Add an unsigned SAML 2.0 assertion of an issuer; a security header too, where there is none."""

    def edit(message: Message) -> None:
        assertion = etree.SubElement(_security(message), f"{{{names.SAML2}}}Assertion", Version="2.0", ID="_added")
        etree.SubElement(assertion, f"{{{names.SAML2}}}Issuer").text = issuer

    return _edited(envelope, edit)


def remove_assertions(envelope: bytes) -> bytes:
    """Remove every SAML assertion from the security headers."""

    def edit(message: Message) -> None:
        for header in message.security:
            for assertion in header.assertions:
                _remove(assertion.element)

    return _edited(envelope, edit)


def set_must_understand(envelope: bytes, value: bool) -> bytes:
    """Mark every security header as mandatory, or remove the mark."""

    def edit(message: Message) -> None:
        for header in message.security:
            header.element.attrib.pop(f"{{{_soap(message)}}}mustUnderstand", "")
            if value:
                _mark(header.element, message)

    return _edited(envelope, edit)


def add_mandatory_header(envelope: bytes) -> bytes:
    """Add a header block that is marked as mandatory and that nobody knows."""

    def edit(message: Message) -> None:
        block = etree.SubElement(_header(message), "{urn:example:header}Tracking", nsmap={"t": "urn:example:header"})
        _mark(block, message)

    return _edited(envelope, edit)


def release_headers(envelope: bytes) -> bytes:
    """Remove the mark of being mandatory from every header block that is no security header."""

    def edit(message: Message) -> None:
        security = {header.element for header in message.security}
        for block in message.header.iterchildren("*") if message.header is not None else ():
            if block not in security:
                block.attrib.pop(f"{{{_soap(message)}}}mustUnderstand", "")

    return _edited(envelope, edit)


def alter_body(envelope: bytes) -> bytes:
    """Put a comment-free change into the Body, as something on the way does."""

    def edit(message: Message) -> None:
        if message.body is not None:
            first = next(message.body.iterchildren("*"), message.body)
            first.text = f"{first.text or ''} "

    return _edited(envelope, edit)


def set_digest(envelope: bytes, digest: str) -> bytes:
    """Name another digest in every signature and its method: ``sha1``, ``sha256`` or ``sha512``. Nothing is computed."""

    def edit(message: Message) -> None:
        for header in message.security:
            for signature in header.signatures:
                for element in signature.element.iter(f"{{{names.DS}}}DigestMethod"):
                    element.set("Algorithm", _DIGESTS[digest])
                for element in signature.element.iter(f"{{{names.DS}}}SignatureMethod"):
                    family = (element.get("Algorithm") or "").rpartition("#")[2].partition("-")[0]
                    start = names.DS if digest == "sha1" else names.DS_MORE
                    element.set("Algorithm", f"{start}{family}-{digest}")

    return _edited(envelope, edit)


def age_assertion(envelope: bytes, issued: dt.datetime) -> bytes:
    """Move the validity of every assertion so that it was issued at this instant."""

    def edit(message: Message) -> None:
        for header in message.security:
            for assertion in header.assertions:
                _reissue(assertion.element, issued)

    return _edited(envelope, edit)


def set_confirmation(envelope: bytes, method: str) -> bytes:
    """Set the subject confirmation method of every assertion: ``bearer``, ``sender-vouches`` or ``holder-of-key``."""

    def edit(message: Message) -> None:
        for assertion in (one.element for header in message.security for one in header.assertions):
            for element in assertion.iter(f"{{{names.SAML2}}}SubjectConfirmation"):
                element.set("Method", f"urn:oasis:names:tc:SAML:2.0:cm:{method}")
            for element in assertion.iter(f"{{{names.SAML1}}}ConfirmationMethod"):
                element.text = f"urn:oasis:names:tc:SAML:1.0:cm:{method}"

    return _edited(envelope, edit)


def set_nonce(envelope: bytes, nonce: str, *, added: bool = False) -> bytes:
    """Set the Nonce of every UsernameToken that has one, or with ``added`` of every one. No digest is computed anew."""

    def edit(message: Message) -> None:
        for token in _username_tokens(message):
            element = token.element.find(f"{{{names.WSSE}}}Nonce")
            if element is None and added:
                element = etree.SubElement(token.element, f"{{{names.WSSE}}}Nonce", EncodingType=names.BASE64_BINARY)
            if element is not None:
                element.text = nonce

    return _edited(envelope, edit)


def damage_encryption(envelope: bytes) -> bytes:
    """Cut the last block off everything that is encrypted, as whatever shortens a message does."""

    def edit(message: Message) -> None:
        for data in message.root.iter(f"{{{names.XENC}}}EncryptedData"):
            for value in data.iterfind(f"{{{names.XENC}}}CipherData/{{{names.XENC}}}CipherValue"):
                octets = base64.b64decode(document.text_of(value))
                value.text = base64.b64encode(octets[:-16]).decode()

    return _edited(envelope, edit)


def _reissue(assertion: Element, issued: dt.datetime) -> None:
    before = parse_datetime(assertion.get("IssueInstant", ""))
    if before is None:
        return
    for element in assertion.iter("*"):
        for name in ("IssueInstant", "NotBefore", "NotOnOrAfter"):
            moment = parse_datetime(element.get(name, ""))
            if moment is not None:
                element.set(name, _written(moment + (issued - before)))


def spoil(envelope: bytes, part: str) -> bytes:
    """Damage one part so that it can no longer be read or proves nothing.

    ``part`` is ``envelope``, ``timestamp``, ``password``, or of the signatures ``signed-info``, ``reference`` or
    ``key-info``. Raises ``ValueError`` for a message without it.
    """

    def edit(message: Message) -> None:
        if not _SPOILED[part](message):
            raise ValueError(f"the message has no {part} to spoil")

    return _edited(envelope, edit)


def break_xml(envelope: bytes) -> bytes:
    """Cut the last end tag short, as a sender that concatenates strings does."""
    return envelope[: envelope.rstrip().rfind(b"<")]


def _edited(envelope: bytes, edit: Callable[[Message], None]) -> bytes:
    root = document.parse_document(envelope)
    before = etree.tostring(root)
    edit(read_message(root))
    if etree.tostring(root) == before:
        return envelope
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _restamp(message: Message, created: dt.datetime) -> None:
    for header in message.security:
        for stamp in header.timestamps:
            lifetime = stamp.expires - stamp.created if stamp.expires and stamp.created else None
            _set_times(stamp.element, created, lifetime)
        for token in header.username_tokens:
            _set_times(token.element, created, None)


def _set_times(element: Element, created: dt.datetime, lifetime: dt.timedelta | None) -> None:
    for child in element.iterchildren(f"{{{names.WSU}}}Created", f"{{{names.WSU}}}Expires"):
        if document.local_name(child) == "Created":
            child.text = _written(created)
        elif lifetime is not None or parse_datetime(document.text_of(child)) is None:
            child.text = _written(created + (lifetime or dt.timedelta(minutes=5)))


def _written(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _username_tokens(message: Message) -> list[UsernameToken]:
    headers: tuple[SecurityHeader, ...] = message.security
    return [token for header in headers for token in header.username_tokens]


def _security(message: Message) -> Element:
    """Return the first security header of a SOAP message, made if there is none."""
    if message.security:
        return message.security[0].element
    return etree.SubElement(_header(message), f"{{{names.WSSE}}}Security", nsmap={"wsse": names.WSSE})


def _header(message: Message) -> Element:
    """Return the header of a SOAP message, made if there is none."""
    header = message.header
    if header is None:
        header = etree.Element(f"{{{etree.QName(message.root).namespace}}}Header")
        message.root.insert(0, header)
    return header


def _soap(message: Message) -> str:
    return names.SOAP12 if message.soap_version == "1.2" else names.SOAP11


def _mark(block: Element, message: Message) -> None:
    """Mark a header block as mandatory."""
    soap = _soap(message)
    block.set(f"{{{soap}}}mustUnderstand", "true" if soap == names.SOAP12 else "1")


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _rename(message: Message) -> bool:
    message.root.tag = "{urn:example:not-soap}Envelope"
    return True


def _no_date(message: Message) -> bool:
    stamps = [stamp.element for header in message.security for stamp in header.timestamps]
    for element in stamps:
        for created in element.iterchildren(f"{{{names.WSU}}}Created"):
            created.text = "today"
    return bool(stamps)


def _without(name: str) -> Callable[[Message], bool]:
    """Return what removes the elements of a name from the security headers."""

    def edit(message: Message) -> bool:
        found = [one for header in message.security for one in header.element.iter(name)]
        for one in found:
            _remove(one)
        return bool(found)

    return edit


def _to_nowhere(message: Message) -> bool:
    found = [one for header in message.security for one in header.element.iter(f"{{{names.DS}}}Reference")]
    for one in found:
        one.set("URI", "#nowhere")
    return bool(found)


_SPOILED: Mapping[str, Callable[[Message], bool]] = {
    "envelope": _rename,
    "timestamp": _no_date,
    "signed-info": _without(f"{{{names.DS}}}SignedInfo"),
    "reference": _to_nowhere,
    "key-info": _without(f"{{{names.DS}}}KeyInfo"),
    "password": _without(f"{{{names.WSSE}}}Password"),
}
"""What damages a part, and says whether it was there."""
