"""Servers on loopback for tests: real sockets, real TLS, certificates made for the run."""

from __future__ import annotations

import contextlib
import http.server
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509

from tests.wsse.pki import Issued, ec_key, issue

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@cache
def authority() -> Issued:
    return issue(
        None, "O=Test", "CN=Local authority", ca=True, key=ec_key("authority"), start=NOW - 9 * DAY, end=NOW + 9 * DAY
    )


@cache
def issued(names: tuple[str, ...] = ("localhost",), days: int = 1) -> Issued:
    """A server certificate; with negative ``days`` it has expired."""
    found = [x509.DNSName(each) for each in names]
    alternative = x509.SubjectAlternativeName(
        [*found, x509.IPAddress(ipaddress.ip_address("127.0.0.1"))] if "localhost" in names else found
    )
    return issue(
        authority(), "O=Test", f"CN={names[0]}", key=ec_key("server"), start=NOW - 5 * DAY, end=NOW + days * DAY,
        extensions=((alternative, False),),
    )  # fmt: skip


def server_context(certificate: Issued) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "server.pem"
        path.write_bytes(certificate.key_pem() + certificate.pem + authority().pem)
        context.load_cert_chain(path)
    return context


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients hang up as they like."""


@contextlib.contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler], certificate: Issued | None) -> Iterator[str]:
    """Serve HTTP, or HTTPS with a certificate; gives the URL."""
    server = _Server(("127.0.0.1", 0), handler)
    if certificate is not None:
        server.socket = server_context(certificate).wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http{'s' if certificate else ''}://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextlib.contextmanager
def talking(speak: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """Answer every connection by ``speak``, which may say anything; the event tells that the test is over."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def run() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                with connection, contextlib.suppress(OSError):
                    connection.settimeout(10)
                    speak(connection, over)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    port = listener.getsockname()[1]
    try:
        yield f"http://localhost:{port}"
    finally:
        over.set()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            pass
        thread.join(10)
        listener.close()


class Quiet(http.server.BaseHTTPRequestHandler):
    """Answers without logging."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        pass

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
