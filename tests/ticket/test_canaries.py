"""No canary is in any bundle or report, by a scanner that knows nothing of the redaction; and the cause is still seen."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.ticket import decoded, planted
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.diagnosis.opening import opened
from wssdoctor.knowledge.load import load
from wssdoctor.redact.level import Level
from wssdoctor.report.build import build
from wssdoctor.report.formats import FORMATS, Format, rendered
from wssdoctor.report.report import Report
from wssdoctor.ticket.bundle import Bundle, bundle
from wssdoctor.ticket.reading import open_bundle

CORPUS = Path(__file__).parents[1] / "data" / "corpus"


@cache
def case() -> Case:
    with TemporaryDirectory() as folder:
        system, captures = planted.plant(Path(folder))
        return opened(system, [captures], at=None, moment=planted.MOMENT)


@cache
def report() -> Report:
    base = load()
    return build(diagnose(case(), base), base)


@cache
def made(level: Level) -> Bundle:
    return bundle(case(), report(), level)


def test_there_are_enough_kinds() -> None:
    assert len(planted.SECRETS) + len(planted.NAMES) >= 40


def test_the_scanner_finds_what_is_there() -> None:
    """Every canary is seen in the originals, so that not to find it later means something."""
    with TemporaryDirectory() as folder:
        planted.plant(Path(folder))
        files = [path for path in Path(folder).rglob("*") if path.is_file()]
        data = b"\n".join(str(path).encode() + b"\n" + path.read_bytes() for path in files)
        data += planted.certificate()
    seen = "\n".join(decoded.found(data, planted.SECRETS | planted.NAMES | {"mark": planted.MARK}))
    everything = {kind for kind in planted.SECRETS | planted.NAMES if f"{kind}: " in seen}
    assert set(planted.SECRETS | planted.NAMES) - everything <= {"password in a token", "audience"}


@pytest.mark.parametrize("level", [Level.DEFAULT, Level.STRICT])
def test_no_canary_is_in_a_bundle(level: Level) -> None:
    needles = planted.SECRETS | planted.NAMES | {"mark": planted.MARK}
    for name, data in decoded.members(made(level).data):
        assert decoded.found(data, needles) == [], name
        assert f"{planted.SID}_" not in data.decode("latin-1")


def test_no_secret_is_in_a_bundle_that_keeps_names() -> None:
    for name, data in decoded.members(made(Level.NAMES).data):
        assert decoded.found(data, planted.SECRETS) == [], name


def test_names_that_are_kept_are_there() -> None:
    members = dict(decoded.members(made(Level.NAMES).data))
    assert planted.NAMES["user in a token"].encode() in members["system.yaml"]


@pytest.mark.parametrize("form", FORMATS)
def test_no_secret_is_in_any_report(form: Format) -> None:
    assert decoded.found(rendered(report(), form, verbose=True), planted.SECRETS) == []


@pytest.mark.parametrize("level", list(Level))
def test_the_bundle_shows_the_same_elsewhere(level: Level, tmp_path: Path) -> None:
    (tmp_path / "ticket.zip").write_bytes(made(level).data)
    there = open_bundle(tmp_path / "ticket.zip").report
    here = report()

    def seen(one: Report) -> object:
        return (
            one.verdict,
            one.coverage,
            [
                (
                    finding.cause,
                    finding.status,
                    finding.severity,
                    finding.checks,
                    finding.folded_under,
                    *tuple((remedy.id, remedy.trial) for remedy in finding.remedies),
                )
                for finding in one.findings
            ],
            [(check.check, check.stage, check.outcome, check.missing) for check in one.checks],
            [(replay.verdict, replay.stage, replay.steps, replay.agrees) for replay in one.replays],
            [(call.verdict, call.stage, call.predicted) for call in one.calls],
            [remedy.id for remedy in one.plan.remedies] if one.plan else None,
        )

    assert seen(there) == seen(here)
    assert any(one.status == "confirmed" for one in there.findings)


def test_a_name_has_one_placeholder_everywhere() -> None:
    members = dict(decoded.members(made(Level.DEFAULT).data))
    (placeholder,) = [
        mark for mark, value in made(Level.DEFAULT).private_map.items() if value == planted.NAMES["user in a token"]
    ]
    assert placeholder.encode() in members["system.yaml"]
    assert placeholder.encode() in members["report.json"]
    assert any(
        placeholder.replace("<", "&lt;").replace(">", "&gt;").encode() in members[f"captures/0{n}.http"] for n in (1, 2)
    )


def test_the_same_input_makes_the_same_octets() -> None:
    assert bundle(case(), report()).data == made(Level.DEFAULT).data


def test_no_secret_is_in_the_private_map() -> None:
    values = "\n".join(made(Level.DEFAULT).private_map.values())
    assert not [kind for kind, value in planted.SECRETS.items() if value in values]


@pytest.mark.parametrize("level", Level)
def test_a_digest_that_does_not_hold_is_told_and_no_leak(level: Level) -> None:
    broken = opened(None, (CORPUS / "node" / "cert-wsu-id+body-pretty.xml",), at=None)
    told = build(diagnose(broken, load(overlays=())), load(overlays=()))
    members = dict(decoded.members(bundle(broken, told, level).data))
    sent = broken.requests[0].capture.envelope
    digests = re.findall(rb"DigestValue>([^<]+)<", sent)
    kept = [one for one in digests if one in members["captures/01.http"] and one in members["report.txt"]]
    assert bool(kept) is (level is not Level.STRICT)
