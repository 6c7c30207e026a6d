"""A digest vouches for what went into it, not for what its URI points to."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from tests.present import present
from tests.wsse.encrypting import message
from tests.wsse.pki import NOW, client, issuing, root
from tests.wsse.signing import by_id, x509_data
from wssdoctor.wsse import names, verify
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.document import parse_document


def canonical(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def transform(algorithm: str, inner: str = "") -> str:
    return f'<ds:Transform Algorithm="{algorithm}">{inner}</ds:Transform>'


def filtered(mode: str, path: str) -> str:
    inner = f'<x:XPath xmlns:x="{names.XPATH_FILTER2}" Filter="{mode}">{path}</x:XPath>'
    return transform(names.XPATH_FILTER2, inner)


def signed(transforms: str, octets_of: str) -> bytes:
    """Sign ``#body`` with these transforms, over the canonical form of a part of it."""
    tree = parse_document(message("", "<a><keep>1</keep><evil>2</evil></a>").encode())
    body = by_id(tree, "body")
    if octets_of == "without-evil":
        copy = etree.fromstring(etree.tostring(body, with_tail=False))
        inner = copy[0]
        inner.remove(inner[1])
        octets = canonical(copy)
    else:
        octets = canonical(body if not octets_of else present(body.find(octets_of)))
    security = next(tree.iter(f"{{{names.WSSE}}}Security"))
    signature = etree.fromstring(
        f'<ds:Signature xmlns:ds="{names.DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{names.EXCLUSIVE}"/>'
        f'<ds:SignatureMethod Algorithm="{names.DS_MORE}rsa-sha256"/><ds:Reference URI="#body"><ds:Transforms>{transforms}'
        f"{transform(names.EXCLUSIVE)}</ds:Transforms>"
        f'<ds:DigestMethod Algorithm="{names.SHA256}"/><ds:DigestValue>'
        f"{base64.b64encode(hashlib.sha256(octets).digest()).decode()}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
        f"<ds:SignatureValue/><ds:KeyInfo>{x509_data(client().der)}</ds:KeyInfo></ds:Signature>"
    )
    security.append(signature)
    value = client().key.sign(canonical(signature[0]), padding.PKCS1v15(), hashes.SHA256())
    signature[1].text = base64.b64encode(value).decode()
    return etree.tostring(tree)


RECEIVER = Context(
    time=NOW,
    trust_anchors=(root().certificate,),
    intermediates=(issuing().certificate,),
    require_signed=("Body",),
)
COPY = transform(names.EXCLUSIVE)


@pytest.mark.parametrize("further", ["", filtered("intersect", "//keep"), transform(names.BASE64)])
def test_a_filter_that_leaves_nothing(further: str) -> None:
    result = verify(signed(filtered("intersect", "//nothing") + further, ""), RECEIVER)
    assert result.verdict == "reject"


@pytest.mark.parametrize(
    ("transforms", "octets_of", "verdict"),
    [
        ("", "", "accept"),
        (COPY, "", "accept"),
        (filtered("intersect", "//keep"), ".//keep", "reject"),
        (filtered("subtract", "//evil"), "without-evil", "reject"),
        (COPY + filtered("intersect", "//keep"), ".//keep", "reject"),
        (COPY + filtered("subtract", "//evil"), "without-evil", "reject"),
        (transform(names.XPATH, "<ds:XPath>ancestor-or-self::keep</ds:XPath>"), ".//keep", "reject"),
        (transform(names.XPATH, "<ds:XPath>not(ancestor-or-self::evil)</ds:XPath>"), "without-evil", "reject"),
    ],
)
def test_what_a_transform_leaves_out_is_not_signed(transforms: str, octets_of: str, verdict: str) -> None:
    result = verify(signed(transforms, octets_of), RECEIVER)
    assert result.signatures[0].references[0].ok, "the digest itself holds"
    assert result.verdict == verdict
    assert [fault.fault for fault in result.faults] == (["required-part-not-signed"] if verdict == "reject" else [])
