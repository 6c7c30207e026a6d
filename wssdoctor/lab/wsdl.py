"""The WSDL of a described endpoint, in the shape in which AS ABAP writes it, with the policy of its authentication.

Two policies per binding name, SOAP 1.1 and 1.2, WS-Policy of 2004 and WS-SecurityPolicy 1.2 follow WSDLs of AS ABAP that
are public. What the operations take is not described, so each takes and returns anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from msgspec import UNSET

from wssdoctor.capture.capture import Capture
from wssdoctor.description.binding import Binding
from wssdoctor.description.facts import Facts
from wssdoctor.wsse import names

NAMESPACE = "urn:wssdoctor:lab:service"
"""A description does not say the namespace of operations; the lab takes any."""
_POLICY = "http://schemas.xmlsoap.org/ws/2004/09/policy"
_SECURITY = "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"
_SAP = "http://www.sap.com/webas/630/soap/features/security/policy"
_RECIPIENT = f"{_SECURITY}/IncludeToken/AlwaysToRecipient"
_SHORT = re.compile(r"(?i)/sap/bc/srt/wsdl/.*?/bndg_url(/.+)")
"""How AS ABAP writes the address of a WSDL: the endpoint's path stands at its end."""
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_DEFAULT_SUITE = "Basic128Rsa15"
"""What public WSDLs of AS ABAP state for TLS alone."""


def requested(capture: Capture) -> str | None:
    """Return the path of the endpoint whose WSDL is asked for; None where something else is asked for."""
    http = capture.request
    if http is None or http.method != "GET":
        return None
    found = _SHORT.fullmatch(http.path)
    if found is not None:
        return found[1]
    return http.path if any(name.lower().startswith("wsdl") for name, _ in http.query) else None


def operations(binding: Binding, facts: Facts) -> tuple[str, ...]:
    """Return the operations below an endpoint's path that the description names; else one that stands for any."""
    below = f"{binding.path}/"
    named = (one for user in facts.items("users") or () for one in user.operations or ())
    found = (one.removeprefix(below) for one in named if one.startswith(below))
    return tuple(name for name in dict.fromkeys(found) if _NAME.fullmatch(name)) or ("Operation",)


def wsdl(binding: Binding, named: Sequence[str], location: str) -> bytes:
    """Write the WSDL with the operations that are named; ``location`` is the endpoint's address."""
    service = next(iter(re.findall(r"[A-Za-z_][\w.-]*", binding.path.rpartition("/")[2], re.ASCII)), "Service")
    messages = "".join(
        f'<wsdl:message name="{name}"><wsdl:part name="parameters" element="tns:{name}"/></wsdl:message>'
        for one in named
        for name in (one, f"{one}Response")
    )
    port_type = "".join(
        f'<wsdl:operation name="{name}"><wsdl:input message="tns:{name}"/>'
        f'<wsdl:output message="tns:{name}Response"/></wsdl:operation>'
        for name in named
    )
    bindings = "".join(
        f'<wsdl:binding name="{service}{suffix}" type="tns:{service}">'
        f'<wsp:PolicyReference URI="#BN__{service}"/>'
        f'<{prefix}:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>'
        + "".join(_bound(one, prefix) for one in named)
        + "</wsdl:binding>"
        for suffix, prefix in (("", "soap"), ("_SOAP12", "soap12"))
    )
    ports = "".join(
        f'<wsdl:port name="{service}{suffix}" binding="tns:{service}{suffix}">'
        f"<{prefix}:address location={quoteattr(location)}/></wsdl:port>"
        for suffix, prefix in (("", "soap"), ("_SOAP12", "soap12"))
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<wsdl:definitions targetNamespace="{NAMESPACE}" xmlns:tns="{NAMESPACE}"'
        ' xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"'
        ' xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
        f' xmlns:wsp="{_POLICY}" xmlns:wsu="{names.WSU}">'
        "<wsdl:documentation>Made by wssdoctor lab from a system description: what the operations take is not known."
        "</wsdl:documentation>"
        f'<wsp:UsingPolicy wsdl:required="true"/><wsp:Policy wsu:Id="BN__{service}">'
        f"<wsp:ExactlyOne><wsp:All>{policy(binding)}</wsp:All></wsp:ExactlyOne></wsp:Policy>"
        f"<wsdl:types>{_schema(named)}</wsdl:types>{messages}"
        f'<wsdl:portType name="{service}">{port_type}</wsdl:portType>{bindings}'
        f'<wsdl:service name="{service}">{ports}</wsdl:service></wsdl:definitions>\n'
    ).encode()


def policy(binding: Binding) -> str:
    """Return the assertions of WS-SecurityPolicy 1.2 for what the endpoint demands."""
    method = binding.authentication
    suite = binding.algorithm_suite or _DEFAULT_SUITE
    signed = binding.signed_parts or ()
    parts = "".join(_part(one) for one in signed if one != "Timestamp")
    signs = f'<sp:SignedParts xmlns:sp="{_SECURITY}">{parts}</sp:SignedParts>' if parts else ""
    stamped = "<sp:IncludeTimestamp/>" if "Timestamp" in signed else ""
    certificate = f'<sp:X509Token sp:IncludeToken="{_RECIPIENT}">{_nested("<sp:WssX509V3Token10/>")}</sp:X509Token>'
    if method == "x509-signature":
        initiator = f"<sp:InitiatorToken>{_nested(certificate)}</sp:InitiatorToken>"
        recipient = f"<sp:RecipientToken>{_nested(certificate)}</sp:RecipientToken>"
        inside = initiator + recipient + _suite(suite) + stamped
        return f'<sp:AsymmetricBinding xmlns:sp="{_SECURITY}">{_nested(inside)}</sp:AsymmetricBinding>{signs}'
    if method == "secure-conversation":
        token = f'<sp:SecureConversationToken sp:IncludeToken="{_RECIPIENT}"/>'
        inside = f"<sp:ProtectionToken>{_nested(token)}</sp:ProtectionToken>" + _suite(suite) + stamped
        return f'<sp:SymmetricBinding xmlns:sp="{_SECURITY}">{_nested(inside)}</sp:SymmetricBinding>{signs}'
    if method == "username-token":
        return _transport("", suite, stamped) + _supporting("SignedSupportingTokens", "UsernameToken") + signs
    if method == "saml":
        holder = binding.saml_confirmation is not UNSET and "holder-of-key" in binding.saml_confirmation
        kind = "EndorsingSupportingTokens" if holder else "SignedSupportingTokens"
        return _transport("", suite, stamped) + _supporting(kind, "SamlToken") + signs
    inside = {
        "basic": "<sp:HttpBasicAuthentication/>",
        "client-certificate": "<sp:RequireClientCertificate/>",
        "sso-ticket": f'<sapsp:HTTPSSO2 xmlns:sapsp="{_SAP}"/>',
    }.get(str(method), "")
    return _transport(inside, suite, stamped) if inside or binding.transport == "https" else ""


def _transport(inside: str, suite: str, stamped: str) -> str:
    token = f"<sp:HttpsToken>{_nested(inside)}</sp:HttpsToken>"
    demands = f"<sp:TransportToken>{_nested(token)}</sp:TransportToken>" + _suite(suite) + stamped
    return f'<sp:TransportBinding xmlns:sp="{_SECURITY}">{_nested(demands)}</sp:TransportBinding>'


def _supporting(kind: str, token: str) -> str:
    inside = f'<sp:{token} sp:IncludeToken="{_RECIPIENT}">{_nested("")}</sp:{token}>'
    return f'<sp:{kind} xmlns:sp="{_SECURITY}">{_nested(inside)}</sp:{kind}>'


def _nested(inside: str) -> str:
    return f"<wsp:Policy>{inside}</wsp:Policy>"


def _suite(name: str) -> str:
    named = _nested(f"<sp:{name}/>" if _NAME.fullmatch(name) else "")
    return f"<sp:AlgorithmSuite>{named}</sp:AlgorithmSuite><sp:Layout>{_nested('<sp:Strict/>')}</sp:Layout>"


def _part(name: str) -> str:
    if name == "Body":
        return "<sp:Body/>"
    namespace, _, local = name.removeprefix("{").rpartition("}")
    return f"<sp:Header Name={quoteattr(local)} Namespace={quoteattr(namespace)}/>"


def _schema(named: Sequence[str]) -> str:
    anything = (
        "<xsd:complexType><xsd:sequence>"
        '<xsd:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/>'
        "</xsd:sequence></xsd:complexType>"
    )
    elements = "".join(
        f'<xsd:element name="{name}">{anything}</xsd:element>' for one in named for name in (one, f"{one}Response")
    )
    return f'<xsd:schema targetNamespace="{NAMESPACE}">{elements}</xsd:schema>'


def _bound(name: str, prefix: str) -> str:
    body = f'<{prefix}:body use="literal"/>'
    return (
        f'<wsdl:operation name="{name}"><{prefix}:operation soapAction="" style="document"/>'
        f"<wsdl:input>{body}</wsdl:input><wsdl:output>{body}</wsdl:output></wsdl:operation>"
    )
