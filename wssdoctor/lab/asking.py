"""What the described system asks of TLS clients: whether a certificate, and whose (SAP Help: icm/HTTPS/verify_client)."""

from __future__ import annotations

import re
import ssl
from typing import Literal, cast

from msgspec import UNSET, Struct

from wssdoctor.description.facts import Facts
from wssdoctor.lab.alert import AlertingContext
from wssdoctor.lab.identity import Identity

Level = Literal[0, 1, 2]
"""0 asks for no client certificate, 1 takes one that comes, 2 demands one."""
_PARAMETER = "icm/HTTPS/verify_client"
_PORT = re.compile(r"icm/server_port_\d+")
_OPTION = re.compile(r"(?i)\bVCLIENT\s*=\s*([012])\b")
_HTTPS = re.compile(r"(?i)\bPROT\s*=\s*HTTPS\b")
_MODES = {0: ssl.CERT_NONE, 1: ssl.CERT_OPTIONAL, 2: ssl.CERT_REQUIRED}


class Asking(Struct, frozen=True):
    """What is asked of a client in the handshake."""

    level: Level
    says: str
    """By which parameter."""
    trusted: tuple[str, ...]
    """The certificate list of the SSL server PSE, in PEM."""
    unknown: tuple[str, ...] = ()
    """Facts that nobody gave."""

    def explained(self) -> str:
        """Say it in words for people."""
        if self.level == 0:
            return f"TLS asks for no client certificate ({self.says})"
        what = "demands a client certificate" if self.level == 2 else "takes a client certificate that comes"
        if self.unknown:
            return f"TLS {what} ({self.says}), but accepts none: {', '.join(self.unknown)} is not described"
        count = len(self.trusted)
        listed = f"{count} certificate{'' if count == 1 else 's'}"
        return f"TLS {what} ({self.says}), trusted by the {listed} in the list of the SSL server PSE"

    def context(self, identity: Identity) -> ssl.SSLContext:
        """Make the context for new connections. Raises ``OSError`` or ``ValueError`` for certificates that cannot be used."""
        context = AlertingContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(identity.chain, identity.key)
        context.verify_mode = _MODES[self.level]
        # The list of a PSE holds what is trusted, whether it is a root or not; authorities without key usage count too.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if self.trusted and self.level:
            context.load_verify_locations(cadata="\n".join(self.trusted))
        return context


def asking(facts: Facts) -> Asking:
    """Return what the described system asks. A port's own VCLIENT goes before the parameter; the default is 1."""
    level, says = _level(facts)
    pses = facts.items("pses")
    own = [one for one in pses if one.application == "ssl-server"] if isinstance(pses, tuple) else []
    if not own or any(one.trusted is UNSET for one in own):
        return Asking(level, says, (), ("pses[].trusted of the ssl-server PSE",))
    pems = (one.pem for pse in own for one in pse.trusted)
    return Asking(level, says, tuple(dict.fromkeys(one for one in pems if isinstance(one, str))))


def _level(facts: Facts) -> tuple[Level, str]:
    profile = facts.value("profile")
    if not isinstance(profile, dict):
        return 1, f"{_PARAMETER} is not described, its default is 1"
    ports = [str(text) for name, text in profile.items() if _PORT.fullmatch(name) and _HTTPS.search(str(text))]
    options = {found[1] if (found := _OPTION.search(text)) else "" for text in ports}
    if len(options) == 1 and (only := options.pop()):
        return cast("Level", int(only)), f"VCLIENT={only}"
    written = str(profile.get(_PARAMETER, "")).strip()
    if written not in ("0", "1", "2"):
        return 1, f"{_PARAMETER} is not described, its default is 1"
    several = "; the ports differ in VCLIENT" if options else ""
    return cast("Level", int(written)), f"{_PARAMETER} = {written}{several}"
