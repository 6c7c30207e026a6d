"""Messages of real stacks and all that is needed to make them fresh: the corpus holds the keys of both sides."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from wssdoctor.capture.read import read_bytes
from wssdoctor.wsse.certificate import load_certificates
from wssdoctor.wsse.context import Context, context_from_data
from wssdoctor.wsse.envelope import open_parts
from wssdoctor.wsse.material import Identity, Material
from wssdoctor.wsse.renewal import Renewed, renewed
from wssdoctor.wsse.verification import Verification
from wssdoctor.wsse.verifier import Verifier

CORPUS = Path(__file__).parents[1] / "data" / "corpus"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
_SOAP = ("soap", "mtom", "http")


class Captured(msgspec.Struct, frozen=True):
    """A message of the corpus that its receiver accepts."""

    name: str
    envelope: bytes
    attachments: dict[str, bytes]
    context: Context
    entry: dict[str, Any]

    @property
    def encrypted(self) -> bool:
        return b"EncryptedData" in self.envelope

    def material(self, **changes: Any) -> Material:
        """All that both sides hold."""
        own = self.context.private_keys
        given = Material(
            now=NOW,
            identities=identities(),
            passwords=self.context.users or {},
            secrets=self.context.shared_keys,
            recipients=tuple(one.certificate for one in own if one.certificate),
            decryption_keys=own,
            issuer=identity("sts"),
        )
        return msgspec.structs.replace(given, **changes)

    def renewed(self, **changes: Any) -> Renewed:
        return renewed(self.envelope, self.material(**changes), self.attachments)

    def judged(self, fresh: Renewed) -> Verification:
        """As its receiver judges it later on."""
        known = (*self.context.known_certs, *(one.certificate for one in identities()))
        context = msgspec.structs.replace(self.context, time=NOW, known_certs=known)
        parts = {name: one for name, one in self.attachments.items() if name not in fresh.left_out}
        return Verifier(context).judge(open_parts(fresh.envelope, parts | dict(fresh.attachments)))


@cache
def accepted() -> dict[str, Captured]:
    entries = yaml.load((CORPUS / "manifest.yaml").read_bytes(), Loader=LOADER)["messages"]
    found = {}
    for entry in entries:
        if entry["expected"]["verdict"] == "accept" and entry["format"] in _SOAP:
            capture = read_bytes((CORPUS / entry["file"]).read_bytes(), entry["id"])
            parts = {one.content_id: one.content for one in capture.attachments}
            context = context_from_data(entry["context"], CORPUS)
            found[entry["id"]] = Captured(entry["id"], capture.envelope, parts, context, entry)
    return found


@cache
def identity(name: str) -> Identity:
    key = serialization.load_pem_private_key((CORPUS / f"keys/{name}.key.pem").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey)
    return Identity(key, load_certificates((CORPUS / f"keys/{name}.crt.pem").read_bytes())[0])


def identities() -> tuple[Identity, ...]:
    names = ("client", "client-ec256", "client-ec384", "client-ec521", "client-dsa", "client-self")
    return tuple(map(identity, names))
