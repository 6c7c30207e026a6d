"""Files that hold nothing but secrets, recognised by their first bytes and dropped unread."""

from __future__ import annotations

from wssdoctor.wsse import der

_STORES = {
    b"RSecSSFsData": "secure store in the file system (SSFS data)",
    b"RSecSSFsKey": "key of a secure store (SSFS)",
}
_CREDENTIALS = "credentials of PSE files (cred_v2 holds their PINs)"

_UTF8_STRING, _IA5_STRING = 0x0C, 0x16


def held(head: bytes, name: str) -> str | None:
    """Return what secret this file holds; None if it is none that is known."""
    for magic, what in _STORES.items():
        if head.startswith(magic):
            return what
    if name.lower() == "cred_v2" or _is_credentials(head):
        return _CREDENTIALS
    return None


def _is_credentials(head: bytes) -> bool:
    """Whether these are credentials of SAP's cryptographic library: a sequence of those, each with the path of a PSE."""
    if b".pse" not in head.lower():
        return False
    try:
        first = der.children(der.expect(der.node(head), der.SEQUENCE), 1)[0]
        parts = [child.tag for child in der.children(der.expect(first, der.SEQUENCE), 3)]
    except der.DerError:
        return False
    return parts[0] == _IA5_STRING or (parts[0] == der.INTEGER and parts[2] == _UTF8_STRING)
