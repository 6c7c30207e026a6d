"""Running the lab's server: uvicorn with bounds, plain or with TLS."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from wssdoctor.errors import InputError
from wssdoctor.lab.provider import Provider
from wssdoctor.lab.server import Application, Arrival

MAXIMUM_CONNECTIONS = 500
MAXIMUM_HEADER = 64 * 1024
KEEP_ALIVE_SECONDS = 15


def serve(
    provider: Provider,
    heard: Callable[[Arrival], None],
    said: Callable[[str], None],
    *,
    listen: str,
    port: int,
    tls: bool,
    chain: Path | None,
    key: Path | None,
    behind_tls: bool,
) -> None:
    """Serve until interrupted. Raises ``InputError`` where the address or the certificate cannot be used."""
    try:
        import uvicorn
    except ImportError:
        raise InputError.because(
            "The lab needs the package uvicorn.", hint="Install it: pip install 'wssdoctor[live]'"
        ) from None
    application = Application(provider, heard, said, "https" if behind_tls else None)
    with _bound(listen, port) as listening, _identity(tls, chain, key, listen) as identity:
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            http="h11",
            ws="none",
            date_header=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=MAXIMUM_CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=MAXIMUM_HEADER,
            ssl_certfile=str(identity[0]) if identity else None,
            ssl_keyfile=str(identity[1]) if identity else None,
        )
        host, bound = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        said(f"listening on {'https' if tls else 'http'}://{shown}:{bound}; Ctrl+C ends")
        try:
            uvicorn.Server(config).run(sockets=[listening])
        except KeyboardInterrupt:  # uvicorn raises it again once everything is closed
            return
        except (OSError, ValueError) as error:
            raise InputError.because("The certificate cannot be used.", why=str(error)) from None


@contextmanager
def _bound(listen: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in listen else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((listen, port))
        except OSError as error:
            hint = "Take another port: --port 0 takes a free one."
            raise InputError.because(
                f"{listen}:{port} cannot be listened on.", why=error.strerror or str(error), hint=hint
            ) from None
        yield listening


@contextmanager
def _identity(tls: bool, chain: Path | None, key: Path | None, listen: str) -> Iterator[tuple[Path, Path] | None]:
    """Yield the files of certificate and key; where none are given, of a certificate made for this run."""
    if not tls:
        yield None
    elif chain is not None and key is not None:
        yield chain, key
    else:
        with tempfile.TemporaryDirectory(prefix="wssdoctor-lab-") as folder:
            yield _made(Path(folder), listen)


def _made(folder: Path, listen: str) -> tuple[Path, Path]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wssdoctor lab")])
    now = dt.datetime.now(dt.UTC)
    alternatives: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.DNSName(socket.gethostname())]
    try:
        alternatives.append(x509.IPAddress(ipaddress.ip_address(listen)))
    except ValueError:
        alternatives.append(x509.DNSName(listen))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .sign(private, hashes.SHA256())
    )
    chain, key = folder / "lab.pem", folder / "lab.key"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(
            private.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    return chain, key
