"""Reading a bundle again, on a machine that has nothing but the bundle. A bundle may come from anybody."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from wssdoctor.errors import InputError, Problem
from wssdoctor.evidence import Place
from wssdoctor.report.manifest import MANIFEST, Manifest
from wssdoctor.report.report import Report
from wssdoctor.typed import looked_at

MOST_BYTES = 256 * 1024 * 1024
"""Octets of the archive."""
MOST_MEMBERS = 25_000
MOST_MEMBER_BYTES = 256 * 1024 * 1024
MOST_UNPACKED = 1024 * 1024 * 1024
_HIGHEST_RATIO = 200
_SMALL = 1024 * 1024
"""Octets up to which the ratio of compression does not matter."""


class Opened(Struct, frozen=True):
    """A bundle that was read: its report, what it says of itself, and its files."""

    report: Report
    manifest: Manifest
    members: dict[str, bytes]


def open_bundle(path: Path) -> Opened:
    """Read a bundle. Raises ``InputError`` for what is none, too large, hostile, or altered."""
    members = unpacked(path)
    manifest = manifest_of(members, path)
    problems = differences(members, manifest, path)
    if problems:
        raise InputError(*problems)
    place = Place(file=f"{path}/report.json")
    try:
        report = msgspec.json.decode(members["report.json"], type=looked_at(Report))
    except KeyError:
        raise InputError.because("the bundle holds no report", place=place) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise InputError.because("the report is not one of this version", place=place, why=str(error)) from None
    return Opened(report, manifest, members)


def differences(members: dict[str, bytes], manifest: Manifest, path: Path) -> list[Problem]:
    """Return what does not agree with the manifest: files altered, missing or not listed."""
    listed = {one.name: one for one in manifest.members}
    problems = [
        Problem("the bundle lacks a file that its manifest lists", Place(file=f"{path}/{name}"))
        for name in listed
        if name not in members
    ]
    for name, data in members.items():
        place = Place(file=f"{path}/{name}")
        if name == MANIFEST:
            continue
        if name not in listed:
            problems.append(Problem("the manifest does not list this file", place))
        elif hashlib.sha256(data).hexdigest() != listed[name].sha256:
            problems.append(Problem("the file is not the one of which the manifest gives the SHA-256", place))
    return problems


def manifest_of(members: dict[str, bytes], path: Path) -> Manifest:
    """Return the manifest. Raises ``InputError``."""
    place = Place(file=f"{path}/{MANIFEST}")
    if MANIFEST not in members:
        hint = "wssdoctor ticket SYSTEM CAPTURES... -o FILE.zip makes one"
        raise InputError.because("this archive is no ticket bundle", place=place, why="it has no manifest", hint=hint)
    try:
        return msgspec.json.decode(members[MANIFEST], type=looked_at(Manifest))
    except (msgspec.DecodeError, RecursionError) as error:
        raise InputError.because("the manifest is not one of this version", place=place, why=str(error)) from None


def unpacked(path: Path) -> dict[str, bytes]:
    """Return the files of an archive by name, within bounds. Raises ``InputError``."""
    place = Place(file=str(path))
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError.because("the bundle cannot be read", place=place, why=error.strerror or "") from None
    if len(data) > MOST_BYTES:
        raise InputError.because("the bundle is too large", place=place, why=f"it has more than {MOST_BYTES} octets")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _members(archive, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        why = str(error)[:200]
        raise InputError.because("the bundle is no archive that can be read", place=place, why=why) from None


def _members(archive: zipfile.ZipFile, path: Path) -> dict[str, bytes]:
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise _refused(path, "", f"it has more than {MOST_MEMBERS} files")
    members: dict[str, bytes] = {}
    total = 0
    for info in infos:
        name = info.filename
        pure = PurePosixPath(name)
        if (
            pure.is_absolute()
            or ".." in pure.parts
            or "\\" in name
            or ":" in name
            or info.is_dir()
            or not name.isascii()
        ):
            raise _refused(path, name, "the name of a file leads out of the archive, or is none")
        if name in members:
            raise _refused(path, name, "two files have the same name")
        if info.flag_bits & 0x1:
            raise _refused(path, name, "a file is encrypted")
        with archive.open(info) as stream:
            content = stream.read(MOST_MEMBER_BYTES + 1)
        total += len(content)
        if len(content) > MOST_MEMBER_BYTES or total > MOST_UNPACKED:
            raise _refused(path, name, "it is too large unpacked")
        if len(content) > _SMALL and len(content) > _HIGHEST_RATIO * max(info.compress_size, 1):
            raise _refused(path, name, f"a file is compressed more than {_HIGHEST_RATIO} times")
        members[name] = content
    return members


def _refused(path: Path, name: str, why: str) -> InputError:
    return InputError.because(
        "the bundle is refused", place=Place(file=f"{path}/{name}" if name else str(path)), why=why
    )
