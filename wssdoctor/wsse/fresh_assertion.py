"""SAML assertions anew: another one from a file, or the captured one issued again with its issuer's key."""

from __future__ import annotations

import secrets

from lxml import etree

from wssdoctor.wsse import document, key_info, names
from wssdoctor.wsse.account import Account
from wssdoctor.wsse.document import Element, child_of, local_name, namespace_of
from wssdoctor.wsse.fault import FaultFound
from wssdoctor.wsse.fresh_signature import FreshSignatures
from wssdoctor.wsse.fresh_token import as_written
from wssdoctor.wsse.key_naming import name_certificate
from wssdoctor.wsse.material import Material
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.timestamp import parse_datetime

_SIGNATURE = f"{{{names.DS}}}Signature"
_CONFIRMATIONS = tuple(f"{{{one}}}SubjectConfirmation" for one in (names.SAML1, names.SAML2))
_INSTANTS = (
    "IssueInstant",
    "NotBefore",
    "NotOnOrAfter",
    "AuthnInstant",
    "AuthenticationInstant",
    "SessionNotOnOrAfter",
)


def replace_assertion(element: Element, octets: bytes, account: Account) -> Element:
    """Put the assertion of a file in the place of the captured one, and give it; what refers to its Id follows."""
    other = document.parse_document(octets)
    if local_name(other) != "Assertion" or namespace_of(other) not in (names.SAML1, names.SAML2):
        account.lack("The file given for the assertion holds none.", "Its root must be a SAML Assertion.")
        return element
    if namespace_of(other) != namespace_of(element):
        account.lack("The assertion given is of another SAML version than the captured one.", "Give one of the same.")
        return element
    parent = element.getparent()
    assert parent is not None
    root = element.getroottree().getroot()
    other.tail = element.tail
    parent.replace(element, other)
    _refer(root, _identifier(element), _identifier(other))
    account.change("SAML assertion")
    return other


def reissue_assertion(element: Element, scope: Scope, material: Material, account: Account) -> None:
    """Move the assertion to now, with another Id, for the holder of the key that is given; and sign it if it was.

    Raises ``ValueError`` for what cannot be written anew.
    """
    signature = child_of(element, _SIGNATURE)
    before = _identifier(element)
    _move(element, material)
    for confirmation in element.iter(*_CONFIRMATIONS):
        _bind(confirmation, scope, material)
    after = f"_{secrets.token_hex(16)}"
    element.set("AssertionID" if element.get("AssertionID") is not None else "ID", after)
    _refer(scope.root, before, after)
    account.change("SAML assertion issued anew" if signature is not None else "SAML assertion dated anew")
    if signature is None:
        return
    assert material.issuer is not None
    fresh = Scope(scope.context, scope.store, scope.now, scope.root, security=scope.security)
    try:
        FreshSignatures(material, account).issue(signature, material.issuer, fresh)
    except FaultFound as found:
        raise ValueError(found.fault.says) from None


def is_signed(element: Element) -> bool:
    """Whether an issuer signed it; what is not, the sender of the message vouches for."""
    return child_of(element, _SIGNATURE) is not None


def _identifier(element: Element) -> str:
    return element.get("AssertionID") or element.get("ID") or ""


def _move(element: Element, material: Material) -> None:
    issued = parse_datetime(element.get("IssueInstant", ""))
    if issued is None:
        raise ValueError("the assertion does not say when it was issued")
    for one in element.iter("*"):
        for name in _INSTANTS:
            moment = parse_datetime(one.get(name, ""))
            if moment is not None:
                one.set(name, as_written(material.now + (moment - issued), one.get(name, "")))


def _bind(confirmation: Element, scope: Scope, material: Material) -> None:
    """Bind a holder-of-key confirmation to the key that signs, unless it is bound to one that is given."""
    info = next(confirmation.iter(f"{{{names.DS}}}KeyInfo"), None)
    if info is None or not material.identities:
        return
    try:
        meant = key_info.keys_of(info, scope, secret=False)
    except FaultFound:
        meant = []
    own = [one.certificate.public_key for one in material.identities]
    if not any(key.public in own for key in meant):
        identity = material.identities[0]
        name_certificate(info, identity.certificate, scope.identifiers, identity.chain)


def _refer(root: Element, before: str, after: str) -> None:
    """Let what names the old Id name the new one (SAML token profile 1.1.1, section 3.4)."""
    if not before:
        return
    for element in root.iter(etree.Element):
        if element.tag == f"{{{names.WSSE}}}KeyIdentifier" and (element.text or "").strip() == before:
            element.text = after
        elif element.get("URI") == f"#{before}":
            element.set("URI", f"#{after}")
