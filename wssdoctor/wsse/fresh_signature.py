"""Signatures anew: over the same parts, with the same algorithms, naming their key in the captured way."""

from __future__ import annotations

import base64
from collections.abc import Iterable

from wssdoctor.wsse import canonical, key_info, names
from wssdoctor.wsse.account import Account
from wssdoctor.wsse.document import Element, child_of
from wssdoctor.wsse.fault import FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.key_naming import name_certificate
from wssdoctor.wsse.material import Identity, Material
from wssdoctor.wsse.reference import check_reference
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.signature import SignedInfo, read_signed_info
from wssdoctor.wsse.signature_value import compute_hmac, fits
from wssdoctor.wsse.signing import sign

_DIGEST_VALUE, _SIGNATURE_VALUE = f"{{{names.DS}}}DigestValue", f"{{{names.DS}}}SignatureValue"
_SECRET = "Give the secret (--secret), the user's password (--user) or its handshake, or send it with --exact."  # noqa: S105


class FreshSignatures:
    """The signatures of a message; first all name their keys, then each is made when what it signs is ready."""

    def __init__(self, material: Material, account: Account) -> None:
        self._material = material
        self._account = account
        self._identities: dict[Element, Identity] = {}

    def name(self, signatures: Iterable[Element], scope: Scope) -> None:
        """Choose the keys, and let the message name them."""
        for element in signatures:
            try:
                info = read_signed_info(element, scope)
                if info.algorithm.family != "hmac":
                    self._identify(element, info, scope)
                else:
                    key_info.keys_of(info.key_info, scope, secret=True)
            except FaultFound as found:
                if not (found.fault.fault == "context-unknown" and self._account.lacks):  # which was said already
                    self._account.lack(f"A signature cannot be made anew: {found.fault.says}.", _SECRET)
            except ValueError as error:
                self._account.lack(f"A signature cannot be made anew: {error}.")

    def issue(self, element: Element, identity: Identity, scope: Scope) -> None:
        """Make the signature of an issuer anew. Raises ``ValueError`` and ``FaultFound``."""
        info = read_signed_info(element, scope)
        if info.key_info is not None:
            name_certificate(info.key_info, identity.certificate, scope.identifiers, identity.chain)
        self._identities[element] = identity
        self._sign(element, info, scope)

    def sign(self, signatures: Iterable[Element], scope: Scope) -> None:
        """Sign anew: those that others of them cover come first."""
        waiting = list(signatures)
        while waiting:
            ready = [one for one in waiting if not self._covers(one, waiting, scope)] or waiting[:1]
            for element in ready:
                try:
                    self._sign(element, read_signed_info(element, scope), scope)
                except FaultFound as found:
                    self._account.lack(f"A signature cannot be made anew: {found.fault.says}.", _SECRET)
                except ValueError as error:
                    self._account.lack(f"A signature cannot be made anew: {error}.", "Give another key.")
                else:
                    self._account.change("signature")
            waiting = [one for one in waiting if one not in ready]

    def _identify(self, element: Element, info: SignedInfo, scope: Scope) -> None:
        identities = self._material.identities
        if not identities:
            self._account.lack("The message is signed, and no key is given to sign it anew.", "Give --key, or --exact.")
            return
        meant = _meant(info, scope)
        named = next(
            (one for one in identities if any(key.public == one.certificate.public_key for key in meant)), None
        )
        if named is not None:
            self._identities[element] = named
            return
        if any(key.where == "Assertion" for key in meant):
            raise ValueError("the assertion is for the holder of another key")
        fitting = [one for one in identities if fits(info.algorithm, _key(one))]
        if not fitting:
            raise ValueError(f"no key that was given fits the algorithm {info.algorithm.uri}")
        self._identities[element] = fitting[0]
        if info.key_info is not None:
            certificate, chain = fitting[0].certificate, fitting[0].chain
            self._account.change(*name_certificate(info.key_info, certificate, scope.identifiers, chain))

    def _covers(self, one: Element, others: list[Element], scope: Scope) -> bool:
        """Whether a signature signs one of the others."""
        elements = {element for element in others if element is not one}
        for reference in one.iterfind(f"{{{names.DS}}}SignedInfo/{{{names.DS}}}Reference"):
            target = check_reference(reference, one, scope).target
            if target is not None and not elements.isdisjoint(target.iter()):
                return True
        return False

    def _sign(self, element: Element, info: SignedInfo, scope: Scope) -> None:
        for reference in info.references:
            checked = check_reference(reference, element, scope)
            value = child_of(reference, _DIGEST_VALUE)
            if checked.computed is None or value is None:
                raise ValueError(checked.fault.says if checked.fault else "a Reference has no DigestValue")
            value.text = base64.b64encode(checked.computed).decode()
        octets = canonical.canonicalize(info.element, info.method)
        if info.algorithm.family == "hmac":
            key = key_info.keys_of(info.key_info, scope, secret=True)[0]
            if key.secret is None:
                raise ValueError(f"it is made with a secret, and {key.how} is none")
            made = compute_hmac(info.algorithm, key.secret, octets, info.output_bits)
        elif element in self._identities:
            made = sign(info.algorithm, self._identities[element].key, octets, info.pss)
        else:  # what is lacking was said when its key was looked for
            return
        signed = child_of(element, _SIGNATURE_VALUE)
        assert signed is not None
        signed.text = base64.b64encode(made).decode()


def _meant(info: SignedInfo, scope: Scope) -> list[Key]:
    if info.key_info is None:
        return []
    try:
        return key_info.keys_of(info.key_info, scope, secret=False)
    except FaultFound:
        return []


def _key(identity: Identity) -> Key:
    return Key(where="KeyInfo", how="a key that was given", public=identity.certificate.public_key)
