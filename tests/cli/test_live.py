"""``wssdoctor collect --adt`` and ``--soap-rfc`` as they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import wssdoctor
from tests.collect.live.abap import PASSWORD, AbapSystem
from tests.network.serving import authority, issued, serving

LOGON = {"WSSDOCTOR_USER": "LOOKER", "WSSDOCTOR_PASSWORD": PASSWORD}


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    (tmp_path / "ca.pem").write_bytes(authority().pem)
    return tmp_path / "ca.pem"


@pytest.mark.parametrize("way", ["--adt", "--soap-rfc"])
def test_a_folder_and_a_system_to_one_description(tmp_path: Path, ca: Path, way: str) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "DEFAULT.PFL").write_text("SAPSYSTEMNAME = ERP\nlogin/fails_to_user_lock = 5\n")
    out = tmp_path / "system.yaml"
    with serving(type("Fresh", (AbapSystem,), {}), issued()) as url:
        asked = (
            tmp_path / "exports",
            way,
            url,
            "--ca",
            ca,
            "--client",
            "100",
            "--user",
            "WS_ORDER",
            "--yes",
            "-o",
            out,
        )
        ran = wssdoctor("collect", *asked, environment=LOGON)
        first = out.read_bytes()
        again = wssdoctor("collect", *asked, environment=LOGON)
    assert (ran.returncode, again.returncode) == (0, 0), ran.stderr.decode()
    text = first.decode()
    assert f"lock: 0  # {url} USR02:1" in text
    assert "sid: ERP  # DEFAULT.PFL:1" in text
    assert out.read_bytes() == first
    said = ran.stderr.decode()
    assert said.index("would be sent") < said.index("sending POST")
    assert "BNAME LIKE 'DELAY_L%' OR BNAME = 'WS_ORDER'" in said
    for secret in ("4711", "BCODE", "0123456789ABCDEF"):
        assert secret not in said + text


def test_nothing_is_sent_without_consent_or_password(ca: Path) -> None:
    seen: list[str] = []
    with serving(type("Watched", (AbapSystem,), {"paths": seen}), issued()) as url:
        unconfirmed = wssdoctor("collect", "--adt", url, "--ca", ca, "--client", "100", environment=LOGON)
        nobody = wssdoctor("collect", "--adt", url, "--ca", ca, "--client", "100", "--yes")
        elsewhere = wssdoctor("collect", "--adt", url, "--ca", ca, "--yes", environment=LOGON)
    assert (unconfirmed.returncode, nobody.returncode, elsewhere.returncode) == (2, 2, 2)
    assert b"--client" in elsewhere.stderr
    assert b"--yes" in unconfirmed.stderr
    assert b"WSSDOCTOR_USER" in nobody.stderr
    assert not seen


def test_a_logon_that_fails(tmp_path: Path, ca: Path) -> None:
    out = tmp_path / "system.yaml"
    with serving(AbapSystem, issued()) as url:
        wrong = {**LOGON, "WSSDOCTOR_PASSWORD": "Wrong-4712"}
        ran = wssdoctor("collect", "--adt", url, "--ca", ca, "--client", "100", "--yes", "-o", out, environment=wrong)
    assert ran.returncode == 2
    assert b"401" in ran.stderr
    assert b"4712" not in ran.stderr
    assert not out.exists()


def test_certificates_are_verified(ca: Path) -> None:
    with serving(AbapSystem, issued(days=-1)) as url:
        ran = wssdoctor("collect", "--adt", url, "--ca", ca, "--client", "100", "--yes", environment=LOGON)
    assert ran.returncode == 2
    assert b"expired" in ran.stderr


@pytest.mark.parametrize("url", ["http://erp.example.com", "https://u:p-4711@erp", "erp"])
def test_urls_that_are_refused(url: str) -> None:
    ran = wssdoctor("collect", "--adt", url, "--client", "100", "--yes", environment=LOGON)
    assert ran.returncode == 2
    assert b"4711" not in ran.stderr
    assert b"Traceback" not in ran.stderr
