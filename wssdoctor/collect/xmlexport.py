"""Exports in XML: SAML 2.0 metadata of the local provider, and WSDLs with WS-SecurityPolicy."""

from __future__ import annotations

import binascii
from urllib.parse import urlsplit

from lxml import etree

from wssdoctor.collect.certificates import pem, state_pse
from wssdoctor.collect.findings import Findings
from wssdoctor.collect.source import Source
from wssdoctor.wsse.certificate import CertificateError, decode_base64
from wssdoctor.wsse.document import DocumentError, line_of, local_name, namespace_of, parse_document
from wssdoctor.wsse.outline import outline

METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
WSDL = "http://schemas.xmlsoap.org/wsdl/"
_SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
_ID = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id"
_POLICIES = (
    "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702",
    "http://schemas.xmlsoap.org/ws/2005/07/securitypolicy",
)
_MOST_PORTS = 500


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
    if name == (WSDL, "definitions"):
        findings.recognised.append((source.name, "WSDL"))
        _wsdl(source, root, findings)
        return True
    return False


def _metadata(source: Source, root: etree._Element, findings: Findings) -> None:
    """Read the local provider's signing certificate (SAML 2.0 Metadata, section 2.4)."""
    for role in root.iter(f"{{{METADATA}}}SPSSODescriptor"):
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
                state_pse(findings, ("saml2", ""), place, own={"pem": pem(encoded)})
                return
    for role in root.iter(f"{{{METADATA}}}IDPSSODescriptor"):
        what = "metadata of a partner says nothing about whether transaction SAML2 trusts it"
        findings.note(what, source.place(line_of(role)))
        return


def _wsdl(source: Source, root: etree._Element, findings: Findings) -> None:
    policies = {element.get(_ID): element for element in root.iter() if local_name(element) == "Policy"}
    bindings = {element.get("name"): element for element in root.iter(f"{{{WSDL}}}binding")}
    for count, port in enumerate(root.iter(f"{{{WSDL}}}port")):
        address = next((child for child in port if local_name(child) == "address"), None)
        binding = bindings.get(port.get("binding", "").rpartition(":")[2])
        if address is None or binding is None or count >= _MOST_PORTS:
            continue
        try:
            url = urlsplit(address.get("location", ""))
        except ValueError:
            continue
        path = url.path.rstrip("/").lower()
        if not path.startswith("/sap/"):
            continue
        place = source.place(line_of(address))
        findings.state("bindings", (path,), place, path=path)
        found = [child for child in binding if local_name(child) == "Policy"]
        for reference in (child for child in binding if local_name(child) == "PolicyReference"):
            policy = policies.get(reference.get("URI", "").removeprefix("#"))
            if policy is not None:
                found.append(policy)
        if found:
            _policy(source, path, url.scheme, found, findings)
        else:
            findings.note("the WSDL has no policy for this binding; download it with WS-Policy", place)


def _policy(source: Source, path: str, scheme: str, policies: list[etree._Element], findings: Findings) -> None:
    """State what one binding demands (WS-SecurityPolicy 1.2, sections 5 to 8)."""
    key, place = (path,), source.place(line_of(policies[0]))
    for policy in policies:
        for choice in (each for each in policy.iter() if local_name(each) == "ExactlyOne"):
            offers = [child for child in choice if local_name(child) == "All"]
            if len(offers) > 1 and any(_is_security(each) for offer in offers for each in offer.iter()):
                findings.note("the policy offers several alternatives; which is used is not stated", place)
                return
    assertions = [each for policy in policies for each in policy.iter() if _is_security(each)]
    names = {local_name(each) for each in assertions}
    method = _authentication(names)
    suite = next((local_name(each) for each in assertions if _within(each, "AlgorithmSuite", 2)), None)
    transport = "https" if names & {"HttpsToken", "TransportBinding"} or scheme == "https" else "http"
    signed = [
        f"{{{each.get('Namespace')}}}{each.get('Name', '')}".rstrip("}") if local_name(each) == "Header" else "Body"
        for each in assertions
        if local_name(each) in ("Body", "Header") and _within(each, "SignedParts", 1)
    ]
    if "IncludeTimestamp" in names and signed:
        signed.append("Timestamp")
    findings.state("bindings", key, place, authentication=method, transport=transport)
    # Parts of a signed message may be named per operation; only where nothing is signed is an empty list certain.
    parts = signed or ([] if method not in ("x509-signature", "saml", "secure-conversation") else None)
    findings.state("bindings", key, place, algorithm_suite=suite, signed_parts=parts)


def _is_security(element: etree._Element) -> bool:
    return namespace_of(element) in _POLICIES


def _within(element: etree._Element, name: str, levels: int) -> bool:
    """Whether the element stands that many levels below one of this name."""
    above: etree._Element | None = element
    for _ in range(levels):
        above = above.getparent() if above is not None else None
    return above is not None and local_name(above) == name


def _authentication(names: set[str]) -> str:
    for assertion, method in (
        ("SecureConversationToken", "secure-conversation"),
        ("SamlToken", "saml"),
        ("IssuedToken", "saml"),
        ("UsernameToken", "username-token"),
        ("InitiatorToken", "x509-signature"),
        ("HttpBasicAuthentication", "basic"),
        ("RequireClientCertificate", "client-certificate"),
    ):
        if assertion in names:
            return method
    return "none"
