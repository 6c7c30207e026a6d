"""The payload that no service knows: it passes security and fails afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from wssdoctor.wsse import encrypted_data, names
from wssdoctor.wsse.document import Element
from wssdoctor.wsse.fresh_token import put
from wssdoctor.wsse.layer import Slot

_TEXT = "probe"
PART = f'<Probe xmlns="{names.PROBE}"/>'.encode()
"""What stands in a MIME part instead of a part of the payload."""


def put_probe(body: Element, slots: Sequence[Slot]) -> None:
    """Put the probe into the Body; what was encrypted inside of the payload is so inside of the probe."""
    inside = [slot for slot in slots if slot.holder is not None and body in slot.holder.iterancestors()]
    whole = [slot for slot in inside if slot.holder.getparent() is body and _is_alone(slot)]  # type: ignore[union-attr]
    put(body, None)
    probe = etree.SubElement(body, f"{{{names.PROBE}}}Probe", nsmap={"probe": names.PROBE})
    for slot in inside:
        if slot in whole and not slot.part.content:
            slot.holder = probe
        else:
            slot.holder = etree.SubElement(probe, f"{{{names.PROBE}}}Part")
            slot.holder.text = _TEXT


def probe_parts(root: Element, attachments: dict[str, bytes]) -> None:
    """Put the probe into the MIME parts that a signature covers, or that are encrypted."""
    named = {one.get("URI", "") for one in root.iter(f"{{{names.DS}}}Reference")}
    named |= {encrypted_data.attachment_uri(one) for one in root.iter(encrypted_data.TAG)}
    for uri in named:
        if uri.startswith("cid:"):
            attachments[uri.removeprefix("cid:")] = PART


def _is_alone(slot: Slot) -> bool:
    assert slot.holder is not None
    return (
        next(slot.holder.itersiblings("*"), None) is None
        and next(slot.holder.itersiblings("*", preceding=True), None) is None
    )
