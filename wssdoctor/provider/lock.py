"""UFLAG: the lock of a user as bits (domain XUUFLAG; note 1887820)."""

from __future__ import annotations

_BITS = {32: "by the central administrator", 64: "by an administrator", 128: "by wrong logons"}


def locked_bits(lock: int) -> tuple[int, ...]:
    """Return the known lock bits that are set; other bits are no lock that SAP documents."""
    return tuple(bit for bit in _BITS if lock & bit)


def explained(lock: int) -> str:
    """Say who locked, and name bits that SAP does not document."""
    text = " and ".join(_BITS[bit] for bit in locked_bits(lock))
    unknown = lock & ~sum(_BITS)
    return f"{text} (undocumented bits: {unknown})" if unknown else text
