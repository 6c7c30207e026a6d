"""What users of clients see, without what differs from call to call, and the list of it that the tests keep.

The words of the provider are left out, too: those of the lab are its own, and a real system words its faults otherwise.
What stays is what the client itself shows and hides.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct, convert

_DATA = Path(__file__).parents[2] / "data"
LIST = _DATA / "clients.yaml"
CONNECTIONS = _DATA / "clients-connections.yaml"
"""What they see where TLS, the network or their own keys fail."""
_HEAD = """\
# What the users of real clients saw before the lab: written by python -m benchmarks.clients --record tests/data/clients.yaml
# In braces stands what is the provider's: the text of a fault, its detail, an HTML page.
"""
_LEFT_OUT = (
    (r"(?s)<!DOCTYPE html>.*</html>", "{page}"),
    (r"(?s)<\?xml.*?(<faultcode>.*</faultstring>|<env:Code>.*</env:Reason>).*</env:Envelope>\s*", r"\1 "),
    (r'(?s)<lab:Refused.*</lab:Refused>|\{"Refused":.*\}', "{detail}"),
    (r"127\.0\.0\.1:\d+|localhost:\d+", "{host}"),
)


class Text(Struct, frozen=True):
    """A text that users of a client see, and the causes that it came from."""

    shown: str
    causes: tuple[str, ...]


class Shown(Struct, frozen=True):
    """What users of one client see."""

    version: str
    texts: tuple[Text, ...]


def reduced(shown: str, says: str = "") -> str:
    """Return what the client adds to what the provider says."""
    for words in {says, html.unescape(says)} - {""}:
        shown = shown.replace(words, "{says}")
    for pattern, instead in _LEFT_OUT:
        shown = re.sub(pattern, instead, shown)
    return shown.strip()


def texts(seen: Iterable[tuple[str, str]]) -> tuple[Text, ...]:
    """Join pairs of a reduced text and a cause, which may be empty."""
    causes: dict[str, set[str]] = {}
    for shown, cause in seen:
        causes.setdefault(shown, set()).add(cause)
    return tuple(Text(shown, tuple(sorted(causes[shown] - {""}))) for shown in sorted(causes))


def load(path: Path = LIST) -> dict[str, Shown]:
    """Read a list, by client."""
    return convert(yaml.safe_load(path.read_text(encoding="utf-8")), dict[str, Shown])


def write(path: Path, clients: Mapping[str, Shown]) -> None:
    """Write the list."""
    written: dict[str, Any] = {
        name: {
            "version": one.version,
            "texts": [{"shown": text.shown, "causes": list(text.causes)} for text in one.texts],
        }
        for name, one in clients.items()
    }
    path.write_text(_HEAD + yaml.safe_dump(written, sort_keys=False, width=120), encoding="utf-8")
