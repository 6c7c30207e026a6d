"""What libxmlsec1 shall sign: templates of messages."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from kit import (
    C14N,
    C14N11,
    DS,
    EXC,
    HMAC_KEY,
    KNOWN,
    LONG_HMAC_KEY,
    MORE,
    MORE07,
    MSG10,
    MSG11,
    NOW,
    PAYLOADS,
    SOAP11,
    SOAP12,
    WSSE,
    WSU,
    X509,
    XENC,
    b64,
    certificate,
    signed,
    stamp,
    thumbprint,
)

RSA256 = MORE + "rsa-sha256"
SHA256 = XENC + "sha256"


@dataclass
class Template:
    """A message to sign: what is referenced, how it is canonicalized, and how the key is named."""

    name: str
    features: str
    context: dict[str, Any]
    key: str = "client"
    method: str = RSA256
    method_inside: str = ""
    digest: str = SHA256
    c14n: str = EXC
    transform: str | None = EXC
    transforms: str = ""
    key_info: str = "x509"
    payload: str = "order"
    soap: str = SOAP11
    prefix: str = "soapenv"
    ids: str = "wsu"
    by: str = "both"
    uris: tuple[str, str] = ("#body-1", "#ts-1")
    envelope_attributes: str = ""
    security_extra: str = ""
    references_extra: str = ""
    expected: dict[str, Any] | None = None
    parts: tuple[str, ...] = ("body", "ts")
    declaration: str = ""
    rename: tuple[tuple[str, str], ...] = ()
    encoding: str = "utf-8"


def key_info(kind: str, key: str) -> str:
    """Return the KeyInfo of a template."""
    reference = {
        "bst": f'<wsse:Reference URI="#token-1" ValueType="{X509}#X509v3"/>',
        "thumbprint": f'<wsse:KeyIdentifier EncodingType="{MSG10}#Base64Binary" ValueType="{MSG11}#ThumbprintSHA1">'
        f"{thumbprint(key) if kind == 'thumbprint' else ''}</wsse:KeyIdentifier>",
        "embedded": f'<wsse:Embedded><wsse:BinarySecurityToken EncodingType="{MSG10}#Base64Binary" ValueType="{X509}#X509v3">'
        f"{certificate(key) if kind == 'embedded' else ''}</wsse:BinarySecurityToken></wsse:Embedded>",
    }
    inside = {
        "x509": "<ds:X509Data/>",
        "x509-issuer": "<ds:X509Data><ds:X509IssuerSerial/></ds:X509Data>",
        "x509-subject": "<ds:X509Data><ds:X509SubjectName/><ds:X509Certificate/></ds:X509Data>",
        "x509-ski": "<ds:X509Data><ds:X509SKI/></ds:X509Data>",
        "keyname": "<ds:KeyName>HmacKey</ds:KeyName>",
        "keyvalue": "<ds:KeyValue/>",
        "none": "",
    }
    if kind in reference:
        return f"<ds:KeyInfo><wsse:SecurityTokenReference>{reference[kind]}</wsse:SecurityTokenReference></ds:KeyInfo>"
    return f"<ds:KeyInfo>{inside[kind]}</ds:KeyInfo>" if inside[kind] else ""


def template_text(t: Template) -> str:
    """Write the message with an empty signature."""
    transform = "" if t.transform is None else f'<ds:Transform Algorithm="{t.transform}">{t.transforms}</ds:Transform>'
    wrapped = f"<ds:Transforms>{transform}</ds:Transforms>" if transform else ""
    references = "".join(
        f'<ds:Reference URI="{uri}">{wrapped}<ds:DigestMethod Algorithm="{t.digest}"/><ds:DigestValue/></ds:Reference>'
        for uri, part in zip(t.uris, ("body", "ts"), strict=True)
        if part in t.parts
    )
    body_id, ts_id = {
        "wsu": ('wsu:Id="body-1"', 'wsu:Id="ts-1"'),
        "plain": ('Id="body-1"', 'Id="ts-1"'),
        "xml": ('xml:id="body-1"', 'xml:id="ts-1"'),
        "strange": ('wsu:Id="_a.b-c·1"', 'wsu:Id="ts-Ünïcode"'),
    }[t.ids]
    token = (
        f'<wsse:BinarySecurityToken EncodingType="{MSG10}#Base64Binary" ValueType="{X509}#X509v3" wsu:Id="token-1">'
        f"{certificate(t.key)}</wsse:BinarySecurityToken>"
        if t.key_info == "bst"
        else ""
    )
    p = t.prefix
    expires = stamp(NOW + dt.timedelta(minutes=5))
    text = (
        f'{t.declaration}<{p}:Envelope xmlns:{p}="{t.soap}" xmlns:wsu="{WSU}"{t.envelope_attributes}><{p}:Header>'
        f'<wsse:Security xmlns:wsse="{WSSE}" {p}:mustUnderstand="1">{token}<wsu:Timestamp {ts_id}><wsu:Created>{stamp(NOW)}</wsu:Created>'
        f"<wsu:Expires>{expires}</wsu:Expires></wsu:Timestamp>{t.security_extra}"
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{t.c14n}"/>'
        f'<ds:SignatureMethod Algorithm="{t.method}">{t.method_inside}</ds:SignatureMethod>{references}{t.references_extra}</ds:SignedInfo>'
        f"<ds:SignatureValue/>{key_info(t.key_info, t.key)}</ds:Signature></wsse:Security></{p}:Header>"
        f"<{p}:Body {body_id}>{PAYLOADS[t.payload]}</{p}:Body></{p}:Envelope>"
    )
    for old, new in t.rename:

        def renamed(found: re.Match[str], new: str = new) -> str:
            return found.group(0).replace(found.group(0).rstrip(":"), new)

        text = re.sub(rf"(?<=[<\s/\"]){old}:(?=[\w-])|(?<=xmlns:){old}(?==)", renamed, text)
    return text


def templates() -> list[Template]:
    """Return everything to sign."""
    plain = "signature timestamp plain-x509data"
    known = {"known_certs": KNOWN}
    hmac = {"shared_keys_base64": {"HmacKey": b64(HMAC_KEY)}}
    made = [
        Template("sig-x509data", plain, signed()),
        Template(
            "sig-x509issuerserial",
            "signature timestamp plain-x509-issuer-serial",
            signed(**known),
            key_info="x509-issuer",
        ),
        Template("sig-x509subject", plain + " x509-subject-name", signed(), key_info="x509-subject"),
        Template("sig-x509ski", "signature timestamp plain-x509-ski", signed(**known), key_info="x509-ski"),
        Template("sig-keyvalue", "signature timestamp key-value", signed(accept_key_value=True), key_info="keyvalue"),
        Template("sig-bst", "signature timestamp bst-x509v3", signed(), key_info="bst"),
        Template("sig-thumbprint", "signature timestamp thumbprint-sha1", signed(**known), key_info="thumbprint"),
        Template("sig-embedded", "signature timestamp embedded-token", signed(), key_info="embedded"),
        Template("sig-soap12", plain + " soap12", signed(), soap=SOAP12, prefix="env"),
        Template("sig-sha1", plain + " rsa-sha1", signed(), method=DS + "rsa-sha1", digest=DS + "sha1"),
        Template("sig-sha224", plain + " rsa-sha224", signed(), method=MORE + "rsa-sha224", digest=MORE + "sha224"),
        Template("sig-sha384", plain + " rsa-sha384", signed(), method=MORE + "rsa-sha384", digest=MORE + "sha384"),
        Template("sig-sha512", plain + " rsa-sha512", signed(), method=MORE + "rsa-sha512", digest=XENC + "sha512"),
        Template(
            "sig-dsa-sha256",
            plain + " dsa-sha256",
            signed(),
            key="client-dsa",
            method="http://www.w3.org/2009/xmldsig11#dsa-sha256",
        ),
        Template("sig-ids-plain", plain + " plain-id", signed(), ids="plain"),
        Template("sig-ids-xml", plain + " xml-id", signed(), ids="xml"),
        Template("sig-ids-strange", plain + " strange-id", signed(), ids="strange", uris=("#_a.b-c·1", "#ts-Ünïcode")),
        Template(
            "sig-c14n-inclusive", plain + " c14n-inclusive", signed(), c14n=C14N, transform=C14N, payload="prefixes"
        ),
        Template(
            "sig-c14n-inclusive-comments",
            plain + " c14n-inclusive-with-comments",
            signed(),
            c14n=C14N + "#WithComments",
            transform=C14N + "#WithComments",
            payload="mixed",
        ),
        Template("sig-c14n11", plain + " c14n11", signed(), c14n=C14N11, transform=C14N11, payload="whitespace"),
        Template(
            "sig-c14n11-comments",
            plain + " c14n11-with-comments",
            signed(),
            c14n=C14N11 + "#WithComments",
            transform=C14N11 + "#WithComments",
            payload="mixed",
        ),
        Template(
            "sig-exc-comments",
            plain + " exc-c14n-with-comments",
            signed(),
            c14n=EXC + "WithComments",
            transform=EXC + "WithComments",
            payload="mixed",
        ),
        Template(
            "sig-exc-prefixlist",
            plain + " prefix-list",
            signed(),
            transforms=f'<ec:InclusiveNamespaces xmlns:ec="{EXC}" PrefixList="a xsi #default unknown"/>',
            payload="prefixes",
            envelope_attributes=' xmlns:a="urn:example:a" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
        ),
        Template("sig-no-transform", plain + " no-transform", signed(), transform=None, payload="prefixes"),
        Template(
            "sig-xml-attributes",
            plain + " xml-attributes c14n-inclusive",
            signed(),
            c14n=C14N,
            transform=C14N,
            envelope_attributes=' xml:lang="de" xml:space="preserve"',
            payload="whitespace",
        ),
        Template(
            "sig-xml-attributes-11",
            plain + " xml-attributes c14n11",
            signed(),
            c14n=C14N11,
            transform=C14N11,
            envelope_attributes=' xml:lang="de" xml:base="http://example.com/a/"',
            payload="prefixes",
            by="python",
        ),
        Template(
            "sig-xpointer",
            plain + " xpointer",
            signed(),
            uris=("#xpointer(id('body-1'))", "#ts-1"),
            payload="mixed",
            transform=EXC + "WithComments",
        ),
        Template(
            "sig-xpath",
            plain + " xpath",
            signed(),
            transform="http://www.w3.org/TR/1999/REC-xpath-19991116",
            transforms="<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>",
        ),
        Template("sig-body-only", "signature plain-x509data timestamp", signed("Body"), parts=("body",)),
        Template(
            "sig-declaration",
            plain + " xml-declaration",
            signed(),
            declaration='<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        ),
        Template(
            "sig-whole",
            plain + " empty-uri enveloped",
            signed("Body", "Timestamp"),
            parts=(),
            references_extra=f'<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="{DS}enveloped-signature"/><ds:Transform Algorithm="{EXC}"/></ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue/></ds:Reference>',
        ),
        Template("sig-payload-default-namespace", plain, signed(), payload="default-namespace"),
    ]
    both = f'<ec:InclusiveNamespaces xmlns:ec="{EXC}" PrefixList="#default q"/>'
    made += [
        Template(
            "sig-c14n-redeclared",
            plain + " c14n-inclusive redeclared",
            signed(),
            c14n=C14N,
            transform=C14N,
            payload="redeclared",
        ),
        Template(
            "sig-c14n11-redeclared",
            plain + " c14n11 redeclared",
            signed(),
            c14n=C14N11,
            transform=C14N11,
            payload="redeclared",
        ),
        Template(
            "sig-c14n-twins", plain + " c14n-inclusive twins", signed(), c14n=C14N, transform=C14N, payload="twins"
        ),
        Template("sig-exc-twins", plain + " twins", signed(), payload="twins"),
        Template("sig-exc-default-twins", plain + " prefix-list twins", signed(), payload="twins", transforms=both),
    ]
    wcf = (("soapenv", "s"), ("wsse", "o"), ("wsu", "u"))
    gsoap = (
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:c14n="{EXC}"'
        ' xmlns:ns1="urn:example:one" xmlns:ns2="urn:example:two"'
    )
    listed = f'<c14n:InclusiveNamespaces xmlns:c14n="{EXC}" PrefixList="SOAP-ENV wsse ns1"/>'
    made += [
        Template("sig-style-wcf", "signature timestamp bst-x509v3 wcf-style", signed(), key_info="bst", rename=wcf),
        Template(
            "sig-style-wcf-sha1",
            "signature timestamp thumbprint-sha1 wcf-style rsa-sha1",
            signed(**known),
            key_info="thumbprint",
            rename=wcf,
            method=DS + "rsa-sha1",
            digest=DS + "sha1",
        ),
        Template(
            "sig-style-gsoap",
            "signature timestamp bst-x509v3 gsoap-style prefix-list",
            signed(),
            key_info="bst",
            prefix="SOAP-ENV",
            envelope_attributes=gsoap,
            transforms=listed,
            payload="non-ascii",
            declaration='<?xml version="1.0" encoding="UTF-8"?>\n',
        ),
        Template(
            "sig-style-sap",
            "signature timestamp bst-x509v3 sap-style",
            signed(),
            key_info="bst",
            prefix="soap-env",
            payload="sap-proxy",
            declaration='<?xml version="1.0" encoding="utf-8"?>',
        ),
        Template(
            "sig-style-sap-inclusive",
            "signature timestamp bst-x509v3 sap-style c14n-inclusive",
            signed(),
            key_info="bst",
            prefix="soap-env",
            payload="sap-proxy",
            c14n=C14N,
            transform=C14N,
        ),
    ]
    made += [
        Template(f"sig-payload-{p}", f"{plain} payload-{p}", signed(), payload=p)
        for p in (
            "non-ascii",
            "mixed",
            "whitespace",
            "idoc",
            "empty",
            "prefixes",
            "laid-out",
            "crlf",
            "iri-namespace",
            "xml-names",
        )
    ]
    made += [
        Template(f"sig-{key}", f"{plain} ecdsa-{d}", signed(), key=f"client-{key}", method=f"{MORE}ecdsa-{d}")
        for key, d in (("ec256", "sha256"), ("ec384", "sha384"), ("ec521", "sha512"))
    ]
    made += [
        Template(
            f"hmac-{d}",
            f"signature timestamp hmac-{d} keyname",
            signed(**hmac),
            key="hmac",
            method=(DS if d == "sha1" else MORE) + f"hmac-{d}",
            key_info="keyname",
        )
        for d in ("sha1", "sha224", "sha256", "sha384", "sha512")
    ]
    made += [
        *(
            Template(
                f"hmac-{d}-long-key",
                f"signature timestamp hmac-{d} keyname long-key",
                signed(shared_keys_base64={"HmacKey": b64(LONG_HMAC_KEY)}),
                key="hmac-long",
                method=(DS if d == "sha1" else MORE) + f"hmac-{d}",
                key_info="keyname",
            )
            for d in ("sha1", "sha256", "sha512")
        ),
        Template(
            "hmac-sha256-128",
            "signature timestamp hmac-sha256 hmac-output-length-128 keyname",
            signed(**hmac),
            key="hmac",
            method=MORE + "hmac-sha256",
            method_inside="<ds:HMACOutputLength>128</ds:HMACOutputLength>",
            key_info="keyname",
        ),
    ]
    made += [
        Template(f"sig-cert-{c}", plain, signed(), key=f"client-{c}", expected=e)
        for c, e in (
            (
                "self",
                {
                    "verdict": "reject",
                    "fault": "cert-untrusted",
                    "cause": "self-signed-certificate",
                    "where": "KeyInfo",
                },
            ),
            (
                "expired",
                {
                    "verdict": "reject",
                    "fault": "cert-expired",
                    "cause": "sender-certificate-expired",
                    "where": "KeyInfo",
                },
            ),
            (
                "stranger",
                {
                    "verdict": "reject",
                    "fault": "cert-untrusted",
                    "or_fault": ["cert-chain-incomplete"],
                    "cause": "sender-certificate-issued-by-another-ca",
                    "where": "KeyInfo",
                },
            ),
        )
    ]
    pss = [
        Template(
            f"sig-pss-{d}", f"{plain} rsa-pss-{d}", signed(), method=f"{MORE07}{d}-rsa-MGF1", digest=SHA256, by="python"
        )
        for d in ("sha1", "sha224", "sha256", "sha384", "sha512")
    ]
    sha3 = [
        Template(f"sig-sha3-{n}", f"{plain} sha3-{n}", signed(), digest=f"{MORE07}sha3-{n}", by="python")
        for n in (224, 256, 384, 512)
    ]
    return made + pss + sha3
