"""Damaged input is answered or refused, never with another exception; ``python -m benchmarks.fuzz`` does this at length."""

from __future__ import annotations

import math

import pytest

from benchmarks import fuzz


@pytest.mark.parametrize("target", fuzz.targets(), ids=lambda target: target.name)
def test_damaged_input(target: fuzz.Target) -> None:
    assert fuzz.run(target, 150, 1, math.inf)
