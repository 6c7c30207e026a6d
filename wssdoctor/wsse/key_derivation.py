"""Keys derived from a secret: xenc11:KeyDerivationMethod and xenc11:DerivedKey (XML Encryption 1.1, section 5.4)."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import cipher, names
from wssdoctor.wsse.certificate import CertificateError, decode_base64
from wssdoctor.wsse.document import Element, child_of, text_of
from wssdoctor.wsse.encrypted_type import unknown_algorithm
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.scope import Scope

_XENC11 = f"{{{names.XENC11}}}"
DERIVED_KEY = _XENC11 + "DerivedKey"
METHOD = _XENC11 + "KeyDerivationMethod"
_FIELDS = ("AlgorithmID", "PartyUInfo", "PartyVInfo", "SuppPubInfo", "SuppPrivInfo")
_PRF = {
    names.HMAC_SHA1: names.SHA1,
    names.DS_MORE + "hmac-sha224": names.SHA224,
    names.DS_MORE + "hmac-sha256": names.SHA256,
    names.DS_MORE + "hmac-sha384": names.SHA384,
    names.DS_MORE + "hmac-sha512": names.SHA512,
}
_MOST_ITERATIONS = 1_000_000
_LONGEST_SALT = 1024


def derivation(method: Element, size: int, scope: Scope) -> Callable[[bytes], bytes]:
    """Give the function from a secret to a key of ``size`` octets that a KeyDerivationMethod means.

    Raises FaultFound: algorithm-unknown, token-malformed.
    """
    algorithm = method.get("Algorithm")
    parameters = next(method.iterchildren("*"), None)
    if algorithm not in (names.CONCAT_KDF, names.PBKDF2):
        raise FaultFound(unknown_algorithm(method, algorithm, "EncryptedKey", scope))
    if parameters is None:
        raise _malformed("the KeyDerivationMethod has no parameters", method, scope)
    return (_concatenation if algorithm == names.CONCAT_KDF else _pbkdf2)(parameters, size, scope)


def derived_key(element: Element, size: int, scope: Scope) -> Key:
    """Give the key of a DerivedKey, from the shared secret that it names. Raises FaultFound."""
    name_element = child_of(element, _XENC11 + "MasterKeyName")
    name = text_of(name_element).strip() if name_element is not None else None
    method = child_of(element, METHOD)
    if method is None:
        raise _malformed("the DerivedKey has no KeyDerivationMethod", element, scope)
    derive = derivation(method, size, scope)
    secret = scope.context.shared_key(name)
    if secret is None:
        known = ", ".join(sorted(scope.context.shared_keys)) or "none"
        evidence: tuple[Evidence, ...] = (
            Compared("MasterKeyName", f"a secret that is known ({known})", name or "none", scope.place(element)),
        )
        says = f"the secret {name or '(unnamed)'} from which the key is derived is not known"
        raise FaultFound(Fault("decryption-key-not-found", "EncryptedData", says, evidence=evidence))
    how = f"derived from the shared secret {name or '(unnamed)'}"
    return Key(where="EncryptedData", how=how, secret=derive(secret), known=True)


def _concatenation(parameters: Element, size: int, scope: Scope) -> Callable[[bytes], bytes]:
    """ConcatKDF of NIST SP 800-56A (section 5.4.1); the first octet of each field counts bits of padding."""
    digest = child_of(parameters, f"{{{names.DS}}}DigestMethod")
    identifier = digest.get("Algorithm", "") if digest is not None else names.SHA256
    if identifier not in cipher.HASHES:
        raise FaultFound(unknown_algorithm(parameters, identifier, "EncryptedKey", scope))
    try:
        fields = [bytes.fromhex(parameters.get(name) or "00") for name in _FIELDS]
    except ValueError:
        fields = [b"\xff"]
    if any(field[0] for field in fields):
        raise _malformed("the ConcatKDF parameters are not whole octets in hexadecimal", parameters, scope)
    algorithm, information = cipher.HASHES[identifier], b"".join(field[1:] for field in fields)
    return lambda secret: ConcatKDFHash(algorithm(), size, information).derive(secret)


def _pbkdf2(parameters: Element, size: int, scope: Scope) -> Callable[[bytes], bytes]:
    """PBKDF2 of PKCS#5 (section 5.4.2); the key length said must be the one that the cipher wants."""
    salt = parameters.find(f"{_XENC11}Salt/{_XENC11}Specified")
    texts = {child.tag: text_of(child).strip() for child in parameters.iterchildren("*")}
    count = texts.get(_XENC11 + "IterationCount", "")
    function = child_of(parameters, _XENC11 + "PRF")
    identifier = function.get("Algorithm", "") if function is not None else names.HMAC_SHA1
    if identifier not in _PRF:
        raise FaultFound(unknown_algorithm(parameters, identifier, "EncryptedKey", scope))
    if not (count.isascii() and count.isdigit()) or len(count) > 9 or not 1 <= int(count) <= _MOST_ITERATIONS:
        raise _malformed(f"IterationCount is no number from 1 to {_MOST_ITERATIONS}", parameters, scope)
    if texts.get(_XENC11 + "KeyLength", str(size)) != str(size):
        raise _malformed(f"KeyLength is not {size}, which the cipher wants", parameters, scope)
    try:
        octets = decode_base64(text_of(salt)) if salt is not None else b""
    except CertificateError:
        octets = b""
    if not 1 <= len(octets) <= _LONGEST_SALT:
        raise _malformed("the Salt is missing, too long or no base64", parameters, scope)
    algorithm, iterations = cipher.HASHES[_PRF[identifier]], int(count)
    return lambda secret: PBKDF2HMAC(algorithm(), size, octets, iterations).derive(secret)


def _malformed(says: str, element: Element, scope: Scope) -> FaultFound:
    return FaultFound(Fault("token-malformed", "EncryptedKey", says, evidence=(Located(says, scope.place(element)),)))
