"""URLs that name one host."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from wssdoctor.capture.capture import Scheme
from wssdoctor.capture.host import Host


def one_host(url: str) -> Host:
    """Return the host of ``https://host:port``. Raises ``UsageError`` for anything more or less."""
    try:
        pieces = urlsplit(url)
        port = pieces.port
    except ValueError as error:
        raise click.UsageError(f"--to is no URL: {error}") from None
    scheme: Scheme
    if pieces.scheme == "http":
        scheme = "http"
    elif pieces.scheme == "https":
        scheme = "https"
    else:
        raise click.UsageError("--to takes https://host:port or http://host:port")
    if not pieces.hostname or pieces.username or pieces.path not in ("", "/") or pieces.query:
        raise click.UsageError("--to takes https://host:port; the path is that of each request")
    return Host(scheme, pieces.hostname, port or {"http": 80, "https": 443}[scheme])
