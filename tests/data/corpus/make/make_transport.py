"""The same messages as they travel: MTOM and SwA attachments, raw HTTP requests, bare documents."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import xmlsec
from edits import ACCEPT, find, refused
from kit import KEYS, NOW, PAYLOADS, SAML_CONTEXT, Message, b64, context, stamp
from lxml import etree
from make_faulty import build
from make_node import SAML_PRODUCER
from make_xmlsec import PYTHON_PRODUCER
from xmlsec_templates import SHA256, Template

XOP = "http://www.w3.org/2004/08/xop/include"
ROOT_ID = "root.message@example.com"


def mime(
    root: str,
    parts: list[tuple[str, bytes, str]],
    *,
    boundary: str = "uuid:3f1c-4a",
    kind: str = "application/xop+xml",
    eol: str = "\r\n",
    preamble: str = "",
) -> bytes:
    """Write a multipart/related message with its headers; a part is its Content-ID, octets and transfer encoding."""
    start_info = '; start-info="text/xml"' if kind == "application/xop+xml" else ""
    lines = [
        "MIME-Version: 1.0",
        f'Content-Type: multipart/related; type="{kind}"; boundary="{boundary}"; start="<{ROOT_ID}>"{start_info}',
        "",
        preamble,
        f"--{boundary}",
        f'Content-Type: {kind}; charset=UTF-8; type="text/xml"',
        "Content-Transfer-Encoding: 8bit",
        f"Content-ID: <{ROOT_ID}>",
        "",
        "",
    ]
    octets = eol.join(lines).encode() + root.encode()
    for identifier, content, encoding in parts:
        body = base64.encodebytes(content).strip() if encoding == "base64" else content
        head = [
            "",
            f"--{boundary}",
            "Content-Type: application/octet-stream",
            f"Content-Transfer-Encoding: {encoding}",
            f"Content-ID: <{identifier}>",
            "",
            "",
        ]
        octets += eol.join(head).encode() + body
    return octets + f"{eol}--{boundary}--{eol}".encode()


def mtom(base: Message) -> list[Message]:
    """Put the binary content of a signed message beside it (XOP), in all the ways that occur."""
    text = base.octets.decode()
    content = find(text, r"<f:Content>([^<]*)</f:Content>").group(1)
    octets = base64.b64decode(content)
    producer = f"{base.producer}; optimized to MTOM by the corpus maker"

    def xop(cid: str, prefix: str = "xop") -> str:
        return text.replace(content, f'<{prefix}:Include xmlns:{prefix}="{XOP}" href="cid:{cid}"/>')

    missing = refused("mtom-part-missing", "part-left-out", "Body", "digest-mismatch")
    table: list[tuple[str, bytes, dict[str, Any]]] = [
        ("ok", mime(xop("part-1@example.com"), [("part-1@example.com", octets, "binary")]), ACCEPT),
        ("ok-base64", mime(xop("part-1@example.com"), [("part-1@example.com", octets, "base64")]), ACCEPT),
        ("ok-cid-escaped", mime(xop("part%2B1%40example.com"), [("part+1@example.com", octets, "binary")]), ACCEPT),
        (
            "ok-two-parts",
            mime(
                xop("part-1@example.com"),
                [("other@example.com", b"other", "binary"), ("part-1@example.com", octets, "binary")],
            ),
            ACCEPT,
        ),
        ("ok-lf", mime(xop("part-1@example.com"), [("part-1@example.com", octets, "binary")], eol="\n"), ACCEPT),
        (
            "ok-preamble",
            mime(
                xop("part-1@example.com"),
                [("part-1@example.com", octets, "binary")],
                preamble="This is a MIME message.",
            ),
            ACCEPT,
        ),
        ("ok-prefix", mime(xop("part-1@example.com", "inc"), [("part-1@example.com", octets, "binary")]), ACCEPT),
        ("ok-nothing-optimized", mime(text, []), ACCEPT),
        (
            "ok-crlf-content",
            mime(xop("part-1@example.com"), [("part-1@example.com", octets, "binary")], boundary="----=_Part_0_1.2"),
            ACCEPT,
        ),
        ("part-missing", mime(xop("part-1@example.com"), []), missing),
        (
            "cid-mismatch",
            mime(xop("part-2@example.com"), [("part-1@example.com", octets, "binary")]),
            refused("mtom-part-missing", "content-id-altered", "Body", "digest-mismatch"),
        ),
        (
            "part-altered",
            mime(xop("part-1@example.com"), [("part-1@example.com", octets[:-1] + b"!", "binary")]),
            refused("digest-mismatch", "part-altered", "Body"),
        ),
        (
            "part-line-break",
            mime(xop("part-1@example.com"), [("part-1@example.com", octets + b"\r\n", "binary")]),
            refused("digest-mismatch", "line-break-added-to-the-part", "Body"),
        ),
    ]
    return [Message(f"mtom/{n}", o, producer, [*base.features, "mtom"], base.context, e, "mtom") for n, o, e in table]


def optimized(base: Message, local: str, name: str) -> list[Message]:
    """Put the base64 of a token or of cipher text beside the message, as stacks with MTOM do."""
    text = base.octets.decode()
    content = re.findall(rf"{local}[^>]*>([A-Za-z0-9+/=\s]{{60,}})<", text)[-1]
    include = f'<xop:Include xmlns:xop="{XOP}" href="cid:part-1@example.com"/>'
    octets = mime(text.replace(content, include), [("part-1@example.com", base64.b64decode(content), "binary")])
    return [
        Message(
            f"mtom/{name}",
            octets,
            f"{base.producer}; optimized to MTOM by the corpus maker",
            [*base.features, "mtom"],
            base.context,
            ACCEPT,
            "mtom",
        )
    ]


def swa(base: Message) -> list[Message]:
    """Sign an attachment beside the body (SOAP Messages with Attachments profile 1.1), by hand."""
    profile = "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1"
    octets = bytes(range(256)) * 3
    digest = b64(hashlib.sha256(octets).digest())
    reference = (
        f'<ds:Reference URI="cid:attachment-1@example.com"><ds:Transforms><ds:Transform Algorithm="{profile}#Attachment-Content-Signature-Transform"/>'
        f'</ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>'
    )
    root = build(Template("", "", {}, key_info="bst", references_extra=reference)).decode()
    good, kind = [("attachment-1@example.com", octets, "binary")], "text/xml"
    table: list[tuple[str, bytes, dict[str, Any]]] = [
        ("ok", mime(root, good, kind=kind), ACCEPT),
        ("ok-base64", mime(root, [(good[0][0], octets, "base64")], kind=kind), ACCEPT),
        ("ok-unsigned-part", mime(root, [*good, ("other@example.com", b"not signed", "binary")], kind=kind), ACCEPT),
        (
            "part-altered",
            mime(root, [(good[0][0], octets[:-1] + b"!", "binary")], kind=kind),
            refused("digest-mismatch", "part-altered", "cid:attachment-1@example.com"),
        ),
        (
            "part-missing",
            mime(root, [], kind=kind),
            refused("mtom-part-missing", "part-left-out", "cid:attachment-1@example.com", "reference-unresolved"),
        ),
    ]
    producer = "lxml and cryptography, by hand"
    return [Message(f"swa/{n}", o, producer, ["swa", *base.features], base.context, e, "mtom") for n, o, e in table]


def http(base: Message) -> list[Message]:
    """Put a message into an HTTP request as a proxy would record it."""

    def request(octets: bytes, *headers: str, eol: str = "\r\n") -> bytes:
        lines = [
            "POST /sap/bc/srt/xip/sap/order?sap-client=100 HTTP/1.1",
            "Host: erp.example.com",
            'SOAPAction: "urn:example:CreateOrder"',
            *headers,
            "",
            "",
        ]
        return eol.join(lines).encode() + octets

    typed = 'Content-Type: text/xml; charset="utf-8"'
    chunks = (
        b"".join(
            f"{len(c):x}\r\n".encode() + c + b"\r\n"
            for c in (base.octets[i : i + 1000] for i in range(0, len(base.octets), 1000))
        )
        + b"0\r\n\r\n"
    )
    table: list[tuple[str, bytes]] = [
        ("ok", request(base.octets, typed, f"Content-Length: {len(base.octets)}")),
        ("ok-lf", request(base.octets, typed, f"Content-Length: {len(base.octets)}", eol="\n")),
        ("ok-chunked", request(chunks, typed, "Transfer-Encoding: chunked")),
    ]
    made = [
        Message(
            f"http/{n}",
            o,
            f"{base.producer}; as an HTTP request",
            base.features,
            base.context,
            ACCEPT,
            "http",
            file=f"http/{n}.http",
        )
        for n, o in table
    ]
    wrong = re.sub(rb">(25|PO-2207|M-17)<", b">99<", base.octets)
    made.append(
        Message(
            "http/body-changed",
            request(wrong, typed, f"Content-Length: {len(wrong)}"),
            base.producer,
            base.features,
            base.context,
            refused("digest-mismatch", "body-text-changed", "Body"),
            "http",
            file="http/body-changed.http",
        )
    )
    return made


def bare(assertion: str, saml: dict[str, str]) -> list[Message]:
    """Make documents without an envelope: a signed order, and SAML Responses."""
    made = []
    order = etree.fromstring(PAYLOADS["default-namespace"].encode())
    order.set("Id", "order-1")
    template = xmlsec.template.create(order, xmlsec.Transform.EXCL_C14N, xmlsec.Transform.RSA_SHA256, ns="ds")
    order.append(template)
    reference = xmlsec.template.add_reference(template, xmlsec.Transform.SHA256, uri="#order-1")
    xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
    xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
    xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(template))
    signing = xmlsec.SignatureContext()
    signing.key = xmlsec.Key.from_file(str(KEYS / "client.key.pem"), xmlsec.constants.KeyDataFormatPem)
    signing.key.load_cert_from_file(str(KEYS / "client.crt.pem"), xmlsec.constants.KeyDataFormatPem)
    signing.register_id(order, "Id")
    signing.sign(template)
    octets = etree.tostring(order)
    features = ["bare", "enveloped", "plain-x509data"]
    made.append(Message("bare/order", octets, PYTHON_PRODUCER, features, context(), ACCEPT, "xml"))
    made.append(
        Message(
            "bare/order+text",
            octets.replace(b">Bolt<", b">Gold<"),
            PYTHON_PRODUCER,
            features,
            context(),
            refused("digest-mismatch", "text-changed", "document"),
            "xml",
        )
    )
    protocol = "urn:oasis:names:tc:SAML:2.0:protocol"
    response = (
        f'<samlp:Response xmlns:samlp="{protocol}" ID="_response-1" Version="2.0" IssueInstant="{stamp(NOW)}" Destination="{saml["recipient"]}">'
        f'<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{saml["issuer"]}</saml:Issuer>'
        f'<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>'
    )
    ctx = context(require_tokens=["Assertion"], saml=SAML_CONTEXT)
    made.append(
        Message("bare/response", response.encode(), SAML_PRODUCER, ["saml20", "response"], ctx, ACCEPT, "saml-response")
    )
    made.append(
        Message(
            "bare/response+nameid",
            response.replace(">alice<", ">mallory<").encode(),
            SAML_PRODUCER,
            ["saml20", "response"],
            ctx,
            refused("digest-mismatch", "subject-changed", "Assertion"),
            "saml-response",
        )
    )
    return made
