"""What people type for a fact: words as they say and copy them, where a description would hold YAML."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from wssdoctor.description.day import BEGINNING, OPEN_END, day
from wssdoctor.description.fact import Declaration
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.evidence import Sensitivity

NONE = "none"
"""How people say that a list or a text is empty."""
_UNLIMITED = "not limited"
_NOTHING = frozenset((NONE, "nothing", "empty", "-", "[]", '""', "''"))
_YES_NO = {
    **dict.fromkeys(("yes", "y", "true"), True),
    **dict.fromkeys(("no", "n", "false"), False),
}
_NUMBER = re.compile(r"([+-]?\d{1,12}(?:\.\d{1,6})?)(?: ?s(?:ec(?:onds?)?)?)?", re.ASCII)
_PARTED = re.compile(r"[;\n]")
_TLS = re.compile(r"(?:tls)? ?v?(?=\d)", re.IGNORECASE)
_MOMENTS = (
    "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M",
    "%b %d %H:%M:%S %Y",
)  # fmt: skip
"""How times are shown: as in a description, without its letters, by SAP, by openssl."""

_IN_WORDS = (
    (re.compile(r"^false for "), "no for "),
    (re.compile(r"^(?:(?:\[\]|empty text) if|false states|need not be given|leave out) .*|.* if not limited$"), ""),
)
"""What a declaration says to those who write YAML, and what it means to those who answer."""


def answerable(declared: Declaration) -> bool:
    """Whether somebody can be asked for a fact, and type it: it is no secret, and made of nothing but values."""
    if declared.sensitivity is Sensitivity.SECRET or declared.shape == "mapping":
        return False
    return declared.shape not in ("record", "records") or _of_certificates(declared) or bool(_columns(declared))


def in_words(declared: Declaration) -> tuple[str, str]:
    """Return what a fact says, and what else is to be known to answer, both in words."""
    first, *clauses = declared.meaning.split("; ")
    for pattern, words in _IN_WORDS:
        clauses = [pattern.sub(words, one) for one in clauses]
    return first, "; ".join(one for one in clauses if one)


def named(value: str, declared: Declaration) -> str:
    """Return a value with what it stands for, where the declaration says that: ``64 locked by ...``."""
    if declared.shape == "day" and value == f"{_limit(declared)}":
        return _UNLIMITED
    found = re.search(rf"(?:^|, ){re.escape(value)} ([a-z][^,;(]*)", in_words(declared)[1])
    return f"{value} {found[1].strip()}" if found and declared.shape in ("text", "number") else value


def example(declared: Declaration) -> str:
    """Return the example of a declaration as one would type it; nothing where it has none."""
    if declared.shape == "records" and not _of_certificates(declared):
        return " | ".join(example(column) for column in _columns(declared))
    if _of_certificates(declared):
        return DECLARATIONS[f"{declared.path}{'[]' * (declared.shape == 'records')}.subject"].example.strip('"')
    import yaml

    value = yaml.safe_load(declared.example) if declared.example else None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return f"{_separator(declared)} ".join(map(str, value)) or NONE
    return declared.example.strip("\"'") or (NONE if declared.example else "")


def expected(declared: Declaration) -> str:
    """Say what may be typed: ``one or more with ',' between, such as 1.2``."""
    if declared.options:
        return f"one of {', '.join(declared.options)}"
    shown = example(declared)
    such = f", such as {shown}" if shown not in ("", NONE) else ""
    if declared.items:
        such = f", of {', '.join(declared.items)}"
    if _may_be_empty(declared) and re.search(r"; (\[\]|empty text) if", declared.meaning):
        such = f", or {NONE!r}{such}"
    if declared.shape == "records" and not _of_certificates(declared):
        return f"rows with ';' between, of {' | '.join(_column(one) for one in _columns(declared))}{such}"
    if declared.shape in ("texts", "records"):
        what = "one subject or more" if declared.shape == "records" else "one or more"
        return f"{what} with {_separator(declared)!r} between{such}"
    if declared.shape == "day":
        unlimited = f", or {_UNLIMITED!r}" if _limit(declared) else ""
        return f"a day such as 2026-12-31 or 31.12.2026{unlimited}"
    if declared.shape == "moment":
        return "a time in UTC such as 2027-01-01 12:00"
    what = {"yes-no": "yes or no", "number": "a number", "record": "a subject"}.get(declared.shape, "the value")
    return what if declared.shape == "yes-no" else f"{what}{such}"


def read(typed: str, declared: Declaration) -> Any:
    """Return what was typed as plain data, as YAML would give it. Raises ``ValueError`` that says what may be typed."""
    text = typed.strip()
    value = _read(text, declared) if text and text.replace("\n", " ").isprintable() else None
    if value is None:
        raise ValueError(f"Expected is {expected(declared)}.")
    return value


def _read(text: str, declared: Declaration) -> Any:
    """Return the value of a text that is not empty; nothing where it cannot be one."""
    shape, low = declared.shape, text.lower()
    if shape == "yes-no":
        return _YES_NO.get(low)
    if shape == "number":
        found = _NUMBER.fullmatch(low)
        return (float(found[1]) if "." in found[1] else int(found[1])) if found else None
    if shape == "day":
        return _day(text, declared)
    if shape == "moment":
        return _moment(text)
    if shape in ("texts", "records"):
        return _several(text, declared)
    if declared.options:
        return next((one for one in declared.options if low == named(one, declared).lower()), None) or _one_of(
            text, declared.options
        )
    if low in _NOTHING and _may_be_empty(declared):
        return ""
    return {"subject": _unquoted(text)} if shape == "record" else _unquoted(text)


def _several(text: str, declared: Declaration) -> list[Any] | None:
    if text.lower() in _NOTHING and _may_be_empty(declared):
        return []
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    text = _PARTED.sub(";", text)
    if declared.shape == "records" and not _of_certificates(declared):
        rows = [_row(row, declared) for row in text.split(";") if row.strip(" |")]
        return None if None in rows else rows or None
    parts = text.split(";" if ";" in text else _separator(declared))
    items = [item for part in parts if (item := _unquoted(part.strip()))]
    if declared.items:
        known = [_one_of(_TLS.sub("", item), declared.items) for item in items]
        return None if None in known else known or None
    return ([{"subject": item} for item in items] if declared.shape == "records" else items) or None


def _row(text: str, declared: Declaration) -> dict[str, Any] | None:
    """Return a row of a table, cell by cell; what is left empty is not known."""
    columns = _columns(declared)
    cells = [cell.strip() for cell in text.strip().removeprefix("|").removesuffix("|").split("|")]
    found = {_field(one): _read(cell, one) for one, cell in zip(columns, cells, strict=False) if cell}
    return None if len(cells) > len(columns) or None in found.values() else found


def _columns(declared: Declaration) -> list[Declaration]:
    """Return the facts of which a row of a table is made, secrets left out; none where more than values are in it."""
    begin = f"{declared.path}[]."
    inside = [one for path, one in DECLARATIONS.items() if path.startswith(begin)]
    if declared.shape != "records" or any(one.shape in ("texts", "record", "records") for one in inside):
        return []
    return [one for one in inside if one.sensitivity is not Sensitivity.SECRET]


def _field(column: Declaration) -> str:
    return column.path.rpartition(".")[2]


def _column(column: Declaration) -> str:
    return _field(column).replace("_", " ")


def _one_of(text: str, values: tuple[str, ...]) -> str | None:
    """Return the value of a closed list that is meant: whatever stands between its letters and digits."""
    return next((value for value in values if _bare(value) == _bare(text)), None)


def _bare(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).lower()


def _day(text: str, declared: Declaration) -> dt.date | None:
    initial = _limit(declared)
    if text.lower() in (_UNLIMITED, "unlimited", *_NOTHING) or not text.strip("0./- "):
        return initial
    return day(text, OPEN_END)


def _limit(declared: Declaration) -> dt.date | None:
    """Return how a description writes that a validity has no limit."""
    return {"valid_from": BEGINNING, "valid_to": OPEN_END}.get(declared.path.rpartition(".")[2])


def _moment(text: str) -> dt.datetime | None:
    plain = " ".join(re.sub(r"(?i)^not ?(?:before|after) ?[=:]|\b(?:GMT|UTC)$", "", text).split())
    for form in _MOMENTS:
        try:
            return dt.datetime.strptime(plain, form).replace(tzinfo=dt.UTC)
        except ValueError:
            continue
    only = day(plain, OPEN_END) if any(character in "123456789" for character in plain) else None
    return dt.datetime.combine(only, dt.time(), dt.UTC) if only is not None else None


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" and text[0] not in text[1:-1]
    return text[1:-1] if quoted else text


def _may_be_empty(declared: Declaration) -> bool:
    """Whether there may be nothing: a list without items, or a text that says so."""
    if declared.shape in ("texts", "records"):
        return NONE not in declared.items
    return "empty text" in declared.meaning


def _separator(declared: Declaration) -> str:
    """Return what parts values: a distinguished name holds commas itself."""
    return ";" if "=" in declared.example or declared.shape == "records" else ","


def _of_certificates(declared: Declaration) -> bool:
    """Whether a fact is a certificate, or a list of such: its subject says which one is meant."""
    return declared.shape in ("record", "records") and any(
        f"{declared.path}{item}.pem" in DECLARATIONS for item in ("", "[]")
    )
