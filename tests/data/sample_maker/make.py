"""Record the calls: a real client (zeep) speaks to a recording server, which keeps the exact bytes.

Run it in an environment with requirements.txt installed; see README.md. A second run writes the same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
import socket
import ssl
import tempfile
from pathlib import Path
from typing import Any

import certificates
import requests
import urllib3.util.connection
import zeep
from calls import HEALTHY, PASSWORD, SAMPLE, Call, Token
from recorder import Recorder
from zeep.transports import Transport
from zeep.wsse.username import UsernameToken
from zeep.wsse.utils import WSU, get_timestamp

HERE = Path(__file__).resolve().parent
SAMPLE_FOLDER = HERE.parents[2] / "wssdoctor" / "sample"
HEALTHY_FOLDER = HERE.parent / "healthy"
NONCE = "wssdoctor-sample"
ANY_ANSWER = b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n"
"""For a call whose answer was not recorded."""


def main() -> None:
    """Write certificates and captures of both folders."""
    with tempfile.TemporaryDirectory() as scratch:
        certificate, key = certificates.throwaway_server("erp.example.com", Path(scratch))
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        for folder, calls in ((SAMPLE_FOLDER, SAMPLE), (HEALTHY_FOLDER, HEALTHY)):
            (folder / "captures").mkdir(parents=True, exist_ok=True)
            for call in calls:
                capture = recorded(call, tls, certificate)
                (folder / "captures" / call.file).write_bytes(capture)
    certificates.write(SAMPLE_FOLDER)
    for name in ("ca.pem", *certificates.NAMES):
        (HEALTHY_FOLDER / name).write_bytes((SAMPLE_FOLDER / name).read_bytes())


def recorded(call: Call, tls: ssl.SSLContext, trusted: Path) -> bytes:
    """Make one call and return its capture: note lines, request, answer."""
    with Recorder(call.answer or ANY_ANSWER, tls if call.scheme == "https" else None) as recorder:
        reach(recorder)
        with requests.Session() as session:
            session.verify = str(trusted)
            session.trust_env = False
            session.headers.update(call.headers)
            token = username_token(call.token, call.arrival) if call.token else None
            client = zeep.Client(str(HERE / "sales.wsdl"), wsse=token, transport=Transport(session=session))
            speak(client, call)
    notes = f"# url: {call.url}\n# time: {call.arrival:%Y-%m-%dT%H:%M:%SZ}\n"
    answer = b"\r\n\r\n" + call.answer if call.answer else b""
    return notes.encode() + recorder.request + answer


def speak(client: Any, call: Call) -> None:
    """Call the operation. Faults and refusals are what many calls are made for."""
    kind = re.sub("^z(.*)_in$", r"\1", call.service).capitalize()
    binding = f"{{urn:example:sales}}{kind}{'12' if call.version == '1.2' else ''}"
    service = client.create_service(binding, call.url)
    try:
        service[call.operation](**call.fields)
    except zeep.exceptions.Error as refusal:
        print(f"{call.file}: {type(refusal).__name__}: {refusal}")
    else:
        print(f"{call.file}: accepted")


def username_token(token: Token, arrival: dt.datetime) -> UsernameToken:
    """Make zeep's UsernameToken, with a Timestamp of zeep's elements where one is asked for."""
    timestamp = None
    if token.created is not None:
        created = arrival + token.created
        texts = [get_timestamp(moment, zulu_timestamp=True) for moment in (created, created + token.lifetime)]
        timestamp = WSU.Timestamp(WSU.Created(texts[0]), WSU.Expires(texts[1]))
    return UsernameToken(
        token.user,
        PASSWORD,
        use_digest=token.digest,
        nonce=NONCE,
        created=arrival,
        timestamp_token=timestamp,
        zulu_timestamp=True,
    )


def reach(recorder: Recorder) -> None:
    """Lead connections to any host to the recorder, so that the client names the host that it believes in."""

    def connect(*_: object, **__: object) -> socket.socket:
        return socket.create_connection(recorder.address, timeout=30)

    urllib3.util.connection.create_connection = connect


if __name__ == "__main__":
    main()
