"""A small HTTP server for one request: it keeps the exact bytes that came and sends the answer that it was given."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from types import TracebackType

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *([0-9]+)\r\n")
_HEAD_END = b"\r\n\r\n"


class Recorder:
    """Listens on a free local port while it is open. ``request`` has the bytes of the request afterwards."""

    def __init__(self, answer: bytes, tls: ssl.SSLContext | None) -> None:
        self.request = b""
        self._answer = answer
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(30)
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, port = self._listener.getsockname()
        return host, port

    def __enter__(self) -> Recorder:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._thread.join(timeout=30)
        self._listener.close()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        connection.settimeout(30)
        with self._tls.wrap_socket(connection, server_side=True) if self._tls else connection as stream:
            data = b""
            while not _complete(data):
                piece = stream.recv(65536)
                if not piece:
                    break
                data += piece
            self.request = data
            stream.sendall(self._answer)


def _complete(data: bytes) -> bool:
    head, end, body = data.partition(_HEAD_END)
    length = _LENGTH.search(head + b"\r\n")
    return bool(end) and len(body) >= (int(length[1]) if length else 0)
