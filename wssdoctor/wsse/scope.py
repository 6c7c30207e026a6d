"""What the work on one message shares: the receiver, the instant, the tree, its Ids, and keys found so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from wssdoctor.evidence import Place
from wssdoctor.wsse.certificate_path import TrustStore
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.document import Element, line_of, step
from wssdoctor.wsse.envelope import find_part
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.identifier import Identifiers
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.message import SecurityHeader
from wssdoctor.wsse.saml_assertion import SamlAssertion

_DEEPEST = 16
"""Tokens that lead to tokens: a real message needs four (derived key, context, encrypted key, certificate)."""
_LARGE = 1024 * 1024
"""From this size on digests are streamed, which saves a copy of the content but costs small messages time."""


class Scope:
    """One message under work. Lives as long as one call of verify.

    ``keys`` remembers what a token element yielded, ``by_sha1`` the secrets of encrypted keys
    (EncryptedKeySHA1); ``attachments`` are MIME parts by content id. Functions that look for a key raise
    FaultFound.
    """

    def __init__(
        self,
        context: Context,
        store: TrustStore,
        now: datetime,
        root: Element,
        *,
        source: bytes | None = None,
        security: SecurityHeader | None = None,
        attachments: Mapping[str, bytes] | None = None,
        thorough: bool = False,
    ) -> None:
        self.context = context
        self.store = store
        self.now = now
        self.root = root
        self.security = security
        self.attachments = attachments or {}
        self.source = source
        self.thorough = thorough
        self.large = source is not None and len(source) > _LARGE
        self.identifiers = Identifiers(root, source)
        self.keys: dict[Element, Key] = {}
        self.by_sha1: dict[bytes, Key] = {}
        self.assertions: dict[Element, SamlAssertion] = {}
        self._paths: dict[Element, str] = {}
        self._open: list[Element] = []

    def attachment(self, uri: str) -> bytes | None:
        """Give the MIME part that a ``cid:`` URI names (RFC 2392)."""
        return find_part(uri, self.attachments)

    def xpath(self, element: Element) -> str:
        """XPath with the usual prefixes; paths of ancestors are remembered."""
        known = self._paths.get(element)
        if known is None:
            parent = element.getparent()
            known = (self.xpath(parent) if parent is not None else "") + "/" + step(element)
            self._paths[element] = known
        return known

    def place(self, element: Element) -> Place:
        """Line and XPath of an element."""
        return Place(line=line_of(element), xpath=self.xpath(element))

    def entered(self, element: Element) -> _Entered:
        """Guard the way from token to token against circles and depth. Raises FaultFound."""
        if element in self._open or len(self._open) >= _DEEPEST:
            raise FaultFound(
                Fault("token-reference-unresolved", "SecurityTokenReference", "a token leads back to itself")
            )
        return _Entered(self._open, element)


class _Entered:
    """Holds an element among the open ones for the time of a ``with``."""

    __slots__ = ("_element", "_open")

    def __init__(self, open_elements: list[Element], element: Element) -> None:
        self._open = open_elements
        self._element = element

    def __enter__(self) -> None:
        self._open.append(self._element)

    def __exit__(self, *_: object) -> None:
        self._open.pop()
