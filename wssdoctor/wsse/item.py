"""What a wsse:Security header carries: each of its children by its kind.

Everything here is read, nothing is judged. The parts keep their element, so that place and content can be
had on demand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

import msgspec

from wssdoctor.evidence import Place
from wssdoctor.wsse import document, names
from wssdoctor.wsse.document import Element, child_of, local_name, namespace_of, split, text_of
from wssdoctor.wsse.timestamp import parse_datetime


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the message. ``line`` counts from 1; ``xpath`` uses the usual prefixes."""

    element: Element

    @property
    def line(self) -> int | None:
        return document.line_of(self.element)

    @property
    def xpath(self) -> str:
        return document.xpath(self.element)

    @property
    def place(self) -> Place:
        return document.place(self.element)

    @property
    def id(self) -> str | None:
        """The first identifying attribute (wsu:Id, Id, ID, id, xml:id, AssertionID)."""
        return id_of(self.element)


class Timestamp(Part, frozen=True):
    """wsu:Timestamp. A text of None means an absent element; ``repeated`` names children that occur twice."""

    created_text: str | None
    expires_text: str | None
    created: datetime | None
    expires: datetime | None
    repeated: tuple[str, ...] = ()


class UsernameToken(Part, frozen=True):
    """wsse:UsernameToken. ``password_type`` is None for no attribute; the password is never shown."""

    username: str | None
    password: str | None
    password_type: str | None
    has_password: bool
    nonce: str | None
    nonce_encoding: str | None
    created_text: str | None
    created: datetime | None
    salt: str | None = None
    iteration: str | None = None
    repeated: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"UsernameToken(username={self.username!r}, password={'(secret)' if self.has_password else None})"


class BinarySecurityToken(Part, frozen=True):
    """wsse:BinarySecurityToken: base64 text of a certificate, path or ticket."""

    value_type: str | None
    encoding_type: str | None
    text: str


class Signature(Part, frozen=True):
    """ds:Signature, unjudged."""

    @property
    def method(self) -> str | None:
        """The identifier of the signature method."""
        info = child_of(self.element, f"{{{names.DS}}}SignedInfo")
        method = child_of(info, f"{{{names.DS}}}SignatureMethod") if info is not None else None
        return method.get("Algorithm") if method is not None else None


class EncryptedKey(Part, frozen=True):
    """xenc:EncryptedKey, unjudged."""

    method: str | None


class EncryptedData(Part, frozen=True):
    """xenc:EncryptedData in the place of a header child, unjudged."""

    method: str | None


class ReferenceList(Part, frozen=True):
    """xenc:ReferenceList beside the keys: which EncryptedData a receiver decrypts."""

    uris: tuple[str, ...]


class Assertion(Part, frozen=True):
    """A SAML assertion. ``version`` is "1.1" or "2.0"; ``encrypted`` if it is an EncryptedAssertion."""

    version: str
    encrypted: bool = False

    @property
    def issuer(self) -> str | None:
        """Who says it; see SamlAssertion for all that is said."""
        if self.version == "1.1":
            return self.element.get("Issuer")
        issuer = child_of(self.element, f"{{{names.SAML2}}}Issuer")
        return text_of(issuer).strip() if issuer is not None else None


class SecurityContextToken(Part, frozen=True):
    """wsc:SecurityContextToken."""

    identifier: str | None
    namespace: str


class DerivedKeyToken(Part, frozen=True):
    """wsc:DerivedKeyToken, underived."""

    algorithm: str | None
    namespace: str


class SignatureConfirmation(Part, frozen=True):
    """wsse11:SignatureConfirmation."""

    value: str | None


class SecurityTokenReference(Part, frozen=True):
    """wsse:SecurityTokenReference as a child of the header."""


class Unknown(Part, frozen=True):
    """Any other child of the security header."""

    qname: str


Item: TypeAlias = (
    Timestamp
    | UsernameToken
    | BinarySecurityToken
    | Signature
    | EncryptedKey
    | EncryptedData
    | ReferenceList
    | Assertion
    | SecurityContextToken
    | DerivedKeyToken
    | SignatureConfirmation
    | SecurityTokenReference
    | Unknown
)


TOKENS: dict[str, type[Part]] = {
    "Timestamp": Timestamp,
    "UsernameToken": UsernameToken,
    "BinarySecurityToken": BinarySecurityToken,
    "Assertion": Assertion,
    "SecurityContextToken": SecurityContextToken,
}
"""What a receiver may demand, by name; a namesake in another namespace is something else."""


def read_item(element: Element) -> Item:
    """Read one child of a security header by its name."""
    reader = _READERS.get(element.tag)
    return reader(element) if reader else Unknown(element=element, qname=element.tag)


def id_of(element: Element) -> str | None:
    """Give the first identifying attribute of an element."""
    for name in names.ID_ATTRIBUTES:
        value = element.get(name)
        if value is not None:
            return value
    return None


def read_timestamp(element: Element) -> Timestamp:
    """Read a wsu:Timestamp."""
    texts, repeated = _children(element)
    created, expires = texts.get("Created"), texts.get("Expires")
    return Timestamp(
        element=element,
        created_text=created,
        expires_text=expires,
        created=None if created is None else parse_datetime(created),
        expires=None if expires is None else parse_datetime(expires),
        repeated=repeated,
    )


def read_username_token(element: Element) -> UsernameToken:
    """Read a wsse:UsernameToken (UsernameToken Profile 1.1, section 3.1)."""
    texts, repeated = _children(element)
    password_type = nonce_encoding = None
    for child in element.iterchildren("*"):
        name = local_name(child)
        if name == "Password":
            password_type = child.get("Type")
        elif name == "Nonce":
            nonce_encoding = child.get("EncodingType")
    created = texts.get("Created")
    return UsernameToken(
        element=element,
        username=texts.get("Username"),
        password=texts.get("Password"),
        password_type=password_type,
        has_password="Password" in texts,
        nonce=texts.get("Nonce"),
        nonce_encoding=nonce_encoding,
        created_text=created,
        created=None if created is None else parse_datetime(created),
        salt=texts.get("Salt"),
        iteration=texts.get("Iteration"),
        repeated=repeated,
    )


def read_binary_security_token(element: Element) -> BinarySecurityToken:
    """Read a wsse:BinarySecurityToken, not decoded."""
    return BinarySecurityToken(
        element=element,
        value_type=element.get("ValueType"),
        encoding_type=element.get("EncodingType"),
        text=text_of(element),
    )


def read_assertion(element: Element) -> Assertion:
    """Read the head of a SAML 1.1 or 2.0 assertion."""
    namespace, name = split(element.tag)
    version = "2.0" if namespace == names.SAML2 else "1.1"
    return Assertion(element=element, version=version, encrypted=name == "EncryptedAssertion")


def _read_signature(element: Element) -> Signature:
    return Signature(element=element)


def _encryption_method(element: Element) -> str | None:
    method = child_of(element, f"{{{names.XENC}}}EncryptionMethod")
    return method.get("Algorithm") if method is not None else None


def _read_encrypted_key(element: Element) -> EncryptedKey:
    return EncryptedKey(element=element, method=_encryption_method(element))


def _read_encrypted_data(element: Element) -> EncryptedData:
    return EncryptedData(element=element, method=_encryption_method(element))


def _read_reference_list(element: Element) -> ReferenceList:
    return ReferenceList(element=element, uris=tuple(child.get("URI") or "" for child in element.iterchildren("*")))


def _read_security_context_token(element: Element) -> SecurityContextToken:
    identifier = _children(element)[0].get("Identifier")
    return SecurityContextToken(
        element=element,
        identifier=identifier.strip() if identifier else None,
        namespace=namespace_of(element),
    )


def _read_derived_key_token(element: Element) -> DerivedKeyToken:
    return DerivedKeyToken(element=element, algorithm=element.get("Algorithm"), namespace=namespace_of(element))


def _read_signature_confirmation(element: Element) -> SignatureConfirmation:
    return SignatureConfirmation(element=element, value=element.get("Value"))


def _read_token_reference(element: Element) -> SecurityTokenReference:
    return SecurityTokenReference(element=element)


def _children(element: Element) -> tuple[dict[str, str], tuple[str, ...]]:
    """Text of each child by local name (the first of a name counts), and the names that come twice.

    A child in a namespace that is not its own is another element that happens to share its name.
    """
    texts: dict[str, str] = {}
    repeated: list[str] = []
    for child in element:
        if type(child) is not Element:  # a comment
            continue
        namespace, name = split(child.tag)
        expected = _CHILD_NAMESPACES.get(name)
        if expected is not None and namespace not in expected:
            continue
        if name in texts:
            repeated.append(name)
        else:
            texts[name] = text_of(child)
    return texts, tuple(repeated)


_WSSE_ANY = (names.WSSE, *names.WSSE_DRAFTS)
_WSU_ANY = (names.WSU, *names.WSU_DRAFTS)
_CHILD_NAMESPACES = {
    "Username": _WSSE_ANY,
    "Password": _WSSE_ANY,
    "Nonce": (*_WSSE_ANY, *names.WSC),
    "Created": _WSU_ANY,
    "Expires": _WSU_ANY,
    "Salt": (names.WSSE11,),
    "Iteration": (names.WSSE11,),
}
_READERS: dict[str, Callable[[Element], Item]] = (
    {f"{{{namespace}}}Timestamp": read_timestamp for namespace in (names.WSU, *names.WSU_DRAFTS)}
    | {f"{{{namespace}}}UsernameToken": read_username_token for namespace in _WSSE_ANY}
    | {f"{{{namespace}}}BinarySecurityToken": read_binary_security_token for namespace in _WSSE_ANY}
    | {f"{{{namespace}}}SecurityTokenReference": _read_token_reference for namespace in _WSSE_ANY}
    | {f"{{{namespace}}}SecurityContextToken": _read_security_context_token for namespace in names.WSC}
    | {f"{{{namespace}}}DerivedKeyToken": _read_derived_key_token for namespace in names.WSC}
    | {
        f"{{{names.DS}}}Signature": _read_signature,
        f"{{{names.XENC}}}EncryptedKey": _read_encrypted_key,
        f"{{{names.XENC}}}EncryptedData": _read_encrypted_data,
        f"{{{names.XENC}}}ReferenceList": _read_reference_list,
        f"{{{names.SAML1}}}Assertion": read_assertion,
        f"{{{names.SAML2}}}Assertion": read_assertion,
        f"{{{names.SAML2}}}EncryptedAssertion": read_assertion,
        f"{{{names.WSSE11}}}SignatureConfirmation": _read_signature_confirmation,
    }
)
