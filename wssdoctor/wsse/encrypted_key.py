"""xenc:EncryptedKey: for whom a key was encrypted, and the key itself (XML Encryption 1.1, sections 3.5 and 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric import rsa

from wssdoctor.evidence import Compared, Computed, Evidence, Located
from wssdoctor.wsse import cipher, key_agreement, key_derivation, key_info, names
from wssdoctor.wsse.certificate import CertificateError, decode_base64
from wssdoctor.wsse.certificate_reference import read_key_identifier, read_x509_data
from wssdoctor.wsse.cipher import CipherError, Transport, UnknownCipherError
from wssdoctor.wsse.document import Element, text_of
from wssdoctor.wsse.encrypted_type import cipher_octets, method_of, short, unknown_algorithm
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.private_key import PrivateKey
from wssdoctor.wsse.scope import Scope

TAG = f"{{{names.XENC}}}EncryptedKey"
_XENC = f"{{{names.XENC}}}"
_XENC11 = f"{{{names.XENC11}}}"
_DS = f"{{{names.DS}}}"
KEY_INFO = _DS + "KeyInfo"
RSA = cipher.OAEP | {names.RSA_1_5}


def unwrap(element: Element, scope: Scope) -> Key:
    """Give the key that an EncryptedKey holds.

    What a cipher value yielded once is remembered by its SHA-1, which is also how other messages name it
    (EncryptedKeySHA1, SOAP Message Security 1.1.1, section 7.7).
    Raises FaultFound: decryption-key-not-found, key-unwrap-failed, algorithm-unknown, and those of references.
    """
    octets = cipher_octets(element, scope, "EncryptedKey")
    name = hashlib.sha1(octets, usedforsecurity=False).digest()
    known = scope.by_sha1.get(name)
    if known is not None:
        return known
    algorithm = method_of(element)
    if algorithm in RSA:
        secret, how = _transported(element, octets, scope)
    elif algorithm in cipher.KEY_WRAPS:
        secret, how = _unwrapped(element, algorithm, octets, scope)
    else:
        raise FaultFound(unknown_algorithm(element, algorithm, "EncryptedKey", scope))
    key = Key(where="EncryptedKey", how=how, secret=secret, known=True, place=scope.place(element))
    scope.by_sha1[name] = key
    return key


def recipient(element: Element) -> str:
    """Say in words for whom an EncryptedKey is, as far as the message says."""
    info = element.find(KEY_INFO)
    said = list(_recipients(info)) if info is not None else []
    return "; ".join(dict.fromkeys(said)) or element.get("Recipient") or "an unnamed recipient"


def _recipients(info: Element) -> Iterator[str]:
    for element in info.iter(f"{{{names.WSSE}}}SecurityTokenReference"):
        yield from map(str, read_x509_data(element))  # an issuer and serial number without X509Data around
    for element in info.iter(f"{_DS}X509Data", f"{{{names.WSSE}}}KeyIdentifier", f"{_DS}KeyName"):
        if element.tag == f"{_DS}KeyName":
            yield f"key name {text_of(element).strip()!r}"
        elif element.tag == f"{_DS}X509Data":
            yield from map(str, read_x509_data(element))
            if element.find(f"{_DS}X509Certificate") is not None:
                yield "the certificate that is sent along"
        elif element.get("ValueType") in names.X509_CERTIFICATE:
            yield "the certificate that is sent along"
        else:
            reference = read_key_identifier(element)
            yield str(reference) if reference is not None else f"key {text_of(element).strip()!r}"
    for element in info.iter(f"{{{names.WSSE}}}Reference"):
        yield f"the token {element.get('URI')!r}"


# Key transport --------------------------------------------------------------------------------------------


def _transported(element: Element, octets: bytes, scope: Scope) -> tuple[bytes, str]:
    transport = transport_of(element)
    fitting, _ = _private_keys(element, scope)
    error: CipherError | None = None
    for private in fitting:
        try:
            secret = cipher.transported(transport, _rsa(private), octets)
        except UnknownCipherError as unknown:
            raise FaultFound(unknown_algorithm(element, str(unknown), "EncryptedKey", scope)) from None
        except CipherError as failed:
            error = failed
        else:
            return secret, f"key encrypted for {private.owner} with {short(transport.algorithm)}"
    raise FaultFound(_why_not(element, octets, error, scope))


def padding_fault(element: Element, scope: Scope) -> Fault | None:
    """Say that a key that seemed to decrypt with PKCS#1 v1.5 did not; None if its padding is right."""
    if method_of(element) != names.RSA_1_5:
        return None
    octets = cipher_octets(element, scope, "EncryptedKey")
    fitting, _ = _private_keys(element, scope)
    if any(cipher.padding_fits(_rsa(private), octets) for private in fitting):
        return None
    error = CipherError("the PKCS#1 v1.5 padding does not decode")
    return _why_not(element, octets, error, scope)


def _why_not(element: Element, octets: bytes, error: CipherError | None, scope: Scope) -> Fault:
    """Say why none of the keys decrypts that are meant, or may be."""
    transport = transport_of(element)
    fitting, meant = _private_keys(element, scope)
    otherwise = _transported_otherwise(element, transport, fitting, octets, scope)
    if otherwise is not None:
        return otherwise
    return _not_transported(element, transport, fitting, error, scope) if meant else _no_key(element, fitting, scope)


def transport_of(element: Element) -> Transport:
    """Read how a key is encrypted with RSA."""
    method = element.find(_XENC + "EncryptionMethod")
    assert method is not None
    digest = method.find(_DS + "DigestMethod")
    mask = method.find(_XENC11 + "MGF")
    label = method.find(_XENC + "OAEPparams")
    try:
        octets = decode_base64(text_of(label)) if label is not None else b""
    except CertificateError:
        octets = b""
    return Transport(
        method.get("Algorithm", ""),
        digest.get("Algorithm", "") if digest is not None else names.SHA1,
        mask.get("Algorithm", "") if mask is not None else names.MGF1_SHA1,
        octets,
    )


def _rsa_keys(scope: Scope) -> list[PrivateKey]:
    return [held for held in scope.context.private_keys if isinstance(held.key, rsa.RSAPrivateKey)]


def _rsa(private: PrivateKey) -> rsa.RSAPrivateKey:
    assert isinstance(private.key, rsa.RSAPrivateKey)
    return private.key


def _private_keys(element: Element, scope: Scope) -> tuple[list[PrivateKey], bool]:
    """Give the receiver's RSA keys that the KeyInfo means, or may mean, and whether it surely means them.

    Raises FaultFound if there is none.
    """
    held = _rsa_keys(scope)
    info = element.find(KEY_INFO)
    surely = True
    if info is None:
        fitting = held
    else:
        try:
            meant = key_info.keys_of(info, scope, secret=False)
        except FaultFound as found:
            if found.fault.fault not in ("key-not-found", "key-info-missing"):
                raise
            meant = []
        publics = [key.public for key in meant if key.public is not None]
        fitting = [private for private in held if private.key.public_key() in publics]
        if not fitting:
            # A name may mean any key, and of a key without certificate nobody knows what it is called.
            by_name = _only_named(info)
            fitting, surely = [private for private in held if by_name or private.certificate is None], by_name
    if not fitting:
        raise FaultFound(_no_private_key(element, held, scope))
    return fitting, surely


def _only_named(info: Element) -> bool:
    kinds = {child.tag for child in info.iterchildren("*")}
    return kinds <= {f"{_DS}KeyName"}


def _no_private_key(element: Element, held: list[PrivateKey], scope: Scope) -> Fault:
    whom = recipient(element)
    ours = "; ".join(
        f"{private.owner}" + (f", serial number {private.certificate.serial}" if private.certificate else "")
        for private in held
    )
    none = "the receiver holds no private key" if scope.context.knows_keys else "no private key is given"
    says = f"the key is encrypted for {whom}; {f'the receiver holds only {ours}' if ours else none}"
    reason = "encrypted-for-another-receiver" if held else None
    place = scope.place(element)
    evidence: list[Evidence] = [
        Compared("recipient of the key", ours, whom, place) if ours else Located(f"encrypted for {whom}", place)
    ]
    octets = cipher_octets(element, scope, "EncryptedKey")
    for private in held:
        try:
            cipher.transported(transport_of(element), _rsa(private), octets)
        except CipherError:
            continue
        reason = "recipient-named-wrongly"
        says += f"; yet it decrypts with the key of {private.owner}, so only the name is wrong"
        evidence.append(Located(f"decrypts with the key of {private.owner}", place))
        break
    return Fault("decryption-key-not-found", "EncryptedKey", says, reason, tuple(evidence))


def _no_key(element: Element, tried: list[PrivateKey], scope: Scope) -> Fault:
    """Say that none of the keys decrypts whose certificates are not known: most likely the recipient is another."""
    whom = recipient(element)
    says = f"the key is encrypted for {whom}; none of the private keys given ({len(tried)} without certificate) decrypts it"
    evidence: tuple[Evidence, ...] = (Located(f"encrypted for {whom}", scope.place(element)),)
    return Fault("decryption-key-not-found", "EncryptedKey", says, "encrypted-for-another-receiver", evidence)


def _transported_otherwise(
    element: Element, transport: Transport, fitting: list[PrivateKey], octets: bytes, scope: Scope
) -> Fault | None:
    """Try the other ways of key transport with the same keys."""
    said = _transport_words(transport)
    place = scope.place(element)
    for private in fitting:
        for other in _other_transports(transport):
            try:
                secret = cipher.transported(other, _rsa(private), octets)
            except CipherError:
                continue
            if len(secret) not in (16, 24, 32) or (
                other.algorithm == names.RSA_1_5 and not cipher.padding_fits(_rsa(private), octets)
            ):
                continue
            return Fault(
                "key-unwrap-failed",
                "EncryptedKey",
                f"the key does not decrypt as declared ({said}), but does with {_transport_words(other)}",
                "key-encryption-method-altered",
                (Compared("EncryptionMethod", _transport_words(other), said, place),),
            )
    return None


def _not_transported(
    element: Element, transport: Transport, fitting: list[PrivateKey], error: CipherError | None, scope: Scope
) -> Fault:
    """Say that a key does not decrypt in any way."""
    said = _transport_words(transport)
    tried = ("the other ways of RSA key transport",)
    place = scope.place(element)
    return Fault(
        "key-unwrap-failed",
        "EncryptedKey",
        f"the encrypted key does not decrypt with the key of {' or '.join(each.owner for each in fitting)}: {error}",
        "encrypted-key-altered",
        (Computed("key transport", (("EncryptionMethod", said),), tried, str(error), place),),
    )


def _transport_words(transport: Transport) -> str:
    if transport.algorithm == names.RSA_1_5:
        return "RSA PKCS#1 v1.5"
    label = " with OAEPparams" if transport.label else ""
    return f"{short(transport.algorithm)}, digest {short(transport.digest)}, {short(transport.mask)}{label}"


def _other_transports(transport: Transport) -> Iterator[Transport]:
    """The ways that senders confuse: without the label, the digest as mask, PKCS#1 v1.5 for OAEP, and back."""
    yield Transport(names.RSA_1_5)
    for label in dict.fromkeys((transport.label, b"")):
        for digest in cipher.HASHES:
            for mask in (names.MGF1_SHA1, *(uri for uri in cipher.MASKS if short(uri) == "mgf1" + short(digest))):
                yield Transport(names.RSA_OAEP, digest, mask, label)


# Key wrap -------------------------------------------------------------------------------------------------


def _unwrapped(element: Element, algorithm: str, octets: bytes, scope: Scope) -> tuple[bytes, str]:
    error: CipherError | None = None
    keys = wrapping_keys(element, algorithm, scope)
    for key in keys:
        assert key.secret is not None
        try:
            return cipher.unwrap(algorithm, key.secret, octets), f"key wrapped with {key.how}"
        except CipherError as failed:
            error = failed
    whole = len(octets) % 8 == 0 and len(octets) >= 24
    raise FaultFound(
        Fault(
            "key-unwrap-failed",
            "EncryptedKey",
            f"the encrypted key does not unwrap with {keys[0].how}: {error}",
            "receiver-has-another-shared-key" if whole else "encrypted-key-altered",
            (Compared(short(algorithm), "an intact wrapped key", str(error), scope.place(element)),),
        )
    )


def wrapping_keys(element: Element, algorithm: str, scope: Scope) -> list[Key]:
    """Give the secrets that the KeyInfo of an EncryptedKey or EncryptedData means. Raises FaultFound."""
    info = element.find(KEY_INFO)
    agreement = info.find(_XENC + "AgreementMethod") if info is not None else None
    if agreement is not None:
        return [key_agreement.agreed_key(agreement, algorithm, scope)]
    derived = info.find(key_derivation.DERIVED_KEY) if info is not None else None
    if derived is not None:
        return [key_derivation.derived_key(derived, cipher.KEY_SIZES[algorithm], scope)]
    where = "EncryptedKey" if element.tag == TAG else "EncryptedData"
    try:
        keys = [key for key in key_info.keys_of(info, scope, secret=True) if key.secret is not None]
    except FaultFound as found:
        fault = found.fault
        if fault.fault not in ("key-not-found", "key-info-missing"):
            raise
        keys = []
    if keys:
        return keys
    whom = recipient(element)
    known = ", ".join(sorted(scope.context.shared_keys)) or "none"
    evidence = (Compared("shared key", f"one that is known ({known})", whom, scope.place(element)),)
    raise FaultFound(
        Fault(
            "decryption-key-not-found",
            where,
            f"the shared key is not known ({whom}; encrypted with {short(algorithm)})",
            evidence=evidence,
        )
    )
