"""Damaged messages are answered, never with an exception; ``python -m benchmarks.fuzz`` does this at length."""

from __future__ import annotations

import pytest

from benchmarks import fuzz


@pytest.mark.parametrize("seed", range(4))
def test_damaged_messages(seed: int) -> None:
    assert list(fuzz.run(150, seed)) == []
