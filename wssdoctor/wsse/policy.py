"""What the receiver forbids or demands, apart from what must be signed or encrypted: algorithms and tokens."""

from __future__ import annotations

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element, child_of, local_name
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.item import TOKENS
from wssdoctor.wsse.message import Message, SecurityHeader
from wssdoctor.wsse.part import ASSERTIONS
from wssdoctor.wsse.scope import Scope

_MISSING = {"UsernameToken": "username-token-missing", "Timestamp": "timestamp-missing"}


def forbidden_algorithms(signature: Element, scope: Scope) -> list[Fault]:
    """Find forbidden algorithms in a signature (those of encryption are judged where it is undone)."""
    forbidden = scope.context.forbidden_algorithms
    if not forbidden:
        return []
    info = child_of(signature, f"{{{names.DS}}}SignedInfo")
    faults: list[Fault] = []
    for element in info.iter("*") if info is not None else ():
        uri = element.get("Algorithm")
        if uri is None or uri not in forbidden:
            continue
        name = local_name(element)
        evidence: tuple[Evidence, ...] = (Compared(name, "an algorithm that is allowed", uri, scope.place(element)),)
        says = f"{name} is {uri}, which the policy forbids"
        faults.append(Fault("algorithm-forbidden", "SignedInfo", says, None, evidence))
    return faults


def missing_tokens(message: Message, security: SecurityHeader | None, scope: Scope) -> list[Fault]:
    """Find tokens that are demanded and absent."""
    faults: list[Fault] = []
    for name in scope.context.require_tokens:
        if _present(name, message, security):
            continue
        holder = security.element if security is not None else message.root
        evidence: tuple[Evidence, ...] = (Located(f"no {name}", scope.place(holder)),)
        fault = _MISSING.get(name, "token-missing")
        faults.append(Fault(fault, name, f"a {name} is demanded and absent", f"{_kebab(name)}-removed", evidence))
    return faults


def _kebab(name: str) -> str:
    return {"UsernameToken": "username-token", "Timestamp": "time-stamp"}.get(name, "token")


def _present(name: str, message: Message, security: SecurityHeader | None) -> bool:
    if security is None:
        return name == "Assertion" and next(message.root.iter(*ASSERTIONS), None) is not None
    kind = TOKENS.get(name)
    if kind is not None:
        return any(isinstance(item, kind) for item in security.items)
    return any(local_name(item.element) == name for item in security.items)
