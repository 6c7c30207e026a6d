"""Why a peer and the verifier disagree about a changed message: classes of explanations."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from benchmarks.places import CORPUS, Answer
from wssdoctor.wsse import Verification

XENC = "http://www.w3.org/2001/04/xmlenc#"
# Faults that follow from others: a signature that does not hold signs nothing, what stays encrypted is not found.
CONSEQUENCES = {"required-part-not-signed", "username-token-missing"}
# Faults of rules that a peer does not have. A disagreement is explained when the root fault is in such a class.
BEYOND_XMLSEC1 = {
    "position": {"signature-wrapped", "required-part-not-signed"},
    "ids": {"duplicate-id"},
    "headers": {
        "security-header-missing",
        "security-header-duplicate",
        "security-header-other-actor",
        "security-header-namespace",
        "signature-missing",
    },
    "tokens": {
        "token-malformed",
        "token-reference-unresolved",
        "key-info-missing",
        "key-not-found",
        "cert-untrusted",
        "cert-chain-incomplete",
        "username-token-missing",
        "username-unknown",
        "password-missing",
        "password-mismatch",
        "password-digest-mismatch",
        "password-type-unsupported",
        "nonce-missing",
        "nonce-malformed",
        "created-missing",
    },
    "time": {
        "timestamp-missing",
        "timestamp-malformed",
        "timestamp-expired",
        "timestamp-expires-before-created",
        "timestamp-created-missing",
        "timestamp-created-in-future",
        "timestamp-too-old",
        "timestamp-duplicate",
        "username-token-created-in-future",
        "username-token-too-old",
    },
    "envelope": {"envelope-malformed"},
    "forms": {"signature-malformed"},
}
BEYOND_WSS4J = {
    "clock (WSS4J reads its own)": {
        "timestamp-created-in-future",
        "timestamp-expired",
        "timestamp-too-old",
        "username-token-created-in-future",
        "username-token-too-old",
    },
    "every part of the name must be signed": {"required-part-not-signed"},
    "token forms": {"token-malformed"},
    "a recipient is named once": {"decryption-key-not-found"},
    "references of encrypted data": {"encrypted-key-missing"},
    "base64 of cipher values": {"decryption-failed", "key-unwrap-failed"},
    "ids": {"duplicate-id"},
    "time": {"timestamp-duplicate", "timestamp-created-missing", "timestamp-malformed"},
    "forms": {"signature-malformed"},
    "password type": {"password-type-unsupported"},
}
# What peers say when they refuse something sound, and why they do.
LIMITS_OF_WSS4J = (
    ("Invalid timestamp", "xsd:dateTime with white space or comments inside"),
    ("Unsupported KeyInfo type", "key information that it does not read"),
    ("MarshalException", "stricter reading of ds:Signature"),
    (
        "referenced data not fo",
        "takes the first element with an Id, and cannot decrypt data twice that is listed twice",
    ),
    ("does not contain ds:KeyIn", "wants ds:KeyInfo where the verifier tries the shared keys that it was given"),
    ("NumberFormatException", "takes the last of several serial numbers"),
    ("URISyntaxException", "URI that Java refuses"),
    ("must be followed by", "names of the fourth edition of XML 1.0"),
    ("elsewhere", "element in a place that it does not map"),
)


@dataclass
class Case:
    """One changed message and what everybody said."""

    number: int
    base: str
    change: str
    octets: bytes
    ours: Verification
    xmlsec1: str = ""
    wss4j: Answer | None = None
    plain: Answer | None = None
    collapsed: Verification | None = None


def explain_refusal(found: Verification, classes: dict[str, set[str]]) -> str | None:
    """Name the class of the root fault, with its reason; None when it is in none."""
    roots = [fault for fault in found.faults if fault.fault not in CONSEQUENCES] or list(found.faults)
    name = next((n for n, faults in classes.items() if roots[0].fault in faults), None)
    return f"{name} ({roots[0].reason})" if name and roots[0].reason else name


def without_splits(octets: bytes) -> bytes:
    """Drop comments, CDATA marks and references inside of texts of base64 and names (nothing that is signed changes)."""
    octets = re.sub(rb"<!\[CDATA\[([\w+/=:.,\s-]*)\]\]>", rb"\1", re.sub(rb"<!--.*?-->", b"", octets, flags=re.DOTALL))
    return re.sub(rb"&#(4[89]|[5-9]\d|1[01]\d|12[0-2]);", lambda m: bytes([int(m.group(1))]), octets)


def without_trailing_space(octets: bytes) -> bytes:
    """Drop white space at the end of Ids and URIs."""
    return re.sub(rb'\b((?:Id|URI|ValueType|EncodingType)="[^"]*?)(?:\s|&#9;)+"', rb'\1"', octets)


def namespace_error(octets: bytes) -> bool:
    """Say whether the only thing wrong with the XML is a namespace (libxml2 reads on after that)."""
    try:
        etree.fromstring(octets, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as problem:
        return 200 <= int(getattr(problem, "code", 0)) < 210
    return False


def unlisted_data(octets: bytes) -> bool:
    """Say whether there is encrypted data that no ReferenceList of the security header lists."""
    try:
        root = etree.fromstring(octets, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    except etree.XMLSyntaxError:
        return False
    listed = {
        reference.get("URI") for reference in root.iterfind(f".//{{{XENC}}}ReferenceList/{{{XENC}}}DataReference")
    }
    return any("#" + data.get("Id", "") not in listed for data in root.iter(f"{{{XENC}}}EncryptedData"))


def carries_client_certificate(octets: bytes) -> bool:
    """Say whether the client's certificate is in the message as it was."""
    pem = (CORPUS / "keys/client.crt.pem").read_text().strip().splitlines()
    return "".join(pem[1:-1]).encode() in re.sub(rb"\s|<!--.*?-->", b"", octets)


def compare_xmlsec1(case: Case) -> str:
    """Return agreement, an explanation class, or UNEXPLAINED."""
    ours = case.ours.verdict
    if ours == case.xmlsec1:
        return f"both {ours}"
    if ours == "reject":
        why = explain_refusal(case.ours, BEYOND_XMLSEC1)
        if why:
            return f"rule that xmlsec1 does not have: {why}"
        if namespace_error(case.octets):
            return "limit of xmlsec1: reads on after an error in namespaces"
        if not carries_client_certificate(case.octets):
            return "xmlsec1 was given the key; the token in the message is another"
        return "UNEXPLAINED: xmlsec1 accepts"
    if (
        not re.fullmatch(rb"[!-~]*", b"".join(re.findall(rb'xmlns(?::[\w.-]+)?="([^"]*)"', case.octets)))
        or b"&#" in case.octets
    ):
        return "limit of xmlsec1: does not canonicalize namespace names that are no URIs"
    first = case.ours.signatures[0] if case.ours.signatures else None
    told = first is not None and all(
        re.match(r"#", r.uri or "#") and r.part in ("Body", "Timestamp") for r in first.references
    )
    return "UNEXPLAINED: xmlsec1 refuses" if told else "xmlsec1 was not told of the Id, or lacks the STR-Transform"


def compare_wss4j(case: Case) -> str:
    """Return agreement, an explanation class, or UNEXPLAINED."""
    assert case.wss4j
    ours, theirs = case.ours.verdict, case.wss4j.verdict
    if ours == theirs:
        return f"both {ours}"
    if ours == "reject":
        why = explain_refusal(case.ours, BEYOND_WSS4J)
        if why:
            return f"rule that WSS4J does not have: {why}"
        if re.search(rb'EncryptedData[^>]*Type="(?!http://www.w3.org/2001/04/xmlenc#(Element|Content)")', case.octets):
            return "rule that WSS4J does not have: encrypted data of an unknown Type is not opened"
        if case.collapsed and case.collapsed.verdict == "accept":
            return "leniency of WSS4J: white space at the end of an Id or URI"
        return "UNEXPLAINED: WSS4J accepts"
    if case.plain and case.plain.verdict == "accept":
        return "limit of WSS4J: reads a text only up to a comment, and takes a URI with the white space at its end"
    if b":Salt>" in case.octets and b":Iteration>" not in case.octets:
        return "limit of WSS4J: wants wsse11:Iteration, which has a default"
    if unlisted_data(case.octets) or (b"EncryptedData" in case.octets and "Body" in case.wss4j.says):
        return "limit of WSS4J: decrypts only what a ReferenceList lists, and wants the Type of encrypted data"
    listed = re.findall(rb'DataReference[^>]*URI="([^"]*)"', case.octets)
    if len(listed) > len(set(listed)):
        return "limit of WSS4J: decrypts data twice that is listed twice"
    why = next((text for words, text in LIMITS_OF_WSS4J if words in case.wss4j.says), None)
    return f"limit of WSS4J: {why}" if why else "UNEXPLAINED: WSS4J refuses"
