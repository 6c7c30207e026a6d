"""Why a digest differs: what was done to the content after it was signed, or wrongly when it was."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

import msgspec

from wssdoctor.evidence import Compared, Computed, Evidence
from wssdoctor.wsse import names, octet_search, transform
from wssdoctor.wsse.algorithm import DIGEST_SIZES, hasher
from wssdoctor.wsse.canonical import Canonicalization
from wssdoctor.wsse.document import Element, local_name
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.reference import Reference
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.search_subject import Found, Matches, Subject
from wssdoctor.wsse.signature import Signature

_SIZE_SEARCHED = 32 * 1024 * 1024
Explained = tuple[str | None, tuple[Evidence, ...]]


def explain(reference: Reference, signature: Signature, scope: Scope) -> Explained:
    """Find the reason of a digest mismatch, with evidence; (None, ...) if none of the known ones fits."""
    outcome = reference.outcome
    if outcome is None or reference.computed is None or (scope.large and len(scope.source or b"") > _SIZE_SEARCHED):
        return None, ()
    octets = outcome.bytes()
    if _as_hexadecimal(reference):
        return "digest-hex-encoded", ()
    swapped = _of_another(reference, signature)
    if swapped:
        return swapped, ()
    if method := _another_method(octets, reference):
        return "digest-method-changed", (
            Compared(
                "digest method that gives the digest sent",
                reference.digest_name,
                method,
                scope.place(reference.element),
            ),
        )
    if len(reference.sent) != len(reference.computed):  # no content has such a digest
        return "digest-value-altered" if signature.value_ok is False else None, ()
    found = _search(reference, signature, scope)
    if found is not None:
        return _named(found.reason, reference.part), (_computed(found, reference, scope),)
    if not signature.value_ok or reference.target is None:
        return None, ()
    text = octets.decode("utf-8", "replace")
    # The search for whole words is slow: only where there is something to find.
    if ("?" in text or "\ufffd" in text) and (marks := _REPLACED.findall(text)):
        shown = Compared("characters", "letters that were lost", ", ".join(marks[:5]), scope.place(reference.target))
        return "character-encoding-mangled", (shown,)
    return "content-changed", ()


def signed_octets(reference: Reference, signature: Signature, scope: Scope) -> bytes | None:
    """Give the octets that were signed where a digest differs; None where the search does not find them."""
    outcome = reference.outcome
    if outcome is None or reference.computed is None or (scope.large and len(scope.source or b"") > _SIZE_SEARCHED):
        return None
    found = _search(reference, signature, scope)
    return found.octets if found is not None else None


def _search(reference: Reference, signature: Signature, scope: Scope) -> Found | None:
    """Undo the usual changes to the content until its digest is the one that was sent."""
    outcome = reference.outcome
    if outcome is None or reference.target is None:
        return None

    def matches(candidate: bytes) -> bool:
        hashed = hasher(reference.digest_name)
        hashed.update(candidate)
        return bool(hashed.digest() == reference.sent)

    subject = Subject(
        element=reference.target,
        method=outcome.method,
        octets=outcome.bytes(),
        whole=reference.whole,
        plain=outcome.is_plain,
        hints=prefix_hints(signature.element, reference.target),
        source=scope.source,
    )
    return octet_search.search(subject, matches, thorough=scope.thorough) or _with_signature(reference, matches)


def _named(reason: str, part: str) -> str:
    """Call the commonest reasons after the part that suffered them."""
    body = part == "Body"
    if reason == "pretty-printed":
        return "body-pretty-printed" if body else "part-pretty-printed"
    return "body-text-changed" if reason == "text-changed" and body else reason


def _computed(found: Found, reference: Reference, scope: Scope) -> Computed:
    place = scope.place(reference.target) if reference.target is not None else None
    return Computed(
        "the digest that was signed",
        (("part", reference.part), ("digest method", reference.digest_name)),
        (f"take the content {found.words}", "digest it"),
        "equals the DigestValue",
        place,
    )


_REPLACED = re.compile("\\w{0,40}\ufffd\\w{0,40}|\\w{1,40}\\?{1,40}\\w{1,40}")
"""What is left of characters that an encoding could not hold: replacement characters, question marks in words."""


def _as_hexadecimal(reference: Reference) -> bool:
    """Whether the DigestValue is the right digest, but in hexadecimal (plainly or inside base64)."""
    assert reference.computed is not None
    right = reference.computed.hex()
    written = base64.b64encode(reference.sent).decode()
    return written.lower() == right or reference.sent.lower() == right.encode()


def _of_another(reference: Reference, signature: Signature) -> str | None:
    """Two references with each other's digest, or a digest that belongs to another part."""
    for other in signature.references:
        if other is not reference and other.computed is not None and other.computed == reference.sent:
            return "digest-of-another-part"
    return None


def _another_method(octets: bytes, reference: Reference) -> str | None:
    for name, size in DIGEST_SIZES.items():
        if size != len(reference.sent) or name == reference.digest_name:
            continue
        hashed = hasher(name)
        hashed.update(octets)
        if hashed.digest() == reference.sent:
            return name
    return None


def _with_signature(reference: Reference, matches: Matches) -> Found | None:
    """Whether the signature was digested although the transform takes it out."""
    nodes = reference.outcome.nodes if reference.outcome is not None else None
    if nodes is None or not nodes.removed:
        return None
    kept = transform.Outcome(msgspec.structs.replace(nodes, removed=()), _method(reference))
    octets = kept.bytes()
    return Found("signature-not-taken-out", "with the signature in it", octets) if matches(octets) else None


def _method(reference: Reference) -> Canonicalization:
    assert reference.outcome is not None
    return reference.outcome.method


def prefix_hints(signature: Element, target: Element) -> tuple[str, ...]:
    """Prefixes that the message mentions: in prefix lists, and declared around or in the target."""
    found: dict[str, None] = {}
    for inclusive in signature.iter(f"{{{names.EXC_C14N}}}InclusiveNamespaces"):
        found.update(dict.fromkeys(inclusive.get("PrefixList", "").split()))
    found.update(dict.fromkeys(prefix or "" for prefix in target.nsmap))
    root = target.getroottree().getroot()
    found.update(dict.fromkeys(prefix or "" for prefix in root.nsmap))
    found.pop("#default", None)
    found.setdefault("")
    return tuple(found)


def explain_unresolved(reference: Reference, fault: Fault, signature: Signature, scope: Scope) -> Fault:
    """Find the part that a Reference meant whose Id is not there: its Id was changed, or never written."""
    if reference.uri is None:
        return _explain_no_uri(reference, fault, signature, scope)
    uri = reference.uri
    identifier = uri.removeprefix("#")
    referred = {other.target for other in signature.references}
    chain = transform.transforms_of(reference.element)
    candidates = [element for element in _parts(scope) if element not in referred]
    for element in candidates:
        if _digests_with_id(element, identifier, chain, reference, signature, scope):
            name = local_name(element)
            reason = "body-id-changed" if name == "Body" else "id-changed"
            evidence: tuple[Evidence, ...] = (
                Compared(f"Id of {name}", identifier, _id_of(element) or "no Id", scope.place(element)),
                *fault.evidence,
            )
            says = f"no element carries the Id {identifier!r}; {name} with this Id has the digest that was signed"
            return Fault("reference-unresolved", name, says, reason, evidence)
    if not uri.startswith("#") and scope.identifiers.find(uri):
        return msgspec.structs.replace(fault, reason="reference-without-number-sign")
    without_id = [element for element in candidates if _is_demanded(element, scope)]
    if len(without_id) == 1:
        element = without_id[0]
        reason = "id-not-written" if _id_of(element) is None else "id-changed"
        name = local_name(element)
        if name == "Body" and reason == "id-changed":
            reason = "body-id-changed"
        return msgspec.structs.replace(fault, where=name, reason=reason)
    return fault


def _explain_no_uri(reference: Reference, fault: Fault, signature: Signature, scope: Scope) -> Fault:
    """Try what some signers mean when they leave out the URI: the element around the signature, or the document."""
    chain = transform.transforms_of(reference.element)
    around = signature.element.getparent()
    for element in (scope.root, around):
        if element is None:
            continue
        whole = element is scope.root
        try:
            nodes = transform.Nodes((element,), whole=whole, comments=False)
            outcome = transform.apply(nodes, chain, signature.element, scope)
            if outcome.digest(reference.digest_name, streamed=False) != reference.sent:
                continue
        except FaultFound:
            continue
        meant = "the whole document" if whole else local_name(element)
        says = f"the Reference has no URI; read as {meant}, its digest is the one that was signed"
        right = 'URI=""' if whole else f'URI="#{_id_of(element) or "..."}"'
        written = Compared("URI", right, "no URI", scope.place(reference.element))
        return msgspec.structs.replace(fault, says=says, reason="reference-uri-left-out", evidence=(written,))
    return fault


def _parts(scope: Scope) -> Iterable[Element]:
    """Body, header blocks and what the security header carries: what a Reference usually means."""
    for child in scope.root.iterchildren("*"):
        yield child
        if local_name(child) == "Header":
            for block in child.iterchildren("*"):
                yield block
                if local_name(block) == "Security":
                    yield from block.iterchildren("*")


def _is_demanded(element: Element, scope: Scope) -> bool:
    return local_name(element) in scope.context.require_signed or element.tag in scope.context.require_signed


def _id_of(element: Element) -> str | None:
    return next((element.get(name) for name in names.ID_ATTRIBUTES if element.get(name) is not None), None)


def _digests_with_id(
    element: Element, identifier: str, chain: list[Element], reference: Reference, signature: Signature, scope: Scope
) -> bool:
    """Whether the element, with this Id, has the digest that was signed. Its attributes are lent and given back."""
    written = [name for name in names.ID_ATTRIBUTES if element.get(name) is not None]
    for name in written or (names.WSU_ID, "Id"):
        before = element.get(name)
        try:
            element.set(name, identifier)
            outcome = transform.apply(transform.Nodes((element,), comments=False), chain, signature.element, scope)
            if outcome.digest(reference.digest_name, streamed=False) == reference.sent:
                return True
        except (FaultFound, ValueError):
            continue
        finally:
            if before is not None:
                element.set(name, before)
            else:
                element.attrib.pop(name, "")
    return False
