"""What a Reference means, also where its form is rare or wrong."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from tests.wsse.pki import ec_key, issue
from tests.wsse.signed import SIGNATURE, STAMP, TOKEN, context, judged, signer, tree
from tests.wsse.signing import sign, x509_data
from wssdoctor.evidence import Compared
from wssdoctor.wsse import names, verify

DS = f"{{{names.DS}}}"


def signed_anew(signature: etree._Element) -> None:
    """Make the value fit a SignedInfo that was changed."""
    octets = etree.tostring(signature[0], method="c14n", exclusive=True, with_comments=False)
    signature[1].text = base64.b64encode(signer().key.sign(octets, padding.PKCS1v15(), hashes.SHA256())).decode()


def bare(attribute: str = "ID") -> etree._Element:
    """A document of no SOAP that is signed as a whole."""
    root = etree.fromstring(f'<r:Response xmlns:r="urn:r" {attribute}="R"><r:Status>well</r:Status></r:Response>')
    sign(root, {"R": root}, root, signer().key, x509_data(signer().der), enveloped=True)
    return root


def faults(root: etree._Element) -> list[tuple[str, str | None]]:
    found = verify(etree.tostring(root), context(require_signed=()))
    assert all(fault.evidence for fault in found.faults)
    return [(fault.fault, fault.reason) for fault in found.faults]


@pytest.mark.parametrize("attribute", ["ID", "AssertionID", "ResponseID", "RequestID"])
def test_the_ids_of_saml_are_found(attribute: str) -> None:
    assert faults(bare(attribute)) == []


def test_what_a_reference_without_uri_meant_is_said() -> None:
    root = bare()
    signature = next(root.iter(SIGNATURE))
    del next(root.iter(DS + "Reference")).attrib["URI"]
    signed_anew(signature)
    assert faults(root) == [("reference-unresolved", "reference-uri-left-out")]
    root[0].text = "changed"
    assert faults(root) == [("reference-unresolved", None)], "only where the digest proves it"


def test_an_xpointer_that_is_not_read_is_no_id() -> None:
    root = bare()
    next(root.iter(DS + "Reference")).set("URI", "#xpointer(id(R))")
    signed_anew(next(root.iter(SIGNATURE)))
    found = verify(etree.tostring(root), context(require_signed=()))
    assert [fault.fault for fault in found.faults] == ["reference-unresolved"]
    assert "carries the Id" not in found.faults[0].says
    next(root.iter(DS + "Reference")).set("URI", "#xpointer(id('R'))")
    signed_anew(next(root.iter(SIGNATURE)))
    assert faults(root) == []


def test_a_digest_of_another_length_is_that_of_no_content() -> None:
    root = bare()
    next(root.iter(DS + "DigestValue")).text = base64.b64encode(b"no digest").decode()
    assert ("digest-mismatch", "digest-value-altered") in faults(root)
    signed_anew(next(root.iter(SIGNATURE)))
    assert faults(root) == [("digest-mismatch", None)], "the signer wrote it"


def test_a_value_of_another_length_was_altered() -> None:
    root = tree()
    next(root.iter(DS + "SignatureValue")).text = base64.b64encode(b"no value").decode()
    fault = judged(root).faults[0]
    assert (fault.fault, fault.reason) == ("signature-value-mismatch", "signature-value-altered")
    compared = [(each.observed, each.expected) for each in fault.evidence if isinstance(each, Compared)]
    assert compared == [("8", "256")]


@pytest.mark.parametrize("profile", ["1.0", "1.1"])
def test_a_certificate_may_be_said_to_be_of_version_1(profile: str) -> None:
    root = tree()
    security = next(root.iter(TOKEN)).getparent()
    assert security is not None
    token, stamp, signature = security[0], security[1], security[2]
    kind = f"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-{profile}#X509v1"
    token.set("ValueType", kind)
    security.remove(signature)
    info = '<wsse:SecurityTokenReference><wsse:Reference URI="#T"/></wsse:SecurityTokenReference>'
    sign(root, {"B": root[1], "S": stamp, "T": token}, security, signer().key, info)
    assert judged(root).verdict == "accept"


def test_a_token_that_is_known_by_name_only_is_missed_once() -> None:
    """The STR-Transform needs the certificate as the signature does; one fault says so."""
    root = tree()
    security = next(root.iter(TOKEN)).getparent()
    assert security is not None
    security.remove(security[2])
    info = (
        f'<wsse:SecurityTokenReference xmlns:wsu="{names.WSU}" wsu:Id="STR"><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>'
        "CN=Nobody</ds:X509IssuerName><ds:X509SerialNumber>1</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>"
        "</wsse:SecurityTokenReference>"
    )
    signature = sign(root, {"S": next(root.iter(STAMP))}, security, signer().key, info)
    reference = next(signature.iter(DS + "Reference"))
    reference.set("URI", "#STR")
    transform = next(signature.iter(DS + "Transform"))
    transform.set("Algorithm", names.STR_TRANSFORM)
    method = f'<p:TransformationParameters xmlns:p="{names.WSSE}"><c:CanonicalizationMethod xmlns:c="{names.DS}"'
    transform.append(etree.fromstring(f'{method} Algorithm="{names.EXCLUSIVE}"/></p:TransformationParameters>'))
    signed_anew(signature)
    found = judged(root, require_signed=())
    assert [(fault.fault, fault.where) for fault in found.faults] == [("key-not-found", "KeyInfo")]


def test_an_issuer_and_serial_number_may_stand_without_x509_data() -> None:
    root = tree()
    security = next(root.iter(TOKEN)).getparent()
    assert security is not None
    security.remove(security[2])
    certificate = signer().certificate
    info = (
        f"<wsse:SecurityTokenReference><ds:X509IssuerSerial><ds:X509IssuerName>{certificate.issuer}</ds:X509IssuerName>"
        f"<ds:X509SerialNumber>{certificate.serial}</ds:X509SerialNumber></ds:X509IssuerSerial>"
        "</wsse:SecurityTokenReference>"
    )
    sign(root, {"B": root[1], "S": next(root.iter(STAMP))}, security, signer().key, info)
    assert judged(root, known_certs=(certificate,)).verdict == "accept"
    assert [fault.fault for fault in judged(root).faults][:1] == ["key-not-found"]


def test_a_key_that_is_not_read_is_not_called_of_another_kind() -> None:
    """Curves without a known name occur; here the identifier of the curve is that of none."""
    owner = issue(None, "CN=Odd curve", key=ec_key())
    curve = bytes.fromhex("06082a8648ce3d030107")
    assert curve in owner.der
    root = etree.fromstring('<r:Response xmlns:r="urn:r" ID="R"/>')
    odd = owner.der.replace(curve, bytes.fromhex("06082a8648ce3d03017f"))
    signature = sign(root, {"R": root}, root, signer().key, x509_data(odd), enveloped=True)
    next(signature.iter(DS + "SignatureMethod")).set("Algorithm", names.DS_MORE + "ecdsa-sha256")
    found = faults(root)
    assert found == [("algorithm-unknown", None)]


def test_nothing_is_called_right_where_nothing_is_held() -> None:
    root = tree()
    reference = next(root.iter(f"{{{names.WSSE}}}Reference"))
    holder = reference.getparent()
    assert holder is not None
    holder.remove(reference)
    identifier = etree.SubElement(holder, f"{{{names.WSSE}}}KeyIdentifier", ValueType=names.THUMBPRINT_SHA1)
    identifier.text = base64.b64encode(bytes(20)).decode()
    fault = judged(root, trust_anchors=()).faults[0]
    assert fault.fault == "key-not-found"
    assert not any(isinstance(each, Compared) for each in fault.evidence)
