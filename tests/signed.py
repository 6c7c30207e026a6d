"""Healthy landscapes with signed messages, one for each token kind and SAML trust model. Keys live as long as the run."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any

from lxml import etree

from tests import landscape
from tests.wsse.encrypting import (
    data_references,
    encrypted_data,
    key_identifier,
    message,
    private_key,
    reference,
    thumbprint,
    transport,
)
from tests.wsse.pki import Issued, client, issue, issuing, root, server
from tests.wsse.signing import by_id, sign, x509_data
from wssdoctor.capture.read import read_bytes
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.diagnosis.case import Case
from wssdoctor.provider.decryption import Keys
from wssdoctor.provider.request import Request
from wssdoctor.wsse import names
from wssdoctor.wsse.document import parse_document
from wssdoctor.wsse.secure_conversation import DEFAULT_LABEL, p_sha1

ARRIVAL = dt.datetime(2026, 11, 19, 9, 0, 5, tzinfo=dt.UTC)
CONTEXT = "urn:uuid:5a1d1bb0-9f0c-4a32-8a3c-0d9f5f2b6c11"
SECRET = bytes(range(32))
_NONCE = bytes(16)
_BODY = '<s:ReadPrice xmlns:s="urn:example:sales"><s:Material>PUMP-P-2000</s:Material></s:ReadPrice>'
_ACCEPTED = b"\r\n\r\nHTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 4\r\n\r\n<ok/>"[:-1]
_HTTP = (
    "# url: https://erp.example.com:44300{path}\n# time: {time}\nPOST {path} HTTP/1.1\r\nHost: erp.example.com:44300\r\n"
    "Content-Type: text/xml; charset=utf-8\r\nContent-Length: {length}\r\n\r\n"
)


def node(service: str) -> str:
    return f"/sap/bc/srt/xip/sap/{service}/100/{service}/{service}"


@cache
def sts() -> Issued:
    return issue(None, "C=DE", "O=Test", "CN=STS", ca=None)


def at(seconds: int) -> str:
    return f"{ARRIVAL + dt.timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def timestamp() -> str:
    return f'<wsu:Timestamp wsu:Id="ts"><wsu:Created>{at(-5)}</wsu:Created><wsu:Expires>{at(295)}</wsu:Expires></wsu:Timestamp>'


def binary(issued: Issued) -> str:
    text = base64.b64encode(issued.der).decode()
    return (
        f'<wsse:BinarySecurityToken wsu:Id="bst" ValueType="{names.X509_V3}" EncodingType="{names.BASE64_BINARY}">{text}'
        "</wsse:BinarySecurityToken>"
    )


def signed(
    tokens: str,
    key: Any,
    info: str,
    also: tuple[str, ...] = (),
    before: Callable[[Any], None] = lambda _: None,
    number: int = 0,
) -> bytes:
    """A message of which Body, Timestamp and some tokens are signed, after ``before`` has worked on its tree."""
    body = _BODY.replace("2000", str(2000 + number))
    tree = parse_document(message(timestamp() + tokens, body).encode())
    before(tree)
    security = next(tree.iter(f"{{{names.WSSE}}}Security"))
    sign(tree, {each: by_id(tree, each) for each in ("body", "ts", *also)}, security, key, info)
    return etree.tostring(tree, xml_declaration=True, encoding="utf-8")


def capture(name: str, service: str, envelope: bytes, answer: bytes = b"") -> Request:
    head = _HTTP.format(path=node(service), time=at(0), length=len(envelope))
    return Request.of(read_bytes(head.encode() + envelope + answer, name))


def certificate(issued: Issued) -> dict[str, str]:
    """A certificate as a loaded description holds it."""
    found = issued.certificate
    return {
        "pem": issued.pem.decode(),
        "subject": str(found.subject),
        "issuer": str(found.issuer),
        "not_before": f"{found.not_before:%Y-%m-%dT%H:%M:%SZ}",
        "not_after": f"{found.not_after:%Y-%m-%dT%H:%M:%SZ}",
    }


@cache
def base() -> Facts:
    """The healthy description with all that signed messages need, in the SAML2 trust model."""
    own = landscape.facts().items("pses")
    bindings = landscape.facts().items("bindings")
    assert isinstance(own, tuple)
    assert isinstance(bindings, tuple)
    pse = next(index for index, one in enumerate(own) if one.application == "wsse")
    approval = next(index for index, one in enumerate(bindings) if "zapproval" in one.path)
    values: dict[str, Any] = {
        f"pses[{pse}].trusted": [certificate(issuing()), certificate(root())],
        f"pses[{len(own)}]": {"application": "system", "exists": True, "trusted": [certificate(sts())]},
        f"bindings[{approval}].saml_confirmation": ["holder-of-key"],
        "users[0].services": ["*"],
        "users[1].services": ["*"],
        "users[0].alias": "",
        "users[0].email": "",
        "external_ids": [
            {"type": "DN", "external_id": str(client().certificate.subject), "user": "WS_ORDER", "active": True},
            {"type": "SA", "external_id": "STS/100::jane", "user": "WS_SHOP", "active": True},
        ],
        "certificate_rules": [],
        "certificate_users": [],
        "signature_store": [],
        "security_contexts": [
            {
                "identifier": CONTEXT,
                "user": "WS_ORDER",
                "expires": "2026-11-21T00:00:00Z",
                "secret": base64.b64encode(SECRET).decode(),
            }
        ],
        "saml_trust": {
            "ticket_issuers": [],
            "saml2_providers": ["https://sts.example.com"],
            "local_provider": "ERP_100",
            "providers": [
                {
                    "name": "https://sts.example.com",
                    "certificates": [certificate(sts())],
                    "name_ids": [{"format": "unspecified", "source": "user"}],
                }
            ],
        },
    }
    return change(landscape.facts(), values)


@cache
def x509() -> tuple[Facts, tuple[Request, ...]]:
    envelope = signed(binary(client()), client().key, reference("#bst", names.X509_V3))
    return base(), (capture("21-price.http", "zprice_in", envelope),)


@cache
def x509_by_rule() -> tuple[Facts, tuple[Request, ...]]:
    envelope = signed(binary(client()), client().key, reference("#bst", names.X509_V3))
    user = client().x509.subject.rfc4514_string().partition("CN=")[2].partition(",")[0]
    values = {
        "profile": {"login/certificate_mapping_rulebased": "1"},
        "external_ids": [],
        "certificate_rules": [
            {"attribute": "CN", "login_as": "alias", "issuer_filter": str(issuing().certificate.subject), "active": True}
        ],
        "users": [
            {"name": "WS_ORDER", "exists": True, "type": "B", "lock": 0, "valid_from": "1900-01-01",
             "valid_to": "9999-12-31", "password_state": "productive", "services": ["*"], "alias": user, "email": ""},
        ],
    }  # fmt: skip
    return change(base(), values), (capture("22-price-by-rule.http", "zprice_in", envelope),)


def assertion(version: str, kind: str, issuer: str, name: str, key_info: str = "") -> str:
    window = f'NotBefore="{at(-10)}" NotOnOrAfter="{at(170)}"'
    key = f'<ds:KeyInfo xmlns:ds="{names.DS}">{key_info}</ds:KeyInfo>' if key_info else ""
    if version == "2.0":
        return (
            f'<saml:Assertion xmlns:saml="{names.SAML2}" Version="2.0" ID="_a" IssueInstant="{at(-10)}">'
            f"<saml:Issuer>{issuer}</saml:Issuer><saml:Subject><saml:NameID>{name}</saml:NameID>"
            f'<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:{kind}"><saml:SubjectConfirmationData>{key}'
            f"</saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject><saml:Conditions {window}>"
            "<saml:AudienceRestriction><saml:Audience>ERP_100</saml:Audience></saml:AudienceRestriction>"
            "</saml:Conditions></saml:Assertion>"
        )
    return (
        f'<saml:Assertion xmlns:saml="{names.SAML1}" MajorVersion="1" MinorVersion="1" AssertionID="_a" Issuer="{issuer}"'
        f' IssueInstant="{at(-10)}"><saml:Conditions {window}/><saml:AuthenticationStatement><saml:Subject>'
        f"<saml:NameIdentifier>{name}</saml:NameIdentifier><saml:SubjectConfirmation><saml:ConfirmationMethod>"
        f"urn:oasis:names:tc:SAML:1.0:cm:{kind}</saml:ConfirmationMethod>{key}</saml:SubjectConfirmation></saml:Subject>"
        "</saml:AuthenticationStatement></saml:Assertion>"
    )


@cache
def saml2() -> tuple[Facts, tuple[Request, ...]]:
    """Holder-of-key under the trust of transaction SAML2."""
    text = assertion("2.0", "holder-of-key", "https://sts.example.com", "ws_order", x509_data(client().der))

    def issued(tree: Any) -> None:
        found = by_id(tree, "_a")
        sign(tree, {"_a": found}, found, sts().key, x509_data(sts().der), enveloped=True, index=1)

    envelope = signed(text, client().key, x509_data(client().der), ("_a",), issued)
    return base(), (capture("23-approval.http", "zapproval_in", envelope, _ACCEPTED),)


@cache
def saml_ticket() -> tuple[Facts, tuple[Request, ...]]:
    """Sender-vouches under the trust of logon tickets."""
    text = assertion("1.1", "sender-vouches", "STS/100", "jane")
    envelope = signed(text, sts().key, x509_data(sts().der), ("_a",))
    bindings = base().items("bindings")
    assert isinstance(bindings, tuple)
    approval = next(index for index, one in enumerate(bindings) if "zapproval" in one.path)
    values = {
        "wss_setup.saml_trust": "ticket",
        "saml_trust.ticket_issuers": ["STS/100"],
        "saml_trust.saml2_providers": [],
        "saml_trust.providers": [],
        f"bindings[{approval}].saml_confirmation": ["sender-vouches"],
    }
    return change(base(), values), (capture("24-approval-vouched.http", "zapproval_in", envelope),)


@cache
def secure_conversation() -> tuple[Facts, tuple[Request, ...]]:
    token = (
        f'<wsc:SecurityContextToken xmlns:wsc="{names.WSC_13}" wsu:Id="sct"><wsc:Identifier>{CONTEXT}</wsc:Identifier>'
        f'</wsc:SecurityContextToken><wsc:DerivedKeyToken xmlns:wsc="{names.WSC_13}" wsu:Id="dk">{reference("#sct")}'
        f"<wsc:Nonce>{base64.b64encode(_NONCE).decode()}</wsc:Nonce></wsc:DerivedKeyToken>"
    )
    key = p_sha1(SECRET, DEFAULT_LABEL + _NONCE, 32)
    return base(), (capture("25-planning.http", "zplanning_in", signed(token, key, reference("#dk"))),)


SESSION = bytes(range(32))


def sign_then_encrypt(recipient: Issued) -> bytes:
    """A signed message of which the content of the Body is encrypted afterwards."""
    text = signed(binary(client()), client().key, reference("#bst", names.X509_V3)).decode()
    name = key_identifier(names.THUMBPRINT_SHA1, thumbprint(recipient.certificate))
    return with_body_hidden(text, transport(recipient, SESSION, name, lists=data_references("ed")))


def with_body_hidden(text: str, key: str, session: bytes = SESSION, key_info: str = "") -> bytes:
    start, end = text.index(">", text.index(":Body")) + 1, text.index("</s:Body>")
    hidden = encrypted_data(text[start:end], names.AES256_CBC, session, key_info)
    text = text[:start] + hidden + text[end:]
    security = text.index(">", text.index("<wsse:Security")) + 1
    return (text[:security] + key + text[security:]).encode()


@cache
def for_the_provider() -> Facts:
    """The healthy description with an own certificate of the WS-Security PSE whose key tests hold."""
    own = next(index for index, one in enumerate(base().items("pses") or ()) if one.application == "wsse")
    return change(base(), {f"pses[{own}].own_certificate": certificate(server())})


@cache
def encrypted() -> tuple[Facts, tuple[Request, ...]]:
    """Signed and encrypted, and read with the provider's key."""
    found = capture("26-price-encrypted.http", "zprice_in", sign_then_encrypt(server()))
    return for_the_provider(), (Request.of(found.capture, keys=Keys((private_key(server()),))),)


@cache
def username_token() -> tuple[Facts, tuple[Request, ...]]:
    return landscape.facts(), landscape.requests()


LANDSCAPES: dict[str, Callable[[], tuple[Facts, tuple[Request, ...]]]] = {
    "username-token": username_token,
    "x509": x509,
    "x509-by-rule": x509_by_rule,
    "saml2": saml2,
    "saml-ticket": saml_ticket,
    "secure-conversation": secure_conversation,
    "encrypted": encrypted,
}


def case(name: str) -> Case:
    facts, requests = LANDSCAPES[name]()
    return Case(facts, requests, landscape.MOMENT)
