"""Why a signature value does not fit: what the signer's SignedInfo or key must have been."""

from __future__ import annotations
import msgspec
from wssdoctor.evidence import Evidence
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.signature import Signature


class Explanation(msgspec.Struct, frozen=True):
    says: str = ""
    where: str = ""
    reason: str | None = None
    evidence: tuple[Evidence, ...] = ()


def explain(signature: Signature, scope: Scope) -> Explanation:
    return Explanation()
