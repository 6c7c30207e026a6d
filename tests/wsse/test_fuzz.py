"""Damaged input is answered or refused, never with another exception; ``python -m benchmarks.fuzz`` does it at length."""

from __future__ import annotations

import pytest

from benchmarks import fuzz

TARGETS = fuzz.targets()


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_damaged_input(target: fuzz.Target) -> None:
    assert fuzz.run(target, 150, seed=5, limit=10)
