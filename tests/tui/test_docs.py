"""The keys in the readme and the documentation are those of the table of commands.

    python -m tests.tui.test_docs

writes them anew.
"""

from __future__ import annotations

import re
from pathlib import Path

from wssdoctor.tui.command import TITLES, Context, shown_keys
from wssdoctor.tui.commands import of

ROOT = Path(__file__).resolve().parents[2]
_PLACES: tuple[Context, ...] = tuple(context for context in ("app", *TITLES) if of(context))
_BETWEEN = re.compile(r"(<!-- keys -->\n).*?(<!-- /keys -->)", re.DOTALL)


def table(context: Context, *, ids: bool) -> str:
    """Return the keys of a place as a Markdown table."""
    lines = ["| Key | What it does |", "|---|---|"]
    if ids:
        lines = ["| Key | What it does | Id in `keys.yaml` |", "|---|---|---|"]
    for one in of(context):
        if one.keys:
            keys = " ".join(f"`{key}`" for key in shown_keys(one.keys).split(" "))
            lines.append(f"| {keys} | {one.sentence} |" + (f" `{one.id}` |" if ids else ""))
    return "\n".join(lines) + "\n"


def documents() -> dict[Path, str]:
    """Return what the documents should be."""
    readme = ROOT / "README.md"
    keys = ROOT / "docs" / "keys.md"
    places = dict.fromkeys(_PLACES)
    everything = "\n".join(f"## {TITLES[one]}\n\n{table(one, ids=True)}" for one in places)
    return {
        readme: _BETWEEN.sub(lambda found: found[1] + table("app", ids=False) + found[2], readme.read_text()),
        keys: _BETWEEN.sub(lambda found: found[1] + everything + found[2], keys.read_text()),
    }


def test_the_documents_name_the_keys_of_the_table() -> None:
    for path, text in documents().items():
        assert "<!-- keys -->" in text
        assert path.read_text() == text, f"{path.name}: python -m tests.tui.test_docs writes it anew"


if __name__ == "__main__":
    for path, text in documents().items():
        path.write_text(text)
