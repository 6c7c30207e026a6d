"""A signed SOAP message for tests, and pieces to attack it with."""

from __future__ import annotations

import base64
from datetime import timedelta
from functools import cache

from lxml import etree
from msgspec.structs import replace

from tests.wsse.pki import NOW, Issued, issue
from tests.wsse.signing import sign
from wssdoctor.wsse import names
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.verification import Verification
from wssdoctor.wsse.verifier import Verifier

BODY, STAMP, TOKEN = f"{{{names.SOAP11}}}Body", f"{{{names.WSU}}}Timestamp", f"{{{names.WSSE}}}BinarySecurityToken"
SECURITY, SIGNATURE = f"{{{names.WSSE}}}Security", f"{{{names.DS}}}Signature"
CONTENT = '<o:Order xmlns:o="urn:example:orders"><Buyer>M\u00fcller</Buyer><Item unit="PC">10</Item><Item unit="KG">2</Item></o:Order>'


@cache
def authority() -> Issued:
    return issue(None, "C=DE", "O=Tests", "CN=Root", ca=True)


@cache
def signer() -> Issued:
    return authority().issue("C=DE", "O=Tests", "CN=Signer")


def context(**changes: object) -> Context:
    ordinary = Context(
        time=NOW,
        max_age=timedelta(seconds=300),
        max_future=timedelta(seconds=60),
        trust_anchors=(authority().certificate,),
        require_signed=("Body", "Timestamp"),
    )
    return replace(ordinary, **changes)


@cache
def message() -> bytes:
    """A message with Body, Timestamp and token signed by the signer."""
    token = base64.b64encode(signer().der).decode()
    root = etree.fromstring(
        f'<e:Envelope xmlns:e="{names.SOAP11}" xmlns:wsse="{names.WSSE}" xmlns:wsu="{names.WSU}"><e:Header>'
        f'<wsse:Security e:mustUnderstand="1"><wsse:BinarySecurityToken wsu:Id="T" ValueType="{names.X509_V3}"'
        f' EncodingType="{names.BASE64_BINARY}">{token}</wsse:BinarySecurityToken><wsu:Timestamp wsu:Id="S">'
        "<wsu:Created>2026-03-01T12:00:00Z</wsu:Created><wsu:Expires>2026-03-01T12:05:00Z</wsu:Expires>"
        f'</wsu:Timestamp></wsse:Security></e:Header><e:Body wsu:Id="B">{CONTENT}</e:Body></e:Envelope>'
    )
    security = root[0][0]
    info = '<wsse:SecurityTokenReference><wsse:Reference URI="#T"/></wsse:SecurityTokenReference>'
    targets = {"B": root[1], "S": security[1], "T": security[0]}
    sign(root, targets, security, signer().key, info)
    return etree.tostring(root)


def tree() -> etree._Element:
    return etree.fromstring(message())


def judged(root: etree._Element | bytes, **changes: object) -> Verification:
    data = root if isinstance(root, bytes) else etree.tostring(root)
    return Verifier(context(**changes), thorough=True).verify(data)


def first(root: etree._Element | bytes, **changes: object) -> tuple[str, str | None]:
    """Fault and reason that are named first."""
    found = judged(root, **changes)
    assert found.verdict == "reject", found
    return found.faults[0].fault, found.faults[0].reason
