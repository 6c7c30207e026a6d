"""Attacks that a verifier must survive: wrapping, confusion, truncation, comments, bombs."""

from __future__ import annotations

import base64
import copy
import hmac
import resource
import time
from collections.abc import Callable

import pytest
from lxml import etree

from tests.present import present
from tests.wsse.signed import BODY, SECURITY, SIGNATURE, STAMP, first, judged, message, signer, tree
from wssdoctor.wsse import names

EVIL = '<o:Order xmlns:o="urn:example:orders"><Buyer>Mallory</Buyer></o:Order>'
DS = f"{{{names.DS}}}"


def test_the_message_itself_is_accepted() -> None:
    found = judged(message())
    assert found.verdict == "accept", found.faults
    assert [reference.part for reference in found.signatures[0].references] == [
        "Body",
        "Timestamp",
        "BinarySecurityToken",
    ]


def wrap(
    where: Callable[[etree._Element, etree._Element], None], *, same_id: bool = False, tag: str = BODY
) -> etree._Element:
    """Put another element in the place of a signed one, and the signed one elsewhere."""
    root = tree()
    signed = next(root.iter(tag))
    parent = present(signed.getparent())
    evil = copy.deepcopy(signed)
    if tag == BODY:
        evil[:] = [etree.fromstring(EVIL)]
    else:
        evil[1].text = "2026-03-01T12:04:59Z"
    if not same_id:
        evil.set(names.WSU_ID, "other")
    parent.replace(signed, evil)
    where(root, signed)
    return root


def in_header(root: etree._Element, signed: etree._Element) -> None:
    etree.SubElement(root[0], "{urn:x}Wrapper").append(signed)


def in_security(root: etree._Element, signed: etree._Element) -> None:
    etree.SubElement(next(root.iter(SECURITY)), "{urn:x}Wrapper").append(signed)


def in_object(root: etree._Element, signed: etree._Element) -> None:
    etree.SubElement(next(root.iter(SIGNATURE)), DS + "Object").append(signed)


def in_evil(root: etree._Element, signed: etree._Element) -> None:
    root[1].append(signed)


def second_before(root: etree._Element, signed: etree._Element) -> None:
    root.append(signed)


def in_envelope(root: etree._Element, signed: etree._Element) -> None:
    etree.SubElement(root, "{urn:x}Wrapper").append(signed)


def as_header(root: etree._Element, signed: etree._Element) -> None:
    root[0].append(signed)


def deep(root: etree._Element, signed: etree._Element) -> None:
    holder = etree.SubElement(root[0], "{urn:x}Wrapper")
    for _ in range(5):
        holder = etree.SubElement(holder, "{urn:x}Deeper")
    holder.append(signed)


SHAPES = [in_header, in_security, in_object, in_evil, second_before, in_envelope, as_header, deep]


@pytest.mark.parametrize("shape", SHAPES)
def test_wrapped_body(shape: Callable[[etree._Element, etree._Element], None]) -> None:
    assert first(wrap(shape)) == ("signature-wrapped", "signed-element-moved")


@pytest.mark.parametrize("shape", SHAPES)
def test_wrapped_body_with_the_same_id(shape: Callable[[etree._Element, etree._Element], None]) -> None:
    assert first(wrap(shape, same_id=True))[0] in ("duplicate-id", "signature-wrapped")


@pytest.mark.parametrize("shape", [in_header, in_security, in_object, in_envelope, deep])
def test_wrapped_time_stamp(shape: Callable[[etree._Element, etree._Element], None]) -> None:
    found = judged(wrap(shape, tag=STAMP))
    assert "signature-wrapped" in {fault.fault for fault in found.faults}


@pytest.mark.parametrize("shape", [in_header, in_object, deep])
def test_wrapping_is_seen_without_any_demand(shape: Callable[[etree._Element, etree._Element], None]) -> None:
    assert first(wrap(shape), require_signed=())[0] == "signature-wrapped"


def test_a_body_signed_by_name_only_does_not_count() -> None:
    root = tree()
    root[1].tag = "{urn:x}Body"
    etree.SubElement(root, BODY)
    assert judged(root).verdict == "reject"


@pytest.mark.parametrize("pattern", ["{0}{0}", "<x:W xmlns:x='urn:x'>{0}</x:W>", ""], ids=["two", "wrapped", "none"])
def test_one_signed_info(pattern: str) -> None:
    text = message().decode()
    start, end = text.index("<ds:SignedInfo"), text.index("</ds:SignedInfo>") + len("</ds:SignedInfo>")
    info = text[start:end]
    assert first((text[:start] + pattern.format(info) + text[end:]).encode())[0] == "signature-malformed"


@pytest.mark.parametrize("name", ["DigestValue", "SignatureValue"])
@pytest.mark.parametrize("inside", ["<!-- x -->", "<?x y?>", "<x xmlns='urn:x'/>"])
def test_nothing_hides_in_values(name: str, inside: str) -> None:
    text = message().decode()
    at = text.index(f"<ds:{name}>") + len(f"<ds:{name}>") + 8
    fault, reason = first((text[:at] + inside + text[at:]).encode())
    assert (fault, reason) == ("signature-malformed", "comment-in-value")


@pytest.mark.parametrize("form", ["der", "base64", "pem"])
def test_hmac_with_a_public_key(form: str) -> None:
    key = {"der": signer().der, "base64": base64.b64encode(signer().der), "pem": signer().pem}[form]
    root = tree()
    method = next(root.iter(DS + "SignatureMethod"))
    method.set("Algorithm", names.DS_MORE + "hmac-sha256")
    info = next(root.iter(DS + "SignedInfo"))
    octets = etree.tostring(info, method="c14n", exclusive=True)
    next(root.iter(DS + "SignatureValue")).text = base64.b64encode(hmac.digest(key, octets, "sha256")).decode()
    assert first(root, shared_keys={"*": key})[0] == "algorithm-key-mismatch"


@pytest.mark.parametrize("length", ["0", "1", "8", "64", "79", "127", "-1", "abc", "", "99999999999999999999"])
def test_shortened_hmac(length: str) -> None:
    root = tree()
    method = next(root.iter(DS + "SignatureMethod"))
    method.set("Algorithm", names.DS_MORE + "hmac-sha256")
    etree.SubElement(method, DS + "HMACOutputLength").text = length
    next(root.iter(DS + "SignatureValue")).text = ""
    key_info = next(root.iter(DS + "KeyInfo"))
    key_info.clear()
    etree.SubElement(key_info, DS + "KeyName").text = "k"
    assert first(root, shared_keys={"k": b"secret"})[0] == "hmac-output-too-short"


@pytest.mark.parametrize(
    "uri", ["urn:unknown", names.XSLT, names.DECRYPT, "http://www.w3.org/2000/09/xmldsig#enveloped-signature "]
)
def test_no_transform_is_skipped(uri: str) -> None:
    root = tree()
    transforms = next(root.iter(DS + "Transforms"))
    etree.SubElement(transforms, DS + "Transform").set("Algorithm", uri)
    assert "algorithm-unknown" in {fault.fault for fault in judged(root).faults}


def bounded(data: bytes, **changes: object) -> str:
    """Judge hostile octets within 2 s of the processor, whatever else it does, and 200 MB; give the verdict."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.thread_time()
    verdict = judged(data, **changes).verdict
    assert time.thread_time() - start < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024
    return verdict


@pytest.mark.parametrize(
    "expression",
    [
        "count(//*//*//*//*//*) > 0",
        "//*[//*[//*[//*]]]",
        "not(ancestor-or-self::ds:Signature) and count(//node()[count(//node()) > 1]) > 0",
        "string-length(concat(" + "/,".join("/" for _ in range(400)) + ")) > 0",
    ],
)
def test_xpath_bombs(expression: str) -> None:
    root = tree()
    transform = etree.SubElement(next(root.iter(DS + "Transforms")), DS + "Transform")
    transform.set("Algorithm", names.XPATH)
    etree.SubElement(transform, DS + "XPath").text = expression
    for _ in range(2000):
        etree.SubElement(root[1], "{urn:x}padding")
    assert bounded(etree.tostring(root)) == "reject"


def test_many_references_and_transforms() -> None:
    root = tree()
    info = next(root.iter(DS + "SignedInfo"))
    reference = next(root.iter(DS + "Reference"))
    for _ in range(5000):
        info.append(copy.deepcopy(reference))
    assert bounded(etree.tostring(root)) == "reject"
    root = tree()
    transforms = next(root.iter(DS + "Transforms"))
    for _ in range(5000):
        transforms.append(copy.deepcopy(transforms[0]))
    assert bounded(etree.tostring(root)) == "reject"


def test_references_to_references() -> None:
    root = tree()
    key_info = next(root.iter(DS + "KeyInfo"))
    token_reference = key_info[0]
    token_reference.set(names.WSU_ID, "R")
    token_reference[0].set("URI", "#R")
    assert first(root)[0] == "token-reference-unresolved"


@pytest.mark.parametrize("uri", ["file:///etc/passwd", "http://127.0.0.1/x", "//host/share", "cid:none"])
def test_nothing_is_fetched(uri: str) -> None:
    root = tree()
    next(root.iter(DS + "Reference")).set("URI", uri)
    faults = {fault.fault for fault in judged(root).faults}
    assert faults & {"reference-unresolved", "mtom-part-missing"}


def test_relative_namespaces_are_refused_by_name() -> None:
    root = tree()
    root[1].append(etree.fromstring('<x:a xmlns:x="../relative"/>'))
    faults = {fault.fault for fault in judged(root).faults}
    assert "c14n-relative-namespace-uri" in faults


@pytest.mark.parametrize(
    "content",
    [
        "A" * 400_000 + "?",
        " " * 400_000 + "x",
        "\ufffd" * 200_000,
        "a?" * 200_000,
        "\n" * 400_000 + "x",
        "&lt;" * 100_000,
    ],
    ids=["letters", "blanks", "replaced", "marks", "lines", "escaped"],
)
def test_long_content_that_was_altered(content: str) -> None:
    root = tree()
    root[1][0][0].text = content
    assert bounded(etree.tostring(root, encoding="UTF-8")) == "reject"


def test_long_numbers_in_dates_and_expressions() -> None:
    root = tree()
    next(root.iter(STAMP))[0].text = "2026-03-01T24:00:00." + "1" * 10_000 + "Z"
    assert bounded(etree.tostring(root)) == "reject"
    root = tree()
    transform = etree.SubElement(next(root.iter(DS + "Transforms")), DS + "Transform")
    transform.set("Algorithm", names.XPATH)
    etree.SubElement(transform, DS + "XPath").text = "x" + " " * 300_000 + "y"
    assert bounded(etree.tostring(root)) == "reject"
