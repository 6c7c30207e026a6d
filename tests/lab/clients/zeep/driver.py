"""Calls the lab with zeep: ``driver.py FOLDER``, one call a line, one line of JSON with what its user sees."""

from __future__ import annotations

import json
import sys
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import zeep
from requests import Session
from requests.auth import HTTPBasicAuth
from zeep.plugins import HistoryPlugin
from zeep.transports import Transport
from zeep.wsa import WsAddressingPlugin
from zeep.wsse import utils
from zeep.wsse.username import UsernameToken

try:
    import xmlsec
    from zeep.wsse.signature import BinarySignature, Signature
except ImportError:
    xmlsec = None

USER, PASSWORD = "WS_ORDER", "sample-Passw0rd"
NAMESPACE = "{urn:example:sales}"


def stamped(signature: Any) -> Any:
    """zeep signs a Timestamp that is there, but adds none, and it demands a signed answer."""

    class Stamped(signature):  # type: ignore[misc]  # one of zeep's two, chosen by the caller
        def apply(self, envelope: Any, headers: Any) -> Any:
            security = utils.get_security_header(envelope)
            created = datetime.now(UTC).replace(microsecond=0)
            moments = {"Created": created, "Expires": created + timedelta(minutes=5)}
            children = [utils.WSU(name, f"{moment:%Y-%m-%dT%H:%M:%SZ}") for name, moment in moments.items()]
            security.append(utils.WSU.Timestamp(*children))
            return super().apply(envelope, headers)

        def verify(self, envelope: Any) -> Any:
            """The answer is not signed, and zeep would not show its fault for that."""
            return envelope

    return Stamped


def security(kind: str, folder: Path, options: dict[str, str]) -> Any:
    password = options.get("password", PASSWORD)
    user = options.get("user", USER)
    if kind.startswith("username-digest"):
        return UsernameToken(user, password, use_digest=True)
    if kind.startswith("username"):
        return UsernameToken(user, password)
    if kind in ("signature", "binary-signature"):
        who = options.get("who", "client")
        digest = {"sha1": xmlsec.Transform.SHA1, "sha256": xmlsec.Transform.SHA256, "sha512": xmlsec.Transform.SHA512}
        made = stamped(BinarySignature if kind == "binary-signature" else Signature)
        return made(
            str(folder / f"{who}.key"),
            str(folder / f"{who}.pem"),
            signature_method=xmlsec.Transform.RSA_SHA256,
            digest_method=digest[options.get("digest", "sha256")],
        )
    return None


def call(kind: str, url: str, folder: Path, options: dict[str, str]) -> dict[str, Any]:
    session = Session()
    session.verify = False
    if kind == "basic":
        session.auth = HTTPBasicAuth(USER, options.get("password", PASSWORD))
    plugins: list[Any] = [HistoryPlugin()]
    if kind.endswith("addressing"):
        plugins.append(WsAddressingPlugin())
    client = zeep.Client(
        str(folder / "sales.wsdl"),
        wsse=security(kind, folder, options),
        transport=Transport(session=session),
        plugins=plugins,
    )
    service = client.create_service(f"{NAMESPACE}{'Order12' if kind.endswith('soap12') else 'Order'}", url)
    try:
        answer = service.ReadOrder(OrderNumber="1")
    except Exception as error:  # what a user sees is the last line of the traceback, and perhaps the code
        shown = "".join(traceback.format_exception_only(error)).strip()
        code = getattr(error, "code", None)
        return {"accepted": False, "shown": f"{shown} (code {code})" if code else shown, "exit": 1}
    return {"accepted": True, "shown": str(answer), "exit": 0}


def main() -> None:
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        kind, url, *options = line.rstrip("\n").split("\t")
        print(json.dumps(call(kind, url, folder, dict(one.split("=", 1) for one in options))), flush=True)


if __name__ == "__main__":
    import logging
    import warnings

    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    main()
