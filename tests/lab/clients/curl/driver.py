"""Calls the lab with curl: ``driver.py FOLDER``, one call a line, one line of JSON with what its user sees."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta

_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity"
_TYPE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#Password"
PASSWORD = "sample-Passw0rd"
_SOAP = {"11": "http://schemas.xmlsoap.org/soap/envelope/", "12": "http://www.w3.org/2003/05/soap-envelope"}
_BOUNDARY = "part-of-the-sample"


def envelope(kind: str, options: dict[str, str]) -> bytes:
    moments = [f"{datetime.now(UTC) + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}" for seconds in (0, 300)]
    password, kept = options.get("password", PASSWORD), ""
    if kind.endswith("digest"):
        nonce = os.urandom(16)
        password = base64.b64encode(hashlib.sha1(nonce + moments[0].encode() + password.encode()).digest()).decode()
        kept = f"<o:Nonce>{base64.b64encode(nonce).decode()}</o:Nonce><u:Created>{moments[0]}</u:Created>"
    token = (
        f'<o:UsernameToken><o:Username>WS_ORDER</o:Username><o:Password Type="{_TYPE}'
        f'{"Digest" if kept else "Text"}">{password}</o:Password>{kept}</o:UsernameToken>'
    )
    header = (
        f'<o:Security xmlns:o="{_WSS}-secext-1.0.xsd" xmlns:u="{_WSS}-utility-1.0.xsd"><u:Timestamp><u:Created>'
        f"{moments[0]}</u:Created><u:Expires>{moments[1]}</u:Expires></u:Timestamp>{token}</o:Security>"
    )
    soap = _SOAP["12" if kind.endswith("soap12") else "11"]
    number = "1" * (2_000_000 if kind.endswith("expect") else 1)  # curl expects 100 Continue for more than a megabyte
    return (
        f'<s:Envelope xmlns:s="{soap}"><s:Header>{header if kind.startswith("username") else ""}</s:Header><s:Body>'
        f'<n:ReadOrder xmlns:n="urn:example:sales"><n:OrderNumber>{number}</n:OrderNumber></n:ReadOrder></s:Body>'
        "</s:Envelope>"
    ).encode()


def sent(kind: str, options: dict[str, str]) -> tuple[bytes, list[str]]:
    """The body, and the options of curl that go with it."""
    body = envelope(kind, options)
    media = "application/soap+xml" if kind.endswith("soap12") else "text/xml"
    more: list[str] = []
    if kind.endswith("gzip"):
        body, more = gzip.compress(body), ["-H", "Content-Encoding: gzip", "--compressed"]
    if kind.endswith("attachment"):
        body = (
            f'--{_BOUNDARY}\r\nContent-Type: text/xml; charset=utf-8\r\nContent-ID: <root>\r\n\r\n'.encode() + body
            + f"\r\n--{_BOUNDARY}\r\nContent-Type: text/plain\r\nContent-ID: <note>\r\n\r\nnote\r\n--{_BOUNDARY}--\r\n".encode()
        )  # fmt: skip
        media = f'multipart/related; type="text/xml"; start="<root>"; boundary={_BOUNDARY}'
    elif media == "text/xml":
        more += ["-H", "SOAPAction: urn:example:sales:ReadOrder"]
    if kind.endswith("chunked"):
        more += ["-H", "Transfer-Encoding: chunked"]
    if kind.endswith("http10"):
        more += ["--http1.0"]
    if kind == "basic":
        more += ["-u", f"WS_ORDER:{options.get('password', PASSWORD)}"]
    return body, ["-H", f"Content-Type: {media}", *more]


def call(kind: str, url: str, options: dict[str, str]) -> dict[str, object]:
    body, more = sent(kind, options)
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        command = ["curl", "-sS", "-k", "--fail-with-body", "--data-binary", f"@{file.name}", *more, url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {"accepted": done.returncode == 0, "shown": f"{done.stdout}{done.stderr}".strip(), "exit": done.returncode}


def main() -> None:
    for line in sys.stdin:
        kind, url, *options = line.rstrip("\n").split("\t")
        print(json.dumps(call(kind, url, dict(one.split("=", 1) for one in options))), flush=True)


if __name__ == "__main__":
    main()
