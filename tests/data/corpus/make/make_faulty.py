"""Messages by a producer that errs in one way: signed with lxml and cryptography, the mistake chosen by name.

Each imitates a mistake that real producers make; the signature value is right unless the mistake is in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from edits import refused
from kit import C14N, DS, EXC, KEYS, MORE, WSU, Message, b64, element_at, signed
from lxml import etree
from xmlsec_templates import Template, template_text

PRODUCER = "a faulty producer, imitated with lxml and cryptography"


def exclusive(element: etree._Element, prefixes: list[str] | None = None, comments: bool = False) -> bytes:
    """Canonicalize exclusively."""
    return etree.tostring(
        element, method="c14n", exclusive=True, with_comments=comments, inclusive_ns_prefixes=prefixes
    )


def inclusive(element: etree._Element, comments: bool = False) -> bytes:
    """Canonicalize inclusively, in the context of the document (no ancestor has xml: attributes here)."""
    return etree.tostring(element, method="c14n", with_comments=comments)


def detached(element: etree._Element) -> bytes:
    """Canonicalize inclusively outside the document."""
    return inclusive(etree.fromstring(exclusive(element)))


def content(element: etree._Element) -> bytes:
    """Canonicalize what is between the tags only."""
    octets = exclusive(element)
    return octets[octets.index(b">") + 1 : octets.rindex(b"</")]


def laid_out(element: etree._Element) -> bytes:
    """Canonicalize the element after it was laid out (lxml's pretty printer)."""
    copy = etree.fromstring(exclusive(element), etree.XMLParser(remove_blank_text=True))
    return exclusive(etree.fromstring(etree.tostring(copy, pretty_print=True)))


def without_blanks(element: etree._Element) -> bytes:
    """Canonicalize the element without the white space between elements."""
    return exclusive(etree.fromstring(exclusive(element), etree.XMLParser(remove_blank_text=True)))


def without_id(element: etree._Element) -> bytes:
    """Canonicalize the element as it was before it got its Id."""
    copy = etree.fromstring(exclusive(element))
    del copy.attrib[f"{{{WSU}}}Id"]
    etree.cleanup_namespaces(copy)
    return exclusive(copy)


def with_carriage_returns(element: etree._Element) -> bytes:
    """Canonicalize, with the line ends of Windows."""
    return exclusive(element).replace(b"&#xD;\n", b"\n").replace(b"\n", b"\r\n")


def mangled(element: etree._Element) -> bytes:
    """Canonicalize, but write the octets in Latin-1."""
    return exclusive(element).decode().encode("latin-1", errors="replace")


def twice_encoded(element: etree._Element) -> bytes:
    """Canonicalize, but encode UTF-8 twice."""
    return exclusive(element).decode("latin-1").encode()


def raw(element: etree._Element) -> bytes:
    """Digest the element as serialized, without canonicalization."""
    return etree.tostring(element, encoding="utf-8", with_tail=False)


def referenced(element: etree._Element) -> bytes:
    """Digest characters beyond ASCII as the references that were written."""
    return re.sub(r"[^\x00-\x7f]", lambda m: f"&#x{ord(m.group(0)):x};", exclusive(element).decode()).encode()


Octets = Callable[[etree._Element], bytes]

BODY_MISTAKES: list[tuple[str, str, Octets, str, str | None]] = [
    (
        "inclusive-body",
        "prefixes",
        inclusive,
        "declared-exclusive-signed-inclusive",
        "declared-exclusive-signed-inclusive",
    ),
    (
        "comments-kept",
        "mixed",
        lambda e: exclusive(e, comments=True),
        "comments-digested",
        "comments-kept-when-signing",
    ),
    (
        "prefix-list-used",
        "prefixes",
        lambda e: exclusive(e, ["soapenv", "wsu", "xsi", "a"]),
        "prefix-list-used-but-not-declared",
        "inclusive-prefixes-not-declared",
    ),
    ("content-only", "order", content, "content-digested-instead-of-element", "digested-content-only"),
    ("laid-out", "order", laid_out, "digested-after-layout", None),
    ("blanks-removed", "laid-out", without_blanks, "digested-without-white-space", "body-pretty-printed"),
    ("before-id", "order", without_id, "digested-before-the-id-was-added", "id-added-after-signing"),
    ("crlf", "whitespace", with_carriage_returns, "digested-with-windows-line-ends", "line-endings-changed"),
    ("latin-1", "non-ascii", mangled, "digested-in-latin-1", "character-encoding-mangled"),
    ("utf-8-twice", "non-ascii", twice_encoded, "digested-encoded-twice", "character-encoding-mangled"),
    ("raw", "mixed", raw, "digested-without-canonicalization", None),
    ("raw-empty-elements", "laid-out", raw, "digested-without-canonicalization", None),
    (
        "as-references",
        "non-ascii",
        referenced,
        "digested-character-references-as-written",
        "character-references-digested",
    ),
]

DIGEST_MISTAKES: list[tuple[str, Callable[[bytes], str], str, str | None]] = [
    (
        "sha1-declared-sha256",
        lambda o: b64(hashlib.sha1(o, usedforsecurity=False).digest()),
        "another-digest-algorithm-used",
        "digest-method-changed",
    ),
    (
        "sha512-declared-sha256",
        lambda o: b64(hashlib.sha512(o).digest()),
        "another-digest-algorithm-used",
        "digest-method-changed",
    ),
    (
        "hex",
        lambda o: b64(hashlib.sha256(o).hexdigest().encode()),
        "digest-in-hexadecimal-then-base64",
        "digest-hex-encoded",
    ),
    ("bare-hex", lambda o: hashlib.sha256(o).hexdigest(), "digest-in-hexadecimal", "digest-hex-encoded"),
    ("twice", lambda o: b64(hashlib.sha256(hashlib.sha256(o).digest()).digest()), "digest-of-the-digest", None),
]


def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """Load a private key."""
    found = serialization.load_pem_private_key((KEYS / f"{name}.key.pem").read_bytes(), None)
    assert isinstance(found, rsa.RSAPrivateKey)
    return found


def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    """Load a private key."""
    found = serialization.load_pem_private_key((KEYS / f"{name}.key.pem").read_bytes(), None)
    assert isinstance(found, ec.EllipticCurvePrivateKey)
    return found


def rsa_value(octets: bytes) -> bytes:
    """Sign with RSA PKCS#1 v1.5 and SHA-256."""
    return rsa_key("client").sign(octets, padding.PKCS1v15(), hashes.SHA256())


def build(
    t: Template,
    body_octets: Octets = exclusive,
    digest: Callable[[bytes], str] | None = None,
    info_octets: Octets = exclusive,
    value: Callable[[bytes], bytes] = rsa_value,
    text: Callable[[Template], str] = template_text,
) -> bytes:
    """Sign a template by hand, with the given ways to canonicalize, to digest and to sign."""

    def right(octets: bytes) -> str:
        return b64(hashlib.sha256(octets).digest())

    root = etree.fromstring(text(t).encode())
    for reference, octets, make in zip(
        root.iter(f"{{{DS}}}Reference"), (body_octets, exclusive), (digest or right, right), strict=False
    ):
        target = reference.get("URI", "")[1:]
        element = next(e for e in root.iter(etree.Element) if e.get(f"{{{WSU}}}Id") == target)
        element_at(reference, f"{{{DS}}}DigestValue").text = make(octets(element))
    element_at(root, f".//{{{DS}}}SignatureValue").text = b64(
        value(info_octets(element_at(root, f".//{{{DS}}}SignedInfo")))
    )
    return etree.tostring(root, encoding="unicode").encode()


def messages() -> list[Message]:
    """Make one message per mistake."""
    features = ["signature", "bst-x509v3", "timestamp"]
    made = [
        Message(
            "faulty/none",
            build(Template("", "", {}, key_info="bst")),
            "lxml and cryptography, by hand",
            features,
            signed(),
        )
    ]

    def add(
        name: str, octets: bytes, fault: str, cause: str, where: str, *others: str, reason: str | None = None
    ) -> None:
        made.append(
            Message(
                f"faulty/{name}",
                octets,
                PRODUCER,
                features,
                signed(),
                refused(fault, cause, where, *others, reason=reason),
            )
        )

    for name, payload, octets, cause, reason in BODY_MISTAKES:
        t = Template(
            "",
            "",
            {},
            key_info="bst",
            payload=payload,
            envelope_attributes=' xmlns:a="urn:example:a"' if payload == "prefixes" else "",
        )
        add(f"body-{name}", build(t, octets), "digest-mismatch", cause, "Body", reason=reason)
    inclusive_declared = Template("", "", {}, key_info="bst", transform=C14N, payload="prefixes")
    add(
        "body-exclusive",
        build(inclusive_declared, exclusive),
        "digest-mismatch",
        "declared-inclusive-signed-exclusive",
        "Body",
        reason="declared-inclusive-signed-exclusive",
    )
    # the time stamp is digested exclusively as well, so both differ; the Body comes first in SignedInfo
    add(
        "body-detached",
        build(inclusive_declared, detached),
        "digest-mismatch",
        "canonicalized-outside-the-document",
        "Body",
        reason="declared-inclusive-signed-exclusive",
    )
    listed = Template(
        "",
        "",
        {},
        key_info="bst",
        transforms=f'<ec:InclusiveNamespaces xmlns:ec="{EXC}" PrefixList="soapenv wsu"/>',
        payload="prefixes",
    )
    add(
        "body-prefix-list-ignored",
        build(listed),
        "digest-mismatch",
        "prefix-list-declared-but-not-used",
        "Body",
        reason="inclusive-prefixes-ignored",
    )
    plain = Template("", "", {}, key_info="bst")
    for name, make, cause, reason in DIGEST_MISTAKES:
        add(
            f"digest-{name}",
            build(plain, digest=make),
            "digest-mismatch",
            cause,
            "Body",
            "signature-malformed",
            reason=reason,
        )
    mismatch = ("signature-value-mismatch",)
    add(
        "info-inclusive",
        build(plain, info_octets=inclusive),
        *mismatch,
        "signedinfo-declared-exclusive-signed-inclusive",
        "SignedInfo",
        reason="declared-exclusive-signed-inclusive",
    )
    add(
        "info-detached",
        build(Template("", "", {}, key_info="bst", c14n=C14N), info_octets=detached),
        *mismatch,
        "signedinfo-canonicalized-outside-the-document",
        "SignedInfo",
        reason="declared-inclusive-signed-exclusive",
    )
    add("info-raw", build(plain, info_octets=raw), *mismatch, "signedinfo-not-canonicalized", "SignedInfo")
    add("info-laid-out", build(plain, info_octets=laid_out), *mismatch, "signedinfo-signed-after-layout", "SignedInfo")
    add(
        "value-sha1",
        build(plain, value=lambda o: rsa_key("client").sign(o, padding.PKCS1v15(), hashes.SHA1())),
        *mismatch,
        "another-signature-algorithm-used",
        "SignedInfo",
        reason="signature-method-misdeclared",
    )
    add(
        "value-sha512",
        build(plain, value=lambda o: rsa_key("client").sign(o, padding.PKCS1v15(), hashes.SHA512())),
        *mismatch,
        "another-signature-algorithm-used",
        "SignedInfo",
        reason="signature-method-misdeclared",
    )
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    add(
        "value-pss",
        build(plain, value=lambda o: rsa_key("client").sign(o, pss, hashes.SHA256())),
        *mismatch,
        "pss-used-pkcs1-declared",
        "SignedInfo",
        reason="signature-method-misdeclared",
    )

    def digested(octets: bytes) -> bytes:
        twice = hashlib.sha256(hashlib.sha256(octets).digest()).digest()
        return rsa_key("client").sign(twice, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))

    add(
        "value-hashed-twice", build(plain, value=digested), *mismatch, "digest-of-signedinfo-hashed-again", "SignedInfo"
    )
    add(
        "value-other-key",
        build(plain, value=lambda o: rsa_key("client-other").sign(o, padding.PKCS1v15(), hashes.SHA256())),
        *mismatch,
        "signed-with-a-key-that-is-not-the-certificates",
        "SignedInfo",
    )
    add(
        "value-reversed",
        build(plain, value=lambda o: rsa_value(o)[::-1]),
        *mismatch,
        "signature-octets-reversed",
        "SignedInfo",
        reason="value-reversed",
    )
    ecdsa = Template("", "", {}, key="client-ec256", method=MORE + "ecdsa-sha256", key_info="bst")

    def ec_der(octets: bytes) -> bytes:
        return ec_key("client-ec256").sign(octets, ec.ECDSA(hashes.SHA256()))

    def ec_raw(octets: bytes) -> bytes:
        r, s = utils.decode_dss_signature(ec_der(octets))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    made.append(
        Message(
            "faulty/none-ecdsa",
            build(ecdsa, value=ec_raw),
            "lxml and cryptography, by hand",
            [*features, "ecdsa-sha256"],
            signed(),
        )
    )
    add(
        "value-ecdsa-der",
        build(ecdsa, value=ec_der),
        *mismatch,
        "ecdsa-value-in-der",
        "SignedInfo",
        "signature-malformed",
        reason="value-in-asn1",
    )
    no_id = build(plain).replace(b' wsu:Id="body-1"', b"", 1)
    add("id-missing", no_id, "reference-unresolved", "body-id-not-written", "Body")
    return made
