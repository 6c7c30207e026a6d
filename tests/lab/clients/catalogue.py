"""The real clients that call the lab: how each is found and built, and what kinds of security it can send."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from tests.lab.clients.client import Client

HERE = Path(__file__).parent
_GSOAP = Path("/usr/share/gsoap")
_JAVA = Path("/usr/share/java")
_JARS = (
    *("wss4j", "xmlsec", "commons-logging", "slf4j-api"),
    *("jaxws-rt", "jaxws-api", "jaxb-api", "jaxb-core", "jaxb-runtime", "saaj-impl", "javax.xml.soap-api"),
    *("javax.activation", "stax-ex", "stax2-api", "streambuffer", "mimepull", "metro-policy", "gmbal", "woodstox-core"),
    *("FastInfoset", "txw2"),
)


class Kind(Struct, frozen=True):
    """One kind of security that a client sends, and the authentication method of the service that it calls."""

    name: str
    method: str
    refused: str = ""
    """The check by which a healthy system refuses it, if it does."""
    facts: dict[str, Any] = {}
    """What the system has to be like to take it."""


class Program(Struct, frozen=True):
    """A client, as it is installed here."""

    name: str
    version: Callable[[], str]
    """Raises ``LookupError`` that says what is missing."""
    start: Callable[[Path, Path], Client]
    """With the folder of keys and certificates, and one to build in."""
    kinds: tuple[Kind, ...]
    page: str = ""
    """How it shows an answer that is no SOAP fault, where it does not tell the HTTP status."""


def _kinds(method: str, *names: str, refused: str = "", **setup: str) -> tuple[Kind, ...]:
    facts = {f"wss_setup.{name}": value for name, value in setup.items()}
    return tuple(Kind(name, method, refused, facts) for name in names)


_TEXT, _SIGNED, _SAML, _BASIC, TLS = "username-token", "x509-signature", "saml", "basic", "client-certificate"
_DIGEST = "username-token.password-type"
_NO_CERTIFICATE = "signer.certificate-present"


def _zeep_version() -> str:
    return f"zeep {_package('zeep')}"


def _zeep_signing_version() -> str:
    if not _ran(sys.executable, "-c", "import lxml.etree, xmlsec; print(1)"):
        raise LookupError("the Python package xmlsec is not installed, or does not fit lxml")
    return f"zeep {_package('zeep')} with xmlsec {_package('xmlsec')}"


def _package(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _zeep(material: Path, _: Path) -> Client:
    return Client([sys.executable, str(HERE / "zeep" / "driver.py"), str(material)])


def _ran(*command: str, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **(environment or {})}
    )
    return (done.stdout or done.stderr).strip() if done.returncode == 0 else ""


@cache
def _node_soap_version() -> str:
    if shutil.which("node") is None:
        raise LookupError("node is not installed")
    found = _ran("node", "-p", "require('soap/package.json').version")
    if not found:
        raise LookupError("the npm package soap is not found: install it and name its folder in NODE_PATH")
    return f"node-soap {found}, Node.js {_ran('node', '--version')}"


def _node_soap(material: Path, _: Path) -> Client:
    return Client(["node", str(HERE / "node_soap" / "driver.js"), str(material)])


def _debian(package: str) -> str:
    return _ran("dpkg-query", "-W", "-f", "${Version}", package)


@cache
def _wss4j_version() -> str:
    missing = [name for name in _JARS if not (_JAVA / f"{name}.jar").exists()]
    if shutil.which("javac") is None or missing:
        raise LookupError("a JDK, libwss4j-java and libjaxws-java are needed")
    return f"WSS4J {_debian('libwss4j-java')}, JAX-WS RI {_debian('libjaxws-java')}, {_ran('javac', '-version')}"


def _wss4j(material: Path, building: Path) -> Client:
    jars = os.pathsep.join(str(_JAVA / f"{name}.jar") for name in _JARS)
    source = HERE / "wss4j" / "Driver.java"
    subprocess.run(["javac", "-nowarn", "-cp", jars, "-d", str(building), str(source)], check=True, capture_output=True)
    return Client(["java", "-cp", f"{building}{os.pathsep}{jars}", "Driver", str(material)])


@cache
def _gsoap_version() -> str:
    if any(shutil.which(tool) is None for tool in ("soapcpp2", "gcc", "pkg-config")) or not _GSOAP.exists():
        raise LookupError("gcc, pkg-config, gsoap and libgsoap-dev are needed")
    return f"gSOAP {_ran('pkg-config', '--modversion', 'gsoapssl')}"


def _gsoap(material: Path, building: Path) -> Client:
    sources = HERE / "gsoap"
    made = ["soapcpp2", "-C", "-c", "-L", "-x", f"-I{_GSOAP / 'import'}", str(sources / "sales.h")]
    subprocess.run(made, check=True, capture_output=True, cwd=building)
    flags = _ran("pkg-config", "--cflags", "gsoapssl").split()
    plugins = [str(_GSOAP / "plugin" / f"{name}.c") for name in ("wsseapi", "smdevp", "mecevp")]
    driver = building / "driver"
    subprocess.run(
        [*("gcc", "-w", *flags, "-I.", f"-I{_GSOAP / 'plugin'}", "-o", str(driver), str(sources / "driver.c")),
         *("soapC.c", "soapClient.c", *plugins, str(_GSOAP / "custom" / "struct_timeval.c")),
         *("-lgsoapssl", "-lssl", "-lcrypto", "-lz")],
        check=True, capture_output=True, cwd=building,
    )  # fmt: skip
    return Client([str(driver), str(material)])


@cache
def _curl_version() -> str:
    if shutil.which("curl") is None:
        raise LookupError("curl is not installed")
    return " ".join(_ran("curl", "--version").split()[:2])


def _curl(material: Path, _: Path) -> Client:
    return Client([sys.executable, str(HERE / "curl" / "driver.py"), str(material)])


_SIGNATURES = tuple(f"signature-{one}" for one in ("direct", "issuer-serial", "ski", "x509", "thumbprint"))

PROGRAMS = (
    Program(
        "zeep",
        _zeep_version,
        _zeep,
        (
            *_kinds(_TEXT, "username-text", "username-soap12", "username-addressing"),
            *_kinds(_TEXT, "username-digest", refused=_DIGEST),
            *_kinds(_BASIC, "basic"),
        ),
        page="Unknown fault occured",
    ),
    Program(
        "zeep-xmlsec",
        _zeep_signing_version,
        _zeep,
        _kinds(_SIGNED, "signature", "binary-signature"),
        page="Unknown fault occured",
    ),
    Program(
        "node-soap",
        _node_soap_version,
        _node_soap,
        (
            *_kinds(_TEXT, "WSSecurity-text", "WSSecurity-nonce", "WSSecurity-soap12", "WSSecurity-mtom"),
            *_kinds(_TEXT, "WSSecurity-digest", refused=_DIGEST),
            *_kinds(_SIGNED, "WSSecurityCert", "WSSecurityCert-addressing"),
            *_kinds(_TEXT, "WSSecurityPlusCert"),
            *_kinds(_TEXT, "WSSecurityCertWithToken", refused="signature.readable"),
            *_kinds(_BASIC, "BasicAuthSecurity"),
            *_kinds(_BASIC, "BearerSecurity", "NTLMSecurity", refused="icf-logon.credentials-sent"),
            *_kinds(TLS, "ClientSSLSecurity", "ClientSSLSecurityPFX"),
        ),
        page="Cannot parse response",
    ),
    Program(
        "WSS4J",
        _wss4j_version,
        _wss4j,
        (
            *_kinds(_TEXT, "username-text", "username-soap12", "username-signature-direct"),
            *_kinds(_TEXT, "username-digest", refused=_DIGEST),
            *_kinds(_SIGNED, *_SIGNATURES),
            *_kinds(_SIGNED, "signature-key-value", "signature-encrypted-key", refused=_NO_CERTIFICATE),
            *_kinds(_TEXT, "username-encrypted-oaep-aes256-body", "username-encrypted-oaep-aes256-token"),
            *_kinds(_TEXT, "username-encrypted-rsa15-aes256-body"),
            *_kinds(_TEXT, "username-encrypted-oaep-aes128-body", encryption_algorithm="aes128"),
            *_kinds(_TEXT, "username-encrypted-oaep-3des-body", encryption_algorithm="triple-des"),
            *_kinds(_TEXT, "username-encrypted-oaep-gcm-body", refused="signature.algorithms-supported"),
            *_kinds(_SIGNED, "signature-direct+encrypted-oaep-aes256-body", "signature-direct+encrypted-oaep-aes256-signature"),
            *_kinds(_SAML, "saml1-holder-of-key", "saml1-sender-vouches", "saml2-holder-of-key"),
            *_kinds(_SAML, "saml1-bearer", "saml2-bearer", "saml2-sender-vouches", refused="saml.confirmation-supported"),
            *_kinds(_BASIC, "basic"),
        ),
    ),
    Program(
        "gSOAP",
        _gsoap_version,
        _gsoap,
        (
            *_kinds(_TEXT, "username-text", "username-text-chunked", "username-text-gzip"),
            *_kinds(_TEXT, "username-digest", refused=_DIGEST),
            *_kinds(_SIGNED, "signature-binary", "signature-certificate"),
            *_kinds(_TEXT, "username-text-signature", "username-text-encrypted"),
        ),
    ),
    Program(
        "curl",
        _curl_version,
        _curl,
        (
            *_kinds(_TEXT, "username-text", "username-soap12", "username-chunked", "username-expect", "username-gzip"),
            *_kinds(_TEXT, "username-http10", "username-attachment"),
            *_kinds(_TEXT, "username-digest", refused=_DIGEST),
            *_kinds(_BASIC, "basic"),
        ),
    ),
)  # fmt: skip
