"""Keys agreed on by ECDH-ES (XML Encryption 1.1, section 5.6)."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import cipher, key_derivation, key_info, names
from wssdoctor.wsse.cipher import CipherError
from wssdoctor.wsse.document import Element, child_of
from wssdoctor.wsse.encrypted_type import unknown_algorithm
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.private_key import PrivateKey
from wssdoctor.wsse.scope import Scope

_XENC = f"{{{names.XENC}}}"


def agreed_key(method: Element, algorithm: str, scope: Scope) -> Key:
    """Agree on a key with the sender's ephemeral one (XML Encryption 1.1, section 5.6). Raises FaultFound."""
    if method.get("Algorithm") != names.ECDH_ES:
        raise FaultFound(unknown_algorithm(method, method.get("Algorithm"), "EncryptedKey", scope))
    originator = child_of(method, _XENC + "OriginatorKeyInfo")
    derivation = child_of(method, key_derivation.METHOD)
    if originator is None or derivation is None:
        says = "the AgreementMethod lacks the sender's key or the KeyDerivationMethod"
        located = (Located(says, scope.place(method)),)
        raise FaultFound(Fault("token-malformed", "EncryptedKey", says, evidence=located))
    derive = key_derivation.derivation(derivation, cipher.KEY_SIZES[algorithm], scope)
    try:
        public = key_info.keys_of(originator, scope, secret=False)[0].public
    except FaultFound as found:
        says = f"the sender's key of the agreement is not to be had: {found.fault.says}"
        raise FaultFound(
            Fault("decryption-key-not-found", "EncryptedKey", says, found.fault.reason, found.fault.evidence)
        ) from None
    error: CipherError | None = None
    for private in _meant_keys(method, scope):
        if not isinstance(private.key, ec.EllipticCurvePrivateKey) or not isinstance(public, ec.EllipticCurvePublicKey):
            continue
        try:
            secret = derive(cipher.agreed(private.key, public))
        except CipherError as failed:
            error = failed
        else:
            return Key(where="EncryptedKey", how=f"key agreed with {private.owner}", secret=secret, known=True)
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


def _meant_keys(method: Element, scope: Scope) -> list[PrivateKey]:
    held = [key for key in scope.context.private_keys if isinstance(key.key, ec.EllipticCurvePrivateKey)]
    info = method.find(_XENC + "RecipientKeyInfo")
    if info is None:
        return held
    try:
        publics = [key.public for key in key_info.keys_of(info, scope, secret=False)]
    except FaultFound:
        return [key for key in held if key.certificate is None]
    return [key for key in held if key.key.public_key() in publics]
