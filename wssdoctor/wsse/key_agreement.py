"""Keys agreed on by ECDH-ES (XML Encryption 1.1, section 5.6)."""

from __future__ import annotations

from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import cipher, key_info, names
from wssdoctor.wsse.cipher import CipherError, UnknownCipherError
from wssdoctor.wsse.document import Element
from wssdoctor.wsse.encrypted_type import unknown_algorithm
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.private_key import PrivateKey
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.x509_signature import PublicKey

_XENC = f"{{{names.XENC}}}"
_XENC11 = f"{{{names.XENC11}}}"
_DS = f"{{{names.DS}}}"


class Agreement(NamedTuple):
    """What an AgreementMethod says: the sender's key, and how the common secret becomes a key."""

    public: PublicKey
    digest: str
    information: bytes


def agreed_key(method: Element, algorithm: str, scope: Scope) -> Key:
    """Agree on a key with the sender's ephemeral one (XML Encryption 1.1, section 5.6). Raises FaultFound."""
    if method.get("Algorithm") != names.ECDH_ES:
        raise FaultFound(unknown_algorithm(method, method.get("Algorithm"), "EncryptedKey", scope))
    agreement = _agreement(method, scope)
    error: CipherError | None = None
    meant = _meant_agreement_keys(method, scope)
    for private in meant:
        try:
            derive = cipher.concatenation_kdf(agreement.digest, cipher.KEY_SIZES[algorithm], agreement.information)
            if isinstance(private.key, ec.EllipticCurvePrivateKey) and isinstance(
                agreement.public, ec.EllipticCurvePublicKey
            ):
                secret = cipher.agreed(private.key, agreement.public, derive)
                return Key(where="EncryptedKey", how=f"key agreed with {private.owner}", secret=secret, known=True)
        except UnknownCipherError as unknown:
            raise FaultFound(unknown_algorithm(method, str(unknown), "EncryptedKey", scope)) from None
        except CipherError as failed:
            error = failed
    evidence: tuple[Evidence, ...] = (
        Compared("recipient of the key agreement", "a key of the receiver", str(error or "none"), scope.place(method)),
    )
    raise FaultFound(
        Fault(
            "decryption-key-not-found",
            "EncryptedKey",
            f"no private key for the key agreement: {error or 'none is given for elliptic curves'}",
            evidence=evidence,
        )
    )


def _meant_agreement_keys(method: Element, scope: Scope) -> list[PrivateKey]:
    held = [key for key in scope.context.decryption_keys if isinstance(key.key, ec.EllipticCurvePrivateKey)]
    info = method.find(_XENC + "RecipientKeyInfo")
    if info is None:
        return held
    try:
        publics = [key.public for key in key_info.keys_of(info, scope, secret=False)]
    except FaultFound:
        return [key for key in held if key.certificate is None]
    return [key for key in held if key.key.public_key() in publics]


def _agreement(method: Element, scope: Scope) -> Agreement:
    originator = method.find(_XENC + "OriginatorKeyInfo")
    derivation = method.find(_XENC11 + "KeyDerivationMethod")
    parameters = derivation.find(_XENC11 + "ConcatKDFParams") if derivation is not None else None
    if originator is None or derivation is None or parameters is None:
        evidence: tuple[Evidence, ...] = (Located("AgreementMethod", scope.place(method)),)
        says = "the AgreementMethod lacks the sender's key or the ConcatKDF parameters"
        raise FaultFound(Fault("token-malformed", "EncryptedKey", says, evidence=evidence))
    if derivation.get("Algorithm") != names.CONCAT_KDF:
        raise FaultFound(unknown_algorithm(method, derivation.get("Algorithm"), "EncryptedKey", scope))
    digest = parameters.find(_DS + "DigestMethod")
    try:
        fields = [
            bytes.fromhex(parameters.get(name) or "00")
            for name in ("AlgorithmID", "PartyUInfo", "PartyVInfo", "SuppPubInfo", "SuppPrivInfo")
        ]
    except ValueError:
        fields = [b"\xff"]
    if any(field[:1] not in (b"", b"\0") for field in fields):  # the first octet counts bits of padding
        evidence = (Located("ConcatKDFParams", scope.place(parameters)),)
        says = "the ConcatKDF parameters are not whole octets in hexadecimal"
        raise FaultFound(Fault("token-malformed", "EncryptedKey", says, evidence=evidence))
    public = key_info.keys_of(originator, scope, secret=False)[0].public
    if public is None:
        raise FaultFound(Fault("key-not-found", "EncryptedKey", "the sender's key of the agreement is no public key"))
    return Agreement(
        public,
        digest.get("Algorithm", "") if digest is not None else names.SHA256,
        b"".join(field[1:] for field in fields),
    )
