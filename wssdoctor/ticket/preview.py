"""What a bundle would hold, before it is written: every replacement counted, everything left out named."""

from __future__ import annotations

from wssdoctor.report.manifest import Manifest
from wssdoctor.report.page import Page
from wssdoctor.report.words import counted

_LEVELS = {"names": "names are kept", "default": "names are replaced", "strict": "as much as possible is replaced"}


def render(manifest: Manifest, size: int, *, most: int = 30) -> str:
    """Return the preview as text. ``size`` is that of the archive in octets."""
    page = Page(80)
    page.say(f"A bundle of {counted(len(manifest.members) + 1, 'file')}, {size} octets; {_LEVELS[manifest.level]}.")
    page.heading("files")
    kept = manifest.members[:most]
    page.pairs([(one.name, f"{one.size} octets") for one in kept], indent=2)
    if len(manifest.members) > most:
        page.say(f"and {len(manifest.members) - most} more", indent=2)
    for heading, counts in (("replaced", manifest.replaced), ("left out", manifest.left_out)):
        page.heading(heading)
        page.pairs([(one.what, str(one.count)) for one in counts] or [("nothing", "")], indent=2)
    page.heading("searched for leaks")
    page.say("No secret and no replaced name is in the archive, in no form.", indent=2)
    if manifest.unsearchable:
        page.say(
            f"{counted(manifest.unsearchable, 'value is', 'values are')} too short or too ordinary to be searched for; "
            "replaced where the structure shows them.",
            indent=2,
        )
    return page.text()
