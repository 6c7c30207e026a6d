"""ds:Signature: its structure, its algorithms, its key, its value and its references (XML Signature 1.1, section 3.2)."""

from __future__ import annotations

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import canonical, key_info, names
from wssdoctor.wsse.algorithm import DIGEST_SIZES, DIGESTS, SIGNATURES, SignatureAlgorithm
from wssdoctor.wsse.canonical import Canonicalization
from wssdoctor.wsse.document import Element, child_of, text_of
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.reference import Reference, check_reference, malformed, plain_base64
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.signature_value import PssParameters, fits, verifies

_DS = f"{{{names.DS}}}"
_PSS = f"{{{names.DS_MORE_2007}}}"
_MOST_REFERENCES = 256
_REFERENCE, _KEY_INFO = _DS + "Reference", _DS + "KeyInfo"
_CANONICALIZATION_METHOD, _SIGNATURE_METHOD = _DS + "CanonicalizationMethod", _DS + "SignatureMethod"
_ONCE = ((_DS + "SignedInfo", "signed-info-count"), (_DS + "SignatureValue", "signature-value-count"))
_ORDER = {_DS + name: index for index, name in enumerate(("SignedInfo", "SignatureValue", "KeyInfo", "Object"))}


class SignedInfo(msgspec.Struct, frozen=True, kw_only=True):
    """SignedInfo and SignatureValue, read and found to be well formed."""

    element: Element
    method: Canonicalization
    method_uri: str
    algorithm: SignatureAlgorithm
    value: bytes
    references: tuple[Element, ...]
    key_info: Element | None = None
    output_bits: int | None = None
    pss: PssParameters | None = None


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """One signature as it was checked. ``value_ok`` of None means that the value could not be judged.

    ``fault`` is what kept it from being judged or what is wrong with its value; the references have their own.
    """

    element: Element
    info: SignedInfo | None = None
    octets: bytes = b""
    """SignedInfo in canonical form."""
    key: Key | None = None
    candidates: tuple[Key, ...] = ()
    value_ok: bool | None = None
    fault: Fault | None = None
    references: tuple[Reference, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether value and all digests hold."""
        return self.value_ok is True and all(reference.ok for reference in self.references)

    def covers(self) -> list[Reference]:
        """Give the references that hold, if the value does: what this signature proves."""
        return [reference for reference in self.references if reference.ok] if self.value_ok else []


def check_signature(element: Element, scope: Scope) -> Signature:
    """Check one signature in the message's present state. Never raises for what the message says."""
    try:
        info = read_signed_info(element, scope)
    except FaultFound as found:
        return Signature(element=element, fault=found.fault, references=_unread_references(element, scope))
    octets = b""
    keys: list[Key] = []
    key: Key | None = None
    value_ok: bool | None = None
    fault: Fault | None = None
    references = tuple([check_reference(reference, element, scope) for reference in info.references])
    try:
        octets = canonical.canonicalize(info.element, info.method)
        keys = key_info.keys_of(info.key_info, scope, secret=info.algorithm.family == "hmac")
        key = _verifying_key(keys, info, octets, scope)
        value_ok = key is not None
        key = key or keys[0]
    except FaultFound as found:
        fault = found.fault
    return Signature(
        element=element,
        info=info,
        octets=octets,
        key=key,
        candidates=tuple(keys),
        value_ok=value_ok,
        fault=fault,
        references=references,
    )


def _verifying_key(keys: list[Key], info: SignedInfo, octets: bytes, scope: Scope) -> Key | None:
    fitting = [key for key in keys if fits(info.algorithm, key)]
    if not fitting:
        raise FaultFound(_key_mismatch(keys[0], info, scope))
    for key in fitting:
        try:
            if verifies(info.algorithm, key, octets, info.value, output_bits=info.output_bits, pss=info.pss):
                return key
        except (UnsupportedAlgorithm, ValueError) as error:
            method = child_of(info.element, _DS + "SignatureMethod")
            assert method is not None
            evidence: tuple[Evidence, ...] = (Located(str(error), scope.place(method)),)
            raise FaultFound(
                Fault(
                    "algorithm-unknown",
                    "SignedInfo",
                    f"the signature method {info.algorithm.uri!r} is not available here",
                    evidence=evidence,
                )
            ) from None
    return None


_UNREAD = {
    "1.2.840.10045.2.1": "an elliptic curve key on a curve without a known name",
    "1.2.840.113549.1.1.1": "an RSA key of a form or size that is refused",
}


def _key_mismatch(key: Key, info: SignedInfo, scope: Scope) -> Fault:
    what = "a shared secret" if key.secret is not None else "a public key"
    if key.certificate is not None and key.public is None:
        kind = _UNREAD.get(key.certificate.key_kind, f"a key of kind {key.certificate.key_kind}")
        unread: tuple[Evidence, ...] = (Located(f"{kind} ({key.how})", scope.place(info.element)),)
        says = f"the key of the certificate is not read: {kind}"
        return Fault("algorithm-unknown", "KeyInfo", says, evidence=unread)
    if key.certificate is not None:
        what = f"the {key.certificate.key_kind} key of a certificate"
    needed = {
        "hmac": "a shared secret",
        "rsa": "an RSA key",
        "rsa-pss": "an RSA key",
        "ecdsa": "an elliptic curve key",
        "dsa": "a DSA key",
        "eddsa": "an Edwards curve key",
    }[info.algorithm.family]
    reason = "hmac-keyed-with-a-public-key" if info.algorithm.family == "hmac" else None
    evidence: tuple[Evidence, ...] = (
        Compared(f"key for {info.algorithm.uri}", needed, f"{what} ({key.how})", scope.place(info.element)),
    )
    says = f"the algorithm needs {needed}, but the key that is named is {what}"
    return Fault("algorithm-key-mismatch", "SignedInfo", says, reason, evidence)


def read_signed_info(element: Element, scope: Scope) -> SignedInfo:
    """Read the structure of a signature. Raises FaultFound (signature-malformed, algorithm-unknown, hmac-output-too-short)."""
    children = [child for child in element if type(child) is Element]
    tags = [child.tag for child in children]
    for name, reason in _ONCE:
        if tags.count(name) != 1:
            says = f"the signature has {tags.count(name)} {name.removeprefix(_DS)} elements; it must have one"
            raise FaultFound(malformed(says, element, scope, reason))
    order = [_ORDER.get(tag, len(_ORDER)) for tag in tags]
    if order != sorted(order):
        says = "the signature's elements are not in the order SignedInfo, SignatureValue, KeyInfo, Object"
        raise FaultFound(malformed(says, element, scope, "signature-elements-reordered"))
    info, value = children[0], children[1]  # by their order
    c14n = signature_method = None
    references: list[Element] = []
    for child in info:  # one pass: looking up each by name takes longer
        tag = child.tag
        if tag == _REFERENCE:
            references.append(child)
        elif tag == _CANONICALIZATION_METHOD:
            c14n = child if c14n is None else c14n
        elif tag == _SIGNATURE_METHOD:
            signature_method = child if signature_method is None else signature_method
    if c14n is None or signature_method is None or not references:
        says = "SignedInfo lacks CanonicalizationMethod, SignatureMethod or Reference"
        raise FaultFound(malformed(says, info, scope))
    if len(references) > _MOST_REFERENCES:
        raise FaultFound(malformed(f"{len(references)} references; {_MOST_REFERENCES} are allowed", info, scope))
    method = canonical.method_of(c14n)
    if method is None:
        raise FaultFound(_unknown("CanonicalizationMethod", "canonicalisation", c14n, scope))
    algorithm = SIGNATURES.get(signature_method.get("Algorithm", ""))
    if algorithm is None:
        raise FaultFound(_unknown("SignatureMethod", "signature method", signature_method, scope))
    output_bits, pss = None, None
    if len(signature_method):
        output_bits = _output_bits(signature_method, algorithm, scope)
        pss = _pss(signature_method, algorithm, scope)
    return SignedInfo(
        element=info,
        method=method,
        method_uri=c14n.get("Algorithm", ""),
        algorithm=algorithm,
        value=plain_base64(value, scope),
        references=tuple(references),
        key_info=children[2] if len(children) > 2 and tags[2] == _KEY_INFO else None,
        output_bits=output_bits,
        pss=pss,
    )


def _unknown(name: str, what: str, element: Element, scope: Scope) -> Fault:
    uri = element.get("Algorithm", "")
    evidence: tuple[Evidence, ...] = (Compared(name, "one that is known", uri, scope.place(element)),)
    return Fault("algorithm-unknown", "SignedInfo", f"the {what} {uri!r} is not known", evidence=evidence)


def _output_bits(method: Element, algorithm: SignatureAlgorithm, scope: Scope) -> int | None:
    """Read HMACOutputLength; at least half the hash and 80 bits (section 6.3.1, CVE-2009-0217)."""
    length = child_of(method, _DS + "HMACOutputLength")
    if length is None or algorithm.family != "hmac":
        return None
    text = text_of(length).strip()
    full = DIGEST_SIZES[algorithm.digest] * 8
    bits = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    least = max(full // 2, 80)
    if not least <= bits <= full or bits % 8:
        evidence: tuple[Evidence, ...] = (
            Compared("HMACOutputLength", f"{least} to {full} bits, whole octets", text, scope.place(length)),
        )
        says = f"HMACOutputLength is {text or 'empty'}; at least {least} bits are safe"
        raise FaultFound(Fault("hmac-output-too-short", "SignedInfo", says, "hmac-output-shortened", evidence))
    return bits


def _pss(method: Element, algorithm: SignatureAlgorithm, scope: Scope) -> PssParameters | None:
    """Read RSAPSSParams (RFC 9231, section 2.3.10)."""
    if algorithm.family != "rsa-pss":
        return None
    parameters = child_of(method, _PSS + "RSAPSSParams")
    if parameters is None:
        return None
    digest = mask = None
    for name, found in (
        ("DigestMethod", child_of(parameters, _DS + "DigestMethod")),
        ("mask", parameters.find(f".//{_PSS}MaskGenerationFunction/{_DS}DigestMethod")),
    ):
        if found is not None:
            uri = found.get("Algorithm", "")
            if uri not in DIGESTS:
                raise FaultFound(_unknown("DigestMethod", "digest method", found, scope))
            digest, mask = (DIGESTS[uri], mask) if name == "DigestMethod" else (digest, DIGESTS[uri])
    salt = child_of(parameters, _PSS + "SaltLength")
    salt_text = text_of(salt).strip() if salt is not None else ""
    salt_length = int(salt_text) if salt_text.isascii() and salt_text.isdigit() and len(salt_text) < 4 else None
    return PssParameters(digest or algorithm.digest or "sha256", mask, salt_length)


def _unread_references(element: Element, scope: Scope) -> tuple[Reference, ...]:
    """References of a signature whose method is unknown: their digests can be judged all the same."""
    infos = element.findall(_DS + "SignedInfo")
    if len(infos) != 1:
        return ()
    references = list(infos[0].iterchildren(_DS + "Reference"))[:_MOST_REFERENCES]
    return tuple(check_reference(reference, element, scope) for reference in references)
