"""What a known landscape exports besides tables: profiles, PSEs, certificates, metadata, a WSDL, texts of tools."""

from __future__ import annotations

import base64
import textwrap
from pathlib import Path

from cryptography import x509

from tests.collect import exports, known

PIN = "Prüf-4711"
_SIGNED = (
    "<sp:AsymmetricBinding><wsp:Policy><sp:InitiatorToken><wsp:Policy><sp:X509Token/></wsp:Policy></sp:InitiatorToken>"
    "<sp:AlgorithmSuite><wsp:Policy><sp:Basic128Rsa15/></wsp:Policy></sp:AlgorithmSuite><sp:IncludeTimestamp/></wsp:Policy>"
    "</sp:AsymmetricBinding><sp:SignedParts><sp:Body/></sp:SignedParts>"
)
_WSDL = f"""\
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"
 xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:sp="http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"
 xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" xmlns:tns="urn:t">
<wsp:Policy wsu:Id="BN"><wsp:ExactlyOne><wsp:All>{_SIGNED}</wsp:All></wsp:ExactlyOne></wsp:Policy>
<wsdl:binding name="B" type="tns:T"><wsp:Policy><wsp:PolicyReference URI="#BN"/></wsp:Policy></wsdl:binding>
<wsdl:service name="S"><wsdl:port name="P" binding="tns:B">
<soap:address location="http://erp.example.com:8000{known.STOCK}"/></wsdl:port></wsdl:service></wsdl:definitions>
"""
_SETUP = {
    "en": (
        "Report WSS_SETUP, Test Run\nTime Tolerance: 120\nDetect Message Replays: [X]\nEncryption Algorithm: AES256\n"
        "Hash Algorithm: SHA-256\nUse trust settings defined in TA SAML2: Yes\nCreate Provider Configuration: No\n"
    ),
    "de": (
        "Report WSS_SETUP, Testlauf\n|Zeittoleranz | 120 |\n|Message Replay | Ja |\n|Verschlüsselungsalgorithmus | AES-256 |\n"
        "|Hashalgorithmus | SHA256 |\n|SAML-Vertrauen | SAML2 |\n|Providerkonfiguration | Nein |\n"
    ),
}
_DEFAULT = "SAPSYSTEMNAME = ERP\nSAPLOCALHOSTFULL = erp.example.com\nDIR_GLOBAL = /usr/sap/$(SAPSYSTEMNAME)/SYS/global\nssf/name = default\n"
_INSTANCE = "INSTANCE_NAME = D00\nssf/name = SAPSECULIB\nrsec/ssfs_datapath = $(DIR_GLOBAL)/rsec\n"
_METADATA = (
    '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="ERP_100"><md:SPSSODescriptor>'
    '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
    "<ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor></md:SPSSODescriptor>"
    "</md:EntityDescriptor>"
)
_NAMES = """\
Opening PSE "/usr/sap/ERP/D00/sec/SAPSSLC.pse"...
PSE (v2) open ok.
MY Certificate:
Subject : CN=Client, O=Exämple
Issuer  : CN=Client, O=Exämple
Validity  -  NotBefore:   Wed Jan  1 01:00:00 2025 (250101000000Z)
             NotAfter:   Fri Jan  1 01:00:00 2027 (270101000000Z)
"""

FACTS = {
    "system.sid": "ERP",
    "system.host": "erp.example.com",
    "bindings[0].algorithm_suite": "Basic128Rsa15",
    "bindings[0].signed_parts": "['Body', 'Timestamp']",
    "users[1].alias": "shop",
    "saml_trust.local_provider": "ERP_100",
    "profile.ssf/name": "SAPSECULIB",
    "profile.rsec/ssfs_datapath": "/usr/sap/ERP/SYS/global/rsec",
}
"""What they add to records that the tables give."""


def write(folder: Path, language: str) -> str:
    """Write the exports and return the parts of the description that they alone give."""
    own, ca, server, saml = (exports.certificate(name)[0] for name in ("Own", "CA", "Server", "Saml"))
    (folder / "DEFAULT.PFL").write_text(_DEFAULT)
    (folder / "instance").write_bytes(_INSTANCE.encode("utf-16"))
    (folder / "setup").write_bytes(_SETUP[language].encode("cp1252"))
    (folder / "SAPWSSE.pse").write_bytes(exports.pse(4, exports.der_of(own), [exports.der_of(ca)], PIN))
    (folder / "SAPSSLS.crt").write_bytes(exports.pem_of(server))
    (folder / "metadata").write_text(_METADATA.format(base64.b64encode(exports.der_of(saml)).decode()))
    (folder / "names").write_bytes(_NAMES.encode("cp1252"))
    (folder / "wsdl").write_text(_WSDL)
    (folder / "user").write_text("User      : ws_order\nAlias     : shop\nLast Login: 10:00:00\n")

    def pem(made: x509.Certificate) -> str:
        return textwrap.indent(exports.pem_of(made).decode(), " " * 8)

    return f"""
wss_setup: {{time_tolerance_seconds: 120, detect_message_replays: true, encryption_algorithm: aes256, digest_algorithm: sha256, saml_trust: saml2, secure_conversation_provider: false}}
pses:
  - application: saml2
    exists: true
    own_certificate:
      pem: |
{pem(saml)}
  - application: ssl-client-standard
    exists: true
    own_certificate: {{subject: "CN=Client, O=Exämple", issuer: "CN=Client, O=Exämple", not_before: 2025-01-01T00:00:00Z, not_after: 2027-01-01T00:00:00Z}}
  - application: ssl-server
    exists: true
    own_certificate:
      pem: |
{pem(server)}
  - application: wsse
    exists: true
    own_certificate:
      pem: |
{pem(own)}
    trusted:
      - pem: |
  {pem(ca).replace(chr(10) + " " * 8, chr(10) + " " * 10)}
"""
