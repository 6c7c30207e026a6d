"""Which PSE a file speaks of: only its name says so, for neither a certificate nor a PSE file does."""

from __future__ import annotations

import re

_APPLICATIONS = (
    ("wsse", r"sapwsse|wsse|ws[-_ ]?security"),
    ("ssl-server", r"sapssls|ssl[-_ ]?server"),
    ("ssl-client-anonymous", r"sapssla|anonym"),
    ("ssl-client-standard", r"sapsslc|ssl[-_ ]?client"),
    ("system", r"sapsys|system[-_ ]?pse"),
    ("saml2", r"saml2"),
)
_TRUSTED = re.compile(r"trust|certlist|cert[-_ ]list|certificate[-_ ]list|pklist|zertifikatsliste", re.IGNORECASE)
_IDENTITY = re.compile(r"(?:sapwsse|sapsslc|sapssls)_([A-Za-z0-9]{1,10})(?![A-Za-z0-9])", re.IGNORECASE)

HOW = (
    "put it into a folder named after the PSE, such as SAPWSSE (own certificate) or SAPWSSE-trusted (certificate list)"
)


def pse(name: str) -> tuple[str, str] | None:
    """Return application and identity (empty for the default one) that a path within the folder names."""
    for application, pattern in _APPLICATIONS:
        if re.search(pattern, name, re.IGNORECASE):
            identity = _IDENTITY.search(name)
            return application, identity[1].upper() if identity and application != "ssl-server" else ""
    return None


def strust(context: str, application: str) -> tuple[str, str] | None:
    """Return application and identity for the pair by which STRUST knows a PSE, such as SSLC and DFAULT."""
    default = application in ("DFAULT", "")
    match context:
        case "SSLS":
            return "ssl-server", "" if default else application
        case "SSLC" if application == "ANONYM":
            return "ssl-client-anonymous", ""
        case "SSLC":
            return ("ssl-client-standard", "") if default or application == "SSLC" else ("ssl-client", application)
        case "WSSE":
            return "wsse", "" if default else application
        case "PROG" if application in ("<SYST>", "SYST"):
            return "system", ""
    return None


def is_list(name: str) -> bool:
    """Whether the path says that its certificates are a certificate list."""
    return _TRUSTED.search(name) is not None
