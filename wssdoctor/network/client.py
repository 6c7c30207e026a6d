"""An HTTP client for one server: bounded in time and size, no redirects, no proxies of the environment, nothing logged."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

import msgspec

from wssdoctor.errors import InputError
from wssdoctor.evidence import Place
from wssdoctor.network.credentials import Credentials
from wssdoctor.network.exchange import Answer, Request
from wssdoctor.network.target import Target, is_loopback
from wssdoctor.network.tls import reason, remedy

if TYPE_CHECKING:
    import httpx

MAX_BODY = 128 * 1024 * 1024
"""Bytes of an answer."""


class Bounds(msgspec.Struct, frozen=True):
    """How long an exchange may last and how much may come back."""

    step_seconds: float = 30
    """Until the connection stands, and between two pieces of an answer."""
    whole_seconds: float = 300
    body_bytes: int = MAX_BODY


class Client:
    """Talks to one server with one pair of credentials. Needs the extra ``live`` (httpx)."""

    def __init__(
        self,
        to: Target,
        context: ssl.SSLContext,
        credentials: Credentials | None = None,
        *,
        announce: Callable[[Request], None] | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        """``announce`` is told of each request before it is sent. Raises ``InputError`` where httpx is not installed."""
        try:
            import httpx

            from wssdoctor.network.deadline import Deadline, Transport
        except ImportError:
            hint = "pip install 'wssdoctor[live]'"
            raise InputError.because("live sources need the extra 'live'", hint=hint) from None
        self.to = to
        self.bounds = bounds or Bounds()
        self._announce = announce
        self._deadline = Deadline()
        self._client = httpx.Client(
            transport=Transport(context, self._deadline),
            base_url=to.origin,
            timeout=self.bounds.step_seconds,
            follow_redirects=False,
            trust_env=False,
            # What is not compressed cannot be a bomb.
            headers={"User-Agent": "wssdoctor", "Accept-Encoding": "identity"},
        )

        if credentials is not None:
            self.log_on(credentials)

    def log_on(self, credentials: Credentials) -> None:
        """Send these with every request from now on (RFC 7617, in UTF-8)."""
        import httpx

        self._client.auth = httpx.BasicAuth(credentials.user.encode(), credentials.password.encode())

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def send(self, request: Request) -> Answer:
        """Send a request once and return its answer. Cookies of the server are kept until the client is closed.

        Raises ``InputError`` where the server cannot be reached, redirects, or answers too slowly or too much.
        """
        import httpcore
        import httpx

        if self._announce is not None:
            self._announce(request)
        self._deadline.start(self.bounds.whole_seconds)
        try:
            with self._client.stream(
                request.method, request.resource, headers=list(request.headers), content=request.body or None
            ) as response:
                self._refuse_redirect(response)
                body = self._body(response)
        except (
            httpx.TransportError,
            httpcore.TimeoutException,
            httpcore.NetworkError,
            httpcore.ProtocolError,
        ) as error:
            raise self._failed(error) from None
        headers = tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in response.headers.raw)
        return Answer(response.status_code, headers, body)

    def _refuse_redirect(self, response: httpx.Response) -> None:
        if 300 <= response.status_code < 400 and "location" in response.headers:
            where = response.headers["location"]
            raise self._refused(
                f"it redirects to {where[:200]}, which is not followed",
                "a logon page or a proxy stands in between; give the URL of the application server itself",
            )

    def _body(self, response: httpx.Response) -> bytes:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise self._refused("its answer is compressed, which was not asked for")
        pieces, size = [], 0
        for piece in response.iter_raw():
            size += len(piece)
            if size > self.bounds.body_bytes:
                raise self._refused(f"its answer is larger than {self.bounds.body_bytes} bytes")
            pieces.append(piece)
        return b"".join(pieces)

    def _failed(self, error: Exception) -> InputError:
        import httpcore
        import httpx

        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLError):
                return self._refused(f"TLS: {reason(cause)}", remedy(cause))
            cause = cause.__cause__ or cause.__context__
        if isinstance(error, (httpx.TimeoutException, httpcore.TimeoutException)):
            bounds = self.bounds
            why = (
                f"it took longer than {bounds.step_seconds:g} s for one step, or {bounds.whole_seconds:g} s altogether"
            )
            return self._refused(why)
        return self._refused(str(error) or type(error).__name__, "check host, port and network")

    def _refused(self, why: str, hint: str = "") -> InputError:
        place = Place(file=self.to.origin)
        return InputError.because("the server's answer cannot be used", place=place, why=why, hint=hint)


def refuse_plain(to: Target, *, allowed: bool) -> None:
    """Raise ``InputError`` where a password would travel unencrypted and the user did not allow it."""
    if not (to.is_secure or allowed or is_loopback(to.host)):
        why = "plain HTTP shows user and password to everyone on the way"
        hint = "give an https URL, or --plain-http where you accept that"
        raise InputError.because("the URL is not encrypted", place=Place(file=to.origin), why=why, hint=hint)
