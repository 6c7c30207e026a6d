"""The healthy system that real clients call, and the files that they call it with. Keys live as long as the run."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from lxml import etree

from tests import landscape
from tests.signed import certificate, node
from tests.wsse.encrypting import private_key
from tests.wsse.pki import Issued, issue
from tests.wsse.signing import by_id, sign, x509_data
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.provider.decryption import Keys
from wssdoctor.wsse import names

USER = "WS_ORDER"
PASSWORD = "sample-Passw0rd"
PASSPHRASE = "sample"
"""Of the PKCS#12 files."""
STS = "https://sts.example.com"
WSDL = Path(__file__).parents[2] / "data" / "sample_maker" / "sales.wsdl"
SERVICES = {
    "username-token": "zorder_in",
    "x509-signature": "zprice_in",
    "saml": "zapproval_in",
    "basic": "zinvoice_in",
    "client-certificate": "zstock_in",
}
_SERVICE = """  <wsdl:service name="Sales"><wsdl:port name="Order" binding="tns:Order">
    <soap:address location="http://localhost/"/></wsdl:port></wsdl:service>
</wsdl:definitions>
"""
"""Clients that generate their code demand one."""
_DAY = dt.timedelta(days=1)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@cache
def _dates() -> tuple[dt.datetime, dt.datetime]:
    return now() - _DAY, now() + 300 * _DAY


def _issue(issuer: Issued | None, *parts: str, **options: Any) -> Issued:
    start, end = _dates()
    return issue(issuer, *parts, key=options.pop("key", None), start=start, end=end, **options)


@cache
def authority() -> Issued:
    return _issue(None, "C=DE", "O=Test", "CN=Clients CA", ca=True)


@cache
def client() -> Issued:
    return _issue(authority(), "C=DE", "O=Test", "OU=Clients", "CN=caller")


@cache
def provider() -> Issued:
    return _issue(authority(), "C=DE", "O=Test", "CN=ERP WS-Security")


@cache
def sts() -> Issued:
    return _issue(authority(), "C=DE", "O=Test", "CN=STS")


def keys() -> Keys:
    """The key of the WS-Security PSE, lent to the lab."""
    return Keys((private_key(provider()),))


@cache
def facts() -> Facts:
    """The healthy description: everything is known, and each service takes its kind of token."""
    base = landscape.facts()
    pses = base.items("pses") or ()
    wsse, ssl = (
        next(index for index, one in enumerate(pses) if one.application == name) for name in ("wsse", "ssl-server")
    )
    values: dict[str, Any] = {
        f"pses[{wsse}].trusted": [certificate(authority()), certificate(client())],
        f"pses[{wsse}].own_certificate": certificate(provider()),
        f"pses[{ssl}].trusted": [certificate(authority())],
        f"pses[{len(pses)}]": {"application": "system", "exists": True, "trusted": [certificate(sts())]},
        "external_ids": [
            {"type": "DN", "external_id": str(client().certificate.subject), "user": USER, "active": True},
            {"type": "SA", "external_id": f"{STS}::jane", "user": "WS_SHOP", "active": True},
        ],
        "certificate_rules": [],
        "certificate_users": [],
        "signature_store": [],
        "security_contexts": [],
        "saml_trust": {
            "ticket_issuers": [],
            "saml2_providers": [STS],
            "local_provider": "ERP_100",
            "providers": [
                {
                    "name": STS,
                    "certificates": [certificate(sts())],
                    "name_ids": [{"format": "unspecified", "source": "user"}],
                }
            ],
        },
    }
    for index, one in enumerate(base.items("users") or ()):
        values |= {f"users[{index}].services": ["*"], f"users[{index}].alias": "", f"users[{index}].email": ""}
        if one.name == USER:
            values[f"users[{index}].password"] = PASSWORD
    for index, one in enumerate(base.items("bindings") or ()):
        for kind, service in SERVICES.items():
            if one.path == node(service):
                values[f"bindings[{index}].authentication"] = kind
                values[f"bindings[{index}].transport"] = "https"
                if kind == "saml":
                    values[f"bindings[{index}].saml_confirmation"] = ["holder-of-key", "sender-vouches"]
                if kind in ("basic", "client-certificate"):
                    values[f"bindings[{index}].signed_parts"] = []
    return change(base, values)


def assertion(version: str, confirmation: str, *, age: int = 0, audience: str = "ERP_100") -> bytes:
    """An assertion that the STS signed, issued some seconds ago and good for an hour."""
    at = [f"{now() + dt.timedelta(seconds=seconds - age):%Y-%m-%dT%H:%M:%SZ}" for seconds in (-10, 3600)]
    info = x509_data(client().der) if confirmation == "holder-of-key" else ""
    key = f'<ds:KeyInfo xmlns:ds="{names.DS}">{info}</ds:KeyInfo>' if info else ""
    window = f'NotBefore="{at[0]}" NotOnOrAfter="{at[1]}"'
    restriction = f"AudienceRestriction{'' if version == '2.0' else 'Condition'}"
    conditions = (
        f"<saml:Conditions {window}><saml:{restriction}><saml:Audience>{audience}</saml:Audience></saml:{restriction}>"
        "</saml:Conditions>"
    )
    if version == "2.0":
        data = f"<saml:SubjectConfirmationData>{key}</saml:SubjectConfirmationData>" if key else ""
        text = (
            f'<saml:Assertion xmlns:saml="{names.SAML2}" Version="2.0" ID="_assertion" IssueInstant="{at[0]}">'
            f"<saml:Issuer>{STS}</saml:Issuer><saml:Subject><saml:NameID>ws_order</saml:NameID>"
            f'<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:{confirmation}">{data}'
            f'</saml:SubjectConfirmation></saml:Subject>{conditions}<saml:AuthnStatement AuthnInstant="{at[0]}">'
            "<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
            "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement></saml:Assertion>"
        )
    else:
        text = (
            f'<saml:Assertion xmlns:saml="{names.SAML1}" MajorVersion="1" MinorVersion="1" AssertionID="_assertion"'
            f' Issuer="{STS}" IssueInstant="{at[0]}">{conditions}<saml:AuthenticationStatement'
            f' AuthenticationMethod="urn:oasis:names:tc:SAML:1.0:am:password" AuthenticationInstant="{at[0]}">'
            "<saml:Subject><saml:NameIdentifier>ws_shop</saml:NameIdentifier><saml:SubjectConfirmation>"
            f"<saml:ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:{confirmation}</saml:ConfirmationMethod>{key}"
            "</saml:SubjectConfirmation></saml:Subject></saml:AuthenticationStatement></saml:Assertion>"
        )
    root = etree.fromstring(text)
    place = 1 if version == "2.0" else None
    sign(
        root,
        {"_assertion": by_id(root, "_assertion")},
        root,
        sts().key,
        x509_data(sts().der),
        enveloped=True,
        index=place,
    )
    return etree.tostring(root)


ASSERTIONS = tuple(
    (version, confirmation)
    for version in ("1.1", "2.0")
    for confirmation in ("bearer", "holder-of-key", "sender-vouches")
)


def write(folder: Path) -> None:
    """Write what clients need: keys, certificates, PKCS#12 files, assertions and the WSDL."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, issued in (("client", client()), ("sts", sts()), ("stranger", _stranger()), ("server", _server())):
        (folder / f"{name}.key").write_bytes(
            issued.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        (folder / f"{name}.pem").write_bytes(issued.pem)
        (folder / f"{name}.p12").write_bytes(
            pkcs12.serialize_key_and_certificates(
                name.encode(),
                issued.key,
                issued.x509,
                [authority().x509] if issued.issuer else [],
                serialization.BestAvailableEncryption(PASSPHRASE.encode()),
            )
        )
    (folder / "provider.pem").write_bytes(provider().pem)
    (folder / "ca.pem").write_bytes(authority().pem)
    (folder / "sales.wsdl").write_text(WSDL.read_text().replace("</wsdl:definitions>", _SERVICE))
    for version, confirmation in ASSERTIONS:
        name = f"saml{version[0]}-{confirmation}"
        (folder / f"{name}.xml").write_bytes(assertion(version, confirmation))
        (folder / f"{name}-old.xml").write_bytes(assertion(version, confirmation, age=86400))


@cache
def _server() -> Issued:
    return _issue(authority(), "C=DE", "O=Test", "CN=localhost")


@cache
def _stranger() -> Issued:
    """Somebody whom the provider does not trust."""
    return _issue(None, "C=DE", "O=Elsewhere", "CN=stranger", ca=None)
