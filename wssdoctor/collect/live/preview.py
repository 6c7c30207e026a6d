"""The answer of ADT's data preview: a table column by column, or an exception, both in XML."""

from __future__ import annotations

from itertools import zip_longest

from wssdoctor.collect.live.tables import Refused, Rows
from wssdoctor.wsse.document import DocumentError, Element, local_name, namespace_of, parse_document

PREVIEW = "http://www.sap.com/adt/dataPreview"
_MOST_COLUMNS = 200


def rows(body: bytes, limit: int) -> Rows:
    """Read a table. Columns may be of different length, because empty cells at their end are left out.

    ``totalRows`` is no measure: it may be 0 or absent although there are rows. Raises ``Refused`` for anything else.
    """
    root = _parsed(body)
    if (namespace_of(root), local_name(root)) != (PREVIEW, "tableData"):
        raise Refused(exception(body) or f"the answer is no table but <{local_name(root)[:60]}>")
    names: list[str] = []
    columns: list[list[str]] = []
    for element in root.iterchildren(f"{{{PREVIEW}}}columns"):
        metadata = element.find(f"{{{PREVIEW}}}metadata")
        name = metadata.get(f"{{{PREVIEW}}}name", "") if metadata is not None else ""
        if not name or len(names) == _MOST_COLUMNS:
            raise Refused("the answer holds columns without a name, or too many")
        names.append(name.upper())
        columns.append([data.text or "" for data in element.iter(f"{{{PREVIEW}}}data")])
    found = list(zip_longest(*columns, fillvalue=""))
    return Rows(tuple(names), found, len(found) < limit)


def exception(body: bytes) -> str:
    """Return what an ``exc:exception`` says, with its message id; empty if it is none."""
    try:
        root = _parsed(body)
    except Refused:
        return ""
    if local_name(root) != "exception":
        return ""
    texts = {local_name(child): child for child in root.iterchildren("*")}
    text = next(((texts[name].text or "").strip() for name in ("localizedMessage", "message") if name in texts), "")
    kind = texts["type"].get("id", "") if "type" in texts else ""
    entries = {entry.get("key", ""): (entry.text or "").strip() for entry in root.iter("{*}entry")}
    number = " ".join(part for part in (entries.get("T100KEY-ID", ""), entries.get("T100KEY-NO", "")) if part)
    return f"{text or 'no text'} ({', '.join(part for part in (kind, number) if part) or 'no id'})"[:400]


def _parsed(body: bytes) -> Element:
    try:
        return parse_document(body)
    except DocumentError as error:
        problem = error.problems[0]
        raise Refused(f"the answer is no XML that can be read: {problem.why or problem.what}"[:300]) from None
