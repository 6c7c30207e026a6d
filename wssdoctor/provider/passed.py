"""Whether an answer says that the request passed security."""

from __future__ import annotations

import re

from wssdoctor.capture.capture import Response
from wssdoctor.errors import InputError

_SECURITY_TEXT = re.compile(
    rb"\bWSS\s?[0-9]{3}\b|wsse:|wsu:|[Ss]ecurity ?[Tt]oken|FailedAuthentication|\b[Ll]ogon failed"
)
_OPERATION_TEXT = re.compile(
    rb"urn:wssdoctor:probe|\boperation\b[^<]{0,60}\b(?:unknown|unsupported|not (?:found|supported|known))"
    rb"|\b(?:unknown|unsupported|no such)\b[^<]{0,20}\boperation\b",
    re.IGNORECASE,
)
"""That the operation is unknown; that some operation failed proves nothing."""
_SECURITY_CODE = re.compile(
    r"(?:wsse|wsu|wsc|wst):|SecurityToken|FailedAuthentication|FailedCheck|InvalidSecurity|MustUnderstand|VersionMismatch"
)


def passed(response: Response, code: str | None) -> bool | None:
    """Say whether security was passed, given the fault code of the answer; None where the answer does not tell.

    A fault that the operation is unknown comes behind security. Any other that does not speak of security proves nothing.
    """
    if code is None:
        return response.status < 300
    if is_of_security(code):
        return False
    content = _content(response)
    if _SECURITY_TEXT.search(content) is not None:
        return False
    return True if _OPERATION_TEXT.search(content) is not None else None


def is_of_security(code: str) -> bool:
    """Whether a fault code is one of WS-Security, or of the processing of headers before it."""
    return _SECURITY_CODE.search(code) is not None


def _content(response: Response) -> bytes:
    try:
        return response.content
    except InputError:  # coded in a way that cannot be undone
        return response.body
