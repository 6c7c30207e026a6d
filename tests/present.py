"""What a test knows to be there, or to be of a type: it fails where it is not."""

from __future__ import annotations

from typing import TypeVar

from msgspec import UnsetType

T = TypeVar("T")


def present(value: T | UnsetType | None) -> T:
    """Return a value that is there."""
    assert value is not None
    assert not isinstance(value, UnsetType)
    return value


def of_type(kind: type[T], value: object) -> T:
    """Return a value that is of a type."""
    assert isinstance(value, kind)
    return value
