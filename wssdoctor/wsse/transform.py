"""Transforms of a Reference: from what a URI names to the octets to digest (XML Signature 1.1, section 4.4.3.2)."""

from __future__ import annotations

import binascii

import msgspec

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import document, names, node_filter
from wssdoctor.wsse.algorithm import hasher
from wssdoctor.wsse.canonical import (
    METHODS,
    Canonicalization,
    canonicalize,
    canonicalize_into,
    canonicalize_without,
    method_of,
)
from wssdoctor.wsse.certificate import CertificateError, decode_base64
from wssdoctor.wsse.document import Element, child_of, text_of
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.scope import Scope

DEFAULT = Canonicalization(exclusive=False)
"""What turns nodes into octets when no transform does (XML Signature 1.1, section 4.4.3.2)."""
_C14N = f"{{{names.WSSE}}}TransformationParameters/{{{names.DS}}}CanonicalizationMethod"
_TRANSFORM = f"{{{names.DS}}}Transform"
_MOST = 12


class Nodes(msgspec.Struct, frozen=True):
    """Nodes on their way through the transforms: subtrees less some of their descendants.

    ``whole`` means the document node. ``comments`` is False where the URI leaves comments out (bare names).
    """

    apexes: tuple[Element, ...]
    whole: bool = False
    comments: bool = True
    removed: tuple[Element, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """What transforms come to: a canonical form of nodes, or octets. ``token`` is what an STR-Transform put in.

    ``selected`` are the elements of the document that went in whole, but for ``taken``: what the digest vouches for.
    """

    nodes: Nodes | None
    method: Canonicalization
    octets: bytes | None = None
    token: Element | None = None
    selected: tuple[Element, ...] = ()
    taken: tuple[Element, ...] = ()

    def digest(self, name: str, *, streamed: bool) -> bytes:
        """Hash the result. ``streamed`` saves memory for large content. Raises FaultFound."""
        hashed = hasher(name)
        if streamed and self.is_plain:
            assert self.nodes is not None
            canonicalize_into(self.nodes.apexes[0], self.method, hashed, whole=self.nodes.whole)
        else:
            hashed.update(self.bytes())
        digest: bytes = hashed.digest()
        return digest

    def bytes(self) -> bytes:
        """Give the octets. Raises FaultFound."""
        if self.octets is not None:
            return self.octets
        nodes = self.nodes
        if nodes is not None and self.is_plain:
            return canonicalize(nodes.apexes[0], self.method, whole=nodes.whole)
        return _serialized(nodes, self.method)

    @property
    def is_plain(self) -> bool:
        """Whether it is the canonical form of one element or document, with nothing taken out."""
        return self.nodes is not None and not self.nodes.removed and len(self.nodes.apexes) == 1


def apply(start: Nodes | bytes, transforms: list[Element], signature: Element | None, scope: Scope) -> Outcome:
    """Run a chain of transforms. Raises FaultFound (algorithm-unknown, signature-wrapped, and others)."""
    if len(transforms) > _MOST:
        raise FaultFound(
            Fault(
                "signature-malformed",
                "SignedInfo",
                f"a Reference has {len(transforms)} transforms; {_MOST} are allowed",
            )
        )
    state: Nodes | bytes = start
    method: Canonicalization | None = None
    token: Element | None = None
    selected = start.apexes if isinstance(start, Nodes) else ()
    taken: tuple[Element, ...] = ()
    copied = False
    for transform in transforms:
        if method is not None:  # canonical octets go in
            assert isinstance(state, Nodes)
            state, method, copied = _serialized(state, method), None, True
        uri = transform.get("Algorithm", "")
        if uri in METHODS:
            method = method_of(transform)
            assert method is not None
            nodes = state if isinstance(state, Nodes) else _nodes(state)
            if method.comments and not nodes.comments:
                method = msgspec.structs.replace(method, comments=False)
            state = nodes
        elif uri == names.ENVELOPED:
            state = _without_signature(_nodes(state), signature)
            taken = taken if copied else state.removed
        elif uri == names.STR_TRANSFORM:
            state, token = _dereferenced(_nodes(state), transform, scope)
            selected = (token,) if token is not None and not copied else selected
        elif uri == names.BASE64:
            state, selected = _decoded(state, scope), ()  # text alone, without the elements around it
        elif uri in (names.XPATH, names.XPATH_FILTER2):
            nodes = _nodes(state)
            kept = node_filter.select(transform, nodes.apexes, signature, scope)
            state = msgspec.structs.replace(
                nodes,
                apexes=kept.apexes,
                whole=nodes.whole and kept.apexes == nodes.apexes,
                removed=nodes.removed + kept.removed,
                comments=nodes.comments and kept.comments,
            )
            # Of a copy, nobody can tell which elements of the document stay.
            selected, taken = ((), ()) if copied else (state.apexes, state.removed)
        elif uri in (names.SWA_CONTENT, names.SWA_CIPHERTEXT):
            continue  # SwA Profile 1.1, section 5.4.2: the octets as they are; XML is canonicalised in the end
        else:
            evidence: tuple[Evidence, ...] = (Compared("Transform", "one that is known", uri, scope.place(transform)),)
            raise FaultFound(
                Fault("algorithm-unknown", "SignedInfo", f"the transform {uri!r} is not known", evidence=evidence)
            )
    if isinstance(state, bytes):
        return Outcome(None, DEFAULT, state, token, selected, taken)
    return Outcome(state, method or DEFAULT, None, token, selected, taken)


def _serialized(nodes: Nodes | None, method: Canonicalization) -> bytes:
    assert nodes is not None
    return b"".join(
        [canonicalize_without(apex, _inside(nodes.removed, apex), method, whole=nodes.whole) for apex in nodes.apexes]
    )


def _inside(removed: tuple[Element, ...], apex: Element) -> list[Element]:
    """The removed elements below an apex, less those below another removed one."""
    chosen = dict.fromkeys(removed)
    found: list[Element] = []
    for element in chosen:
        ancestors = list(element.iterancestors())
        if apex in ancestors and chosen.keys().isdisjoint(ancestors):
            found.append(element)
    return found


def _nodes(state: Nodes | bytes) -> Nodes:
    if isinstance(state, Nodes):
        return state
    try:
        return Nodes((document.parse_document(state),), whole=True)
    except document.DocumentError as error:
        raise FaultFound(
            Fault("signature-malformed", "SignedInfo", f"a transform needs XML: {error.problems[0].why}")
        ) from None


def _without_signature(nodes: Nodes, signature: Element | None) -> Nodes:
    """The enveloped-signature transform (section 6.6.4)."""
    if signature is None:
        return nodes
    around = {signature, *signature.iterancestors()}
    for apex in nodes.apexes:
        if apex is signature or signature in apex.iterancestors():
            raise FaultFound(
                Fault(
                    "signature-wrapped",
                    document.local_name(apex),
                    "the signed element lies inside the signature that should be taken out of it",
                    evidence=(Located("signed element", document.place(apex)),),
                )
            )
    if around.isdisjoint(nodes.apexes):
        return nodes
    return Nodes(nodes.apexes, nodes.whole, nodes.comments, (*nodes.removed, signature))


def _decoded(state: Nodes | bytes, scope: Scope) -> bytes:
    """The base64 transform (section 6.6.2)."""
    text = state.decode("latin-1") if isinstance(state, bytes) else "".join(text_of(apex) for apex in state.apexes)
    try:
        return decode_base64(text)
    except (CertificateError, binascii.Error):
        place = scope.place(state.apexes[0]) if isinstance(state, Nodes) else None
        evidence: tuple[Evidence, ...] = (Located("content that is not base64", place),) if place else ()
        raise FaultFound(
            Fault(
                "signature-malformed",
                "SignedInfo",
                "the base64 transform meets content that is not base64",
                evidence=evidence,
            )
        ) from None


def _dereferenced(nodes: Nodes, transform: Element, scope: Scope) -> tuple[bytes, Element | None]:
    """STR-Transform (SOAP Message Security 1.1.1, section 8.3): each reference gives way to its token."""
    from wssdoctor.wsse import token_reference

    method_element = transform.find(_C14N)
    method = method_of(method_element) if method_element is not None else None
    if method is None:
        named = method_element.get("Algorithm", "") if method_element is not None else "none"
        evidence: tuple[Evidence, ...] = (
            Compared("CanonicalizationMethod", "one that is known", named, scope.place(transform)),
        )
        raise FaultFound(
            Fault(
                "algorithm-unknown",
                "SignedInfo",
                f"the STR-Transform names the canonicalisation {named!r}",
                evidence=evidence,
            )
        )
    if not nodes.comments:
        method = msgspec.structs.replace(method, comments=False)
    if not nodes.apexes:
        return b"", None
    apex = nodes.apexes[0]
    if apex.tag != token_reference.TAG:
        return canonicalize(apex, method, whole=nodes.whole), None
    token = token_reference.token_of(apex, scope)
    if token is None:
        token_reference.keys_of(apex, scope)  # says better why, where it knows
        evidence = (Located("SecurityTokenReference", scope.place(apex)),)
        raise FaultFound(
            Fault(
                "token-reference-unresolved",
                "SecurityTokenReference",
                "the STR-Transform finds no token for the reference",
                evidence=evidence,
            )
        )
    if isinstance(token, Element):
        return with_empty_default_namespace(canonicalize(token, method)), token
    prefix = apex.prefix or ""
    return token_reference.binary_security_token(token, prefix), None


def with_empty_default_namespace(octets: bytes) -> bytes:
    """Add ``xmlns=""`` to the apex where no default namespace is declared: section 8.3 demands it."""
    end = octets.index(b">")
    if b" xmlns=" in octets[:end]:
        return octets
    name_end = min(position for position in (octets.find(b" "), end) if position > 0)
    return octets[:name_end] + b' xmlns=""' + octets[name_end:]


def transforms_of(reference: Element) -> list[Element]:
    """Give the Transform elements of a Reference."""
    holder = child_of(reference, f"{{{names.DS}}}Transforms")
    return [] if holder is None else transforms_in(holder)


def transforms_in(holder: Element) -> list[Element]:
    """Give the Transform elements of a Transforms element."""
    return [child for child in holder if child.tag == _TRANSFORM]
