"""What is wrong with a message: one fault, where, in words, and with evidence."""

from __future__ import annotations

import msgspec

from wssdoctor.evidence import Evidence


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong with a message.

    ``fault`` is a stable kebab-case id; ``where`` names the part (Body, Timestamp, SignedInfo,
    BinarySecurityToken, UsernameToken, Assertion, Security, KeyInfo, document ...); ``says`` is a plain
    sentence; ``reason`` is the stable id of what was done to the message where that can be established
    (see ``wsse/reason.py``).
    """

    fault: str
    where: str
    says: str
    reason: str | None = None
    evidence: tuple[Evidence, ...] = ()


class FaultFound(Exception):  # noqa: N818 - it carries a finding about the message, not an error of ours
    """Ends one line of work inside this room (no key, no octets); whoever collects faults catches it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.fault)
        self.fault = fault
