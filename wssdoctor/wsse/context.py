"""What the receiver knows: time, trust, keys, users, and what it demands of a message."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from wssdoctor import yamlfile
from wssdoctor.errors import InputError, Problem
from wssdoctor.evidence import Place
from wssdoctor.typed import looked_at
from wssdoctor.wsse.certificate import Certificate, CertificateError, load_certificates
from wssdoctor.wsse.distinguished_name import Name, parse
from wssdoctor.wsse.private_key import KnownKey, PrivateKey, load_private_key, load_public_keys
from wssdoctor.wsse.revocation import RevocationList, load_revocation_lists
from wssdoctor.wsse.timestamp import parse_datetime

_Loaded = TypeVar("_Loaded")
_MAX_FILE = 4 * 1024 * 1024


class SamlExpectation(msgspec.Struct, frozen=True):
    """What an assertion must say; None is not asked for."""

    issuer: str | None = None
    audience: str | None = None
    recipient: str | None = None


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What the receiver knows. None means for ``users`` and ``decryption_keys``: not known which there are.

    ``time`` of None leaves the instant of judgement to the caller; a limit of None is not applied. Secrets
    are never shown.
    """

    time: datetime | None = None
    max_age: timedelta | None = None
    max_future: timedelta | None = None
    trust_anchors: tuple[Certificate, ...] = ()
    intermediates: tuple[Certificate, ...] = ()
    known_certs: tuple[Certificate, ...] = ()
    crls: tuple[RevocationList, ...] = ()
    known_public_keys: tuple[KnownKey, ...] = ()
    accept_key_value: bool = False
    certificate_dates_ignored: bool = False
    decryption_keys: tuple[PrivateKey, ...] | None = None
    shared_keys: Mapping[str, bytes] = msgspec.field(default_factory=dict)
    users: Mapping[str, str] | None = None
    seen_nonces: frozenset[str] = frozenset()
    require_tokens: tuple[str, ...] = ()
    require_signed: tuple[str, ...] = ()
    require_encrypted: tuple[str, ...] = ()
    forbidden_algorithms: frozenset[str] = frozenset()
    min_rsa_bits: int | None = None
    subjects: tuple[Name, ...] = ()
    actor: str | None = None
    saml: SamlExpectation = SamlExpectation()

    def __repr__(self) -> str:
        return f"<Context at {self.time}, {len(self.trust_anchors)} trust anchors>"

    @property
    def private_keys(self) -> tuple[PrivateKey, ...]:
        """Give the receiver's private keys that are known."""
        return self.decryption_keys or ()

    @property
    def knows_keys(self) -> bool:
        """Whether these are all keys of the receiver: some are given, or it demands what only they can open."""
        return self.decryption_keys is not None or bool(self.shared_keys or self.require_encrypted)

    def shared_key(self, name: str | None) -> bytes | None:
        """Give the shared key of this name, or the one that fits whatever the message calls its key."""
        return self.shared_keys.get(name or "*", self.shared_keys.get("*"))


class _DecryptionKeyFile(msgspec.Struct, frozen=True):
    key: str
    cert: str | None = None


class _SamlFile(msgspec.Struct, frozen=True):
    issuer: str | None = None
    audience: str | None = None
    recipient: str | None = None


Seconds = Annotated[int, msgspec.Meta(ge=0, le=10**10)]


class ContextFile(msgspec.Struct, frozen=True):
    """A context as its file states it; every key may be absent, paths are relative to the file."""

    time: str | None = None
    max_age_seconds: Seconds | None = None
    max_future_seconds: Seconds | None = None
    trust_anchors: tuple[str, ...] | None = None
    intermediates: tuple[str, ...] | None = None
    known_certs: tuple[str, ...] | None = None
    crls: tuple[str, ...] | None = None
    known_public_keys: tuple[str, ...] | None = None
    accept_key_value: bool | None = None
    certificate_dates_ignored: bool | None = None
    decryption_keys: tuple[_DecryptionKeyFile, ...] | None = None
    shared_keys_base64: dict[str, str] | None = None
    users: dict[str, str] | None = None
    seen_nonces: tuple[str, ...] | None = None
    require_tokens: tuple[str, ...] | None = None
    require_signed: tuple[str, ...] | None = None
    require_encrypted: tuple[str, ...] | None = None
    forbidden_algorithms: tuple[str, ...] | None = None
    min_rsa_bits: Annotated[int, msgspec.Meta(ge=0, le=65536)] | None = None
    subjects: tuple[str, ...] | None = None
    actor: str | None = None
    saml: _SamlFile | None = None


def load_context(path: Path) -> Context:
    """Read a context file; the files that it names are relative to it.

    Raises InputError with every problem, each with file, line and column.
    """
    decoded = yamlfile.load(path, ContextFile)
    return _Reader(path.parent, decoded.places, str(path)).context(decoded.record)


def load_trust(files: tuple[Path, ...]) -> tuple[Certificate, ...]:
    """Read files of certificates. Raises InputError with every problem."""
    return context_from_data({"trust_anchors": [str(file.absolute()) for file in files]}, Path()).trust_anchors


def context_from_data(data: Mapping[str, Any], folder: Path) -> Context:
    """Make a context of plain data with the keys of a context file. Raises InputError."""
    try:
        record = msgspec.convert(data, looked_at(ContextFile))
    except msgspec.ValidationError as error:
        raise InputError.because("not a context", why=str(error)) from None
    return _Reader(folder, {}, None).context(record)


class _Reader:
    def __init__(self, folder: Path, places: dict[str, Place], name: str | None) -> None:
        self._folder = folder
        self._places = places
        self._name = name
        self._problems: list[Problem] = []

    def context(self, record: ContextFile) -> Context:
        shared = self._shared_keys(record.shared_keys_base64 or {})
        context = Context(
            time=self._time(record.time),
            max_age=_span(record.max_age_seconds),
            max_future=_span(record.max_future_seconds),
            trust_anchors=self._files("trust_anchors", record.trust_anchors, load_certificates),
            intermediates=self._files("intermediates", record.intermediates, load_certificates),
            known_certs=self._files("known_certs", record.known_certs, load_certificates),
            crls=self._files("crls", record.crls, load_revocation_lists),
            known_public_keys=self._files("known_public_keys", record.known_public_keys, load_public_keys),
            accept_key_value=bool(record.accept_key_value),
            certificate_dates_ignored=bool(record.certificate_dates_ignored),
            decryption_keys=self._decryption_keys(record.decryption_keys),
            shared_keys=shared,
            users=record.users,
            seen_nonces=frozenset(nonce.strip() for nonce in record.seen_nonces or ()),
            require_tokens=record.require_tokens or (),
            require_signed=record.require_signed or (),
            require_encrypted=record.require_encrypted or (),
            forbidden_algorithms=frozenset(record.forbidden_algorithms or ()),
            min_rsa_bits=record.min_rsa_bits,
            subjects=self._subjects(record.subjects or ()),
            actor=record.actor,
            saml=SamlExpectation(record.saml.issuer, record.saml.audience, record.saml.recipient)
            if record.saml
            else SamlExpectation(),
        )
        if self._problems:
            raise InputError(*self._problems)
        return context

    def _problem(self, key: str, what: str, why: str = "", hint: str = "") -> None:
        place = self._places.get(key) or (Place(file=self._name) if self._name else None)
        self._problems.append(Problem(f"{key}: {what}", place, why, hint))

    def _time(self, text: str | None) -> datetime | None:
        if text is None:
            return None
        moment = parse_datetime(text.replace(" ", "T", 1))
        if moment is None:
            self._problem("time", "not a time", hint="write it as in 2026-01-31T12:00:00Z")
        return moment

    def _octets(self, key: str, name: str) -> bytes | None:
        try:
            with (self._folder / name).open("rb") as stream:
                data = stream.read(_MAX_FILE + 1)
        except (OSError, ValueError) as error:
            self._problem(key, f"cannot read {name}", getattr(error, "strerror", None) or str(error))
            return None
        if len(data) > _MAX_FILE:
            self._problem(key, f"{name} is larger than {_MAX_FILE} bytes")
            return None
        return data

    def _files(
        self, key: str, names: tuple[str, ...] | None, load: Callable[[bytes], tuple[_Loaded, ...]]
    ) -> tuple[_Loaded, ...]:
        found: list[_Loaded] = []
        for index, name in enumerate(names or ()):
            data = self._octets(f"{key}[{index}]", name)
            if data is None:
                continue
            try:
                found.extend(load(data))
            except CertificateError as error:
                self._problem(f"{key}[{index}]", f"{name} cannot be used", str(error))
        return tuple(found)

    def _decryption_keys(self, files: tuple[_DecryptionKeyFile, ...] | None) -> tuple[PrivateKey, ...] | None:
        if files is None:
            return None
        keys: list[PrivateKey] = []
        for index, file in enumerate(files):
            at = f"decryption_keys[{index}]"
            data = self._octets(f"{at}.key", file.key)
            certificates = self._files(f"{at}.cert", (file.cert,), load_certificates) if file.cert else ()
            if data is None:
                continue
            try:
                keys.append(load_private_key(data, certificates[0] if certificates else None))
            except CertificateError as error:
                self._problem(f"{at}.key", f"{file.key} cannot be used", str(error))
        return tuple(keys)

    def _shared_keys(self, texts: dict[str, str]) -> dict[str, bytes]:
        keys: dict[str, bytes] = {}
        for name, text in texts.items():
            try:
                keys[name] = base64.b64decode("".join(text.split()), validate=True)
            except (binascii.Error, ValueError):
                self._problem(f"shared_keys_base64.{name}", "not base64")
        return keys

    def _subjects(self, texts: tuple[str, ...]) -> tuple[Name, ...]:
        found: list[Name] = []
        for index, text in enumerate(texts):
            try:
                found.append(parse(text))
            except ValueError as error:
                hint = "write it as in CN=Client,O=Example,C=DE"
                self._problem(f"subjects[{index}]", "not a distinguished name", str(error), hint)
        return tuple(found)


def _span(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
