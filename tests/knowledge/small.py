"""A knowledge base of one cause, small enough to break in every way."""

from __future__ import annotations

from pathlib import Path

CAUSE = """\
id: user-locked
title: The user is locked
explanation: It is locked.
side: provider
severity: high
frequency: common
checks: [user.unlocked]
confirm: Look at it.
rule_out: It is free.
messages: [LOGON-RC-2]
remedies: [unlock-user]
basis: sap
sources: [note]
faults:
  - facts:
      users[].lock: 64
symptoms:
  - It worked yesterday.
"""
REMEDY = """\
id: unlock-user
title: Unlock the user
actor: security
side: provider
steps:
  - do: Unlock it.
basis: sap
sources: [note]
risk: none
interruption: none
rollback: Lock it again.
effect:
  facts:
    users[].lock: 0
"""
MESSAGES = """\
messages:
  - id: LOGON-RC-2
    text: ""
    meaning: The user is locked.
    causes: [user-locked]
    basis: sap
    sources: [note]
    seen_by: The caller.
"""
SOURCES = """\
sources:
  - id: note
    title: A note
    address: SAP note
    basis: sap
"""
FILES = {
    "causes/user-locked.yaml": CAUSE,
    "remedies/unlock-user.yaml": REMEDY,
    "messages/logon.yaml": MESSAGES,
    "sources.yaml": SOURCES,
}


def write(folder: Path, **changes: tuple[str, str]) -> Path:
    """Write the small base; ``causes``, ``remedies``, ``messages``, ``sources`` name a text and what replaces it."""
    for name, text in FILES.items():
        old, new = changes.get(name.partition("/")[0].removesuffix(".yaml"), ("", ""))
        assert old in text
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return folder
