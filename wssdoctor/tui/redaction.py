"""What a ticket leaves out: the levels to choose from, what each replaces, and what stays. Knows no terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from wssdoctor.redact.level import Level
from wssdoctor.tui.lines import Paragraph, Span, labelled, line, span

if TYPE_CHECKING:
    from wssdoctor.diagnosis.case import Case
    from wssdoctor.report.manifest import Count
    from wssdoctor.report.report import Report
    from wssdoctor.ticket.bundle import Bundle


class Redaction(Struct, frozen=True):
    """A level of redaction."""

    title: str
    level: Level
    certificates: bool
    """Whether certificates stay whole."""
    stays: str
    """What is not redacted, in words."""


REDACTIONS: tuple[Redaction, ...] = (
    Redaction(
        "names replaced",
        Level.DEFAULT,
        certificates=False,
        stays="serial numbers, validity and fingerprints of certificates, names of elements in bodies, times, sizes",
    ),
    Redaction("strict", Level.STRICT, certificates=False, stays="times, sizes, and how the messages are built"),
    Redaction(
        "names kept",
        Level.NAMES,
        certificates=False,
        stays="names of hosts, users, systems and partners",
    ),
    Redaction(
        "certificates kept",
        Level.NAMES,
        certificates=True,
        stays="names of hosts, users, systems and partners, and whole certificates",
    ),
)
"""From the usual one; the last two are for support that needs to see names."""

_SECRETS = ("password", "credentials", "nonce")
AS_SEEN = "everything that is seen on the screen, names too"
"""What is not redacted in a picture, or in a text of the screen."""
REPORT = "names of hosts, users, systems and partners. Passwords and keys are never in it"
"""What is not redacted in a report."""


class Packed(Struct, frozen=True):
    """A ticket that was made, but not written."""

    bundle: Bundle
    kept: tuple[Count, ...] = ()
    """What the usual level would have replaced, and this one keeps."""


def packed(case: Case, report: Report, redaction: Redaction) -> Packed:
    """Make the ticket. Raises ``WssdoctorError`` where its final scan finds a secret."""
    from wssdoctor.ticket.bundle import bundle

    made = bundle(case, report, redaction.level, certificates=redaction.certificates)
    if redaction.level is not Level.NAMES:
        return Packed(made)
    here = {one.what for one in made.manifest.replaced}
    usual = bundle(case, report).manifest.replaced
    return Packed(made, tuple(one for one in usual if one.what not in here))


def paragraphs(redaction: Redaction, made: Packed | None) -> list[Paragraph]:
    """Say exactly what is not redacted, then what is replaced and left out, with counts."""
    if made is None:
        said = [labelled("Replaced", "being counted ...", "accent", indent=0)]
    else:
        manifest = made.bundle.manifest
        said = [labelled("Replaced", counted(manifest.replaced), indent=0)]
        said.append(labelled("Left out", counted(manifest.left_out), indent=0))
    kept = f": {counted(made.kept)}" if made is not None and made.kept else ""
    return [not_redacted(f"{redaction.stays}{kept}"), *said]


def not_redacted(what: str) -> Paragraph:
    """Say loudly what stays."""
    return Paragraph(line(Span("! NOT redacted: ", "warn"), span(f"{what}.", "warn")), 0, 2)


def counted(counts: Sequence[Count], most: int = 8) -> str:
    """Say how often each kind occurs: secrets first, then the most frequent."""
    ordered = sorted(counts, key=lambda one: (one.what not in _SECRETS, -one.count, one.what))
    said = [f"{one.what} {one.count}" for one in ordered[:most]]
    if len(ordered) > most:
        said.append(f"and {len(ordered) - most} more kinds")
    return ", ".join(said) or "nothing"
