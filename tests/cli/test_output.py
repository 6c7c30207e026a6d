"""Results are written in one step, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from wssdoctor.cli.output import write
from wssdoctor.errors import InputError


@pytest.mark.parametrize("target", ["", "gone/report", "x" * 300])
def test_what_fails_leaves_nothing_behind(tmp_path: Path, target: str) -> None:
    with pytest.raises(InputError):
        write(b"x", tmp_path / target)
    assert list(tmp_path.iterdir()) == []
