"""Why a digest differs."""

from __future__ import annotations
from wssdoctor.evidence import Evidence
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.reference import Reference
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.signature import Signature


def explain(reference: Reference, signature: Signature, scope: Scope) -> tuple[str | None, tuple[Evidence, ...]]:
    return None, ()


def explain_unresolved(reference: Reference, fault: Fault, signature: Signature, scope: Scope) -> Fault:
    return fault
