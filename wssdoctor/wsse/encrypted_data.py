"""xenc:EncryptedData: which key it was encrypted with, and what it holds (XML Encryption 1.1, section 3.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import cipher, encrypted_key, names
from wssdoctor.wsse.cipher import CipherError
from wssdoctor.wsse.document import DocumentError, Element, parse_document, text_of
from wssdoctor.wsse.encrypted_key import KEY_INFO, wrapping_keys
from wssdoctor.wsse.encrypted_type import cipher_octets, method_of, short, unknown_algorithm
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.scope import Scope

TAG = f"{{{names.XENC}}}EncryptedData"
_CARRIED = f"{{{names.XENC}}}CarriedKeyName"
_ATTACHMENTS = (names.SWA_CONTENT_ONLY, names.SWA_COMPLETE_TYPE)
_DECLARATION = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:<\?xml\s.*?\?>\s*)?", re.DOTALL)


class Plain(NamedTuple):
    """What an EncryptedData holds. ``tags`` are the names of its elements; None if it is no XML."""

    octets: bytes
    tags: tuple[str, ...] | None
    key: Key


def is_attachment(element: Element) -> bool:
    """Whether it stands for an encrypted MIME part (SwA profile 1.1.1, section 5.5)."""
    return element.get("Type") in _ATTACHMENTS


def attachment_uri(element: Element) -> str:
    """The ``cid:`` URI of the MIME part that it encrypts."""
    reference = element.find(f"{{{names.XENC}}}CipherData/{{{names.XENC}}}CipherReference")
    return reference.get("URI", "") if reference is not None else ""


def decrypt(element: Element, listed_by: Sequence[Element], scope: Scope) -> Plain:
    """Decrypt one EncryptedData; ``listed_by`` are the EncryptedKeys whose ReferenceLists name it.

    Raises FaultFound: those of its key, decryption-failed, decrypted-content-malformed, algorithm-unknown.
    """
    algorithm = method_of(element)
    if algorithm not in cipher.DATA_CIPHERS:
        raise FaultFound(unknown_algorithm(element, algorithm, "EncryptedData", scope))
    octets = cipher_octets(element, scope, "EncryptedData")
    keys = keys_of(element, listed_by, algorithm, scope)
    fault: Fault | None = None
    for key in keys:
        found = _opened(element, algorithm, key, octets)
        if isinstance(found, Plain):
            return found
        fault = fault or found
    assert fault is not None
    raise FaultFound(_explained(element, algorithm, keys, octets, fault, scope))


def _opened(element: Element, algorithm: str, key: Key, octets: bytes) -> Plain | Fault:
    assert key.secret is not None
    try:
        plain = cipher.decrypt_data(algorithm, key.secret, octets)
    except CipherError as error:
        says = f"the encrypted data does not decrypt with {short(algorithm)} and its key ({key.how}): {error}"
        evidence: tuple[Evidence, ...] = (Compared(short(algorithm), "data that decrypts", str(error)),)
        return Fault("decryption-failed", "EncryptedData", says, evidence=evidence)
    if is_attachment(element):
        return Plain(plain, None, key)
    kind = element.get("Type")
    if kind not in (names.ENCRYPTED_ELEMENT, names.ENCRYPTED_CONTENT, None):
        return _of_unknown_type(plain, kind, element, key)
    plain = _DECLARATION.sub(b"", plain)
    try:
        return Plain(plain, _tags(plain, element), key)
    except DocumentError as error:
        if element.get("Type") is None or (element.get("Type") == names.ENCRYPTED_CONTENT and _is_root(element)):
            return Plain(plain, None, key)
        problem = error.problems[0]
        says = f"what was decrypted is not well-formed: {problem.why or problem.what}"
        evidence = (Located(problem.why or problem.what, problem.place),) if problem.place else ()
        return Fault("decrypted-content-malformed", "EncryptedData", says, evidence=evidence)


def _of_unknown_type(plain: bytes, kind: str, element: Element, key: Key) -> Plain | Fault:
    """Octets of a Type that nobody knows stay what they are; but XML would then never reach its place."""
    try:
        tags = _tags(plain, element)
    except DocumentError:
        return Plain(plain, None, key)
    if not tags:
        return Plain(plain, None, key)
    says = f"the EncryptedData holds XML, but its Type {kind!r} does not say that it belongs in the message"
    expected = f"{names.ENCRYPTED_ELEMENT} or {names.ENCRYPTED_CONTENT}"
    evidence = (Compared("Type", expected, kind),)
    return Fault("decrypted-content-malformed", "EncryptedData", says, "encrypted-type-unknown", evidence)


def _tags(plain: bytes, element: Element) -> tuple[str, ...]:
    """Names of the decrypted elements. Raises DocumentError for what cannot stand in the place of ``element``."""
    found = parse_document(wrapped(plain, element))
    if _is_root(element) and element.get("Type") != names.ENCRYPTED_ELEMENT:
        parse_document(plain)  # in the place of a root, only a document can stand
    tags = tuple(str(child.tag) for child in found.iterchildren("*"))
    if element.get("Type") == names.ENCRYPTED_ELEMENT and len(tags) != 1:
        raise DocumentError.because(f"{len(tags)} elements where one was encrypted")
    return tags


def _is_root(element: Element) -> bool:
    return element.getparent() is None


def wrapped(plain: bytes, element: Element) -> bytes:
    """The decrypted octets inside an element with the namespaces that are in scope where they belong."""
    parent = element.getparent()
    in_scope = parent.nsmap.items() if parent is not None else ()
    declared = "".join(
        f" xmlns{':' if prefix else ''}{prefix or ''}={quoteattr(uri)}" for prefix, uri in in_scope if uri
    )
    return f"<decrypted{declared}>".encode() + plain + b"</decrypted>"


def keys_of(element: Element, listed_by: Sequence[Element], algorithm: str, scope: Scope) -> list[Key]:
    """The keys that an EncryptedData was, or may have been, encrypted with. Raises FaultFound."""
    info = element.find(KEY_INFO)
    if info is None and listed_by:
        return _unwrapped(listed_by, scope)
    if info is not None and (carrying := carriers(info, scope)):
        return _unwrapped(carrying, scope)
    try:
        return wrapping_keys(element, algorithm, scope)
    except FaultFound as found:
        fault = found.fault
        if listed_by and fault.fault == "decryption-key-not-found":
            return _unwrapped(listed_by, scope)
        if listed_by and fault.fault == "token-reference-unresolved":
            return _unwrapped(listed_by, scope)
        if fault.fault == "token-reference-unresolved" or (info is None and not scope.context.shared_keys):
            what = "names a key that is not in the message" if info is not None else "names no key, and no key lists it"
            evidence = fault.evidence or (Located("EncryptedData", scope.place(element)),)
            raise FaultFound(
                Fault(
                    "encrypted-key-missing",
                    "EncryptedData",
                    f"the EncryptedData {what}",
                    "encrypted-key-removed",
                    evidence,
                )
            ) from None
        raise


def _unwrapped(encrypted_keys: Sequence[Element], scope: Scope) -> list[Key]:
    """The secrets of EncryptedKeys, of which each may be for another recipient. Raises FaultFound if none opens."""
    fault: Fault | None = None
    keys = []
    for element in encrypted_keys:
        try:
            keys.append(encrypted_key.unwrap(element, scope))
        except FaultFound as found:
            # A key that is ours and does not open tells more than one that is for somebody else.
            if fault is None or fault.fault == "decryption-key-not-found":
                fault = found.fault
    if keys or fault is None:
        return keys
    raise FaultFound(fault)


def carriers(info: Element, scope: Scope) -> list[Element]:
    """The EncryptedKeys that carry the name under which the KeyInfo asks for a key, one for each recipient."""
    wanted = {text_of(child).strip() for child in info.iterchildren(f"{{{names.DS}}}KeyName")}
    if not wanted or wanted & scope.context.shared_keys.keys():
        return []
    return [
        parent
        for carried in scope.root.iter(_CARRIED)
        if text_of(carried).strip() in wanted
        and (parent := carried.getparent()) is not None
        and parent.tag == encrypted_key.TAG
    ]


def _explained(element: Element, algorithm: str, keys: list[Key], octets: bytes, fault: Fault, scope: Scope) -> Fault:
    """Find the reason: try every cipher that the keys fit, and name the one that yields what was promised."""
    place = scope.place(element)
    evidence = fault.evidence or (Located("EncryptedData", place),)
    for key in keys:
        assert key.secret is not None
        for other in cipher.DATA_CIPHERS - {algorithm}:
            if len(key.secret) != cipher.KEY_SIZES[other]:
                continue
            found = _opened(element, other, key, octets)
            if isinstance(found, Fault) or found.tags is None:
                continue
            same_size = cipher.KEY_SIZES[other] == cipher.KEY_SIZES[algorithm]
            return Fault(
                "decryption-failed",
                "EncryptedData",
                f"the data is declared as {short(algorithm)}, but was encrypted with {short(other)}",
                "cipher-mode-altered" if same_size else "encryption-method-altered",
                (Compared("EncryptionMethod", short(other), short(algorithm), place), *evidence),
            )
    sizes = {len(key.secret) for key in keys if key.secret is not None}
    if cipher.KEY_SIZES[algorithm] not in sizes:
        reason: str | None = "encryption-method-altered"
    elif fault.fault == "decryption-failed":
        reason = "encrypted-data-altered"
    else:
        reason = fault.reason
    return Fault(fault.fault, fault.where, fault.says, reason, evidence)
