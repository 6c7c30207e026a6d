"""The wrapping shapes: the signed element stands elsewhere, a forged one where the receiver reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice
from typing import Any

from edits import (
    SIG,
    Edit,
    NotApplicableError,
    each,
    element,
    refused,
    replace,
    substitute,
)
from kit import DS, WSSE, WSU, Message


def wrapping(bases: list[Message]) -> list[Message]:
    """Make the classic wrapping shapes: signed element elsewhere, a forged one where the receiver reads."""

    def wrapper(whole: str) -> str:
        return f'<x:Wrapper xmlns:x="urn:example:x" xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}">{whole}</x:Wrapper>'

    def shape(place: Callable[[str, str, str], str], local: str = "Body", keep_id: bool = False) -> Edit:
        def apply(text: str) -> str:
            whole = element(text, local)
            forged = (
                re.sub(r">(25|PO-2207|M-17|TA)<", ">99<", whole)
                if local == "Body"
                else re.sub(r"(Expires>)\d{4}", r"\g<1>2049", whole)
            )
            if not keep_id:
                forged = re.sub(r'^(<[^>]*?) (?:[\w-]+:)?Id="[^"]*"', r"\1", forged)
            if forged == whole:
                raise NotApplicableError(local)
            return place(text, whole, forged)

        return apply

    def in_header(text: str, whole: str, forged: str) -> str:
        text = replace(text, whole, forged)
        return substitute(text, rf"(</{SIG}Header>)", lambda m: wrapper(whole) + m.group(1))

    def in_security(text: str, whole: str, forged: str) -> str:
        text = replace(text, whole, forged)
        return substitute(text, rf"(</{SIG}Security>)", lambda m: wrapper(whole) + m.group(1))

    def in_object(text: str, whole: str, forged: str) -> str:
        text = replace(text, whole, forged)
        return substitute(
            text,
            rf"(</{SIG}Signature>)",
            lambda m: f'<o:Object xmlns:o="{DS}" xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}">{whole}</o:Object>' + m.group(1),
        )

    def nested(text: str, whole: str, forged: str) -> str:
        return replace(text, whole, re.sub(r"(</[^>]*>)$", lambda m: wrapper(whole) + m.group(1), forged))

    def before(text: str, whole: str, forged: str) -> str:
        return replace(text, whole, forged + whole)

    def after_envelope_end(text: str, whole: str, forged: str) -> str:
        return replace(text, whole, forged + wrapper(whole))

    def header_of_header(text: str, whole: str, forged: str) -> str:
        text = replace(text, whole, forged)
        return substitute(text, rf"(<{SIG}Header\b[^>]*>)", lambda m: m.group(1) + whole)

    wrapped = partial(refused, "signature-wrapped")
    body_others = ("required-part-not-signed",)
    table: list[tuple[str, Edit, dict[str, Any]]] = [
        ("xsw-header", shape(in_header), wrapped("signed-body-moved-into-a-header", "Body", *body_others)),
        (
            "xsw-security",
            shape(in_security),
            wrapped("signed-body-moved-into-the-security-header", "Body", *body_others),
        ),
        (
            "xsw-object",
            shape(in_object),
            wrapped("signed-body-moved-into-the-signature", "Body", *body_others, "digest-mismatch"),
        ),
        ("xsw-nested", shape(nested), wrapped("signed-body-nested-in-a-forged-one", "Body", *body_others)),
        ("xsw-second-body", shape(before), wrapped("second-body-before-the-signed-one", "Body", *body_others)),
        (
            "xsw-after-body",
            shape(after_envelope_end),
            wrapped("signed-body-moved-behind-the-forged-one", "Body", *body_others),
        ),
        ("xsw-bare-header", shape(header_of_header), wrapped("signed-body-is-a-header-block", "Body", *body_others)),
        (
            "xsw-same-id",
            shape(in_header, keep_id=True),
            refused(
                "duplicate-id", "signed-and-forged-body-share-an-id", "Body", "signature-wrapped", "digest-mismatch"
            ),
        ),
        (
            "xsw-timestamp",
            shape(in_header, "Timestamp"),
            wrapped("signed-timestamp-moved-into-a-header", "Timestamp", *body_others),
        ),
        (
            "xsw-timestamp-security",
            shape(in_security, "Timestamp"),
            wrapped("signed-timestamp-wrapped-in-the-security-header", "Timestamp", *body_others),
        ),
        (
            "xsw-timestamp-same-id",
            shape(in_header, "Timestamp", keep_id=True),
            refused(
                "duplicate-id",
                "signed-and-forged-timestamp-share-an-id",
                "Timestamp",
                "signature-wrapped",
                "digest-mismatch",
            ),
        ),
    ]
    made = []
    for number, (name, edit, expected) in enumerate(table):
        made += each(
            islice(cycle(bases), number % len(bases), number % len(bases) + len(bases)), name, edit, expected, 3
        )
    return made
