"""What is hidden before a captured message is shown: passwords in elements, headers and targets."""

from __future__ import annotations

import re

SECRET_HEADERS = frozenset(
    ("authorization", "proxy-authorization", "cookie", "set-cookie", "mysapsso2", "sap-password", "x-csrf-token")
)
_SECRET_QUERY = re.compile(r"(?i)\b((?:sap-)?password|mysapsso2)=[^&\s]*")
_USER_INFO = re.compile(r"//[^/@\s]*@")
_PASSWORD = re.compile(r"<((?:[^\s<>/:]{1,100}:)?[Pp]assword)(?:\s[^<>]{0,4000})?>")
HIDDEN = "(secret)"


def secret_ranges(text: str) -> list[tuple[int, int]]:
    """Return where the content of every Password element begins and ends, well-formed or not, in order."""
    found = []
    position = 0
    for match in _PASSWORD.finditer(text):
        if match.start() < position or match.group().endswith("/>"):
            continue
        end = text.find(f"</{match.group(1)}", match.end())
        position = len(text) if end < 0 else end
        if position > match.end():
            found.append((match.end(), position))
    return found


def hide_passwords(text: str) -> str:
    """Put ``(secret)`` in the place of the content of every Password element."""
    parts = []
    position = 0
    for start, end in secret_ranges(text):
        parts += [text[position:start], HIDDEN]
        position = end
    return "".join((*parts, text[position:]))


def hide_in_header(name: str, value: str) -> str:
    """Put ``(secret)`` in the place of a header's value where it is one; a scheme of logon stays."""
    if name.lower() not in SECRET_HEADERS:
        return value
    scheme, _, rest = value.partition(" ")
    return f"{scheme} {HIDDEN}" if rest and name.lower().endswith("authorization") else HIDDEN


def hide_in_target(target: str) -> str:
    """Put ``(secret)`` in the place of passwords in the target of a request line."""
    return _USER_INFO.sub(f"//{HIDDEN}@", _SECRET_QUERY.sub(rf"\1={HIDDEN}", target))
