"""What holds for all tests of the terminal UI."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual._styles_cache import StylesCache


@pytest.fixture(autouse=True)
def forget_what_was_drawn() -> Iterator[None]:
    """Let go of the lines of an app that has ended: Textual keeps those of 1024 widgets, which the collector walks through."""
    yield
    StylesCache.get_inner_outer.cache_clear()
