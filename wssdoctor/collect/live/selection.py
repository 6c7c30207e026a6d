"""What is asked of each table: the columns that are read here, never one that holds a secret, and few rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from wssdoctor.collect.columns import EXPORTS, SECRET_TABLES, SECRETS, column
from wssdoctor.errors import InputError
from wssdoctor.evidence import Place

MAX_CONDITION = 71
"""Characters of one line of a condition, as RFC_READ_TABLE takes them."""
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,29}")
_USER_LENGTH = 12
_PROPERTIES = (
    "STATE = 'A' AND PROP_STATE <> 'E'",
    "AND PROP_NAME NOT LIKE '%Password' AND PROP_NAME NOT LIKE '%.PIN'",
)
"""The active ones, except those that hold passwords; E marks what is encrypted."""
_RULE = ("MANDT", "CERTINDEX", "CERTATTRIBUTE", "LOGONWITH", "SUBJECTFLT", "ISSUERFLT", "STATUS")


class Selection(msgspec.Struct, frozen=True):
    """Columns and rows of one table."""

    table: str
    columns: tuple[str, ...]
    """Wanted; those that the table of this release lacks are left out."""
    conditions: tuple[str, ...]
    """An ABAP SQL condition in lines; empty for all rows."""
    limit: int

    @property
    def text(self) -> str:
        """The selection as a sentence of ABAP SQL."""
        where = f" WHERE {' '.join(self.conditions)}" if self.conditions else ""
        return f"SELECT {', '.join(self.columns)} FROM {self.table}{where}"  # noqa: S608 - names are checked, values quoted


def selections(users: Sequence[str]) -> tuple[Selection, ...]:
    """Return what is asked of a system. Of users only the technical one and those named. Raises ``InputError``."""
    names = [_user(name) for name in users]
    chosen = ("BNAME LIKE 'DELAY_L%'", *(f"OR BNAME = '{name}'" for name in names))
    return tuple(
        checked(each)
        for each in (
            Selection("CVERS", EXPORTS["CVERS"], ("COMPONENT = 'SAP_BASIS'",), 10),
            Selection("USR02", EXPORTS["USR02"], chosen, 1000),
            Selection("ICFSERVICE", EXPORTS["ICFSERVICE"], (), 100_000),
            Selection("ICFSERVLOC", EXPORTS["ICFSERVLOC"], (), 100_000),
            Selection("ICFSECPASSWD", EXPORTS["ICFSECPASSWD"], (), 100_000),
            Selection("USREXTID", (*EXPORTS["USREXTID"], "MIN_DATE", "ISSUER"), (), 20_000),
            Selection("USRCERTRULE", _RULE, (), 1000),
            Selection("USRCERTMAP", EXPORTS["USRCERTMAP"], (), 20_000),
            Selection("TWPSSO2ACL", ("MANDT", "SYSID", "CLNT", "SYSCLIENT", "SYSCLNT", "SUBJECT"), (), 1000),
            Selection("SRT_RTC_DATA", EXPORTS["SRT_RTC_DATA"], _PROPERTIES, 100_000),
        )
    )


def checked(selection: Selection) -> Selection:
    """Return the selection. Raises ``ValueError`` for a secret column or table, or a name that is none."""
    for name in (selection.table, *selection.columns):
        if _NAME.fullmatch(name) is None or name in SECRETS or column(name) in SECRETS:
            raise ValueError(f"{name} of {selection.table} is never asked for")
    if selection.table in SECRET_TABLES or not selection.columns:
        raise ValueError(f"{selection.table} is never asked for")
    if any(len(line) > MAX_CONDITION or "\n" in line for line in selection.conditions):
        raise ValueError("a line of the condition is too long")
    return selection


def present(selection: Selection, there: Iterable[str]) -> Selection | None:
    """Return the selection with the columns that the table has, under its own names; None if none of them is wanted."""
    wanted = {column(name) for name in selection.columns}
    columns = tuple(name for name in there if _NAME.fullmatch(name) and column(name) in wanted and name not in SECRETS)
    return checked(msgspec.structs.replace(selection, columns=columns)) if columns else None


def _user(name: str) -> str:
    if not 0 < len(name) <= _USER_LENGTH or not name.isprintable():
        raise InputError.because(f"{name[:40]!r} is no user name", place=Place(file="--user"))
    return name.upper().replace("'", "''")
