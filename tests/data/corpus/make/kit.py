"""What the makers share: places, the clock, envelopes, keys and the records that become the manifest."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

CORPUS = Path(__file__).resolve().parent.parent
KEYS = CORPUS / "keys"
MAKE = CORPUS / "make"

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
WSSE11 = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd"
X509 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0"
MSG10 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0"
MSG11 = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1"
UTP = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"
SAMLP = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1"
DS = "http://www.w3.org/2000/09/xmldsig#"
XENC = "http://www.w3.org/2001/04/xmlenc#"
XENC11 = "http://www.w3.org/2009/xmlenc11#"
WSA = "http://www.w3.org/2005/08/addressing"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N11 = "http://www.w3.org/2006/12/xml-c14n11"
EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
MORE07 = "http://www.w3.org/2007/05/xmldsig-more#"
STR_TRANSFORM = MSG10 + "#STR-Transform"

# All producers read the machine's clock; every context is judged one minute after the start of the run.
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
JUDGED_AT = NOW + dt.timedelta(seconds=60)

USER, PASSWORD = "alice", "secret"
HMAC_KEY = b"0123456789abcdef0123456789ABCDEF"
LONG_HMAC_KEY = bytes(range(200))
SHARED_KEY = b"fedcba9876543210"
KEK = {n: bytes(range(n // 8)) for n in (128, 192, 256)}
SAML_CONTEXT = {
    "issuer": "urn:sts.example.com",
    "audience": "https://erp.example.com/sap/saml2",
    "recipient": "https://erp.example.com/sap/bc/srt/saml2",
}
KNOWN = [
    f"keys/{name}.crt.pem"
    for name in (
        "client",
        "client-root",
        "client-4096",
        "client-1024",
        "client-ec256",
        "client-ec384",
        "client-ec521",
        "client-dsa",
        "client-noski",
        "client-odd",
    )
]


@dataclass
class Message:
    """One message of the corpus: its octets, what it is for, and what a receiver must say to it."""

    id: str
    octets: bytes
    producer: str
    features: list[str]
    context: dict[str, Any]
    expected: dict[str, Any] = field(default_factory=lambda: {"verdict": "accept"})
    format: str = "soap"
    file: str = ""
    derived_from: str = ""

    def __post_init__(self) -> None:
        if not self.file:
            self.file = self.id.replace("@", "+") + (".mime" if self.format == "mtom" else ".xml")


def stamp(moment: dt.datetime) -> str:
    """Write a moment the way that most stacks do."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def context(**more: Any) -> dict[str, Any]:
    """Return the context of a receiver that trusts the test root; None drops a key."""
    made: dict[str, Any] = {
        "time": stamp(JUDGED_AT),
        "max_age_seconds": 300,
        "max_future_seconds": 60,
        "trust_anchors": ["keys/root-ca.crt.pem"],
        "intermediates": ["keys/inter-ca.crt.pem", "keys/odd-ca.crt.pem"],
    }
    made.update(more)
    return {key: value for key, value in made.items() if value is not None}


def signed(*parts: str, **more: Any) -> dict[str, Any]:
    """Return a context that wants these parts signed (Body and Timestamp when none are named)."""
    return context(require_signed=list(parts) or ["Body", "Timestamp"], **more)


def encrypted(*parts: str, **more: Any) -> dict[str, Any]:
    """Return a context that wants these parts encrypted (the Body when none are named) for the server's key."""
    pair = {"key": "keys/server.key.pem", "cert": "keys/server.crt.pem"}
    return context(**{"decryption_keys": [pair], "require_encrypted": list(parts) or ["Body"], **more})


def element_at(root: etree._Element, path: str) -> etree._Element:
    """Return the first element of a path, which is there."""
    found = root.find(path)
    assert found is not None, path
    return found


def b64(octets: bytes) -> str:
    """Base64 on one line."""
    return base64.b64encode(octets).decode()


def certificate(name: str) -> str:
    """Return the base64 of a certificate's DER, on one line."""
    lines = (KEYS / f"{name}.crt.pem").read_text().strip().splitlines()
    return "".join(lines[1:-1])


def thumbprint(name: str) -> str:
    """Return base64(SHA-1(DER)) of a certificate."""
    return b64(hashlib.sha1(base64.b64decode(certificate(name)), usedforsecurity=False).digest())


PAYLOADS = {
    "order": '<urn:ZSalesOrderCreate xmlns:urn="urn:sap-com:document:sap:soap:functions:mc-style"><OrderHeader>'
    "<DocType>TA</DocType><SalesOrg>1000</SalesOrg><PurchNo>PO-2207</PurchNo></OrderHeader><Items><item>"
    "<Material>M-17</Material><Quantity>25</Quantity><Plant>1100</Plant></item></Items></urn:ZSalesOrderCreate>",
    "default-namespace": '<CreateOrder xmlns="urn:example:orders"><Buyer id="7" name="Ada &amp; Co"/>'
    '<Lines><Line no="1">Bolt</Line><Line no="2">Nut</Line></Lines></CreateOrder>',
    "non-ascii": '<n:Notiz xmlns:n="urn:example:notes"><n:Text>Größe 45 € – Straße Łódź 東京 \U0001f4e6</n:Text>'
    '<n:Kunde name="Müller &amp; Söhne">Žluťoučký kůň</n:Kunde></n:Notiz>',
    "mixed": '<m:Doc xmlns:m="urn:example:mixed"><!-- a comment --><m:P>one <m:B>two</m:B> three<![CDATA[ <raw> & ]]>'
    '</m:P><?app instruction?><Plain xmlns="urn:example:other">text</Plain><None xmlns="">none</None></m:Doc>',
    "whitespace": '<w:Data xmlns:w="urn:example:space" xml:space="preserve" xml:lang="de">  leading\ttab &#13;\n'
    '  <w:Line a="1&#10;2&#9;3"> x </w:Line>\n  <w:Empty></w:Empty>\n  <w:Closed/>\n</w:Data>',
    "laid-out": '\n    <l:Order xmlns:l="urn:example:laidout">\n      <l:Buyer id="7">Ada</l:Buyer>\n      <l:Note/>\n'
    "      <l:Line>Bolt</l:Line>\n    </l:Order>\n  ",
    "sap-proxy": '<n0:ZWS_ORDER_CREATE xmlns:n0="urn:sap-com:document:sap:rfc:functions"'
    ' xmlns:prx="urn:sap.com:proxy:ERP:/1SAI/TAS0B6A7D2C4E1F3A5B7C9D1:757"><IV_KUNNR>0000004711</IV_KUNNR>'
    "<IT_ITEMS><item><MATNR>M-17</MATNR><MENGE>25.000</MENGE></item></IT_ITEMS></n0:ZWS_ORDER_CREATE>",
    "redeclared": '<a:One xmlns:a="urn:example:a" xmlns:b="urn:example:b"><a:Two><a:Three><a:Four xmlns:a="urn:example:a">'
    '<b:Five xmlns:b="urn:example:b" xmlns:a="urn:example:a" a:x="1"/></a:Four><Six xmlns=""/></a:Three></a:Two></a:One>',
    "twins": '<p:R xmlns:p="urn:example:same" xmlns:q="urn:example:same" xmlns="urn:example:same"><p:E q:a="1"/><q:E p:a="2"/><E p:b="3" q:c="4"/></p:R>',
    "rst": '<t:RequestSecurityToken xmlns:t="http://docs.oasis-open.org/ws-sx/ws-trust/200512"><t:TokenType>'
    "http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512/sct</t:TokenType><t:RequestType>"
    "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Issue</t:RequestType><t:Entropy><t:BinarySecret>AAECAwQFBgcICQoLDA0ODw=="
    "</t:BinarySecret></t:Entropy><t:KeySize>256</t:KeySize></t:RequestSecurityToken>",
    "crlf": '<t:Letter xmlns:t="urn:example:letter"><t:Text>Dear Ada,&#13;\n&#13;\nthe bolts came.&#13;\nYours, Bob</t:Text></t:Letter>',
    "iri-namespace": '<o:Order xmlns:o="http://www.müller.example/bestellung" xmlns:x="urn:example:a b" xmlns:g="urn:{guid}"><o:Text>x</o:Text>'
    "<g:G/></o:Order>",
    "xml-names": '<ä:Straße xmlns:ä="urn:example:streets" ä:größe="1"><_x.y-z·1 xmlns="urn:example:names"/></ä:Straße>',
    "binary": '<f:Upload xmlns:f="urn:example:files"><f:Name>logo.bin</f:Name><f:Content>'
    + b64(bytes(range(256)) * 2)
    + "</f:Content></f:Upload>",
    "prefixes": '<a:Root xmlns:a="urn:example:a" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema"><a:V xsi:type="xsd:string">s</a:V>'
    '<b:W xmlns:b="urn:example:b" b:z="1" a:y="2" x="3"/></a:Root>',
    "idoc": '<DEBMAS07 xmlns="urn:sap-com:document:sap:idoc:messages"><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1">'
    "<TABNAM>EDI_DC40</TABNAM><MANDT>200</MANDT><DOCNUM>0000000000002207</DOCNUM></EDI_DC40>"
    '<E1KNA1M SEGMENT="1"><KUNNR>0000004711</KUNNR><NAME1>Käufer GmbH</NAME1></E1KNA1M></IDOC></DEBMAS07>',
    "fault": "<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>Web service processing error"
    "</faultstring></soapenv:Fault>",
    "empty": "",
}


def envelope(payload: str = "order", *, soap: str = SOAP11, headers: str = "", prefix: str = "soapenv") -> str:
    """Return a SOAP envelope without a security header around one of the payloads."""
    body = PAYLOADS[payload].replace("soapenv:", prefix + ":")
    return (
        f'<{prefix}:Envelope xmlns:{prefix}="{soap}"><{prefix}:Header>{headers}</{prefix}:Header>'
        f"<{prefix}:Body>{body}</{prefix}:Body></{prefix}:Envelope>"
    )


ADDRESSING = (
    f'<wsa:To xmlns:wsa="{WSA}">https://erp.example.com/sap/bc/srt/xip/order</wsa:To>'
    f'<wsa:Action xmlns:wsa="{WSA}">urn:example:CreateOrder</wsa:Action>'
    f'<wsa:MessageID xmlns:wsa="{WSA}">urn:uuid:7b1c0f0e-6f0b-4a53-9a8a-3f0c2f0d2a11</wsa:MessageID>'
)
