"""Servers that each have one fault, and real clients that meet them: what their users see where TLS or the network fails."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec import Struct

HERE = Path(__file__).parent / "connecting"
_GSOAP = Path("/usr/share/gsoap")
_ANSWER = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

_PAUSE = 0.05
"""Seconds that a server waits for more, and before it closes a connection."""

FAULTS: Mapping[str, tuple[str, ...]] = {
    "self-signed": ("ssl-peer-cert-untrusted",),
    "unknown-authority": ("ssl-peer-cert-untrusted", "cert-chain-incomplete"),
    "other-name": ("ssl-server-name-mismatch",),
    "expired": ("cert-expired",),
    "old-version": ("tls-version-or-cipher",),
    "client-certificate": ("client-cert-rejected",),
    "plain": ("protocol-port-mismatch",),
    "reset": ("proxy-or-network",),
    "no-answer": ("proxy-or-network",),
    "no-listener": ("proxy-or-network",),
    "http-to-tls": ("protocol-port-mismatch",),
}
"""The causes that what a client shows must name, by what is at fault."""


class Client(Struct, frozen=True):
    """A client that connects."""

    name: str
    missing: Callable[[], str]
    """Says what has to be installed; nothing where it is."""
    show: Callable[[Path, Sequence[str], Path], list[str]]
    """Returns what its users see of each URL, given the file of the authority that it trusts and a folder to build in."""


def _signed(name: str, key: ec.EllipticCurvePrivateKey, by: tuple[str, ec.EllipticCurvePrivateKey], end: int) -> bytes:
    """Return a certificate with all that RFC 5280 demands: from 3.13 on, Python asks for it."""

    def named(common: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])

    now, ca = datetime.now(UTC), name.endswith("CA")
    uses = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(by[0]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=10))
        .not_valid_after(now + timedelta(days=end))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, key_cert_sign=ca, crl_sign=ca, **uses), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by[1].public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name.replace(" ", "-"))]), critical=False)
    )
    return builder.sign(by[1], hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _contexts(folder: Path) -> dict[str, ssl.SSLContext]:
    """Write the authority that clients trust to ``ca.pem``; return what each server with TLS has."""
    authority, other, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    trusted = ("Test CA", authority)
    (folder / "ca.pem").write_bytes(_signed("Test CA", authority, trusted, 100))
    held = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificates = {
        "self-signed": _signed("localhost", key, ("localhost", key), 100),
        "unknown-authority": _signed("localhost", key, ("Other CA", other), 100),
        "other-name": _signed("other.example.com", key, trusted, 100),
        "expired": _signed("localhost", key, trusted, -1),
    }
    good = _signed("localhost", key, trusted, 100)
    found = {}
    for fault in (*certificates, "old-version", "client-certificate", "http-to-tls", "good"):
        file = folder / f"{fault}.pem"
        file.write_bytes(certificates.get(fault, good) + held)
        context = found[fault] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # Python warns of the old version
        found["old-version"].minimum_version = found["old-version"].maximum_version = ssl.TLSVersion.TLSv1_1
    found["old-version"].set_ciphers("ALL:@SECLEVEL=0")
    found["client-certificate"].verify_mode = ssl.CERT_REQUIRED
    found["client-certificate"].load_verify_locations(folder / "ca.pem")
    return found


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[dict[str, str]]:
    """Run a server for each fault, and one that is good; yield their URLs."""
    contexts = _contexts(folder)
    urls = {}
    with contextlib.ExitStack() as open_ones:
        for fault in (*FAULTS, "good"):
            listener = open_ones.enter_context(socket.create_server(("127.0.0.1", 0)))
            scheme = "http" if fault == "http-to-tls" else "https"
            urls[fault] = f"{scheme}://localhost:{listener.getsockname()[1]}/sap"
            if fault == "no-listener":
                listener.close()
            else:
                threading.Thread(target=_serve, args=(listener, fault, contexts.get(fault)), daemon=True).start()
        yield urls


def _serve(listener: socket.socket, fault: str, context: ssl.SSLContext | None) -> None:
    """Answer one connection after the other until the listener is closed."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError):
            if context is None:
                _fail(connection, fault)
                continue
            with context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as secured:
                try:
                    secured.do_handshake()
                    _read(secured)
                    secured.sendall(_ANSWER)
                finally:  # what is sent arrives before the end does
                    time.sleep(_PAUSE)


def _fail(connection: socket.socket, fault: str) -> None:
    connection.recv(10) if fault == "reset" else _read(connection)
    if fault == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif fault == "plain":
        connection.sendall(_ANSWER)


def _read(connection: socket.socket) -> None:
    """Read until nothing more arrives."""
    connection.settimeout(_PAUSE)
    with contextlib.suppress(TimeoutError):
        while connection.recv(65536):
            pass


def _without(*tools: str) -> Callable[[], str]:
    """Return what says which of some tools is not installed."""

    def missing() -> str:
        return ", ".join(f"{tool} is not installed" for tool in tools if shutil.which(tool) is None)

    return missing


def _printed(*command: str, folder: Path | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=60)
    return (done.stdout or done.stderr).strip()


def _curl(authority: Path, urls: Sequence[str], _: Path) -> list[str]:
    command = ("curl", "-sS", "-f", "-d", "x", "--noproxy", "*", "--cacert", str(authority))
    return [_printed(*command, url) for url in urls]


def _requests(authority: Path, urls: Sequence[str], _: Path) -> list[str]:
    import requests

    def post(url: str) -> str:
        session = requests.Session()
        session.trust_env = False
        try:
            return f"HTTP {session.post(url, data='x', verify=str(authority), timeout=5).status_code}"
        except requests.RequestException as error:
            return "".join(traceback.format_exception_only(error)).strip()

    return [post(url) for url in urls]


def _node(authority: Path, urls: Sequence[str], _: Path) -> list[str]:
    return _printed("node", str(HERE / "connect.js"), str(authority), *urls).splitlines()


def _java(authority: Path, urls: Sequence[str], _: Path) -> list[str]:
    return _printed("java", str(HERE / "Connect.java"), str(authority), *urls).splitlines()


def _without_gsoap() -> str:
    return _without("soapcpp2", "gcc", "pkg-config")() or ("" if _GSOAP.exists() else "libgsoap-dev is not installed")


def _gsoap(authority: Path, urls: Sequence[str], building: Path) -> list[str]:
    flags = _printed("pkg-config", "--cflags", "gsoapssl").split()
    _printed("soapcpp2", "-C", "-c", "-L", "-x", str(HERE / "ping.h"), folder=building)
    libraries = ("-lgsoapssl", "-lssl", "-lcrypto", "-lz")
    sources = (str(HERE / "connect.c"), "soapC.c", "soapClient.c")
    built = _printed("gcc", "-w", *flags, "-I.", "-o", "connect", *sources, *libraries, folder=building)
    assert (building / "connect").exists(), built
    return [_printed(str(building / "connect"), str(authority), url) for url in urls]


CLIENTS = (
    Client("curl", _without("curl"), _curl),
    Client("requests", lambda: "", _requests),
    Client("node", _without("node"), _node),
    Client("java", _without("javac"), _java),
    Client("gsoap", _without_gsoap, _gsoap),
)
