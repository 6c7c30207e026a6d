"""Session keys anew: every EncryptedKey of a message carries a fresh key, for the recipient in the captured form."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric import rsa

from wssdoctor.wsse import cipher, encipher, encrypted_data, encrypted_key, key_info, names
from wssdoctor.wsse.account import Account
from wssdoctor.wsse.certificate import Certificate
from wssdoctor.wsse.cipher import UnknownCipherError
from wssdoctor.wsse.cipher_writing import write_cipher
from wssdoctor.wsse.document import Element
from wssdoctor.wsse.encrypted_type import cipher_octets, method_of
from wssdoctor.wsse.encryption import embedded_key, listers_of
from wssdoctor.wsse.fault import FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.key_naming import name_certificate
from wssdoctor.wsse.material import Material
from wssdoctor.wsse.scope import Scope

_USUAL_OCTETS = 32
_KEY_IDENTIFIER = f"{{{names.WSSE}}}KeyIdentifier"


class FreshKeys:
    """The encrypted keys of a message, in its plain text and in the frames of what is encrypted."""

    def __init__(
        self,
        trees: Sequence[Element],
        scope_of: Callable[[], Scope],
        captured: Mapping[bytes, Key],
        material: Material,
        account: Account,
        attachments: dict[str, bytes],
    ) -> None:
        """``captured`` are the keys that could be opened, by the SHA-1 of what was sent; ``trees`` begin with the message."""
        self._trees = trees
        self._scope_of = scope_of
        self._captured = captured
        self._material = material
        self._account = account
        self._attachments = attachments
        self._elements = [one for tree in trees for one in tree.iter(encrypted_key.TAG)]
        self._before = {element: self._sha1(element) for element in self._elements}
        self.by_sha1: dict[bytes, Key] = {}
        """The fresh keys, by the SHA-1 of their octets: as a receiver of the message knows them."""

    def renew(self) -> None:
        """Make all of them fresh, those that wrap others first; what is lacking goes to the account."""
        fresh = self._fresh()
        for element in sorted(self._elements, key=lambda one: method_of(one) not in encrypted_key.RSA):
            octets = self._enciphered(element, fresh[element])
            if octets is None:
                continue
            try:
                write_cipher(element, octets, self._attachments)
            except ValueError as error:
                self._account.lack(f"A key cannot be encrypted anew: {error}.")
                continue
            name = hashlib.sha1(octets, usedforsecurity=False).digest()
            self.by_sha1[name] = Key(where="EncryptedKey", how="a fresh key", secret=fresh[element], known=True)
            self._rename(self._before[element], name)
            self._account.change("session key")

    def _sha1(self, element: Element) -> bytes | None:
        try:
            octets = cipher_octets(element, self._scope_of(), "EncryptedKey")
        except FaultFound:
            return None
        return hashlib.sha1(octets, usedforsecurity=False).digest()

    def _fresh(self) -> dict[Element, bytes]:
        """Give each a secret; those that lead to the same data, or held the same key, get the same."""
        groups = {element: [element] for element in self._elements}
        sizes: dict[Element, int] = {}
        opened: dict[bytes, Element] = {}
        for element in self._elements:
            key = self._captured.get(self._before[element] or b"")
            if key is not None and key.secret is not None:
                sizes[element] = len(key.secret)
                _unite(groups, [element, opened.setdefault(key.secret, element)])
        for data, keys in self._uses():
            _unite(groups, keys)
            sizes.setdefault(keys[0], cipher.KEY_SIZES.get(method_of(data) or "", _USUAL_OCTETS))
        found: dict[Element, bytes] = {}
        for group in groups.values():
            if group[0] not in found:
                size = next((sizes[one] for one in group if one in sizes), _USUAL_OCTETS)
                found |= dict.fromkeys(group, secrets.token_bytes(size))
        return found

    def _uses(self) -> list[tuple[Element, list[Element]]]:
        """Say which data which keys are for."""
        scope = self._scope_of()
        listers: dict[str, list[Element]] = {}
        for tree in self._trees:
            for identifier, keys in listers_of(tree).items():
                listers.setdefault(identifier, []).extend(keys)
        found = []
        for data in (one for tree in self._trees for one in tree.iter(encrypted_data.TAG)):
            info = data.find(encrypted_key.KEY_INFO)
            embedded = embedded_key(data, scope)
            keys = [] if embedded is None else [embedded]
            if info is None:
                keys += listers.get(data.get("Id", ""), [])
            else:
                keys += encrypted_data.carriers(info, scope)
            keys = [one for one in keys if one in self._before]
            if keys:
                found.append((data, keys))
        return found

    def _enciphered(self, element: Element, secret: bytes) -> bytes | None:
        algorithm = method_of(element) or ""
        try:
            if algorithm in encrypted_key.RSA:
                recipient = self._recipient(element)
                return None if recipient is None else self._transported(element, recipient, secret)
            scope = self._scope_of()
            scope.by_sha1.update(self.by_sha1)
            wrapping = encrypted_key.wrapping_keys(element, algorithm, scope)[0].secret
            assert wrapping is not None
            return encipher.wrap(algorithm, wrapping, secret)
        except FaultFound as found:
            self._account.lack(f"A key cannot be encrypted anew: {found.fault.says}.", "Give the secret, or --exact.")
        except (UnknownCipherError, KeyError) as unknown:
            self._account.lack(f"A key cannot be encrypted anew with the algorithm {unknown}.")
        except ValueError as error:
            self._account.lack(f"A key cannot be encrypted anew: {error}.")
        return None

    def _transported(self, element: Element, recipient: Certificate, secret: bytes) -> bytes:
        public = recipient.public_key
        if not isinstance(public, rsa.RSAPublicKey):  # what is wrong is the pair of message and certificate
            raise ValueError(f"the key of {recipient.subject} is none of RSA")  # noqa: TRY004
        return encipher.transport(encrypted_key.transport_of(element), public, secret)

    def _recipient(self, element: Element) -> Certificate | None:
        """For whom a key is encrypted now: as it is named, or for the only other one that is given. It is named so."""
        named, given = self._named(element), self._given()
        if named in given:
            return named
        others = [one for one in self._elements if method_of(one) in encrypted_key.RSA and one is not element]
        if len(given) == 1 and not any(self._named(one) in given for one in others):
            info = element.find(encrypted_key.KEY_INFO)
            if info is not None and named != given[0]:
                name_certificate(info, given[0], self._scope_of().identifiers)
                self._account.change("recipient of the encryption")
            return given[0]
        if named is None:
            whom = encrypted_key.recipient(element)
            hint = "Give the recipient's certificate with --encrypt-to, or --exact."
            self._account.lack(f"A key is encrypted for {whom}, whose certificate is not at hand.", hint)
        return named

    def _given(self) -> tuple[Certificate, ...]:
        opening = (one.certificate for one in self._material.decryption_keys)
        return self._material.recipients or tuple(dict.fromkeys(one for one in opening if one is not None))

    def _named(self, element: Element) -> Certificate | None:
        info = element.find(encrypted_key.KEY_INFO)
        try:
            return key_info.keys_of(info, self._scope_of(), secret=False)[0].certificate if info is not None else None
        except FaultFound:
            return None

    def _rename(self, before: bytes | None, after: bytes) -> None:
        """Name a key by the SHA-1 of its new octets (SOAP Message Security 1.1.1, section 7.7)."""
        if before is None:
            return
        text = base64.b64encode(before).decode()
        for identifier in (one for tree in self._trees for one in tree.iter(_KEY_IDENTIFIER)):
            if identifier.get("ValueType") == names.ENCRYPTED_KEY_SHA1 and (identifier.text or "").strip() == text:
                identifier.text = base64.b64encode(after).decode()


def _unite(groups: dict[Element, list[Element]], elements: Sequence[Element]) -> None:
    together = list(dict.fromkeys(one for element in elements for one in groups[element]))
    for one in together:
        groups[one] = together
