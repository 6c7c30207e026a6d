"""Making a bundle: a pure function of the case and its report, to the last octet.

Everything is redacted twice: the first pass finds what is secret or identifying, the second replaces all of it
everywhere. The finished file is scanned; a leak means that there is no bundle.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from wssdoctor.diagnosis.case import Case
from wssdoctor.redact.captured import Captures
from wssdoctor.redact.certificates import Certificates
from wssdoctor.redact.described import Descriptions, places
from wssdoctor.redact.http import Fields
from wssdoctor.redact.leak import LeakError, Scanner, unsearchable
from wssdoctor.redact.level import Level
from wssdoctor.redact.register import Register
from wssdoctor.redact.texts import Texts
from wssdoctor.report.evidencetext import Names
from wssdoctor.report.formats import rendered
from wssdoctor.report.manifest import MANIFEST, SCHEMA, Count, Manifest, knowledge_version, member
from wssdoctor.report.page import Page
from wssdoctor.report.redacted import Redactor
from wssdoctor.report.report import Check, Replay, Report
from wssdoctor.report.requesttext import show_requests, show_stages
from wssdoctor.ticket import form
from wssdoctor.wsse.message import Message

DESCRIPTION = "system.yaml"

_README = """This is a diagnosis by wssdoctor, made to be sent.

ticket.txt        what support asks for, item by item, and what is still missing
report.txt        the diagnosis; report.html shows the same in a browser, report.json to programs
system.yaml       the description of the system; certificates.txt what is kept of certificates
captures/         the requests and responses; replays/ the stages that each request passes
manifest.json     the files with their SHA-256, and what was replaced or left out

Names are replaced by placeholders such as <user-3>; the same name has the same placeholder everywhere.
Secrets and the contents of bodies are not in here. Signatures cannot be verified again.
Lines and columns of captures are those of the original files; those of system.yaml are those of the file in here.

Show it:    wssdoctor open FILE.zip
Check it:   wssdoctor ticket verify FILE.zip
"""
_STAMP = (1980, 1, 1, 0, 0, 0)
"""The date of every member: the same input makes the same octets."""


class Bundle(Struct, frozen=True):
    """A finished bundle."""

    data: bytes
    """The ZIP archive."""
    manifest: Manifest
    private_map: dict[str, str]
    """Identifying values by placeholder, for the owner alone. It is not in the archive."""


def bundle(case: Case, report: Report, level: Level = Level.DEFAULT, *, certificates: bool = False) -> Bundle:
    """Make the bundle of a case. Raises ``LeakError`` where something would leak.

    ``certificates`` keeps them whole, beside what is said of them. They hold names, so ``level`` must keep names.
    Raises ``ValueError`` where it does not.
    """
    if certificates and level is not Level.NAMES:
        raise ValueError("certificates hold names")
    register = Register(level)
    texts = Texts(register)
    maker = _Maker(case, report, texts, certificates=certificates)
    maker.learn()
    maker.members()
    register.begin()
    members = maker.members()
    known = register.known()
    manifest = Manifest(
        SCHEMA,
        report.version,
        knowledge_version(),
        level,
        tuple(member(name, data) for name, data in members.items()),
        _counts(register.replaced),
        _counts(register.left_out),
        len(unsearchable(known)),
    )
    members[MANIFEST] = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    data = _zip(members)
    leaks = Scanner(known).scan({**members, "(archive)": data})
    if leaks:
        raise LeakError.of(leaks)
    return Bundle(data, manifest, register.private_map())


class _Maker:
    """Makes the members with what is known so far."""

    def __init__(self, case: Case, report: Report, texts: Texts, *, certificates: bool) -> None:
        self._case = case
        self._keeps_certificates = certificates
        self._report = report
        self._texts = texts
        self._certificates = Certificates(texts)
        self._fields = Fields(texts)
        self._descriptions = Descriptions(texts, self._certificates)
        self._captures = Captures(texts, self._certificates)
        digits = max(2, len(str(len(case.requests))))
        self._names = {one.name: f"{number:0{digits}}" for number, one in enumerate(case.requests, 1)}

    def learn(self) -> None:
        """Take up the secrets of what lent keys decrypted: it is in no capture of the bundle, but findings may name it."""
        for one in self._case.requests:
            if one.keys and isinstance(one.message, Message):
                self._captures.learn(one.message.root)

    def members(self) -> dict[str, bytes]:
        system = self._descriptions.redacted(self._case.facts)
        captures = {
            f"captures/{self._names[one.name]}.http": self._captures.redacted(one.capture)
            for one in self._case.requests
        }
        files = {name: f"captures/{number}.http" for name, number in self._names.items()}
        files[self._case.facts.name] = DESCRIPTION
        report = Redactor(self._texts, files, places(system, DESCRIPTION)).redacted(self._report)
        made = {
            "README.txt": _README.encode(),
            "ticket.txt": form.render(form.form(self._case, report, self._fields), report).encode("utf-8", "replace"),
            "report.txt": rendered(report, "text"),
            "report.html": rendered(report, "html"),
            "report.json": rendered(report, "json"),
            DESCRIPTION: system.encode("utf-8", "replace"),
            "certificates.txt": self._certificates.text().encode("utf-8", "replace"),
            "certificates.pem": self._certificates.whole() if self._keeps_certificates else b"",
            **captures,
        }
        checks: dict[str | None, list[Check]] = {}
        for check in report.checks:
            checks.setdefault(check.capture, []).append(check)
        for one in report.replays:
            number = one.capture.removeprefix("captures/").removesuffix(".http")
            made[f"replays/{number}.txt"] = _trace(report, one, checks.get(one.capture, ())).encode("utf-8", "replace")
        return {name: data for name, data in made.items() if data}


def _trace(report: Report, one: Replay, checks: Iterable[Check]) -> str:
    """Return the stages of one request as text, with its checks."""
    alone = msgspec.structs.replace(report, replays=(one,), checks=tuple(checks))
    page = Page(80)
    names = Names((one.capture,))
    show_requests(page, alone, names, verbose=True)
    show_stages(page, alone, names)
    return page.text()


def _counts(counted: Mapping[str, int]) -> tuple[Count, ...]:
    return tuple(Count(what, count) for what, count in sorted(counted.items()))


def _zip(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, data)
    return stream.getvalue()
