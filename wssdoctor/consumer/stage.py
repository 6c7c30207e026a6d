"""The stages that an outbound call passes, in order (SAP Help: AS ABAP as a client; RFC 8446 for the handshake)."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """One stage. The order of the members is the order in which a call meets them."""

    LOGICAL_PORT = "logical-port"
    CREDENTIALS = "credentials"
    TLS_SETUP = "tls-setup"
    NETWORK = "network"
    CONNECTION = "connection"
    TLS_HANDSHAKE = "tls-handshake"
    SERVER_CERTIFICATE = "server-certificate"
    CLIENT_CERTIFICATE = "client-certificate"
    HTTP_ANSWER = "http-answer"

    @property
    def heading(self) -> str:
        """The stage's name for people."""
        return _HEADINGS[self]


_HEADINGS = {
    Stage.LOGICAL_PORT: "Logical port",
    Stage.CREDENTIALS: "Credentials",
    Stage.TLS_SETUP: "TLS setup",
    Stage.NETWORK: "Name resolution and proxy",
    Stage.CONNECTION: "Connection",
    Stage.TLS_HANDSHAKE: "TLS handshake",
    Stage.SERVER_CERTIFICATE: "Server certificate",
    Stage.CLIENT_CERTIFICATE: "Client certificate",
    Stage.HTTP_ANSWER: "HTTP answer",
}
