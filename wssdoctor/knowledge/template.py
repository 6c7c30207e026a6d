"""Templates of records for one's own knowledge: every key, with what it means."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, TypeAlias

from wssdoctor.errors import InputError
from wssdoctor.evidence import Place

Kind: TypeAlias = Literal["cause", "message", "remedy", "extension"]

_CAUSE = """\
id: {id}
title: One line, without full stop
explanation: What is wrong, in sentences of at most 30 words.
side: provider                # provider, consumer or network
severity: high                # high, medium or low
frequency: occasional         # common, occasional or rare
checks: []                    # ids of checks whose failure confirms it: wssdoctor knowledge show technical-user-missing
confirm: What you look at, and what you then see, if it is so.
rule_out: What you see if it is not so.
messages: []                  # ids of messages that people then see, shipped ones or your own
remedies: []                  # ids of remedies, best first; at least one
basis: community              # sap, community or inferred
sources: [my-source]          # entries of sources.yaml
symptoms:
  - How people describe it, one sentence each.
unproven: Why no check decides it.
"""
_REMEDY = """\
id: {id}
title: An instruction in one line, without full stop
actor: basis                  # basis, security, developer, partner or network
side: provider                # provider, consumer or network
steps:
  - do: One step.
    where: STRUST             # transaction, report or file
    see: What you should then see.
risk: none
interruption: none
rollback: How to go back.
basis: community
sources: [my-source]
unproven: Why no replay can try it.  # or leave it out, and say in effect what it changes:
# effect:
#   request:
#     - {{do: remove-header, name: Authorization}}
#   facts:
#     users[].lock: 0
"""
_MESSAGE = """\
messages:
  - id: {id}
    text: "The exact text with its placeholders &1"
    meaning: What it means.
    placeholders: {{"&1": what stands there}}
    seen_by: Who sees it where.
    causes: []                # ids of causes, best first; or say in no_cause why there is none
    no_cause: Why it names no cause.
    next_evidence: srt-util   # only beside no_cause: or sm20, dev-icm, dev-w, st22, caller-log; or leave it out
    basis: community
    sources: [my-source]
"""
_EXTENSION = """\
extensions:
  - cause: {id}
    why: Why it is added.
    symptoms:                 # each of the four lists may be left out
      - How people describe it here.
    messages: []              # ids of messages that people then see here
    remedies: []              # ids of remedies of your own, after the shipped ones
    sources: []               # entries of sources.yaml
"""
_SOURCES = """\
sources:
  - id: my-source
    title: "Where it is written"
    address: "A URL, or how to find it"
    basis: community
"""
_TEMPLATES: dict[Kind, tuple[str, str]] = {
    "cause": ("causes/{id}.yaml", _CAUSE),
    "remedy": ("remedies/{id}.yaml", _REMEDY),
    "message": ("messages/{id}.yaml", _MESSAGE),
    "extension": ("extensions.yaml", _EXTENSION),
}


_IDS = {
    False: (r"[a-z0-9]+(-[a-z0-9]+)*", "small letters, digits and hyphens: my-cause"),
    True: (r"[A-Za-z0-9_:-]{1,80}", "letters, digits, hyphens, colons and underscores: ZSEC001"),
}
"""What an id may be, and how to say it: of messages, of anything else."""


def write_template(kind: Kind, identifier: str, folder: Path) -> Path:
    """Write the template of a record, and one for its sources where there is none; return where it is.

    Raises ``InputError`` for an id that cannot be one, for a file that exists already, and where nothing can be written.
    """
    if kind == "message":
        identifier = "".join(identifier.split())
    allowed, hint = _IDS[kind == "message"]
    if not re.fullmatch(allowed, identifier):
        raise InputError.because(f"{identifier[:80]!r} cannot be an id", hint=hint)
    name, text = _TEMPLATES[kind]
    path = folder / name.format(id=identifier.replace(":", "-"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text.format(id=identifier))
        sources = folder / "sources.yaml"
        if kind != "extension" and not sources.exists():
            sources.write_text(_SOURCES, encoding="utf-8")
    except FileExistsError:
        hint = "add an entry like the ones in it" if kind == "extension" else "edit it, or choose another id"
        raise InputError.because(f"{path} exists already", place=Place(file=str(path)), hint=hint) from None
    except OSError as error:
        raise InputError.because(
            f"{path} cannot be written", place=Place(file=str(path)), why=str(error.strerror)
        ) from None
    return path
