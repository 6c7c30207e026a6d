"""The JSON Schemas of the documents that this program reads and writes, by kind."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import msgspec

_DOCUMENTS = {
    "report": "wssdoctor.report.report:Report",
    "send": "wssdoctor.send.report:SendDocument",
    "verify": "wssdoctor.report.verification:VerifyDocument",
    "context": "wssdoctor.wsse.context:ContextFile",
    "comparison": "wssdoctor.report.comparison:Comparison",
    "ticket": "wssdoctor.report.manifest:Manifest",
    "explain": "wssdoctor.report.explanation:Explanation",
    "probe": "wssdoctor.network.observation:Observation",
    "knowledge": "wssdoctor.report.article:Catalogue",
    "article": "wssdoctor.report.article:Article",
    "lint": "wssdoctor.report.article:Lint",
    "proofs": "wssdoctor.report.proving:Proofs",
}
"""Kinds of documents, and where their types are. ``context`` is what verify reads; the others are what is written."""

KINDS = ("description", *_DOCUMENTS)


def schema(kind: str) -> dict[str, Any]:
    """Return the schema (draft 2020-12) of a kind. Raises ``KeyError`` for an unknown one."""
    if kind == "description":
        from wssdoctor.description import schema as description

        return description.schema()
    module, _, name = _DOCUMENTS[kind].partition(":")
    made = msgspec.json.decode(msgspec.json.encode(msgspec.json.schema(getattr(import_module(module), name))))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"wssdoctor {kind}, version 1", **made}
