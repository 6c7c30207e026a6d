"""One captured request as the provider sees it: its capture and its message, taken apart once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from wssdoctor.capture.capture import Capture, header
from wssdoctor.capture.moment import http_date
from wssdoctor.check.check import Known
from wssdoctor.check.engine import Finding
from wssdoctor.errors import InputError, Problem
from wssdoctor.evidence import Place
from wssdoctor.provider import httpfact, messagefact
from wssdoctor.provider.decryption import ENCRYPTED_DATA, NO_KEYS, Keys, opened
from wssdoctor.provider.fault import fault_code
from wssdoctor.provider.observed import Observed
from wssdoctor.provider.passed import passed
from wssdoctor.provider.requestfact import REQUEST_FACTS
from wssdoctor.wsse import names
from wssdoctor.wsse.document import DocumentError
from wssdoctor.wsse.fault import Fault
from wssdoctor.wsse.message import Message, SecurityHeader, parse

T = TypeVar("T")

_PROBE = f"{{{names.PROBE}}}"
_SIGNATURE_VALUE = f"{{{names.DS}}}SignatureValue"
_FACTS: dict[str, Callable[[Request], Finding]] = {**httpfact.FACTS, **messagefact.FACTS}


class Request:
    """A captured request with its message taken apart once. Nothing in it changes."""

    def __init__(
        self,
        capture: Capture,
        message: Message | DocumentError,
        signed_as: Request | None = None,
        keys: Keys = NO_KEYS,
        hiding: tuple[Fault, ...] = (),
        *,
        encrypted_anew: bool = False,
    ) -> None:
        self.capture = capture
        self.message = message
        """In plain text, as far as ``keys`` open it."""
        self.keys = keys
        self.hiding = hiding
        """Why parts stay encrypted although keys were lent."""
        self.encrypted_anew = encrypted_anew
        """Whether it stands for a message that its sender encrypted for the certificate that the provider has now."""
        self._signed_as = signed_as
        self._found: dict[str, Finding] = {}

    def __reduce__(self) -> tuple[Callable[..., Request], tuple[Capture, Request | None, Keys, bool]]:
        return Request.of, (self.capture, self._signed_as, self.keys, self.encrypted_anew)

    @classmethod
    def of(
        cls,
        capture: Capture,
        signed_as: Request | None = None,
        keys: Keys = NO_KEYS,
        encrypted_anew: bool = False,
    ) -> Request:
        """Take a capture apart. Raises ``InputError`` for XML that is refused, or that a bare capture cannot hold.

        ``signed_as`` is the request that the sender would have made into this one: it would have signed the change.
        ``keys`` decrypt what is encrypted for the provider. ``encrypted_anew``: see there.
        """
        try:
            plain = opened(capture, parse(capture.envelope), keys)
            original = signed_as.signed_as if signed_as else None
            hiding = () if encrypted_anew else plain.faults
            return cls(capture, plain.message, original, keys, hiding, encrypted_anew=encrypted_anew)
        except DocumentError as error:
            # A complete HTTP request with a broken body is a case; a broken file is no capture.
            if capture.request is None or error.fault != "xml-not-well-formed":
                raise _located(error, capture) from None
            return cls(capture, error)

    @property
    def name(self) -> str:
        """The capture's file as the user named it."""
        return self.capture.name

    @property
    def signed_as(self) -> Request:
        """The request whose signatures count for this one: itself, unless it stands for a message signed anew."""
        return self._signed_as or self

    @cached_property
    def signature_values(self) -> tuple[str, ...]:
        """The values of the header's signatures, without blanks; a message signed anew has values never seen."""
        if self._signed_as is not None or self.security is None:
            return ()
        values = (one.element.findtext(_SIGNATURE_VALUE) for one in self.security.signatures)
        return tuple(["".join(value.split()) for value in values if value])

    @cached_property
    def nonces(self) -> tuple[str, ...]:
        """The nonces of the header's UsernameTokens, without blanks."""
        tokens = self.security.username_tokens if self.security is not None else ()
        return tuple(["".join(one.nonce.split()) for one in tokens if one.nonce and one.nonce.strip()])

    @property
    def provider_clock(self) -> dt.datetime | None:
        """The provider's own clock, where the captured response tells it in its Date header."""
        response = self.capture.response
        date = header(response.headers, "date") if response is not None else None
        return http_date(date) if date is not None else None

    def find(self, path: str) -> Finding:
        """Find a fact of the request by its path; each is worked out once."""
        found = self._found.get(path)
        if found is None:
            found = self._found[path] = _FACTS[path](self)
        return found

    @cached_property
    def observed(self) -> Observed | None:
        """What the captured response says; nothing where none was captured."""
        response = self.capture.response
        if response is None:
            return None
        code = fault_code(response)
        if self.is_probe or self.capture.sent is not None:
            return Observed(response.status, code, probe=True, passed=passed(response, code))
        return Observed(response.status, code)

    @property
    def is_probe(self) -> bool:
        """Whether its payload is the one that no service knows."""
        return isinstance(self.message, Message) and (self.message.operation or "").startswith(_PROBE)

    @cached_property
    def header_hides(self) -> bool:
        """Whether something in the security header is encrypted and stays so."""
        own = self.security
        return own is not None and next(own.element.iter(ENCRYPTED_DATA), None) is not None

    @cached_property
    def security(self) -> SecurityHeader | None:
        """The first security header without actor, which the provider processes."""
        if isinstance(self.message, DocumentError):
            return None
        own = [one for one in self.message.security if not one.actor or one.actor == names.ACTOR_NEXT]
        return own[0] if own else None

    @property
    def names_a_time(self) -> bool:
        """Whether the message names a time that a clock can contradict, or hides something that may name one."""
        own = self.security
        if own is None:
            return False
        created = any(token.created_text is not None for token in own.username_tokens)
        return bool(own.timestamps or own.assertions or created or self.header_hides)

    def place(self, xpath: str | None = None, line: int | None = None) -> Place:
        """Return a place in the capture; lines of the envelope are counted in the file."""
        return Place(file=self.name, line=line + self.capture.first_line - 1 if line else None, xpath=xpath)

    def known(self, path: str, value: T, xpath: str | None = None, line: int | None = None) -> Known[T]:
        """Make a fact of this request."""
        return Known(path, value, self.place(xpath, line), REQUEST_FACTS[path].sensitivity)


def _located(error: DocumentError, capture: Capture) -> InputError:
    """Say in which file the XML is refused, with the line counted in the file."""
    problem = error.problems[0]
    line = problem.place.line if problem.place and problem.place.line else 1
    column = problem.place.column if problem.place else None
    place = Place(file=capture.name, line=line + capture.first_line - 1, column=column)
    return InputError(Problem(problem.what, place, problem.why, problem.hint))
