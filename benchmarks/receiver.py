"""The lab described as the receiver of a message of the corpus: all is healthy, and what the message needs is there."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

from msgspec import UNSET

from benchmarks.places import CORPUS
from tests import signed
from tests.wsse.renewing import Captured, identities, identity
from wssdoctor.description.change import change
from wssdoctor.description.facts import Facts
from wssdoctor.lab.provider import Provider
from wssdoctor.provider.decryption import Keys
from wssdoctor.wsse.certificate import Certificate, load_certificates

PATH = "/sap/bc/srt/xip/sap/zprice_in/100/zprice_in/zprice_in"
_USER = {"exists": True, "type": "B", "lock": 0, "valid_from": "1900-01-01", "valid_to": "9999-12-31"}
_ACCEPTED = {"password_state": "productive", "sent_password_current": True, "services": ["*"]}


def provider(captured: Captured) -> Provider:
    """Make the lab, with the keys that open what is encrypted for it."""
    context = captured.context
    return Provider(facts(captured), keys=Keys(context.private_keys, tuple(context.shared_keys.items())))


def facts(captured: Captured) -> Facts:
    """Describe the receiver."""
    context, envelope = captured.context, captured.envelope
    bindings, pses = signed.base().items("bindings"), signed.base().items("pses")
    assert isinstance(bindings, tuple)
    assert isinstance(pses, tuple)
    binding = f"bindings[{next(index for index, one in enumerate(bindings) if one.path == PATH)}]"
    pse = f"pses[{next(index for index, one in enumerate(pses) if one.application == 'wsse')}]"
    users = sorted({*(context.users or {}), "WS_ORDER", "alice"})
    confirmed = [one for one in ("sender-vouches", "holder-of-key") if one in captured.entry["features"]]
    values: dict[str, Any] = {
        f"{pse}.trusted": [*_authorities(), *map(_described, (one.certificate for one in identities()))],
        f"{binding}.authentication": _authentication(captured),
        f"{binding}.algorithm_suite": UNSET,
        "wss_setup.encryption_algorithm": UNSET,
        "wss_setup.digest_algorithm": UNSET,
        f"{binding}.signed_parts": [one for one in context.require_signed if one in ("Body", "Timestamp")],
        f"{binding}.saml_confirmation": confirmed,
        "users": [{"name": name, "alias": "", "email": "", **_USER, **_ACCEPTED} for name in users],
        "external_ids": [
            {"type": "DN", "external_id": str(one.certificate.subject), "user": "WS_ORDER", "active": True}
            for one in identities()
        ],
        "security_contexts": [
            {"identifier": name, "user": "WS_ORDER", "expires": "9999-12-31T00:00:00Z", "secret": _text(secret)}
            for name, secret in context.shared_keys.items()
            if b"SecurityContextToken" in envelope
        ],
        "saml_trust": _trust(captured),
    }
    if context.private_keys and context.private_keys[0].certificate is not None:
        values[f"{pse}.own_certificate"] = _described(context.private_keys[0].certificate)
    return change(signed.base(), values)


def _authentication(captured: Captured) -> str:
    envelope = captured.envelope
    if b"Assertion" in envelope:
        return "saml"
    if b"SecurityContextToken" in envelope and b"RequestSecurityToken" not in envelope:
        return "secure-conversation"
    return "username-token" if "username-token" in captured.entry["features"] else "x509-signature"


def _trust(captured: Captured) -> dict[str, Any]:
    expected = captured.context.saml
    issuer = expected.issuer or "urn:sts.example.com"
    return {
        "ticket_issuers": [],
        "saml2_providers": [issuer],
        "local_provider": expected.audience or "ERP_100",
        "providers": [
            {
                "name": issuer,
                "certificates": [_described(one.certificate) for one in (identity("sts"), *identities())],
                "name_ids": [{"format": "unspecified", "source": "user"}],
            }
        ],
    }


@cache
def _authorities() -> list[dict[str, str]]:
    files = ("root-ca", "inter-ca", "odd-ca")
    return [_described(load_certificates((CORPUS / f"keys/{name}.crt.pem").read_bytes())[0]) for name in files]


def _described(certificate: Certificate) -> dict[str, str]:
    """A certificate as a loaded description holds it."""
    encoded = base64.encodebytes(certificate.der).decode()
    return {
        "pem": f"-----BEGIN CERTIFICATE-----\n{encoded}-----END CERTIFICATE-----\n",
        "subject": str(certificate.subject),
        "issuer": str(certificate.issuer),
        "not_before": f"{certificate.not_before:%Y-%m-%dT%H:%M:%SZ}",
        "not_after": f"{certificate.not_after:%Y-%m-%dT%H:%M:%SZ}",
    }


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()
