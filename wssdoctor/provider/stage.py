"""The stages that a request passes, in order (SAP Help: Message-Based Authentication with WS-Security)."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """One stage. The order of the members is the order in which a request meets them."""

    TRANSPORT = "transport"
    ICF_NODE = "icf-node"
    ICF_LOGON = "icf-logon"
    SOAP = "soap"
    BINDING = "binding"
    TIMESTAMP = "timestamp"
    SIGNATURE = "signature"
    ENCRYPTION = "encryption"
    TOKEN = "token"  # noqa: S105 - the name of a stage
    MESSAGE_REPLAY = "message-replay"
    USER = "user"
    AUTHORIZATION = "authorization"

    @property
    def heading(self) -> str:
        """The stage's name for people."""
        return _HEADINGS[self]


_HEADINGS = {
    Stage.TRANSPORT: "Transport",
    Stage.ICF_NODE: "ICF node",
    Stage.ICF_LOGON: "ICF logon",
    Stage.SOAP: "SOAP",
    Stage.BINDING: "Binding",
    Stage.TIMESTAMP: "Timestamp",
    Stage.SIGNATURE: "Signature",
    Stage.ENCRYPTION: "Encryption",
    Stage.TOKEN: "Token",
    Stage.MESSAGE_REPLAY: "Message replay",
    Stage.USER: "User",
    Stage.AUTHORIZATION: "Authorization",
}
