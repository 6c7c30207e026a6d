"""Where the corpus is, and the peers that its makers know how to ask."""

from __future__ import annotations

import sys
from pathlib import Path

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "data" / "corpus"
sys.path.insert(0, str(CORPUS / "make"))
import java  # noqa: E402
from wss4j import Answer, Wss4j  # noqa: E402

__all__ = ["CORPUS", "Answer", "Wss4j", "java"]
