"""Exports in XML: SAML 2.0 metadata of the local provider, and WSDLs with WS-SecurityPolicy."""

from __future__ import annotations

import binascii

from lxml import etree

from wssdoctor.collect import wsdl
from wssdoctor.collect.certificates import pem, state_pse
from wssdoctor.collect.findings import Findings
from wssdoctor.collect.source import Source
from wssdoctor.evidence import Place
from wssdoctor.wsse.certificate import CertificateError, decode_base64
from wssdoctor.wsse.document import DocumentError, line_of, local_name, namespace_of, parse_document
from wssdoctor.wsse.outline import outline

METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
_SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"


def read(source: Source, findings: Findings) -> bool:
    """Read SAML metadata or a WSDL; False if it is other XML. Raises ``InputError`` for hostile XML."""
    try:
        root = parse_document(source.whole())
    except DocumentError as error:
        problem = error.problems[0]
        raise source.refused(problem.why or problem.what, line=problem.place.line if problem.place else None) from None
    name = namespace_of(root), local_name(root)
    if name in ((METADATA, "EntityDescriptor"), (METADATA, "EntitiesDescriptor")):
        findings.recognised.append((source.name, "SAML 2.0 metadata"))
        _metadata(source, root, findings)
        return True
    if name == (wsdl.WSDL, "definitions"):
        findings.recognised.append((source.name, "WSDL"))
        wsdl.read(source, root, findings)
        return True
    return False


def _metadata(source: Source, root: etree._Element, findings: Findings) -> None:
    """Read the local provider's name and signing certificate (SAML 2.0 Metadata, sections 2.3.2 and 2.4).

    The local provider of an AS ABAP is a service provider and nothing else; identity providers often are both.
    """
    if next(root.iter(f"{{{METADATA}}}IDPSSODescriptor"), None) is not None:
        what = "metadata of a partner says nothing about whether transaction SAML2 trusts it"
        findings.note(what, source.place(line_of(root)))
        return
    for role in root.iter(f"{{{METADATA}}}SPSSODescriptor"):
        entity = role.getparent()
        name = entity.get("entityID", "") if entity is not None else ""
        if entity is not None and name:
            findings.state("saml_trust", (), source.place(line_of(entity)), local_provider=name)
        certificates = _signing(source, role, findings)
        for certificate, place in certificates[:1]:
            state_pse(findings, ("saml2", ""), place, own={"pem": certificate})
        if len(certificates) > 1:
            findings.note("there are several signing certificates; the first was taken", certificates[1][1])


def _signing(source: Source, role: etree._Element, findings: Findings) -> list[tuple[str, Place]]:
    found: dict[str, Place] = {}
    for key in role.iter(f"{{{METADATA}}}KeyDescriptor"):
        if key.get("use", "signing") != "signing":
            continue
        for element in key.iter(f"{{{_SIGNATURE}}}X509Certificate"):
            place = source.place(line_of(element))
            try:
                encoded = decode_base64(element.text or "")
                outline(encoded)
            except (CertificateError, ValueError, binascii.Error):
                findings.note("this is no certificate that can be read", place)
                continue
            found.setdefault(pem(encoded), place)
    return list(found.items())
