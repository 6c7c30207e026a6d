"""PSE files: version 2 and 4, plain or encrypted with a PIN. Private keys are never decoded.

Layout: DER SEQUENCE of a version and a content, as public descriptions of the format give it. Encryption is
pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292, appendices B and C).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from wssdoctor.collect.certificates import pem, state_pse
from wssdoctor.collect.findings import Findings, LooseCertificate
from wssdoctor.collect.placement import pse
from wssdoctor.collect.source import Source
from wssdoctor.wsse import der

_PBE_SHA1_3DES = "1.2.840.113549.1.12.1.3"
_CERTIFICATE = "1.3.36.2.1.3"
_CERTIFICATE_LIST = "1.3.36.2.0"
_PRIVATE_KEYS = ("SKnew", "SKold", "SignSK", "DecSKnew", "DecSKold")
_LPS = 256
_MAX_ITERATIONS = 1_000_000
_BLOCK = 64
_INSTEAD = (
    "export the certificates from STRUST (Base64), or save what 'sapgenpse get_my_name -v' and 'maintain_pk -l' print"
)


class PinError(Exception):
    """No PIN that was given opens the PSE."""


class Pse(msgspec.Struct, frozen=True):
    """What a PSE shows without its keys."""

    version: int
    own: bytes | None
    """The own certificate in DER."""
    listed: tuple[bytes, ...] | None
    """The certificate list in DER; None if the PSE holds a list in a form that is not read."""
    private_keys: int


def is_pse(data: bytes) -> bool:
    """Whether these bytes look like a PSE file."""
    try:
        version, content = der.children(der.only(data), 2)[:2]
        number = der.integer(version)
        return number in (2, 4, _LPS) and content.tag in (0xA0, 0xA3, der.SEQUENCE) and not _other(content)
    except (der.DerError, ValueError):
        return False


def _other(content: der.Node) -> bool:
    """Whether it is another structure that begins with a small number, such as a PKCS#8 or EC key."""
    first = der.children(content, 1)[0]
    return content.tag == der.SEQUENCE and first.tag != der.SEQUENCE


def read(source: Source, data: bytes, pins: Sequence[str], findings: Findings) -> None:
    """Read a PSE file. Raises ``InputError`` where it cannot be read, saying what to export instead."""
    try:
        found = opened(data, pins)
    except PinError:
        hint = f"give it: wssdoctor collect --pin or --pin-file, or the variable WSSDOCTOR_PIN; or {_INSTEAD}"
        raise source.refused("the PSE is encrypted and no PIN that was given opens it", hint) from None
    except ValueError as error:
        raise source.refused(str(error)[:200], _INSTEAD) from None
    findings.recognised.append((source.name, f"PSE file, version {found.version}"))
    findings.drop("private keys", found.private_keys, source.place())
    target = pse(source.name)
    if target is None:
        known = ([found.own] if found.own else []) + list(found.listed or ())
        findings.certificates += [LooseCertificate(pem(each), source.place()) for each in known]
        findings.note("the file's name tells no PSE; keep the name that it has in the instance", source.place())
        return
    if found.listed is None:
        findings.note("the certificate list has a form that is not read; export it from STRUST", source.place())
    own = {"pem": pem(found.own)} if found.own else None
    listed = None if found.listed is None else [{"pem": pem(each)} for each in found.listed]
    state_pse(findings, target, source.place(), own, listed)


def opened(data: bytes, pins: Sequence[str]) -> Pse:
    """Decode a PSE. Raises ``PinError``, and ``ValueError`` for one that is damaged or protected by LPS."""
    number, content = der.children(der.only(data), 2)[:2]
    version = der.integer(number)
    if version == _LPS:
        raise ValueError("the PSE is bound to its machine (Local Protection Service)")
    if version == 2 and content.tag == der.SEQUENCE:
        return _objects(2, content)
    fields = der.children(content, 3)
    if version == 2:
        check, algorithm, cipher = fields[:3]
        return _objects(2, _decrypted(der.expect(algorithm, der.SEQUENCE), _octets(cipher), pins, _octets(check), None))
    flag, algorithm, cipher = fields[:3]
    if der.integer(flag) == 0:
        return _objects(4, der.node(_octets(cipher)))
    if len(fields) < 4:
        raise ValueError("the PSE lacks its check value")
    return _objects(4, _decrypted(der.expect(algorithm, der.SEQUENCE), _octets(cipher), pins, None, _octets(fields[3])))


def _octets(found: der.Node) -> bytes:
    return der.expect(found, der.OCTET_STRING).value


def _decrypted(
    algorithm: der.Node, cipher: bytes, pins: Sequence[str], pin_check: bytes | None, digest: bytes | None
) -> der.Node:
    """Decrypt with the first PIN that fits; the empty one is tried first."""
    kind, parameters = der.children(algorithm, 2)[:2]
    if der.object_identifier(kind) != _PBE_SHA1_3DES:
        raise ValueError(f"the PSE is encrypted with {der.object_identifier(kind)}, which is not read here")
    salt, count = der.children(parameters, 2)[:2]
    iterations = der.integer(count)
    if not 1 <= iterations <= _MAX_ITERATIONS:
        raise ValueError(f"the PSE asks for {iterations} iterations")
    if not cipher or len(cipher) % 8:
        raise ValueError("the encrypted part of the PSE is damaged")
    for pin in dict.fromkeys(("", *pins)):
        key = _derived(pin, _octets(salt), iterations, 1, 24)
        vector = _derived(pin, _octets(salt), iterations, 2, 8)
        if pin_check is not None and not any(
            _triple_des(key, vector, _padded(pin.encode(coding, "replace")), encrypt=True) == pin_check
            for coding in ("utf-8", "latin-1", "utf-16-be")
        ):
            continue
        plain = _triple_des(key, vector, cipher, encrypt=False)
        padding = plain[-1]
        if not 1 <= padding <= 8 or plain[-padding:] != bytes([padding]) * padding:
            continue
        plain = plain[:-padding]
        if digest is not None and hashlib.sha1(plain, usedforsecurity=False).digest() != digest:
            continue
        return der.only(plain)
    raise PinError


def _padded(data: bytes) -> bytes:
    count = 8 - len(data) % 8
    return data + bytes([count]) * count


def _derived(pin: str, salt: bytes, iterations: int, purpose: int, length: int) -> bytes:
    """Derive a key (1) or an initialisation vector (2) from a PIN (RFC 7292, appendix B.2, with SHA-1)."""
    password = pin.encode("utf-16-be", "surrogatepass") + b"\0\0"
    block = b"".join(_filled(part) for part in (salt, password))
    result = b""
    while len(result) < length:
        digest = bytes([purpose]) * _BLOCK + block
        for _ in range(iterations):
            digest = hashlib.sha1(digest, usedforsecurity=False).digest()
        result += digest
        step = int.from_bytes(_filled(digest)) + 1
        block = b"".join(
            ((int.from_bytes(block[at : at + _BLOCK]) + step) % (1 << 8 * _BLOCK)).to_bytes(_BLOCK)
            for at in range(0, len(block), _BLOCK)
        )
    return result[:length]


def _filled(data: bytes) -> bytes:
    """Repeat data up to a whole number of blocks."""
    size = -(-len(data) // _BLOCK) * _BLOCK
    return (data * (size // len(data) + 1))[:size] if data else b""


def _triple_des(key: bytes, vector: bytes, data: bytes, *, encrypt: bool) -> bytes:
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    cipher = Cipher(TripleDES(key), modes.CBC(vector))
    context = cipher.encryptor() if encrypt else cipher.decryptor()
    return context.update(data) + context.finalize()


def _objects(version: int, content: der.Node) -> Pse:
    own: bytes | None = None
    listed: tuple[bytes, ...] | None = ()
    keys = 0
    for item in der.children(der.expect(der.children(content, 4)[3], der.SET)):
        name, _, kind, value = der.children(item, 4)[:4]
        what = der.object_identifier(kind)
        label = der.text(name) or ""
        if label in _PRIVATE_KEYS or label.startswith("SK"):
            keys += 1
        elif what == _CERTIFICATE and own is None:
            own = value.encoded
        elif what == _CERTIFICATE_LIST and listed is not None:
            listed += tuple(child.encoded for child in der.children(value))
        elif label == "PKList":
            listed = None
    return Pse(version, own, listed, keys)
