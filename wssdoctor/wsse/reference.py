"""ds:Reference: what it points to, and whether the digest sent is the digest of what is there."""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote

import msgspec

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import names, transform
from wssdoctor.wsse.algorithm import DIGESTS
from wssdoctor.wsse.certificate import CertificateError, decode_base64
from wssdoctor.wsse.document import Element, local_name, text_of
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.part import part_of
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.transform import Nodes, Outcome

_DS = f"{{{names.DS}}}"
_TRANSFORMS, _DIGEST_METHOD, _DIGEST_VALUE = _DS + "Transforms", _DS + "DigestMethod", _DS + "DigestValue"
_XPOINTER_ID = re.compile(r"#xpointer\(\s*id\(\s*(['\"])(?P<id>.+)\1\s*\)\s*\)")


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """One Reference as it was checked. ``ok`` of None means that it could not be digested.

    ``target`` is the element that is pointed to (for an STR-Transform, the token), ``whole`` that it was the document;
    ``selected`` are the elements that were digested whole, but for those ``removed``.
    """

    element: Element
    uri: str | None
    transforms: tuple[str, ...]
    digest_method: str
    sent: bytes
    computed: bytes | None = None
    target: Element | None = None
    whole: bool = False
    selected: tuple[Element, ...] = ()
    removed: tuple[Element, ...] = ()
    outcome: Outcome | None = None
    fault: Fault | None = None
    part: str = "SignedInfo"

    @property
    def ok(self) -> bool | None:
        return None if self.computed is None else self.computed == self.sent

    @property
    def digest_name(self) -> str:
        """Hashlib's name of the digest method."""
        return DIGESTS[self.digest_method]


def check_reference(element: Element, signature: Element | None, scope: Scope) -> Reference:
    """Digest what a Reference points to. Never raises for what the message says: see ``fault``."""
    uri = element.get("URI")
    chain, method_element, value = _children(element)
    method, sent, part = "", b"", "SignedInfo"
    target: Element | None = None
    whole = False
    computed: bytes | None = None
    outcome: Outcome | None = None
    fault: Fault | None = None
    try:
        method, sent = _digest_sent(element, method_element, value, scope)
        start, target = resolve(uri, element, scope)
        whole = isinstance(start, Nodes) and start.whole
        part = "document" if whole else part_of(target) if target is not None else "attachment"
        outcome = transform.apply(start, chain, signature, scope)
        if outcome.token is not None:
            target = outcome.token
            part = part_of(target)
        computed = outcome.digest(DIGESTS[method], streamed=scope.large)
    except FaultFound as found:
        fault = found.fault
    return Reference(
        element=element,
        uri=uri,
        transforms=tuple([each.get("Algorithm", "") for each in chain]),
        digest_method=method,
        sent=sent,
        computed=computed,
        target=target,
        whole=whole,
        selected=outcome.selected if outcome is not None else (),
        removed=outcome.taken if outcome is not None else (),
        outcome=outcome,
        fault=fault,
        part=part,
    )


def resolve(uri: str | None, element: Element, scope: Scope) -> tuple[Nodes | bytes, Element | None]:
    """Find what a URI names: nodes of this document, or an attachment's octets. Raises FaultFound."""
    if uri is None:
        raise FaultFound(
            _unresolved("", "the Reference has no URI, and nothing else says what is meant", element, scope)
        )
    if uri == "":
        return Nodes((scope.root,), whole=True, comments=False), scope.root
    if uri == "#xpointer(/)":
        return Nodes((scope.root,), whole=True), scope.root
    if uri[0] == "#":
        pointer = _XPOINTER_ID.fullmatch(uri) if uri[1:2] == "x" else None
        if pointer is None and uri.startswith("#xpointer("):
            says = f"the XPointer {uri!r} is not of the form #xpointer(id('...')); no other is read"
            raise FaultFound(_unresolved(uri, says, element, scope))
        target = _by_id(pointer["id"] if pointer else uri[1:], uri, element, scope)
        return Nodes((target,), comments=pointer is not None), target
    if uri.startswith("cid:"):
        content = scope.attachment(uri)
        if content is None:
            raise FaultFound(missing_part(uri, element, scope))
        return content, None
    says = f"the URI {uri!r} lies outside the message; nothing is fetched"
    raise FaultFound(_unresolved(uri, says, element, scope))


def missing_part(uri: str, element: Element, scope: Scope) -> Fault:
    """Say that a ``cid:`` names no MIME part that is there."""
    held = ", ".join(scope.attachments) or "none"
    evidence: tuple[Evidence, ...] = (Compared("Content-ID", f"one of the parts: {held}", uri, scope.place(element)),)
    return Fault(
        "mtom-part-missing", part_of(element), f"the message has no MIME part {uri!r}", "content-id-altered", evidence
    )


def _by_id(identifier: str, uri: str, element: Element, scope: Scope) -> Element:
    found = scope.identifiers.find(identifier) or scope.identifiers.find(unquote(identifier))
    if not found:
        raise FaultFound(_unresolved(uri, f"no element of the message carries the Id {identifier!r}", element, scope))
    if len(found) > 1:
        evidence: list[Evidence] = [Located(f"Id {identifier!r}", scope.place(each)) for each in found[:6]]
        says = f"{len(found)} elements carry the Id {identifier!r}; which one was signed cannot be told"
        raise FaultFound(Fault("duplicate-id", part_of(found[0]), says, evidence=tuple(evidence)))
    return found[0]


def _unresolved(uri: str, says: str, element: Element, scope: Scope) -> Fault:
    evidence: tuple[Evidence, ...] = (Located(f"Reference URI {uri!r}", scope.place(element)),)
    return Fault("reference-unresolved", "SignedInfo", says, evidence=evidence)


def _children(element: Element) -> tuple[list[Element], Element | None, Element | None]:
    """Give Transform elements, DigestMethod and DigestValue in one pass: looking up each by name takes longer."""
    chain: list[Element] | None = None
    method = value = None
    for child in element:
        tag = child.tag
        if tag == _TRANSFORMS:
            chain = transform.transforms_in(child) if chain is None else chain
        elif tag == _DIGEST_METHOD:
            method = child
        elif tag == _DIGEST_VALUE:
            value = child
    return chain or [], method, value


def _digest_sent(element: Element, method: Element | None, value: Element | None, scope: Scope) -> tuple[str, bytes]:
    """Read DigestMethod and DigestValue. Raises FaultFound (signature-malformed, algorithm-unknown)."""
    if method is None or value is None:
        raise FaultFound(malformed("a Reference lacks DigestMethod or DigestValue", element, scope))
    uri = method.get("Algorithm", "")
    if uri not in DIGESTS:
        evidence: tuple[Evidence, ...] = (Compared("DigestMethod", "one that is known", uri, scope.place(method)),)
        raise FaultFound(
            Fault("algorithm-unknown", "SignedInfo", f"the digest method {uri!r} is not known", evidence=evidence)
        )
    return uri, plain_base64(value, scope)


def plain_base64(element: Element, scope: Scope) -> bytes:
    """Read base64 content; comments and elements inside are refused (they hide what was signed). Raises FaultFound."""
    if len(element):
        says = f"{local_name(element)} has comments or elements inside"
        raise FaultFound(malformed(says, element, scope, "comment-in-value"))
    try:
        return decode_base64(element.text or "")
    except CertificateError:
        raise FaultFound(
            malformed(f"{local_name(element)} is not base64", element, scope, "value-not-base64")
        ) from None


def malformed(says: str, element: Element, scope: Scope, reason: str | None = None) -> Fault:
    """Say that a signature does not follow its schema."""
    text = text_of(element).strip()[:80]
    return Fault("signature-malformed", "Signature", says, reason, (Located(text or says, scope.place(element)),))


def mismatch(reference: Reference, scope: Scope, reason: str | None, evidence: tuple[Evidence, ...]) -> Fault:
    """Say that the digests differ, and what was done to the content where that is known."""
    assert reference.computed is not None
    place = scope.place(reference.target if reference.target is not None else reference.element)
    compared = Compared(
        f"digest of {reference.part} ({reference.digest_name})",
        base64.b64encode(reference.sent).decode(),
        base64.b64encode(reference.computed).decode(),
        place,
    )
    says = f"the digest of {reference.part} is not the one that was signed"
    if len(reference.sent) != len(reference.computed):
        says += f": the DigestValue has {len(reference.sent)} octets, {reference.digest_name} gives {len(reference.computed)}"
    return Fault("digest-mismatch", reference.part, says, reason, (compared, *evidence))
