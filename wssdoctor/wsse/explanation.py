"""The order of explanation: which fault is the root, and which goes without saying once it is named."""

from __future__ import annotations

from enum import IntEnum, auto

from wssdoctor.wsse.fault import Fault


class Stage(IntEnum):
    """What comes earlier explains what comes later."""

    DOCUMENT = auto()
    HEADER = auto()
    TIME = auto()
    USERNAME = auto()
    MISSING_TOKEN = auto()
    DECRYPTION = auto()
    STRUCTURE = auto()
    ALGORITHM = auto()
    TOKEN = auto()
    KEY = auto()
    SIGNATURE_VALUE = auto()
    FOUND = auto()
    TRUST = auto()
    WRAPPED = auto()
    DIGEST = auto()
    TIME_ALTERED = auto()
    USERNAME_ALTERED = auto()
    DEMAND = auto()
    ASSERTION = auto()
    UNSIGNED = auto()


_STAGES = {
    "signature-malformed": Stage.STRUCTURE,
    "algorithm-unknown": Stage.ALGORITHM,
    "algorithm-key-mismatch": Stage.ALGORITHM,
    "hmac-output-too-short": Stage.ALGORITHM,
    "c14n-relative-namespace-uri": Stage.ALGORITHM,
    "token-malformed": Stage.TOKEN,
    "token-reference-unresolved": Stage.TOKEN,
    "key-info-missing": Stage.KEY,
    "key-not-found": Stage.KEY,
    "context-unknown": Stage.KEY,
    "reference-unresolved": Stage.FOUND,
    "duplicate-id": Stage.FOUND,
    "mtom-part-missing": Stage.FOUND,
    "signature-wrapped": Stage.WRAPPED,
    "digest-mismatch": Stage.DIGEST,
}


def stage_of(fault: Fault) -> Stage:
    """Give the stage of a fault of a signature."""
    return _STAGES.get(fault.fault, Stage.SIGNATURE_VALUE)


def _laid_out(ordered: list[Fault]) -> list[Fault]:
    """Where the whole message was laid out anew, the part that suffered comes before SignedInfo, which did too."""
    if any(fault.fault == "digest-mismatch" and fault.reason in _LAYOUT for fault in ordered):
        shifted = [fault for fault in ordered if fault.fault == "signature-value-mismatch" and fault.reason in _LAYOUT]
        return [fault for fault in ordered if fault not in shifted] + shifted
    return ordered


_LAYOUT = frozenset(
    ("body-pretty-printed", "part-pretty-printed", "signed-info-pretty-printed", "line-endings-changed")
)


def in_order(faults: list[tuple[Stage, Fault]]) -> tuple[Fault, ...]:
    """Sort by stage and drop what another fault says already."""
    if not faults:
        return ()
    ordered = _laid_out([fault for _, fault in sorted(faults, key=lambda each: each[0])])
    explained: set[tuple[str, str]] = set()
    kept: list[Fault] = []
    for fault in ordered:
        if (fault.fault, fault.where) in explained and fault in kept:
            continue
        if fault.fault == "required-part-not-signed" and any(
            other.where == fault.where and other.fault in _EXPLAIN_UNSIGNED for other in kept
        ):
            continue
        kept.append(fault)
        explained.add((fault.fault, fault.where))
    return tuple(kept)


_EXPLAIN_UNSIGNED = frozenset(
    (
        "signature-wrapped",
        "digest-mismatch",
        "reference-unresolved",
        "duplicate-id",
        "timestamp-missing",
        "username-token-missing",
    )
)
"""Faults after which it goes without saying that the same part is not signed."""
