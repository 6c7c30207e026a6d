"""A SOAP message taken apart: its header blocks, its Body, and its wsse:Security headers."""

from __future__ import annotations

import msgspec

from wssdoctor.wsse import document, names
from wssdoctor.wsse.document import Element, namespace_of
from wssdoctor.wsse.item import (
    Assertion,
    BinarySecurityToken,
    EncryptedData,
    EncryptedKey,
    Item,
    Part,
    SecurityContextToken,
    Signature,
    Timestamp,
    UsernameToken,
    read_item,
)

_VERSIONS = {f"{{{names.SOAP11}}}Envelope": "1.1", f"{{{names.SOAP12}}}Envelope": "1.2"}
_TOP = {
    "1.1": (f"{{{names.SOAP11}}}Header", f"{{{names.SOAP11}}}Body"),
    "1.2": (f"{{{names.SOAP12}}}Header", f"{{{names.SOAP12}}}Body"),
}
_ROLE_ATTRIBUTES = {
    "1.1": (f"{{{names.SOAP11}}}mustUnderstand", f"{{{names.SOAP11}}}actor"),
    "1.2": (f"{{{names.SOAP12}}}mustUnderstand", f"{{{names.SOAP12}}}role"),
}
_SECURITY_TAGS = frozenset(f"{{{namespace}}}Security" for namespace in (names.WSSE, *names.WSSE_DRAFTS))


class HeaderBlock(Part, frozen=True):
    """A child of soap:Header. ``actor`` is SOAP 1.1 actor or SOAP 1.2 role; ``qname`` is {namespace}local."""

    qname: str
    must_understand: bool
    actor: str | None


class SecurityHeader(Part, frozen=True):
    """One wsse:Security header, its children in order. ``draft`` if its namespace is not that of WSS 1.0."""

    namespace: str
    actor: str | None
    must_understand: bool
    draft: bool
    items: tuple[Item, ...]

    @property
    def timestamps(self) -> tuple[Timestamp, ...]:
        return tuple([item for item in self.items if isinstance(item, Timestamp)])

    @property
    def username_tokens(self) -> tuple[UsernameToken, ...]:
        return tuple([item for item in self.items if isinstance(item, UsernameToken)])

    @property
    def binary_security_tokens(self) -> tuple[BinarySecurityToken, ...]:
        return tuple(item for item in self.items if isinstance(item, BinarySecurityToken))

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return tuple([item for item in self.items if isinstance(item, Signature)])

    @property
    def encrypted_keys(self) -> tuple[EncryptedKey, ...]:
        return tuple(item for item in self.items if isinstance(item, EncryptedKey))

    @property
    def encrypted_data(self) -> tuple[EncryptedData, ...]:
        return tuple(item for item in self.items if isinstance(item, EncryptedData))

    @property
    def assertions(self) -> tuple[Assertion, ...]:
        return tuple([item for item in self.items if isinstance(item, Assertion)])

    @property
    def security_context_tokens(self) -> tuple[SecurityContextToken, ...]:
        return tuple(item for item in self.items if isinstance(item, SecurityContextToken))


class Message(msgspec.Struct, frozen=True):
    """An envelope taken apart. ``soap_version`` is "1.1", "1.2" or None for a bare XML document.

    ``body`` is the first soap:Body child of the envelope, which a receiver reads; ``operation`` the name
    of its first child, written {namespace}local.
    """

    root: Element
    soap_version: str | None
    header: Element | None
    body: Element | None
    operation: str | None
    headers: tuple[HeaderBlock, ...]
    security: tuple[SecurityHeader, ...]


def parse(envelope: bytes) -> Message:
    """Parse the bytes of an envelope. Raises DocumentError (an InputError) for what is no acceptable XML."""
    return read_message(document.parse_document(envelope))


def read_message(root: Element) -> Message:
    """Take apart a tree that is parsed already."""
    tag = root.tag
    version = _VERSIONS.get(tag)
    if version is None:
        return Message(root, None, None, None, None, (), ())
    header_tag, body_tag = _TOP[version]
    header = body = None
    for child in root:  # one pass: looking up each by name takes longer
        tag = child.tag
        if tag == header_tag:
            header = child if header is None else header
        elif tag == body_tag:
            body = child if body is None else body
    operation = next(body.iterchildren("*"), None) if body is not None else None
    blocks: list[HeaderBlock] = []
    security: list[SecurityHeader] = []
    if header is not None:
        understand, actor = _ROLE_ATTRIBUTES[version]
        for child in header.iterchildren("*"):
            block = HeaderBlock(
                element=child,
                qname=child.tag,
                must_understand=(child.get(understand) or "").strip() in ("1", "true"),
                actor=child.get(actor),
            )
            blocks.append(block)
            if child.tag in _SECURITY_TAGS:
                security.append(read_security_header(block))
    return Message(
        root,
        version,
        header,
        body,
        operation.tag if operation is not None else None,
        tuple(blocks),
        tuple(security),
    )


def read_security_header(block: HeaderBlock) -> SecurityHeader:
    """Read the children of one wsse:Security element."""
    namespace = namespace_of(block.element)
    return SecurityHeader(
        element=block.element,
        namespace=namespace,
        actor=block.actor,
        must_understand=block.must_understand,
        draft=namespace != names.WSSE,
        items=tuple([read_item(child) for child in block.element if type(child) is Element]),
    )
