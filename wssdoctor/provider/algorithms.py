"""The algorithms that a message names, and the suites of WS-SecurityPolicy 1.2 (section 6.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from wssdoctor.wsse import names
from wssdoctor.wsse.document import Element, local_name
from wssdoctor.wsse.message import SecurityHeader

_DS = f"{{{names.DS}}}"
_XENC = f"{{{names.XENC}}}"
_SHA256_SIGNATURES = (f"{names.DS_MORE}rsa-sha256", f"{names.DS_MORE}hmac-sha256")
_SHA1_SIGNATURES = (names.RSA_SHA1, names.HMAC_SHA1)
_SHA1_TOO = (*_SHA1_SIGNATURES, *_SHA256_SIGNATURES)

SUPPORTED = {
    "digest": (names.SHA1, names.SHA256),
    "signature": _SHA1_TOO,
    "canonicalization": (names.EXCLUSIVE,),
    "encryption": (names.TRIPLEDES_CBC, names.AES128_CBC, names.AES192_CBC, names.AES256_CBC),
    "key-transport": (names.RSA_1_5, names.RSA_OAEP_MGF1P),
}
"""What the algorithm selection of WSS_SETUP and the policies of SAP's WSDLs know."""

_CIPHERS = {
    "basic128": names.AES128_CBC,
    "basic192": names.AES192_CBC,
    "basic256": names.AES256_CBC,
    "tripledes": names.TRIPLEDES_CBC,
}
_SETUP_CIPHERS = {
    "aes128": names.AES128_CBC,
    "aes192": names.AES192_CBC,
    "aes256": names.AES256_CBC,
    "triple-des": names.TRIPLEDES_CBC,
}


class Used(Struct, frozen=True):
    """One algorithm in a message: what for, its identifier, and the element that names it."""

    use: str
    uri: str
    element: Element

    @property
    def short(self) -> str:
        """The identifier without its namespace."""
        return short(self.uri)


def short(uri: str) -> str:
    """Write an algorithm without its namespace; of canonicalisations, whose names tell little there, a bit more."""
    last = uri.rstrip("#").rpartition("/")[2]
    return (last if "c14n" in last else last.rpartition("#")[2] or last)[:60] or uri[:60]


class Suite(Struct, frozen=True):
    """What an endpoint accepts, by use; a use that is not named is free."""

    name: str
    accepted: Mapping[str, tuple[str, ...]]


def used_in(header: SecurityHeader, root: Element) -> Iterator[Used]:
    """Yield the algorithms of the sender's signatures, and of what is encrypted."""
    for signature in header.signatures:
        for element in signature.element.iter(
            f"{_DS}SignatureMethod", f"{_DS}DigestMethod", f"{_DS}CanonicalizationMethod"
        ):
            use = {"SignatureMethod": "signature", "DigestMethod": "digest"}.get(
                local_name(element), "canonicalization"
            )
            yield _used(use, element)
    for element in root.iter(f"{_XENC}EncryptionMethod"):
        parent = element.getparent()
        inside = local_name(parent) if parent is not None else ""
        yield _used("key-transport" if inside == "EncryptedKey" else "encryption", element)


def _used(use: str, element: Element) -> Used:
    return Used(use, element.get("Algorithm") or "", element)


def suite_of(name: str) -> Suite | None:
    """Return a suite by its WS-SecurityPolicy name (``Basic256Sha256Rsa15``); nothing for an unknown name.

    The policy fixes RsaSha1 for signatures even with SHA-256 digests; implementations also sign with SHA-256 there, so
    both are accepted for those suites [inferred].
    """
    folded = name.casefold()
    cipher = next((prefix for prefix in _CIPHERS if folded.startswith(prefix)), None)
    if cipher is None or folded.removeprefix(cipher) not in ("", "rsa15", "sha256", "sha256rsa15"):
        return None
    sha256 = "sha256" in folded
    return Suite(
        name,
        {
            "digest": (names.SHA256,) if sha256 else (names.SHA1,),
            "signature": _SHA1_TOO if sha256 else _SHA1_SIGNATURES,
            "encryption": (_CIPHERS[cipher],),
            "key-transport": (names.RSA_1_5,) if "rsa15" in folded else (names.RSA_OAEP_MGF1P,),
        },
    )


def suite_of_setup(digest: str, cipher: str | None) -> Suite:
    """Return what WSS_SETUP's algorithm selection amounts to; ``cipher`` may be unknown."""
    sha256 = digest == "sha256"
    accepted: dict[str, tuple[str, ...]] = {
        "digest": (names.SHA256,) if sha256 else (names.SHA1,),
        "signature": _SHA1_TOO if sha256 else _SHA1_SIGNATURES,
    }
    if cipher is not None:
        accepted["encryption"] = (_SETUP_CIPHERS[cipher],)
    return Suite(f"WSS_SETUP: {cipher or 'any cipher'} with {digest}", accepted)
