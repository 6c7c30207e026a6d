"""A deviation that the owner of the system accepts for a while, as it stands in the description."""

import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from wssdoctor.description.fact import fact
from wssdoctor.evidence import Sensitivity

IDENTIFYING = Sensitivity.IDENTIFYING


class Suppression(Struct, frozen=True, forbid_unknown_fields=True):
    """A known deviation that the owner accepts for a while."""

    cause: Annotated[
        str,
        fact("Id of the cause", home="this tool", obtain="the report names it", example="icf-node-inactive"),
    ]
    reason: Annotated[
        Annotated[str, Meta(min_length=1)],
        fact(
            "Why it is accepted",
            home="this tool",
            obtain="you decide",
            sensitivity=IDENTIFYING,
            example='"switched off until go-live"',
        ),
    ]
    until: Annotated[
        datetime.date,
        fact("Last day on which it is accepted", home="this tool", obtain="you decide", example="2027-03-31"),
    ]
    subject: Annotated[
        str | UnsetType,
        fact(
            "Text in the name of the part that it concerns; all parts if absent",
            home="this tool",
            obtain="the report names it after 'About'",
            sensitivity=IDENTIFYING,
            example="zstock_in",
        ),
    ] = UNSET
