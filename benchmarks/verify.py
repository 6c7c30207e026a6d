"""How fast the verifier is, as a ratio to the least that any verifier must do, in the same run.

    python -m benchmarks.verify [--large] [--captures 10000] [--peers] [--json]

Floor: lxml parse, C14N of each signed part and of SignedInfo, hash, the certificate parsed from the token, one RSA
verification; no policy, no trust, nothing explained. Floor and verifier take turns in short batches, so that whatever
else the machine does falls on both; the ratio is the median of those of neighbouring batches.
"""

from __future__ import annotations

import argparse
import base64
import gc
import hashlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from tests.wsse.pki import NOW, issue
from tests.wsse.signing import sign, x509_data
from wssdoctor.wsse import names
from wssdoctor.wsse.context import Context, SamlExpectation
from wssdoctor.wsse.username_token import password_digest
from wssdoctor.wsse.verifier import Verifier

ROOT = issue(None, "C=DE", "O=Benchmark", "CN=Root", ca=True)
SIGNER = ROOT.issue("C=DE", "O=Benchmark", "CN=Signer")
CONTEXT = Context(
    time=NOW,
    max_age=timedelta(seconds=300),
    max_future=timedelta(seconds=60),
    trust_anchors=(ROOT.certificate,),
    require_signed=("Body", "Timestamp"),
)
BODY_ID, STAMP_ID, TOKEN_ID, ASSERTION_ID = (
    f"{kind}-6B29FC40-CA47-1067-B31D-00DD010662D{number}" for number, kind in enumerate(("id", "TS", "X509", "SAML"))
)
"""As long as those of real stacks."""
STAMP = (
    f'<wsu:Timestamp wsu:Id="{STAMP_ID}"><wsu:Created>2026-03-01T12:00:00Z</wsu:Created>'
    "<wsu:Expires>2026-03-01T12:05:00Z</wsu:Expires></wsu:Timestamp>"
)
NONCE = b"0123456789abcdef"


def envelope(header: str, body: str) -> etree._Element:
    return etree.fromstring(
        f'<e:Envelope xmlns:e="{names.SOAP11}" xmlns:wsse="{names.WSSE}" xmlns:wsu="{names.WSU}"><e:Header>'
        f'<wsse:Security e:mustUnderstand="1">{header}</wsse:Security></e:Header>{body}</e:Envelope>',
        etree.XMLParser(huge_tree=True),
    )


def rows(size: int) -> str:
    """Make a body of about this many octets: rows of an order."""
    row = "<Item><Material>M-{0:07}</Material><Quantity>{0}</Quantity><Text>bolts, zinc plated</Text></Item>"
    written = "".join(row.format(number) for number in range(max(size // 105, 1)))
    return f'<e:Body wsu:Id="{BODY_ID}"><o:Order xmlns:o="urn:example:orders">{written}</o:Order></e:Body>'


def signed(size: int) -> bytes:
    token = base64.b64encode(SIGNER.der).decode()
    header = (
        f'<wsse:BinarySecurityToken wsu:Id="{TOKEN_ID}" ValueType="{names.X509_V3}" EncodingType="{names.BASE64_BINARY}">'
        f"{token}</wsse:BinarySecurityToken>{STAMP}"
    )
    root = envelope(header, rows(size))
    security = root[0][0]
    info = f'<wsse:SecurityTokenReference><wsse:Reference URI="#{TOKEN_ID}"/></wsse:SecurityTokenReference>'
    sign(root, {BODY_ID: root[1], STAMP_ID: security[1], TOKEN_ID: security[0]}, security, SIGNER.key, info)
    return etree.tostring(root, encoding="UTF-8")


def assertion() -> bytes:
    text = (
        f'<saml2:Assertion xmlns:saml2="{names.SAML2}" ID="{ASSERTION_ID}" IssueInstant="2026-03-01T12:00:00Z" Version="2.0">'
        "<saml2:Issuer>urn:sts</saml2:Issuer><saml2:Subject><saml2:NameID>alice</saml2:NameID>"
        f'<saml2:SubjectConfirmation Method="{names.BEARER[1]}"><saml2:SubjectConfirmationData'
        ' NotOnOrAfter="2026-03-01T12:05:00Z" Recipient="urn:r"/></saml2:SubjectConfirmation></saml2:Subject>'
        '<saml2:Conditions NotBefore="2026-03-01T11:59:00Z" NotOnOrAfter="2026-03-01T12:05:00Z">'
        "<saml2:AudienceRestriction><saml2:Audience>urn:a</saml2:Audience></saml2:AudienceRestriction>"
        '</saml2:Conditions><saml2:AuthnStatement AuthnInstant="2026-03-01T12:00:00Z"><saml2:AuthnContext>'
        "<saml2:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml2:AuthnContextClassRef>"
        "</saml2:AuthnContext></saml2:AuthnStatement></saml2:Assertion>"
    )
    root = envelope(text, rows(600))
    holder = root[0][0][0]
    sign(root, {ASSERTION_ID: holder}, holder, SIGNER.key, x509_data(SIGNER.der), enveloped=True, index=1)
    return etree.tostring(root, encoding="UTF-8")


def user_name() -> bytes:
    digest = base64.b64encode(password_digest(NONCE, "2026-03-01T12:00:00Z", "secret")).decode()
    header = (
        f'<wsse:UsernameToken><wsse:Username>alice</wsse:Username><wsse:Password Type="{names.PASSWORD_DIGEST}">'
        f'{digest}</wsse:Password><wsse:Nonce EncodingType="{names.BASE64_BINARY}">{base64.b64encode(NONCE).decode()}'
        "</wsse:Nonce><wsu:Created>2026-03-01T12:00:00Z</wsu:Created></wsse:UsernameToken>"
    )
    return etree.tostring(envelope(header, rows(300)), encoding="UTF-8")


class _Sink:
    def __init__(self) -> None:
        self.hashed = hashlib.sha256()
        self.write = self.hashed.update


DS, WSSE = f"{{{names.DS}}}", f"{{{names.WSSE}}}"


def floor(data: bytes, *, streamed: bool = False) -> None:
    """Do the least for a signed message: find by name and Id, canonicalise, hash, verify."""
    root: Any = etree.fromstring(data, etree.XMLParser(huge_tree=True)) if streamed else etree.fromstring(data)
    security = root.find(f"{{*}}Header/{WSSE}Security")
    identified = {each.get(names.WSU_ID): each for each in (*security, *root) if each.get(names.WSU_ID)}
    signature = security.find(DS + "Signature")
    enveloped = signature is None
    if enveloped:
        holder = next(iter(security))
        identified[holder.get("ID")] = holder
        signature = holder.find(DS + "Signature")
    info = signature.find(DS + "SignedInfo")
    octets = etree.tostring(info, method="c14n", exclusive=True, with_comments=False)
    if enveloped:
        holder.remove(signature)
    for reference in info.findall(DS + "Reference"):
        part = identified[reference.get("URI")[1:]]
        if streamed:
            sink: Any = _Sink()
            tree: Any = etree.ElementTree(part)
            tree.write_c14n(sink, exclusive=True, with_comments=False)
            digest = sink.hashed.digest()
        else:
            digest = hashlib.sha256(etree.tostring(part, method="c14n", exclusive=True, with_comments=False)).digest()
        assert digest == base64.b64decode(reference.find(DS + "DigestValue").text)
    info_of_key = signature.find(DS + "KeyInfo")
    token = security.find(WSSE + "BinarySecurityToken")
    text = info_of_key.find(f"{DS}X509Data/{DS}X509Certificate").text if enveloped else token.text
    certificate = x509.load_der_x509_certificate(base64.b64decode(text))
    value = base64.b64decode(signature.find(DS + "SignatureValue").text)
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(value, octets, padding.PKCS1v15(), hashes.SHA256())


def floor_user_name(data: bytes) -> None:
    """Do the least for a UsernameToken with a digest."""
    root: Any = etree.fromstring(data)
    token = root.find(f"{{*}}Header/{WSSE}Security/{WSSE}UsernameToken")
    nonce, created = token.find(WSSE + "Nonce").text, token.find(f"{{{names.WSU}}}Created").text
    assert token.find(WSSE + "Username").text == "alice"
    digest = hashlib.sha1(base64.b64decode(nonce) + created.encode() + b"secret").digest()
    assert base64.b64encode(digest).decode() == token.find(WSSE + "Password").text


def ratio(
    base: Callable[[], object], work: Callable[[], object], *, batches: int, each: int
) -> tuple[float, float, float]:
    """Take turns; give the median seconds of both, and the median of the ratios of neighbouring batches."""
    for _ in range(max(each // 4, 1)):
        base()
        work()
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(batches):
        for index, function in enumerate((base, work)):
            gc.collect()
            start = time.perf_counter()
            for _ in range(each):
                function()
            took[index].append((time.perf_counter() - start) / each)
    ratios = [second / first for first, second in zip(*took, strict=True)]
    return statistics.median(took[0]), statistics.median(took[1]), statistics.median(ratios)


class Row(msgspec.Struct):
    work: str
    floor_us: float
    verify_us: float
    ratio: float
    must_reach: float
    memory_mib: float | None = None
    memory_must_reach_mib: float | None = None

    @property
    def reached(self) -> bool:
        memory = self.memory_mib is None or self.memory_mib <= (self.memory_must_reach_mib or 0)
        return self.ratio <= self.must_reach and memory

    def __str__(self) -> str:
        memory = f", {self.memory_mib:.0f} MiB (<= {self.memory_must_reach_mib:.0f})" if self.memory_mib else ""
        return (
            f"{'ok  ' if self.reached else 'MISS'} {self.work:46} floor {self.floor_us:9.0f} us  verify"
            f" {self.verify_us:9.0f} us  ratio {self.ratio:5.2f} (<= {self.must_reach}){memory}"
        )


def small() -> list[Row]:
    message = signed(1300)
    altered = message.replace(b"<Quantity>1<", b"<Quantity>7<", 1)
    laid_out = message.replace(b"<Item>", b"\n    <Item>")
    bearer, token = assertion(), user_name()
    saml = msgspec.structs.replace(
        CONTEXT, require_signed=(), require_tokens=("Assertion",), saml=SamlExpectation("urn:sts", "urn:a", "urn:r")
    )
    users = msgspec.structs.replace(CONTEXT, require_signed=(), users={"alice": "secret"})
    works: list[tuple[str, bytes, str, Context, float, Callable[[], None]]] = [
        (f"{len(message)} octets, accepted", message, "accept", CONTEXT, 1.6, lambda: floor(message)),
        ("the same, laid out anew: reason found", laid_out, "reject", CONTEXT, 6, lambda: floor(message)),
        ("the same, text altered: no reason found", altered, "reject", CONTEXT, 6, lambda: floor(message)),
        ("SAML 2.0 bearer assertion", bearer, "accept", saml, 1.8, lambda: floor(bearer)),
        ("PasswordDigest", token, "accept", users, 3, lambda: floor_user_name(token)),
    ]
    found: list[Row] = []
    for work, data, verdict, context, limit, least in works:
        verifier = Verifier(context)
        judged = verifier.verify(data)
        assert judged.verdict == verdict, judged.faults

        def verify(verifier: Verifier = verifier, data: bytes = data) -> None:
            verifier.verify(data)

        base, took, times = ratio(least, verify, batches=25, each=60)
        found.append(Row(work, base * 1e6, took * 1e6, times, limit))
        print(found[-1], flush=True)
    return found


def large(mebibytes: int, memory: float, batches: int) -> Row:
    """Measure time here, and memory in a process of its own."""
    data = signed(mebibytes * 1024 * 1024)
    verifier = Verifier(CONTEXT)
    assert verifier.verify(data).verdict == "accept"
    base, took, times = ratio(
        lambda: floor(data, streamed=mebibytes >= 100), lambda: verifier.verify(data), batches=batches, each=1
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "message.xml"
        file.write_bytes(data)
        peak = _peak(file, Path(folder))
    row = Row(f"{mebibytes} MB signed body", base * 1e6, took * 1e6, times, 1.2, peak, memory)
    print(row, flush=True)
    return row


def _peak(file: Path, folder: Path) -> float:
    """Give the peak memory in MiB of a process that verifies one file."""
    code = (
        "import resource, sys; from pathlib import Path; from wssdoctor.wsse import Verifier, load_context;"
        "v = Verifier(load_context(Path(sys.argv[1])));"
        "assert v.verify(Path(sys.argv[2]).read_bytes()).verdict == 'accept';"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    command = [sys.executable, "-c", code, str(write_context(folder)), str(file)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def write_context(folder: Path) -> Path:
    (folder / "root.pem").write_bytes(ROOT.x509.public_bytes(serialization.Encoding.PEM))
    file = folder / "context.yaml"
    file.write_text(
        f"time: '{NOW:%Y-%m-%dT%H:%M:%SZ}'\nmax_age_seconds: 300\nmax_future_seconds: 60\n"
        "trust_anchors: [root.pem]\nrequire_signed: [Body, Timestamp]\n"
    )
    return file


def captures(count: int) -> bool:
    """Verify a folder of captures with the command; messages per second of processor time, and the peak of one process."""
    message = signed(1300)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        context = write_context(folder)
        (folder / "captures").mkdir()
        for number in range(count):
            (folder / "captures" / f"{number:06}.xml").write_bytes(message)
        out = folder / "out.json"
        command = [
            "-m",
            "wssdoctor",
            "verify",
            str(folder / "captures"),
            "-c",
            str(context),
            "-f",
            "json",
            "-o",
            str(out),
        ]
        code = (
            "import resource, subprocess, sys, time; start = time.perf_counter();"
            "subprocess.run(sys.argv[1:], check=True); took = time.perf_counter() - start;"
            "used = resource.getrusage(resource.RUSAGE_CHILDREN);"
            "print(took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, sys.executable, *command], capture_output=True, text=True, check=True
        )
        took, cpu, peak = map(float, done.stdout.split())
        found = json.loads(out.read_bytes())
        assert sum(each["verdict"] == "accept" for each in found["messages"]) == count
    speed = count / cpu
    mark = "ok  " if speed >= 2500 else "MISS"
    print(f"{mark} {count} captures in {took:.1f} s: {speed:.0f} per second of one core (>= 2500), {peak:.0f} MiB")
    return speed >= 2500


def peers(message: bytes) -> None:
    """Measure what else is installed, on the 4 KB message."""
    certificate = SIGNER.x509.public_bytes(serialization.Encoding.PEM)
    try:
        import xmlsec
    except ImportError:
        print("     python-xmlsec is not installed: skipped")
    else:

        def with_xmlsec() -> None:
            root = etree.fromstring(message)
            context = xmlsec.SignatureContext()
            context.key = xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertPem)
            for element in root.iter(f"{{{names.SOAP11}}}Body", f"{{{names.WSSE}}}*", f"{{{names.WSU}}}*"):
                if element.get(names.WSU_ID):
                    context.register_id(element, "Id", names.WSU)
            context.verify(root[0][0][2])

        print(f"     python-xmlsec {_once(with_xmlsec):9.0f} us")


def _once(function: Callable[[], None]) -> float:
    function()
    took = []
    for _ in range(15):
        start = time.perf_counter()
        for _ in range(30):
            function()
        took.append((time.perf_counter() - start) / 30)
    return statistics.median(took) * 1e6


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the verifier against the least that any verifier must do.")
    parser.add_argument("--large", action="store_true", help="also 10 MB and 100 MB")
    parser.add_argument("--captures", type=int, default=0, help="also this many captures of one folder")
    parser.add_argument("--peers", action="store_true", help="also other libraries, where installed")
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    arguments = parser.parse_args()
    found = small()
    if arguments.large:
        found += [large(10, 180, 7), large(100, 1.3 * 1024, 3)]
    good = all(row.reached for row in found)
    if arguments.captures:
        good = captures(arguments.captures) and good
    if arguments.peers:
        peers(signed(1300))
    if arguments.json:
        arguments.json.write_text(json.dumps([msgspec.to_builtins(row) for row in found], indent=2))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
