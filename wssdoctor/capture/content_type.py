"""The Content-Type field: media type and parameters (RFC 9110, 8.3; RFC 2045, 5.1)."""

from __future__ import annotations

import re

_PARAMETER = re.compile(r";[ \t]*([^\s;=\"]+)[ \t]*=[ \t]*(\"(?:[^\"\\]|\\.)*\"|[^;\s\"]*)")


def media_type(content_type: str) -> str:
    """Return the media type in lower case without parameters: ``text/xml`` of ``text/XML; charset=utf-8``."""
    return content_type.partition(";")[0].strip().lower()


def parameter(content_type: str, name: str) -> str | None:
    """Return a parameter's value, unquoted; its name counts in any case. None when it is not given."""
    for match in _PARAMETER.finditer(content_type):
        if match[1].lower() == name.lower():
            value = match[2]
            return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
    return None


def with_parameter(content_type: str, name: str, value: str) -> str:
    """Return the field with this parameter set, quoted; all others stay as written."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    for match in _PARAMETER.finditer(content_type):
        if match[1].lower() == name.lower():
            return f'{content_type[: match.start(2)]}"{escaped}"{content_type[match.end(2) :]}'
    return f'{content_type}; {name}="{escaped}"'
