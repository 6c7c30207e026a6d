"""A case with a canary of its own kind in every place where a secret or a name can stand, in many encodings.

Every canary contains ``KNRY``, which is in no word of this program. ``SECRETS`` must never be seen anywhere; ``NAMES``
must not be in a bundle that replaces names.
"""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

MARK = "knry"
MOMENT = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
PATH = "/sap/bc/srt/xip/sap/zknryservice/100/zknryservice/knrybinding"

SECRETS = {
    "password in the description": "hxKNRYpw1!",
    "secret of a context": base64.b64encode(b"KNRY-context-key-32-octets-long!").decode(),
    "password in a token": "hxKNRYpw2 & <x>",
    "password in a digest": base64.b64encode(b"KNRY0123456789abcdef").decode(),
    "nonce": base64.b64encode(b"KNRYnonce0123456").decode(),
    "password of Basic": "hxKNRYpw3:%/+",
    "bearer token": "eyKNRYtoken.abc-def_123",
    "logon ticket": "AjKNRYticket0123456789==",
    "session cookie": "hxKNRYsession",
    "cookie of an application": "hxKNRYcookie",
    "header with a key": "hxKNRYapikey",
    "sap-password in the query": "hxKNRYpw4",
    "sap-password in a header": "hxKNRYpw5",
    "password in an address": "hxKNRYpw6",
    "parameter of the query": "hxKNRYparameter",
    "SAML attribute": "hxKNRYsalary",
    "binary secret": base64.b64encode(b"KNRY-binary-secret-32-octets-lng").decode(),
    "encrypted value": base64.b64encode(b"KNRY-cipher-value-0123456789").decode(),
    "text in the body": "hxKNRYbodytext",
    "attribute in the body": "hxKNRYbodyattribute",
    "CDATA in the body": "hxKNRYcdata",
    "password in the body": "hxKNRYpw7",
    "comment in the message": "hxKNRYcomment",
    "processing instruction": "hxKNRYinstruction",
    "attachment": "hxKNRYattachment",
    "body of the answer": "hxKNRYanswer",
    "detail of the fault": "hxKNRYdetail",
    "remark in the capture": "hxKNRYremark",
    "token of a cross-site check": "hxKNRYcsrf",
}
NAMES = {
    "user of the description": "KNRYUSER1",
    "user in a token": "KNRYUSER2",
    "user of Basic": "KNRYUSER3",
    "sap-user": "KNRYUSER4",
    "alias": "knry.alias",
    "e-mail": "jane@knry-mail.example",
    "host": "erp.knry-host.example",
    "host of a proxy": "proxy.knry-proxy.example",
    "host of a partner": "api.knry-partner.example",
    "service": "zknryservice",
    "operation": "knryoperation",
    "subject of a certificate": "KNRY Trading GmbH",
    "issuer of a certificate": "KNRY Root CA",
    "name of a certificate file": "knry-partner.pem",
    "external identity": "KNRYSTS/100::jane",
    "SAML issuer": "https://sts.knry-issuer.example/idp",
    "SAML name": "jane.knry@subject.example",
    "audience": "https://knry-audience.example/sp",
    "key name": "KNRY signing key",
    "SOAPAction": "urn:knry-corp:orders:create",
    "namespace": "urn:knry-corp:orders",
    "message id": "uuid:knry-1234",
    "logical port": "KNRY_PORT",
    "parameter of the profile": "knry/own_parameter",
    "value of the profile": "knryvalue.example",
    "reason of a suppression": "Mrs Knryhofer wants it so",
    "comment in the description": "ask Mr Knrymann",
    "name of the folder": "knryfolder",
    "name of the capture": "knryorder",
    "user agent": "KnryClient/1.2",
    "header name": "X-Knry-Trace",
    "realm": "KNRY realm",
    "identifier": "Id-knry-77",
    "boundary": "knryboundary",
    "content id": "knrypart@x.example",
    "word of a fault": "knryword",
    "context": "urn:uuid:knry-context",
}
SID = "KNY"


def certificate() -> bytes:
    """A certificate whose subject and issuer are names."""
    key = ec.generate_private_key(ec.SECP256R1())
    organization = x509.NameAttribute(NameOID.ORGANIZATION_NAME, NAMES["subject of a certificate"])
    common = x509.NameAttribute(NameOID.COMMON_NAME, NAMES["issuer of a certificate"])
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([organization]))
        .issuer_name(x509.Name([common]))
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(MOMENT - dt.timedelta(days=30))
        .not_valid_after(MOMENT + dt.timedelta(days=300))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def description() -> str:
    """A description with every kind of fact that can hold a name or a secret."""
    return f"""# {NAMES["comment in the description"]}
format: "1"
system: {{ sid: {SID}, client: "100", release: "7.50", host: {NAMES["host"]} }}
clock: {{ offset_seconds: 0 }}
technical_user: {{ name: DELAY_LOGON, exists: true, type: B, lock: 64 }}
icf:
  nodes:
    - path: {PATH}
      exists: true
      active: true
      https_required: true
      stored_user: {NAMES["user of the description"]}
pses:
  - application: wsse
    exists: true
    own_certificate: {{ file: {NAMES["name of a certificate file"]} }}
bindings:
  - {{ path: {PATH}, authentication: username-token, transport: https }}
users:
  - name: {NAMES["user in a token"]}
    exists: true
    lock: 64
    password: "{SECRETS["password in the description"]}"
    alias: {NAMES["alias"]}
    email: {NAMES["e-mail"]}
    operations: ["{PATH}/{NAMES["operation"]}"]
external_ids:
  - {{ type: SA, external_id: "{NAMES["external identity"]}", user: {NAMES["user of the description"]} }}
saml_trust:
  saml2_providers: ["{NAMES["SAML issuer"]}"]
security_contexts:
  - identifier: "{NAMES["context"]}"
    user: {NAMES["user of the description"]}
    secret: "{SECRETS["secret of a context"]}"
consumer:
  calls:
    - logical_port: {NAMES["logical port"]}
      url: https://{NAMES["host of a partner"]}/orders?key=1
      user: {NAMES["user of the description"]}
      proxy: {{ needed: true, address: "{NAMES["host of a proxy"]}:8080", reachable: false }}
profile: {{ "{NAMES["parameter of the profile"]}": "{NAMES["value of the profile"]}" }}
suppressions:
  - cause: user-locked
    subject: {NAMES["user in a token"]}
    reason: {NAMES["reason of a suppression"]}
    until: 2027-01-01
"""


def envelope() -> str:
    """A message with a token, an assertion, encrypted content, and a body full of content."""
    wss = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
    escaped = SECRETS["password in a token"].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- {SECRETS["comment in the message"]} -->
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:o="{NAMES["namespace"]}">
 <s:Header>
  <a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">{NAMES["message id"]}</a:MessageID>
  <a:To xmlns:a="http://www.w3.org/2005/08/addressing">https://{NAMES["host"]}{PATH}</a:To>
  <x:Trace xmlns:x="urn:knry-trace">{SECRETS["remark in the capture"]}</x:Trace>
  <w:Security xmlns:w="{wss}wssecurity-secext-1.0.xsd" xmlns:u="{wss}wssecurity-utility-1.0.xsd">
   <u:Timestamp u:Id="{NAMES["identifier"]}"><u:Created>2026-11-20T10:00:00Z</u:Created><u:Expires>2026-11-20T10:05:00Z</u:Expires></u:Timestamp>
   <w:UsernameToken>
    <w:Username>{NAMES["user in a token"]}</w:Username>
    <w:Password Type="{wss}username-token-profile-1.0#PasswordText">{escaped}</w:Password>
   </w:UsernameToken>
   <w:UsernameToken>
    <w:Username>{NAMES["user in a token"]}</w:Username>
    <w:Password Type="{wss}username-token-profile-1.0#PasswordDigest">{SECRETS["password in a digest"]}</w:Password>
    <w:Nonce>{SECRETS["nonce"]}</w:Nonce>
   </w:UsernameToken>
   <t:RequestedProofToken xmlns:t="http://docs.oasis-open.org/ws-sx/ws-trust/200512"><t:BinarySecret>{SECRETS["binary secret"]}</t:BinarySecret></t:RequestedProofToken>
   <saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="{NAMES["identifier"]}-a" Version="2.0" IssueInstant="2026-11-20T10:00:00Z">
    <saml2:Issuer>{NAMES["SAML issuer"]}</saml2:Issuer>
    <saml2:Subject><saml2:NameID>{NAMES["SAML name"]}</saml2:NameID></saml2:Subject>
    <saml2:Conditions><saml2:AudienceRestriction><saml2:Audience>{NAMES["audience"]}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>
    <saml2:AttributeStatement><saml2:Attribute Name="urn:knry:attribute"><saml2:AttributeValue>{SECRETS["SAML attribute"]}</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement>
   </saml2:Assertion>
   <e:EncryptedData xmlns:e="http://www.w3.org/2001/04/xmlenc#" xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:KeyInfo><d:KeyName>{NAMES["key name"]}</d:KeyName></d:KeyInfo><e:CipherData><e:CipherValue>{SECRETS["encrypted value"]}</e:CipherValue></e:CipherData></e:EncryptedData>
  </w:Security>
 </s:Header>
 <s:Body>
  <?app {SECRETS["processing instruction"]}?>
  <o:CreateOrder number="{SECRETS["attribute in the body"]}">
   <o:Customer>{SECRETS["text in the body"]}</o:Customer>
   <o:Note><![CDATA[{SECRETS["CDATA in the body"]} <b>]]></o:Note>
   <Password>{SECRETS["password in the body"]}</Password>
   <w:Password xmlns:w="{wss}wssecurity-secext-1.0.xsd">{SECRETS["password in the body"]}</w:Password>
  </o:CreateOrder>
 </s:Body>
</s:Envelope>
"""


def fault() -> str:
    """What the provider answers: a fault whose text names a user, with a detail."""
    return f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode>
<faultstring>User {NAMES["user in a token"]} is locked, {NAMES["word of a fault"]}</faultstring>
<detail><x>{SECRETS["detail of the fault"]}</x></detail></s:Fault></s:Body></s:Envelope>"""


def sent_again() -> str:
    """The record of a sending, with a name wherever one can stand."""
    seen = {"status": 500, "fault": f"s:{NAMES['word of a fault']}"}
    record = {
        "of": f"{NAMES['name of the folder']}/{NAMES['name of the capture']}-0.http",
        "fingerprint": NAMES["key name"],
        "to": f"https://{NAMES['host']}:44300",
        "outcome": "another-failure",
        "before": seen,
        "predicted": seen,
        "as_predicted": False,
        "carried_out": ["unlock-user", NAMES["user in a token"]],
        "error": f"{NAMES['host of a proxy']} says {NAMES['word of a fault']}",
    }
    return json.dumps(record)


def capture() -> bytes:
    """A raw request with a gzipped body, with its answer."""
    basic = base64.b64encode(f"{NAMES['user of Basic']}:{SECRETS['password of Basic']}".encode()).decode()
    body = gzip.compress(envelope().encode(), mtime=0)
    answer = fault().encode()
    head = "\r\n".join(
        (
            f"# {SECRETS['remark in the capture']}",
            f"# url: https://{NAMES['host']}:44300{PATH}",
            "# time: 2026-11-20T10:00:00Z",
            f"# sent-again: {sent_again()}",
            (
                f"POST {PATH}?sap-client=100&sap-user={NAMES['sap-user']}&sap-password={SECRETS['sap-password in the query']}"
                f"&key={SECRETS['parameter of the query']} HTTP/1.1"
            ),
            f"Host: {NAMES['host']}:44300",
            f"User-Agent: Apache-HttpClient/4.5.5 ({NAMES['user agent']})",
            f'SOAPAction: "{NAMES["SOAPAction"]}"',
            "Content-Type: text/xml; charset=UTF-8",
            "Content-Encoding: gzip",
            f"Authorization: Basic {basic}",
            f"Proxy-Authorization: Bearer {SECRETS['bearer token']}",
            (
                f"Cookie: MYSAPSSO2={SECRETS['logon ticket']}; SAP_SESSIONID_{SID}_100={SECRETS['session cookie']};"
                f" knrycart={SECRETS['cookie of an application']}"
            ),
            f"X-Api-Key: {SECRETS['header with a key']}",
            f"{NAMES['header name']}: 1",
            f"X-CSRF-Token: {SECRETS['token of a cross-site check']}",
            f"sap-password: {SECRETS['sap-password in a header']}",
            f"Via: 1.1 {NAMES['host of a proxy']}",
            f"X-Forwarded-For: 10.11.12.13, {NAMES['host of a proxy']}",
            f"Referer: https://{NAMES['user of Basic']}:{SECRETS['password in an address']}@{NAMES['host of a partner']}/knrypath",
            f"Content-Length: {len(body)}",
            "",
            "",
        )
    )
    response = "\r\n".join(
        (
            "HTTP/1.1 500 Internal Server Error",
            "Content-Type: text/xml",
            f"Set-Cookie: sap-usercontext={SECRETS['cookie of an application']}; path=/",
            f'WWW-Authenticate: Basic realm="{NAMES["realm"]}"',
            f"Content-Length: {len(answer)}",
            "",
            "",
        )
    )
    return head.encode() + body + response.encode() + answer


def with_attachment() -> bytes:
    """A MIME message with an attachment, in UTF-16."""
    boundary, content = NAMES["boundary"], NAMES["content id"]
    return (
        (
            f'Content-Type: multipart/related; boundary="{boundary}"; type="text/xml"; start="<{content}>"\r\n\r\n'
            f"--{boundary}\r\nContent-Type: text/xml; charset=UTF-8\r\nContent-ID: <{content}>\r\n\r\n"
        ).encode()
        + envelope().encode()
        + (
            f"\r\n--{boundary}\r\nContent-Type: text/plain\r\nContent-ID: <2{content}>\r\n\r\n"
            f"{SECRETS['attachment']}\r\n--{boundary}--\r\n"
        ).encode()
    )


def page() -> bytes:
    """A request that is answered by an error page."""
    request = f"POST {PATH} HTTP/1.1\r\nHost: {NAMES['host']}\r\nContent-Type: text/xml\r\nContent-Length: {len(envelope())}\r\n\r\n"
    answer = f"<html><title>Logon failed</title><p>{SECRETS['body of the answer']} User {NAMES['user in a token']}</p></html>"
    response = f"HTTP/1.1 401 Unauthorized\r\nContent-Type: text/html\r\nContent-Length: {len(answer)}\r\n\r\n"
    return (request + envelope() + response + answer).encode()


def plant(folder: Path) -> tuple[Path, Path]:
    """Write the case below a folder; return description and captures."""
    root = folder / NAMES["name of the folder"]
    captures = root / "captures"
    captures.mkdir(parents=True)
    (root / "system.yaml").write_text(description(), encoding="utf-8")
    (root / NAMES["name of a certificate file"]).write_bytes(certificate())
    (captures / f"{NAMES['name of the capture']}-1.http").write_bytes(capture())
    (captures / f"{NAMES['name of the capture']}-2.mime").write_bytes(with_attachment())
    (captures / f"{NAMES['name of the capture']}-3.xml").write_bytes(b"\xff\xfe" + wide().encode("utf-16-le"))
    (captures / f"{NAMES['name of the capture']}-4.http").write_bytes(page())
    return root / "system.yaml", captures


def wide() -> str:
    """The message in UTF-16."""
    return envelope().replace('encoding="UTF-8"', 'encoding="UTF-16"')
