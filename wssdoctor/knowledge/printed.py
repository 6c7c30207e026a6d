"""What programs print on their own where nothing failed, or whatever failed: nobody says it of a call."""

from __future__ import annotations

import re

_CURL = (
    "ALPN|CAfile|CApath|Certificate level|Closing connection|Connect|Host |IPv[46]: |Mark bundle|Re-using existing|"
    "SSL certificate verify ok|SSL connection using|Server auth using|Server certificate:|TLSv1|Trying |We are completely|"
    "expire date:|issuer:|old SSL session|start date:|subject|upload completely"
)
"""How lines begin that curl -v prints of a call that goes well; https://everything.curl.dev/usingcurl/verbose."""
_PRINTED = re.compile(
    rf"\* +(?:{_CURL})|[<>] (?:[\w-]+:|HTTP/|[A-Z]+ /)|[{{}}] \["  # curl -v: its own lines, headers, bytes
    r"|\(node:\d+\) |javax\.net\.ssl\|(?:ALL|DEBUG|TRACE|INFO|WARNING)\||(?:FINE|FINER|FINEST|CONFIG): "
    r"|(?:Attribute|Index|Key|Name|Type|UnboundLocal)Error: "  # the program itself stumbles: no text of a call
)


def said(text: str) -> str:
    """Return a text without the lines that a program prints on its own."""
    return "\n".join(line for line in text.splitlines() if not _PRINTED.match(line.lstrip()))
